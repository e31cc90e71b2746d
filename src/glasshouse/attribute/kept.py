"""What an attribution keeps in its folder: the worlds that are finished, so that an interrupted one goes on.

`worlds/` holds `job.json`, which says whose worlds these are, and for each replicate one file with the measures of
every coalition lived so far. Files are replaced as a whole, at most every two seconds.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from glasshouse.attribute.worlds import MEASURES
from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files
from glasshouse.records.claim import LOCK, Claim, suggestion, take_lock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from glasshouse.attribute.worklist import Task

__all__ = ["RESULTS", "Kept"]

FORMAT = "glasshouse-attribution"
RESULTS = ("attribution.json", "attribution.parquet", "attribution.csv")
WORLDS, JOB = "worlds", "job.json"
EVERY_S = 2.0
WORDS = {
    "scenario": "scenario",
    "plan_digest": "scenario",
    "seed": "seed",
    "citizens": "number of citizens",
    "days": "number of days",
    "players": "list of rules",
}


class Kept:
    """The finished worlds of a folder; a context that holds the folder's lock.

    Args:
        folder: Output folder: new, empty, or of an attribution that is gone on with or replaced.
        job: What the worlds are of; worlds of something else are refused.
        replace: Whether an attribution there may be replaced.
        resume: Whether it is gone on with.

    Raises:
        InputOutputError: the folder is taken, or holds worlds of something else.
    """

    def __init__(
        self, folder: str | Path, job: Mapping[str, Any], *, replace: bool = False, resume: bool = False
    ) -> None:
        self.folder = Path(folder)
        self._worlds = self.folder / WORLDS
        self._games: dict[int, dict[int, dict[str, int]]] = {}
        self._fresh: set[int] = set()
        self._written = time.monotonic()
        self._claim = claimed(self.folder, replace=replace, resume=resume)
        try:
            self._begin(dict(job), resume=resume)
        except BaseException:
            self._claim.release()
            raise

    def _begin(self, job: dict[str, Any], *, resume: bool) -> None:
        """Write down what the worlds are of, or read the worlds that are there."""
        with files.told("use the output folder", self.folder):
            self._worlds.mkdir(exist_ok=True)
            if resume and (self._worlds / JOB).exists():
                refuse_other(read(self._worlds / JOB), job, self.folder)
                for path in sorted(self._worlds.glob("seed-*.json")):
                    self._take(path)
            else:
                for path in (*(self.folder / name for name in RESULTS), *sorted(self._worlds.glob("*.json"))):
                    path.unlink(missing_ok=True)
                write(self._worlds / JOB, {"format": FORMAT, **job})

    def _take(self, path: Path) -> None:
        """Take in the worlds of one file; those of which other measures were taken are lived again.

        Raises:
            InputOutputError: the file is damaged.
        """
        tree = read(path)
        if tree.get("measures") != list(MEASURES):
            return
        try:
            self._games[int(tree["seed"])] = {
                int(key): {name: int(value) for name, value in zip(MEASURES, row, strict=True)}
                for key, row in tree["worlds"].items()
            }
        except (KeyError, ValueError, TypeError, AttributeError):
            raise damaged(path) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not isinstance(error, InputOutputError):  # a full disk is told once
                self.flush()
        finally:
            self._claim.release()

    def get(self, task: Task) -> dict[str, int] | None:
        """Return the measures of a world that is finished, or None."""
        return self._games.get(task.seed, {}).get(task.coalition)

    def add(self, task: Task, found: dict[str, int]) -> None:
        """Keep a world."""
        self._games.setdefault(task.seed, {})[task.coalition] = found
        self._fresh.add(task.seed)
        if time.monotonic() - self._written > EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Write the worlds that are not on the disk yet."""
        for seed in sorted(self._fresh):
            rows = {
                str(key): [one[name] for name in MEASURES] for key, one in sorted(self._games[seed].items())
            }
            write(
                self._worlds / f"seed-{seed}.json",
                {"seed": str(seed), "measures": list(MEASURES), "worlds": rows},
            )
        self._fresh.clear()
        self._written = time.monotonic()


def claimed(folder: Path, *, replace: bool, resume: bool) -> Claim:
    """Take an output folder for an attribution; make it if it is not there.

    Raises:
        InputOutputError: it holds something else, or is locked.
    """
    with files.told("use the output folder", folder):
        if folder.exists() and not folder.is_dir():
            raise InputOutputError(
                f"{clean(folder, 200)} is a file, expected a folder", help=suggestion(folder)
            )
        held = {one.name for one in folder.iterdir()} - {LOCK} if folder.exists() else set()
        ours = is_attribution(folder)
        if held and not ours:
            raise InputOutputError(
                f"the output folder {clean(folder, 200)} is not empty", help=suggestion(folder)
            )
        if held and not (replace or resume):
            raise InputOutputError(
                f"the output folder {clean(folder, 200)} holds an attribution already",
                help=f"--resume goes on with it, --replace begins anew; or {suggestion(folder)}",
            )
        folder.mkdir(parents=True, exist_ok=True)
        return Claim(folder, take_lock(folder))


def is_attribution(folder: Path) -> bool:
    """Say whether worlds of an attribution lie in a folder."""
    try:
        return read(folder / WORLDS / JOB).get("format") == FORMAT
    except InputOutputError:
        return False


def refuse_other(there: Mapping[str, Any], job: Mapping[str, Any], folder: Path) -> None:
    """Refuse to go on with worlds of something else.

    Raises:
        InputOutputError: the text says what differs.
    """
    for key, wanted in job.items():
        if there.get(key) != wanted:
            what = WORDS.get(key, "version of Glasshouse")
            told = (
                f" ({clean(there.get(key))}, now {clean(wanted)})"
                if key in ("seed", "citizens", "days")
                else ""
            )
            raise InputOutputError(
                f"the worlds kept in {clean(folder, 200)} are of another {what}{told}",
                help=f"give what they were begun with; or {suggestion(folder)}",
            )


def read(path: Path) -> dict[str, Any]:
    """Return the table of a JSON file.

    Raises:
        InputOutputError: it cannot be read or is none.
    """
    with files.told("read", path):
        text = path.read_bytes()
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict):
        raise damaged(path)
    return tree


def damaged(path: Path) -> InputOutputError:
    """Return the error for a file that is not as it was written."""
    return InputOutputError(f"{clean(path, 200)} is damaged", help="--replace begins anew")


def write(path: Path, tree: Mapping[str, Any]) -> None:
    """Write a table as JSON, whole or not at all."""
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False) + "\n"
    files.write_atomically(path, lambda part: part.write(text.encode()))
