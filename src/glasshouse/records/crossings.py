"""`crossings.parquet`: what crossed between citizens, day by day, so that one life can be told again from it alone.

Kept of societies of at least 1,000 citizens: it names citizens by number, and a smaller society could stand for a
household or an office.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files, manifest
from glasshouse.society.columns import ORIGINS, RECORD
from glasshouse.society.crossings import PUNISHED, WORDS, blank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan
    from glasshouse.records.reader import RunRecords

    Crossings = NDArray[np.void]  # (k,) of society.crossings.CROSSING

__all__ = [
    "NAME",
    "SMALLEST_SOCIETY",
    "Crossed",
    "CrossingsFile",
    "CrossingsLog",
    "RecordedCrossings",
    "may_be_kept",
]

NAME = "crossings.parquet"
SMALLEST_SOCIETY = 1_000  # citizens; below it nothing is told of a single one
ROWS = 2**18  # rows of a row group, about 2 MB waiting
OPTIONS = {
    "compression": "zstd",
    "write_page_checksum": True,
    "use_dictionary": ["kind", "behaviour", "origin"],
    "column_encoding": dict.fromkeys(("day", "citizen"), "DELTA_BINARY_PACKED"),
    "write_statistics": ["day"],
}
_WORD = pa.dictionary(pa.int8(), pa.string())
SCHEMA = pa.schema(
    {"day": pa.int16(), "kind": _WORD, "citizen": pa.uint32(), "behaviour": _WORD, "origin": _WORD}
)


def may_be_kept(plan: Plan) -> bool:
    """Say whether a society is large enough for a log that names citizens by number."""
    return plan.citizens >= SMALLEST_SOCIETY


class Crossed(NamedTuple):
    """What a log says about some citizens.

    Attributes:
        days: Day number of each row, ascending.
        rows: What crossed, (k,) of `society.crossings.CROSSING`.
        pulses: How many people were punished on each day of the run, whoever they are.
    """

    days: NDArray[np.int64]
    rows: Crossings
    pulses: NDArray[np.int64]


class CrossingsLog(Protocol):
    """Where what crossed is looked up."""

    def of(self, citizens: Collection[int]) -> Crossed:
        """Return the rows that concern some citizens, in order of days."""


class CrossingsFile:
    """The file, written in row groups while days pass, so that memory stays bounded.

    Args:
        path: Its final name.
        plan: The compiled scenario.
    """

    def __init__(self, path: Path, plan: Plan) -> None:
        self.rows = 0
        self._path = path
        self._behaviours = pa.array([one.id for one in plan.behaviours], pa.string())
        self._waiting: list[tuple[int, Crossings]] = []
        self._waiting_rows = 0
        self._part = files.PartFile(path)
        try:
            with files.told("write", path):
                self._writer = pq.ParquetWriter(self._part, SCHEMA, **OPTIONS)
        except BaseException:
            self._part.discard()
            raise

    def add(self, t: int, crossings: Crossings) -> None:
        """Add a day; write a row group when enough rows wait."""
        self._waiting.append((t, crossings))
        self._waiting_rows += len(crossings)
        if self._waiting_rows >= ROWS:
            self._write()

    def commit(self) -> manifest.FileEntry:
        """Write what waits, finish the file and put it in place."""
        self._write()
        with files.told("write", self._path):
            self._writer.close()
        done = self._part.commit(self._check)
        return manifest.FileEntry(done.name, done.size_bytes, self.rows, done.blake2b)

    def discard(self) -> None:
        """Remove what was written under the temporary name."""
        with suppress(Exception):  # it writes a footer to a file that is removed next
            self._writer.close()
        self._part.discard()

    def _check(self, path: Path) -> None:
        """Raise InputOutputError unless the file opens and has the rows that were written."""
        found = pq.read_metadata(path).num_rows
        if found != self.rows:
            raise InputOutputError(f"{clean(path, 200)} has {found} rows, {self.rows} were written")

    def _write(self) -> None:
        """Write the days that wait as one row group."""
        if not self._waiting_rows:
            return
        day = np.repeat([t for t, _ in self._waiting], [len(rows) for _, rows in self._waiting])
        rows = np.concatenate([rows for _, rows in self._waiting])
        with files.told("write", self._path):
            self._writer.write_batch(self._batch(day, rows), row_group_size=len(rows))
        self.rows += len(rows)
        self._waiting, self._waiting_rows = [], 0

    def _batch(self, day: NDArray[np.int64], rows: Crossings) -> pa.RecordBatch:
        """Return rows as Arrow columns."""
        kinds = np.searchsorted(list(WORDS), rows["kind"])
        record = rows["kind"] == RECORD
        columns = {
            "day": pa.array(day.astype(np.int16)),
            "kind": worded(kinds, pa.array(WORDS.values(), pa.string())),
            "citizen": pa.array(np.ascontiguousarray(rows["citizen"])),
            "behaviour": worded(rows["arg"], self._behaviours, record),
            "origin": worded(rows["value"] - record, pa.array(ORIGINS, pa.string()), record),
        }
        return pa.RecordBatch.from_pydict(columns, schema=SCHEMA)


def worded(codes: NDArray[np.integer], words: pa.Array, where: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return numbers as words, null but `where`."""
    nulls = None if where is None else ~where
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), pa.int8(), mask=nulls), words)


class RecordedCrossings:
    """The log of a finished run.

    Args:
        run: The run.
        plan: The plan it was run from.
    """

    def __init__(self, run: RunRecords, plan: Plan) -> None:
        self._run = run
        self._plan = plan

    def of(self, citizens: Collection[int]) -> Crossed:
        """Return the rows that concern some citizens, in order of days, and everybody's punishments by day.

        Raises:
            InputOutputError: the file is missing or damaged.
        """
        wanted = pa.array(sorted(citizens), pa.uint32())
        pulses = np.zeros(self._plan.days, np.int64)
        found = []
        for batch in self._run.batches(NAME):
            day = self._days(batch)
            punished = pc.call_function(
                "equal", [batch["kind"].cast(pa.string()), pa.scalar(WORDS[PUNISHED])]
            )
            pulses += np.bincount(day[np.asarray(punished)], minlength=pulses.size)
            options = pc.SetLookupOptions(value_set=wanted)
            found.append(batch.filter(pc.call_function("is_in", [batch["citizen"]], options)))
        table = pa.Table.from_batches(found, SCHEMA)
        rows = blank(len(table))
        rows["citizen"] = np.asarray(table["citizen"])
        rows["kind"] = numbered(table["kind"], list(WORDS.values()), list(WORDS))
        behaviours = [one.id for one in self._plan.behaviours]
        rows["arg"] = numbered(table["behaviour"], behaviours, range(len(behaviours)))
        rows["value"] = numbered(table["origin"], ORIGINS, range(1, len(ORIGINS) + 1))
        return Crossed(np.asarray(table["day"], np.int64), rows, pulses)

    def _days(self, batch: pa.RecordBatch) -> NDArray[np.int64]:
        """Return the days of some rows.

        Raises:
            InputOutputError: they are not the rows of a log of this run.
        """
        if batch.schema != SCHEMA:
            raise InputOutputError(f"{NAME} is damaged: it has other columns", help="run it again")
        day = np.asarray(batch["day"], np.int64)
        if day.size and not 0 <= day.min() <= day.max() < self._plan.days:
            raise InputOutputError(f"{NAME} is damaged: it speaks of other days", help="run it again")
        return day


def numbered(column: pa.ChunkedArray, words: Sequence[str], numbers: Sequence[int]) -> NDArray[np.uint8]:
    """Return words as numbers, 0 where there is none.

    Raises:
        InputOutputError: there is another word.
    """
    number = dict(zip(words, numbers, strict=True)) | {None: 0}
    found = column.to_pylist()
    for word in found:
        if word not in number:
            raise InputOutputError(f"{NAME} is damaged: it speaks of {clean(word)}", help="run it again")
    return np.array([number[word] for word in found], np.uint8)
