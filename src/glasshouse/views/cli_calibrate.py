"""The command `calibrate`: numbers of a scenario fitted to published aggregates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from glasshouse.errors import RefusedError, clean
from glasshouse.views.cli_options import (
    as_json_text,
    changes,
    json_option,
    output_option,
    quiet_option,
    replace_option,
    replicates_option,
    threads_option,
    yes_option,
)
from glasshouse.views.cli_stop import PoliteStop
from glasshouse.views.progress import DayProgress, spelled_time

if TYPE_CHECKING:
    from glasshouse.calibrate import Calibration, Question

__all__ = ["COMMANDS"]


def _citizens(_ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    """Refuse societies in which a count of the nation is nothing."""
    if value is not None and value < 1_000:
        raise click.UsageError(f"--citizens {value}: a nation cannot be read off fewer than 1,000 citizens")
    return value


@click.command("calibrate")
@click.argument("scenario")
@click.option(
    "--to",
    "to",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Published aggregates as CSV; published_series.csv is the file that comes with Glasshouse.",
)
@output_option("New folder for calibration.json, .csv, .parquet and report.html.")
@click.option(
    "--fit",
    multiple=True,
    metavar="KEY[=LOW:HIGH]",
    help="Fit this number, looked for in this range; repeatable, at most 3. How often people are listed and how soon "
    "they stop asking for trains, by default.",
)
@click.option(
    "--on",
    multiple=True,
    metavar="STATISTIC",
    help="Fit these counts: listings, rail, plane, performed, delistings, flights; repeatable. Listings and rail by "
    "default; all others that the file has are held out and shown.",
)
@click.option(
    "--warm-up",
    type=click.IntRange(0, 3650),
    default=365,
    show_default=True,
    metavar="DAYS",
    help="Days lived before the first day of the scenario, until habits have settled.",
)
@click.option(
    "--citizens",
    type=int,
    callback=_citizens,
    metavar="N",
    help="Number of synthetic citizens that stand for the nation.",
)
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), metavar="N", help="World seed.")
@replicates_option(6, "Worlds at each place of the ranges, with the same seeds at all of them.")
@threads_option
@changes
@replace_option
@yes_option
@json_option
@quiet_option
def calibrate_command(
    scenario: str,
    *,
    to: Path,
    output: Path | None,
    fit: tuple[str, ...],
    on: tuple[str, ...],
    warm_up: int,
    citizens: int | None,
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
    """Fit named numbers of a scenario to published aggregates, and show the counts that the fit did not see.

    Ctrl-C stops after the worlds in hand; nothing is kept then.
    """
    from glasshouse.calibrate import calibrate, question
    from glasshouse.calibrate.result import RESULT
    from glasshouse.harm.folder import refuse_taken

    if output is not None:
        refuse_taken(output, replace=replace, mine=RESULT)
    asked = question(
        scenario, to, fit=fit, on=on, set=set_, without=without, citizens=citizens, seed=seed, replicates=replicates,
        warm_up=warm_up,
    )  # fmt: skip
    at_once = announced(asked, threads, output, yes=yes, quiet=quiet or as_json)
    label = clean(asked.loaded.name, 30)
    progress = DayProgress(asked.citizens * asked.days_lived, label, shown=not quiet, unit="world")
    with progress, PoliteStop("the worlds in hand") as stop:
        found = calibrate(asked, threads=at_once, progress=progress, should_stop=stop)
    if output is not None:
        keep(found, output)
    if as_json:
        click.echo(as_json_text(found.as_dict()))
    elif not quiet:
        from glasshouse.views.cli_calibrate_tables import print_calibration

        print_calibration(found, output)


def keep(found: Calibration, folder: Path) -> None:
    """Write what was found, and a page of it."""
    from glasshouse.views.cli_report import write_page

    found.write(folder, command=["glasshouse", *sys.argv[1:]])
    write_page(folder, folder / "report.html")


def announced(asked: Question, threads: int | None, folder: Path | None, *, yes: bool, quiet: bool) -> int:
    """Say what will be fitted to what and what it takes; return how many worlds live at the same time.

    Raises:
        RefusedError: it does not fit, or the user said no.
    """
    from glasshouse.views.cli_limits import HOUR, estimate, refuse_if_too_large
    from glasshouse.views.cli_run import threads_or_default

    n, at_once = asked.citizens, min(threads_or_default(threads), asked.worlds)
    needed = estimate(
        asked.scenario, citizens=n, days=asked.days_lived, threads=1, lives=asked.worlds, written=False,
        processes=at_once,
    )  # fmt: skip
    refuse_if_too_large(asked.scenario, needed, n, folder=folder, worlds=at_once)
    if not quiet:
        fitted = sum(one.statistic in asked.on for one in asked.windows)
        click.echo(
            f"{clean(asked.loaded.name)}: {', '.join(clean(one.path) for one in asked.numbers)} fitted to {fitted} "
            f"published counts ({', '.join(asked.on)}), {len(asked.windows) - fitted} held out, "
            f"{len(asked.passed)} rows "
            f"passed over; {asked.worlds:,} worlds of {n:,} citizens, {asked.days_lived} days, {at_once} at the same "
            f"time: {needed}",
            err=True,
        )
    if needed.seconds > HOUR and not yes and sys.stdin.isatty():
        words = f"this takes about {spelled_time(needed.seconds)}; start?"
        if not click.confirm(words, err=True):
            raise RefusedError("not started", help="--yes starts without asking")
    return at_once


COMMANDS: tuple[Any, ...] = (calibrate_command,)
