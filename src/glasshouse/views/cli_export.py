"""Daily counts of a run, filtered, as CSV or Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputOutputError, UsageError, clean
from glasshouse.views.cli_errors import close_match

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

__all__ = ["chosen", "write"]

# Also how they are asked for when they are rare: only what happened is recorded, so a known name may have no rows.
FILTERS = ("measure", "province", "group")


def chosen(
    folder: Path,
    measures: Sequence[str],
    provinces: Sequence[str],
    groups: Sequence[str],
    from_day: int | None,
    to_day: int | None,
) -> pa.Table:
    """Return the rows of `daily.parquet` that are asked for.

    Raises:
        UsageError: a measure, province or group is not one of this run.
        InputOutputError: the folder holds no run.
    """
    import pyarrow as pa
    import pyarrow.compute

    compute: Any = pyarrow.compute  # its functions are made when it is imported; no checker sees them
    from glasshouse.records.reader import open_run

    table = open_run(folder).daily()
    for name, wanted in zip(FILTERS, (measures, provinces, groups), strict=True):
        if wanted:
            words = table[name].cast(pa.string())
            _refuse_unknown(name, wanted, compute.unique(words).to_pylist())
            table = table.filter(compute.is_in(words, pa.array(list(wanted), pa.string())))
    if from_day is not None:
        table = table.filter(compute.greater_equal(table["day"], from_day))
    if to_day is not None:
        table = table.filter(compute.less_equal(table["day"], to_day))
    return table


def _refuse_unknown(what: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    """Raise UsageError for a name that this run has not recorded."""
    for name in wanted:
        if name not in known:
            near = close_match(name, known)
            help = f"did you mean {near}?" if near else f"for example {', '.join(sorted(known)[:5])}"
            raise UsageError(f"--{what} {clean(name)}: the run has no record of it", help=help)


def write(table: Any, path: Path, kind: str) -> None:
    """Write a table to a new file, whole or not at all.

    Raises:
        InputOutputError: the file exists, or cannot be written.
    """
    import pyarrow as pa
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    from glasshouse.records.files import write_atomically

    if path.exists():
        raise InputOutputError(
            f"{clean(path, 200)} exists already", help="choose another name; nothing is ever overwritten"
        )
    if kind == "parquet":
        write_atomically(
            path, lambda part: pq.write_table(table, part, compression="zstd", write_page_checksum=True)
        )
        return
    words = {
        name: table[name].cast(pa.string())
        for name in ("measure", "kind", "province", "group")
        if name in table.column_names
    }
    plain = pa.table({name: words.get(name, table[name]) for name in table.column_names})
    write_atomically(path, lambda part: arrow_csv.write_csv(plain, part))
