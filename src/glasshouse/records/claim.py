"""One writer per output folder: a lock that names its holder and that does not outlive it."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from glasshouse.errors import InputOutputError, clean
from glasshouse.records import checkpoint, files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

try:
    import fcntl
except ImportError:  # no such system call: the process table alone tells who lives
    fcntl = None  # type: ignore[assignment]

LOCK = ".glasshouse.lock"
MANIFEST = "manifest.json"
OURS = (
    "manifest.json",
    "daily.parquet",
    "scores.parquet",
    "bulletin.parquet",
    "bulletin.txt",
    "summary.json",
    "crossings.parquet",
)
PART = re.compile(rf"^({'|'.join(map(re.escape, OURS))})\.part-\d+$")


@dataclass
class Claim:
    """An output folder that this process alone may write until `release`."""

    folder: Path
    _lock: int = field(repr=False)

    @property
    def released(self) -> bool:
        """Whether the folder is free again."""
        return self._lock < 0

    def release(self) -> None:
        """Give the folder free; safe to call twice."""
        if self.released:
            return
        files.remove(self.folder / LOCK)
        os.close(self._lock)
        self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def claim_output(path: str | Path, *, replace: bool = False, resume: bool = False) -> Claim:
    """Take an output folder before anything is computed; make it if it is not there.

    Args:
        path: The folder.
        replace: Whether a run that Glasshouse wrote there may be removed. Other files are never touched.
        resume: Whether an unfinished run there is gone on with; its checkpoints are kept.

    Raises:
        InputOutputError: it holds something already, is locked by another run, or cannot be written.
    """
    folder = Path(path)
    with files.told("use the output folder", folder):
        if folder.exists() and not folder.is_dir():
            raise InputOutputError(
                f"{clean(folder, 200)} is a file, expected a folder", help=suggestion(folder)
            )
        held = sorted(one.name for one in folder.iterdir()) if folder.exists() else []
        stopped = checkpoint.FOLDER in held and bool(checkpoint.checkpoint_days(folder / checkpoint.FOLDER))
        ours = LOCK in held or is_run(folder) or stopped
        if LOCK not in held and held and not ((replace or resume) and ours):
            raise taken(folder, ours=ours, stopped=stopped)
        folder.mkdir(parents=True, exist_ok=True)
        claim = Claim(folder, take_lock(folder))
    try:
        with files.told("use the output folder", folder):
            settle(claim, replace=replace, resume=resume)
    except BaseException:
        claim.release()
        raise
    return claim


def settle(claim: Claim, *, replace: bool, resume: bool) -> None:
    """With the lock held, look again at what lies there, and clear an older run if that was asked for."""
    folder = claim.folder
    held = {one.name for one in folder.iterdir()} - {LOCK}
    stopped = bool(checkpoint.checkpoint_days(folder / checkpoint.FOLDER))
    if resume and MANIFEST not in held:
        clear(folder, held)  # what a process that died left of the results; all of it can be made again
        return
    leftovers = {name for name in held if PART.match(name)}
    if not stopped:
        leftovers |= {checkpoint.FOLDER} & held
    if held - leftovers:
        if not replace:
            raise taken(folder, ours=True, stopped=stopped)
        clear(folder, held)
        checkpoint.clear(folder / checkpoint.FOLDER)
    else:
        clear(folder, leftovers)  # of a process that died
        checkpoint.clear(folder / checkpoint.FOLDER)


def clear(folder: Path, held: Iterable[str]) -> None:
    """Remove what a run writes, the manifest first, so that at no moment a broken run looks whole."""
    mine = [name for name in OURS if name in held] + sorted(name for name in held if PART.match(name))
    for name in mine:
        files.failpoint(f"unlink {name}")
        (folder / name).unlink()
    if mine:
        files.sync_folder(folder)


def is_run(folder: Path) -> bool:
    """Say whether a folder holds a manifest that Glasshouse wrote, of whatever version."""
    try:
        tree = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(tree, dict) and tree.get("format") == "glasshouse-run"


def taken(folder: Path, *, ours: bool, stopped: bool = False) -> InputOutputError:
    """Return the error for a folder that holds something."""
    shown = clean(folder, 200)
    if stopped and not is_run(folder):
        return InputOutputError(
            f"the output folder {shown} holds a run that was stopped",
            help=f"`glasshouse run --resume {shown}` goes on with it; or {suggestion(folder)}",
        )
    what = "holds a run already" if ours else "is not empty"
    return InputOutputError(f"the output folder {shown} {what}", help=suggestion(folder))


def suggestion(folder: Path) -> str:
    """Return a free name beside `folder`, in words."""
    stem = re.sub(r"-\d+$", "", folder.name) or "run"
    free = (
        next(k for k in range(2, 10**6) if not folder.with_name(f"{stem}-{k}").exists()) if folder.name else 2
    )
    return f"choose another name, for example -o {clean(folder.parent / f'{stem}-{free}', 200)}"


def take_lock(folder: Path) -> int:
    """Take the folder's lock and return its file number.

    Raises:
        InputOutputError: a living process holds it.
    """
    path = folder / LOCK
    while True:
        files.failpoint("lock")
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            refuse_if_held(number, path)
            if not same_file(number, path):  # released between open and lock
                os.close(number)
                continue
            text = json.dumps(this_process()).encode()
            os.truncate(number, 0)
            os.pwrite(number, text, 0)
            os.fsync(number)
        except BaseException:
            with suppress(OSError):
                os.close(number)
            raise
        return number


def refuse_if_held(number: int, path: Path) -> None:
    """Raise InputOutputError when another living process holds the lock file."""
    holder = read_holder(number)
    if fcntl is not None:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            if failure.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                raise locked(path, read_holder(number) or holder) from None
            if failure.errno not in {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}:
                raise
        else:
            holder = read_holder(number)
    if holder and is_alive(holder):
        raise locked(path, holder)


def same_file(number: int, path: Path) -> bool:
    """Say whether the open file is still the one under its name."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(number)
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def read_holder(number: int) -> dict[str, Any]:
    """Return what a lock says about its holder; empty when it is unreadable."""
    try:
        tree = json.loads(os.pread(number, 4096, 0))
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def this_process() -> dict[str, Any]:
    """Return what the lock says about this process."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": now, "started": started(os.getpid())}


def started(pid: int) -> str:
    """Return when a process was started, as the system counts it; empty when it does not tell."""
    try:
        words = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return ""
    return words[19].decode()  # field 22 of the line; the name in brackets may hold blanks


def is_alive(holder: dict[str, Any]) -> bool:
    """Say whether a lock's holder may still be at work; on another machine it may."""
    if holder.get("host") != socket.gethostname():
        return True
    pid = holder.get("pid")
    if not isinstance(pid, int) or not 0 < pid < 2**31:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives and is somebody else's
    now = started(pid)
    return not now or not holder.get("started") or now == holder["started"]


def locked(path: Path, holder: dict[str, Any]) -> InputOutputError:
    """Return the error for a folder that another process writes."""
    who = ", ".join(f"{key} {clean(holder.get(key, 'unknown'))}" for key in ("pid", "host", "since"))
    return InputOutputError(
        f"the output folder {clean(path.parent, 200)} is in use by another run ({who})",
        help=f"wait for it or choose another folder; if that process is gone, remove {clean(path, 200)}",
    )
