"""The kinds of chart that Glasshouse draws, each a function from rows to an Altair chart.

Rows are plain mappings. Colours come in as a mapping from series to colour, in the order of drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from glasshouse.views.figures_style import (
    AXIS_LABEL,
    DASHES,
    INK,
    MUTED,
    PAPER,
    PUBLISHED,
    blend,
    on_colour,
    rounded,
)

if TYPE_CHECKING:
    import altair as alt

Rows = Sequence[Mapping[str, Any]]
Colours = Mapping[str, str]


def inline_data(rows: Rows) -> alt.InlineData:
    """Return rows as inline data; a tuple, because Altair copies lists anew for each layer and panel."""
    import altair as alt

    return alt.InlineData(values=cast("list[Any]", tuple(dict(row) for row in rows)))


def series_colour(field: str, colours: Colours) -> alt.Color:
    """Return the colour channel without a legend: the page has one in words."""
    import altair as alt

    return alt.Color(f"{field}:N", scale=alt.Scale(domain=[*colours], range=[*colours.values()]), legend=None)


def lines(
    rows: Rows, colours: Colours, *, x: str, y: str, series: str, mark: Rows = (), height: int = 190
) -> Any:
    """Return lines over labelled steps of time; `mark` holds single points to set beside them, with a `text`."""
    import altair as alt

    order = [*dict.fromkeys(row[x] for row in rows)]
    across = alt.X(
        f"{x}:O",
        sort=order,
        scale=alt.Scale(padding=0.3),
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True),
    )
    up = alt.Y(
        f"{y}:Q", axis=alt.Axis(title=None, labelExpr=AXIS_LABEL), scale=alt.Scale(zero=True, nice=True)
    )
    dashes = alt.Scale(domain=[*colours], range=[list(dash) for dash in DASHES[: len(colours)]])
    dash = alt.StrokeDash(f"{series}:N", scale=dashes, legend=None)
    base: Any = alt.Chart(inline_data(rows)).encode(x=across, y=up, color=series_colour(series, colours))
    drawn = [
        base.mark_line(strokeWidth=2.4, strokeCap="round").encode(strokeDash=dash),
        base.mark_circle(size=22, opacity=1),
    ]
    if mark:
        points: Any = alt.Chart(inline_data(mark)).encode(x=across, y=up)
        drawn.append(points.mark_point(shape="diamond", size=80, filled=True, color=PUBLISHED, opacity=1))
        for halo in ({"color": PAPER, "stroke": PAPER, "strokeWidth": 4}, {"color": PUBLISHED}):
            text = points.mark_text(dy=-12, fontSize=11, fontWeight="bold", **halo)
            drawn.append(text.encode(text="text:N"))
    return alt.layer(*drawn).properties(height=height)


def bars(
    rows: Rows, colours: Colours, *, category: str, value: str, series: str, text: str, step: int = 19
) -> Any:
    """Return horizontal bars, one per category and series, each with its number written at the end."""
    import altair as alt

    order = [*dict.fromkeys(row[category] for row in rows)]
    high = max((row[value] for row in rows), default=0) or 1
    across = alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domain=[0, high * 1.32], nice=False))
    band = alt.Scale(paddingInner=0.4, paddingOuter=0.22)
    up = alt.Y(f"{category}:N", sort=order, axis=None, scale=band)
    offset = alt.YOffset(
        f"{series}:N", sort=[*colours], scale=alt.Scale(domain=[*colours], paddingInner=0.12)
    )
    base: Any = alt.Chart(inline_data(rows)).encode(x=across, y=up, yOffset=offset)
    bar = base.mark_bar(cornerRadiusEnd=1.5).encode(color=series_colour(series, colours))
    number = base.mark_text(align="left", dx=5, fontSize=12, fontWeight="bold", color=INK).encode(
        text=f"{text}:N"
    )
    first: Any = alt.Chart(inline_data([{category: name} for name in order]))
    top = alt.Y(f"{category}:N", sort=order, axis=None, scale=band, bandPosition=0)
    name = first.mark_text(align="left", dy=-9, fontSize=12, color=INK).encode(
        x=alt.value(0), y=top, text=f"{category}:N"
    )
    return alt.layer(bar, number, name).properties(height=len(order) * (26 + step * len(colours)))


def simple_bars(rows: Rows, colours: Colours, *, label: str, value: str, text: str, step: int = 44) -> Any:
    """Return one horizontal bar per row, its name above it and its number at the end."""
    import altair as alt

    order = [row[label] for row in rows]
    high = max((row[value] for row in rows), default=0) or 1
    across = alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domain=[0, high * 1.35], nice=False))
    up = alt.Y(f"{label}:N", sort=order, axis=None, scale=alt.Scale(paddingInner=0.55, paddingOuter=0.4))
    base: Any = alt.Chart(inline_data(rows)).encode(y=up)
    bar = base.mark_bar(cornerRadiusEnd=1.5).encode(x=across, color=series_colour(label, colours))
    number = base.mark_text(align="left", dx=5, fontSize=13, fontWeight="bold", color=INK).encode(
        x=across, text=f"{text}:N"
    )
    name = base.mark_text(align="left", dy=-19, fontSize=11.5, color=MUTED).encode(
        x=alt.value(0), text=f"{label}:N"
    )
    return alt.layer(bar, number, name).properties(height=step * len(rows))


def stacked(rows: Rows, colours: Colours, *, row: str, value: str, series: str, text: str) -> Any:
    """Return bars of equal length cut into shares (in percent), in the order of `colours`."""
    import altair as alt

    place = {name: index for index, name in enumerate(colours)}
    rows = [
        {
            **r,
            "_place": place[r[series]],
            "_ink": on_colour(colours[r[series]]),
            "_text": r[text] if r[value] >= 12 else "",
        }
        for r in rows
    ]
    order = alt.Order("_place:Q")
    stack = alt.X(f"{value}:Q", stack="zero", axis=None, scale=alt.Scale(domain=[0, 100.01], nice=False))
    up = alt.Y(
        f"{row}:N",
        sort=[*dict.fromkeys(str(r[row]) for r in rows)],
        axis=alt.Axis(title=None, domain=False, ticks=False, labelColor=INK),
    )
    base: Any = alt.Chart(inline_data(rows)).encode(y=up, order=order)
    middle = alt.X(f"{value}:Q", stack="zero", bandPosition=0.5, axis=None)
    bar = base.mark_bar(stroke="white", strokeWidth=1).encode(x=stack, color=series_colour(series, colours))
    label = base.mark_text(fontSize=11).encode(
        x=middle, text="_text:N", color=alt.Color("_ink:N", scale=None), detail=f"{series}:N"
    )
    return alt.layer(bar, label).properties(height=78)


def steps(
    rows: Rows, colours: Colours, *, low: str, high: str, value: str, series: str, cuts: Rows = ()
) -> Any:
    """Return two histograms of the same bins on a logarithmic axis, the first in outline; `cuts` are upright lines.

    A bin without anybody is left out: zero has no place on a logarithmic axis.
    """
    import altair as alt

    floor = min([0.5, *(row[value] / 2 for row in rows if row[value] > 0)])
    rows = [{**row, "_base": floor} for row in rows if row[value] > 0]
    top = max((row[value] for row in rows), default=1.0)
    scale = alt.Scale(type="log", domain=[floor, max(10.0, top * 4)], nice=False)
    ends = [row[key] for row in rows for key in (low, high)] or [0, 1]
    across = alt.X(
        f"{low}:Q",
        axis=alt.Axis(title=None, labelExpr=AXIS_LABEL, tickCount=5, labelOverlap=True, labelSeparation=8),
        scale=alt.Scale(domain=[min(ends), max(ends)], nice=False),
    )
    powers = [10**power for power in range(6)]
    axis = alt.Axis(
        title=None, values=powers, tickCount=6, labelOverlap=False, labelExpr=AXIS_LABEL, format=",d"
    )
    up = alt.Y(f"{value}:Q", scale=scale, axis=axis)
    base: Any = alt.Chart(inline_data(rows)).encode(
        x=across, x2=f"{high}:Q", y=up, y2="_base:Q", color=series_colour(series, colours)
    )
    outline, filled = colours
    drawn = [base.transform_filter(f"datum.{series} === {filled!r}").mark_rect(opacity=0.9)]
    drawn.append(
        base.transform_filter(f"datum.{series} === {outline!r}").mark_rect(filled=False, strokeWidth=1.4)
    )
    if cuts:
        rule: Any = alt.Chart(inline_data(cuts)).encode(x=alt.X("at:Q"))
        drawn.append(rule.mark_rule(color=INK, strokeDash=[2, 3], opacity=0.6))
        drawn.append(
            rule.mark_text(align="left", dx=3, fontSize=10, color=MUTED).encode(y=alt.value(4), text="text:N")
        )
    return alt.layer(*drawn).properties(height=210)


def tiles(rows: Rows, *, column: str, line: str, name: str, value: str, highest: float) -> Any:
    """Return a map of equal tiles, coloured from 0 to `highest`, with the name and the number on each."""
    import altair as alt

    dressed = []
    for row in rows:
        colour = blend(row[value] / highest if highest else 0.0)
        dressed.append({**row, "_colour": colour, "_ink": on_colour(colour), "_number": rounded(row[value])})
    places = [*range(min(row[column] for row in rows), max(row[column] for row in rows) + 1)]
    scale = alt.Scale(domain=places, paddingInner=0.05, paddingOuter=0)
    across = alt.X(f"{column}:O", axis=None, sort=places, scale=scale)
    depth = max(row[line] for row in rows) + 1
    down = alt.Y(
        f"{line}:O", axis=None, scale=alt.Scale(domain=[*range(depth)], paddingInner=0.05, paddingOuter=0)
    )
    base: Any = alt.Chart(inline_data(dressed)).encode(x=across, y=down)
    tile = base.mark_rect(cornerRadius=2, stroke="#b9b09d", strokeWidth=0.5).encode(
        color=alt.Color("_colour:N", scale=None)
    )
    ink = alt.Color("_ink:N", scale=None)
    label = base.mark_text(dy=-6, fontSize=11, fontWeight="bold").encode(text=f"{name}:N", color=ink)
    number = base.mark_text(dy=8, fontSize=9.5).encode(text="_number:N", color=ink)
    return alt.layer(tile, label, number).properties(height=40 * depth)
