"""Screened draws: who of 64 citizens falls how low, told without asking each of them. Plain Python ints.

Almost everything that may happen to a citizen on a day is rare, so a draw of 64 bits each would be spent on
people to whom nothing happens. Instead a block of 64 climbs a ladder: rung by rung, from u < 2^-12 upwards, one
32-bit word tells how many of the 64 stand on the rung, and which; only they draw the rest of their u.

Membership of the rungs is independent, each citizen stands on rung r with the probability CHANCES[r], and u lies
on the lowest rung they stand on. CHANCES is chosen so that u is uniform: rung 0 is u < 2^-12, rung 1 ends at
2^-8, and each further one at twice the height of the one before; on the last one everybody stands. Which rungs
are looked at changes no draw, so thresholds, their order and their number never do either.

The only rounding: the chances of 0, 1, 2, ... members are rounded to 2^-26, which moves no probability by more
than a five hundred thousandth of itself (`tests/test_ladder.py`). Compiled twin: `model.kernels.ladder`; layout:
`docs/day.md` section 1.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import comb

from glasshouse import streams

BLOCK = 64
FIRST_COUNTER = 1 << 31  # second word of the counter; private draws stay far below
MORE_COUNTER = FIRST_COUNTER + 32
HEIGHTS = (12, 8, 7, 6, 5, 4, 3, 2, 1, 0)  # rung r ends at 2^-HEIGHTS[r]
RUNGS = len(HEIGHTS)
COUNT_BITS = 26  # of a word, for the number of members; the other six are the first member's place


def chances() -> tuple[Fraction, ...]:
    """Return the probability to stand on each rung: its share of what the lower ones leave."""
    ends = [Fraction(1, 2**h) for h in HEIGHTS]
    starts = [Fraction(0), *ends[:-1]]
    return tuple((end - start) / (1 - start) for start, end in zip(starts, ends, strict=True))


def counts_of(chance: Fraction) -> tuple[int, ...]:
    """Return 64 numbers: a rung has more than m members iff the word's upper 26 bits reach the m-th."""
    total, out = Fraction(0), []
    for m in range(BLOCK):
        total += comb(BLOCK, m) * chance**m * (1 - chance) ** (BLOCK - m)
        out.append(round(total * 2**COUNT_BITS))
    return tuple(out)


CHANCES = chances()
COUNTS = tuple(counts_of(chance) for chance in CHANCES)


@lru_cache(maxsize=65536)
def members(seed: int, decision: int, block: int, day: int, rung: int) -> frozenset[int]:
    """Return the places 0..63 of a block that stand on a rung."""
    if rung == RUNGS - 1:
        return frozenset(range(BLOCK))
    word = streams.four_words(seed, (block // 4, FIRST_COUNTER + rung, day, decision))[block % 4]
    size = sum(word >> 6 >= limit for limit in COUNTS[rung])
    found = {word & 63} if size else set()
    times = 0
    while len(found) < size:
        more = streams.four_words(seed, (block, MORE_COUNTER + RUNGS * times + rung, day, decision))
        for place in (w >> 6 * k & 63 for w in more for k in range(5)):
            if len(found) < size:
                found.add(place)
        times += 1
    return frozenset(found)


def reach(threshold: int) -> int:
    """Return the number of rungs on which a draw below the threshold can lie."""
    return 1 + next(r for r, height in enumerate(HEIGHTS) if threshold <= 1 << 64 - height)


def rung_of(seed: int, decision: int, citizen: int, day: int, rungs: int = RUNGS) -> int | None:
    """Return the lowest rung that a citizen stands on among the first `rungs`, None without one."""
    block, place = divmod(citizen, BLOCK)
    return next((r for r in range(rungs) if place in members(seed, decision, block, day, r)), None)


def forms() -> tuple[tuple[int, int, int, int], ...]:
    """Return for each rung how a uniform u becomes a draw on it: start + ((u >> shift) * times >> less).

    A rung from one power of two to the next takes bits as they are; rung 1 is fifteen sixteenths of 2^-8.
    """
    plain = [(1 << 63 - height, height + 1, 1, 0) for height in HEIGHTS[2:]]
    return ((0, HEIGHTS[0], 1, 0), (1 << 64 - HEIGHTS[0], HEIGHTS[1], 15, 4), *plain)


FORM = forms()


def on_rung(rung: int, u: int) -> int:
    """Return the draw of 64 bits that a uniform `u` of 64 bits picks on a rung."""
    start, shift, times, less = FORM[rung]
    return start + ((u >> shift) * times >> less)


def screened(seed: int, decision: int, citizen: int, day: int) -> int:
    """Return the screened draw of a citizen, 64 bits."""
    rung = rung_of(seed, decision, citizen, day)
    assert rung is not None  # everybody stands on the last one
    return on_rung(rung, streams.private(seed, decision, citizen, day))


def screened_event(seed: int, decision: int, citizen: int, day: int, threshold: int) -> bool:
    """Say whether the screened draw of a citizen hits a threshold, looking no higher than needed."""
    if threshold in {0, streams.ALWAYS}:
        return threshold != 0
    rung = rung_of(seed, decision, citizen, day, reach(threshold))
    if rung is None:
        return False
    return on_rung(rung, streams.private(seed, decision, citizen, day)) < threshold
