"""The part of a report about a calibration: fitted numbers, and data beside model, fitted and held out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_ranges import against
from glasshouse.views.figures_style import PUBLISHED, WORLDS, grouped, rounded
from glasshouse.views.report.markup import esc, paragraphs, table
from glasshouse.views.report.parts import Part, interval, section, span
from glasshouse.views.report.sections import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tree = Mapping[str, Any]

__all__ = ["calibration_part"]

MONTH = 365 / 12
COLUMNS = {
    "label": "Published counts",
    "use": "Use",
    "first": "From",
    "last": "To",
    "published": "Published",
    "model": "Model",
    "low": "Lower end",
    "high": "Upper end",
    "per_month": "Published per month",
    "model_per_month": "Model per month",
    "low_per_month": "Model per month, lower end",
    "high_per_month": "Model per month, upper end",
}
NUMBERS = {
    "key": "Number",
    "written": "As written",
    "value": "Fitted",
    "low": "Lower end",
    "high": "Upper end",
    "why": "Not identified",
}


def calibration_part(tree: Tree, *, command: str) -> Part:
    """Return the part of a calibration; `tree` is `calibration.json`."""
    return Part(
        name=clean(" ".join([str(tree["scenario"]), *map(str, tree["changes"])]), 80),
        notice=clean(tree["notice"], 400),
        headline="Held against the published record",
        sentence=sentence(tree),
        size=size(tree),
        figures=(data_against_model(tree), numbers(tree)),
        told=lambda known, first: sections_of(tree, known, first),
        command=command,
    )


def size(tree: Tree) -> str:
    """Return citizens, days and seeds in words."""
    return (
        f"{grouped(int(tree['citizens']))} citizens for {grouped(int(tree['people']))} people, "
        f"{span(int(tree['days']))}, {len(tree['seeds'])} seeds from {clean(tree['seeds'][0], 30)}"
    )


def sentence(tree: Tree) -> str:
    """Return how far the model is from the counts that it did not see, as a sentence that can be printed."""
    held = [one for one in tree["windows"] if not one["fitted"]]
    told = [
        f"{clean(one['key'], 60)} {one['value']:.3g} (90 % interval {one['low']:.3g} to {one['high']:.3g})"
        for one in tree["fitted"]
    ]
    if not held:
        return f"In this synthetic society the published counts are met best with {' and '.join(told)}."
    far = max(held, key=lambda one: abs(one["published"] / one["model"] - 1))
    return (
        f"In this synthetic society the published counts are met best with {' and '.join(told)}. Of the counts that "
        f"the fit did not see, the farthest is {clean(far['label'], 60)} from {far['first']} to {far['last']}: "
        f"{rounded(far['published'] / far['model'])} published for one in the model."
    )


def sections_of(tree: Tree, known: Mapping[str, Figure], first: str) -> str:
    """Return the section of a calibration as HTML."""
    key = (
        '<p class="key"><span><i class="box w1 soft"></i>Model, 90\u00a0% interval</span>'
        '<span><i class="lozenge"></i>published</span></p>'
    )
    told = first + number_table(tree) + paragraphs(esc(spread(tree)), *map(esc, countings(tree)))
    drawn = figure(known["calibration"], key)
    return section(
        "calibration", "Held against the published record", how(tree), told + drawn + window_table(tree)
    )


def how(tree: Tree) -> str:
    """Return how it was fitted."""
    return esc(
        f"In this synthetic society of {size(tree)}; the same seeds at every place of the ranges, a surface through "
        f"{grouped(int(tree['worlds']))} worlds. Intervals: {tree['interval']}. They carry the "
        f"uncertainty {tree['uncertainty']}."
    )


def spread(tree: Tree) -> str:
    """Return how far residuals go beyond chance, and how well the surface holds."""
    return (
        f"The fitted counts vary {rounded(tree['factor'])} times as much as chance, rounding and the "
        f"worlds lived explain "
        f"({tree['degrees']} degrees of freedom). Worlds lived at the fitted values differ from the surface by at most "
        f"{rounded(100 * tree['surface_error'])} %. {len(tree['passed_over'])} rows of the table were passed over."
    )


def countings(tree: Tree) -> list[str]:
    """Return a sentence for each way of counting."""
    out = []
    for one in tree["regimes"]:
        days = " and ".join(
            words
            for words in (
                f"from {one['begin']}" if one["begin"] else "",
                f"before {one['end']}" if one["end"] else "",
            )
            if words
        )
        out.append(
            f"Plane refusals {days}: {rounded(one['multiplier'])} published for one in the model "
            f"({interval(one['low'], one['high'], sign=False)}). A way of counting, described and not fitted."
            if one["statistic"] == "plane"
            else f"{clean(one['statistic'], 60)} {days}: {rounded(one['multiplier'])} published for one in the model."
        )
    return out


def number_table(tree: Tree) -> str:
    """Return the numbers as a table."""
    rows = [
        [
            esc(clean(one["key"], 60)),
            f"{one['written']:.3g}",
            f"<b>{one['value']:.3g}</b>",
            f"{one['low']:.3g} to {one['high']:.3g}",
            esc(ends(one)),
        ]
        for one in tree["fitted"]
    ]
    rows += [
        [
            esc(clean(one["key"], 60)),
            f"{one['written']:.3g}",
            "not identified",
            "",
            esc(clean(one["why"], 200)),
        ]
        for one in tree["not_identified"]
    ]
    head = ["Number", "As written", "Fitted", "90 % interval", "To keep in mind"]
    return table(head, rows, kind="amounts worded", label="Fitted numbers")


def ends(one: Tree) -> str:
    """Return whether an interval reaches the end of the range that was looked at."""
    low, high = one["range"]
    told = []
    if one["at_low_end"]:
        told.append(f"nothing below {low:.3g} was looked at")
    if one["at_high_end"]:
        told.append(f"nothing above {high:.3g} was looked at")
    return "; ".join(told) or f"looked for from {low:.3g} to {high:.3g}"


def window_table(tree: Tree) -> str:
    """Return data beside model as a table."""
    rows = [
        [
            esc(clean(one["label"], 60)),
            esc(f"{one['first']} to {one['last']}"),
            grouped(int(one["published"])),
            rounded(one["model"]),
            interval(one["low"], one["high"], sign=False),
            rounded(one["published"] / one["model"]),
            "fitted" if one["fitted"] else "held out",
        ]
        for one in tree["windows"]
    ]
    head = ["Published counts", "Days", "Published", "Model", "90 % interval", "Published over model", "Use"]
    return table(head, rows, kind="amounts worded", label="Published counts beside the model's")


def data_against_model(tree: Tree) -> Figure:
    """Return the figure of data against model, a panel for each statistic, fitted ones first."""
    rows = [window_row(one) for one in tree["windows"]]
    panels = []
    for label, use in dict.fromkeys(
        (row["label"], row["use"]) for row in sorted(rows, key=lambda r: r["use"])
    ):
        mine = [row for row in rows if row["label"] == label]
        head = f"{label[:1].upper()}{label[1:]} ({use})"
        told = "; ".join(
            f"{row['days']} published {rounded(row['per_month'])}, model {rounded(row['model_per_month'])}"
            for row in mine
        )
        drawn = against(
            mine, label="days", data="per_month", value="model_per_month", low="low_per_month", high="high_per_month",
            colour=WORLDS[1], data_colour=PUBLISHED,
        )  # fmt: skip
        panels.append(Panel(head, f"{head}, per month: {told}.", drawn))
    note = (
        "Counts per month of 30.4 days in a nation of the size given. Diamond: published. Bar and dot: "
        "what the model makes at "
        "the fitted values, with its 90 % interval. Panels named held out were not seen by the fit."
    )
    return Figure(
        "calibration", "Data against model", {"days": "Days", **COLUMNS}, rows, panels, note, across=1
    )


def window_row(one: Tree) -> dict[str, Any]:
    """Return one published count as a row of the figure."""
    first, last = (dt.date.fromisoformat(one[name]) for name in ("first", "last"))
    factor = MONTH / ((last - first).days + 1)
    return {
        "days": f"{first.day} {first:%b %y} to {last.day} {last:%b %y}",
        "label": clean(one["label"], 60),
        "use": "fitted" if one["fitted"] else "held out",
        **{name: one[name] for name in ("first", "last", "published", "model", "low", "high")},
        "per_month": one["published"] * factor,
        "model_per_month": one["model"] * factor,
        "low_per_month": one["low"] * factor,
        "high_per_month": one["high"] * factor,
    }


def numbers(tree: Tree) -> Figure:
    """Return the fitted numbers as a table with files."""
    rows: list[dict[str, Any]] = [
        {name: one[name] for name in ("key", "written", "value", "low", "high")} for one in tree["fitted"]
    ]
    rows += [
        {"key": one["key"], "written": one["written"], "why": one["why"]} for one in tree["not_identified"]
    ]
    return Figure("calibration-numbers", "Fitted numbers", NUMBERS, rows, ())
