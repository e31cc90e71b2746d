"""The command `attribute`: which rule did it."""

from __future__ import annotations

import sys
from dataclasses import replace as with_changes
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
    replicates_option,
    size,
    threads_option,
    yes_option,
)
from glasshouse.views.cli_stop import PoliteStop
from glasshouse.views.progress import DayProgress, spelled_time

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.attribute import Question

__all__ = ["COMMANDS"]

BYTES_PER_WORLD = 500  # its measures on the disk
RESULT_BYTES = 1_000_000


@click.command("attribute")
@click.argument("scenario")
@output_option("Folder for results and finished worlds.")
@size
@click.option("--over", metavar="A,B+C", help="The rules to look at; + makes several one player.")
@replicates_option(1)
@click.option(
    "--permutations",
    type=int,
    metavar="N",
    help="Orders to go through instead of all combinations; even. 40 above ten players.",
)
@click.option(
    "--measure", "measures", multiple=True, metavar="KEY", help="Show this measure in full; repeatable."
)
@threads_option
@changes
@replace_option
@click.option("--resume", is_flag=True, help="Go on with the attribution in DIR that was stopped.")
@yes_option
@json_option
@quiet_option
def attribute_command(
    scenario: str,
    *,
    output: Path | None,
    citizens: int | None,
    days: int | None,
    seed: int | None,
    over: str | None,
    replicates: int,
    permutations: int | None,
    measures: tuple[str, ...],
    threads: int | None,
    set_: dict[str, str],
    without: tuple[str, ...],
    replace: bool,
    resume: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Share out every harm of a scheme among its rules, on the same people with the same luck.

    Ctrl-C stops after the worlds in hand; with -o the attribution can be resumed then.
    """
    from glasshouse.attribute import attribute, question

    if (resume or replace) and output is None:
        raise UsageError(f"--{'resume' if resume else 'replace'} needs a folder", help="add -o DIR")
    if resume and replace:
        raise UsageError("--resume and --replace are both given", help="give one of the two")
    asked = question(
        scenario, over=over, set=set_, without=without, citizens=citizens, days=days, seed=seed,
        replicates=replicates, permutations=permutations,
    )  # fmt: skip
    refuse_unknown(measures)
    at_once = announced(asked, threads, output, chosen=over is not None, yes=yes, quiet=quiet or as_json)
    progress = DayProgress(
        asked.citizens * asked.days, clean(asked.loaded.name, 30), shown=not quiet, unit="world"
    )
    with progress, PoliteStop("the worlds in hand") as stop:
        found = attribute(
            asked,
            threads=at_once,
            folder=output,
            replace=replace,
            resume=resume,
            progress=progress,
            should_stop=stop,
        )
    if as_json:
        click.echo(as_json_text(found.as_dict()))
    elif not quiet:
        from glasshouse.views.cli_shares import print_attribution

        print_attribution(found, measures, output)


def refuse_unknown(measures: tuple[str, ...]) -> None:
    """Raise UsageError for a measure that there is not."""
    from glasshouse.attribute.worlds import MEASURES
    from glasshouse.views.cli_errors import close_match

    for key in measures:
        if key not in MEASURES:
            near = close_match(key, MEASURES)
            help = f"did you mean {near}?" if near else "docs/measures.md lists them"
            raise UsageError(f"--measure {clean(key)}: there is no such total", help=help)


def announced(
    asked: Question, threads: int | None, folder: Path | None, *, chosen: bool, yes: bool, quiet: bool
) -> int:
    """Say which worlds will be lived and what they take; return how many at the same time.

    Raises:
        RefusedError: it does not fit, or the user said no.
    """
    from glasshouse.attribute.attribution import processes
    from glasshouse.attribute.players import single_rules
    from glasshouse.views.cli_limits import HOUR, estimate, refuse_if_too_large
    from glasshouse.views.cli_run import threads_or_default

    scenario, n = asked.loaded.scenario, asked.citizens
    at_once = processes(asked, threads_or_default(threads))
    needed = estimate(
        scenario, citizens=n, days=asked.days, threads=1, lives=asked.worlds, written=False, processes=at_once
    )
    if folder is not None:
        needed = with_changes(needed, disk_bytes=asked.worlds * BYTES_PER_WORLD + RESULT_BYTES)
    refuse_if_too_large(scenario, needed, n, folder=folder, worlds=at_once)
    if not quiet:
        rules = len(single_rules(scenario))
        if not chosen and rules > len(asked.players):
            joined = ", ".join(name for name in (one.name for one in asked.players) if "+" in name)
            click.echo(
                f"{rules} rules, taken together as {len(asked.players)} so that every combination can be lived "
                f"({clean(joined, 400)}); --over A,B+C chooses others",
                err=True,
            )
        click.echo(
            f"{clean(asked.loaded.name)}: {asked.worlds:,} worlds of {n:,} citizens, {asked.days} days, "
            f"{at_once} at the same time: {needed}",
            err=True,
        )
    if needed.seconds > HOUR and not yes and sys.stdin.isatty():
        words = f"this takes about {spelled_time(needed.seconds)}; start?"
        if not click.confirm(words, err=True):
            raise RefusedError("not started", help="--yes starts without asking")
    return at_once


COMMANDS: tuple[Any, ...] = (attribute_command,)
