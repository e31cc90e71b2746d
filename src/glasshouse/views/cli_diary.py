"""A life in the terminal: who it is, what was different, and the year day by day, both worlds in two columns."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.life import Diary, Life, Line
    from glasshouse.model.plan import Plan

__all__ = ["print_life"]

# Everyday things that end in nothing; told only on days on which something else happens too.
EVERYDAY = ("did", "travelled", "learned")
COUNTED = (
    ("records", ("records.true", "records.false")),
    ("points lost", ("points_lost.all",)),
    ("times refused a ticket", ("refused.plane", "refused.high_speed_rail", "refused.rail")),
    ("posts written", ("posts.written",)),
    ("posts withheld", ("posts.withheld",)),
    ("posts removed", ("posts.removed",)),
    ("summonses", ("summonses",)),
    ("days detained", ("detention_days",)),
    ("days offline", ("offline_days.face", "offline_days.id", "offline_days.suspension")),
    ("days punished", ("punished_days",)),
    ("appeals", ("appeals.filed",)),
    ("appeals won", ("appeals.won",)),
)


def print_life(life: Life, plan: Plan) -> None:
    """Print a life on stdout."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    console.print(Text(who(life), style="bold"))
    for line in parting(life, plan):
        console.print(Text(line))
    console.print()
    worlds = [clean(diary.world, 60) for diary in life.diaries]
    console.print(summary_table(Table, Text, life, worlds))
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    table.add_column("day", header_style="dim", no_wrap=True)
    for name in worlds:
        table.add_column(name, ratio=1, header_style="bold", overflow="fold")
    for date, cells in days(life.diaries):
        style = "bold" if life.parted_day is not None and date == date_of(plan, life.parted_day) else ""
        table.add_row(Text(date, style=style), *(Text("\n".join(cell)) for cell in cells))
    console.print(table if table.row_count else Text("nothing else happened"))
    notices = dict.fromkeys(diary.notice for diary in life.diaries if diary.notice)
    for notice in notices:
        console.print(Text(clean(notice, 2000), style="yellow"))
    console.print(Text("A synthetic citizen: a number in this synthetic society, nobody real.", style="dim"))


def who(life: Life) -> str:
    """Return who the citizen is, in words."""
    w: dict[str, Any] = life.who
    place = "in the countryside" if w["place"] == "countryside" else "in a town"
    online = "online" if w["online"] else "not online"
    picked = f" ({life.picked})" if life.picked else ""
    where = f"{place} of {w['province']}, group {w['group']}, {online}"
    return f"Citizen {life.citizen}{picked}: {w['sex']}, {w['age']}, {where}"


def parting(life: Life, plan: Plan) -> list[str]:
    """Return when and through which rule the two lives parted."""
    if len(life.diaries) < 2:
        return []
    if life.parted_day is None:
        return ["The two lives never part: the difference did not reach this citizen."]
    if life.parted_day < 0:
        return ["The two lives differ before day 0: the worlds begin differently for this citizen."]
    rule = f" by {life.parted_by}" if life.parted_by else ""
    return [
        f"The two lives part on day {life.parted_day} ({date_of(plan, life.parted_day)}){rule}.",
        f"{life.parted_text[:1].upper()}{life.parted_text[1:]}.",
    ]


def summary_table(table_type: Any, text_type: Any, life: Life, worlds: Sequence[str]) -> Any:
    """Return the counts of the year, one column per world."""
    table = table_type(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("over the run", header_style="dim")
    for name in worlds:
        table.add_column(name, justify="right", header_style="bold")
    for words, keys in COUNTED:
        counts = [sum(diary.counts.get(key, 0) for key in keys) for diary in life.diaries]
        if any(counts):
            table.add_row(words, *(text_type(f"{count:,}") for count in counts))
    if any(diary.score for diary in life.diaries):
        ends = [
            f"{diary.score[-1]:,} (lowest {min(diary.score):,})" if diary.score else "none"
            for diary in life.diaries
        ]
        table.add_row("score at the end", *ends)
    return table


def days(diaries: Sequence[Diary]) -> list[tuple[str, list[list[str]]]]:
    """Return the days on which something worth telling happened in some world, with the lines of each world."""
    by_world = [
        {date: list(lines) for date, lines in groupby(diary.lines, lambda line: line.date)}
        for diary in diaries
    ]
    dates = sorted({date for one in by_world for date in one})
    out = []
    for date in dates:
        worlds = [one.get(date, []) for one in by_world]
        if any(line.what not in EVERYDAY for lines in worlds for line in lines):
            out.append((date, [[told(line) for line in lines if line.what != "learned"] for lines in worlds]))
    return out


def told(line: Line) -> str:
    """Return one line of the diary, with what it was for."""
    origin = f" [{line.origin}]" if line.origin and line.origin not in line.text else ""
    return clean(f"{line.text}{origin}", 200)


def date_of(plan: Plan, day: int) -> str:
    """Return the date of a day number."""
    import datetime as dt

    return (plan.start_date + dt.timedelta(days=day)).isoformat()
