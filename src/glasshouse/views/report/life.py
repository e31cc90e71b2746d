"""One citizen's life as a page: both worlds beside each other, what parted them, and what each rule rests on."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from glasshouse.errors import clean
from glasshouse.records.files import write_atomically
from glasshouse.views.cli_diary import WHO, counted, days, grade_and_source, notes, parted_line, who
from glasshouse.views.report.markup import esc, paragraphs, table
from glasshouse.views.report.sections import colours_css

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from glasshouse.life import Life, Line

__all__ = ["life_page", "write_life"]

WIDTH, HEIGHT, LEFT, BELOW = 640, 180, 46, 22  # of the score figure, in its own units


def write_life(out_html: Path, life: Life) -> Path:
    """Write the page of a life; return its path.

    Raises:
        InputOutputError: it cannot be written.
    """
    text = life_page(life).encode()
    write_atomically(out_html, lambda part: part.write(text))
    return out_html


def life_page(life: Life) -> str:
    """Return the page of a life as one HTML text."""
    from glasshouse import __version__

    book = notes(life.diaries)
    several = len(life.diaries) > 1
    notices = {diary.world: diary.notice for diary in life.diaries if diary.notice}
    parts = {
        "title": f"Citizen {life.citizen} \N{EN DASH} Glasshouse",
        "style": colours_css() + _resource("report.css") + _resource("life.css"),
        "dateline": "One life, two worlds" if several else "One life",
        "notices": _notices(notices),
        "headline": f"Citizen {life.citizen}",
        "verdict": esc(f"{_told_of(life)}. {parted_line(life) or ''}"),
        "picked": esc(f"Picked: {life.picked}." if life.picked else ""),
        "counts": _counts(life),
        "score": _scores(life),
        "lead": _lead(several=several),
        "diary": _diary(life, book),
        "parting": _parting(life),
        "sources": _sources(book),
        "told_from": esc(life.told_from),
        "version": esc(__version__),
    }
    return Template(_resource("life.html")).substitute(parts)


def _told_of(life: Life) -> str:
    """Return who the citizen is, as a sentence without its end."""
    words = who(life).partition(": ")[2]
    return words[:1].upper() + words[1:]


def _resource(name: str) -> str:
    """Return a template or style sheet of this package."""
    return files("glasshouse.views.report").joinpath(name).read_text(encoding="utf-8")


def _notices(notices: Mapping[str, str]) -> str:
    """Return the band above the headline with every notice."""
    told = [f"<p><b>{esc(clean(world, 60))}</b> {esc(text)}</p>" for world, text in notices.items()]
    return f'<div class="band" role="note">{"".join(told)}</div>' if told else ""


def _lead(*, several: bool) -> str:
    """Return how to read the diary."""
    key = "Each line names its rule, its origin, and the grade of the number behind it; small figures lead to sources."
    return f"{key} A coloured edge marks what happened in one world alone." if several else key


def _counts(life: Life) -> str:
    """Return the counts of the year, one column per world."""
    head = ["Over the run", *(esc(clean(diary.world, 60)) for diary in life.diaries)]
    rows = [[esc(words), *map(esc, cells)] for words, cells in counted(life)]
    if not rows:
        return "<p>Nothing that is counted happened.</p>"
    return table(head, rows, kind="counts", label="Counts of the year")


def _diary(life: Life, book: Mapping[str, int]) -> str:
    """Return the diary as a table, a row for each day on which something happened."""
    told = days(life.diaries)
    if not told:
        return "<p>Nothing happened that is worth telling.</p>"
    head = ["Day", *(esc(clean(diary.world, 60)) for diary in life.diaries)]
    rows = [
        [esc(date), *(_events(lines, number, book) for number, lines in enumerate(worlds))]
        for date, worlds in told
    ]
    return table(head, rows, kind="diary", label="The diary")


def _events(lines: Sequence[Line], world: int, book: Mapping[str, int]) -> str:
    """Return what happened on a day in one world."""
    items = "".join(
        f'<li class="{"alone " if line.alone else ""}w{world}">{_event(line, book)}</li>' for line in lines
    )
    return f'<ul class="events">{items}</ul>' if items else ""


def _event(line: Line, book: Mapping[str, int]) -> str:
    """Return one event: words, rule and origin, grade, number of its source."""
    origin = line.origin if line.origin not in line.text else ""
    cause = ", ".join(part for part in (line.label or line.key, origin) if part)
    told = [esc(line.text)]
    told += [f'<span class="cause">{esc(cause)}</span>'] if cause else []
    told += [f'<span class="badge {line.grade}">{line.grade}</span>'] if line.grade else []
    if line.source in book:
        number = book[line.source]
        told.append(f'<a href="#source-{number}" aria-label="source {number}"><sup>{number}</sup></a>')
    return " ".join(told)


def _parting(life: Life) -> str:
    """Return what parted the two lives, and what that led to."""
    parting = life.parting
    if parting is None:
        return ""
    where = f"only in {clean(parting.world, 60)}: " if parting.world else ""
    first = f"<b>{esc(parting.date)}</b>, {esc(where + parting.text)}."
    rests = f"Rests on a number that is {grade_and_source(parting)}." if parting.grade else ""
    led = "".join(f"<li>{esc(one)}</li>" for one in life.led_to)
    told = paragraphs(first, esc(WHO[parting.kind]), esc(rests))
    return f'<section id="parting"><h2>What parted them</h2>{told}<h3>What that led to</h3><ul>{led}</ul></section>'


def _sources(book: Mapping[str, int]) -> str:
    """Return the sources by their numbers."""
    key = (
        "<p>Documented: in a published rule or official figure. Reported: in the press. Derived: computed from "
        "published figures. Assumed: our assumption, with a range; a source beside it says what suggested it.</p>"
    )
    items = "".join(f'<li id="source-{number}">{esc(source)}</li>' for source, number in book.items())
    return key + (f"<ol>{items}</ol>" if items else "<p>No event rests on a number with a source.</p>")


def _scores(life: Life) -> str:
    """Return the scores of the year as a figure; nothing where nobody is scored."""
    scored = [(number, diary) for number, diary in enumerate(life.diaries) if diary.score]
    if not scored:
        return ""
    values = [score for _, diary in scored for score in diary.score]
    low, high = min(values), max(values)
    last = max(1, len(scored[0][1].score) - 1)

    def place(day: int, score: int) -> str:
        """Return where a score of a day is drawn."""
        y = (HEIGHT - BELOW) * (high - score) / max(1, high - low)
        return f"{LEFT + (WIDTH - LEFT) * day / last:.1f},{y + 6:.1f}"

    lines = "".join(
        f'<polyline class="s{number}" points="{" ".join(place(day, score) for day, score in enumerate(diary.score))}"/>'
        for number, diary in scored
    )
    ends = "".join(
        f'<text x="{LEFT - 8}" y="{place(0, score).split(",")[1]}" text-anchor="end" dy="4">{score}</text>'
        for score in dict.fromkeys((high, low))
    )
    names = "".join(
        f'<span><i class="line w{number}"></i>{esc(clean(diary.world, 60))}</span>'
        for number, diary in scored
    )
    told = "; ".join(f"{clean(d.world, 60)} from {d.score[0]} to {d.score[-1]}" for _, d in scored)
    return (
        f'<figure class="scores"><h3>The score</h3><p class="key">{names}</p>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{esc(f"Score day by day: {told}")}">'
        f"{ends}{lines}</svg></figure>"
    )
