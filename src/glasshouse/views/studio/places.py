"""Where everybody stands in a circle: the order in which groups follow each other, for a picture of neighbours.

The keyed permutation of `society/permutation.py`, for all citizens at once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.errors import UsageError, clean
from glasshouse.society.permutation import MIX, Permutation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan

    Words = NDArray[np.uint64]

__all__ = ["places_in"]

MASK32 = np.uint64(0xFFFFFFFF)


def places_in(plan: Plan, circle: str) -> NDArray[np.uint32]:
    """Return the place of each citizen in the order of a circle, (citizens,) uint32; groups are neighbours in it.

    Raises:
        UsageError: there is no such circle.
    """
    found = next((one for one in plan.ties.circles if one.id == circle), None)
    if found is None:
        names = ", ".join(one.id for one in plan.ties.circles)
        raise UsageError(
            f"there is no circle `{clean(circle)}`", help=f"there are {names}" if names else None
        )
    people = plan.population
    starts = people.province_start if found.provincial else (0, plan.citizens)
    out = np.empty(plan.citizens, np.uint32)
    for province, (low, high) in enumerate(pairwise(starts)):
        if low < high:
            order = Permutation(high - low, people.seed, found.permutation_decision, province)
            out[low:high] = low + positions(order)
    return out


def positions(order: Permutation) -> NDArray[np.int64]:
    """Return the position of every number, as `Permutation.forward` gives it one by one."""
    x = np.arange(order.n, dtype=np.uint64)
    walking = np.ones(order.n, bool)
    while walking.any():
        x[walking] = round_trip(order, x[walking])
        walking = x >= order.n
    return x.astype(np.int64)


def round_trip(order: Permutation, x: Words) -> Words:
    """Return what all rounds make of some numbers of the block."""
    half, mask = np.uint64(order.half_bits), np.uint64((1 << order.half_bits) - 1)
    left, right = x >> half, x & mask
    for key in order.keys:
        left, right = right, left ^ (mixed(right, key) & mask)
    return left << half | right


def mixed(x: Words, key: int) -> Words:
    """Return the round value of each half, as `permutation.mix`; products are taken in 32 bits."""
    x = (x ^ np.uint64(key)) * np.uint64(MIX[0]) & MASK32
    x ^= x >> np.uint64(15)
    return (x * np.uint64(MIX[1]) & MASK32) >> np.uint64(7)
