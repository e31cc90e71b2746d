"""Checks of large numbers: shares of a society in which people touch each other scatter as the root of its size."""

from __future__ import annotations

import math

import numpy as np

from verification.analytic.check import Check, Finding
from verification.analytic.worlds import ADULTS, live, size_of

CROWD = (
    ADULTS
    + """
[score]
base_points = 0
floor_points = -60
ceiling_points = 0
recovery_points = 3
low_cutoff_points = -9
[ring.one]
[behaviour.act]
kind = "offence"
per_day = 0.05
seen_share = 1.0
[rule.act]
behaviour = "act"
points = -20
[rule.friends]
on = "association"
points = -2
min_friends = 1
every = "day"
"""
)
FEW, MANY, WORLDS = 250, 15_000, 60


def mean_field(seed: int) -> list[Finding]:
    """The standard deviation of a share over worlds falls as n^(-1/2).

    Of a normal share the logarithm of a sample variance with v degrees of freedom has the variance trigamma(v / 2).
    """
    spread = [deviation(size, seed) for size in (FEW, MANY)]
    ratio = math.log(size_of(MANY) / size_of(FEW))
    slope = math.log(spread[1] / spread[0]) / ratio
    return [
        Finding(
            "slope of log deviation on log n", -0.5, slope, math.sqrt(trigamma((WORLDS - 1) / 2) / 2) / ratio
        )
    ]


def deviation(citizens: int, seed: int) -> float:
    """Return the standard deviation over worlds of the share flagged on day 29."""
    shares = []
    for k in range(WORLDS):
        lived = live(CROWD, citizens=citizens, days=30, seed=WORLDS * seed + k)
        shares.append(int(lived.stock("flagged")[-1]) / lived.citizens)
    return float(np.std(shares, ddof=1))


def trigamma(x: float) -> float:
    """Return the second derivative of log gamma, by its series for a large argument; above 20 to ten digits."""
    return 1 / x + 1 / (2 * x**2) + 1 / (6 * x**3) - 1 / (30 * x**5) + 1 / (42 * x**7)


CHECKS = (
    Check(
        "mean-field",
        "model",
        "standard deviation of a share ~ n^(-1/2)",
        "a ring, friends count every day; 60 worlds of 250 and 60 of 15,000 citizens",
        "central limit theorem for citizens that touch few others",
        mean_field,
    ),
)
