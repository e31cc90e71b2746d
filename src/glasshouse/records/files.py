"""All writing to disk: a part file, flush, fsync, check, rename, fsync of the folder. And one writer per folder.

A file under its final name is whole. A folder without `manifest.json` holds no run. `FAILPOINTS` lets tests
stop the work before each step.
"""

from __future__ import annotations

import errno
import io
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO

from glasshouse.errors import InputOutputError, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from typing_extensions import Buffer

FAILPOINTS: list[Callable[[str], None]] = []  # each is called with the name of every step before it is made
BYTES = 32
CHUNK = 2**20


def failpoint(name: str) -> None:
    """Tell the tests that the step `name` comes next."""
    for hook in FAILPOINTS:
        hook(name)


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its name, size in bytes and BLAKE2b-256 as hex."""

    name: str
    size_bytes: int
    blake2b: str


@contextmanager
def told(doing: str, path: Path) -> Generator[None]:
    """Turn a failure of the system into an error that says what was done to which file.

    Raises:
        InputOutputError: the system reported a failure.
    """
    try:
        yield
    except OSError as failure:
        reason = failure.strerror or clean(failure)
        raise InputOutputError(
            f"cannot {doing} {clean(path, 200)}: {reason}", help=advice(failure)
        ) from failure


def advice(failure: OSError) -> str | None:
    """Return what the reader can do about a failure of the system, if anything is known."""
    if failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "make room or choose a folder on another disk, then run again; nothing unfinished is kept"
    if failure.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return "choose a folder that you may write to"
    return None


class PartFile(io.RawIOBase):
    """A file being written under a temporary name beside its place; `commit` puts it there.

    Args:
        path: The final name.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.part = path.with_name(f"{path.name}.part-{os.getpid()}")
        self._hash = blake2b(digest_size=BYTES)
        self._size = 0
        self._raw: BinaryIO | None = None
        with told("write", path):
            failpoint(f"open {path.name}")
            self.part.unlink(missing_ok=True)  # of a dead process that had our number
            self._raw = self.part.open("xb", buffering=CHUNK)

    def writable(self) -> bool:
        """Say that this file can be written."""
        return True

    def write(self, data: Buffer) -> int:
        """Write bytes; returns their number."""
        assert self._raw is not None, "written after commit"
        view = memoryview(data).cast("B")
        failpoint(f"write {self.path.name}")
        self._raw.write(view)
        self._hash.update(view)
        self._size += len(view)
        return len(view)

    def tell(self) -> int:
        """Return the number of bytes written so far."""
        return self._size

    def commit(self, check: Callable[[Path], None] | None = None) -> Written:
        """Make the file durable, check it, and give it its final name.

        Args:
            check: Called with the part file; raises when the content is wrong.

        Raises:
            InputOutputError: the system failed, or what lies on disk is not what was written.
        """
        done = Written(self.path.name, self._size, self._hash.hexdigest())
        try:
            with told("write", self.path):
                self._settle()
                failpoint(f"check {self.path.name}")
                if hash_file(self.part) != (done.size_bytes, done.blake2b):
                    raise InputOutputError(
                        f"{clean(self.path, 200)}: the disk returned other bytes than were written"
                    )
                if check:
                    check(self.part)
                failpoint(f"rename {self.path.name}")
                self.part.replace(self.path)
                sync_folder(self.path.parent)
        except BaseException:
            self.discard()
            raise
        return done

    def _settle(self) -> None:
        """Bring all bytes to the disk and close the file."""
        assert self._raw is not None, "committed twice"
        failpoint(f"flush {self.path.name}")
        self._raw.flush()
        failpoint(f"fsync {self.path.name}")
        os.fsync(self._raw.fileno())
        self._raw.close()
        self._raw = None

    def discard(self) -> None:
        """Remove the part file, if it is still there."""
        raw, self._raw = self._raw, None
        with suppress(OSError):
            if raw is not None:
                raw.close()
        remove(self.part)


def write_atomically(
    path: Path, writer: Callable[[PartFile], object], check: Callable[[Path], None] | None = None
) -> Written:
    """Write a whole file or nothing.

    Args:
        path: The final name; an older file there stays until the new one is whole.
        writer: Called with the open file.
        check: Called with the part file before it gets its name.

    Raises:
        InputOutputError: the system failed or a check did.
    """
    part = PartFile(path)
    try:
        with told("write", path):
            writer(part)
    except BaseException:
        part.discard()
        raise
    return part.commit(check)


def hash_file(path: Path) -> tuple[int, str]:
    """Return the size in bytes and the BLAKE2b-256 of a file."""
    hasher, size = blake2b(digest_size=BYTES), 0
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            hasher.update(piece)
            size += len(piece)
    return size, hasher.hexdigest()


def hash_bytes(content: bytes) -> tuple[int, str]:
    """Return the size in bytes and the BLAKE2b-256 of what was read."""
    return len(content), blake2b(content, digest_size=BYTES).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; file systems that cannot are let be."""
    failpoint(f"fsync-folder {folder.name}")
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as failure:
        if failure.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(number)


def remove(path: Path) -> None:
    """Remove a file of ours, as well as can be."""
    with suppress(OSError):
        failpoint(f"unlink {path.name}")
        path.unlink(missing_ok=True)
