"""A comparison on disk: both worlds of the first replicate as run folders, the replicates, and what was compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputOutputError, clean
from glasshouse.model.plan import compile_plan
from glasshouse.records import checkpoint, files
from glasshouse.records.claim import claim_output, is_run
from glasshouse.records.digest import plan_digest
from glasshouse.records.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from glasshouse.compare.worlds import Comparison
    from glasshouse.scenario.load import Loaded

__all__ = ["EFFECTS", "NAMES", "go_on_recording", "read_effects", "record_worlds", "write_comparison"]

NAMES = ("base", "variant")
COMPARISON = "comparison.json"
EFFECTS = ("effects.parquet", "effects.csv")


def record_worlds(
    worlds: Sequence[Loaded],
    folder: Path,
    *,
    citizens: int,
    days: int,
    seed: int,
    threads: int | None = None,
    replace: bool = False,
    names: Sequence[str] = NAMES,
    begin: Callable[[int], Callable[[int, int, float], None] | None] | None = None,
    command: Sequence[str] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> list[Any]:
    """Run both worlds of one seed and record each in a folder of its own; return the results.

    Args:
        worlds: The two scenarios.
        folder: Where the two run folders lie.
        citizens: Citizens of each.
        days: Days of each.
        seed: Seed of both.
        threads: Threads.
        replace: Whether runs that Glasshouse wrote there earlier may be replaced.
        names: Names of the two run folders.
        begin: Called with the number of a world before it begins; returns its progress callback.
        command: The command line, for the manifests.
        should_stop: Asked after each day whether to stop there.

    Raises:
        InputOutputError: a folder is taken or cannot be written; said before anything is computed.
        Interrupted: `should_stop` said so.
    """
    from glasshouse.run import simulate

    for name in names:  # both are looked at before the first runs
        claim_output(folder / name, replace=replace).release()
    return [
        simulate(
            loaded,
            citizens=citizens,
            days=days,
            seed=seed,
            threads=threads,
            folder=folder / name,
            replace=replace,
            progress=begin(number) if begin else None,
            command=command,
            should_stop=should_stop,
        )
        for number, (loaded, name) in enumerate(zip(worlds, names, strict=True))
    ]


def go_on_recording(
    worlds: Sequence[Loaded],
    folder: Path,
    *,
    citizens: int,
    days: int,
    seed: int,
    threads: int | None = None,
    begin: Callable[[int], Callable[[int, int, float], None] | None] | None = None,
    command: Sequence[str] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> None:
    """As `record_worlds`, in a folder where a part of it is done: what is whole stays, the rest is lived to its end."""
    from glasshouse.run import resume, simulate

    for number, (loaded, name) in enumerate(zip(worlds, NAMES, strict=True)):
        place = folder / name
        plan = compile_plan(loaded.scenario, citizens=citizens, days=days, seed=seed)
        if is_run(place) and read_manifest(place)["scenario"]["plan_digest"] == plan_digest(plan):
            continue
        told = begin(number) if begin else None
        if not is_run(place) and checkpoint.checkpoint_days(place / checkpoint.FOLDER):
            resume(place, threads=threads, progress=told, should_stop=should_stop)
            continue
        simulate(
            loaded,
            citizens=citizens,
            days=days,
            seed=seed,
            threads=threads,
            folder=place,
            replace=True,
            progress=told,
            command=command,
            should_stop=should_stop,
        )


def write_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write the effects as Parquet and CSV and, last, `comparison.json`; return its path.

    Raises:
        InputOutputError: the disk failed; an older file stays until the new one is whole.
    """
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    table = comparison.table()
    files.write_atomically(
        folder / EFFECTS[0],
        lambda part: pq.write_table(table, part, compression="zstd", write_page_checksum=True),
    )
    files.write_atomically(folder / EFFECTS[1], lambda part: arrow_csv.write_csv(table, part))
    path = folder / COMPARISON
    text = json.dumps(comparison.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    files.write_atomically(path, lambda part: part.write(text.encode()))
    return path


def read_effects(path: Path) -> list[dict[str, Any]]:
    """Return the rows of the `effects.parquet` of a comparison; none where there is no such file.

    Raises:
        InputOutputError: it is damaged, or no such table.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from glasshouse.compare.tables import SCHEMA

    if not path.is_file():
        return []
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException):
        table = None
    if table is None or not table.schema.equals(SCHEMA):
        raise InputOutputError(
            f"{clean(path, 200)} is damaged or of another version", help="compare again into another folder"
        )
    return table.to_pylist()
