"""The figures of a report: which rows each is made of, and how they are drawn.

Every function takes the worlds and returns a `Figure`, or None where the worlds hold nothing for it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from glasshouse.society.columns import ORIGINS
from glasshouse.views import figures_kinds as kinds
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_style import PUBLISHED, grouped, rounded
from glasshouse.views.report.charts_score import grades, scores
from glasshouse.views.report.tile_grid import TILES
from glasshouse.views.report.worlds import Views, colours, notices, per

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.views.report.runview import RunView

JULY = dt.date(2019, 7, 1)
PUBLISHED_JULY = {"plane": 2_560_000, "high_speed_rail": 90_000}  # person-times; NDRC, 16 August 2019
PUBLISHED_WHERE = "https://chinaservicesinfo.com/s/201908/16/WS5d5a378a498ebcb1905788bc/china-issues-blacklist-of-poor-credit-records-in-july.html"
NATION = 1_410_000_000
COUNTED = "Refused purchases (person-times), not people; counting changed in 2019."
TICKETS = {"plane": "plane tickets", "high_speed_rail": "high-speed rail tickets"}
WHY = {
    "own": "Their own acts",
    "false": "Error: a false record",
    "association": "Whom they know",
    "representation": "A company they represent",
    "identity": "Identity: failed check, borrowed card",
}
SPEECH = {"written": "Posts written", "withheld": "Posts withheld", "removed": "Posts removed"}


def all_figures(views: Views) -> list[Figure]:
    """Return every figure that the worlds hold something for, in the order of the report."""
    makers: tuple[Callable[[Views], Figure | None], ...] = (
        grades,
        scores,
        over_time,
        july,
        speech,
        origins,
        provinces,
    )
    return [figure for maker in makers if (figure := maker(views)) is not None]


def _month_names(view: RunView) -> list[str]:
    """Return short names of the months, with the year where the run spans more than one."""
    years = {month.year for month in view.months}
    return [month.strftime("%b" if len(years) == 1 else "%b %y") for month in view.months]


# ---- lists and refusals


def over_time(views: Views) -> Figure | None:
    """Return persons ever listed and refused purchases, by month."""
    measures = {"ever_listed": "Ever listed, so far", "refused.plane": "Refused plane tickets a month",
                "refused.high_speed_rail": "Refused high-speed rail tickets a month"}  # fmt: skip
    return _monthly(
        views, "over-time", "Listed and refused, month by month", measures, stocks=("ever_listed",)
    )


def speech(views: Views) -> Figure | None:
    """Return posts written, withheld and removed, by month."""
    measures = {f"posts.{key}": words for key, words in SPEECH.items()}
    return _monthly(views, "speech", "What was said, what was not, what was taken down", measures)


def _monthly(
    views: Views, name: str, title: str, measures: dict[str, str], stocks: Sequence[str] = ()
) -> Figure | None:
    """Return one panel of monthly lines per measure."""
    rows: list[dict[str, Any]] = []
    for measure, words in measures.items():
        for view in views:
            counts = view.month_ends(measure) if measure in stocks else view.monthly(measure)
            months = zip(view.months, view.full_months, _month_names(view), counts, strict=True)
            rows += [
                {"measure": words, "world": view.name, "month": f"{month:%Y-%m}", "short": short,
                 "count": count, "per_100k": per(count, view.citizens)}
                for month, full, short, count in months
                if full or measure in stocks or not any(view.full_months)
            ]  # fmt: skip
    if not any(row["count"] for row in rows):
        return None
    panels = []
    for measure, words in measures.items():
        mine = [row for row in rows if row["measure"] == words]
        drawn = kinds.lines(
            mine, colours(views), x="short", y="per_100k", series="world", mark=_july_mark(views, measure)
        )
        panels.append(Panel(words, _lines_alt(words, views, mine), drawn))
    columns = {
        "measure": "Measure",
        "world": "World",
        "month": "Month",
        "count": "Count",
        "per_100k": "Per 100\u202f000 citizens",
    }
    note = "Per 100\u202f000 citizens; each panel has its own scale."
    if not all(views[0].full_months) and any(views[0].full_months):
        note += " Monthly counts leave out the last month, which is not complete."
    if name == "over-time":
        note += f" Diamond: published for July 2019. {COUNTED}"
    return Figure(name, title, columns, rows, panels, note, notices(views), 3, colours(views))


def _july_mark(views: Views, measure: str) -> list[dict[str, Any]]:
    """Return the published July figure as a point, for the measures that have one."""
    mode = measure.removeprefix("refused.")
    view = views[0]
    if mode not in PUBLISHED_JULY or not _has_july(view):
        return []
    short = _month_names(view)[view.months.index(JULY)]
    value = per(PUBLISHED_JULY[mode], NATION)
    return [{"short": short, "per_100k": value, "text": f"published {rounded(value)}"}]


def _lines_alt(words: str, views: Views, rows: Sequence[dict[str, Any]]) -> str:
    """Return first and last value of each line in words."""
    told = []
    for view in views:
        values = [row["per_100k"] for row in rows if row["world"] == view.name]
        told.append(f"{view.name} from {rounded(values[0])} to {rounded(values[-1])}")
    return f"{words}, per 100\u202f000 citizens, first to last month: {'; '.join(told)}."


def _has_july(view: RunView) -> bool:
    """Say whether a run covers July 2019."""
    return JULY in view.months and view.start <= JULY and view.full_months[view.months.index(JULY)]


def july(views: Views) -> Figure | None:
    """Return the published July 2019 refusals beside the simulated ones, scaled to the nation."""
    if not all(_has_july(view) for view in views):
        return None
    rows: list[dict[str, Any]] = []
    for mode, words in TICKETS.items():
        published = PUBLISHED_JULY[mode]
        rows.append(
            {
                "tickets": words,
                "world": "Published, July 2019",
                "simulated": None,
                "scaled": float(published),
                "ratio": 1.0,
            }
        )
        for view in views:
            count = view.monthly(f"refused.{mode}")[view.months.index(JULY)]
            scaled = count * NATION / view.citizens
            rows.append(
                {
                    "tickets": words,
                    "world": view.name,
                    "simulated": count,
                    "scaled": scaled,
                    "ratio": scaled / published,
                }
            )
    for row in rows:
        row["text"] = _millions(row["scaled"])
    shades = {"Published, July 2019": PUBLISHED} | colours(views)
    panels = []
    for words in TICKETS.values():
        mine = [row for row in rows if row["tickets"] == words]
        told = "; ".join(f"{row['world']} {row['text']}" for row in mine)
        drawn = kinds.simple_bars(mine, shades, label="world", value="scaled", text="text")
        panels.append(Panel(f"Refused {words}, July 2019", f"Refused purchases of {words}: {told}.", drawn))
    columns = {
        "tickets": "Tickets",
        "world": "World",
        "simulated": "Refused in the simulation, July",
        "scaled": "Scaled to 1.41 billion",
        "ratio": "Ratio to published",
    }
    note = f"{COUNTED} Simulated July counts times 1.41 billion / citizens."
    return Figure(
        "july-2019", "July 2019: published and simulated", columns, rows, panels, note, notices(views), 2
    )


def _millions(count: float) -> str:
    """Return a count for people: millions with two decimals, else grouped."""
    return f"{rounded(count / 1e6)} million" if count >= 1e6 else rounded(count) if count else grouped(0)


# ---- who was punished, and where


def origins(views: Views) -> Figure | None:
    """Return persons punished, by what it came from."""
    rows = [
        {"why": WHY[origin], "world": view.name, "persons": view.total(f"punished.{origin}"),
         "per_100k": view.rate(f"punished.{origin}"), "text": rounded(view.rate(f"punished.{origin}"))}
        for origin in ORIGINS
        for view in views
    ]  # fmt: skip
    if not any(row["persons"] for row in rows):
        return None
    told = "; ".join(f"{row['why']}, {row['world']}: {row['text']}" for row in rows)
    drawn = kinds.bars(rows, colours(views), category="why", value="per_100k", series="world", text="text")
    columns = {
        "why": "Punished for",
        "world": "World",
        "persons": "Persons",
        "per_100k": "Per 100\u202f000 citizens",
    }
    note = "Persons per 100\u202f000 citizens, at least once for each reason; one person can count under several."
    panel = Panel("", f"Persons punished per 100\u202f000 citizens, by reason. {told}.", drawn)
    return Figure(
        "origins",
        "Punished at least once, by reason",
        columns,
        rows,
        [panel],
        note,
        notices(views),
        1,
        colours(views),
    )


def provinces(views: Views) -> Figure | None:
    """Return a tile-grid map of persons ever listed, by province."""
    rows: list[dict[str, Any]] = []
    for view in views:
        counts = view.by_province("ever_listed", stock=True)
        for name, count, people in zip(view.provinces, counts, view.province_people, strict=True):
            short, column, line = TILES[name]
            rows.append({"world": view.name, "province": name, "label": short, "column": column, "line": line,
                         "citizens": people, "listed": count, "per_100k": per(count, people)})  # fmt: skip
    highest = max(row["per_100k"] for row in rows)
    if not highest:
        return None
    panels = []
    for view in views:
        mine = [row for row in rows if row["world"] == view.name]
        ends = sorted(mine, key=lambda row: row["per_100k"])
        told = ", ".join(f"{row['province']} {rounded(row['per_100k'])}" for row in (ends[0], ends[-1]))
        drawn = kinds.tiles(
            mine, column="column", line="line", name="label", value="per_100k", highest=highest
        )
        panels.append(
            Panel(
                view.name, f"Persons ever listed per 100\u202f000 citizens under {view.name}: {told}.", drawn
            )
        )
    columns = {
        "world": "World",
        "province": "Province",
        "label": "Label",
        "citizens": "Citizens",
        "listed": "Ever listed",
        "per_100k": "Per 100\u202f000 citizens",
    }
    note = (
        "Persons ever listed per 100\u202f000 citizens of the province; "
        "one colour scale for all maps, light to dark. Equal tiles, no borders."
    )
    return Figure(
        "provinces", "Ever listed, province by province", columns, rows, panels, note, notices(views), 2
    )
