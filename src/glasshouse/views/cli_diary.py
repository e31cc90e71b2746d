"""A life in the terminal: who it is, what was different, and the year day by day, both worlds in two columns."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.life import Diary, Life, Line
    from glasshouse.life.parting import Parting

__all__ = ["print_life"]

# Everyday things that end in nothing; told only on days on which something else happens too.
UNTOLD = ("learned", "bulletin")
EVERYDAY = ("did", "travelled", *UNTOLD)
WIDE = 100  # columns of a terminal that holds dates beside two worlds
ALONE, SHARED = "> ", "  "
WHO = {
    "own": "It is something in the citizen's own day.",
    "others": "It is not the citizen's doing: somebody tied to the citizen was seen.",
    "institutions": "It is not the citizen's doing: the bulletin tells how many were punished.",
    "start": "It was so before day 0.",
    "scheme": "No single event did it.",
}
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


def print_life(life: Life) -> None:
    """Print a life on stdout."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from glasshouse.views.cli_scenario import console_for_stdout

    console = console_for_stdout(Console)
    console.print(Text(who(life), style="bold"))
    if (headline := parted_line(life)) is not None:
        console.print(Text(headline))
    console.print()
    worlds = [clean(diary.world, 60) for diary in life.diaries]
    console.print(summary_table(Table, Text, life, worlds))
    console.print()
    book = notes(life.diaries)
    print_days(console, Table, Text, life, worlds, book)
    for line in ending(life):
        console.print(Text(line))
    for line in legend(life, book):
        console.print(Text(line, style="dim"))
    notices = dict.fromkeys(diary.notice for diary in life.diaries if diary.notice)
    for notice in notices:
        console.print(Text(clean(notice, 2000), style="yellow"))
    console.print(Text(f"Told from {life.told_from}.", style="dim"))
    console.print(Text("A synthetic citizen: a number in this synthetic society, nobody real.", style="dim"))


def print_days(
    console: Any, table_type: Any, text_type: Any, life: Life, worlds: Sequence[str], book: Mapping[str, int]
) -> None:
    """Print the days on which something happened; dates stand beside the worlds, or above where there is less room."""
    wide = console.width >= WIDE or len(worlds) < 2
    table = table_type(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    if wide:
        table.add_column("day", header_style="dim", no_wrap=True)
    for name in worlds:
        table.add_column(name, ratio=1, header_style="bold", overflow="fold")
    parted = life.parting.date if life.parting else ""
    for date, cells in days(life.diaries):
        style = "bold" if date == parted else "dim"
        told_cells = [cell_text(text_type, lines, len(worlds) > 1, book) for lines in cells]
        if wide:
            table.add_row(text_type(date, style=style), *told_cells)
        else:
            table.add_row(text_type(date, style=style))
            table.add_row(*told_cells)
    console.print(table if table.row_count else text_type("nothing else happened"))
    console.print()


def cell_text(text_type: Any, lines: Sequence[Line], beside: bool, book: Mapping[str, int]) -> Any:  # noqa: FBT001
    """Return what happened on a day in one world; beside another, what happened here alone has a mark."""
    cell = text_type()
    for number, line in enumerate(lines):
        mark = (ALONE if line.alone else SHARED) if beside else ""
        style = "" if line.alone or not beside else "dim"
        cell.append("\n" if number else "").append(f"{mark}{told(line, book)}", style=style)
    return cell


def who(life: Life) -> str:
    """Return who the citizen is, in words."""
    w: dict[str, Any] = life.who
    place = "in the countryside" if w["place"] == "countryside" else "in a town"
    online = "online" if w["online"] else "not online"
    picked = f" ({life.picked})" if life.picked else ""
    where = f"{place} of {w['province']}, group {w['group']}, {online}"
    return f"Citizen {life.citizen}{picked}: {w['sex']}, {w['age']}, {where}"


def parted_line(life: Life) -> str | None:
    """Return when and through what the two lives part, in one line; None for a life alone."""
    if len(life.diaries) < 2:
        return None
    parting = life.parting
    if parting is None:
        return "The two lives never part: the difference did not reach this citizen."
    if parting.kind == "start":
        return "The two lives differ before day 0: the worlds begin differently for this citizen."
    by = f" by {clean(parting.by, 80)}" if parting.by else ""
    return f"The two lives part on day {parting.day} ({parting.date}){by}."


def ending(life: Life) -> list[str]:
    """Return what parted the two lives, and what that led to."""
    parting = life.parting
    if parting is None:
        return []
    where = f"only in {clean(parting.world, 60)}: " if parting.world else ""
    rests = f" ({grade_and_source(parting)})" if parting.grade else ""
    return [
        f"What parted them: {parting.date}, {where}{clean(parting.text, 200)}{rests}.",
        WHO[parting.kind],
        "What that led to:",
        *(f"  {clean(one, 300)}" for one in life.led_to),
        "",
    ]


def grade_and_source(one: Parting | Line) -> str:
    """Return what a number rests on, in words."""
    return f"{one.grade}; {one.source}" if one.source else f"{one.grade}, no source"


def notes(diaries: Sequence[Diary]) -> dict[str, int]:
    """Return a number for each source that a line of the diaries rests on, in order."""
    sources = dict.fromkeys(
        line.source for _, worlds in days(diaries) for lines in worlds for line in lines if line.source
    )
    return {source: number for number, source in enumerate(sources, 1)}


def legend(life: Life, book: Mapping[str, int]) -> list[str]:
    """Return what the marks mean, and the sources by their numbers."""
    lines = [f"{ALONE.strip()} happened in this world alone."] if len(life.diaries) > 1 else []
    lines.append("In brackets: table of the scenario, origin; grade of the number behind it and its source.")
    return [*lines, *(f"  {number} {source}" for source, number in book.items())]


def summary_table(table_type: Any, text_type: Any, life: Life, worlds: Sequence[str]) -> Any:
    """Return the counts of the year, one column per world."""
    table = table_type(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("over the run", header_style="dim")
    for name in worlds:
        table.add_column(name, justify="right", header_style="bold")
    for words, cells in counted(life):
        table.add_row(words, *map(text_type, cells))
    return table


def counted(life: Life) -> list[tuple[str, list[str]]]:
    """Return what is counted over the run and is not 0 in every world: words, and a cell per world."""
    rows = []
    for words, keys in COUNTED:
        counts = [sum(diary.counts.get(key, 0) for key in keys) for diary in life.diaries]
        if any(counts):
            rows.append((words, [f"{count:,}" for count in counts]))
    if any(diary.score for diary in life.diaries):
        ends = [
            f"{diary.score[-1]:,} (lowest {min(diary.score):,})" if diary.score else "none"
            for diary in life.diaries
        ]
        rows.append(("score at the end", ends))
    return rows


def days(diaries: Sequence[Diary]) -> list[tuple[str, list[list[Line]]]]:
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
            out.append((date, [[line for line in lines if line.what not in UNTOLD] for lines in worlds]))
    return out


def told(line: Line, book: Mapping[str, int]) -> str:
    """Return one line of the diary: what happened, its rule and origin, grade and source."""
    key = "" if line.key.rpartition(".")[2] in line.text else line.key
    where = ", ".join(part for part in (key, line.origin if line.origin not in line.text else "") if part)
    number = f" {book[line.source]}" if line.source in book else ""
    rests = f"{line.grade}{number}"
    brackets = "; ".join(part for part in (where, rests) if part)
    return clean(f"{line.text} [{brackets}]" if brackets else line.text, 300)
