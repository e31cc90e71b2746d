"""The state of a society: what is kept for everybody in blocks, and what few people have in rows of pages.

Kernels get `world`, the three arrays; everybody else asks for columns, which are copies.
"""

from __future__ import annotations

import math
import mmap
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from glasshouse.model.kernels import pages as page_kernels
from glasshouse.model.kernels.people import N_PLANES
from glasshouse.model.kernels.scratch import FREE_PAGES
from glasshouse.model.layout import N_RARE, PAGE, PAGES_OF_QUAD, QUAD, STATE, V_HISTORY
from glasshouse.society.columns import BLOCK, COLUMNS, RARE

ROW = np.dtype([("citizen", "<u4"), ("values", "<u2", (N_RARE,))])  # as checkpoints hold it
CITIZENS_AT_ONCE, ROWS_AT_ONCE = 2**22, 2**20
NORESERVE = 0x4000 if sys.platform == "linux" else 0  # where Python has no name for it
RARE_PLACES = {column.name: place for place, column in enumerate(RARE)}
TYPES = {column.name: column.dtype for column in COLUMNS}
Zeros = Callable[..., np.ndarray]  # from shape and dtype


class State:
    """The citizens' state.

    Attributes:
        core: One record of type layout.STATE per block of 64 citizens.
        planes: Bit planes of group, membership and internet use, (blocks, planes) uint64.
        first: First page of each quad of 256 citizens, uint32; 0 is none.
        pages: Pages of rows, of type layout.PAGE.
        noted: Mask per block of who has a history, so that most need not be looked for in the pages, uint64.
        span: First quad of the part that lives here, and the one after its last.

    A part of a society keeps its own citizens, and of all others the history alone: who is tied to whom depends on it.
    The arrays are made for everybody; memory that is never touched costs nothing. `zeros` makes them, where it is
    not the machine's own memory that they lie in.
    """

    def __init__(self, citizens: int, part: int = 0, parts: int = 1, zeros: Zeros | None = None) -> None:
        self.citizens = citizens
        blocks, quads = -(-citizens // BLOCK), -(-citizens // QUAD)
        self._zeros = zeros or (np.zeros if parts == 1 else untouched)
        self.core = self._zeros(blocks, STATE).view(np.recarray)
        self.planes = self._zeros((blocks, N_PLANES), np.uint64)
        self.first = self._zeros(quads, np.uint32)
        self.span = np.array([part * quads // parts, (part + 1) * quads // parts], np.int64)
        self.pages = self._fresh_pages(2 * quads)
        self.noted = self._zeros(blocks, np.uint64)
        self._top = 1  # pages from here on were never used
        self._free = np.empty(0, np.uint32)

    @property
    def world(self) -> tuple[np.recarray, np.ndarray, np.recarray, np.ndarray, np.ndarray]:
        """The arrays as kernels want them: (core, first, pages, noted, span)."""
        return self.core, self.first, self.pages, self.noted, self.span

    @property
    def blocks(self) -> slice:
        """The part's own blocks."""
        low, high = 4 * self.span.astype(int)
        return slice(low, min(high, self.core.size))

    def lend(self, scratch: np.ndarray) -> None:
        """See to it that each worker holds free pages enough for many quads, and has room for those given back."""
        lent = min(FREE_PAGES // 2, max(2 * PAGES_OF_QUAD, self.first.size // max(4, scratch.size)))
        for k in range(scratch.size):
            held = int(scratch["n_free"][k, 0])
            if held < PAGES_OF_QUAD:
                scratch["free"][k, held:lent] = self._take(lent - held)[::-1]
                scratch["n_free"][k, 0] = lent
            elif held > FREE_PAGES - PAGES_OF_QUAD:
                self._free = np.concatenate([self._free, scratch["free"][k, lent:held]])
                scratch["n_free"][k, 0] = lent

    def _take(self, n: int) -> np.ndarray:
        """Return n free pages."""
        given, self._free = self._free[:n], self._free[n:]
        fresh = n - given.size
        self._reserve(self._top + fresh)
        self._top += fresh
        return np.concatenate([given, np.arange(self._top - fresh, self._top, dtype=np.uint32)])

    def _reserve(self, n: int) -> None:
        """Make room for n pages; they grow by half when there are not enough."""
        if n > self.pages.size:
            more = self._fresh_pages(max(self.pages.size * 3 // 2, n))
            more[: self._top] = self.pages[: self._top]
            self.pages = more

    def _fresh_pages(self, n: int) -> np.recarray:
        """Return n empty pages and what a few workers hold; memory that is not touched costs nothing."""
        return self._zeros(n + 8 * FREE_PAGES, PAGE).view(np.recarray)

    def rows(self, start: int = 0, end: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the part's citizens among start..end-1, both on the border of a quad.

        Returns:
            Citizens, (k,) uint32 ascending, and their values, (k, rare columns) uint16.
        """
        low, high = start // QUAD, self.first.size if end is None else -(-end // QUAD)
        low, high = max(low, int(self.span[0])), min(high, int(self.span[1]))
        n = page_kernels.count_rows(self.first, self.pages, low, high)
        citizens, values = np.empty(n, np.uint32), np.empty((n, N_RARE), np.uint16)
        page_kernels.read_rows(self.first, self.pages, low, high, citizens, values)
        return citizens, values

    def row_pieces(self) -> Iterator[np.ndarray]:
        """Yield all rows of the rare columns, of type ROW in order of citizens, a few at once."""
        low, high = QUAD * self.span.astype(int)
        for start in range(low, high, CITIZENS_AT_ONCE):
            citizens, values = self.rows(start, min(start + CITIZENS_AT_ONCE, high))
            piece: np.ndarray = np.empty(citizens.size, ROW)
            piece["citizen"], piece["values"] = citizens, values
            yield piece

    def add_rows(self, piece: np.ndarray) -> None:
        """Take rows that `row_pieces` yielded into a state that has none of these citizens yet.

        Of other parts' citizens the history is kept. The pieces come in order; no worker may hold pages.
        """
        citizens, values = piece["citizen"].astype(np.int64), piece["values"].copy()
        low, high = QUAD * self.span
        foreign = (citizens < low) | (citizens >= high)
        values[foreign, :V_HISTORY] = 0
        kept = ~foreign | (values[:, V_HISTORY] != 0)
        citizens, values = citizens[kept], values[kept]
        self._reserve(self._top + citizens.size)
        self._top = 1 + int(page_kernels.write_rows(self.first, self.pages, citizens, values, self._top - 1))
        page_kernels.note_rows(self.noted, citizens, values)

    def row(self, citizen: int) -> dict[str, int]:
        """Return the columns of one citizen."""
        block, j = self.core[citizen // BLOCK], citizen % BLOCK
        rare = [int(page_kernels.rare_of(self.first, self.pages, citizen, v)) for v in range(N_RARE)]
        return {c.name: rare[RARE_PLACES[c.name]] if c.rare else int(block[c.name][j]) for c in COLUMNS}

    def part(self, name: str, start: int, end: int) -> np.ndarray:
        """Return a column for citizens start..end-1 of the part, both on the border of a quad; a copy if rare."""
        if name not in RARE_PLACES:
            return self.core[name][start // BLOCK : -(-end // BLOCK)].reshape(-1)
        citizens, values = self.rows(start, end)
        out = np.zeros(-(-end // BLOCK) * BLOCK - start, TYPES[name])
        out[citizens - np.uint32(start)] = values[:, RARE_PLACES[name]]
        return out

    def nbytes(self) -> int:
        """Return the bytes held for state; of pages those ever used."""
        own = (self.core[self.blocks], self.planes[self.blocks], self.first, self.noted)
        return sum(a.nbytes for a in own) + self._top * PAGE.itemsize


class Columns(Mapping[str, np.ndarray]):
    """The state as columns in id order; each is copied when asked for, so that memory stays low.

    The last block is padded to 64 rows.
    """

    def __init__(self, states: Sequence[State], others: Mapping[str, np.ndarray] | None = None) -> None:
        self._states = states
        self._others = dict(others or {})
        self._names = [*(c.name for c in COLUMNS), *self._others]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.part(name, 0, self._states[0].citizens)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def part(self, name: str, start: int, end: int) -> np.ndarray:
        """Return a column for citizens start..end-1, both on the border of a quad; others than citizens whole."""
        if name in self._others:
            return self._others[name]
        if len(self._states) == 1:
            return self._states[0].part(name, start, end)
        pieces = []
        for state in self._states:
            low, high = (QUAD * state.span).tolist()
            low, high = max(low, start), min(high, end)
            if low < high:
                pieces.append(state.part(name, low, high))
        return np.concatenate(pieces)


def untouched(shape: int | tuple[int, ...], dtype: np.typing.DTypeLike) -> np.ndarray:
    """Return zeros of which only what is touched takes memory, or is promised any.

    For a part of a society that is larger than the machine. Where the system has no such thing they are plain zeros.
    """
    size = math.prod(shape) if isinstance(shape, tuple) else shape
    if not hasattr(mmap, "MAP_ANONYMOUS") or not size:
        return np.zeros(shape, dtype)
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", NORESERVE)
    room = mmap.mmap(-1, size * np.dtype(dtype).itemsize, flags=flags)
    return np.frombuffer(room, dtype, size).reshape(shape)
