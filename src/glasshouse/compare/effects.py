"""Paired differences over replicates: mean, spread, and the 95 % interval of Student's t, without a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Effect", "Mean", "effect", "effects", "mean_of", "t_quantile"]

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Effect:
    """What the variant changed in one total, over replicates.

    Attributes:
        base: Mean of the total in the base world.
        variant: Mean of it in the variant.
        mean: Mean paired difference, variant less base.
        low: Lower end of the 95 % interval of the mean difference; None with one replicate.
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


def effect(base: Sequence[int], variant: Sequence[int]) -> Effect:
    """Return the effect on one total."""
    paired = mean_of([there - here for here, there in zip(base, variant, strict=True)])
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
