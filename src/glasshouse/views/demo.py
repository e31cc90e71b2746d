"""The main job: a million citizens live 2019 twice, as the article tells it and as the public record shows it.

Run by `make demo`. Both worlds have the same people and the same luck; both are recorded, and a page beside them
shows what differs. Only an earlier demo of its own is ever replaced.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.errors import InputOutputError, clean
from glasshouse.views.cli_errors import guarded
from glasshouse.views.cli_options import load, threads_option
from glasshouse.views.progress import DayProgress, spelled_rate, spelled_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["demo", "main"]

WORLDS = ("as-reported", "as-documented")
OURS = (*WORLDS, "report.html", "figures")
CITIZENS, DAYS, SEED = 1_000_000, 365, 1


@click.command("demo")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="demo", show_default=True, metavar="DIR"
)
@click.option("--citizens", type=click.IntRange(1), default=CITIZENS, show_default=True, metavar="N")
@click.option("--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, metavar="N")
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), default=SEED, show_default=True, metavar="N")
@threads_option
def demo(output: Path, citizens: int, days: int, seed: int, threads: int | None) -> None:
    """Let the same citizens live under `as-reported` and `as-documented`, and write a report of both."""
    from glasshouse.views.cli_report import write_page
    from glasshouse.views.cli_run import prepared, threads_or_default

    worlds = [load(name) for name in WORLDS]
    given = threads_or_default(threads)
    refuse_foreign(output)
    click.echo(
        f"glasshouse: the same {citizens:,} synthetic citizens live {days} days in two worlds", err=True
    )
    prepared(
        worlds[0],
        citizens=citizens,
        days=days,
        threads=given,
        folder=output,
        yes=True,
        quiet=False,
        lives=len(WORLDS),
    )
    with DayProgress(citizens) as progress:
        results = lived(worlds, output, citizens, days, seed, given, progress)
    click.echo("glasshouse: making the report", err=True)
    page = write_page(output, output / "report.html")
    print_summary(worlds, results)
    click.echo(f"report: {clean(page, 200)}")


def lived(
    worlds: Sequence[Any],
    output: Path,
    citizens: int,
    days: int,
    seed: int,
    threads: int,
    progress: DayProgress,
) -> list[Any]:
    """Run and record both worlds; return their results."""
    from glasshouse.compare.folder import record_worlds

    return record_worlds(
        worlds,
        output,
        citizens=citizens,
        days=days,
        seed=seed,
        threads=threads,
        replace=True,
        names=WORLDS,
        begin=begin_with(progress),
        command=["python", "-m", "glasshouse.views.demo", *sys.argv[1:]],
    )


def begin_with(progress: DayProgress) -> Callable[[int], DayProgress]:
    """Return what names the bar of each world."""

    def begin(number: int) -> DayProgress:
        """Begin the bar of a world."""
        progress.start(WORLDS[number])
        return progress

    return begin


def refuse_foreign(output: Path) -> None:
    """Raise InputOutputError when the folder holds anything but an earlier demo."""
    if not output.exists():
        return
    if not output.is_dir():
        raise InputOutputError(
            f"{clean(output, 200)} is a file, expected a folder", help="choose another with -o"
        )
    foreign = sorted(one.name for one in output.iterdir() if one.name not in OURS)
    if foreign:
        raise InputOutputError(
            f"the folder {clean(output, 200)} holds {clean(foreign[0])}, which is not of an earlier demo",
            help="choose another folder with -o; the demo replaces only its own output",
        )


def print_summary(worlds: Sequence[Any], results: Sequence[Any]) -> None:
    """Print both worlds side by side, their notices, and how long they took."""
    from glasshouse.views.cli_summary import notices, print_notice, print_worlds

    plan = results[0].plan
    totals = [result.totals for result in results]
    print_worlds(WORLDS, totals, citizens=plan.citizens, days=plan.days, seed=plan.seed)
    for notice in notices(*worlds):
        print_notice(notice)
    for name, result in zip(WORLDS, results, strict=True):
        speed = spelled_rate(result.citizen_days_per_s)
        click.echo(
            f"{name}: {spelled_time(result.wall_s)}, {speed} citizen-days/s, digest {result.digest[:12]}"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the demo and leave with its exit code."""
    sys.exit(guarded(demo, arguments))


if __name__ == "__main__":
    main()
