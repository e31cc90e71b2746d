"""Checks of debts: points that are lost at once and won back day by day."""

from __future__ import annotations

import math

import numpy as np

from verification.analytic.check import Check, Finding, of_share
from verification.analytic.laws import moments, of_mean, of_variance
from verification.analytic.worlds import DEBTS, live

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
    """Two settings; after so many days the mean is within a 100th of its error of the mean at rest."""
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


CHECKS = (
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
)
