"""Writes a run to a folder: daily counts as days pass, then scores, bulletin, summary, and the manifest last."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files, manifest
from glasshouse.records.bulletin import Bulletin
from glasshouse.records.checkpoint import Keeper
from glasshouse.records.claim import OURS, claim_output
from glasshouse.records.crossings import NAME as CROSSINGS
from glasshouse.records.crossings import CrossingsFile, may_be_kept
from glasshouse.records.daylog import LoggedDay
from glasshouse.records.layout import KINDS, Layout
from glasshouse.records.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan
    from glasshouse.records.digest import RunDigest
    from glasshouse.records.manifest import Provenance

ROWS = 2**18  # rows of a row group, about 6 MB of arrays waiting
Table = TypeVar("Table", "DailyFile", CrossingsFile)


class Recorder(Sums):
    """Records one run.

    Make it before the society is built: what is wrong with the folder is then said at once. Used in a `with`
    statement, a run that ends without `close` leaves no file behind.

    Args:
        folder: Output folder; it must be new or empty.
        plan: The compiled scenario.
        layout: Names along the axes of the daily arrays.
        replace: Whether an older run there may be replaced.
        head: What checkpoints say about the run.
        resume: Whether an unfinished run there is gone on with.
        crossings: Whether what crosses between citizens is kept too; never of a small society.

    Raises:
        InputOutputError: the folder is taken, locked or cannot be written.
    """

    def __init__(
        self,
        folder: str | Path,
        plan: Plan,
        layout: Layout,
        *,
        replace: bool = False,
        head: Mapping[str, Any] | None = None,
        resume: bool = False,
        crossings: bool = False,
    ) -> None:
        super().__init__(plan, layout)
        self._claim = claim_output(folder, replace=replace, resume=resume)
        self.folder = self._claim.folder
        self.keeps_crossings = crossings and may_be_kept(plan)
        self.keeper = Keeper(self.folder, {**(head or {}), "crossings": self.keeps_crossings}, keep=resume)
        self.entries: list[manifest.FileEntry] = []
        self._bulletin = Bulletin(plan, layout)
        self._scores: list[tuple[int, NDArray[np.int64]]] = []
        self._tables: list[DailyFile | CrossingsFile] = []
        try:
            self._daily = self._begun(DailyFile(self.folder / "daily.parquet", plan, layout))
            if self.keeps_crossings:
                self._crossings = self._begun(CrossingsFile(self.folder / CROSSINGS, plan))
        except BaseException:
            self.abandon()
            raise

    def _begun(self, table: Table) -> Table:
        """Remember a table that grows day by day."""
        self._tables.append(table)
        return table

    def day(
        self,
        t: int,
        flows: NDArray[np.int64],
        stocks: NDArray[np.int64],
        histogram: NDArray[np.int64] | None = None,
        crossings: NDArray[np.void] | None = None,
    ) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Record the flows of day `t` and the stocks at its end; both (provinces, groups, measures).

        Where given, `histogram` says how many members have each score, (provinces, scores), from the floor on, and
        `crossings` what crossed between citizens.

        Returns:
            The cells that are not zero and their values, as `RunDigest.rows` takes them.
        """
        cells, values = self.layout.nonzero(flows, stocks)
        day = LoggedDay(t, cells, values, histogram, crossings)
        self._record(day, flows, stocks)
        self.keeper.log.add(day)
        return cells, values

    def again(self, day: LoggedDay) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Record a day that was recorded before the run was stopped; return its flows and stocks."""
        flows, stocks = self.layout.unpacked(day.cells, day.values)
        self._record(day, flows, stocks)
        return flows, stocks

    def _record(self, day: LoggedDay, flows: NDArray[np.int64], stocks: NDArray[np.int64]) -> None:
        """Take a day into every table."""
        self.add(day.t, flows, stocks)
        self._daily.add(day.t, day.cells, day.values)
        self._bulletin.day(day.t, flows.sum(axis=(0, 1)), stocks.sum(axis=(0, 1)))
        if day.histogram is not None:
            self._month(day.t, day.histogram)
        if day.crossings is not None:
            self._crossings.add(day.t, day.crossings)

    def _month(self, t: int, histogram: NDArray[np.int64]) -> None:
        """Record how many people have each score at the end of day `t`.

        Args:
            t: Day number.
            histogram: (provinces, scores); the first column is the floor of the score.
        """
        provinces = len(self.layout.provinces)
        if histogram.ndim != 2 or len(histogram) != provinces:
            raise ValueError(f"a histogram has the shape {histogram.shape}, expected ({provinces}, scores)")
        self._scores.append((t, histogram.copy()))

    def close(
        self,
        source: Provenance,
        digest: RunDigest,
        run_digest: str,
        summarise: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Finish all files, the manifest last, and give the folder free.

        Args:
            source: Where the run comes from and what it took.
            digest: What was hashed day by day.
            run_digest: The digest of the run, from `RunDigest.finish`.
            summarise: May add to what goes into `summary.json`.

        Returns:
            The manifest.

        Raises:
            InputOutputError: the disk failed; nothing of the run is left then.
        """
        head = {"line": manifest.LINE, "scenario": manifest.last_part(source.name), "title": source.title}
        summary = {**head, "notice": source.notice, "digest": run_digest, **self.summary()}
        try:
            self.entries += [table.commit() for table in self._tables]
            if self._scores:
                self._table("scores.parquet", scores_table(self.plan, self.layout, self._scores))
            self._table("bulletin.parquet", bulletin_table(self._bulletin))
            self._bytes("bulletin.txt", self._bulletin.text(source.title, source.notice).encode())
            self._bytes("summary.json", manifest.to_bytes(summarise(summary) if summarise else summary))
            tree = manifest.build(
                self.plan,
                source,
                plan_digest=digest.plan,
                digest=run_digest,
                day_digests=digest.days,
                entries=self.entries,
            )
            files.write_atomically(
                self.folder / manifest.NAME, lambda part: part.write(manifest.to_bytes(tree))
            )
        except BaseException:
            self.abandon()
            raise
        self.keeper.discard()
        self._claim.release()
        return tree

    def abandon(self) -> None:
        """Leave nothing of an unfinished run but its checkpoints, and give the folder free; not after `close`."""
        if self._claim.released:
            return
        for table in self._tables:
            table.discard()
        for name in OURS:  # the manifest first; none was there when the folder was taken
            files.remove(self.folder / name)
        self.keeper.abandon()
        self._claim.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def _table(self, name: str, table: pa.Table) -> None:
        """Write a small table."""
        done = files.write_atomically(
            self.folder / name,
            lambda part: write_table(part, table),
            lambda path: check_rows(path, table.num_rows),
        )
        self.entries.append(manifest.FileEntry(done.name, done.size_bytes, table.num_rows, done.blake2b))

    def _bytes(self, name: str, content: bytes) -> None:
        """Write a small text."""
        done = files.write_atomically(self.folder / name, lambda part: part.write(content))
        self.entries.append(manifest.FileEntry(done.name, done.size_bytes, None, done.blake2b))


class DailyFile:
    """`daily.parquet`, written in row groups while days pass, so that memory stays bounded.

    Args:
        path: Its final name.
        plan: The compiled scenario.
        layout: Names along the axes of the daily arrays.
    """

    def __init__(self, path: Path, plan: Plan, layout: Layout) -> None:
        self.rows = 0
        self._path = path
        self._layout = layout
        self._start = np.datetime64(plan.start_date, "D")
        self._waiting: list[tuple[int, NDArray[np.intp], NDArray[np.int64]]] = []
        self._waiting_rows = 0
        measures = list(dict.fromkeys(name for name, _ in layout.measures))  # some are both flow and stock
        self._name_of = np.array([measures.index(name) for name, _ in layout.measures], np.int16)
        # No name twice: behind a dictionary with doubles, pyarrow 26 writes as many bytes of whatever was in memory.
        self._names = {
            "measure": pa.array(measures, pa.string()),
            "kind": pa.array(KINDS, pa.string()),
            "province": pa.array(layout.provinces, pa.string()),
            "group": pa.array(layout.groups, pa.string()),
        }
        self._kind_of = np.array([KINDS.index(kind) for _, kind in layout.measures], np.int8)
        self._part = files.PartFile(path)
        try:
            with files.told("write", path):
                self._writer = pq.ParquetWriter(self._part, daily_schema(), **OPTIONS)
        except BaseException:
            self._part.discard()
            raise

    def add(self, t: int, cells: NDArray[np.intp], values: NDArray[np.int64]) -> None:
        """Add the non-zero cells of a day; write a row group when enough rows wait."""
        self._waiting.append((t, cells, values))
        self._waiting_rows += len(cells)
        if self._waiting_rows >= ROWS:
            self._write()

    def commit(self) -> manifest.FileEntry:
        """Write what waits, finish the file and put it in place."""
        self._write()
        with files.told("write", self._path):
            self._writer.close()
        done = self._part.commit(lambda path: check_rows(path, self.rows))
        return manifest.FileEntry(done.name, done.size_bytes, self.rows, done.blake2b)

    def discard(self) -> None:
        """Remove what was written under the temporary name."""
        with suppress(Exception):  # it writes a footer to a file that is removed next
            self._writer.close()
        self._part.discard()

    def _write(self) -> None:
        """Write the days that wait as one row group."""
        if not self._waiting_rows:
            return
        days = np.array([t for t, _, _ in self._waiting], np.int32)
        day = np.repeat(days, [len(cells) for _, cells, _ in self._waiting])
        cells = np.concatenate([cells for _, cells, _ in self._waiting])
        values = np.concatenate([values for _, _, values in self._waiting])
        with files.told("write", self._path):
            self._writer.write_batch(self._batch(day, cells, values), row_group_size=len(day))
        self.rows += len(day)
        self._waiting.clear()
        self._waiting_rows = 0

    def _batch(
        self, day: NDArray[np.int32], cells: NDArray[np.intp], values: NDArray[np.int64]
    ) -> pa.RecordBatch:
        """Return rows as Arrow columns."""
        measure = self._layout.measure_of[cells]
        codes = {
            "measure": self._name_of[measure],
            "kind": self._kind_of[measure],
            "province": self._layout.province_of[cells],
            "group": self._layout.group_of[cells],
        }
        named = {
            key: pa.DictionaryArray.from_arrays(pa.array(code, pa.int16()), self._names[key])
            for key, code in codes.items()
        }
        date = pa.array(self._start + day, pa.date32())
        columns = {"day": pa.array(day.astype(np.int16)), "date": date, **named, "value": pa.array(values)}
        return pa.RecordBatch.from_pydict(columns, schema=daily_schema())


OPTIONS = {
    "compression": "zstd",
    "write_page_checksum": True,
    "use_dictionary": ["measure", "kind", "province", "group"],
    "column_encoding": dict.fromkeys(("day", "date", "value"), "DELTA_BINARY_PACKED"),
    "write_statistics": ["day"],
}


def daily_schema() -> pa.Schema:
    """Return the columns of `daily.parquet`."""
    word = pa.dictionary(pa.int16(), pa.string())
    return pa.schema(
        {
            "day": pa.int16(),
            "date": pa.date32(),
            "measure": word,
            "kind": word,
            "province": word,
            "group": word,
            "value": pa.int64(),
        }
    )


def scores_table(plan: Plan, layout: Layout, months: list[tuple[int, NDArray[np.int64]]]) -> pa.Table:
    """Return the monthly score distributions in long form, empty scores left out."""
    floor = plan.score.floor if plan.score else 0
    found = [(t, *np.nonzero(histogram), histogram) for t, histogram in months]
    day = np.concatenate([np.full(len(p), t, np.int16) for t, p, _, _ in found])
    province = np.concatenate([p for _, p, _, _ in found]).astype(np.int16)
    score = np.concatenate([s for _, _, s, _ in found]).astype(np.int32) + floor
    citizens = np.concatenate([histogram[p, s] for _, p, s, histogram in found]).astype(np.int64)
    names = pa.DictionaryArray.from_arrays(pa.array(province), pa.array(layout.provinces, pa.string()))
    return pa.table({"day": day, "province": names, "score": score, "citizens": citizens})


def bulletin_table(bulletin: Bulletin) -> pa.Table:
    """Return the monthly bulletin as a table."""
    columns = bulletin.columns()
    kinds = {"month": pa.string(), "date": pa.date32()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()})


def write_table(part: files.PartFile, table: pa.Table) -> None:
    """Write a table with checksums on its pages."""
    pq.write_table(table, part, compression="zstd", write_page_checksum=True)


def check_rows(path: Path, rows: int) -> None:
    """Raise InputOutputError unless a Parquet file opens and has so many rows."""
    try:
        found = pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError) as failure:
        raise InputOutputError(f"{clean(path, 200)} cannot be opened again: {clean(failure)}") from failure
    if found != rows:
        raise InputOutputError(f"{clean(path, 200)} has {found} rows, {rows} were written")
