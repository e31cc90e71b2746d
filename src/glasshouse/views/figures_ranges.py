"""The kinds of chart that show how sure a figure is: dots with intervals, bars with intervals, lines with bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.views.figures_kinds import inline_data, series_colour
from glasshouse.views.figures_style import AXIS_LABEL, DASHES, INK, MUTED, PAPER, WORLDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]
    Colours = Mapping[str, str]

__all__ = ["against", "bands", "dots", "shares"]

LABEL_PX = 178
MARK = WORLDS[1]


def dots(
    rows: Rows,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    rule: float | None = None,
    across: tuple[float, float] | None = None,
    step: int = 19,
    label_px: int = LABEL_PX,
) -> Any:
    """Return one dot with its interval per row, the names at the left, on an axis that holds zero.

    Args:
        rows: What is drawn; an interval may be None at both ends.
        label: Key of the name.
        value: Key of the dot.
        low: Key of the lower end.
        high: Key of the upper end.
        rule: Where a dashed upright line stands, the figure of all together for example.
        across: Ends of the axis, at which intervals end too; by default as wide as the rows need.
        step: Height of a row in pixels.
        label_px: Room for the names; longer ones are shortened.
    """
    import altair as alt

    ends = across or _reach(rows, (value, low, high), rule)
    x = alt.X(f"{value}:Q", axis=_axis_below(), scale=alt.Scale(domain=list(ends), nice=across is None))
    base: Any = alt.Chart(inline_data(rows)).encode(y=_names(rows, label, label_px))
    drawn = [_upright(0.0, INK)] if ends[0] <= 0 <= ends[1] else []
    drawn += [] if rule is None else [_upright(rule, MUTED, dash=True)]
    known = f"isValid(datum['{low}']) && isValid(datum['{high}'])"
    drawn.append(
        base.transform_filter(known)
        .mark_rule(strokeWidth=2.2, color=MARK, clip=True)
        .encode(x=alt.X(f"{low}:Q"), x2=f"{high}:Q")
    )
    drawn.append(base.mark_circle(size=46, color=MARK, opacity=1).encode(x=x))
    return alt.layer(*drawn).properties(height=step * len(rows))


def shares(
    rows: Rows, *, label: str, value: str, low: str, high: str, alone: str, without: str, step: int = 25
) -> Any:
    """Return a bar with its interval per row, beside a hollow circle (`alone`) and a hollow diamond (`without`)."""
    import altair as alt

    ends = _reach(rows, (value, low, high, alone, without), None)
    scale = alt.Scale(domain=list(ends), nice=True)
    base: Any = alt.Chart(inline_data(rows)).encode(y=_names(rows, label))
    bar = base.mark_bar(color=MARK, opacity=0.55, size=step - 11).encode(
        x=alt.X(f"{value}:Q", axis=_axis_below(), scale=scale)
    )
    known = f"isValid(datum['{low}']) && isValid(datum['{high}'])"
    reach = base.transform_filter(known).mark_rule(strokeWidth=2, color=INK)
    drawn = [bar, _upright(0.0, INK), reach.encode(x=alt.X(f"{low}:Q"), x2=f"{high}:Q")]
    for key, shape in ((alone, "circle"), (without, "diamond")):
        mark = base.mark_point(
            shape=shape, size=62, filled=True, fill=PAPER, stroke=INK, strokeWidth=1.6, opacity=1
        )
        drawn.append(mark.encode(x=alt.X(f"{key}:Q")))
    return alt.layer(*drawn).properties(height=step * len(rows))


def against(
    rows: Rows,
    *,
    label: str,
    data: str,
    value: str,
    low: str,
    high: str,
    colour: str = MARK,
    data_colour: str = INK,
    step: int = 25,
) -> Any:
    """Return per row the model's dot on its interval and the diamond of the data, on an axis that holds zero."""
    import altair as alt

    ends = _reach(rows, (data, value, low, high), None)
    x = alt.X(f"{value}:Q", axis=_axis_below(), scale=alt.Scale(domain=list(ends), nice=True))
    base: Any = alt.Chart(inline_data(rows)).encode(y=_names(rows, label))
    reach = base.mark_bar(color=colour, opacity=0.35, size=step - 13)
    drawn = [
        _upright(0.0, INK),
        reach.encode(x=alt.X(f"{low}:Q"), x2=f"{high}:Q"),
        base.mark_circle(size=46, color=colour, opacity=1).encode(x=x),
        base.mark_point(shape="diamond", size=80, filled=True, color=data_colour, opacity=1).encode(
            x=alt.X(f"{data}:Q")
        ),
    ]
    return alt.layer(*drawn).properties(height=step * len(rows))


def bands(
    rows: Rows,
    colours: Colours,
    *,
    x: str,
    y: str,
    low: str,
    high: str,
    series: str,
    steps: bool = False,
    top: float | None = None,
    height: int = 190,
) -> Any:
    """Return lines over days with the band of their interval; `steps` holds each value until the next day."""
    import altair as alt

    days = [row[x] for row in rows]
    highest = (
        top or max((row[key] for row in rows for key in (y, high) if row[key] is not None), default=1) or 1
    )
    across = alt.X(
        f"{x}:Q",
        axis=alt.Axis(title=None, tickCount=5, tickMinStep=1, labelExpr=AXIS_LABEL),
        scale=alt.Scale(domain=[min(days), max(*days, min(days) + 1)], nice=False),
    )
    up = alt.Y(
        f"{y}:Q",
        axis=alt.Axis(title=None, labelExpr=AXIS_LABEL),
        scale=alt.Scale(domain=[0, highest], nice=top is None),
    )
    way: Any = "step-after" if steps else "linear"
    base: Any = alt.Chart(inline_data(rows)).encode(x=across, color=series_colour(series, colours))
    known = f"isValid(datum['{low}']) && isValid(datum['{high}'])"
    dashes = alt.Scale(domain=[*colours], range=[list(DASHES[n % len(DASHES)]) for n in range(len(colours))])
    band = base.transform_filter(known).mark_area(opacity=0.24, interpolate=way)
    line = base.mark_line(strokeWidth=2.2, interpolate=way)
    return alt.layer(
        band.encode(y=alt.Y(f"{low}:Q"), y2=f"{high}:Q"),
        line.encode(y=up, strokeDash=alt.StrokeDash(f"{series}:N", scale=dashes, legend=None)),
    ).properties(height=height)


def _names(rows: Rows, label: str, room: int = LABEL_PX) -> Any:
    """Return the channel with the names of the rows, in their order."""
    import altair as alt

    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelColor=INK,
        labelLimit=room,
        labelPadding=9,
        grid=True,
        gridOpacity=0.5,
    )
    return alt.Y(f"{label}:N", sort=[*dict.fromkeys(str(row[label]) for row in rows)], axis=axis)


def _axis_below() -> Any:
    """Return the axis of figures."""
    import altair as alt

    return alt.Axis(
        title=None, tickCount=4, grid=True, gridOpacity=0.5, labelExpr=AXIS_LABEL, labelOverlap=True
    )


def _upright(at: float, colour: str, *, dash: bool = False) -> Any:
    """Return an upright line."""
    import altair as alt

    line: Any = alt.Chart(inline_data([{"at": at}])).mark_rule(
        color=colour, strokeWidth=1, strokeDash=[3, 3] if dash else [1, 0]
    )
    return line.encode(x=alt.X("at:Q"))


def _reach(rows: Rows, keys: Sequence[str], rule: float | None) -> tuple[float, float]:
    """Return the ends of an axis that holds zero and everything drawn."""
    known = [float(row[key]) for row in rows for key in keys if row[key] is not None]
    low, high = min([0.0, *known, rule or 0.0]), max([0.0, *known, rule or 0.0])
    return (low, high) if low < high else (0.0, 1.0)
