"""Reads a run back: only files that the manifest names, and only if they are bit for bit what was written."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files
from glasshouse.records.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator


class RunRecords:
    """The records of one run.

    Args:
        folder: The run's folder.
        manifest: Its manifest, checked.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._entries = {entry["name"]: entry for entry in manifest["files"]}

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Totals, flows of the run, stocks of its last day."""
        return json.loads(self.read("summary.json"))

    @property
    def totals(self) -> dict[str, int]:
        """Totals of the run under their stable keys."""
        return self.summary["totals"]

    def daily(self, measures: Iterable[str] | None = None, *, kind: str | None = None) -> pa.Table:
        """Return the daily counts that are not zero, in order of day, measure, province, group.

        Args:
            measures: Names to keep; all by default.
            kind: `flow` or `stock` to keep one of them: a flow and a stock may share a name.
        """
        table = self.table("daily.parquet")
        if measures is not None:
            table = table.filter(is_one_of(table["measure"], list(measures)))
        if kind is not None:
            table = table.filter(is_one_of(table["kind"], [kind]))
        return table

    def scores(self) -> pa.Table:
        """Return how many people have each score, by day and province; empty without a score."""
        if "scores.parquet" in self._entries:
            return self.table("scores.parquet")
        word = pa.dictionary(pa.int16(), pa.string())
        kinds = {"day": pa.int16(), "province": word, "score": pa.int32(), "citizens": pa.int64()}
        return pa.schema(kinds).empty_table()

    def bulletin(self) -> pa.Table:
        """Return the monthly bulletin."""
        return self.table("bulletin.parquet")

    def bulletin_text(self) -> str:
        """Return the monthly bulletin in words."""
        return self.read("bulletin.txt").decode()

    def verify(self) -> None:
        """Read every file of the run once.

        Raises:
            InputOutputError: one is missing or damaged.
        """
        for name in self._entries:
            if name.endswith(".parquet"):
                self.table(name)
            else:
                self.read(name)

    def table(self, name: str) -> pa.Table:
        """Return a Parquet file of the run.

        Raises:
            InputOutputError: it is missing or damaged.
        """
        with self._opened(name) as file:
            return file.read()

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """Yield a Parquet file of the run in pieces, so that a large one is never in memory as a table.

        Raises:
            InputOutputError: it is missing or damaged.
        """
        with self._opened(name) as file:
            yield from file.iter_batches()

    def has(self, name: str) -> bool:
        """Say whether the manifest names a file."""
        return name in self._entries

    @contextmanager
    def _opened(self, name: str) -> Generator[pq.ParquetFile]:
        """Open a Parquet file whose bytes are those that were written.

        Raises:
            InputOutputError: it is missing or damaged.
        """
        content, rows = self.read(name), self._entries[name]["rows"]
        try:
            file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
            if file.metadata.num_rows != rows:
                raise self._damaged(name, f"{file.metadata.num_rows} rows, expected {rows}")
            yield file
        except (pa.ArrowException, OSError, ValueError) as failure:
            raise self._damaged(name, clean(failure)) from failure

    def read(self, name: str) -> bytes:
        """Return the bytes of a file of the run.

        Raises:
            InputOutputError: the manifest does not name it, or it is missing or damaged.
        """
        if name not in self._entries:
            raise InputOutputError(f"the run in {clean(self.folder, 200)} has no {clean(name)}")
        entry, path = self._entries[name], self.folder / name
        with files.told("read", path):
            size = path.stat().st_size
            if size != entry["size_bytes"]:
                raise self._damaged(name, f"{size} bytes, expected {entry['size_bytes']}")
            content = path.read_bytes()
        if blake2b(content, digest_size=files.BYTES).hexdigest() != entry["blake2b"]:
            raise self._damaged(name, "its content is not what was written")
        return content

    def _damaged(self, name: str, why: str) -> InputOutputError:
        """Return the error for a damaged file."""
        return InputOutputError(f"{clean(self.folder / name, 200)} is damaged: {why}", help="run it again")


def is_one_of(column: pa.ChunkedArray, names: list[str]) -> pa.ChunkedArray:
    """Return for each row whether its name is one of `names`."""
    wanted = pc.SetLookupOptions(value_set=pa.array(names, pa.string()))
    return pc.call_function("is_in", [column.cast(pa.string())], wanted)


def open_run(folder: str | Path) -> RunRecords:
    """Open the run in a folder.

    Raises:
        InputOutputError: it holds none, or one that is damaged or of another version.
    """
    return RunRecords(Path(folder), read_manifest(folder))
