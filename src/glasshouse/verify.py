"""The invariance certificate: however a run is computed, it must end in one digest.

Oracle or kernels, compiled or not, threads, chunks, parts, stopped and gone on with, hash seeds, versions of Python, a
CUDA device or the simulator of one.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.errors import GlasshouseError, Interrupted
from glasshouse.model import cuda
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.scenario.load import load
from glasshouse.streams import RNG_SCHEME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from glasshouse.model.oracle import World
    from glasshouse.model.plan import Plan

__all__ = ["Outcome", "certificate", "combinations", "verify"]

CITIZENS, DAYS = 2_000, 40  # days with a 1st among them
CITIZENS_UNCOMPILED, DAYS_UNCOMPILED = 256, 10
CHUNKS = (1, 3, 16, 64)  # quads of 256 citizens that a thread takes at a time
PARTITIONS = (2, 7, 64)
MORE_THREADS = (3, 8)  # than there may be processors
ENVIRONMENTS = (
    ("hash seed 0", (("PYTHONHASHSEED", "0"),)),
    ("hash seed 4711", (("PYTHONHASHSEED", "4711"),)),
    ("hash seed random", (("PYTHONHASHSEED", "random"),)),
    ("clock of Shanghai, Turkish letters", (("TZ", "Asia/Shanghai"), ("LC_ALL", "tr_TR.UTF-8"))),
    ("memory filled with rubbish", (("MALLOC_PERTURB_", "165"),)),  # where the C library knows this
)
UNCOMPILED = ("NUMBA_DISABLE_JIT", "1")
SIMULATED = ("NUMBA_ENABLE_CUDASIM", "1")
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
CHILD = "from glasshouse.verify import child; child()"


@dataclass(frozen=True, slots=True)
class Combination:
    """One way to compute a run; those of one `size` must agree.

    Attributes:
        words: What it is.
        size: Citizens and days.
        threads: Threads.
        chunk: Quads of 256 citizens that a thread takes at once.
        partitions: Parts that the citizens are cut into.
        stops: Days after which the run is stopped, and gone on with on other threads and parts.
        recorded: Whether records are written.
        backend: Who lives the days: "cpu", or "cuda", a device.
        oracle: Whether the oracle lives it.
        environment: Variables of the process.
        python: Path of another interpreter.
    """

    words: str
    size: tuple[int, int]
    threads: int = 1
    chunk: int = 16
    partitions: int = 1
    stops: tuple[int, ...] = ()
    recorded: bool = False
    backend: str = "cpu"
    oracle: bool = False
    environment: tuple[tuple[str, str], ...] = ()
    python: str = ""

    @property
    def elsewhere(self) -> bool:
        """Whether it needs a process of its own."""
        return bool(self.environment or self.python)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A combination, the digest it came to, and whether that is the digest of the others of its size."""

    combination: str
    citizens: int
    days: int
    digest: str
    equal: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return asdict(self)


def verify(
    scenario: str,
    *,
    citizens: int = CITIZENS,
    days: int = DAYS,
    seed: int | None = None,
    threads: int = 2,
    set: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    without: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Outcome]:
    """Run a scenario in every combination and compare the digests.

    Args:
        scenario: Preset id or path.
        citizens: Citizens; the oracle lives them one by one.
        days: Days.
        seed: World seed; the scenario's by default.
        threads: Most threads to use.
        set: Changes by dotted path.
        without: What to switch off.
        progress: Called before each combination with (number, how many, words).
    """
    listed = combinations(citizens, days, threads)
    loaded = load(scenario, set=set, without=without)
    digests: list[str] = []
    for number, one in enumerate(listed):
        if progress is not None:
            progress(number, len(listed), one.words)
        if one.elsewhere:
            digests.append(in_child(scenario, dict(set or {}), list(without), one, seed))
        else:
            digests.append(digest_here(loaded, one, seed))
    first = {one.size: digest for one, digest in reversed(list(zip(listed, digests, strict=True)))}
    return [
        Outcome(one.words, *one.size, digest, digest == first[one.size])
        for one, digest in zip(listed, digests, strict=True)
    ]


def combinations(citizens: int, days: int, threads: int) -> list[Combination]:
    """Return the ways to compute a run; the uncompiled kernels, which are slow, get a small one of their own."""
    size = citizens, days
    small = min(citizens, CITIZENS_UNCOMPILED), min(days, DAYS_UNCOMPILED)
    return [
        Combination("oracle, plain Python", size, oracle=True),
        *in_shares(size, threads),
        *interrupted(size, threads),
        *elsewhere(size, threads),
        *on_device(size),
        Combination("oracle, plain Python, small", small, oracle=True),
        Combination("kernels, compiled, small", small),
        *uncompiled(small),
        *simulated(small),
    ]


def in_shares(size: tuple[int, int], threads: int) -> Iterator[Combination]:
    """Yield the ways to share the work."""
    for count in sorted({1, threads}):
        for chunk in CHUNKS:
            yield Combination(f"kernels, {threads_of(count)}, chunks of {chunk}", size, count, chunk)
    for parts in PARTITIONS:
        yield Combination(f"kernels, {threads_of(threads)}, {parts} parts", size, threads, partitions=parts)
    yield Combination("kernels, 1 thread, 7 parts, chunks of 1", size, 1, 1, 7)
    yield Combination(f"kernels, {threads_of(threads)}, records written", size, threads, recorded=True)


def interrupted(size: tuple[int, int], threads: int) -> Iterator[Combination]:
    """Yield runs that are stopped and gone on with."""
    days = size[1]
    several = {
        "after the first day": (1,),
        "before and after a 1st": (31, 32),
        "before the last day": (days - 1,),
        "every third day": tuple(range(3, days, 3)),
    }
    for words, stops in several.items():
        inside = tuple(day for day in stops if 0 < day < days)
        yield Combination(f"kernels, {threads_of(threads)}, stopped {words}", size, threads, stops=inside)
    yield Combination(
        "kernels, 1 thread, 3 parts, stopped every tenth day", size, 1, 1, 3, tuple(range(10, days, 10))
    )


def elsewhere(size: tuple[int, int], threads: int) -> Iterator[Combination]:
    """Yield runs in processes of another kind, with other versions of Python where they can run Glasshouse."""
    for count in MORE_THREADS:
        many = (("NUMBA_NUM_THREADS", str(count)),)
        yield Combination(f"kernels, {threads_of(count)}", size, count, 1, environment=many)
    for words, environment in ENVIRONMENTS:
        yield Combination(f"kernels, {words}", size, threads, environment=environment)
    for python in other_pythons():
        yield Combination(f"kernels, {Path(python).name}", size, threads, python=python)


def on_device(size: tuple[int, int]) -> Iterator[Combination]:
    """Yield a run on the CUDA device, where there is one."""
    if cuda.is_there():
        yield Combination(f"kernels, {cuda.name()}", size, backend="cuda")


def uncompiled(small: tuple[int, int]) -> Iterator[Combination]:
    """Yield the kernels as plain Python."""
    yield Combination("kernels, not compiled, small", small, environment=(UNCOMPILED,))
    yield Combination("kernels, not compiled, 3 parts, small", small, partitions=3, environment=(UNCOMPILED,))
    yield Combination("kernels, not compiled, stopped, small", small, stops=(4,), environment=(UNCOMPILED,))
    seeded = (UNCOMPILED, ("PYTHONHASHSEED", "99"))
    yield Combination("kernels, not compiled, hash seed 99, small", small, environment=seeded)


def simulated(small: tuple[int, int]) -> Iterator[Combination]:
    """Yield a run in the simulator of a CUDA device, where numba has one."""
    if find_spec("numba.cuda") is not None:
        yield Combination("kernels, CUDA simulator, small", small, backend="cuda", environment=(SIMULATED,))


def other_pythons() -> list[str]:
    """Return the interpreters on the path, of other versions than this one, that can run Glasshouse."""
    mine = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    found = [shutil.which(name) for name in PYTHONS if name != mine]
    return [path for path in found if path and _runs(path)]


def _runs(python: str) -> bool:
    """Say whether an interpreter can import what a run needs."""
    asked = [python, "-c", "import glasshouse.run"]
    try:
        return subprocess.run(asked, capture_output=True, check=False, timeout=60).returncode == 0  # noqa: S603 - of this machine
    except (OSError, subprocess.TimeoutExpired):
        return False


def threads_of(count: int) -> str:
    """Return a number of threads in words."""
    return f"{count} thread{'s' * (count > 1)}"


def digest_here(loaded: Any, one: Combination, seed: int | None) -> str:
    """Return the digest of one combination, computed in this process."""
    citizens, days = one.size
    if one.oracle:
        return oracle_digest(compile_plan(loaded.scenario, citizens=citizens, days=days, seed=seed))
    from glasshouse.run import simulate

    sizes: dict[str, Any] = {"citizens": citizens, "days": days, "seed": seed}
    ways: dict[str, Any] = {"threads": one.threads, "chunk_quads": one.chunk, "partitions": one.partitions}
    ways["backend"] = one.backend
    if not (one.stops or one.recorded):
        return simulate(loaded, **sizes, **ways).digest
    with tempfile.TemporaryDirectory() as place:
        return digest_of_pieces(loaded, sizes, ways, one.stops, Path(place) / "run")


def digest_of_pieces(
    loaded: Any, sizes: dict[str, Any], ways: dict[str, Any], stops: Sequence[int], folder: Path
) -> str:
    """Return the digest of a run that is stopped after some days, and gone on with each time another way."""
    from glasshouse.run import resume, simulate

    lived = 0
    for number, day in enumerate([*stops, sizes["days"]]):
        left = itertools.count(lived + 1)
        more: dict[str, Any] = {**ways, "should_stop": lambda left=left, day=day: next(left) == day}
        if number % 2:
            more |= {
                "threads": 3 - min(2, ways["threads"]),
                "chunk_quads": 2,
                "partitions": ways["partitions"] + 1,
            }
        try:
            result = resume(folder, **more) if number else simulate(loaded, **sizes, **more, folder=folder)
        except Interrupted:
            lived = day
        else:
            return result.digest
    raise AssertionError("the last piece is not stopped")


def in_child(
    scenario: str, changes: dict[str, str], without: list[str], one: Combination, seed: int | None
) -> str:
    """Return the digest of one combination, computed in a process with another environment.

    Raises:
        GlasshouseError: the process failed.
    """
    asked = {"scenario": scenario, "set": changes, "without": without, "seed": seed, "one": asdict(one)}
    done = subprocess.run(  # noqa: S603 - this very program
        [one.python or sys.executable, "-c", CHILD],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env={**os.environ, **dict(one.environment)},
        check=False,
    )
    if done.returncode:
        raise GlasshouseError(f"{one.words}: the process ended with {done.returncode}\n{done.stderr[-2000:]}")
    return str(json.loads(done.stdout)["digest"])


def child() -> None:
    """Read a combination as JSON from stdin and write its digest as JSON to stdout."""
    asked = json.load(sys.stdin)
    loaded = load(asked["scenario"], set=asked["set"], without=asked["without"])
    said: dict[str, Any] = asked["one"]
    said |= {"size": tuple(said["size"]), "stops": tuple(said["stops"]), "environment": ()}
    one = Combination(**said)
    json.dump({"digest": digest_here(loaded, one, asked["seed"])}, sys.stdout)


def certificate(scenario: str, seed: int, found: Sequence[Outcome], notice: str = "") -> dict[str, Any]:
    """Return what was found as a tree to publish; it names no machine."""
    from glasshouse.records.manifest import FORMAT_VERSION, LINE, MODEL_VERSION, last_part, software

    digests = {f"{one.citizens} x {one.days}": one.digest for one in reversed(found)}
    return {
        "format": "glasshouse-certificate",
        "format_version": FORMAT_VERSION,
        "line": LINE,
        "scenario": last_part(scenario),
        "notice": notice,
        "seed": str(seed),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "model_version": MODEL_VERSION,
        "rng_scheme": RNG_SCHEME,
        "software": software(),
        "processor": platform.machine(),
        "system": platform.system(),
        "agree": all(one.equal for one in found),
        "digests": digests,
        "combinations": [one.as_dict() for one in found],
    }


def oracle_digest(plan: Plan) -> str:
    """Return the digest of a run that the oracle lives."""
    return oracle_run(plan)[0]


def oracle_run(plan: Plan) -> tuple[str, list[str], dict[str, int]]:
    """Return the digest of a run that the oracle lives, the digest of each of its days, and its totals."""
    from glasshouse.model.oracle import World
    from glasshouse.records.digest import RunDigest
    from glasshouse.records.layout import Layout
    from glasshouse.records.sums import Sums

    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    digest, sums, world = RunDigest(plan, layout), Sums(plan, layout), World(plan)
    for t in range(plan.days):
        world.step()
        counts = layout.arrays(world.flows, census(world))
        digest.day(t, *counts)
        sums.add(t, *counts)
    return digest.finish(world.columns(), plan.citizens, world.pending()), digest.days, sums.totals


def census(world: World) -> dict[tuple[str, int, int], int]:
    """Count the people of the oracle's world as `model.stocks` names them, by province and group."""
    counts: dict[tuple[str, int, int], int] = {}
    for traits, state in zip(world.traits, world.states, strict=True):
        for name, value in stocks_of(world.plan, traits, state).items():
            if value:
                key = (name, traits.province, traits.group)
                counts[key] = counts.get(key, 0) + value
    return counts


def stocks_of(plan: Plan, traits: Any, state: Any) -> dict[str, int]:
    """Return what one citizen adds to each stock."""
    from glasshouse.society.columns import MARK_FLAG, MARK_LISTED, MARK_REFUSED, ORIGINS

    found = {
        "members": int(traits.member),
        "score_sum": state.score if traits.member else 0,
        "risk_sum": state.risk,
        "flagged": int(bool(state.marks & MARK_FLAG)),
        "detained": int(state.detained > 0),
        "suspended": int(state.suspended > 0),
        "offline": int(state.offline > 0),
        "ever_listed": int(bool(state.marks & MARK_LISTED)),
        "ever_refused": int(bool(state.marks & MARK_REFUSED)),
    }
    found |= {
        f"punished_ever.{origin}": state.marks >> code & 1 for code, origin in enumerate(ORIGINS, start=1)
    }
    found |= {f"on.{one.id}": state.lists >> number & 1 for number, one in enumerate(plan.lists)}
    if plan.score and traits.member and plan.score.grade_names:
        grade = max((k for k, low in enumerate(plan.score.grade_from) if state.score >= low), default=0)
        found[f"grade.{plan.score.grade_names[grade]}"] = 1
    return found
