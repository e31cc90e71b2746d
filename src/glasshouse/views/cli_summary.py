"""The end of a run in the terminal: some totals per 100,000 citizens, the notice, and where the files are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from glasshouse.errors import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["HEADLINES", "headline", "per_100k", "print_worlds"]

PER = 100_000
SMALLEST_SOCIETY = 1_000

# Total -> words. Only what a scheme has is shown: rows that are zero in every world are left out.
HEADLINES: Mapping[str, str] = {
    "listed.persons": "people ever on a list",
    "refused_persons": "people refused a ticket",
    "refused.plane": "plane tickets refused",
    "refused.high_speed_rail": "high-speed rail tickets refused",
    "posts.written": "posts written",
    "posts.withheld": "posts withheld out of fear",
    "posts.removed": "posts removed",
    "summonses": "police summonses",
    "interrogations": "interrogations",
    "detention_days": "days in detention",
    "offline_days.face": "days offline after a face check",
    "offline_days.id": "days offline after a card check",
    "offline_days.suspension": "days with a suspended account",
    "points_lost.all": "points lost",
    "points_lost.association": "points lost through friends",
    "records.true": "records of acts that happened",
    "records.false": "records of acts that did not happen",
    "punished.own": "people punished for own acts",
    "punished.false": "people punished by error",
    "punished.association": "people punished for others' acts",
    "punished.representation": "people punished for a company's debts",
    "punished.identity": "people punished over their identity",
    "ties_cut": "ties cut",
    "perks": "doors opened (perks)",
    "appeals.filed": "appeals filed",
    "appeals.won": "appeals won",
    "debts_performed": "debts performed",
}


def per_100k(count: int, citizens: int) -> str:
    """Return a count per 100,000 citizens in three or more digits.

    >>> per_100k(35, 20_000), per_100k(3, 1_000_000), per_100k(0, 10)
    ('175', '0.3', '0')
    """
    rate = count * PER / citizens
    if rate >= 1000 or rate == int(rate):
        return f"{rate:,.0f}"
    return f"{rate:.3g}"


def headline(totals: Sequence[Mapping[str, int]]) -> list[str]:
    """Return the totals worth showing: those that are not zero in some world."""
    return [key for key in HEADLINES if any(total.get(key, 0) for total in totals)]


def print_worlds(
    names: Sequence[str], totals: Sequence[Mapping[str, int]], *, citizens: int, days: int, seed: int
) -> None:
    """Print one or two worlds side by side, per 100,000 citizens, on stdout."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    length = f"{days} day{'s' * (days > 1)}"
    head = f"In this synthetic society of {citizens:,} citizens, over {length}, seed {seed}"
    console.print(Text(head, style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_edge=False)
    table.add_column("per 100,000 citizens", style="", header_style="dim")
    for name in names:
        table.add_column(clean(name, 40), justify="right", header_style="bold")
    rows = headline(totals)
    for key in rows:
        table.add_row(HEADLINES[key], *(per_100k(total.get(key, 0), citizens) for total in totals))
    if rows:
        console.print(table)
    else:
        console.print("nothing that is counted here happened")


def print_notice(notice: str) -> None:
    """Print the line that stands wherever results of a scenario are shown."""
    if notice:
        click.echo(click.style(clean(notice, 2000), fg="yellow"))


def notices(*loaded: Any) -> list[str]:
    """Return the notices of scenarios, each once."""
    return list(dict.fromkeys(one.scenario.notice for one in loaded if one.scenario.notice))
