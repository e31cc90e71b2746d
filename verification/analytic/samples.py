"""Findings from few observations, where a normal law would be too short in its tails.

Both keep the meaning of `Finding.z`: it lies beyond the limit exactly when the true law (binomial, Student's t) makes
an observation as far out as rare as a normal one beyond the limit.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING

from glasshouse.compare import t_quantile
from glasshouse.replicate.claim import tail
from verification.analytic.check import LIMIT, Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

NORMAL = NormalDist()
RARE = 2 * NORMAL.cdf(-LIMIT)


def of_mean(what: str, expected: float, values: Sequence[float], at: float | None = None) -> Finding:
    """Return a finding about the mean of independent, nearly normal values, one from each world."""
    error = stdev(values) / math.sqrt(len(values)) * stretch(len(values) - 1)
    return Finding(what, expected, fmean(values), error, at)


@cache
def stretch(df: int) -> float:
    """Return how much wider Student's t is than the normal law at the limit."""
    return t_quantile(df, 1 - RARE) / LIMIT


def of_few(what: str, probability: float, count: int, tries: int, at: float | None = None) -> Finding:
    """Return a finding about a share of few independent events, its error such that z is the normal of its tail."""
    gap = count / tries - probability
    z = -NORMAL.inv_cdf(min(0.5, max(tail(count, tries, probability), 1e-300)))
    plain = math.sqrt(probability * (1 - probability) / tries)
    return Finding(what, probability, count / tries, abs(gap) / z if z > 0.01 else max(plain, abs(gap)), at)
