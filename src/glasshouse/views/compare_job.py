"""What `compare` does for each question: say what it takes, record both worlds, live the replicates, write, print."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from glasshouse.errors import Interrupted, clean
from glasshouse.views.cli_stop import PoliteStop
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from glasshouse.compare import Comparison
    from glasshouse.compare.kept import Kept
    from glasshouse.compare.pair import Coupling
    from glasshouse.scenario.load import Loaded

__all__ = ["CompareJob", "Question", "lived_and_told", "questions"]


@dataclass(frozen=True)
class Question:
    """Two worlds to compare; `name` is the variant's where the scenario's own are compared one after the other."""

    name: str | None
    worlds: tuple[Loaded, Loaded]


@dataclass(frozen=True)
class CompareJob:
    """One question and the wishes of the command line, as `compare` takes them."""

    worlds: tuple[Loaded, Loaded]
    folder: Path | None
    citizens: int | None
    days: int | None
    seed: int | None
    replicates: int
    threads: int | None
    replace: bool
    resume: bool
    coupling: Coupling = "same"
    absent: tuple[int, ...] = ()
    uncertainty: bool = False

    @property
    def first_seed(self) -> int:
        """Seed of the first replicate."""
        return self.worlds[0].scenario.society.seed if self.seed is None else self.seed


def questions(
    base: str,
    variant: str | None,
    *,
    without: Sequence[str],
    set_: Mapping[str, str],
    own: str | None,
    beside_itself: bool = False,
) -> list[Question]:
    """Return what is to be compared: two worlds, or the base with each of its own variants.

    Raises:
        UsageError: there is nothing to compare with, or too much.
    """
    from glasshouse.compare.worlds import variants_of, worlds_of
    from glasshouse.views.cli_options import load

    if variant is None and own is None and not without and not set_ and not beside_itself:
        listed = variants_of(load(base))
        if listed:
            return [Question(name, worlds_of(base, named=name)) for name in listed]
    worlds = worlds_of(base, variant, without=without, set=set_, named=own, beside_itself=beside_itself)
    return [Question(None, worlds)]


def lived_and_told(job: CompareJob, *, by: str | None, yes: bool, silent: bool, printed: bool) -> Comparison:
    """Live a comparison, write it where it is to be kept, print it where it is to be seen, and return it.

    Args:
        job: What is compared.
        by: Kind of place of the breakdown that is printed, or None.
        yes: Whether nothing is asked.
        silent: Whether no progress is shown.
        printed: Whether the result is printed.

    Raises:
        RefusedError: it does not fit, or the user said no.
        Interrupted: somebody asked the process to end.
    """
    from glasshouse.compare import compare, write_comparison
    from glasshouse.compare.worlds import size_of
    from glasshouse.views.cli_report import write_page
    from glasshouse.views.cli_run import threads_or_default

    given = threads_or_default(job.threads)
    n, days = size_of(job.worlds[0], job.citizens, job.days, job.replicates)
    announce(job, n, days, given, yes=yes, printed=printed)
    with DayProgress(n, shown=not silent) as progress, PoliteStop() as stop, ExitStack() as stack:
        kept = None
        if job.folder is not None:
            kept = stack.enter_context(kept_of(job, n, days))
            record(job, kept, progress, n, days, given, stop)
        comparison = compare(
            *job.worlds,
            citizens=n,
            days=days,
            seed=job.first_seed,
            replicates=job.replicates,
            threads=given,
            coupling=job.coupling,
            absent=job.absent,
            uncertainty=job.uncertainty,
            kept=kept,
            progress=of_all(progress, job.replicates, 2 * n, days, list(kept.found) if kept else []),
            should_stop=stop,
        )
        if job.folder is not None:
            write_comparison(comparison, job.folder)
            write_page(job.folder, job.folder / "report.html")
    if printed:
        print_comparison(comparison, job.folder, by)
    return comparison


def announce(job: CompareJob, citizens: int, days: int, threads: int, *, yes: bool, printed: bool) -> None:
    """Say at which size the worlds are compared and what that takes; refuse what does not fit."""
    from glasshouse.compare.replicates import workers_for
    from glasshouse.views.cli_run import prepared

    base, here = job.worlds[0], job.worlds[0].scenario.society.citizens
    if printed and job.citizens is None and citizens < here:
        click.echo(
            f"{clean(base.name)} has {here:,} citizens; compared with {citizens:,}, which takes about a minute on"
            " two processors (--citizens N chooses)",
            err=True,
        )
    workers = workers_for(threads, job.replicates, citizens, days)
    prepared(
        base, citizens=citizens, days=days, threads=max(1, threads // workers), folder=job.folder, yes=yes,
        quiet=not printed, worlds=2 * workers, lives=2 * job.replicates + 2 * (job.folder is not None),
        processes=workers, idle=int(workers > 1),
    )  # fmt: skip


def kept_of(job: CompareJob, citizens: int, days: int) -> Kept:
    """Take the folder of a comparison.

    Raises:
        InputOutputError: it is taken, or holds another comparison.
    """
    from glasshouse.compare.kept import Kept, asked_tree
    from glasshouse.compare.replicates import Task
    from glasshouse.compare.worlds import name_of

    base, variant = job.worlds
    assert job.folder is not None
    task = Task(base.scenario, variant.scenario, citizens, days)
    asked = asked_tree(task, job.first_seed, job.replicates, (name_of(base), name_of(variant)))
    return Kept(job.folder, asked, replace=job.replace, resume=job.resume)


def record(
    job: CompareJob,
    kept: Kept,
    progress: DayProgress,
    citizens: int,
    days: int,
    threads: int,
    stop: PoliteStop,
) -> None:
    """Run and record both worlds of the first seed, those that are not there yet.

    Raises:
        Interrupted: somebody asked the process to end.
    """
    from glasshouse.compare.folder import NAMES, go_on_recording, record_worlds
    from glasshouse.compare.replicates import threads_for
    from glasshouse.compare.worlds import stopped

    def begin(number: int) -> DayProgress:
        """Begin the bar of a world."""
        progress.start(f"recording {NAMES[number]}", citizens=citizens)
        return progress

    ways: dict[str, Any] = {
        "citizens": citizens,
        "days": days,
        "seed": job.first_seed,
        "threads": threads_for(threads, citizens),
        "begin": begin,
        "command": ["glasshouse", *sys.argv[1:]],
        "should_stop": stop,
    }
    try:
        if job.resume:
            go_on_recording(job.worlds, kept.folder, **ways)
        else:
            record_worlds(job.worlds, kept.folder, replace=job.replace, **ways)
    except Interrupted as error:
        raise stopped(len(kept.found), job.replicates, kept) from error


def of_all(
    progress: DayProgress, replicates: int, citizens: int, days: int, found: Sequence[int]
) -> Callable[[int, int, int, int], None]:
    """Return a callback that shows the days of all replicates together, in one bar."""
    lived = dict.fromkeys((k for k in found if k < replicates), days)
    progress.start(f"{replicates} replicate{'s' * (replicates > 1)}", citizens=citizens)

    def after_day(replicate: int, _replicates: int, day: int, _days: int) -> None:
        """Move the bar by the days of all replicates."""
        lived[replicate] = day
        progress(sum(lived.values()), replicates * days)

    return after_day


def print_comparison(comparison: Comparison, folder: Path | None, by: str | None) -> None:
    """Print the effects per 100,000 citizens, whom they reached, since when, and where they are kept."""
    from glasshouse.views.cli_effects import print_breakdown, print_effects
    from glasshouse.views.cli_summary import notices, print_notice

    print_effects(comparison)
    if comparison.absent:
        click.echo(whom_they_are_missed_by(comparison))
    if by is not None:
        print_breakdown(comparison, by)
    for notice in notices(comparison.base, comparison.variant):
        print_notice(notice)
    if folder is not None:
        shown = clean(folder, 200)
        click.echo(
            f"both worlds, effects.parquet, effects.csv, comparison.json and report.html are in {shown}"
        )


def whom_they_are_missed_by(comparison: Comparison) -> str:
    """Return in words how many lives of others go another way where some citizens are not there."""
    others = sorted(int(one.affected[0]) - len(comparison.absent) for one in comparison.partings)
    who = f"citizen{'s' * (len(comparison.absent) > 1)} {', '.join(map(str, comparison.absent))}"
    reach = f"{others[0]:,}" if others[0] == others[-1] else f"{others[0]:,} to {others[-1]:,}"
    return (
        f"without {who} the lives of {reach} others of {comparison.citizens:,} differ on some day"
        f" (median {median(others):,.6g} over {comparison.replicates} seeds), in this synthetic society"
    )
