"""`Twins.differing`, quickly: two worlds are read where they lie, once a day, and no column is copied.

What everybody has lies in blocks and is compared column by column. What few people have is read as rows, once for
each world, and compared for those who have any in either. `Twins` says what the answer means; tests hold this to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.twins import FEAR, Twins
from glasshouse.society.columns import CORE, COUNT_BITS, COUNT_MAX, RARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan
    from glasshouse.model.state import State

    Column = NDArray[Any]

__all__ = ["Watch"]

CORE_NAMES = tuple(column.name for column in CORE)
RARE_PLACES = {column.name: place for place, column in enumerate(RARE)}


class Watch:
    """Tells day after day which citizens differ from their twins.

    Args:
        base: One plan.
        variant: The other.

    Attributes:
        outward: Whose rows differed in more than fear when `differing` was last asked, (citizens,) bool.
    """

    def __init__(self, base: Plan, variant: Plan) -> None:
        self._twins = twins = Twins(base, variant)
        blocks = -(-base.citizens // 64)
        self._out = np.zeros((blocks, 64), bool)
        self._now = np.zeros((blocks, 64), bool)
        self.outward = np.zeros(base.citizens, bool)
        self._plain = tuple(name for name in twins.plain if name in CORE_NAMES and name != FEAR)
        self._lists = [meanings(256, [pair[w] for pair in twins.bits], 1, 1) for w in (0, 1)]
        self._counts = [
            meanings(2**16, [pair[w] for pair in twins.counts], COUNT_BITS, COUNT_MAX) for w in (0, 1)
        ]
        self._rare = [self._columns(w) for w in (0, 1)]
        self._rows = np.zeros((blocks * 64, len(self._rare[0][0])), np.uint16)

    def _columns(self, world: int) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
        """Return the places of the rare columns of a world in an order that both share, and 0 for those it lacks."""
        places = [RARE_PLACES[name] for name in self._twins.plain if name in RARE_PLACES]
        kept = [1] * len(places)
        for pair in self._twins.terms:
            places.append(RARE_PLACES["until_0"] + max(0, pair[world]))
            kept.append(int(pair[world] >= 0))
        return np.array(places, np.intp), np.array(kept, np.uint16)

    def differing(self, base: Engine, variant: Engine) -> NDArray[np.bool_]:
        """Return for each citizen whether the row differs from the twin's; good until the next call.

        Both worlds are of one part.
        """
        one, other = base.states[0], variant.states[0]
        out = self._out
        out[:] = False
        self._scores(one.core["score"], other.core["score"])
        self._add((one.core["marks"] ^ other.core["marks"]) & self._twins.marks, 0)
        for name in self._plain:
            self._add(one.core[name], other.core[name])
        self._translated("lists", self._lists, one, other)
        if self._twins.counts:
            self._translated("month_counts", self._counts, one, other)
        flat = out.reshape(-1)
        self._rows_differ(flat, one, other)
        self.outward[:] = flat[: self._twins.citizens]
        self._add(one.core[FEAR], other.core[FEAR])
        return flat[: self._twins.citizens]

    def _add(self, one: Column, other: Column | int) -> None:
        """Add those to whom two values are given."""
        np.not_equal(one, other, out=self._now)
        np.logical_or(self._out, self._now, out=self._out)

    def _scores(self, one: Column, other: Column) -> None:
        """Compare scores as distances from the base; without a score the distance is 0."""
        scored, (here, there) = self._twins.scored, self._twins.bases
        if all(scored):
            # in 32 bits: a shifted score may leave 16
            self._add(one, other if here == there else other.astype(np.int32) + (here - there))
        elif scored[0]:
            self._add(one, here)
        elif scored[1]:
            self._add(other, there)

    def _translated(self, name: str, tables: Sequence[Column], one: State, other: State) -> None:
        """Compare a column of bits or counters by what each means, not by where it lies."""
        if self._twins.one_table:
            self._add(one.core[name], other.core[name])
        else:
            self._add(tables[0][one.core[name]], tables[1][other.core[name]])

    def _rows_differ(self, out: NDArray[np.bool_], *states: State) -> None:
        """Add those whose rows of rare columns differ; who has none has zeros."""
        found = []
        for state, (places, kept) in zip(states, self._rare, strict=True):
            citizens, values = state.rows()
            self._rows[citizens] ^= values[:, places] * kept
            found.append(citizens)
        for citizens in found:
            out[citizens] |= self._rows[citizens].any(axis=1)
        for citizens in found:
            self._rows[citizens] = 0


def meanings(size: int, places: Sequence[int], bits: int, most: int) -> NDArray[np.uint32]:
    """Return for each value of a packed column the same fields in the order of `places`; -1 stands for 0."""
    values = np.arange(size, dtype=np.uint32)
    out = np.zeros(size, np.uint32)
    for number, place in enumerate(places):
        if place >= 0:
            out |= (values >> np.uint32(bits * place) & np.uint32(most)) << np.uint32(bits * number)
    return out
