"""What a run will take, and what this machine allows: memory, disk, time. Too much is refused before the start."""

from __future__ import annotations

import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse.errors import RefusedError, clean
from glasshouse.views.progress import spelled_time

if TYPE_CHECKING:
    from glasshouse.scenario.schema import Graph, Scenario

__all__ = ["Estimate", "allowed_memory", "estimate", "refuse_if_too_large", "spelled_bytes"]

MAX_CITIZENS = 4_000_000_000  # an id is one 32-bit word of a counter
SHARE_OF_MEMORY = 0.85
SHARE_OF_DISK = 1.2
HOUR = 3600

# Measured peaks (docs/cli.md): the process with its libraries and compiled code, and each citizen.
BASE_BYTES = 281_000_000
BYTES_PER_CITIZEN = 11.5  # state: ten for everybody, planes, and the rows of those who have any
BYTES_PER_PART = 15_000_000  # working memory of each thread in each part but the first
BATCH_BYTES, BATCH_BYTES_PER_CITIZEN = 32_000_000, 40  # ties looked up at once: at most the first
BYTES_PER_COMPANY = 3
BYTES_PER_TIE = 24  # two directions, and the lists it is drawn from
BYTES_PER_NODE = 16
BYTES_PER_CELL_ON_DISK = 2
BYTES_PER_CELL_OF_LOG = 12  # until the run is finished
CHECKPOINT_BYTES_PER_CITIZEN = 11
CROSSINGS_PER_CITIZEN_DAY = 0.0003  # of as-reported; a scheme that flags or punishes more people has more
BYTES_PER_CROSSING, BYTES_PER_CROSSING_OF_LOG = 3, 7  # for good, and until the run is finished
DISK_BASE = 200_000
START_S = 20.0  # compilation, when nothing is cached
CITIZEN_DAYS_PER_S = 70e6  # of one thread, measured on as-reported of 1.4 billion (examples/china)
WIDE_CITIZEN_DAYS_PER_S = 195e6  # the same on processors with vectors of 512 bits
WORLD_DAY_S = 0.0006  # what a day of a world of any size takes besides


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take."""

    memory_bytes: int
    disk_bytes: int
    seconds: float

    def __str__(self) -> str:
        """Return it in words."""
        memory, disk = spelled_bytes(self.memory_bytes), spelled_bytes(self.disk_bytes)
        return f"about {memory} of memory, {disk} of disk, {spelled_time(self.seconds)}"


def estimate(
    scenario: Scenario,
    *,
    citizens: int,
    days: int,
    threads: int = 2,
    worlds: int = 1,
    lives: int = 1,
    written: bool = True,
    checkpoints: bool = False,
    crossings: bool = True,
    partitions: int = 1,
    processes: int = 1,
    idle: int = 0,
) -> Estimate:
    """Return what a run will take.

    Args:
        scenario: The scenario.
        citizens: Citizens of each world.
        days: Days of each world.
        threads: Threads it is given.
        worlds: Worlds in memory at the same time.
        lives: Worlds simulated in all, one after the other.
        written: Whether records go to disk.
        checkpoints: Whether checkpoints do; two are kept, and a third is being written.
        crossings: Whether the log of what crosses between citizens does.
        partitions: Parts that the citizens are cut into.
        processes: Processes at work at the same time, each with a world of its own or more.
        idle: Processes that wait for them, and hold what they have loaded.
    """
    worlds = max(worlds, processes)
    memory = (processes + idle) * BASE_BYTES + worlds * world_bytes(scenario, citizens)
    memory += (partitions - 1) * max(1, threads) * BYTES_PER_PART
    cells = min(31 * len(scenario.society.group_shares), citizens) * measures(scenario) * days // 3
    disk = worlds * (DISK_BASE + (BYTES_PER_CELL_ON_DISK + BYTES_PER_CELL_OF_LOG) * cells) if written else 0
    if written and crossings:
        each = CROSSINGS_PER_CITIZEN_DAY * (BYTES_PER_CROSSING + BYTES_PER_CROSSING_OF_LOG)
        disk += math.ceil(worlds * each * citizens * days)
    if checkpoints:
        disk += 3 * CHECKPOINT_BYTES_PER_CITIZEN * citizens
    alone = days * (citizens / (citizen_days_per_s() * max(1, threads)) + WORLD_DAY_S)
    seconds = START_S + max(worlds, lives) * alone / processes
    return Estimate(math.ceil(memory), disk, seconds)


def citizen_days_per_s(root: Path = Path("/")) -> float:
    """Return about how many citizen-days one thread lives in a second; most of a day is vector instructions."""
    flags = next((line for line in lines(root / "proc" / "cpuinfo") if line.startswith("flags")), "")
    return WIDE_CITIZEN_DAYS_PER_S if "avx512f" in flags.split() else CITIZEN_DAYS_PER_S


def world_bytes(scenario: Scenario, citizens: int) -> float:
    """Return the bytes that one world takes."""
    batch = min(BATCH_BYTES, BATCH_BYTES_PER_CITIZEN * citizens)
    return batch + citizens * bytes_per_citizen(scenario, citizens)


def bytes_per_citizen(scenario: Scenario, citizens: int) -> float:
    """Return the bytes that one citizen more takes: state, companies, and a stored graph."""
    companies = scenario.company.companies_per_citizen if scenario.company else 0.0
    graph = scenario.graph
    ties = BYTES_PER_NODE + BYTES_PER_TIE * mean_ties(graph, citizens) if graph else 0.0
    return BYTES_PER_CITIZEN + BYTES_PER_COMPANY * companies + ties


def mean_ties(graph: Graph, citizens: int) -> float:
    """Return how many ties of a stored graph fall to one citizen, each counted once."""
    shares = zip(graph.degrees or (), graph.degree_shares or (), strict=False)
    friends = {
        "erdos-renyi": graph.mean_friends or 0,
        "block": graph.mean_friends or 0,
        "watts-strogatz": graph.k or 0,
        "barabasi-albert": 2 * (graph.m or 0),
        "configuration": sum(degree * share for degree, share in shares),
        "complete": citizens - 1,
    }
    return friends[graph.kind] / 2


def measures(scenario: Scenario) -> int:
    """Return about how many counts a day has at one place."""
    return 80 + 6 * len(scenario.behaviour) + 3 * len(scenario.list) + 5 * len(scenario.rule)


def refuse_if_too_large(
    scenario: Scenario, needed: Estimate, citizens: int, *, folder: Path | None = None, worlds: int = 1
) -> None:
    """Refuse a run that this machine cannot hold.

    Raises:
        RefusedError: memory or disk will not do, or there are more citizens than ids; the help names a size that fits.
    """
    allowed = allowed_memory()
    if (
        citizens <= MAX_CITIZENS
        and BASE_BYTES + worlds * world_bytes(scenario, citizens) <= allowed < needed.memory_bytes
    ):
        raise RefusedError(
            f"so many parts need about {spelled_bytes(needed.memory_bytes)}; this machine allows at most"
            f" {spelled_bytes(allowed)}",
            help="try fewer --partitions",
        )
    if citizens > MAX_CITIZENS or needed.memory_bytes > allowed:
        each = max(1, round(bytes_per_citizen(scenario, min(citizens, MAX_CITIZENS))))
        fits = largest(scenario, allowed, worlds)
        limit = f"this machine allows at most {spelled_bytes(allowed)}"
        if citizens > MAX_CITIZENS:
            limit += f", and no society has more than {MAX_CITIZENS:,} citizens"
        raise RefusedError(
            f"{citizens:,} citizens: needs about {spelled_bytes(worlds * citizens * each)} ({each} bytes each"
            f"{f', {worlds} worlds' if worlds > 1 else ''}); {limit}",
            help=f"try --citizens {fits}",
        )
    if folder is not None:
        refuse_if_disk_is_full(folder, needed.disk_bytes)


def largest(scenario: Scenario, allowed: int, worlds: int = 1) -> int:
    """Return the largest society that fits, in two digits."""
    fits = 1
    for exponent in range(10):
        for digits in range(10, 100):
            size = digits * 10**exponent // 10
            needed = BASE_BYTES + worlds * world_bytes(scenario, size)
            if fits < size <= MAX_CITIZENS and needed <= allowed:
                fits = size
    return fits


def refuse_if_disk_is_full(folder: Path, wanted: int) -> None:
    """Refuse a run whose records will not fit where they are to go.

    Raises:
        RefusedError: less than 1.2 times the estimate is free.
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return  # writing will tell
    if free < SHARE_OF_DISK * wanted:
        raise RefusedError(
            f"the records need about {spelled_bytes(wanted)}; {clean(place, 200)} has {spelled_bytes(free)} free",
            help="free some space or choose another folder with -o",
        )


def allowed_memory(root: Path = Path("/")) -> int:
    """Return the bytes a run may take: 85 % of what is available, to the machine and to its control group."""
    rooms = [machine_memory(root), *group_memory(root)]
    return int(SHARE_OF_MEMORY * min((room for room in rooms if room > 0), default=4 << 30))


def machine_memory(root: Path) -> int:
    """Return the bytes the system says are available; of the whole machine where it does not say."""
    for line in lines(root / "proc" / "meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def group_memory(root: Path) -> list[int]:
    """Return what is left under each limit of the control groups (v1 and v2) that this process is in."""
    rooms = []
    for line in lines(root / "proc" / "self" / "cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, names = root / "sys/fs/cgroup", ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            base = root / "sys/fs/cgroup/memory"
        else:
            continue
        rooms += [room for folder in upwards(base, path) if (room := room_of(folder, *names)) is not None]
    return rooms


def upwards(base: Path, path: str) -> list[Path]:
    """Return the folder of a control group and of those above it; inside a container only the top may be seen."""
    parts = [part for part in path.strip("/").split("/") if part and part != ".."]
    return [base.joinpath(*parts[:length]) for length in range(len(parts), -1, -1)]


def room_of(folder: Path, limit_name: str, used_name: str, cache_name: str) -> int | None:
    """Return limit less use of one control group, file cache not counted; None without a limit."""
    limit = number(folder / limit_name)
    if limit is None or limit >= 1 << 60:  # v1 writes "no limit" as a huge number
        return None
    cache = 0
    for line in lines(folder / "memory.stat"):
        name, _, value = line.partition(" ")
        if name == cache_name and value.strip().isdecimal():
            cache = int(value)
    used = number(folder / used_name) or 0
    return max(1, limit - max(0, used - cache))


def number(path: Path) -> int | None:
    """Return the number a file of the system holds, or None."""
    text = "".join(lines(path)).strip()
    return int(text) if text.isdecimal() else None


def lines(path: Path) -> list[str]:
    """Return the lines of a file of the system; none when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def spelled_bytes(size: float) -> str:
    """Return a number of bytes in three digits.

    >>> spelled_bytes(24e15), spelled_bytes(1_234_567)
    ('24 PB', '1.23 MB')
    """
    for unit, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{float(f'{size / unit:.3g}'):g} {name}"
    return f"{size:.0f} bytes"
