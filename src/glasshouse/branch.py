"""From one checkpoint several futures: the same world up to a day, another scheme from there on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace as with_changes
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse.compare.twins import refuse_other_society, slots
from glasshouse.errors import UsageError
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.model.warm import warm_up
from glasshouse.records import checkpoint
from glasshouse.records.daylog import read_days
from glasshouse.records.manifest import Provenance
from glasshouse.records.recorder import Recorder
from glasshouse.run import Job, Wishes, first_sound, job_of, kept_is_told, lived, nothing_to_resume

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.model.plan import Plan
    from glasshouse.run import RunResult
    from glasshouse.scenario.load import Loaded

__all__ = ["branch"]


def branch(
    folder: str | Path,
    variant: Loaded,
    *,
    into: str | Path,
    replace: bool = False,
    command: Sequence[str] | None = None,
    threads: int | None = None,
    chunk_quads: int | None = None,
    partitions: int = 1,
    checkpoint_every: int = 0,
    progress: Callable[[int, int, int], object] | None = None,
    should_stop: Callable[[], bool] = bool,
    backend: str = "cpu",
) -> RunResult:
    """Go on from the latest checkpoint of a run under another scenario; the run itself is not touched.

    Args:
        folder: Folder of a run that was stopped, or is under way with checkpoints.
        variant: The scenario from there on: same society, same lists and counters, other numbers.
        into: New or empty folder for the records; they begin with the days that both have in common.
        replace: Whether an older run in `into` may be replaced.
        command: Command line to note in the manifest.
        threads: As in `run.simulate`, and so the others.
        chunk_quads: Quads of 256 citizens that a thread takes at once; None: as many as suit the size.
        partitions: Parts that the citizens are cut into.
        checkpoint_every: Days between checkpoints in `into`; 0 is none.
        progress: Called after each day.
        should_stop: Asked after each day.
        backend: Who lives the days.

    Raises:
        UsageError: the scenario is of another society, or keeps other things of its citizens.
        InputOutputError: there is no sound checkpoint, or `into` is taken.
        Interrupted: `should_stop` said so.
    """
    found, wrong = checkpoint.find(Path(folder))
    if not found:
        raise nothing_to_resume(Path(folder), wrong)
    base = job_of(found[0])
    job = job_from(base, variant, found[0].day, command or ["python"])
    wishes = Wishes(threads, chunk_quads, partitions, checkpoint_every, progress, should_stop, backend)
    crossed = found[0].tree["crossings"]
    with Recorder(into, job.plan, job.layout, replace=replace, head=job.head, crossings=crossed) as kept:
        warm_up()
        one, engine = first_sound(job, wishes, found, wrong)
        for day in read_days(one.folder, one.segments):
            kept.keeper.log.add(day)
        with kept_is_told(kept):
            return lived(job, wishes, engine, kept, one)


def job_from(base: Job, variant: Loaded, day: int, command: Sequence[str]) -> Job:
    """Return the job of the variant, which says where it comes from."""
    before = base.plan
    plan = compile_plan(variant.scenario, citizens=before.citizens, days=before.days, seed=before.seed)
    refuse_other_society(before, plan)
    refuse_other_columns(before, plan)
    source = Provenance.of(variant, command=command, started=dt.datetime.now(dt.UTC))
    said = f"the first {day} days as {' '.join((base.source.name, *base.source.changes))}"
    return Job.of(variant.scenario, with_changes(source, changes=(*source.changes, said)), plan)


def refuse_other_columns(base: Plan, variant: Plan) -> None:
    """Raise UsageError unless what is kept of each citizen means the same under both plans."""
    for what, same in (
        ("lists", kept_of_lists(base) == kept_of_lists(variant)),
        ("monthly counters", slots(base) == slots(variant)),
        ("meaning of the flag", base.flag_listed == variant.flag_listed),
        ("companies", (base.company is None) == (variant.company is None)),
        ("measures", flow_names(base) == flow_names(variant) and stock_names(base) == stock_names(variant)),
    ):
        if not same:
            raise UsageError(
                f"the two scenarios differ in their {what}; a world cannot change those on its way",
                help="change numbers, for example --set rule.friends.points=0, and leave ids as they are",
            )


def kept_of_lists(plan: Plan) -> list[tuple[str, int, bool, bool]]:
    """Return what bits and terms of citizens mean."""
    return [(one.id, one.slot, one.perk, one.company) for one in plan.lists]
