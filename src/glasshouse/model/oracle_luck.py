"""Draws of the oracle: the events of `streams`, skipping work that cannot change the answer.

A draw is addressed, so leaving one out changes no other: thresholds of 0 and ALWAYS need none, and a screened
draw needs its private words only when its first eight bits equal those of the threshold.
"""

from __future__ import annotations

from functools import lru_cache

from glasshouse import streams


@lru_cache(maxsize=8192)
def block_bytes(seed: int, decision: int, block: int, day: int) -> bytes:
    """Return the shared first eight bits of a screened draw for each of the 64 citizens of a block."""
    rows = [word for quad in range(4) for word in streams.words(seed, block, quad, day, decision)]
    places = zip(*(f"{row:064b}" for row in rows), strict=True)  # from place 63 down to 0
    return bytes(int("".join(bits), 2) for bits in places)[::-1]


def screened_event(seed: int, decision: int, citizen: int, day: int, threshold: int) -> bool:
    """Say whether the screened draw of a citizen hits a threshold."""
    if threshold in {0, streams.ALWAYS}:
        return threshold != 0
    byte = block_bytes(seed, decision, citizen // 64, day)[citizen % 64]
    first_byte = threshold >> 56
    if byte != first_byte:
        return byte < first_byte
    return streams.screened(seed, decision, citizen, day) < threshold


def private_event(seed: int, decision: int, citizen: int, day: int, threshold: int, index: int = 0) -> bool:
    """Say whether the private draw of a citizen hits a threshold."""
    if threshold in {0, streams.ALWAYS}:
        return threshold != 0
    return streams.private(seed, decision, citizen, day, index) < threshold


def private_category(seed: int, decision: int, citizen: int, day: int, cumulative: tuple[int, ...]) -> int:
    """Return the category that the private draw of a citizen hits, or the number of categories for none."""
    if not cumulative or cumulative[0] == streams.ALWAYS:
        return 0
    return streams.category(streams.private(seed, decision, citizen, day), cumulative)


def private_share(seed: int, decision: int, citizen: int, day: int, cumulative: tuple[int, ...]) -> int:
    """Return a category where the shares sum to 1: a draw beyond the last one takes the last one."""
    return min(private_category(seed, decision, citizen, day, cumulative), max(0, len(cumulative) - 1))
