"""Commands about runs: run, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import RefusedError, UsageError, clean
from glasshouse.views.cli_options import (
    as_json_text,
    backend_option,
    changes,
    json_option,
    load,
    output_option,
    quiet_option,
    replace_option,
    size,
    threads_allowed,
    threads_option,
    yes_option,
)
from glasshouse.views.cli_stop import PoliteStop
from glasshouse.views.cli_summary import print_notice, print_worlds
from glasshouse.views.progress import DayProgress, spelled_rate, spelled_time

if TYPE_CHECKING:
    from glasshouse.scenario.load import Loaded

__all__ = ["COMMANDS", "prepared", "threads_or_default"]

SHORT = 12  # digits of a digest that people are shown
CARRIES = "neither chance nor the ranges of assumed numbers: one seed, every number as written"


def threads_or_default(threads: int | None) -> int:
    """Return the threads asked for, else two where there are two."""
    return threads if threads is not None else min(2, threads_allowed())


def prepared(
    loaded: Loaded,
    *,
    citizens: int | None,
    days: int | None,
    threads: int,
    folder: Path | None,
    yes: bool,
    quiet: bool,
    worlds: int = 1,
    lives: int = 1,
    checkpoints: bool = False,
    crossings: bool = True,
    partitions: int = 1,
    processes: int = 1,
    idle: int = 0,
) -> tuple[int, int]:
    """Say what a run will take, refuse what will not fit; return citizens and days.

    Args:
        loaded: The scenario.
        citizens: Size asked for, or None for the scenario's.
        days: Days asked for, or None for the scenario's.
        threads: Threads it gets.
        folder: Where records go, or None.
        yes: Whether nothing is asked.
        quiet: Whether nothing is said.
        worlds: Worlds in memory at the same time.
        lives: Worlds simulated in all.
        checkpoints: Whether checkpoints go to the folder too.
        crossings: Whether the log of what crosses between citizens does.
        partitions: Parts that the citizens are cut into.
        processes: Processes at work at the same time.
        idle: Processes that wait for them.

    Raises:
        RefusedError: it does not fit, or the user said no.
    """
    from glasshouse.views.cli_limits import HOUR, estimate, refuse_if_too_large

    society = loaded.scenario.society
    n, horizon = citizens or society.citizens, days or society.days
    needed = estimate(
        loaded.scenario,
        citizens=n,
        days=horizon,
        threads=threads,
        worlds=worlds,
        lives=lives,
        written=folder is not None,
        checkpoints=checkpoints,
        crossings=crossings,
        partitions=partitions,
        processes=processes,
        idle=idle,
    )
    refuse_if_too_large(loaded.scenario, needed, n, folder=folder, worlds=worlds)
    if not quiet:
        click.echo(f"{clean(loaded.name)}: {n:,} citizens, {horizon} days: {needed}", err=True)
    asked = needed.seconds > HOUR and not yes and sys.stdin.isatty()
    if asked and not click.confirm(f"this takes about {spelled_time(needed.seconds)}; start?", err=True):
        raise RefusedError("not started", help="--yes starts without asking")
    return n, horizon


@click.command("run")
@click.argument("scenario", required=False)
@output_option("Folder for the records; new or empty.")
@size
@threads_option
@backend_option
@changes
@replace_option
@click.option(
    "--partitions",
    type=click.IntRange(min=1, max=10_000),
    default=1,
    metavar="N",
    help="Cut the citizens into N parts, lived one after the other; no bit changes.",
)
@click.option(
    "--no-crossings",
    is_flag=True,
    help="Do not keep in DIR what crosses between citizens; `life` then lives the worlds again.",
)
@click.option(
    "--checkpoint-every",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Keep in DIR what a run needs to go on from, every so many days.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Go on with the run in DIR that was stopped; with SCENARIO and -o, under that scenario into a new folder.",
)
@yes_option
@json_option
@quiet_option
def run_command(
    scenario: str | None,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    threads: int | None,
    backend: str,
    set_: dict[str, str],
    without: tuple[str, ...],
    replace: bool,
    no_crossings: bool,
    partitions: int,
    checkpoint_every: int | None,
    resume: Path | None,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Let a society live under a scheme, and keep the records in a folder.

    Ctrl-C stops after the day in hand; with -o the run can be resumed then.
    """
    given = threads_or_default(threads)
    if resume is not None:
        if scenario is not None and output is not None:
            _refuse_beside_resume(citizens, days, seed, no_crossings)
            _branch(
                resume, load(scenario, set_, without), output, given, partitions, checkpoint_every or 0, backend,
                replace=replace, as_json=as_json, quiet=quiet,
            )  # fmt: skip
            return
        _refuse_beside_resume(scenario, output, citizens, days, seed, set_, without, replace, no_crossings)
        _resume(resume, given, partitions, checkpoint_every or 0, backend, as_json=as_json, quiet=quiet)
        return
    if scenario is None:
        raise UsageError("run: which scenario?", help="`glasshouse presets` lists those that come with it")
    if checkpoint_every and output is None:
        raise UsageError("--checkpoint-every needs a folder to keep checkpoints in", help="add -o DIR")
    loaded = load(scenario, set_, without)
    n, horizon = prepared(
        loaded, citizens=citizens, days=days, threads=given, folder=output, yes=yes, quiet=quiet or as_json,
        checkpoints=checkpoint_every is not None, crossings=not no_crossings, partitions=partitions,
    )  # fmt: skip
    from glasshouse.run import simulate

    with DayProgress(n, clean(loaded.name, 30), shown=not quiet) as progress, PoliteStop() as stop:
        result = simulate(
            loaded,
            citizens=n,
            days=horizon,
            seed=seed,
            threads=given,
            folder=output,
            replace=replace,
            crossings=not no_crossings,
            partitions=partitions,
            checkpoint_every=checkpoint_every or 0,
            backend=backend,
            progress=progress,
            should_stop=stop,
            command=["glasshouse", *sys.argv[1:]],
        )
    _tell(result, as_json=as_json, quiet=quiet)


def _refuse_beside_resume(*given: object) -> None:
    """Refuse what a resumed run has already decided."""
    if any(one is not False and one not in (None, {}, ()) for one in given):
        raise UsageError(
            "--resume goes on with the scenario, size, seed and folder of the run that was stopped",
            help="give --resume DIR alone, or with a scenario and -o NEW for another future from its checkpoint",
        )


def _resume(
    folder: Path, threads: int, parts: int, every: int, backend: str, *, as_json: bool, quiet: bool
) -> None:
    """Go on with a run, or say that it is finished."""
    from glasshouse.records.claim import is_run
    from glasshouse.run import resume

    if is_run(folder):
        _tell_finished(folder, as_json=as_json, quiet=quiet)
        return
    name = clean(folder.name, 30)
    with DayProgress(0, name, shown=not quiet) as progress, PoliteStop() as stop:
        result = resume(
            folder,
            threads=threads,
            partitions=parts,
            checkpoint_every=every,
            backend=backend,
            progress=progress,
            should_stop=stop,
        )
    _tell(result, as_json=as_json, quiet=quiet)


def _branch(
    folder: Path, loaded: Loaded, into: Path, threads: int, parts: int, every: int, backend: str, *,
    replace: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Go on from another run's checkpoint under a scenario of its own."""
    from glasshouse.branch import branch

    with DayProgress(0, clean(loaded.name, 30), shown=not quiet) as progress, PoliteStop() as stop:
        result = branch(
            folder,
            loaded,
            into=into,
            replace=replace,
            command=["glasshouse", *sys.argv[1:]],
            threads=threads,
            partitions=parts,
            checkpoint_every=every,
            backend=backend,
            progress=progress,
            should_stop=stop,
        )
    _tell(result, as_json=as_json, quiet=quiet)


def _tell_finished(folder: Path, *, as_json: bool, quiet: bool) -> None:
    """Say what a finished run found, as it said itself."""
    from glasshouse.records.reader import open_run

    run = open_run(folder)
    tree = run.manifest
    if as_json:
        keys = ("seed", "citizens", "days", "digest")
        said = {key: tree[key] for key in keys} | {"totals": run.summary["totals"]}
        click.echo(as_json_text({"scenario": tree["scenario"]["name"], **said}))
    elif not quiet:
        shown = clean(folder, 200)
        click.echo(f"the run in {shown} is finished: digest {tree['digest'][:SHORT]}")


def _tell(result: Any, *, as_json: bool, quiet: bool) -> None:
    """Print what a run found."""
    if as_json:
        click.echo(as_json_text(as_tree(result)))
    elif not quiet:
        _print_result(result)


def as_tree(result: Any) -> dict[str, Any]:
    """Return what `run --json` prints."""
    plan, source = result.plan, result.source
    return {
        "scenario": source.name,
        "title": source.title,
        "notice": source.notice,
        "changes": list(source.changes),
        "seed": plan.seed,
        "citizens": plan.citizens,
        "days": plan.days,
        "digest": result.digest,
        "wall_s": round(result.wall_s, 3),
        "citizen_days_per_s": round(result.citizen_days_per_s),
        "peak_rss_bytes": result.peak_rss_bytes,
        "state_bytes_per_citizen": result.state_bytes_per_citizen,
        "uncertainty": CARRIES,
        "totals": dict(result.totals),
    }


def _print_result(result: Any) -> None:
    """Print the summary of a run."""
    plan, source, folder = result.plan, result.source, result.folder
    print_worlds([source.name], [result.totals], citizens=plan.citizens, days=plan.days, seed=plan.seed)
    click.echo(f"these figures carry {CARRIES}")
    print_notice(source.notice)
    speed = f"{spelled_rate(result.citizen_days_per_s)} citizen-days/s"
    click.echo(f"digest {result.digest[:SHORT]}, {spelled_time(result.wall_s)}, {speed}")
    if folder is not None:
        shown = clean(folder, 200)
        click.echo(f"records are in {shown}; `glasshouse report {shown}` makes a page of them")


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--measure", multiple=True, metavar="NAME", help="Measure to keep; repeatable; all by default.")
@click.option("--province", multiple=True, metavar="NAME", help="Province to keep; repeatable.")
@click.option("--group", multiple=True, metavar="NAME", help="Group to keep, a to h; repeatable.")
@click.option(
    "--from-day", type=click.IntRange(min=0), metavar="DAY", help="First day number; the run begins with 0."
)
@click.option("--to-day", type=click.IntRange(min=0), metavar="DAY", help="Last day number, included.")
@click.option(
    "--format", "kind", type=click.Choice(["csv", "parquet"]), help="By the file's name by default, else csv."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="File to write; new.",
)
@quiet_option
def export_command(
    folder: Path,
    *,
    measure: tuple[str, ...],
    province: tuple[str, ...],
    group: tuple[str, ...],
    from_day: int | None,
    to_day: int | None,
    kind: str | None,
    output: Path,
    quiet: bool,
) -> None:
    """Write daily counts of a run, by province and group, as CSV or Parquet."""
    from glasshouse.views.cli_export import chosen, write

    if from_day is not None and to_day is not None and from_day > to_day:
        raise UsageError(f"--from-day {from_day} is after --to-day {to_day}")
    table = chosen(folder, measure, province, group, from_day, to_day)
    write(table, output, kind or ("parquet" if output.suffix == ".parquet" else "csv"))
    if not quiet:
        click.echo(f"{table.num_rows:,} rows in {clean(output, 200)}", err=True)


COMMANDS = (run_command, export_command)
