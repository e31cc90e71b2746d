"""How far everybody is, day by day, from somebody whom the scheme has punished.

0: punished themselves; 1: an uncut friend or a fellow member of a chat group was; 2: an uncut friend of a citizen at 1;
3: farther. A distance counts from the day after the punishment, as learning does, and never grows again. Whoever
was under a sanction before day 0 is at 0, and is near to others from the first time they are punished in the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.society.columns import MARK_LISTED, MARK_PUNISHED, MARK_REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from glasshouse.model.engine import Engine

__all__ = ["DISTANCES", "Distances"]

DISTANCES = ("punished", "friend or chat member punished", "a friend's friend punished", "farther")
FAR = 3
SEEN = np.uint16(MARK_PUNISHED | MARK_REFUSED | MARK_LISTED)


class Distances:
    """Everybody's distance to somebody punished.

    Args:
        citizens: How many there are.

    Attributes:
        now: Distance of each citizen, (citizens,) int8.
    """

    def __init__(self, citizens: int) -> None:
        self.n = citizens
        self.now: NDArray[np.int8] = np.full(citizens, FAR, np.int8)
        self._marks = np.zeros(citizens, np.uint16)

    def begin(self, engine: Engine) -> None:
        """Note who is under a sanction before day 0."""
        self._marks = self._seen(engine)
        self.now[(self._marks & MARK_PUNISHED) != 0] = 0

    def evening(self, engine: Engine, month: int) -> None:
        """Look at who was punished today as never before; `month` is the number of today's month."""
        marks = self._seen(engine)
        fresh = np.flatnonzero(marks & ~self._marks)
        self._marks = marks
        if not fresh.size:
            return
        part = engine.parts[0]
        near = [
            found for ties in part.friends_of(fresh, month) for found in those_of(ties.found, ties.counts)
        ]
        near += [found for ties in part.chat_of(fresh) for found in those_of(ties.found, ties.counts)]
        self.now[fresh] = 0
        nearer = self._bring(near, 1)
        second = [
            found for ties in part.friends_of(nearer, month) for found in those_of(ties.found, ties.counts)
        ]
        self._bring(second, 2)

    def _bring(self, found: list[NDArray[np.int64]], distance: int) -> NDArray[np.int64]:
        """Bring citizens as near as a distance; returns who was farther."""
        ids = np.unique(np.concatenate([*found, np.zeros(0, np.int64)]))
        ids = ids[self.now[ids] > distance]
        self.now[ids] = distance
        return ids

    def _seen(self, engine: Engine) -> NDArray[np.uint16]:
        return engine.columns["marks"][: self.n] & SEEN


def those_of(found: NDArray[np.int64], counts: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield those found for a batch, copied out of the room that is used again."""
    yield found[np.arange(found.shape[1]) < counts[:, None]]
