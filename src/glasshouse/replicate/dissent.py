"""Daymude, Axelrod and Forrest (2025), "Strategic analysis of dissent and self-censorship"."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.model.plan_learn import optimal_act
from glasshouse.replicate.authority import WINDOW, Authority, People, climb, optimal_acts, suppressed_at
from glasshouse.replicate.claim import as_printed, equal, known, noted, within
from glasshouse.replicate.lives import flow, scenario, world
from glasshouse.replicate.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.model.plan import Plan
    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told

__all__ = ["DAYMUDE", "expected_acts", "levels_of_days", "phase_by_act", "phase_by_line"]

ROUNDS, TRIALS = 5_000, 3
START = (0.25, 0.1, 0.1)  # tolerance, severity, surveillance
CLIMBS = (  # punishment proportional to the excess, mean boldness, suppressed within the rounds in the paper's figure
    (False, 2.0, True),
    (False, 8.0, False),
    (True, 1.0, True),
    (True, 3.0, False),
)
MILDER = ((False, 1.0, 2.0), (True, 0.5, 1.0))  # punishment proportional, a less bold and a bolder population
CORNERS = (  # place, punishment proportional, boldness, surveillance, tolerance, severity, as the formula gives it
    ("Fig. 1A: defiance from this desire on", False, "1", "0.2", "0.25", "0.6", "0.7115"),
    ("Fig. 2A: nobody acts above", True, "1", "0.2", "0.25", "1", "0.6250"),
    ("Fig. 3, uniform: defiance from this desire on", False, "1", "0.5", "0.25", "0.6", "0.7857"),
    ("Fig. 3, proportional: nobody acts above", True, "1", "0.5", "0.25", "1.5", "0.2917"),
)
GRID = 21  # points of each axis of the phase diagram
COMPLIANT, CENSORED, DEFIANT = 0, 1, 2


def rows(seed: int, told: Told) -> list[Row]:
    """Return the best act, the phase diagram and the adaptive authority, and people whom the engine lets weigh."""
    parts = len(CLIMBS) + len(MILDER) + 3
    out = [*of_corners(), of_brute_force(), of_phases()]
    told(1, parts)
    for number, proportional in enumerate((False, True)):
        out += of_engine(seed, proportional=proportional)
        told(number + 2, parts)
    out += of_total_silence()
    for number, (proportional, boldness, falls) in enumerate(CLIMBS):
        out += of_climb(seed, boldness, proportional=proportional, falls=falls)
        told(number + 4, parts)
    for number, (proportional, milder, bolder) in enumerate(MILDER):
        out.append(of_boldness(seed, milder, bolder, proportional=proportional))
        told(number + 4 + len(CLIMBS), parts)
    return out


# ---------------------------------------------------------------- the best act


def of_corners() -> Iterator[Row]:
    """Yield where the shipped best act turns from silence to defiance, or stops growing."""
    for what, proportional, b, v, t, s, printed in CORNERS:
        numbers = [Fraction(text) for text in (b, v, t, s)]
        found = highest_act(*numbers) if proportional else lowest_defiance(*numbers)
        formula = f"{'d_pro' if proportional else 'd_uni'} at b = {b}, v = {v}, t = {t}, s = {s}"
        yield as_printed(what, formula, printed, float(found), "function")


def lowest_defiance(b: Fraction, v: Fraction, t: Fraction, s: Fraction) -> Fraction:
    """Return the smallest desire above the tolerance at which the shipped best act is the desire itself."""
    low, high = t, Fraction(1)
    for _ in range(40):
        middle = (low + high) / 2
        if optimal_act(middle, b, v, t, s) == middle:
            high = middle
        else:
            low = middle
    return high


def highest_act(b: Fraction, v: Fraction, t: Fraction, s: Fraction) -> Fraction:
    """Return the shipped best act of the greatest desire there is, where punishment is proportional."""
    return optimal_act(Fraction(1), b, v, t, s, proportional=True)


def of_brute_force() -> Row:
    """Return in how many settings some act on a fine grid would cost the person less than the shipped best act."""
    better, settings = 0, 0
    for proportional, d, b, v, t, s in product(
        (False, True), (0.1, 0.4, 0.9), (0.3, 1, 3), (0, 0.3, 0.8, 1), (0, 0.25, 0.6), (0.2, 1, 4)
    ):
        numbers = [Fraction(str(x)) for x in (d, b, v, t, s)]
        act = float(optimal_act(*numbers, proportional=proportional))
        grid = np.append(np.linspace(0, d, 401), act)
        excess = grid - t
        punished = np.where(excess > 1e-12, s * (excess if proportional else 1.0), 0.0)
        loss = b * (d - grid) + (v + (1 - v) * grid) * punished
        better += bool((loss < loss[-1] - 1e-9).any())
        settings += 1
    what = f"settings of {settings} in which another act is better than the shipped one"
    return equal(what, "the act minimises b(d - a) + punishment x chance to be seen", 0, better, "function")


# ---------------------------------------------------------------- the phase diagram


def phase_by_act(
    d: Fraction, b: Fraction, v: Fraction, t: Fraction, s: Fraction, *, proportional: bool
) -> int:
    """Return the phase that the shipped best act lies in."""
    if d <= t:
        return COMPLIANT
    return CENSORED if optimal_act(d, b, v, t, s, proportional=proportional) < d else DEFIANT


def phase_by_line(
    d: Fraction, b: Fraction, v: Fraction, t: Fraction, s: Fraction, *, proportional: bool
) -> int:
    """Return the phase by the boundaries that the paper draws, for s above 0."""
    if d <= t:
        return COMPLIANT
    if proportional and v == 1:
        return DEFIANT if b >= s else CENSORED
    if proportional:
        return DEFIANT if d <= (t + (b - v * s) / ((1 - v) * s)) / 2 else CENSORED
    room = b - (1 - v) * s
    return DEFIANT if room > 0 and d >= (b * t + v * s) / room else CENSORED


def of_phases() -> Row:
    """Return at how many points of the eight panels of Fig. 3 the shipped act lies in another phase than is drawn."""
    apart = points = 0
    for proportional, panel, across, up in product((False, True), range(4), range(GRID), range(GRID)):
        t, v, s, b = (
            Fraction(1, 4),
            Fraction(1, 2),
            Fraction(3, 2) if proportional else Fraction(3, 5),
            Fraction(1),
        )
        x, d = Fraction(across, GRID - 1), Fraction(up, GRID - 1)
        if panel >= 2:
            x = x * 5 / 2 + Fraction(1, 1000)  # severity and boldness lie above 0
        t, v, s, b = (x if panel == k else number for k, number in enumerate((t, v, s, b)))
        here = phase_by_act(d, b, v, t, s, proportional=proportional)
        apart += here != phase_by_line(d, b, v, t, s, proportional=proportional)
        points += 1
    return equal(f"Fig. 3: points of {points:,} in another phase", "its boundaries", 0, apart, "function")


# ---------------------------------------------------------------- people whom the engine lets weigh


def levels_of_days(plan: Plan, told: int) -> list[int]:
    """Return the level of perceived risk, 0 to 255, at which everybody acts on each day.

    `told`, in 2^-16, is what the bulletin of the first 1st after day 0 adds to everybody's risk; nothing else does.
    """
    risk, levels = 0, []
    for t in range(plan.days):
        levels.append(risk >> 8)
        if plan.is_first(t) and plan.month(t) == 1:
            risk = min(65535, risk + told)
        risk -= (risk * plan.learn.decay + (1 << 15)) >> 16
    return levels


def expected_acts(plan: Plan, levels: Sequence[int], days: Sequence[int], rate: float) -> tuple[float, float]:
    """Return mean and standard deviation of the posts of some days, by the closed form for each kind of citizen.

    A citizen's kind is drawn once, one of 16 desires by 16 boldnesses; given it, days are independent.
    """
    chances = np.array([[rate * row[levels[t]] / 65536 for t in days] for row in plan.learn.factors])
    mean = chances.sum(axis=1)
    spread = (chances * (1 - chances)).sum(axis=1).mean() + mean.var()
    return plan.citizens * float(mean.mean()), math.sqrt(plan.citizens * float(spread))


def of_engine(seed: int, *, proportional: bool) -> list[Row]:
    """Return posts of a month without and one with surveillance, as the engine lived them, beside the closed form."""
    punishment = "proportional" if proportional else "uniform"
    one = scenario("dissent", {"learn.punishment": punishment})
    engine = world(one, seed)
    posts = [flow(engine, engine.step().flows, "acts.post") for _ in range(engine.plan.days)]
    levels = levels_of_days(engine.plan, engine.plan.learn.bulletin)  # all were punished in January
    start = levels.index(next(level for level in levels if level))
    out, per_wish = [], []
    for days, words in (
        (range(start), "nobody feels watched"),
        (range(start, len(posts)), "all feel watched"),
    ):
        rate = one.behaviour["post"].per_day
        wished = engine.plan.citizens * len(days) * rate
        mean, sd = expected_acts(engine.plan, levels, days, rate)
        found = sum(posts[t] for t in days)
        claim = f"a*/d over 256 kinds of people, v = {levels[days[0]] / 256:.2f}"
        what = f"{punishment}, {words}: posts of those wished for"
        out.append(known(what, claim, mean / wished, found / wished, sd / wished))
        per_wish.append(found / wished)
    return [*out, within(f"{punishment}: change once watched", "less", per_wish[1] - per_wish[0], high=0)]


# ---------------------------------------------------------------- the adaptive authority


def of_total_silence() -> Iterator[Row]:
    """Yield the mean act under a rule that silences everybody, whatever the population."""
    for proportional, words in ((False, "uniform"), (True, "proportional")):
        people = People.of(0.25, 8.0)
        rule = Authority(0.0, 2 * float(people.boldness.max()), 1.0, proportional)
        acts = optimal_acts(people, rule)
        claim = "for any population some rule leads to total self-censorship (t = 0, v = 1, s large)"
        yield equal(f"{words}: mean act under such a rule", claim, 0, float(acts.mean()), "formula")


def of_climb(seed: int, boldness: float, *, proportional: bool, falls: bool) -> Iterator[Row]:
    """Yield whether an authority that climbs suppresses dissent, when, and where it ends."""
    people, runs = climbs(seed, boldness, proportional=proportional)
    times = [time for _, acts in runs if (time := suppressed_at(acts, people)) is not None]
    name = f"{'proportional' if proportional else 'uniform'}, boldness {boldness:g}"
    claim = f"{'suppressed' if falls else 'not suppressed'} within {ROUNDS:,} rounds (one run is shown)"
    low, high = (TRIALS / 2, math.inf) if falls else (-1, TRIALS / 2)
    yield within(f"{name}: runs of {TRIALS} suppressed", claim, len(times), low, high, "formula")
    end = float(median(rules[-1].tolerance for rules, _ in runs))
    low, high = (-1, 0.1) if falls else (0.8, 2)
    claim = f"the tolerance goes to {'0' if falls else 'about 1'}"
    yield within(f"{name}: tolerance in the end", claim, end, low, high, "formula")
    left = float(median(float(np.mean(acts[-WINDOW:])) for _, acts in runs)) / float(people.desire.mean())
    yield noted(
        f"{name}: dissent left of that wished for", f"mean of the last {WINDOW} rounds", left, "formula"
    )
    if times:
        when = "in the run shown costs collapse near round 700" if boldness == 2 else ""
        yield noted(f"{name}: median round of suppression", when, float(median(times)), "formula")


def climbs(
    seed: int, boldness: float, *, proportional: bool
) -> tuple[People, list[tuple[list[Authority], list[float]]]]:
    """Return a population, and what TRIALS authorities came to in it: rules and mean acts of every round."""
    people, start = People.of(0.25, boldness), Authority(*START, proportional=proportional)
    return people, [climb(people, start, ROUNDS, seed, trial) for trial in range(TRIALS)]


def of_boldness(seed: int, milder: float, bolder: float, *, proportional: bool) -> Row:
    """Return how many rounds longer the bolder of two populations holds out, at the median."""
    ends = []
    for boldness in (milder, bolder):
        people, runs = climbs(seed, boldness, proportional=proportional)
        ends.append(median(suppressed_at(acts, people) or ROUNDS for _, acts in runs))
    name = "proportional" if proportional else "uniform"
    what = f"{name}: rounds longer at boldness {bolder:g} than at {milder:g}"
    return within(what, "the bolder, the later", float(ends[1] - ends[0]), low=0, by="formula")


DAYMUDE = Paper(
    id="daymude-2025",
    citation="J. J. Daymude, R. Axelrod, S. Forrest, Strategic analysis of dissent and self-censorship, "
    "PNAS (2025), arXiv 2509.03731",
    question="Who keeps silent, and when does an authority that adapts suppress dissent?",
    setting="the best act that `restraint = strategic` uses, posts lived by the engine, and the paper's own authority",
    left_out=(
        "The authority in the engine: a scheme here does not adapt. Its climbing is the paper's own model.",
        "100,000 people drawn at random: here equally likely kinds of people, and punishments in their mean.",
        "The sweeps over mean desire and boldness with 50 runs each (Figs. 5, S1-S3): not run; too long for a command.",
        "The text of the paper was not at hand, its abstract and its published code were: figures are read off those.",
        "`desire_mean` of a scenario is the scale before desire is cut off at 1; the paper gives the mean after it.",
    ),
    rows=rows,
    scenarios=("dissent",),
)
