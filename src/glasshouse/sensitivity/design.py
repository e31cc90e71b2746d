"""Fixed designs: where in the ranges worlds are lived, from addressed luck and a low-discrepancy sequence.

A design is a list of points. A point has a place from 0 to 1 for each assumption, and says which of the two seeds
of its block is lived: luck is one more input, so that what chance does stands beside what the assumptions do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse import streams
from glasshouse.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "LEVELS",
    "MOST_INDEXED",
    "STEP",
    "Blocks",
    "Trajectories",
    "blocks",
    "low_discrepancy",
    "trajectories",
]

ORDER = streams.decision_id("sensitivity.order")
START = streams.decision_id("sensitivity.start")
SHIFT = streams.decision_id("sensitivity.shift")

LEVELS = 4  # places that a screening uses: 0, 1/3, 2/3, 1
STEP = LEVELS / (2 * (LEVELS - 1))  # 2/3, the step for which all places are equally likely (Morris 1991)
BITS = 32
# Degree, coefficients and first direction numbers of dimensions 2 to 20.
# Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections" (2008), their table
# new-joe-kuo-6.21201.
DIRECTIONS: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
    (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
    (5, 14, (1, 3, 5, 5, 31)),
    (6, 1, (1, 3, 3, 9, 7, 49)),
    (6, 13, (1, 1, 1, 15, 21, 21)),
    (6, 16, (1, 3, 1, 13, 27, 49)),
    (6, 19, (1, 1, 1, 15, 7, 5)),
    (6, 22, (1, 3, 1, 15, 13, 25)),
    (6, 25, (1, 1, 5, 5, 19, 61)),
    (7, 1, (1, 3, 7, 11, 23, 15, 103)),
)
DIMENSIONS = len(DIRECTIONS) + 1
MOST_INDEXED = DIMENSIONS // 2  # assumptions of which indices can be had: each takes two dimensions


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Walks through the ranges in which one input moves at each step (Morris 1991).

    Attributes:
        places: Where each point lies, (walks, k + 2, k) float64.
        luck: Which of the walk's two seeds is lived, (walks, k + 2) int64, 0 or 1.
        moved: Which input each step moved, (walks, k + 1) int64; k is luck.
    """

    places: NDArray[np.float64]
    luck: NDArray[np.int64]
    moved: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Blocks:
    """Pairs of independent points, and points between the two (Saltelli et al. 2010).

    Each of n rows has k + 3 points: A, B, A with one input of B after another, the last of them luck.

    Attributes:
        places: Where each point lies, (n, k + 3, k) float64.
        luck: Which of the row's two seeds is lived, (n, k + 3) int64.
    """

    places: NDArray[np.float64]
    luck: NDArray[np.int64]


def trajectories(k: int, walks: int, seed: int) -> Trajectories:
    """Return walks over k assumptions and luck, in an order and from places drawn by Philox.

    More walks begin with fewer: walk t hangs on nothing but k, t and the seed.
    """
    places = np.empty((walks, k + 2, k))
    luck = np.zeros((walks, k + 2), np.int64)
    moved = np.empty((walks, k + 1), np.int64)
    for t in range(walks):
        here, up = start(k, t, seed)
        order = shuffled(k + 1, t, seed)
        places[t, 0], now = here, 0
        for step, one in enumerate(order):
            if one < k:
                here[one] += STEP if up[one] else -STEP
            else:
                now = 1
            places[t, step + 1], luck[t, step + 1] = here, now
        moved[t] = order
    return Trajectories(np.clip(places, 0.0, 1.0), luck, moved)


def start(k: int, walk: int, seed: int) -> tuple[NDArray[np.float64], list[bool]]:
    """Return where a walk begins and whether each assumption will go up: half of the levels have room for either."""
    drawn = [streams.private(seed, START, i, walk) for i in range(k)]
    half = [streams.pick(u, LEVELS // 2) for u in drawn]
    up = [bool(u & 1) for u in drawn]
    begin = [level / (LEVELS - 1) + (0.0 if rises else STEP) for level, rises in zip(half, up, strict=True)]
    return np.array(begin), up


def shuffled(n: int, walk: int, seed: int) -> list[int]:
    """Return the order in which a walk moves its inputs, each of the n! as likely as the others (Fisher and Yates)."""
    out = list(range(n))
    for place in range(n - 1, 0, -1):
        other = streams.pick(streams.private(seed, ORDER, place, walk), place + 1)
        out[place], out[other] = out[other], out[place]
    return out


def blocks(k: int, n: int, seed: int) -> Blocks:
    """Return n rows of points over k assumptions and luck, from a shifted low-discrepancy sequence.

    Raises:
        UsageError: there are too many assumptions for the sequence, or n is no power of two.
    """
    if not 1 <= k <= MOST_INDEXED:
        raise UsageError(
            f"{k} assumptions, expected 1 to {MOST_INDEXED} for Sobol indices",
            help="name fewer with --over, or screen them all (--method morris)",
        )
    if n < 2 or n & (n - 1):
        raise UsageError(f"{n} samples, expected a power of two", help="for example --samples 128")
    both = low_discrepancy(2 * k, n, seed)
    a, b = both[:, :k], both[:, k:]
    places = np.repeat(a[:, None, :], k + 3, axis=1)
    places[:, 1] = b
    for i in range(k):
        places[:, 2 + i, i] = b[:, i]
    luck = np.zeros((n, k + 3), np.int64)
    luck[:, 1] = luck[:, k + 2] = 1
    return Blocks(places, luck)


def low_discrepancy(dimensions: int, n: int, seed: int) -> NDArray[np.float64]:
    """Return the first n points of Sobol's sequence, shifted digit by digit by words of the seed, (n, dimensions)."""
    index = np.arange(n, dtype=np.uint64)
    out = np.empty((n, dimensions))
    for dimension in range(dimensions):
        word = streams.private(seed, SHIFT, dimension, 0) >> (64 - BITS)
        digits = np.full(n, word, np.uint64)
        for bit, direction in enumerate(directions(dimension)):
            digits ^= np.where(index >> np.uint64(bit) & np.uint64(1), np.uint64(direction), np.uint64(0))
        out[:, dimension] = (digits.astype(np.float64) + 0.5) / 2**BITS
    return out


def directions(dimension: int) -> list[int]:
    """Return the 32 direction numbers of a dimension, counted from 0, as 32-bit words."""
    if dimension == 0:
        return [1 << (BITS - 1 - bit) for bit in range(BITS)]
    degree, coefficients, first = DIRECTIONS[dimension - 1]
    out = [m << (BITS - 1 - bit) for bit, m in enumerate(first)]
    for bit in range(degree, BITS):
        word = out[bit - degree] ^ out[bit - degree] >> degree
        for j in range(1, degree):
            if coefficients >> (degree - 1 - j) & 1:
                word ^= out[bit - j]
        out.append(word)
    return out
