"""One run: a scenario lived from the first day to the last, counted, checked, recorded, and fingerprinted."""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from dataclasses import replace as with_changes
from pathlib import Path
from typing import TYPE_CHECKING

import numba

from glasshouse.model.engine import Engine, warm_up
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import Plan, compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.digest import RunDigest
from glasshouse.records.layout import Layout
from glasshouse.records.manifest import Provenance
from glasshouse.records.recorder import Recorder
from glasshouse.records.sums import MemoryRecorder
from glasshouse.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def simulate(
    loaded: Loaded | str | Path,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    folder: str | Path | None = None,
    replace: bool = False,
    chunk_quads: int = 16,
    progress: Callable[[int, int, int], object] | None = None,
    command: Sequence[str] | None = None,
) -> RunResult:
    """Live a scenario and return what happened; with `folder` also keep the records there.

    Args:
        loaded: A loaded scenario, a preset id, or the path of a scenario.
        citizens: Number of citizens, if not the scenario's.
        days: Number of days, if not the scenario's.
        seed: World seed, if not the scenario's.
        threads: Threads; they change no bit of the result.
        folder: New or empty folder for the records.
        replace: Whether an older run in `folder` may be replaced.
        chunk_quads: Quads of 256 citizens that a thread takes at once; changes no bit of the result.
        progress: Called after each day with (days done, days in all, citizens).
        command: Command line to note in the manifest.

    Raises:
        ScenarioError: the scenario is not valid.
        InputOutputError: the folder is taken or cannot be written.
        InvariantError: a daily balance did not close: a fault in Glasshouse.
    """
    if isinstance(loaded, str | Path):
        loaded = load(loaded)
    begun, started = time.perf_counter(), dt.datetime.now(dt.UTC)
    plan = compile_plan(loaded.scenario, citizens=citizens, days=days, seed=seed)
    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    memory = MemoryRecorder(plan, layout)
    digest = RunDigest(plan, layout)
    recorder = Recorder(folder, plan, layout, replace=replace) if folder is not None else nullcontext()
    with recorder as kept:
        warm_up()
        engine = Engine(plan, threads=default_threads(threads), chunk_quads=chunk_quads)
        lived = time.perf_counter()
        live(engine, plan, memory, digest, kept, progress)
        lived = time.perf_counter() - lived
        fingerprint = digest.finish(engine.all_columns, plan.citizens, engine.pending())
        if kept is not None:
            source = Provenance.of(loaded, command=command or ["python"], started=started)
            took = with_changes(
                source,
                wall_s=time.perf_counter() - begun,
                peak_rss_bytes=peak_rss_bytes(),
                threads=engine.threads,
            )
            kept.close(took, digest, fingerprint)
    return RunResult(
        plan=plan,
        totals=memory.totals,
        digest=fingerprint,
        day_digests=tuple(digest.days),
        flows=memory.daily_flows,
        stocks=memory.daily_stocks,
        flow_names=layout.flows,
        stock_names=layout.stocks,
        wall_s=time.perf_counter() - begun,
        citizen_days_per_s=plan.citizens * plan.days / max(lived, 1e-9),
        peak_rss_bytes=peak_rss_bytes(),
        state_bytes_per_citizen=engine.state_bytes() / plan.citizens,
        folder=kept.folder if kept is not None else None,
    )


def live(
    engine: Engine,
    plan: Plan,
    memory: MemoryRecorder,
    digest: RunDigest,
    recorder: Recorder | None,
    progress: Callable[[int, int, int], object] | None,
) -> None:
    """Live all days, counting each; scores are counted on the first day, on each 1st and on the last."""
    for t in range(plan.days):
        counts = engine.step()
        memory.day(t, counts.flows, counts.stocks)
        if recorder is None:
            digest.day(t, counts.flows, counts.stocks)
        else:
            digest.rows(t, *recorder.day(t, counts.flows, counts.stocks))
            if plan.score and (t in (0, plan.days - 1) or plan.is_first(t)):
                recorder.month(t, engine.score_histogram())
        if progress is not None:
            progress(t + 1, plan.days, plan.citizens)


def default_threads(threads: int | None) -> int:
    """Return the threads to use: those asked for, at most what there is; all by default."""
    there_are: int = numba.config.NUMBA_NUM_THREADS
    return min(threads or there_are, there_are)


def peak_rss_bytes() -> int:
    """Return the largest memory this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
