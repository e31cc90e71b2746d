"""A calibration in the terminal: the numbers, data beside model, ways of counting, and what it does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.calibrate.statistics import STATISTICS
from glasshouse.errors import clean
from glasshouse.views.cli_summary import print_notice
from glasshouse.views.cli_tables import new_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from glasshouse.calibrate import Calibration
    from glasshouse.calibrate.result import Fitted, Seen

__all__ = ["print_calibration"]


def print_calibration(found: Calibration, folder: Path | None) -> None:
    """Print a calibration."""
    from rich.console import Console
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    head = (
        f"In this synthetic society of {found.citizens:,} citizens, scaled to {found.people:,} people, "
        f"{len(found.seeds)} worlds at each place"
    )
    console.print(Text(head, style="bold"))
    table = new_table("number", "as written", "fitted", "90 % interval")
    for one in found.fitted:
        table.add_row(*number_row(one))
    for held in found.held:
        table.add_row(clean(held.number.path, 60), f"{held.number.value:.4g}", "not identified")
    console.print(table)
    print_windows(console, found)
    for line in sentences(found):
        console.print(Text(line))
    print_notice(found.notice)
    if folder is not None:
        shown = clean(folder, 200)
        console.print(Text(f"calibration.json, .csv, .parquet and report.html are in {shown}"))


def number_row(one: Fitted) -> tuple[str, ...]:
    """Return one fitted number as a row; an interval that reaches the end of its range says so."""
    low = f"{'at most ' if one.at_low else ''}{one.low:.4g}"
    high = f"{'at least ' if one.at_high else ''}{one.high:.4g}"
    return clean(one.number.path, 60), f"{one.number.value:.4g}", f"{one.value:.4g}", f"{low} to {high}"


def print_windows(console: Console, found: Calibration) -> None:
    """Print data beside model, statistic by statistic, what was fitted first."""
    table = new_table("published counts", "published", "model", "90 % interval", "ratio")
    heading = ""
    for one in sorted(found.seen, key=lambda one: not one.fitted):
        if one.label != heading:
            heading = one.label
            table.add_row(f"{heading}, {'fitted' if one.fitted else 'held out'}", style="bold")
        table.add_row(*window_row(one))
    console.print()
    console.print(table)


def window_row(one: Seen) -> tuple[str, ...]:
    """Return one published count as a row; its ratio is published over model."""
    window = one.window
    return (
        f"  {window.first} to {window.last}",
        f"{window.value:,}",
        f"{one.model:,.0f}",
        f"{one.low:,.0f} to {one.high:,.0f}",
        f"{window.value / one.model:.2f}",
    )


def sentences(found: Calibration) -> Iterator[str]:
    """Yield what the tables do not say."""
    for held in found.held:
        yield f"{clean(held.number.path, 60)} is not identified and stays as written: {clean(held.why, 200)}"
    for fitted in found.fitted:
        if fitted.at_low or fitted.at_high:
            one = fitted.number
            yield (
                f"{clean(one.path, 60)} was looked for from {one.low:.4g} to {one.high:.4g}, an end of which its "
                "interval reaches"
            )
    for one in found.regimes:
        yield (
            f"{STATISTICS[one.statistic].label}, {one.words}: {one.multiplier:.2f} published for one in the model "
            f"({one.low:.2f} to {one.high:.2f}); another way of counting, described and not fitted"
        )
    yield (
        f"the fitted counts vary {found.factor:.3g} times as much as chance, rounding and the worlds lived explain, "
        f"from {found.degrees} degrees of freedom; intervals are widened by it"
    )
    yield (
        "worlds lived at the fitted values differ from the surface by at most "
        f"{100 * found.surface_error:.2g} % in a statistic that is fitted"
    )
    yield f"{len(found.passed)} rows of the table were passed over (`passed_over` in the JSON says why)"
    if found.fitted:
        numbers = " ".join(f"--set {clean(one.number.path)}={one.value:.6g}" for one in found.fitted)
        yield f"to live with the fitted numbers: glasshouse run {clean(found.scenario)} {numbers}"
