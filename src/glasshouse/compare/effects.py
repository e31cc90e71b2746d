"""Paired differences over replicates: mean, spread, and the 95 % interval of Student's t, without a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Effect", "Mean", "effect", "effects", "mean_of", "over_draws", "t_quantile"]

CONFIDENCE = 0.95
DRAWN = (0.05, 0.95)  # points between which the worlds of most draws lie


@dataclass(frozen=True, slots=True)
class Effect:
    """What the variant changed in one total, over replicates.

    Attributes:
        base: Mean of the total in the base world.
        variant: Mean of it in the variant.
        mean: Mean paired difference, variant less base.
        low: Lower end of the 95 % interval of the mean difference, or with drawn numbers the 5 % point of the
            differences; None with one replicate.
        high: Upper end of it.
        sd: Standard deviation of the paired differences; None with one replicate.
        sd_unpaired: What it would be for worlds with luck of their own; None with one replicate.
    """

    base: float
    variant: float
    mean: float
    low: float | None
    high: float | None
    sd: float | None
    sd_unpaired: float | None

    @property
    def pairing_helped(self) -> bool | None:
        """Whether the same luck in both worlds made the difference less noisy.

        None with one replicate, and where there is no luck to share: one world's total is the same for every seed.
        """
        if self.sd is None or self.sd_unpaired is None or self.sd == self.sd_unpaired:
            return None
        return self.sd < self.sd_unpaired

    def as_dict(self) -> dict[str, float | bool | None]:
        """Return it as a plain object."""
        return {
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "base": self.base,
            "variant": self.variant,
            "sd": self.sd,
            "sd_unpaired": self.sd_unpaired,
            "pairing_helped": self.pairing_helped,
        }


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over replicates.

    Attributes:
        mean: The mean.
        low: Lower end of its 95 % interval; None with one replicate.
        high: Upper end of it.
        sd: Standard deviation between replicates; None with one.
    """

    mean: float
    low: float | None
    high: float | None
    sd: float | None

    def as_dict(self, scale: float = 1.0) -> dict[str, float | None]:
        """Return it as a plain object, all of it times `scale`."""
        return {
            name: None if value is None else value * scale
            for name, value in (("mean", self.mean), ("low", self.low), ("high", self.high), ("sd", self.sd))
        }


def effects(base: Sequence[Mapping[str, int]], variant: Sequence[Mapping[str, int]]) -> dict[str, Effect]:
    """Return the effect on every total; both worlds have one entry per replicate, in the same order."""
    return {key: effect([one[key] for one in base], [one[key] for one in variant]) for key in base[0]}


def effect(
    base: Sequence[int], variant: Sequence[int], mean_of_paired: Callable[[Sequence[int]], Mean] | None = None
) -> Effect:
    """Return the effect on one total; `mean_of_paired` may give the paired differences other ends than `mean_of`."""
    paired = (mean_of_paired or mean_of)([there - here for here, there in zip(base, variant, strict=True)])
    here, there = mean_of(base), mean_of(variant)
    unpaired = None if here.sd is None or there.sd is None else math.hypot(here.sd, there.sd)
    return Effect(here.mean, there.mean, paired.mean, paired.low, paired.high, paired.sd, unpaired)


def mean_of(values: Sequence[int]) -> Mean:
    """Return the mean of counts with the interval of Student's t.

    Sums are whole numbers, so that equal counts have a spread of exactly 0.
    """
    n, total = len(values), sum(values)
    mean = total / n
    if n < 2:
        return Mean(mean, None, None, None)
    sd = math.sqrt((n * sum(x * x for x in values) - total * total) / (n * (n - 1)))
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    return Mean(mean, mean - half, mean + half, sd)


def over_draws(values: Sequence[int]) -> Mean:
    """Return the mean of counts with their 5 % and 95 % points in place of an interval of the mean.

    More replicates say more about these points and do not draw them together: that a number is assumed does not get
    better by drawing it again. Points between two values lie on the line between them.
    """
    one, ordered = mean_of(values), sorted(values)
    if len(values) < 2:
        return one
    low, high = (between(ordered, share * (len(ordered) - 1)) for share in DRAWN)
    return Mean(one.mean, low, high, one.sd)


def between(ordered: Sequence[int], place: float) -> float:
    """Return what lies at a place between the values of an ordered list, counted from 0.

    >>> between([1, 3, 7], 1.5)
    5.0
    """
    below = min(int(place), len(ordered) - 2)
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])


@cache
def t_quantile(df: int, confidence: float = CONFIDENCE) -> float:
    """Return t with P(|T| <= t) = confidence for Student's T with `df` degrees of freedom.

    >>> round(t_quantile(1), 3), round(t_quantile(7), 3), round(t_quantile(30), 3)
    (12.706, 2.365, 2.042)
    """
    if df < 1 or not 0 < confidence < 1:
        raise ValueError(
            f"df {df} and confidence {confidence}, expected df >= 1 and a confidence inside (0, 1)"
        )
    low, high = 0.0, 1.0
    while central_probability(high, df) < confidence:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if central_probability(middle, df) < confidence:
            low = middle
        else:
            high = middle
    return high


def central_probability(t: float, df: int) -> float:
    """Return P(|T| <= t) for whole degrees of freedom.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).
    """
    angle = math.atan2(t, math.sqrt(df))
    cos, sin = math.cos(angle), math.sin(angle)
    odd = df % 2
    term, total = (cos, cos) if odd else (1.0, 1.0)
    for k in range(3 if odd else 2, df - 1, 2):
        term *= cos * cos * (k - 1) / k
        total += term
    if odd:
        return 2 / math.pi * (angle + (sin * total if df > 1 else 0.0))
    return sin * total
