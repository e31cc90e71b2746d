"""The command that asks what differs between two worlds: compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from glasshouse.errors import clean
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


COMMANDS = (compare_command,)
