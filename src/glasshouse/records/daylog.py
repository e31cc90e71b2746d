"""The counts of every day in the form they are recorded in, so that a run can go on where it stopped.

They wait in memory and go to disk in segments: at each checkpoint, and before they take much memory.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files
from glasshouse.records.manifest import FileEntry
from glasshouse.society.crossings import blank

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

ROWS = 2**19  # cells that may wait in memory, about 6 MB


class LoggedDay(NamedTuple):
    """One day: its number, the cells that are not zero and their values, and what else was taken.

    Attributes:
        t: Day number.
        cells: Cells that are not zero.
        values: Their values.
        histogram: Members by province and score, if they were counted.
        crossings: What crossed between citizens, if that is kept.
    """

    t: int
    cells: NDArray[np.intp]
    values: NDArray[np.int64]
    histogram: NDArray[np.int64] | None
    crossings: NDArray[np.void] | None = None

    @property
    def rows(self) -> int:
        """How much waits with it."""
        return self.cells.size + (0 if self.crossings is None else self.crossings.size)


class DayLog:
    """Collects the days of a run and writes them in segments to a folder, each segment once.

    Args:
        folder: Where the segments go; made when the first is written.
        entries: Segments that lie there already.
    """

    def __init__(self, folder: Path, entries: list[FileEntry] | None = None) -> None:
        self.folder = folder
        self.entries = list(entries or [])
        self._waiting: list[LoggedDay] = []
        self._rows = 0

    def add(self, day: LoggedDay) -> None:
        """Add a day; what waits goes to disk when it is much."""
        self._waiting.append(day)
        self._rows += day.rows
        if self._rows >= ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what waits as one segment.

        Raises:
            InputOutputError: the disk failed; what waits still waits.
        """
        if not self._waiting:
            return
        first, last = self._waiting[0].t, self._waiting[-1].t
        content = packed(self._waiting)
        with files.told("write", self.folder):
            self.folder.mkdir(exist_ok=True)
        path = self.folder / f"days-{first:06}-{last:06}.npz"
        done = files.write_atomically(path, lambda part: part.write(content))
        self.entries.append(FileEntry(done.name, done.size_bytes, self._rows, done.blake2b))
        self._waiting, self._rows = [], 0


def packed(days: list[LoggedDay]) -> bytes:
    """Return days as the bytes of a segment."""
    stream = io.BytesIO()
    histograms = [(day.t, day.histogram) for day in days if day.histogram is not None]
    crossed = [(day.t, day.crossings) for day in days if day.crossings is not None]
    np.savez(
        stream,
        days=np.array([day.t for day in days], np.int64),
        sizes=np.array([day.cells.size for day in days], np.int64),
        cells=np.concatenate([day.cells for day in days]).astype(np.int32),
        values=np.concatenate([day.values for day in days]).astype(np.int64),
        months=np.array([t for t, _ in histograms], np.int64),
        histograms=np.array([h for _, h in histograms], np.int64),
        crossed=np.array([(t, rows.size) for t, rows in crossed], np.int64).reshape(-1, 2),
        crossings=np.concatenate([blank(0), *(rows for _, rows in crossed)]),
    )
    return stream.getvalue()


def read_days(folder: Path, entries: list[FileEntry]) -> Iterator[LoggedDay]:
    """Yield the days of segments, in order.

    Raises:
        InputOutputError: a segment is missing or not what was written.
    """
    for entry in entries:
        path = folder / entry.name
        with files.told("read", path):
            content = path.read_bytes()
        if files.hash_bytes(content) != (entry.size_bytes, entry.blake2b):
            raise InputOutputError(
                f"{clean(path, 200)} is damaged: its bytes are not those that were written"
            )
        with np.load(io.BytesIO(content), allow_pickle=False) as tables:
            histograms = dict(zip(tables["months"].tolist(), tables["histograms"], strict=True))
            ends = tables["crossed"][:, 1].cumsum()
            crossings = dict(
                zip(tables["crossed"][:, 0].tolist(), np.split(tables["crossings"], ends[:-1]), strict=False)
            )
            cells, values = tables["cells"].astype(np.intp), tables["values"]
            end = 0
            for t, size in zip(tables["days"].tolist(), tables["sizes"].tolist(), strict=True):
                start, end = end, end + size
                yield LoggedDay(t, cells[start:end], values[start:end], histograms.get(t), crossings.get(t))
