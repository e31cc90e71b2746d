"""Checkpoints: everything a run needs to go on after a day, in a folder inside the run's own.

A checkpoint is `state-DAY.bin`, the days so far in segments, and `checkpoint-DAY.json`, written last; only what this
names and hashes is trusted. The last two are kept, so that whatever happens while one is written there is another.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from glasshouse import __version__
from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files, manifest
from glasshouse.records.daylog import DayLog
from glasshouse.records.manifest import FileEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FOLDER = "checkpoint"
FORMAT = "glasshouse-checkpoint"
FORMAT_VERSION = 2
KEPT = 2
NAME = re.compile(r"^checkpoint-(\d{6})\.json$")
OURS = re.compile(r"^(checkpoint-\d{6}\.json|state-\d{6}\.bin|days-\d{6}-\d{6}\.npz)(\.part-\d+)?$")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was found: its folder and what its JSON file says."""

    folder: Path
    tree: Mapping[str, Any]

    @property
    def day(self) -> int:
        """Number of days lived."""
        return int(self.tree["day"])

    @property
    def segments(self) -> list[FileEntry]:
        """The files that hold the days so far."""
        return [FileEntry(**entry) for entry in self.tree["segments"]]


class Keeper:
    """Keeps the checkpoints of one run.

    Args:
        folder: The run's folder.
        head: What does not change while the run goes on: scenario, plan, versions.
        keep: Whether checkpoints lie there already that stay, whatever happens.
    """

    def __init__(self, folder: Path, head: Mapping[str, Any], *, keep: bool = False) -> None:
        self.folder = folder / FOLDER
        self.head = dict(head)
        self.log = DayLog(self.folder)
        self.last_day: int | None = None
        self._keep = keep

    def go_on_from(self, one: Checkpoint, others: Iterable[Checkpoint]) -> None:
        """Go on from a checkpoint: later ones, which were not sound, and leftovers are removed."""
        self.log = DayLog(self.folder, one.segments)
        self.last_day = one.day
        clear_leftovers(self.folder, [other for other in others if other.day <= one.day])

    def write(
        self, day: int, numbers: Mapping[str, int], pieces: Iterable[tuple[str, Iterable[NDArray[Any]]]],
        day_digests: Iterable[str], wall_s: float,
    ) -> None:  # fmt: skip
        """Write a checkpoint and let go of the oldest.

        Args:
            day: Days lived.
            numbers: Single numbers of the world.
            pieces: Arrays of the world by name, each in pieces that follow each other.
            day_digests: Digest of each day so far.
            wall_s: Seconds that the run has taken.

        Raises:
            InputOutputError: the disk failed; older checkpoints are untouched.
        """
        if day == self.last_day:
            return
        with files.told("write", self.folder):
            self.folder.mkdir(exist_ok=True)
        self.log.flush()
        described: list[dict[str, Any]] = []
        path = self.folder / f"state-{day:06}.bin"
        done = files.write_atomically(path, lambda part: described.extend(write_arrays(part, pieces)))
        tree = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "line": manifest.LINE,
            **self.head,
            "day": day,
            "numbers": dict(numbers),
            "arrays": described,
            "state": asdict(FileEntry(done.name, done.size_bytes, None, done.blake2b)),
            "segments": [asdict(entry) for entry in self.log.entries],
            "day_digests": list(day_digests),
            "wall_s": round(wall_s, 3),
        }
        content = manifest.to_bytes({**tree, "blake2b": manifest.own_hash(tree)})
        files.write_atomically(self.folder / f"checkpoint-{day:06}.json", lambda part: part.write(content))
        self.last_day, self._keep = day, True
        self._let_go()

    def _let_go(self) -> None:
        """Remove all but the last checkpoints, the JSON file of each first."""
        for day in checkpoint_days(self.folder)[:-KEPT]:
            files.remove(self.folder / f"checkpoint-{day:06}.json")
            files.remove(self.folder / f"state-{day:06}.bin")

    def discard(self) -> None:
        """Remove all checkpoints: the run is finished."""
        clear(self.folder)

    def abandon(self) -> None:
        """Remove what cannot be gone on from; checkpoints stay."""
        if not self._keep:
            clear(self.folder)


def write_arrays(
    part: files.PartFile, pieces: Iterable[tuple[str, Iterable[NDArray[Any]]]]
) -> Iterator[dict[str, Any]]:
    """Write arrays one after the other; yield the name, type, shape and number of entries of each."""
    for name, several in pieces:
        rows, kind, shape = 0, "", ()
        for piece in several:
            whole = np.ascontiguousarray(piece)
            rows, kind, shape = rows + len(whole), typed(whole.dtype), whole.shape[1:]
            view = whole.data.cast("B") if whole.size else memoryview(b"")
            for start in range(0, len(view), files.CHUNK * 16):
                part.write(view[start : start + files.CHUNK * 16])
        yield {"name": name, "dtype": kind, "shape": [rows, *shape]}


def typed(dtype: np.dtype[Any]) -> str:
    """Return a type in words that change whenever its layout does."""
    return repr(np.lib.format.dtype_to_descr(dtype))


class StateFile:
    """The arrays of a checkpoint, read once in the order in which they were written.

    Args:
        found: The checkpoint.

    Raises:
        InputOutputError: the file is missing or has another size.
    """

    def __init__(self, found: Checkpoint) -> None:
        self.entry = FileEntry(**found.tree["state"])
        self.path = found.folder / self.entry.name
        self._left = list(found.tree["arrays"])
        self._hash = blake2b(digest_size=files.BYTES)
        with files.told("read", self.path):
            if self.path.stat().st_size != self.entry.size_bytes:
                raise self._damaged("its size is not what was written")
            self._stream = self.path.open("rb", buffering=0)

    def into(self, name: str, *arrays: NDArray[Any]) -> None:
        """Fill arrays that follow each other, together of the type and shape of the one that was written.

        Raises:
            InputOutputError: the next array is another one, or the file ends.
        """
        next_one = self._next(name)
        shape = [sum(len(array) for array in arrays), *arrays[0].shape[1:]]
        if next_one["dtype"] != typed(arrays[0].dtype) or next_one["shape"] != shape:
            raise self._damaged(f"{name} has another type or size than this Glasshouse gives it")
        for array in arrays:
            self._fill(array)

    def pieces(self, name: str, dtype: Any, rows: int) -> Iterator[NDArray[Any]]:
        """Yield an array of any length in pieces of at most `rows`."""
        next_one = self._next(name)
        size, *shape = next_one["shape"]
        if size and next_one["dtype"] != typed(np.dtype(dtype)):
            raise self._damaged(f"{name} has another type than this Glasshouse gives it")
        for start in range(0, size, rows):
            piece = np.empty((min(rows, size - start), *shape), dtype)
            self._fill(piece)
            yield piece

    def close(self) -> None:
        """Hold what was read against what was written.

        Raises:
            InputOutputError: bytes differ, or something is left.
        """
        self._stream.close()
        if self._left or self._hash.hexdigest() != self.entry.blake2b:
            raise self._damaged("its bytes are not those that were written")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _next(self, name: str) -> dict[str, Any]:
        if not self._left or self._left[0]["name"] != name:
            raise self._damaged(f"{name} is not where it should be")
        return dict(self._left.pop(0))

    def _fill(self, array: NDArray[Any]) -> None:
        view = array.data.cast("B") if array.size else memoryview(b"")
        with files.told("read", self.path):
            for start in range(0, len(view), files.CHUNK * 16):
                part = view[start : start + files.CHUNK * 16]
                have = 0
                while have < len(part):
                    got = self._stream.readinto(part[have:])
                    if not got:
                        raise self._damaged("it ends too early")
                    have += got
                self._hash.update(part)

    def _damaged(self, why: str) -> InputOutputError:
        return InputOutputError(f"{clean(self.path, 200)} is damaged: {why}")


def find(folder: Path) -> tuple[list[Checkpoint], list[str]]:
    """Return the checkpoints of a run, the latest first, and what is wrong with those that cannot be read."""
    found, wrong = [], []
    for day in reversed(checkpoint_days(folder / FOLDER)):
        path = folder / FOLDER / f"checkpoint-{day:06}.json"
        try:
            found.append(Checkpoint(path.parent, checked(path)))
        except InputOutputError as error:
            wrong.append(error.message)
    return found, wrong


def checked(path: Path) -> dict[str, Any]:
    """Return what a checkpoint's JSON file says.

    Raises:
        InputOutputError: it is damaged, or of another format.
    """
    tree = manifest.parse(path)
    if tree.get("format") != FORMAT or tree.get("blake2b") != manifest.own_hash(tree):
        raise InputOutputError(f"{clean(path, 200)} is damaged: its hash does not fit its content")
    if tree.get("format_version") != FORMAT_VERSION:
        raise InputOutputError(
            f"{clean(path, 200)} has format version {clean(tree.get('format_version'))}, this Glasshouse"
            f" ({__version__}) reads {FORMAT_VERSION}"
        )
    return tree


def refuse_other(tree: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Refuse a checkpoint that this Glasshouse would not go on from bit by bit.

    Raises:
        InputOutputError: the text names what differs.
    """
    differ = [name for name, value in expected.items() if tree.get(name) != value]
    if differ:
        words = ", ".join(
            f"{name} is {clean(tree.get(name))} there and {clean(expected[name])} here" for name in differ
        )
        raise InputOutputError(
            f"the checkpoint comes from another Glasshouse: {words}",
            help="use the version that wrote it, or run it again into another folder",
        )


def checkpoint_days(folder: Path) -> list[int]:
    """Return the days of the checkpoints in a folder, ascending."""
    if not folder.is_dir():
        return []
    with files.told("read", folder):
        return sorted(int(m[1]) for one in folder.iterdir() if (m := NAME.match(one.name)))


def clear(folder: Path) -> None:
    """Remove what checkpoints consist of, the JSON files first; other files are never touched."""
    if not folder.is_dir():
        return
    with files.told("remove", folder):
        names = sorted(one.name for one in folder.iterdir() if OURS.match(one.name))
    for name in names:  # checkpoint-* sorts before days-* and state-*
        files.remove(folder / name)
    with suppress(OSError):
        folder.rmdir()


def clear_leftovers(folder: Path, kept: Iterable[Checkpoint]) -> None:
    """Remove part files, and files that no readable checkpoint names."""
    if not folder.is_dir():
        return
    named: set[str] = set()
    for one in kept:
        named |= {f"checkpoint-{one.day:06}.json", str(one.tree["state"]["name"])}
        named |= {entry.name for entry in one.segments}
    for path in sorted(folder.iterdir()):
        if OURS.match(path.name) and path.name not in named:
            files.remove(path)
