"""Commands that ask questions of two worlds: compare, life."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import UsageError, clean
from glasshouse.views.cli_options import (
    as_json_text,
    changes,
    json_option,
    quiet_option,
    replace_option,
    size,
    threads_option,
)
from glasshouse.views.progress import DayProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.compare import Comparison
    from glasshouse.scenario.load import Loaded

__all__ = ["COMMANDS"]

REPLICATES = 8
PICK_WORDS = "most-affected | punished-by-association | silent"


@click.command("compare")
@click.argument("base")
@click.argument("variant", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for both worlds and a report.",
)
@size
@click.option(
    "--replicates",
    type=click.IntRange(1, 10_000),
    default=REPLICATES,
    show_default=True,
    metavar="N",
    help="Seeds.",
)
@threads_option
@changes
@replace_option
@click.option("--yes", is_flag=True, help="Do not ask before long runs.")
@json_option
@quiet_option
def compare_command(
    base: str,
    variant: str | None,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    replicates: int,
    threads: int | None,
    set_: dict[str, str],
    without: tuple[str, ...],
    replace: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare two scenarios, or one with itself after --without or --set, on the same people with the same luck."""
    from glasshouse.compare import compare
    from glasshouse.compare.worlds import worlds_of
    from glasshouse.views.cli_run import prepared, threads_or_default

    worlds = worlds_of(base, variant, without=without, set=set_)
    given = threads_or_default(threads)
    lives = 2 * replicates + 2 * (output is not None)
    n, horizon = prepared(
        worlds[0], citizens=citizens, days=days, threads=given, folder=output, yes=yes, quiet=quiet or as_json,
        worlds=2, lives=lives,
    )  # fmt: skip
    first = worlds[0].scenario.society.seed if seed is None else seed
    with DayProgress(n, shown=not quiet) as progress:
        if output is not None:
            record(worlds, output, progress, n, horizon, first, given, replace=replace)
        comparison = compare(
            *worlds,
            citizens=n,
            days=horizon,
            seed=first,
            replicates=replicates,
            threads=given,
            progress=by_replicate(progress, 2 * n),
        )
    if output is not None:
        write_down(comparison, output)
    if as_json:
        click.echo(as_json_text(comparison.as_dict()))
    elif not quiet:
        print_comparison(comparison, output)


def record(
    worlds: tuple[Loaded, Loaded],
    folder: Path,
    progress: DayProgress,
    citizens: int,
    days: int,
    seed: int,
    threads: int,
    *,
    replace: bool,
) -> None:
    """Run and record both worlds of the first seed."""
    from glasshouse.compare.folder import NAMES, record_worlds

    def begin(number: int) -> DayProgress:
        progress.start(f"recording {NAMES[number]}")
        return progress

    record_worlds(
        worlds, folder, citizens=citizens, days=days, seed=seed, threads=threads, replace=replace, begin=begin,
        command=["glasshouse", *sys.argv[1:]],
    )  # fmt: skip


def by_replicate(progress: DayProgress, citizens: int) -> Callable[[int, int, int, int], None]:
    """Return a callback that begins a bar for each replicate."""
    begun: list[int] = []

    def after_day(replicate: int, replicates: int, day: int, days: int) -> None:
        if not begun or begun[-1] != replicate:
            begun.append(replicate)
            progress.start(f"replicate {replicate + 1} of {replicates}", citizens=citizens)
        progress(day, days)

    return after_day


def write_down(comparison: Comparison, folder: Path) -> None:
    """Write the comparison and its report beside the two worlds."""
    from glasshouse.compare import write_comparison
    from glasshouse.views.cli_run import write_page

    write_comparison(comparison, folder)
    write_page(folder, folder / "report.html")


def print_comparison(comparison: Comparison, folder: Path | None) -> None:
    """Print the effects per 100,000 citizens, whom they reached, and since when."""
    from glasshouse.views.cli_effects import print_effects
    from glasshouse.views.cli_summary import notices, print_notice

    print_effects(comparison)
    for notice in notices(comparison.base, comparison.variant):
        print_notice(notice)
    if folder is not None:
        click.echo(f"both worlds and report.html are in {clean(folder, 200)}")


@click.command("life")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("citizen", type=int, required=False)
@click.option("--pick", metavar="HOW", help=PICK_WORDS)
@threads_option
@json_option
@quiet_option
def life_command(
    folder: Path, citizen: int | None, *, pick: str | None, threads: int | None, as_json: bool, quiet: bool
) -> None:
    """Tell the year of one citizen of a run, beside the twin's when DIR holds a comparison."""
    from glasshouse.life import PICKS, live_again, recorded_world
    from glasshouse.views.cli_errors import close_match
    from glasshouse.views.cli_limits import estimate, refuse_if_too_large
    from glasshouse.views.worlds import world_folders

    if pick is not None and pick not in PICKS:
        near = close_match(pick, PICKS)
        raise UsageError(
            f"--pick {clean(pick)}: expected {', '.join(PICKS)}",
            help=f"did you mean {near}?" if near else None,
        )
    if (pick is None) == (citizen is None):
        raise UsageError(
            "give the number of a citizen or --pick, one of the two", help=f"--pick {PICK_WORDS}"
        )
    found = [recorded_world(one) for one in world_folders(folder)]
    society, n = found[0].scenario, found[0].plan.citizens
    needed = estimate(society, citizens=n, days=found[0].plan.days, worlds=len(found), written=False)
    refuse_if_too_large(society, needed, n, worlds=len(found))
    with DayProgress(n, shown=not quiet) as progress:
        life = live_again(
            [one.plan for one in found],
            [(one.name, one.notice) for one in found],
            citizen,
            pick=pick,
            threads=threads,
            progress=by_task(progress),
        )
    if as_json:
        click.echo(as_json_text(life.as_dict()))
        return
    from glasshouse.views.cli_diary import print_life

    print_life(life, found[0].plan)


def by_task(progress: DayProgress) -> Callable[[str, int, int], None]:
    """Return a callback that begins a bar for each thing that is done."""
    begun: list[Any] = []

    def after_day(what: str, day: int, days: int) -> None:
        if not begun or begun[-1] != what:
            begun.append(what)
            progress.start(what)
        progress(day, days)

    return after_day


COMMANDS = (compare_command, life_command)
