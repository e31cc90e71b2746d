"""Laws of counts, and findings about a sample from one: exact means, variances and their exact standard errors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from verification.analytic.check import Finding, of_share

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_EXPECTED = 400  # in a cell; from there on 4.9 standard errors mean nearly what they say


def binomial(tries: int, p: float) -> np.ndarray:
    """Return the probabilities of 0..tries events."""
    if p in {0.0, 1.0}:
        law = np.zeros(tries + 1)
        law[tries if p else 0] = 1.0
        return law
    ways = [
        math.lgamma(tries + 1) - math.lgamma(k + 1) - math.lgamma(tries - k + 1) for k in range(tries + 1)
    ]
    return np.exp([w + k * math.log(p) + (tries - k) * math.log1p(-p) for k, w in enumerate(ways)])


def moments(law: np.ndarray, first: int = 0) -> tuple[float, float, float]:
    """Return mean, variance and fourth cumulant of a law on first, first + 1, .."""
    places = np.arange(law.size) + first
    mean = float(law @ places)
    variance = float(law @ (places - mean) ** 2)
    return mean, variance, float(law @ (places - mean) ** 4) - 3 * variance**2


def of_mean(what: str, mean: float, variance: float, sample: np.ndarray) -> Finding:
    """Return a finding about the mean of independent values with this mean and variance."""
    return Finding(what, mean, float(sample.mean()), math.sqrt(variance / sample.size))


def of_variance(what: str, variance: float, cumulant: float, sample: np.ndarray) -> Finding:
    """Return a finding about the variance of independent values with this variance and fourth cumulant.

    The variance of a sample variance of n values is k4 / n + 2 s^4 / (n - 1).
    """
    n = sample.size
    error = math.sqrt(cumulant / n + 2 * variance**2 / (n - 1))
    return Finding(what, variance, float(sample.var(ddof=1)), error)


def of_law(law: np.ndarray, sample: np.ndarray, words: str, first: int = 0) -> list[Finding]:
    """Return a finding for each value of a law; neighbours in a thin tail are taken together."""
    found = []
    for low, high in cells(law * sample.size):
        within = (sample >= low + first) & (sample <= high + first)
        p = min(1.0, float(law[low : high + 1].sum()))
        words_of_cell = of_cell(low + first, high + first, first, last=high == law.size - 1)
        at = high if low == 0 else low  # the end of a tail that lies at the others
        found.append(of_share(f"{words} {words_of_cell}", p, int(within.sum()), sample.size, at=at + first))
    return found


def of_cell(low: int, high: int, first: int, *, last: bool) -> str:
    """Return the values of a cell in words."""
    if low == high:
        return str(low)
    if last:
        return f"{low} or more"
    return f"{high} or less" if low == first else f"{low} to {high}"


def cells(expected: np.ndarray) -> Sequence[tuple[int, int]]:
    """Return runs of values, first and last, in each of which enough are expected."""
    runs, low, so_far = [], 0, 0.0
    for k, here in enumerate(expected):
        so_far += float(here)
        if so_far >= FEWEST_EXPECTED:
            runs.append((low, k))
            low, so_far = k + 1, 0.0
    if not runs:
        return [(0, expected.size - 1)]
    runs[-1] = runs[-1][0], expected.size - 1
    return runs
