"""Draws, compiled: the twin of `glasshouse.streams`, word for word.

Words are kept in 64-bit variables and masked, so that the same source never wraps, compiled or not.
"""

from __future__ import annotations

import numba
import numpy as np

kernel = numba.njit(cache=True, error_model="numpy", nogil=True)

U = np.uint64
I64 = np.int64  # int() of an unsigned column would stay unsigned once compiled
ALWAYS = U(2**64 - 1)
ZERO, ONE = U(0), U(1)
MASK32 = U(0xFFFFFFFF)
S8, S17, S32 = U(8), U(17), U(32)
M0, M1 = U(0xD2511F53), U(0xCD9E8D57)
W0, W1 = U(0x9E3779B9), U(0xBB67AE85)


@numba.njit(cache=True, error_model="numpy", nogil=True, inline="always")
def philox(c0, c1, c2, c3, k0, k1):
    """Return the words of Philox4x32-10 as two uint64 (low pair, high pair); all arguments uint64 < 2^32.

    Ten rounds written out and inlined: as a loop or a call they would keep a loop over draws from becoming
    vector instructions (six times slower, `benchmarks/draws.py`). The masks change nothing but what the compiler
    knows: that a product of the first rounds, too, is one of two 32-bit words, which costs a third.
    """
    c0, c1, c2, c3 = c0 & MASK32, c1 & MASK32, c2 & MASK32, c3 & MASK32
    k0, k1 = k0 & MASK32, k1 & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    c0, c1, c2, c3 = (p1 >> S32) ^ c1 ^ k0, p1 & MASK32, (p0 >> S32) ^ c3 ^ k1, p0 & MASK32
    k0, k1 = (k0 + W0) & MASK32, (k1 + W1) & MASK32
    p0, p1 = c0 * M0, c2 * M1
    return (
        ((p1 >> S32) ^ c1 ^ k0) | ((p1 & MASK32) << S32),
        ((p0 >> S32) ^ c3 ^ k1) | ((p0 & MASK32) << S32),
    )


@kernel
def private(key, decision, citizen, day, index):
    """Return the private draw of a citizen; `index` numbers repeated tries. Twin: streams.private.

    A key is the two words of the seed and a mask of 64 bits, 0 or ALWAYS, laid over every draw: day.md, section 1.
    """
    lo, _ = philox(U(citizen), U(4 + index), U(day), U(decision), key[0], key[1])
    return lo ^ key[2]


@kernel
def pair(key, decision, first, second, day):
    """Return the draw on an ordered pair. Twin: streams.pair."""
    lo, _ = philox(U(first), U(second), U(day), U(decision), key[0], key[1])
    return lo ^ key[2]


@kernel
def event(u, threshold):
    """Say whether a draw hits a threshold. Twin: streams.event."""
    return threshold == ALWAYS or u < threshold


@kernel
def chance(key, decision, citizen, day, index, threshold):
    """Say whether the private draw of a citizen hits a threshold; where that is certain no draw is taken."""
    if threshold == ZERO:
        return False
    return threshold == ALWAYS or private(key, decision, citizen, day, index) < threshold


@kernel
def category(u, cumulative, size):
    """Return the first of `size` categories that the draw hits, or `size`. Twin: streams.category."""
    for k in range(size):
        if event(u, cumulative[k]):
            return k
    return size


@kernel
def pick(u, n):
    """Return a number in 0..n-1 from the high half of a draw. Twin: streams.pick."""
    return I64(((u >> S32) * U(n)) >> S32)


@kernel
def bit(mask, place):
    """Say whether bit `place` of a uint64 mask is set."""
    return (mask >> U(place)) & ONE != ZERO
