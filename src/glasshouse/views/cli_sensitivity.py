"""The command `sensitivity`: which assumptions the figures hang on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import RefusedError, UsageError, clean
from glasshouse.views.cli_options import (
    as_json_text,
    changes,
    json_option,
    output_option,
    quiet_option,
    replace_option,
    size,
    threads_option,
    yes_option,
)
from glasshouse.views.cli_stop import PoliteStop
from glasshouse.views.progress import DayProgress, spelled_time

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.sensitivity.study import Method, Question

__all__ = ["COMMANDS"]


@click.command("sensitivity")
@click.argument("scenario")
@output_option("New folder for sensitivity.json, .csv, .parquet and report.html.")
@size
@click.option(
    "--method",
    type=click.Choice(["morris", "sobol"]),
    default="morris",
    show_default=True,
    help="Screen all assumptions, or also share out the variance among the six that a screening finds.",
)
@click.option(
    "--over",
    multiple=True,
    metavar="KEY",
    help="Move these numbers, or tables of numbers, alone; repeatable. Every assumption with a range by default.",
)
@click.option("--walks", type=int, default=8, show_default=True, metavar="N", help="Walks of the screening.")
@click.option(
    "--samples",
    type=int,
    default=128,
    show_default=True,
    metavar="N",
    help="Rows of the design for Sobol indices, a power of two.",
)
@click.option(
    "--measure", "measures", multiple=True, metavar="KEY", help="Show this figure in full; repeatable."
)
@threads_option
@changes
@replace_option
@yes_option
@json_option
@quiet_option
def sensitivity_command(
    scenario: str,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    method: Method,
    over: tuple[str, ...],
    walks: int,
    samples: int,
    measures: tuple[str, ...],
    threads: int | None,
    set_: dict[str, str],
    without: tuple[str, ...],
    replace: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say which assumed numbers of a scheme its figures hang on, when each goes through its range.

    Ctrl-C stops after the worlds in hand; nothing is kept then.
    """
    from glasshouse.harm.folder import refuse_taken
    from glasshouse.sensitivity import question, sensitivity
    from glasshouse.sensitivity.result import RESULT

    refuse_unknown(measures)
    if output is not None:
        refuse_taken(output, replace=replace, mine=RESULT)
    asked = question(
        scenario, method=method, over=over, set=set_, without=without, citizens=citizens, days=days, seed=seed,
        walks=walks, samples=samples,
    )  # fmt: skip
    at_once = announced(asked, threads, output, yes=yes, quiet=quiet or as_json)
    progress = DayProgress(
        asked.citizens * asked.days, clean(asked.loaded.name, 30), shown=not quiet, unit="world"
    )
    with progress, PoliteStop("the worlds in hand") as stop:
        found = sensitivity(asked, threads=at_once, progress=progress, should_stop=stop)
    if output is not None:
        from glasshouse.views.cli_report import write_page

        found.write(output, command=["glasshouse", *sys.argv[1:]])
        write_page(output, output / "report.html")
    if as_json:
        click.echo(as_json_text(found.as_dict()))
    elif not quiet:
        from glasshouse.views.cli_sensitivity_tables import print_sensitivity

        print_sensitivity(found, measures, output)


def refuse_unknown(measures: tuple[str, ...]) -> None:
    """Raise UsageError for a figure that a study is not about."""
    from glasshouse.sensitivity.result import HEADLINES
    from glasshouse.views.cli_errors import close_match

    for key in measures:
        if key not in HEADLINES:
            near = close_match(key, HEADLINES)
            help = f"did you mean {near}?" if near else f"there are: {', '.join(HEADLINES)}"
            raise UsageError(f"--measure {clean(key)}: no such figure", help=help)


def announced(asked: Question, threads: int | None, folder: Path | None, *, yes: bool, quiet: bool) -> int:
    """Say which worlds will be lived and what they take; return how many at the same time.

    Raises:
        RefusedError: it does not fit, or the user said no.
    """
    from glasshouse.sensitivity.study import processes
    from glasshouse.views.cli_limits import HOUR, estimate, refuse_if_too_large
    from glasshouse.views.cli_run import threads_or_default

    scenario, n = asked.loaded.scenario, asked.citizens
    at_once = processes(asked, threads_or_default(threads))
    needed = estimate(
        scenario, citizens=n, days=asked.days, threads=1, lives=asked.worlds, written=False, processes=at_once
    )
    refuse_if_too_large(scenario, needed, n, folder=folder, worlds=at_once)
    if not quiet:
        click.echo(
            f"{clean(asked.loaded.name)}: {len(asked.assumptions)} assumptions with a range that days hang on, "
            f"{len(asked.held)} others held; {asked.worlds:,} worlds of {n:,} citizens, {asked.days} days, "
            f"{at_once} at the same time: {needed}",
            err=True,
        )
    if needed.seconds > HOUR and not yes and sys.stdin.isatty():
        words = f"this takes about {spelled_time(needed.seconds)}; start?"
        if not click.confirm(words, err=True):
            raise RefusedError("not started", help="--yes starts without asking")
    return at_once


COMMANDS: tuple[Any, ...] = (sensitivity_command,)
