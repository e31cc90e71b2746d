"""Draws of the oracle: the events of `streams`, skipping work that cannot change the answer.

A draw is addressed, so leaving one out changes no other: thresholds of 0 and ALWAYS need none.
"""

from __future__ import annotations

from glasshouse import streams


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
