"""A keyed permutation of 0..n-1 that stores nothing: a small Feistel network, walked until it lands inside.

Circles, rings and companies shuffle the citizens with it (`docs/day.md` section 8). The compiled twin uses
`keys`, `half_bits` and `n` of the object made here.
"""

from __future__ import annotations

from glasshouse.streams import MASK32, words

ROUNDS = 6
MIX = (0x85EBCA6B, 0xC2B2AE35)


def mix(x: int, key: int) -> int:
    """Return the 25-bit round value of a half `x` under a 32-bit key."""
    x = (x ^ key) * MIX[0] & MASK32
    x ^= x >> 15
    return (x * MIX[1] & MASK32) >> 7


class Permutation:
    """A bijection of 0..n-1, fixed by (n, seed, decision, salt).

    Attributes:
        n: How many numbers are permuted, 1 to 2^32.
        half_bits: Bits of one half of the Feistel block; the block is the smallest even number of bits >= 2
            that holds n - 1, so that a walk takes fewer than four steps on average.
        keys: The six 32-bit round keys, word 0 of the counters (round, 0, salt, decision).
    """

    __slots__ = ("_mask", "half_bits", "keys", "n")

    def __init__(self, n: int, seed: int, decision: int, salt: int = 0) -> None:
        if not 1 <= n <= 2**32:
            raise ValueError(f"a permutation of {n} numbers, expected 1 to 4294967296")
        self.n = n
        self.half_bits = max(1, ((n - 1).bit_length() + 1) // 2)
        self.keys = tuple(words(seed, r, 0, salt, decision)[0] & MASK32 for r in range(ROUNDS))
        self._mask = (1 << self.half_bits) - 1

    def forward(self, x: int) -> int:
        """Return the position of number `x`."""
        self._inside(x)
        while True:
            left, right = x >> self.half_bits, x & self._mask
            for key in self.keys:
                left, right = right, left ^ mix(right, key) & self._mask
            x = left << self.half_bits | right
            if x < self.n:
                return x

    def inverse(self, x: int) -> int:
        """Return the number at position `x`."""
        self._inside(x)
        while True:
            left, right = x >> self.half_bits, x & self._mask
            for key in reversed(self.keys):
                left, right = right ^ mix(left, key) & self._mask, left
            x = left << self.half_bits | right
            if x < self.n:
                return x

    def _inside(self, x: int) -> None:
        if not 0 <= x < self.n:
            raise IndexError(f"{x} is outside 0..{self.n - 1}")
