"""Fit numbers to counts by quasi-likelihood, and find the values that the counts do not rule out.

The deviance is Poisson's, each window divided by the dispersion that its count has by chance alone: that of the
model's own worlds, those that the surface was made from, and the rounding of the published figure. Counts of one
world hang together (who is listed is refused later), so that deviance residuals are weighed by the inverse of their
correlation between worlds. What varies beyond that is one factor, estimated from the residuals (Wedderburn 1974;
McCullagh and Nelder 1989, 9.2), which is why intervals are Student's: misfit of the model widens them. Where it is
larger than chance can make it, misfit rules, of which no world tells how it hangs together: then every window stands
for itself. An interval is a profile: all values at which some values of the other numbers lie within the threshold.

All of it is read off grids, refined until the region is well resolved: no optimiser, no start, no draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.compare.effects import t_quantile
from glasshouse.errors import RefusedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.calibrate.surface import Surface

    Floats = NDArray[np.float64]

__all__ = ["CONFIDENCE", "Counts", "Fit", "fitted_to"]

CONFIDENCE = 0.90
CELLS = {1: 400, 2: 80, 3: 30}  # of a grid along each number
RESOLVED = 20  # cells that the region must span
ROUNDS = 12
RARE = 3.09  # normal quantile of 99.9 %: a factor above that of chance is misfit
TOGETHER = 0.9  # correlation in the region from which two numbers move the counts alike


@dataclass(frozen=True, eq=False)
class Counts:
    """What is fitted.

    Attributes:
        values: Published counts, (windows,) float64.
        rounding: Standard deviations of their rounding, (windows,).
        scale: People of the nation for each citizen of a world.
    """

    values: Floats
    rounding: Floats
    scale: float

    def dispersion(self, surface: Surface) -> Floats:
        """Return the variance of each count over its mean, misfit aside: chance, the surface's chance, and rounding."""
        own = surface.dispersion * (1 + self.scale / surface.seeds)
        return own + self.rounding**2 / self.values

    def together(self, surface: Surface) -> Floats:
        """Return the correlation between windows; rounding is each window's own."""
        chance = np.sqrt(surface.dispersion * (1 + self.scale / surface.seeds) / self.dispersion(surface))
        out: Floats = surface.together * np.outer(chance, chance)
        np.fill_diagonal(out, 1.0)
        return out


@dataclass(frozen=True, eq=False)
class Fit:
    """What was found; places are from 0 to 1 of each range.

    Attributes:
        best: Where the deviance is least, (numbers,).
        low: Lower ends of the 90 % profile intervals, (numbers,).
        high: Upper ends.
        region: Places within the threshold, (m, numbers).
        factor: Variance beyond chance and rounding, from the residuals.
        degrees: Windows less numbers.
    """

    best: Floats
    low: Floats
    high: Floats
    region: Floats
    factor: float
    degrees: int

    def open_ends(self, number: int) -> tuple[bool, bool]:
        """Return whether the interval of a number reaches the low and the high end of its range."""
        return bool(self.low[number] <= 0.0), bool(self.high[number] >= 1.0)

    def alike(self, one: int, other: int) -> bool:
        """Say whether two numbers move the counts alike: the region is a narrow ridge."""
        here, there = self.region[:, one], self.region[:, other]
        if np.ptp(here) == 0 or np.ptp(there) == 0:
            return False
        return bool(abs(np.corrcoef(here, there)[0, 1]) >= TOGETHER)


def fitted_to(surface: Surface, counts: Counts, fixed: Floats) -> Fit:
    """Return the fit of the free numbers.

    Args:
        surface: Expected counts of a world, of the windows that are fitted.
        counts: What was published in them.
        fixed: The place of each number that is held, NaN for those that are free, (numbers,).

    Raises:
        RefusedError: there are not more windows than numbers.
    """
    free = np.flatnonzero(np.isnan(fixed))
    degrees = len(counts.values) - len(free)
    if degrees < 1:
        raise RefusedError(
            f"{len(counts.values)} published counts cannot fit {len(free)} numbers and say how sure the fit is",
            help="fit fewer numbers, or give a table with more counts",
        )
    found = profile(surface, counts, fixed, counts.together(surface))
    if found.factor <= largest_of_chance(degrees):
        return found
    return profile(surface, counts, fixed, np.eye(len(counts.values)))


def largest_of_chance(degrees: int) -> float:
    """Return the 99.9 % quantile of chi-squared over its degrees of freedom (Wilson and Hilferty 1931)."""
    part = 2 / (9 * degrees)
    return float((1 - part + RARE * part**0.5) ** 3)


def profile(surface: Surface, counts: Counts, fixed: Floats, correlation: Floats) -> Fit:
    """Return the fit when windows hang together in this way, (windows, windows)."""
    free = np.flatnonzero(np.isnan(fixed))
    degrees = len(counts.values) - len(free)
    spread = counts.dispersion(surface)
    weights: Floats = np.linalg.inv(correlation).astype(np.float64)
    low, high = np.zeros(len(free)), np.ones(len(free))
    for _ in range(ROUNDS):
        places = grid(low, high, free, fixed)
        expected = counts.scale * surface.expected(places)
        found = weighed(residuals(counts.values, expected) / np.sqrt(spread), weights)
        at = int(found.argmin())
        apart = (counts.values - expected[at]) / np.sqrt(spread * expected[at])
        factor = float(apart @ weights @ apart) / degrees
        inside = found - found[at] <= factor * t_quantile(degrees, CONFIDENCE) ** 2
        region = places[inside][:, free]
        cell = (high - low) / CELLS[len(free)]
        ends = region.min(axis=0), region.max(axis=0)
        if np.all(ends[1] - ends[0] >= RESOLVED * cell):
            break
        low, high = np.maximum(0, ends[0] - 1.5 * cell), np.minimum(1, ends[1] + 1.5 * cell)
    best = fixed.copy()
    best[free] = places[at][free]
    lows, highs = best.copy(), best.copy()
    lows[free], highs[free] = np.maximum(0, ends[0] - cell / 2), np.minimum(1, ends[1] + cell / 2)
    return Fit(best, lows, highs, places[inside], factor, degrees)


def grid(low: Floats, high: Floats, free: NDArray[np.intp], fixed: Floats) -> Floats:
    """Return a grid over the free numbers between some ends, the others held, (m, numbers)."""
    axes = [np.linspace(a, b, CELLS[len(free)] + 1) for a, b in zip(low, high, strict=True)]
    out = np.tile(fixed, (int(np.prod([len(axis) for axis in axes])), 1))
    out[:, free] = np.array(list(product(*axes)))
    return out


def residuals(values: Floats, expected: Floats) -> Floats:
    """Return Poisson's deviance residuals at each place: roots of the deviance with a sign, (m, windows)."""
    deviance = 2 * (values * np.log(values / expected) - (values - expected))
    out: Floats = np.sign(values - expected) * np.sqrt(np.maximum(deviance, 0.0))
    return out


def weighed(each: Floats, weights: Floats) -> Floats:
    """Return the sum of squares of residuals (m, windows) under weights (windows, windows), (m,)."""
    out: Floats = ((each @ weights) * each).sum(axis=1)
    return out
