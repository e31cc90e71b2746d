"""Luck: Philox words, decision ids, and thresholds, in plain Python ints.

Every random number is addressed, never taken from a sequence: key = world seed, counter = (who, with whom
or which draw, day, decision). The compiled twin is `model.kernels_draw`; both reproduce the published known
answers of Random123 (`tests/test_streams.py`). The layout is fixed by `docs/day.md` section 1.
"""

from __future__ import annotations

import hashlib
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RNG_SCHEME = "philox4x32-10/v2"
MASK32 = 0xFFFFFFFF
ALWAYS = 2**64 - 1  # the threshold of certainty; no rounded probability below 1 reaches it
COMPLEMENT = 1 << 64
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
FIRST_OWN_ID = 1024

# Frozen: a number is never changed or given to another decision. New ones go at the end.
BUILTIN = MappingProxyType(
    {
        "people.group": 1,
        "people.age": 2,
        "people.male": 3,
        "people.rural": 4,
        "people.online": 5,
        "people.member": 6,
        "learn.desire": 7,
        "learn.boldness": 8,
        "identity.borrowed": 9,
        "identity.card": 10,
        "identity.new_line": 11,
        "identity.new_line.id": 12,
        "identity.new_line.face": 13,
        "identity.renewal": 14,
        "identity.renewal.id": 15,
        "identity.renewal.face": 16,
        "identity.login.id": 17,
        "identity.login.face": 18,
        "initial.score": 19,
        "company.representative": 20,
        "company.default": 21,
        "company.performed": 22,
        "ties.cut": 23,
        "graph.edge": 24,
        "graph.rewire": 25,
        "graph.target": 26,
        "graph.order": 27,
        "graph.degree": 28,
    }
)


def philox4x32(counter: Sequence[int], key: Sequence[int], rounds: int = 10) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of Philox4x32 for a counter of four and a key of two 32-bit words.

    Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(rounds):
        p0 = c0 * MULTIPLIERS[0]
        p1 = c2 * MULTIPLIERS[1]
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK32, (p0 >> 32) ^ c3 ^ k1, p0 & MASK32
        k0 = (k0 + WEYL[0]) & MASK32
        k1 = (k1 + WEYL[1]) & MASK32
    return c0, c1, c2, c3


def four_words(luck: int, counter: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of a counter of four.

    `luck` is the seed; plus COMPLEMENT every bit of every word is the other one.
    """
    key = luck & MASK32, luck >> 32 & MASK32
    a, b, c, d = philox4x32(counter, key)
    if luck >= COMPLEMENT:
        return a ^ MASK32, b ^ MASK32, c ^ MASK32, d ^ MASK32
    return a, b, c, d


def words(seed: int, c0: int, c1: int, day: int, decision: int) -> tuple[int, int]:
    """Return the two 64-bit words of one counter: (low pair, high pair). Here and below a seed may be a `luck`."""
    w = four_words(seed, (c0, c1, day, decision))
    return w[0] | w[1] << 32, w[2] | w[3] << 32


def private(seed: int, decision: int, citizen: int, day: int, index: int = 0) -> int:
    """Return the 64-bit private draw of one citizen; `index` numbers repeated tries on one day."""
    return words(seed, citizen, 4 + index, day, decision)[0]


def pair(seed: int, decision: int, first: int, second: int, day: int) -> int:
    """Return the 64-bit draw on an ordered pair."""
    return words(seed, first, second, day, decision)[0]


def event(u: int, threshold: int) -> bool:
    """Say whether a draw hits a threshold: certain at ALWAYS, impossible at 0."""
    return threshold == ALWAYS or u < threshold


def category(u: int, cumulative: Sequence[int]) -> int:
    """Return the first category whose cumulative threshold the draw hits, or the number of categories."""
    for k, threshold in enumerate(cumulative):
        if event(u, threshold):
            return k
    return len(cumulative)


def pick(u: int, n: int) -> int:
    """Return a number in 0..n-1 from the high half of a draw; n at most 2^32."""
    return (u >> 32) * n >> 32


def exact(value: float | Fraction) -> Fraction:
    """Return a number as the fraction that its shortest decimal text means, not its binary float."""
    return value if isinstance(value, Fraction) else Fraction(repr(value))


def threshold(p: Fraction | float) -> int:
    """Return the 64-bit threshold of a probability, rounded half-even; 0 never, ALWAYS always."""
    p = exact(p)
    if p <= 0:
        return 0
    if p >= 1:
        return ALWAYS
    return min(round(p * 2**64), ALWAYS - 1)


def cumulative(shares: Sequence[Fraction | float | int]) -> tuple[int, ...]:
    """Return the cumulative thresholds of shares; the last is ALWAYS when they sum to 1."""
    total = Fraction(0)
    out = []
    for share in shares:
        total += exact(share)
        out.append(threshold(total))
    return tuple(out)


def half_life_factor(days: float) -> int:
    """Return k = 2^16 (1 - 2^(-1/days)), the daily decay in 2^-16, by decimal arithmetic."""
    with localcontext() as context:
        context.prec = 40
        kept = (Decimal(2).ln() * -1 / Decimal(repr(days))).exp()
        return int(((1 - kept) * 65536).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def decision_id(key: str) -> int:
    """Return the stable 32-bit id of a decision named by its table key and aspect.

    Built-in names have frozen numbers; others hash with BLAKE2b. Different names may collide:
    `model.plan` refuses a scenario where they do.
    """
    if key in BUILTIN:
        return BUILTIN[key]
    number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "little")
    return number if number >= FIRST_OWN_ID else number + FIRST_OWN_ID
