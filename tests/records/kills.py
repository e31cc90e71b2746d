"""A small run with checkpoints that can be killed before any step on the disk: for tests and for verification.

`python kills.py DIR STEP` lives the run in DIR, or goes on with it, and is killed by SIGKILL before step number STEP
(0: never). It prints the digest.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from glasshouse.records import checkpoint, files
from glasshouse.records.claim import is_run
from glasshouse.records.reader import open_run
from glasshouse.run import resume, simulate

SCENARIO, CITIZENS, DAYS, EVERY = "as-reported", 600, 12, 4


def live(folder: Path, threads: int = 2) -> str:
    """Live the run in a folder to its end, from wherever it stands; return the digest."""
    if is_run(folder):
        return str(open_run(folder).manifest["digest"])
    if checkpoint.checkpoint_days(folder / checkpoint.FOLDER):
        return resume(folder, checkpoint_every=EVERY, threads=threads).digest
    return simulate(
        SCENARIO, citizens=CITIZENS, days=DAYS, seed=5, folder=folder, checkpoint_every=EVERY, threads=threads
    ).digest


def listed(run) -> list[tuple[str, object, str]]:
    """Return the files of a run: name, rows, and of those without rows the hash.

    The bytes of a Parquet file are not compared: Arrow pads some pages with whatever lay in memory.
    """
    files = run.manifest["files"]
    return [(one["name"], one["rows"], one["blake2b"] if one["rows"] is None else "") for one in files]


def kill_before(step: int) -> None:
    """Have this process killed before a step on the disk."""
    count = 0

    def hook(_name: str) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    files.FAILPOINTS.append(hook)


def spawn(folder: Path, step: int = 0) -> subprocess.Popen[str]:
    """Start the run in a process of its own."""
    return subprocess.Popen(
        [sys.executable, __file__, str(folder), str(step)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


if __name__ == "__main__":
    kill_before(int(sys.argv[2]))
    print(live(Path(sys.argv[1])))
