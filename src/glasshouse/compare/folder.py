"""A comparison on disk: both worlds of the first replicate as run folders, and what was compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from glasshouse.records import files
from glasshouse.records.claim import claim_output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from glasshouse.compare.worlds import Comparison
    from glasshouse.scenario.load import Loaded

__all__ = ["NAMES", "record_worlds", "write_comparison"]

NAMES = ("base", "variant")
COMPARISON = "comparison.json"


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

    Raises:
        InputOutputError: a folder is taken or cannot be written; said before anything is computed.
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
        )
        for number, (loaded, name) in enumerate(zip(worlds, names, strict=True))
    ]


def write_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write `comparison.json` beside the two run folders; return its path."""
    path = folder / COMPARISON
    text = json.dumps(comparison.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    files.write_atomically(path, lambda part: part.write(text.encode()))
    return path
