"""Draws of many citizens and days at once, equal bit by bit to `ladder.screened` and `streams.private`.

Screened draws are found rung by rung, as the day itself finds them: only those who stand on a rung that a
threshold reaches draw anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.ladder import BLOCK, COUNTS, FIRST_COUNTER, FORM, MORE_COUNTER, RUNGS, reach
from glasshouse.society.draws import philox_words
from glasshouse.streams import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Draws = NDArray[np.uint64]
    Rows = NDArray[np.bool_]

__all__ = ["Drawn", "categories", "hits", "private_draws", "screened_draws"]

COUNT_SHIFT = np.uint64(6)  # of a word: the number of members lies above, the first one's place below
PLACE = np.uint64(63)
PER_WORD = 5  # places in one word of 32 bits


@dataclass(frozen=True)
class Drawn:
    """Screened draws that may hit: those of everybody on a rung that the threshold reaches.

    Attributes:
        day: Day number of each, int64, ascending.
        citizen: Whose, int64, ascending on each day.
        u: The draw, uint64.
    """

    day: NDArray[np.int64]
    citizen: NDArray[np.int64]
    u: Draws

    def on(self, day: int) -> tuple[NDArray[np.int64], Draws]:
        """Return citizens and draws of one day."""
        low, high = np.searchsorted(self.day, (day, day + 1))
        return self.citizen[low:high], self.u[low:high]


def private_draws(seed: int, decision: int, citizens: ArrayLike, days: ArrayLike) -> Draws:
    """Return the private draws of citizens on days, broadcast to one dimension; twin of `streams.private`."""
    return philox_words(citizens, 4, days, decision, seed)[0]


def hits(u: Draws, threshold: ArrayLike) -> Rows:
    """Say which draws hit a threshold, or each its own; twin of `streams.event`."""
    limit = np.asarray(threshold, np.uint64)
    return (u < limit) | (limit == np.uint64(ALWAYS))


def categories(u: Draws, cumulative: Sequence[int]) -> NDArray[np.int64]:
    """Return the first category that each draw hits, or their number; twin of `streams.category`."""
    limits = np.array([min(one, ALWAYS - 1) for one in cumulative], np.uint64)
    found = np.searchsorted(limits, u, side="right").astype(np.int64)
    certain = [k for k, one in enumerate(cumulative) if one == ALWAYS]
    return np.minimum(found, certain[0]) if certain else found


def screened_draws(seed: int, decision: int, thresholds: NDArray[np.uint64], first: int, days: int) -> Drawn:
    """Return every screened draw of a decision that may hit the citizen's threshold.

    Draws at or above the threshold of their citizen may be among them; none below is left out.

    Args:
        seed: World seed.
        decision: Decision id.
        thresholds: One for each citizen, (citizens,) uint64; 0 is never.
        first: First day.
        days: Number of days.
    """
    n = thresholds.size
    most = int(thresholds.max(initial=0))
    blocks = -(-n // BLOCK)
    seen: NDArray[np.uint64] = np.zeros((days, blocks), np.uint64)
    parts = []
    for rung in range(reach(most) if most else 0):
        members = rung_members(seed, decision, blocks, first, days, rung)
        day, citizen = places(members & ~seen, n)
        seen |= members
        start, _, _, _ = FORM[rung]
        wanted = thresholds[citizen] > np.uint64(start)
        day, citizen = day[wanted] + first, citizen[wanted]
        parts.append((day, citizen, on_rung(rung, private_draws(seed, decision, citizen, day))))
    if not parts:
        none: NDArray[np.int64] = np.zeros(0, np.int64)
        return Drawn(none, none, np.zeros(0, np.uint64))
    day, citizen, u = (np.concatenate(one) for one in zip(*parts, strict=True))
    order = np.lexsort((citizen, day))
    return Drawn(day[order], citizen[order], u[order])


def rung_members(seed: int, decision: int, blocks: int, first: int, days: int, rung: int) -> Draws:
    """Return who stands on a rung, a mask of 64 places for each day and block; twin of `ladder.members`."""
    if rung == RUNGS - 1:
        return np.full((days, blocks), ALWAYS, np.uint64)
    quads = -(-blocks // 4)
    day = np.repeat(np.arange(first, first + days, dtype=np.uint64), quads)
    low, high = philox_words(np.tile(np.arange(quads), days), FIRST_COUNTER + rung, day, decision, seed)
    words = np.stack(
        [low & 0xFFFFFFFF, low >> np.uint64(32), high & 0xFFFFFFFF, high >> np.uint64(32)], axis=1
    )
    words = words.reshape(days, 4 * quads)[:, :blocks].reshape(-1)
    limits = np.array(COUNTS[rung], np.uint64)
    sizes = np.searchsorted(limits, words >> COUNT_SHIFT, side="right").astype(np.int64)
    masks = np.where(sizes > 0, np.uint64(1) << (words & PLACE), np.uint64(0))
    fill(masks, sizes, seed, decision, blocks, first, rung)
    return masks.reshape(days, blocks)


def fill(
    masks: Draws, sizes: NDArray[np.int64], seed: int, decision: int, blocks: int, first: int, rung: int
) -> None:
    """Add the places after the first to `masks` until each has its size; places that came before are skipped."""
    left = np.flatnonzero(sizes > 1)
    found = np.ones(left.size, np.int64)
    times = 0
    while left.size:
        counter = MORE_COUNTER + RUNGS * times + rung
        low, high = philox_words(left % blocks, counter, first + left // blocks, decision, seed)
        for word in (low & 0xFFFFFFFF, low >> np.uint64(32), high & 0xFFFFFFFF, high >> np.uint64(32)):
            for k in range(PER_WORD):
                bit = np.uint64(1) << (word >> np.uint64(6 * k) & PLACE)
                fresh = (masks[left] & bit == 0) & (found < sizes[left])
                masks[left] |= np.where(fresh, bit, np.uint64(0))
                found += fresh
        more = found < sizes[left]
        left, found = left[more], found[more]
        times += 1


def places(masks: Draws, citizens: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return row and citizen of every bit that is set."""
    days = len(masks)
    little = np.ascontiguousarray(masks.astype("<u8")).view(np.uint8).reshape(days, -1)
    bits = np.unpackbits(little, axis=1, bitorder="little")[:, :citizens]
    day, citizen = np.nonzero(bits)
    return day.astype(np.int64), citizen.astype(np.int64)


def on_rung(rung: int, u: Draws) -> Draws:
    """Return the draws that uniform ones pick on a rung; twin of `ladder.on_rung`."""
    start, shift, times, less = FORM[rung]
    return np.uint64(start) + ((u >> np.uint64(shift)) * np.uint64(times) >> np.uint64(less))
