"""Live W day by day and print what happened and how long it took: the one main program of all Python peers.

    python with_numpy.py CITIZENS DAYS THREADS SEED

One JSON object: version, seconds of each day by the clock and of all processors, and of each day those listed at its
end, the tickets refused and the mean score at its end. Setting up is timed apart. Memory is the peak of the process
less what it held before.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class World(Protocol):
    """What a peer has to offer."""

    def day(self) -> tuple[int, int, float]:
        """Live one day; return the number listed, tickets refused and the mean score."""


def live(version: str, make: Callable[[int, int, int], World]) -> None:
    """Live W as the command line says in the world that `make(citizens, seed, threads)` returns."""
    citizens, days, threads, seed = (int(word) for word in sys.argv[1:5])
    before, begun = resident_bytes(), time.perf_counter()
    world = make(citizens, seed, threads)
    made = time.perf_counter() - begun
    seconds, processor, counts = [], [], []
    for _ in range(days):
        begun, busy = time.perf_counter(), time.process_time()
        counts.append(world.day())
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - busy)
    listed, refused, mean = zip(*counts, strict=True)
    report = {
        "version": version,
        "citizens": citizens,
        "threads": threads,
        "setup_s": made,
        "day_s": seconds,
        "processor_s": processor,
        "listed": [int(x) for x in listed],
        "refused": [int(x) for x in refused],
        "mean": [float(x) for x in mean],
        "bytes": peak_bytes() - before,
    }
    json.dump(report, sys.stdout)


def peak_bytes() -> int:
    """Return the most memory the process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def resident_bytes() -> int:
    """Return the memory the process holds; the most it ever held where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return peak_bytes()
