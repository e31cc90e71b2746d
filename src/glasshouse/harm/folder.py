"""The study of harms on disk: the whole of it as JSON, and its tables as CSV and Parquet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files
from glasshouse.records.manifest import without_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from glasshouse.harm.study import Harm

__all__ = ["FILES", "HARM", "refuse_taken", "write", "write_harm", "write_table"]

HARM = "harm.json"
FILES = (HARM, *(f"{name}.{kind}" for name in ("audit", "judged", "recovery") for kind in ("csv", "parquet")))


def refuse_taken(folder: Path, *, replace: bool, mine: str = HARM) -> None:
    """Raise InputOutputError if the folder holds anything that may not be replaced, before anything is computed.

    `mine` is the file by which a folder is known as one of ours.
    """
    with files.told("use the output folder", folder):
        if folder.exists() and not folder.is_dir():
            raise InputOutputError(f"{clean(folder, 200)} is a file, expected a folder")
        held = sorted(one.name for one in folder.iterdir()) if folder.exists() else []
    if held and not (replace and mine in held):
        raise InputOutputError(
            f"{clean(folder, 200)} is not empty: it holds {clean(', '.join(held[:3]), 100)}",
            help="choose a new folder" if mine not in held else "choose a new folder, or give --replace",
        )


def write_harm(study: Harm, folder: Path, *, command: Sequence[str] = ()) -> None:
    """Write `harm.json` into a folder, and as CSV and Parquet `audit`, `judged` (the long table), `recovery` (curves).

    `command` is the command line, kept in `harm.json` without absolute paths.

    Raises:
        InputOutputError: they cannot be written.
    """
    with files.told("make the output folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, rows in study.tables().items():
        write_table(folder, name, rows)
    tree = study.as_dict() | ({"command": without_paths(command)} if command else {})
    text = json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False)
    write(folder / HARM, text + "\n")


def write(path: Path, text: str) -> None:
    """Write a whole text file or nothing."""
    files.write_atomically(path, lambda part: part.write(text.encode()))


def write_table(folder: Path, name: str, rows: pa.Table) -> None:
    """Write a table as CSV and as Parquet, each whole or not at all."""
    import pyarrow.parquet as pq

    write(folder / f"{name}.csv", as_csv(rows.to_pylist()))
    files.write_atomically(
        folder / f"{name}.parquet", lambda part: pq.write_table(rows, part, compression="zstd")
    )


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows of equal keys as CSV."""
    kept = list(rows)
    out = io.StringIO()
    if kept:
        writer = csv.DictWriter(out, list(kept[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return out.getvalue()
