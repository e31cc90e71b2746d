"""What a comparison keeps while it goes on: a file for each finished replicate, in `replicates/` inside its folder.

`asked.json` says what is compared and is written first. `replicate-NUMBER.json` is written whole or not at all and
carries the hash of what was asked and its own. A comparison that was stopped goes on with the replicates it has not.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from glasshouse.compare.pair import Parting, pair_of_plans
from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files, manifest
from glasshouse.records.claim import LOCK, Claim, is_run, suggestion, take_lock
from glasshouse.records.digest import plan_digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from glasshouse.compare.replicates import Task

__all__ = ["Kept", "asked_tree", "is_comparison"]

FOLDER = "replicates"
ASKED = "asked.json"
FORMAT = "glasshouse-comparison"
FORMAT_VERSION = 2
RESULTS = ("comparison.json", "effects.parquet", "effects.csv", "report.html")
WORLDS = ("base", "variant")
MINE = re.compile(r"^(asked|replicate-\d{5})\.json(\.part-\d+)?$")
WORDS = {"base": "the base scenario", "variant": "the variant", "seed": "the first seed"}
NOT_COMPARED = ("names", "replicates")  # of what was asked: words, and a number that may grow


def asked_tree(task: Task, seed: int, replicates: int, names: tuple[str, str]) -> dict[str, Any]:
    """Return what a comparison asks: what must be the same for its replicates to be of use again."""
    from glasshouse.run import versions

    plans = pair_of_plans(
        task.base, task.variant, seed=seed, citizens=task.citizens, days=task.days, coupling=task.coupling,
        absent=task.absent,
    )  # fmt: skip
    tree = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "line": manifest.LINE,
        **versions(),
        "citizens": task.citizens,
        "days": task.days,
        "seed": str(seed),
        "coupling": task.coupling,
        "base": plan_digest(plans[0]),
        "variant": plan_digest(plans[1]),
        "names": list(names),
        "replicates": replicates,
    }
    return {**tree, "blake2b": own_hash(tree)}


def own_hash(tree: Mapping[str, Any]) -> str:
    """Return the hash of what was asked, of what decides the results alone."""
    return manifest.own_hash({key: value for key, value in tree.items() if key not in NOT_COMPARED})


def is_comparison(folder: Path) -> bool:
    """Say whether a folder holds a comparison that Glasshouse wrote, finished or not."""
    return (folder / FOLDER / ASKED).is_file() or all(is_run(folder / name) for name in WORLDS)


class Kept:
    """The replicates of a comparison on disk; use it as a context, for it holds the folder's lock.

    Args:
        folder: Folder of the comparison.
        asked: What is asked, from `asked_tree`.
        replace: Whether a comparison that Glasshouse wrote there may be replaced; other files stay.
        resume: Whether the comparison there is gone on with.

    Attributes:
        folder: Folder of the comparison.
        found: Sound replicates that lie there, by number.

    Raises:
        InputOutputError: the folder is taken or cannot be used, there is nothing to go on with, or it is another
            comparison.
    """

    def __init__(
        self, folder: str | Path, asked: Mapping[str, Any], *, replace: bool = False, resume: bool = False
    ) -> None:
        self.folder = Path(folder)
        self.asked = asked
        self.found: dict[int, Parting] = {}
        place = self.folder / FOLDER
        with files.told("use the output folder", self.folder):
            refuse_taken(self.folder, replace=replace, resume=resume)
            place.mkdir(parents=True, exist_ok=True)
            self._claim = Claim(place, take_lock(place))
        try:
            with files.told("use the output folder", self.folder):
                self._begin(resume=resume)
        except BaseException:
            self.release()
            raise

    def _begin(self, *, resume: bool) -> None:
        """Read what lies there, or clear it; then say what is asked."""
        if resume:
            refuse_other(self.folder, self.asked)
            self.found = dict(self._sound())
        else:
            clear(self.folder)
        self._write(ASKED, self.asked)

    def _sound(self) -> list[tuple[int, Parting]]:
        """Return the replicates that are whole and of this comparison; others are lived again."""
        first = int(self.asked["seed"])
        found = []
        for path in sorted((self.folder / FOLDER).glob("replicate-*.json")):
            tree = parsed(path)
            number = int(path.stem.rpartition("-")[2]) - 1
            if (
                tree
                and tree.get("of") == self.asked["blake2b"]
                and tree.get("blake2b") == manifest.own_hash(tree)
            ):
                parting = Parting.of_tree(tree["replicate"])
                if parting.seed == (first + number) % 2**64:
                    found.append((number, parting))
        return found

    def keep(self, number: int, parting: Parting) -> None:
        """Write a replicate that is finished.

        Raises:
            InputOutputError: the disk failed.
        """
        tree = {"of": self.asked["blake2b"], "replicate": parting.as_tree()}
        self._write(f"replicate-{number + 1:05}.json", {**tree, "blake2b": manifest.own_hash(tree)})

    def _write(self, name: str, tree: Mapping[str, Any]) -> None:
        text = json.dumps(tree, separators=(",", ":"), allow_nan=False) + "\n"
        files.write_atomically(self.folder / FOLDER / name, lambda part: part.write(text.encode()))

    def release(self) -> None:
        """Give the folder free; safe to call twice."""
        self._claim.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def refuse_taken(folder: Path, *, replace: bool, resume: bool) -> None:
    """Raise InputOutputError for a folder that holds something, unless that may be replaced or gone on with."""
    shown = clean(folder, 200)
    if folder.exists() and not folder.is_dir():
        raise InputOutputError(f"{shown} is a file, expected a folder", help=suggestion(folder))
    if resume:
        if not (folder / FOLDER / ASKED).is_file():
            raise InputOutputError(
                f"{shown} holds no comparison to go on with", help="leave --resume out to begin one there"
            )
        return
    held = [one.name for one in folder.iterdir()] if folder.exists() else []
    if not held or (replace and is_comparison(folder)):
        return
    if is_comparison(folder):
        what = (
            "holds a comparison already"
            if (folder / RESULTS[0]).exists()
            else "holds a comparison that was stopped"
        )
        raise InputOutputError(
            f"the output folder {shown} {what}",
            help=f"the same command with --resume goes on with it; or {suggestion(folder)}",
        )
    raise InputOutputError(f"the output folder {shown} is not empty", help=suggestion(folder))


def refuse_other(folder: Path, asked: Mapping[str, Any]) -> None:
    """Raise InputOutputError when the comparison in a folder is not the one that is asked for."""
    path = folder / FOLDER / ASKED
    there = parsed(path)
    if not there or there.get("blake2b") != own_hash(there):
        raise InputOutputError(f"{clean(path, 200)} is damaged", help="compare again into another folder")
    differ = [key for key in asked if there.get(key) != asked[key] and key not in (*NOT_COMPARED, "blake2b")]
    if not differ:
        return
    # a plan holds size and seed, so it says something of its own only when these are the same
    plain = [
        f"{WORDS.get(key, key)} ({clean(there.get(key))} there, {clean(asked[key])} here)"
        for key in differ
        if key not in WORLDS
    ]
    told = plain or [WORDS[key] for key in differ]
    names = " with ".join(map(str, there.get("names", ())))
    raise InputOutputError(
        f"the comparison in {clean(folder, 200)} is another one; it differs in {', '.join(told)}",
        help=f"it compares {clean(names, 200)}: give the command that began it",
    )


def parsed(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; empty when there is none that can be read."""
    try:
        tree = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def clear(folder: Path) -> None:
    """Remove the replicates and the results of an older comparison; its worlds and other files stay."""
    for name in RESULTS:
        (folder / name).unlink(missing_ok=True)
    place = folder / FOLDER
    for one in sorted(place.iterdir()):
        if one.name != LOCK and MINE.match(one.name):
            one.unlink()
