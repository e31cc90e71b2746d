"""Figures: a table, the panels drawn from it, and the files a newsroom asks for.

A `Figure` owns its rows; every panel is drawn from those rows, and the CSV holds the same rows, so that chart
and table cannot differ. Panels are narrow (340 px): on a wide page they stand side by side, on a
phone they stack, with type of the same size. Nothing heavy is imported until a figure is drawn.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from glasshouse.errors import InputOutputError
from glasshouse.views.figures_style import MUTED, config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from altair import TopLevelMixin

__all__ = ["SUFFIXES", "Figure", "Panel", "arrow_table", "csv_text", "panel_svg", "save"]

WIDTH = 340
TABLES, PICTURES = ("csv", "parquet"), ("svg", "png", "pdf", "vl.json")
SUFFIXES = (*TABLES, *PICTURES)
_REFERENCE = re.compile(r"(?<=[\s\"'(#])((?:clip|gradient|pattern)[_-]?\w*\d+)")


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing: its heading, what it shows in words, and the Altair chart."""

    title: str
    alt: str
    chart: Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A named table with the panels drawn from it.

    `columns` maps the keys of the rows to their headings. `note` says what to keep in mind, `notice` is the
    line that has to be shown wherever a scenario is. `legend` maps series to colours, for files that travel alone.
    `command` makes the figure anew; `formats` are the files to be written of it. Without panels it is a table.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    panels: Sequence[Panel]
    note: str = ""
    notice: str = ""
    across: int = 3
    legend: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    formats: Sequence[str] = SUFFIXES

    @property
    def written(self) -> tuple[str, ...]:
        """The files there are of it: those asked for, of a table only what holds rows."""
        every = SUFFIXES if self.panels else TABLES
        return tuple(suffix for suffix in every if suffix in self.formats)


def csv_text(figure: Figure) -> str:
    """Return the rows as CSV, headed by the keys; a notice is repeated on every row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    extra = ["notice"] if figure.notice else []
    writer.writerow([*figure.columns, *extra])
    for row in figure.rows:
        cells = [_cell(row.get(key, "")) for key in figure.columns]
        writer.writerow([*cells, *([_cell(figure.notice)] if extra else [])])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value


def arrow_table(figure: Figure) -> pa.Table:
    """Return the rows as an Arrow table, one column per key; notice and command are in its metadata."""
    import pyarrow as pa

    columns = {key: _column([row.get(key) for row in figure.rows]) for key in figure.columns}
    told = {"title": figure.title, "notice": figure.notice, "command": figure.command}
    return pa.table(columns).replace_schema_metadata({key: words for key, words in told.items() if words})


def _column(values: Sequence[Any]) -> Sequence[Any]:
    """Return values of one type: words, where any of them is a word."""
    if any(isinstance(value, str) for value in values):
        return [None if value is None else str(value) for value in values]
    return values


def panel_svg(panel: Panel, name: str) -> str:
    """Return one panel as an SVG element to stand in a page; `name` keeps its ids apart from others."""
    spec = _spec(panel.chart.properties(width=WIDTH, autosize={"type": "fit-x", "contains": "padding"}))
    return _accessible(_svg(spec), panel.alt, name)


def _spec(chart: TopLevelMixin) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart in the house style."""
    spec = chart.to_dict(validate=False)
    spec["config"] = config() | {"background": spec.get("background")}
    spec.setdefault("padding", 4)
    return spec


def _svg(spec: dict[str, Any]) -> str:
    """Return the SVG text of a specification."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec)


def _accessible(svg: str, alt: str, name: str) -> str:
    """Return the SVG as one image with a description, scalable, with ids of its own."""
    start = svg.index("<svg")
    head, rest = svg[start:].split(">", 1)
    width, height = (float(size) for size in re.findall(r'(?:width|height)="([\d.]+)"', head)[:2])
    rest = re.sub(r' (?:role|aria-\w+)="[^"]*"', "", rest)
    rest = _REFERENCE.sub(rf"{name}-\1", rest)
    label = escape(alt, {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{label}"><desc>{escape(alt)}</desc>{rest}'
    )


def combined(figure: Figure) -> dict[str, Any]:
    """Return one specification with all panels, the title and the notice, for files that travel alone."""
    import altair as alt

    panels = [panel.chart.properties(width=WIDTH, title=_panel_title(panel)) for panel in figure.panels]
    room = 62 * min(figure.across, len(panels)) - 4  # characters of a line of small type
    made = f"Made by: {figure.command}" if figure.command else ""
    under = [line for text in (figure.notice, figure.note, made) if text for line in _lines(text, room)]
    chart: Any = alt.concat(*panels, columns=figure.across, spacing=52, bounds="flush")
    chart = chart.resolve_scale(color="independent", x="independent", y="independent")
    if figure.legend:
        chart = alt.vconcat(_legend(figure.legend), chart, spacing=30)
    title = alt.TitleParams(
        text=_lines(figure.title, room // 2 + 8), subtitle=under, fontSize=17, offset=18, subtitleColor=MUTED
    )
    chart = chart.properties(title=title, background="white")
    spec = _spec(chart)
    spec["padding"] = 16
    spec["description"] = " ".join(panel.alt for panel in figure.panels)
    return spec


def _panel_title(panel: Panel) -> Any:
    """Return the heading of a panel, level with those beside it whatever the axes need."""
    import altair as alt

    return alt.TitleParams(text=_lines(panel.title, 52), frame="group", anchor="start") if panel.title else ""


def _legend(colours: Mapping[str, str]) -> Any:
    """Return the names of the series in a row, each beside its colour."""
    import altair as alt

    rows, x = [], 0.0
    for name, colour in colours.items():
        rows.append({"x": x, "text": name, "colour": colour})
        x += 42 + 6.4 * len(name)
    place = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, max(x, 1)], nice=False))
    base: Any = alt.Chart(alt.InlineData(values=rows)).encode(x=place)
    box = base.mark_square(size=150, opacity=1).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=12, fontSize=12).encode(text="text:N")
    return alt.layer(box, words).properties(width=max(x, 1), height=14)


def _lines(text: str, width: int) -> list[str]:
    """Return a text broken into lines, for Vega does not wrap."""
    import textwrap

    return textwrap.wrap(text, width) or [""]


def save(figure: Figure, folder: Path) -> tuple[Path, ...]:
    """Write a figure in its formats: CSV, Parquet, SVG, PNG, PDF, Vega-Lite JSON; return the paths.

    Raises:
        InputOutputError: the folder cannot be written to.
    """
    made = contents(figure)
    try:
        if made:
            folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in made.items():
            (folder / f"{figure.name}.{suffix}").write_bytes(content)
    except OSError as error:
        raise InputOutputError(
            f"{folder}: cannot be written ({(error.strerror or 'error').lower()})"
        ) from None
    return tuple(folder / f"{figure.name}.{suffix}" for suffix in made)


def contents(figure: Figure) -> dict[str, bytes]:
    """Return the files of a figure, suffix -> bytes."""
    wanted = figure.written
    made: dict[str, bytes] = {}
    if "csv" in wanted:
        made["csv"] = csv_text(figure).encode()
    if "parquet" in wanted:
        made["parquet"] = _parquet(figure)
    if not set(wanted) & {*PICTURES}:
        return made
    spec = combined(figure)
    if "vl.json" in wanted:
        made["vl.json"] = json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    if {*wanted} <= {*TABLES, "vl.json"}:
        return made
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    drawn = {
        "svg": svg.encode,
        "png": lambda: vl_convert.svg_to_png(svg, scale=2),
        "pdf": lambda: vl_convert.svg_to_pdf(svg),
    }
    made |= {suffix: draw() for suffix, draw in drawn.items() if suffix in wanted}
    return {suffix: made[suffix] for suffix in wanted}


def _parquet(figure: Figure) -> bytes:
    """Return the rows as a Parquet file."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(arrow_table(figure), out, compression="zstd")
    return out.getvalue()
