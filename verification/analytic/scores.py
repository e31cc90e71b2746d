"""Checks of the score: the ledger, a walk between borders, debts that recover, months, and how fast all that goes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.scenario.load import load, presets
from verification.analytic.check import Check, Finding, exact, of_share
from verification.analytic.laws import binomial, moments, of_law, of_mean, of_variance
from verification.analytic.worlds import ADULTS, BLINKING, DEBTS, live

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


# ---- debts

DEBT = (
    DEBTS
    + """
recovery_points = 1
[behaviour.act]
kind = "offence"
per_day = 0.02
seen_share = 1.0
[rule.act]
behaviour = "act"
points = -30
"""
)


def debt_law(p: float, size: int, days: int, most: int) -> np.ndarray:
    """Return the law of the debt after some days from none: W becomes max(0, W + D B - 1) every day."""
    law = np.zeros(most + size + 1)
    law[0] = 1.0
    for _ in range(days):
        moved = (1 - p) * law
        moved[size:] += p * law[:-size]
        law[:-1] = moved[1:]
        law[-1] = 0.0
        law[0] += moved[0]
    return law


def debt_queue(p: float, size: int, citizens: int, days: int, most: int, seed: int) -> list[Finding]:
    """Return findings about the debt of everybody on one evening, in law close to that of the queue at rest."""
    points = {"behaviour.act.per_day": p, "rule.act.points": -size}
    debts = -live(DEBT, citizens=citizens, days=days, seed=seed, changes=points).column("score")
    load_of = p * size
    law = debt_law(p, size, days, most)
    _, variance, cumulant = moments(law)
    rest = load_of * (size - 1) / (2 * (1 - load_of))
    return [
        of_mean(f"debt, mean (p {p:g}, D {size})", rest, variance, debts),
        of_variance(f"debt, variance (p {p:g}, D {size})", variance, cumulant, debts),
        of_share(
            f"no debt (p {p:g}, D {size})", (1 - load_of) / (1 - p), int((debts == 0).sum()), debts.size
        ),
    ]


def debts(seed: int) -> list[Finding]:
    """Two settings; after so many days the mean is within a 20th of its error of the mean at rest."""
    return [
        *debt_queue(0.02, 30, 100_000, 2_500, 2_000, seed),
        *debt_queue(0.005, 100, 50_000, 3_600, 4_000, seed + 1),
    ]


GROWING = (
    DEBT
    + """
[initial.score]
weights = [1.0]
points = [-1000]
"""
)


def growing(seed: int) -> list[Finding]:
    """With p D >= 1 the debt grows by p D - 1 a day; who starts 1,000 below cannot meet 0 in 1,000 days."""
    p, size, days = 0.05, 30, 1_000
    points = {"behaviour.act.per_day": p, "rule.act.points": -size}
    lived = live(GROWING, citizens=20_000, days=days, seed=seed, changes=points)
    grown = -lived.column("score") - 1_000
    variance = days * size**2 * p * (1 - p)
    cumulant = days * size**4 * p * (1 - p) * (1 - 6 * p * (1 - p))
    sums = -lived.stock("score_sum") / lived.citizens - 1_000
    error = size * math.sqrt(p * (1 - p) / lived.citizens)
    return [
        of_mean("growth, mean", (p * size - 1) * days, variance, grown),
        of_variance("growth, variance", variance, cumulant, grown),
        *(
            Finding(
                f"growth after {t} days",
                (p * size - 1) * t,
                float(sums[t]),
                error * math.sqrt(t),
                at=float(t),
            )
            for t in range(100, days, 100)
        ),
    ]


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


# ---- friends

RING = (
    BLINKING
    + """
[ring.one]
[behaviour.act]
kind = "offence"
per_day = 0.1
seen_share = 1.0
[rule.friends]
on = "association"
points = 1
min_friends = 1
every = "day"
"""
).replace("floor_points = -5", "floor_points = -5\nlow_cutoff_points = 0")


def friends(seed: int) -> list[Finding]:
    """Who has a neighbour on the ring that was low on the evening before gets a point, on no other day.

    The point is one upward, which the ceiling takes back, so that it moves no flag. Over the ring the sum has the
    variance n (q^2 (1 - q^2) + 2 (q^3 - q^4)) with q = 1 - p: people two places apart share a neighbour.
    """
    p, q = 0.1, 0.9
    lived = live(RING, citizens=200_000, days=8, seed=seed)
    gained, n = lived.daily("points_gained.all"), lived.citizens
    error = math.sqrt(n * (q**2 * (1 - q**2) + 2 * (q**3 - q**4)))
    found = [exact("points on the first day", 0, int(gained[0]))]
    found += [Finding(f"points on day {t}", n * (1 - q**2), int(gained[t]), error, at=t) for t in range(1, 8)]
    both = live(RING, citizens=200_000, days=8, seed=seed, changes={"rule.friends.min_friends": 2})
    error = math.sqrt(n * (p**2 * (1 - p**2) + 2 * (p**3 - p**4)))
    counts = both.daily("points_gained.all")
    return [*found, Finding("points on day 7, two friends asked for", n * p**2, int(counts[7]), error)]


CUT = (
    ADULTS
    + """
[ring.one]
[ties]
flag = "listed"
cut_share = 0.3
[initial.listed_share]
ban = 0.2
[behaviour.never]
kind = "other"
per_day = 0.0
false_alarm_per_day = 0.0
[list.ban]
entry_records_of = ["never"]
"""
)


def cut(seed: int) -> list[Finding]:
    """On each 1st a tie of a ring is cut by either side that sees the other flagged.

    Given both ends it is cut with 1 - (1 - c)^(flagged ends x months); two ties that meet share an end.
    """
    lived = live(CUT, citizens=200_000, days=32, seed=seed)
    counts, n, b = lived.daily("ties_cut").cumsum(), lived.citizens, 0.2
    found = []
    for t, months in ((0, 1), (31, 2)):
        c = 1 - 0.7**months
        of_flagged = (1 - b) * c + b * (1 - (1 - c) ** 2)
        of_others = b * c
        mean = b * of_flagged + (1 - b) * of_others
        variance = mean * (1 - mean) + 2 * b * (1 - b) * (of_flagged - of_others) ** 2
        found.append(Finding(f"ties cut by day {t}", n * mean, int(counts[t]), math.sqrt(n * variance)))
    return [*found, exact("ties cut between the two 1sts", 0, int(counts[30] - counts[0]))]


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
        "penalty-debt-queue",
        "model",
        "W' = max(0, W - 1 + D B): mean p D (D - 1) / (2 (1 - p D)), P(W = 0) = (1 - p D) / (1 - p)",
        "p = 0.02, D = 30 and p = 0.005, D = 100; recovery of one point a day",
        "Geo/D/1 queue; generating function of the stationary law",
        debts,
    ),
    Check(
        "no-recovery-beyond-1",
        "model",
        "p D >= 1: debt after t days = (p D - 1) t in the mean, variance t D^2 p (1 - p)",
        "p = 0.05, D = 30, from 1,000 points of debt",
        "binomial law",
        growing,
        axis="days",
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
    Check(
        "friends-of-yesterday",
        "model",
        "with a low neighbour yesterday: 1 - (1 - p)^2 of all, nobody on the first day",
        "a ring, low with p = 0.1 on each evening",
        "binomial law; neighbours two apart share one",
        friends,
        smoke=True,
        axis="day",
    ),
    Check(
        "ties-cut",
        "model",
        "P(a tie is cut by the m-th 1st) = E[1 - (1 - c)^(m x flagged ends)]",
        "a ring, 20 % flagged, c = 0.3, two 1sts",
        "law of total probability",
        cut,
        smoke=True,
    ),
)
