"""Figures: numbers are written one way, a table and its drawing agree, and what is drawn can be trusted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from glasshouse.views import figures_kinds as kinds
from glasshouse.views import figures_ranges as ranges
from glasshouse.views.figures import Figure, Panel, combined, csv_text, panel_svg, save
from glasshouse.views.figures_style import RAMP, WORLDS, blend, grouped, on_colour, rounded

if TYPE_CHECKING:
    from pathlib import Path

COLOURS = {"one": WORLDS[0], "two": WORLDS[1]}
ROWS = [
    {"month": m, "world": w, "rate": i * 1.5, "text": str(i)}
    for i, m in enumerate(("Jan", "Feb"))
    for w in COLOURS
]


def figure(notice: str = "") -> Figure:
    chart = kinds.lines(ROWS, COLOURS, x="month", y="rate", series="world", height=90)
    columns = {"month": "Month", "world": "World", "rate": "Rate"}
    return Figure(
        "lines",
        "A title",
        columns,
        ROWS,
        [Panel("Rate", 'Rises from 0 to 1.5 & "more"', chart)],
        "A note.",
        notice,
    )


def test_importing_the_figures_loads_no_plotting_package() -> None:
    code = "import sys, glasshouse.views.figures, glasshouse.views.figures_kinds as _\n"
    code += "print({'altair', 'vl_convert'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0, "0"), (1, "1"), (12.345, "12.3"), (999.4, "999"), (999.5, "1\u202f000"), (1234.5, "1\u202f230"),
        (1_234_567.0, "1\u202f230\u202f000"), (0.01234, "0.0123"),
        (0.0012, "0.0012"), (-4.56, "\N{MINUS SIGN}4.56"), (5.0, "5"),
        (0.00000012, "less than 0.0001"), (float("nan"), "not known"), (float("inf"), "not known"), (99.96, "100"),
    ],
)  # fmt: skip
def test_numbers_have_at_most_three_digits(value: float, text: str) -> None:
    assert rounded(value) == text


def test_counts_keep_all_their_digits() -> None:
    assert grouped(1234567) == "1\u202f234\u202f567"
    assert grouped(-1200) == "\N{MINUS SIGN}1\u202f200"


def test_text_on_every_colour_of_the_map_can_be_read() -> None:
    assert blend(0) == RAMP[0]
    assert blend(1) == blend(7) == RAMP[-1]
    for step in range(21):
        colour = blend(step / 20)
        assert _contrast(colour, on_colour(colour)) >= 4.2


def _light(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_csv_holds_the_rows() -> None:
    lines = csv_text(figure()).splitlines()
    assert lines[0] == "month,world,rate"
    assert lines[1:] == [f"{row['month']},{row['world']},{row['rate']}" for row in ROWS]


def test_the_csv_repeats_the_notice_and_holds_no_formula() -> None:
    rows = [{"a": "=HYPERLINK()", "b": None}, {"a": "-x", "b": -3}]
    text = csv_text(Figure("f", "t", {"a": "A", "b": "B"}, rows, [], notice="press version"))
    assert text == "a,b,notice\n'=HYPERLINK(),,press version\n'-x,-3,press version\n"


def test_a_drawing_is_one_described_image_with_ids_of_its_own() -> None:
    svg = panel_svg(figure().panels[0], "here")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert svg.count('role="img"') == 1
    assert 'aria-label="Rises from 0 to 1.5 &amp; &quot;more&quot;"' in svg
    assert all(name.startswith("here-") for name in re.findall(r'\bid="([^"]+)"', svg))
    for used in re.findall(r"url\(#([^)]+)\)", svg):
        assert f'id="{used}"' in svg


def test_the_files_of_a_figure_carry_title_note_and_notice(tmp_path: Path) -> None:
    paths = save(figure("Press version."), tmp_path / "figures")
    assert [path.name for path in paths] == [
        f"lines.{end}" for end in ("csv", "parquet", "svg", "png", "pdf", "vl.json")
    ]
    svg = paths[2].read_text()
    for words in ("A title", "A note.", "Press version."):
        assert words in svg
    assert paths[3].read_bytes().startswith(b"\x89PNG")
    assert paths[4].read_bytes().startswith(b"%PDF")
    spec = json.loads(paths[5].read_text())
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert (
        [row["rate"] for row in spec["concat"][0]["layer"][0]["data"]["values"]]
        == [row["rate"] for row in ROWS]
        if ("data" in spec["concat"][0]["layer"][0])
        else json.dumps(ROWS[0]["rate"]) in paths[5].read_text()
    )


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (save(figure(), tmp_path / name) for name in ("a", "b"))
    for one, other in zip(first[:4], second[:4], strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_every_kind_can_be_drawn() -> None:
    bins = [{"from": f, "to": f + 5, "n": n, "when": w} for w in COLOURS for f, n in ((0, 3.0), (5, 900.0))]
    charts = [
        kinds.bars(ROWS, COLOURS, category="month", value="rate", series="world", text="text"),
        kinds.simple_bars(ROWS[:2], COLOURS, label="world", value="rate", text="text"),
        kinds.stacked(
            [row | {"rate": 50.0} for row in ROWS],
            COLOURS,
            row="month",
            value="rate",
            series="world",
            text="text",
        ),
        kinds.steps(
            bins, COLOURS, low="from", high="to", value="n", series="when", cuts=[{"at": 5, "text": "B"}]
        ),
        kinds.tiles(
            [{"x": 0, "y": 0, "n": "AA", "v": 3.0}], column="x", line="y", name="n", value="v", highest=3.0
        ),
    ]
    for number, chart in enumerate(charts):
        svg = panel_svg(Panel("", "A drawing of some rows", chart), f"p{number}")
        assert svg.count("<path") >= 1
        assert "NaN" not in svg
    assert "description" in combined(Figure("f", "t", {}, [], [Panel("", "words", charts[0])]))


# ---- intervals


RANGES = [
    {"name": "one", "value": 3.0, "low": 1.0, "high": 5.0, "alone": 2.0, "without": -4.0},
    {"name": "two", "value": -2.0, "low": None, "high": None, "alone": 0.0, "without": -1.0},
]


def drawn_svg(chart: Any) -> str:
    return panel_svg(Panel("", "A drawing of some rows", chart), "p")


def test_a_dot_has_a_line_only_where_there_is_an_interval() -> None:
    svg = drawn_svg(ranges.dots(RANGES, label="name", value="value", low="low", high="high", rule=1.0))
    marks = re.findall(r'<(?:line|path)[^>]*stroke-width="2.2"', svg)
    assert len(marks) == 1
    assert len(re.findall(rf'<path[^>]*fill="{WORLDS[1]}"', svg)) == 2
    assert "NaN" not in svg


def test_intervals_end_at_the_frame_of_a_given_axis() -> None:
    wide = [{"name": "one", "value": 0.0, "low": -500.0, "high": 500.0}]
    svg = drawn_svg(
        ranges.dots(wide, label="name", value="value", low="low", high="high", across=(-100, 100))
    )
    assert "clip-path" in svg
    assert "500" not in re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_bars_of_shares_have_two_marks_each() -> None:
    chart = ranges.shares(
        RANGES, label="name", value="value", low="low", high="high", alone="alone", without="without"
    )
    svg = drawn_svg(chart)
    assert len(re.findall(r'<path[^>]*stroke-width="1.6"', svg)) == 4
    assert "one</text>" in svg


def test_a_curve_without_intervals_has_no_band() -> None:
    rows = [{"day": d, "y": 100.0 - d, "low": None, "high": None, "s": "all"} for d in range(5)]
    known = [{**row, "low": row["y"] - 1, "high": row["y"] + 1} for row in rows]
    ways = {"x": "day", "y": "y", "low": "low", "high": "high", "series": "s", "steps": True}
    bare, banded = (drawn_svg(ranges.bands(each, {"all": WORLDS[0]}, **ways)) for each in (rows, known))
    area = r'<path[^>]*d="M[^"]+Z"[^>]*opacity="0.24"|<path[^>]*opacity="0.24"[^>]*d="M[^"]+Z"'
    assert re.search(area, banded)
    assert not re.search(area, bare)


def test_formats_choose_the_files_and_a_table_has_rows_alone(tmp_path: Path) -> None:
    some = replace(figure(), formats=("png", "csv"))
    assert [path.suffix for path in save(some, tmp_path)] == [".csv", ".png"]
    table = replace(figure(), panels=(), name="table")
    assert [path.name for path in save(table, tmp_path)] == ["table.csv", "table.parquet"]
    assert save(replace(figure(), formats=()), tmp_path / "none") == ()
    assert not (tmp_path / "none").exists()


def test_the_parquet_file_holds_the_rows_notice_and_command(tmp_path: Path) -> None:
    one = replace(figure("Press version."), command="glasshouse run x")
    save(one, tmp_path)
    table = pq.read_table(tmp_path / "lines.parquet")
    assert table.to_pylist() == [{key: row[key] for key in one.columns} for row in ROWS]
    told = table.schema.metadata
    assert (told[b"notice"], told[b"command"]) == (b"Press version.", b"glasshouse run x")


def test_the_command_travels_with_the_drawing(tmp_path: Path) -> None:
    save(replace(figure(), command="glasshouse run x -o y", formats=("svg",)), tmp_path)
    assert "Made by: glasshouse run x -o y" in (tmp_path / "lines.svg").read_text()
