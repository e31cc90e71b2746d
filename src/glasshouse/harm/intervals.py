"""95 % intervals of shares, of differences and ratios of two shares, all from Wilson's score interval.

Sources: Wilson, JASA 22 (1927) 209; Newcombe, Statistics in Medicine 17 (1998) 873, method 10 (difference);
Donner and Zou, Statistical Methods in Medical Research 21 (2012) 347 (ratio).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["Z", "Estimate", "difference", "ratio", "share", "wilson"]

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: The figure; None where nothing was there to measure it on.
        low: Lower end of the interval; None without one.
        high: Upper end; None without one, or where it has no bound.
        count: Numerator, where the figure is a share.
        of: Denominator, where the figure is a share.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    of: int | None = None

    def as_dict(self) -> dict[str, float | int | None]:
        """Return it as a plain object."""
        out: dict[str, float | int | None] = {"value": self.value, "low": self.low, "high": self.high}
        if self.of is not None:
            out |= {"count": self.count, "of": self.of}
        return out


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a share.

    >>> [round(end, 6) for end in wilson(1, 10)]
    [0.017876, 0.40415]

    Raises:
        ValueError: `count` is not among 0 .. `of`, or `of` is 0.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of}, expected 0 to {of} of at least 1")
    p, z2 = count / of, Z * Z
    middle = p + z2 / (2 * of)
    half = Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    scale = 1 + z2 / of
    low = 0.0 if count == 0 else max(0.0, (middle - half) / scale)
    high = 1.0 if count == of else min(1.0, (middle + half) / scale)
    return low, high


def share(count: int, of: int) -> Estimate:
    """Return a share with Wilson's interval; without a value when there is nothing to be a share of."""
    if of == 0:
        return Estimate(None, count=count, of=of)
    return Estimate(count / of, *wilson(count, of), count, of)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """Return one share less another, with Newcombe's interval."""
    if one.value is None or other.value is None:
        return Estimate(None)
    low1, high1, low2, high2 = ends(one, other)
    gap = one.value - other.value
    return Estimate(
        gap,
        gap - math.hypot(one.value - low1, high2 - other.value),
        gap + math.hypot(high1 - one.value, other.value - low2),
    )


def ratio(one: Estimate, other: Estimate) -> Estimate:
    """Return one share divided by another, with the interval of Donner and Zou.

    No value where the other share is 0; no upper end where its interval reaches 0.
    """
    if one.value is None or not other.value:
        return Estimate(None)
    p, q = one.value, other.value
    low1, high1, low2, high2 = ends(one, other)
    product = p * q
    root = math.sqrt(max(0.0, product**2 - low1 * high2 * (2 * p - low1) * (2 * q - high2)))
    low = low1 * (2 * p - low1) / (product + root) if low1 > 0 else 0.0
    root = math.sqrt(max(0.0, product**2 - high1 * low2 * (2 * p - high1) * (2 * q - low2)))
    high = (product + root) / (low2 * (2 * q - low2)) if low2 > 0 else None
    return Estimate(p / q, low, high)


def ends(one: Estimate, other: Estimate) -> tuple[float, float, float, float]:
    """Return the ends of both intervals."""
    assert one.low is not None
    assert one.high is not None
    assert other.low is not None
    assert other.high is not None
    return one.low, one.high, other.low, other.high
