"""Philox words for whole arrays of counters, equal bit by bit to `streams.words`; used to draw graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.streams import ALWAYS, MASK32, MULTIPLIERS, WEYL

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CHUNK = 1 << 15  # counters at a time: six arrays of this size stay in the cache
_LOW = np.uint64(MASK32)
_HALF = np.uint64(32)


def philox_words(
    c0: ArrayLike, c1: ArrayLike, day: ArrayLike, decision: int, seed: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the low and the high 64-bit words of counters (c0, c1, day, decision).

    The parts are broadcast to one dimension; each must lie in 0..2^32-1.
    """
    parts = np.broadcast_arrays(*(np.atleast_1d(np.asarray(part, np.uint64)) for part in (c0, c1, day)))
    low = np.empty(parts[0].size, np.uint64)
    high = np.empty_like(low)
    for start in range(0, low.size, CHUNK):
        piece = slice(start, start + CHUNK)
        a, b, c = (part[piece] for part in parts)
        low[piece], high[piece] = _rounds(a, b, c, np.full_like(a, decision), seed)
    return low, high


def _rounds(
    a: NDArray[np.uint64], b: NDArray[np.uint64], c: NDArray[np.uint64], d: NDArray[np.uint64], seed: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the two words of one chunk: ten rounds on 32-bit words kept in 64 bits, so nothing wraps."""
    k0, k1 = seed & MASK32, seed >> 32
    for _ in range(10):
        p0 = a * np.uint64(MULTIPLIERS[0])
        p1 = c * np.uint64(MULTIPLIERS[1])
        a, b = (p1 >> _HALF) ^ b ^ np.uint64(k0), p1 & _LOW
        c, d = (p0 >> _HALF) ^ d ^ np.uint64(k1), p0 & _LOW
        k0, k1 = (k0 + WEYL[0]) & MASK32, (k1 + WEYL[1]) & MASK32
    return a | b << _HALF, c | d << _HALF


def events(u: NDArray[np.uint64], threshold: int) -> NDArray[np.bool_]:
    """Say which draws hit a threshold; twin of `streams.event`."""
    return np.full(u.shape, True) if threshold == ALWAYS else u < np.uint64(threshold)


def picks(u: NDArray[np.uint64], n: ArrayLike) -> NDArray[np.uint64]:
    """Return numbers in 0..n-1 from the high halves of draws; twin of `streams.pick`."""
    return (u >> _HALF) * np.asarray(n, np.uint64) >> _HALF
