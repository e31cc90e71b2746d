"""The impact sheet in the terminal: the rows by yardstick, what cannot be measured, and what levers change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views.cli_harm_tables import grid, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from glasshouse.assess import Assessment
    from glasshouse.assess.figures import Row
    from glasshouse.assess.levers import Lever

__all__ = ["print_assessment"]

LEVERS = "levers"
NONE = "–"
SHORT = {"per 100,000 citizens": "", "share": "%"}
HARMS = {
    "days": "person-days avoided",
    "falsely": "spared on false records",
    "reviews": "appeals more",
}
BENEFITS = {
    "debts": "debts lost",
    "offences": "offences more",
    "days_per_debts": "days per debt",
    "days_per_offences": "days per offence",
}


def print_assessment(study: Assessment) -> None:
    """Print the sheet on stdout."""
    from rich.console import Console
    from rich.text import Text

    from glasshouse.assess.study import EVIDENCE
    from glasshouse.views.cli_scenario import console_for_stdout
    from glasshouse.views.cli_summary import print_notice

    console = console_for_stdout(Console)
    seeds = f"seed {study.seed}" if study.replicates == 1 else f"{study.replicates} seeds from {study.seed}"
    head = f"In this synthetic society of {study.citizens:,} citizens, over {study.days} days, {seeds}"
    console.print(Text(f"{head}: {clean(study.scheme.name, 60)}", style="bold"))
    console.print(Text(f"{EVIDENCE[0].upper()}{EVIDENCE[1:]}.", style="bold"))
    brackets = "In brackets: 95 % interval." if study.replicates > 1 else "One seed gives no interval."
    console.print(Text(f"{brackets} Counts without a unit are per 100,000 citizens.", style="dim"))
    rows = [one for one in study.rows if one.yardstick.name != LEVERS]
    for name in dict.fromkeys(one.yardstick.name for one in rows):
        of_one = [one for one in rows if one.yardstick.name == name]
        grid(console, name, ("what is measured", "figure"), ((one.label, amount(one)) for one in of_one))
    print_levers(console, study.levers, study.rows)
    if study.labels.defaults:
        console.print()
        console.print(Text(f"Labels by default: {clean(', '.join(study.labels.defaults), 600)}", style="dim"))
    console.print()
    console.print(
        Text("Sources, definitions and what each figure does not show: --json, or -o DIR.", style="dim")
    )
    print_notice(study.scheme.scenario.notice)


def print_levers(console: Any, levers: Sequence[Lever], rows: Iterable[Row]) -> None:
    """Print what each lever changes, and what the levers are."""
    from rich.text import Text

    found = {one.key: one for one in rows}
    there = [one for one in levers if one.scenario is not None]
    for title, columns in (
        ("Levers: harm that milder forms of the scheme avoid, same people, same luck", HARMS),
        ("Levers: benefits lost, and person-days avoided for each", BENEFITS),
    ):
        cells = ((one.key, *(amount(found[f"lever.{one.key}.{name}"]) for name in columns)) for one in there)
        grid(console, title, ("lever", *columns.values()), cells)
    for one in levers:
        words = clean(one.label, 200) if one.scenario is not None else f"not tried: {one.why_not}"
        console.print(Text(f"  {one.key}: {words}", style="dim"))
    if "lever.review.records" in found:
        looked = amount(found["lever.review.records"])
        console.print(Text(f"  records to be looked at in a review: {looked}", style="dim"))
    if there:
        words = "a dash under `days per`: no clear loss of that benefit, or too few to speak of a price"
        console.print(Text(f"  {words}", style="dim"))


def amount(one: Row) -> str:
    """Return the figure of a row with its interval and unit, or why there is none."""
    figure = one.figure
    if figure.value is None:
        return NONE if one.yardstick.name == LEVERS else f"not measured: {one.not_measured}"
    scale = 100 if one.unit == "share" else 1
    unit = "" if one.yardstick.name == LEVERS else SHORT.get(one.unit, one.unit)
    ends = ""
    if figure.low is not None and figure.high is not None:
        ends = f" ({spelled(scale * figure.low)} to {spelled(scale * figure.high)})"
    return f"{spelled(scale * figure.value)}{f' {unit}' if unit else ''}{ends}"
