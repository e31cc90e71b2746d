"""One run: a scenario lived from the first day to the last, counted, checked, recorded, and fingerprinted."""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as with_changes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

from glasshouse.errors import InputOutputError, Interrupted, clean
from glasshouse.model.engine import Engine, kind_of_part
from glasshouse.model.flows import flow_names
from glasshouse.model.kernels import source_digest
from glasshouse.model.plan import Plan, compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.model.warm import warm_up
from glasshouse.records import checkpoint
from glasshouse.records.checkpoint import Checkpoint, StateFile
from glasshouse.records.daylog import read_days
from glasshouse.records.digest import RunDigest, plan_digest
from glasshouse.records.layout import Layout
from glasshouse.records.manifest import MODEL_VERSION, Provenance
from glasshouse.records.recorder import Recorder
from glasshouse.records.sums import MemoryRecorder
from glasshouse.scenario.load import load
from glasshouse.scenario.schema import Scenario
from glasshouse.streams import RNG_SCHEME

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    import numpy as np

    from glasshouse.scenario.load import Loaded


@dataclass(frozen=True)
class RunResult:
    """What a run found.

    Attributes:
        plan: What was lived.
        totals: Dotted key -> count over the whole run.
        digest: BLAKE2b-256 of semantics, daily counts and end state, in hex.
        day_digests: The digest after each day.
        flows: (days, flows) int64, the nation's counts of each day.
        stocks: (days, stocks) int64, the nation's stocks at the end of each day.
        flow_names: Names of the columns of `flows`.
        stock_names: Names of the columns of `stocks`.
        wall_s: Seconds from start to end, compilation included.
        citizen_days_per_s: Speed of the days themselves, recording included, compilation not.
        peak_rss_bytes: Largest memory of the process so far.
        state_bytes_per_citizen: Bytes held for state per citizen at the end.
        folder: Where the records lie, or None.
        source: Where the scenario comes from.
    """

    plan: Plan
    totals: dict[str, int]
    digest: str
    day_digests: tuple[str, ...]
    flows: np.ndarray
    stocks: np.ndarray
    flow_names: tuple[str, ...]
    stock_names: tuple[str, ...]
    wall_s: float
    citizen_days_per_s: float
    peak_rss_bytes: int
    state_bytes_per_citizen: float
    folder: Path | None
    source: Provenance


@dataclass(frozen=True)
class Job:
    """What is to be lived, and where it comes from."""

    scenario: Scenario
    source: Provenance
    plan: Plan
    layout: Layout
    begun: float  # by a clock that is never set; earlier when part of the run was lived before

    @classmethod
    def of(cls, scenario: Scenario, source: Provenance, plan: Plan, before_s: float = 0.0) -> Job:
        """Return the job of a compiled scenario."""
        layout = Layout.of(plan, flow_names(plan), stock_names(plan))
        return cls(scenario, source, plan, layout, time.perf_counter() - before_s)

    @property
    def head(self) -> dict[str, Any]:
        """What every checkpoint of the run says."""
        plan = self.plan
        return {
            **versions(),
            "plan_digest": plan_digest(plan),
            "seed": str(plan.seed),
            "citizens": plan.citizens,
            "days": plan.days,
            "started": self.source.started.isoformat(),
            "source": as_plain(self.source),
            "scenario": self.scenario.model_dump_json(exclude_unset=True, by_alias=True),
        }


@dataclass(frozen=True)
class Wishes:
    """How a run is to be lived; none of it changes a bit of the result.

    Attributes:
        threads: Threads; all there are by default.
        chunk_quads: Quads of 256 citizens that a thread takes at once; None: as many as suit the size.
        partitions: Parts that the citizens are cut into, lived one after the other.
        checkpoint_every: Days between checkpoints; 0 is none.
        progress: Called after each day with (days done, days in all, citizens).
        should_stop: Asked after each day whether to stop there.
        backend: Who lives the days: "cpu", or "cuda", a device.

    Raises:
        RefusedError: there is no device.
    """

    threads: int | None = None
    chunk_quads: int | None = None
    partitions: int = 1
    checkpoint_every: int = 0
    progress: Callable[[int, int, int], object] | None = None
    should_stop: Callable[[], bool] = bool
    backend: str = "cpu"

    def __post_init__(self) -> None:
        """Refuse a backend that is not there, before a folder is touched."""
        kind_of_part(self.backend)

    @property
    def of_engine(self) -> tuple[int, int | None, int, str]:
        """What the engine is given: threads, quads of a chunk, parts, backend."""
        return default_threads(self.threads), self.chunk_quads, self.partitions, self.backend


def simulate(
    loaded: Loaded | str | Path,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    folder: str | Path | None = None,
    replace: bool = False,
    crossings: bool = True,
    command: Sequence[str] | None = None,
    threads: int | None = None,
    chunk_quads: int | None = None,
    partitions: int = 1,
    checkpoint_every: int = 0,
    progress: Callable[[int, int, int], object] | None = None,
    should_stop: Callable[[], bool] = bool,
    backend: str = "cpu",
) -> RunResult:
    """Live a scenario and return what happened; with `folder` also keep the records there.

    Args:
        loaded: A loaded scenario, a preset id, or the path of a scenario.
        citizens: Number of citizens, if not the scenario's.
        days: Number of days, if not the scenario's.
        seed: World seed, if not the scenario's.
        folder: New or empty folder for the records.
        replace: Whether an older run in `folder` may be replaced.
        crossings: Whether `folder` also keeps what crosses between citizens, for `life`; never of a small society.
        command: Command line to note in the manifest.
        threads: Threads; they change no bit of the result.
        chunk_quads: Quads of 256 citizens that a thread takes at once; changes no bit of the result; None: as many as
            suit the size.
        partitions: Parts that the citizens are cut into, lived one after the other; changes no bit of the result.
        checkpoint_every: Days between checkpoints in `folder`; 0 is none.
        progress: Called after each day with (days done, days in all, citizens).
        should_stop: Asked after each day whether to stop there; with `folder` the run can be resumed.
        backend: Who lives the days: "cpu", or "cuda", a device; changes no bit of the result.

    Raises:
        ScenarioError: the scenario is not valid.
        RefusedError: there is no device.
        InputOutputError: the folder is taken or cannot be written.
        InvariantError: a daily balance did not close: a fault in Glasshouse.
        Interrupted: `should_stop` said so.
    """
    if isinstance(loaded, str | Path):
        loaded = load(loaded)
    started = dt.datetime.now(dt.UTC)
    plan = compile_plan(loaded.scenario, citizens=citizens, days=days, seed=seed)
    job = Job.of(loaded.scenario, Provenance.of(loaded, command=command or ["python"], started=started), plan)
    wishes = Wishes(threads, chunk_quads, partitions, checkpoint_every, progress, should_stop, backend)
    if folder is None:
        warm_up()
        return lived(job, wishes, new_engine(job, wishes), None)
    with Recorder(folder, plan, job.layout, replace=replace, head=job.head, crossings=crossings) as kept:
        warm_up()
        with kept_is_told(kept):
            return lived(job, wishes, new_engine(job, wishes), kept)


def resume(
    folder: str | Path,
    *,
    threads: int | None = None,
    chunk_quads: int | None = None,
    partitions: int = 1,
    checkpoint_every: int = 0,
    progress: Callable[[int, int, int], object] | None = None,
    should_stop: Callable[[], bool] = bool,
    backend: str = "cpu",
) -> RunResult:
    """Go on with a run that was stopped, from its latest sound checkpoint; the result is that of an unbroken run.

    The arguments are those of `simulate`.

    Raises:
        InputOutputError: there is no sound checkpoint, or another version of Glasshouse wrote it.
        RefusedError: there is no device.
        Interrupted: `should_stop` said so.
    """
    wishes = Wishes(threads, chunk_quads, partitions, checkpoint_every, progress, should_stop, backend)
    found, wrong = checkpoint.find(Path(folder))
    if not found:
        raise nothing_to_resume(Path(folder), wrong)
    job = job_of(found[0])
    crossed = found[0].tree["crossings"]
    with Recorder(folder, job.plan, job.layout, head=job.head, resume=True, crossings=crossed) as kept:
        warm_up()
        one, engine = first_sound(job, wishes, found, wrong)
        kept.keeper.go_on_from(one, found)
        with kept_is_told(kept):
            return lived(job, wishes, engine, kept, one)


def new_engine(job: Job, wishes: Wishes) -> Engine:
    """Return the world before day 0."""
    return Engine(job.plan, *wishes.of_engine)


def lived(
    job: Job, wishes: Wishes, engine: Engine, kept: Recorder | None, before: Checkpoint | None = None
) -> RunResult:
    """Live the days that are left, count, record and fingerprint them."""
    plan, memory, digest = job.plan, MemoryRecorder(job.plan, job.layout), RunDigest(job.plan, job.layout)
    first = engine.t
    if before is not None and kept is not None:
        for day in read_days(before.folder, before.segments):
            memory.day(day.t, *kept.again(day))
            digest.rows(day.t, day.cells, day.values)
    clock = time.perf_counter()
    live(job, wishes, engine, memory, digest, kept)
    clock = time.perf_counter() - clock
    return finished(job, engine, kept, memory, digest, plan.citizens * (plan.days - first) / max(clock, 1e-9))


def finished(
    job: Job,
    engine: Engine,
    kept: Recorder | None,
    memory: MemoryRecorder,
    digest: RunDigest,
    speed: float = 0.0,
) -> RunResult:
    """Fingerprint a world that was lived to its end, finish its records, and return what happened."""
    plan = job.plan
    fingerprint = digest.finish(engine.all_columns, plan.citizens, engine.pending())
    wall_s = time.perf_counter() - job.begun
    if kept is not None:
        kept.close(
            with_changes(job.source, wall_s=wall_s, peak_rss_bytes=peak_rss_bytes(), threads=engine.threads),
            digest,
            fingerprint,
        )
    return RunResult(
        plan=plan,
        totals=memory.totals,
        digest=fingerprint,
        day_digests=tuple(digest.days),
        flows=memory.daily_flows,
        stocks=memory.daily_stocks,
        flow_names=job.layout.flows,
        stock_names=job.layout.stocks,
        wall_s=wall_s,
        citizen_days_per_s=speed,
        peak_rss_bytes=peak_rss_bytes(),
        state_bytes_per_citizen=engine.state_bytes() / plan.citizens,
        folder=kept.folder if kept is not None else None,
        source=job.source,
    )


def live(
    job: Job, wishes: Wishes, engine: Engine, memory: MemoryRecorder, digest: RunDigest, kept: Recorder | None
) -> None:
    """Live day after day."""
    plan = job.plan
    for t in range(engine.t, plan.days):
        live_day(plan, engine, memory, digest, kept)
        if wishes.progress is not None:
            wishes.progress(t + 1, plan.days, plan.citizens)
        if t + 1 < plan.days:
            pause(job, wishes, engine, digest, kept)


def live_day(
    plan: Plan, engine: Engine, memory: MemoryRecorder, digest: RunDigest, kept: Recorder | None
) -> None:
    """Live the next day and count it; scores are counted on the first day, on each 1st and on the last."""
    t, counts = engine.t, engine.step()
    memory.day(t, counts.flows, counts.stocks)
    if kept is None:
        digest.day(t, counts.flows, counts.stocks)
        return
    taken = plan.score and (t in (0, plan.days - 1) or plan.is_first(t))
    histogram = engine.score_histogram() if taken else None
    crossed = engine.crossings() if kept.keeps_crossings else None
    digest.rows(t, *kept.day(t, counts.flows, counts.stocks, histogram, crossed))


def pause(job: Job, wishes: Wishes, engine: Engine, digest: RunDigest, kept: Recorder | None) -> None:
    """Between two days: write a checkpoint if one is due, and stop if that is wished."""
    stop, every = wishes.should_stop(), wishes.checkpoint_every
    if kept is not None and (stop or (every and engine.t % every == 0)):
        wall_s = time.perf_counter() - job.begun
        kept.keeper.write(engine.t, engine.numbers, engine.pieces(), digest.days, wall_s)
    if stop:
        where = f"stopped after day {engine.t} of {job.plan.days}"
        if kept is None:
            raise Interrupted(f"{where}; nothing is kept without an output folder")
        raise Interrupted(f"{where}; `glasshouse run --resume {clean(kept.folder, 200)}` goes on")


# ---------------------------------------------------------------- checkpoints


@contextmanager
def kept_is_told(kept: Recorder) -> Generator[None]:
    """Add to a failure of disk or memory from which day the run can go on.

    Raises:
        InputOutputError: disk or memory failed.
    """
    try:
        yield
    except (InputOutputError, MemoryError) as error:
        day, shown = kept.keeper.last_day, clean(kept.folder, 200)
        message = "memory ran out" if isinstance(error, MemoryError) else error.message
        advice = None if isinstance(error, MemoryError) else error.help
        if day is not None:
            advice = (
                f"day {day} is kept: when there is room, `glasshouse run --resume {shown}` goes on from it"
            )
        raise InputOutputError(message, help=advice) from error


def versions() -> dict[str, Any]:
    """Return what must be the same for a run to go on bit by bit."""
    return {"model_version": MODEL_VERSION, "rng_scheme": RNG_SCHEME, "kernels": source_digest()}


def as_plain(source: Provenance) -> dict[str, Any]:
    """Return where a run comes from as JSON knows it; the clock and the machine are left to the end."""
    return {
        "name": source.name,
        "title": source.title,
        "notice": source.notice,
        "digest": source.digest,
        "chain": [list(one) for one in source.chain],
        "changes": list(source.changes),
        "command": list(source.command),
    }


def job_of(found: Checkpoint) -> Job:
    """Return the job that a checkpoint belongs to.

    Raises:
        InputOutputError: it comes from another version.
    """
    tree = found.tree
    checkpoint.refuse_other(tree, versions())
    scenario = Scenario.model_validate_json(tree["scenario"])
    plan = compile_plan(scenario, citizens=tree["citizens"], days=tree["days"], seed=int(tree["seed"]))
    checkpoint.refuse_other(tree, {"plan_digest": plan_digest(plan)})
    said = tree["source"]
    source = Provenance(
        name=said["name"],
        title=said["title"],
        notice=said["notice"],
        digest=said["digest"],
        chain=tuple((name, digest, text) for name, digest, text in said["chain"]),
        changes=tuple(said["changes"]),
        command=tuple(said["command"]),
        started=dt.datetime.fromisoformat(tree["started"]),
    )
    return Job.of(scenario, source, plan, tree["wall_s"])


def first_sound(
    job: Job, wishes: Wishes, found: Sequence[Checkpoint], wrong: list[str]
) -> tuple[Checkpoint, Engine]:
    """Return the latest checkpoint whose every byte is as written, and its world.

    Raises:
        InputOutputError: none is.
    """
    for one in found:
        try:
            for _ in read_days(one.folder, one.segments):
                pass  # reading checks it
            with StateFile(one) as state:
                engine = Engine.restored(job.plan, one.tree["numbers"], state, *wishes.of_engine)
                state.close()
        except InputOutputError as error:
            wrong.append(error.message)
        else:
            return one, engine
    raise nothing_to_resume(found[0].folder.parent, wrong)


def nothing_to_resume(folder: Path, wrong: Sequence[str]) -> InputOutputError:
    """Return the error for a folder without a sound checkpoint."""
    found = "; ".join(wrong) if wrong else "there is no checkpoint"
    return InputOutputError(
        f"{clean(folder, 200)} holds no run that could go on: {found}",
        help="run it again; --checkpoint-every DAYS keeps more to go on from",
    )


def default_threads(threads: int | None) -> int:
    """Return the threads to use: those asked for, at most what there is; all by default."""
    there_are: int = numba.config.NUMBA_NUM_THREADS
    return min(threads or there_are, there_are)


def peak_rss_bytes() -> int:
    """Return the largest memory this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
