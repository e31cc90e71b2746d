"""Whom something happens to overnight, put in order: some hundred thousand at once, ascending by id.

Citizens named one after the other lie anywhere in memory, and each costs a miss of the caches and of the tables of
pages; in ascending order several share a page. Large societies spent a quarter of a day on these misses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.model.kernels.crowd import pour, pour_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from glasshouse.model.part import Ties

__all__ = ["Crowd", "Pairs"]

ROOM = 2**20  # how many are put in order at once


class Crowd:
    """Citizens to whom the same happens, as often as they are named.

    Args:
        tell: Called with citizens, ascending and with repeats, (k,) uint32.
    """

    dtype: type[np.unsignedinteger[Any]] = np.uint32

    def __init__(self, tell: Callable[[NDArray[Any]], None]) -> None:
        self._tell = tell
        self._room = np.empty(0, self.dtype)
        self._n = 0

    def add(self, ties: Ties, chosen: NDArray[np.bool_]) -> None:
        """Name those tied to the chosen ones of ties.ids."""
        counts = np.where(chosen, ties.counts, 0)
        room = self._free(int(counts.sum()))
        self._n += pour(ties.found, counts, room)

    def _free(self, n: int) -> NDArray[Any]:
        """Return room for n more; those named before are told when there is none."""
        if self._n + n > self._room.size:
            self.flush()
            if n > self._room.size:
                self._room = np.empty(max(n, ROOM), self.dtype)
        return self._room[self._n :]

    def flush(self) -> None:
        """Tell of those not told yet."""
        if self._n:
            self._tell(np.sort(self._room[: self._n]))
        self._n = 0


class Pairs(Crowd):
    """Citizens with the place of the one they are tied to in some list, as id << 32 | place, (k,) uint64."""

    dtype = np.uint64

    def add_all(self, ties: Ties, first: int) -> None:
        """Name those tied to ties.ids, which stand in the list from place `first` on."""
        room = self._free(int(ties.counts.sum()))
        self._n += pour_pairs(ties.found, ties.counts, first, room)
