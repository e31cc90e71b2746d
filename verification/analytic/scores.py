"""Checks of the score: the ledger, a walk between borders, a drift without them, months, and the clock of recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.scenario.load import load, presets
from verification.analytic.check import Check, Finding, exact, of_share
from verification.analytic.laws import binomial, moments, of_law, of_mean, of_variance
from verification.analytic.worlds import ADULTS, DEBTS, live

if TYPE_CHECKING:
    from glasshouse.model.engine import Engine


# ---- the ledger

ENTRIES = {
    "points_gained.all": 1,
    "points_lost.all": -1,
    "points_returned": 1,
    "points_recovered": 1,
    "points_decayed": -1,
    "points_clamped": 1,
    "points_reset": 1,
}


def ledger(seed: int) -> list[Finding]:
    """In every preset the scores of the last evening are those of the start and all entries, counted afresh."""
    found = []
    for preset in presets():
        lived = live(load(preset.id), citizens=10_000, days=40, seed=seed)
        census = lived.engine.census().sum(axis=(0, 1))
        names = lived.engine.stock_names
        entries = sum(sign * lived.total(flow) for flow, sign in ENTRIES.items())
        booked = int(lived.stock("score_sum")[0]) + entries
        found.append(exact(f"{preset.id}: sum of scores", booked, int(census[names.index("score_sum")])))
        found += [
            exact(
                f"{preset.id}: on list {one.id}",
                int(lived.stock(f"on.{one.id}")[0])
                + lived.total(f"entered.{one.id}")
                - lived.total(f"left.{one.id}"),
                int(census[names.index(f"on.{one.id}")]),
            )
            for one in lived.plan.lists
        ]
    return found


# ---- between two borders

WALK = (
    ADULTS
    + """
[score]
base_points = 20
floor_points = 0
ceiling_points = 20
[behaviour.down]
kind = "other"
per_day = 0.4
seen_share = 1.0
[behaviour.up]
kind = "other"
per_day = 0.5
seen_share = 1.0
[rule.down]
behaviour = "down"
points = -1
[rule.up]
behaviour = "up"
points = 1
"""
)


def birth_death(seed: int) -> list[Finding]:
    """Up with 0.5 (1 - 0.4) = 0.3, down with 0.4 (1 - 0.5) = 0.2, held at 0 and 20: the law is geometric.

    The gap of the chain, 0.5 - 2 sqrt(0.06) cos(pi / 21), leaves a 100,000th of the start after 750 days.
    """
    law = 1.5 ** np.arange(21)
    law /= law.sum()
    lived = live(WALK, citizens=40_000, days=750, seed=seed)
    scores = lived.column("score")
    mean, variance, cumulant = moments(law)
    return [
        of_mean("score, mean", mean, variance, scores),
        of_variance("score, variance", variance, cumulant, scores),
        *of_law(law, scores, "score"),
    ]


# ---- drift

JUMPS = ((-3, 0.1), (-7, 0.04), (5, 0.06))
RULE = """
[behaviour.b{k}]
kind = "other"
per_day = {p}
seen_share = 1.0
[rule.b{k}]
behaviour = "b{k}"
points = {x}
"""
DRIFTING = DEBTS + "".join(RULE.format(k=k, p=p, x=x) for k, (x, p) in enumerate(JUMPS))


def drift(seed: int) -> list[Finding]:
    """Without borders and recovery a score drifts by sum p x a day, with variance sum p (1 - p) x^2."""
    days = 200
    scores = live(DRIFTING, citizens=50_000, days=days, seed=seed).column("score")
    mean = days * sum(p * x for x, p in JUMPS)
    variance = days * sum(p * (1 - p) * x**2 for x, p in JUMPS)
    cumulant = days * sum(p * (1 - p) * (1 - 6 * p * (1 - p)) * x**4 for x, p in JUMPS)
    return [
        of_mean("score, mean", mean, variance, scores),
        of_variance("score, variance", variance, cumulant, scores),
    ]


# ---- months and clocks

MONTHLY = (
    DEBTS
    + """
[behaviour.act]
kind = "other"
per_day = 0.1
seen_share = 1.0
[rule.act]
behaviour = "act"
points = -1
allowance = 3
"""
)


def beyond(tries: int, p: float, free: int) -> np.ndarray:
    """Return the law of what is left of a binomial number after `free` are taken off."""
    law = binomial(tries, p)
    return np.concatenate(([law[: free + 1].sum()], law[free + 1 :]))


def allowance(seed: int) -> list[Finding]:
    """Records beyond the allowance of their month cost; on the 1st the count starts anew."""
    january, february = beyond(31, 0.1, 3), beyond(28, 0.1, 3)
    found = []
    for days, law in ((31, january), (59, np.convolve(january, february))):
        debts = -live(MONTHLY, citizens=100_000, days=days, seed=seed).column("score")
        mean, variance, _ = moments(law)
        found.append(of_mean(f"points lost in {days} days, mean", mean, variance, debts))
        found += of_law(law, debts, f"{days} days, points lost")
    return found


CLOCK = (
    DEBTS
    + """
recovery_points = 4
recovery_every_days = 3
[initial.score]
weights = [1.0]
points = [-100]
spread_points = [99]
"""
)


def clock(seed: int) -> list[Finding]:
    """Debts of 1 to 100, evenly spread, that recover 4 points every third day: everybody is on time."""
    lived = live(CLOCK, citizens=200_000, days=75, seed=seed, each=(clean := Clean()).note)
    return [
        of_share(
            f"without debt on the evening of day {t}",
            min(1.0, 4 * (t // 3 + 1) / 100),
            clean.counts[t],
            lived.citizens,
            at=t,
        )
        for t in range(0, 75, 3)
    ]


class Clean:
    """Counts on every evening who is without debt."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def note(self, engine: Engine) -> None:
        """Count them now."""
        scores = engine.columns["score"][: engine.plan.citizens]
        self.counts.append(int((scores == 0).sum()))


CHECKS = (
    Check(
        "ledger-identity",
        "model",
        "S_end = S_0 + all entries of points; on a list at the end = at the start + entered - left",
        "every preset, 10,000 citizens, 40 days; a fresh count on the last evening",
        "double entry",
        ledger,
    ),
    Check(
        "birth-death-score",
        "model",
        "law of the score on 0..20: (p / q)^i",
        "up with p = 0.3, down with q = 0.2; 750 days",
        "Norris, Markov Chains (1997), section 1.9 (detailed balance)",
        birth_death,
        axis="score",
    ),
    Check(
        "compound-drift",
        "model",
        "score after t days: mean t sum p x, variance t sum p (1 - p) x^2",
        "three rules of -3, -7 and 5 points, no borders within reach",
        "compound binomial law",
        drift,
        smoke=True,
    ),
    Check(
        "monthly-allowance",
        "model",
        "points lost in a month = max(0, binomial(days, p) - allowance), months independent",
        "p = 0.1, three free records a month, January and February",
        "binomial law, convolution",
        allowance,
        axis="points lost",
    ),
    Check(
        "recovery-clock",
        "model",
        "without debt on the evening of day t: min(1, r (floor(t / k) + 1) / 100)",
        "debts evenly from 1 to 100, r = 4 points every k = 3 days",
        "uniform law",
        clock,
        smoke=True,
        axis="day",
    ),
)
