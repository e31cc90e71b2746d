"""The report: what it says is what the run holds, nothing foreign gets in, and it opens anywhere."""

from __future__ import annotations

import csv
import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from glasshouse.errors import InputOutputError, UsageError
from glasshouse.society.columns import ORIGINS
from glasshouse.views.report import RunView, write_report
from glasshouse.views.report.charts import NATION, PUBLISHED_JULY, all_figures
from glasshouse.views.report.findings import FINDINGS, count
from glasshouse.views.report.markup import esc, link
from glasshouse.views.report.page import page
from glasshouse.views.report.runview import labelled
from glasshouse.views.report.scheme import Scheme
from glasshouse.views.report.tile_grid import TILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CITIZENS = 1_000_000
STOCKS = {"ever_listed": 9000, "ever_refused": 4200, "punished_ever.own": 8100, "punished_ever.false": 900,
          "punished_ever.association": 2600,
          "punished_ever.representation": 300, "punished_ever.identity": 45}  # fmt: skip
FLOWS = {"refused.plane": 26, "refused.high_speed_rail": 41, "posts.written": 52000, "posts.withheld": 900,
         "posts.removed": 310, "detentions": 400, "offline_days.face": 120, "offline_days.id": 12, "ties_cut": 15,
         "records.false": 30, "appeals.filed": 6, "appeals.won": 2, "flagged": 50}  # fmt: skip
TOTALS = {"listed.persons": "ever_listed", "refused_persons": "ever_refused"}
TOTALS |= {f"punished.{origin}": f"punished_ever.{origin}" for origin in ORIGINS}


def made_view(name: str = "as-reported", *, share: float = 1.0, days: int = 365, **changes: Any) -> RunView:
    """Return a world of made-up numbers: plain arithmetic, no luck."""
    weights = np.array([(7 * p) % 11 + 3 for p in range(31)])
    parts = np.outer(weights / weights.sum(), [3 / 6, 2 / 6, 1 / 6]).ravel()  # 31 provinces x groups a, b, c
    day = np.arange(days)
    season = 1 + 0.3 * ((day // 30) % 5) / 5
    counts = {
        (m, "stock"): np.outer(0.2 + 0.8 * (day + 1) / days, end * share * parts) for m, end in STOCKS.items()
    }
    counts |= {(m, "flow"): np.outer(season, 3 * each * share * parts) for m, each in FLOWS.items()}
    tables = [
        _long(measure, kind, np.rint(array).astype(np.int64)) for (measure, kind), array in counts.items()
    ]
    daily = pa.concat_tables(tables).unify_dictionaries()
    scores = _scores(days) if share > 0.5 else None
    return RunView(_manifest(name, days) | changes, _totals(daily, days), daily, scores)


def _long(measure: str, kind: str, array: np.ndarray) -> pa.Table:
    """Return the non-zero cells of (days x 93 places) in long form."""
    day, place = np.nonzero(array)
    names = pa.array(_census())
    return pa.table({
        "day": day.astype(np.int16),
        "measure": pa.DictionaryArray.from_arrays(np.zeros(len(day), np.int16), [measure]),
        "kind": pa.DictionaryArray.from_arrays(np.zeros(len(day), np.int16), [kind]),
        "province": pa.DictionaryArray.from_arrays((place // 3).astype(np.int16), names),
        "group": pa.DictionaryArray.from_arrays((place % 3).astype(np.int16), ["a", "b", "c"]),
        "value": array[day, place],
    })  # fmt: skip


@cache
def _census() -> list[str]:
    from glasshouse.scenario.schema import Scenario, Society
    from glasshouse.society.population import compile_population

    return list(
        compile_population(Scenario(glasshouse=1, title="x", society=Society()), 1000, 0).province_names
    )


def _totals(daily: pa.Table, days: int) -> dict[str, int]:
    """Return totals under their stable keys; detentions are left to the daily counts."""
    keys = {stock: key for key, stock in TOTALS.items()}
    last = daily.filter(pc.equal(daily["day"], days - 1))
    sums = {}
    for table, kind in ((daily, "flow"), (last, "stock")):
        found = table.filter(pc.equal(table["kind"].cast(pa.string()), kind))
        found = pa.table({"measure": found["measure"].cast(pa.string()), "value": found["value"]})
        for row in found.group_by("measure").aggregate([("value", "sum")]).to_pylist():
            key = row["measure"] if kind == "flow" else keys[row["measure"]]
            sums[key] = row["value_sum"]
    return {key: value for key, value in sums.items() if key not in ("detentions", "flagged")}


def _scores(days: int) -> pa.Table:
    rows = [(0, 1000, CITIZENS * 8 // 10)]
    rows += [(days - 1, 1000 - 7 * k, CITIZENS * 8 // 10 * 6 // (10 * (k + 1) ** 2)) for k in range(60)]
    province = pa.array(["Beijing"] * len(rows))
    return pa.table(
        {
            "day": [r[0] for r in rows],
            "province": province,
            "score": [r[1] for r in rows],
            "citizens": [r[2] for r in rows],
        }
    )


def _manifest(name: str, days: int) -> dict[str, Any]:
    text = files("glasshouse.scenario").joinpath(f"presets/{name}.toml").read_text(encoding="utf-8")
    tree = Scheme.from_manifest({"text": text}).tree
    return {
        "scenario": {"name": name, "title": tree["title"], "notice": tree.get("notice", ""), "digest": "ab" * 32,
                     "changes": [], "chain": [{"name": f"{name}.toml", "digest": "ab" * 32, "text": text}]},
        "software": {"glasshouse": "0.1.0", "python": "3.13.1", "numpy": "2.4.6"}, "seed": 1, "citizens": CITIZENS,
        "days": days,
        "start_date": "2019-01-01", "command": ["glasshouse", "run", name], "started": "2026-11-22T12:00:00+00:00",
        "resources": {"wall_s": 41.2, "threads": 2}, "digest": "cd" * 32,
    }  # fmt: skip


@pytest.fixture(scope="module")
def worlds() -> tuple[RunView, RunView]:
    return made_view("as-reported"), made_view("as-documented", share=0.12)


@pytest.fixture(scope="module")
def report(worlds: tuple[RunView, RunView], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(tmp_path_factory.mktemp("report") / "report.html", worlds)


class Reader(HTMLParser):
    """Collects tags with their attributes, and every marked number with the text a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.numbers: list[tuple[dict[str, str], str]] = []
        self._open: dict[str, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.tags.append((tag, found))
        self._open = found if tag == "data" else None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.numbers.append((self._open, data))
            self._open = None


# ---- nothing foreign, nothing loaded


def test_the_page_has_no_script_and_loads_nothing(report: Path) -> None:
    reader = Reader(report.read_text())
    names = {tag for tag, _ in reader.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "base", "form", "img"}
    for tag, attrs in reader.tags:
        assert not [key for key in attrs if key.startswith("on")]
        loaded = {key: attrs[key] for key in ("src", "srcset", "xlink:href", "data", "style") if key in attrs}
        assert not [key for key, value in loaded.items() if "://" in value or "url(" in value], tag
        if tag != "a":
            assert "href" not in attrs or attrs["href"].startswith("#")
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", report.read_text())


def test_the_page_forbids_loading_and_says_its_language(report: Path) -> None:
    text = report.read_text()
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"" in text
    assert '<html lang="en">' in text
    assert text.count("<h1>") == 1


def test_text_of_a_scenario_is_escaped_everywhere(worlds: tuple[RunView, RunView]) -> None:
    evil = '<img src=x onerror="alert(1)">\x1b[31m\u202e"\''
    scenario = dict(worlds[0].manifest["scenario"]) | {
        "title": evil,
        "notice": evil,
        "name": evil,
        "changes": [evil],
    }
    text = f'glasshouse = 1\ntitle = "x"\nsummary = {_toml(evil)}\nlimits = [{_toml(evil)}]\n'
    text += f"[rule.a]\npoints = -1\nlabel = {_toml(evil)}\n"
    text += f'[source.s]\ntitle = {_toml(evil)}\nurl = "javascript:alert(1)"\n'
    scenario["chain"] = [{"name": evil, "digest": "", "text": text}]
    scenario["changes"] = []
    manifest = dict(worlds[0].manifest) | {
        "scenario": scenario,
        "command": [evil],
        "software": {evil: evil},
        "seed": evil,
    }
    views = labelled([RunView(manifest, worlds[0].totals, worlds[0].daily, worlds[0].scores), worlds[1]])
    page_text = page(views, all_figures(views))
    reader = Reader(page_text)
    assert not [tag for tag, attrs in reader.tags if tag == "img" or "onerror" in attrs]
    assert not [attrs for tag, attrs in reader.tags if tag == "a" and attrs["href"].startswith("javascript")]
    assert not set(page_text) & {"\x1b", "\u202e"}
    assert "&lt;img src=x onerror=" in page_text


def _toml(text: str) -> str:
    return '"' + "".join(c if c.isalnum() or c in " <>=[]()" else f"\\u{ord(c):04x}" for c in text) + '"'


def test_only_public_addresses_become_links() -> None:
    assert (
        link("https://example.org/a?b=1&c", "x")
        == '<a href="https://example.org/a?b=1&amp;c" rel="noreferrer">x</a>'
    )
    for url in ("javascript:alert(1)", "data:text/html,x", "file:" + "//" + "/etc", "https:", "http://[", ""):
        assert link(url, "<x>") == "&lt;x&gt;"
    assert esc("a\x00b\u200fc\nd\u202f1") == "a b c\nd\u202f1"


# ---- the numbers are those of the run


def test_every_headline_number_is_the_runs(report: Path, worlds: tuple[RunView, RunView]) -> None:
    by_name = {view.name: view for view in worlds}
    known = {finding.key: finding.counted for finding in FINDINGS}
    checked = set()
    for attrs, shown in Reader(report.read_text()).numbers:
        view, key = by_name[attrs["data-world"]], attrs["data-measure"]
        if key not in known:
            continue
        whole = attrs["data-unit"] in (known[key], "count")
        expected = count(view, key) if whole else count(view, key) * 100_000 / CITIZENS
        assert float(attrs["value"]) == expected
        seen = float(shown.replace("\u202f", ""))
        assert seen == expected if whole else seen == pytest.approx(expected, rel=0.006)
        checked.add((view.name, key, whole))
    assert {(view.name, key) for view in worlds for key in known} <= {found[:2] for found in checked}


def test_totals_come_from_the_daily_counts(worlds: tuple[RunView, RunView]) -> None:
    for view in worlds:
        for flow in ("refused.plane", "posts.withheld", "detentions"):
            months = view.monthly(flow)
            assert sum(months) == view.total(flow) == sum(view.by_province(flow, stock=False))
        assert view.month_ends("ever_listed")[-1] == view.last("ever_listed") == view.total("listed.persons")
        assert sum(view.by_group("ever_listed", stock=True)) == view.last("ever_listed")
        assert sum(view.province_people) == CITIZENS


def test_a_flow_and_a_stock_of_one_name_are_kept_apart() -> None:
    rows = {
        "day": [0, 0],
        "measure": ["flagged", "flagged"],
        "kind": ["flow", "stock"],
        "province": [0, 0],
        "group": [0, 0],
        "value": [5, 7],
    }
    view = RunView(_manifest("as-reported", 1), {}, pa.table(rows))
    assert (view.total("flagged"), view.last("flagged")) == (5, 7)


def test_the_july_figures_are_scaled_as_the_note_says(worlds: tuple[RunView, RunView]) -> None:
    rows = next(figure for figure in all_figures(worlds) if figure.name == "july-2019").rows
    for row in rows:
        if row["simulated"] is not None:
            assert row["scaled"] == row["simulated"] * NATION / CITIZENS
    published = [row["scaled"] for row in rows if row["simulated"] is None]
    assert published == [*PUBLISHED_JULY.values()] == [2_560_000, 90_000]


def test_the_csv_beside_the_page_holds_the_rows_of_the_chart(
    report: Path, worlds: tuple[RunView, RunView]
) -> None:
    figures = all_figures(worlds)
    assert len(figures) == 7
    for figure in figures:
        with (report.parent / "figures" / f"{figure.name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        assert [{k: row[k] for k in figure.columns} for row in rows] == [
            {k: "" if row.get(k) is None else str(row[k]) for k in figure.columns} for row in figure.rows
        ]
        for suffix in ("parquet", "svg", "png", "pdf", "vl.json"):
            assert (report.parent / "figures" / f"{figure.name}.{suffix}").stat().st_size > 1000


# ---- what has to be said


def test_the_notice_stands_at_the_top_and_at_every_figure(
    report: Path, worlds: tuple[RunView, RunView]
) -> None:
    text = report.read_text()
    notice = esc(worlds[0].notice)
    assert "no such national score exists" in notice
    assert text.index(notice) < text.index("<h1>")
    for figure in text.split("<figure")[1:]:
        assert notice in figure.split("</figure>")[0]


def test_every_drawing_is_described_and_has_its_numbers(report: Path) -> None:
    text = report.read_text()
    for figure in text.split("<figure")[1:]:
        body = figure.split("</figure>")[0]
        drawings = re.findall(r'<svg [^>]*role="img" aria-label="[^"]{30,}"', body)
        assert drawings
        assert len(drawings) == body.count("<svg")
        assert "<details>" in body
        assert "<figcaption>" in body


def test_a_single_run_says_that_chance_is_not_shown(worlds: tuple[RunView, RunView]) -> None:
    text = page(worlds[:1], [])
    assert "One run for each world: chance and parameter uncertainty are not shown." in text
    assert "In this synthetic society of 1\u202f000\u202f000 citizens" in text
    assert (
        "In a simulation of 1\u202f000\u202f000 synthetic citizens (Glasshouse 0.1.0, scenario as-reported, seed 1)"
        in text
    )


def test_a_comparison_shows_its_interval(worlds: tuple[RunView, RunView]) -> None:
    effects = {"listed.persons": {"mean": 7900.0, "low": 7700.0, "high": 8123.4}}
    text = page(worlds, [], {"effects": effects, "replicates": 20})
    assert "Difference 790 per 100\u202f000; interval 770 to 812" in text
    assert "means over 20 replicates" in text
    assert "are not shown" not in text


def test_the_rules_carry_grade_range_and_source(worlds: tuple[RunView, RunView]) -> None:
    rows = worlds[0].scheme.rows()
    assert {"Score", "Points", "List", "Police", "Identity", "Company data", "Redress"} <= {
        row.part for row in rows
    }
    text = page(worlds, [])
    for grade in ("documented", "assumed"):
        assert f'<span class="badge {grade}">{grade}</span>' in text
    assert Scheme.from_manifest({"text": "not = [toml"}).rows() == []


def test_changes_of_the_command_line_are_in_the_rules(worlds: tuple[RunView, RunView]) -> None:
    entry = dict(worlds[0].manifest["scenario"])
    first = min(entry_rules(worlds[0]))
    changed = Scheme.from_manifest(entry | {"changes": [f"without {first}"]})
    assert len(changed.rows()) == len(worlds[0].scheme.rows()) - 1


def entry_rules(view: RunView) -> list[str]:
    return [*view.scheme.tree["rule"]]


def test_two_worlds_of_one_name_are_told_apart(worlds: tuple[RunView, RunView]) -> None:
    names = [view.name for view in labelled([worlds[0], worlds[0]])]
    assert names == ["as-reported (baseline)", "as-reported (variant)"]


def test_a_short_run_without_scores_still_gives_a_report(tmp_path: Path) -> None:
    view = made_view("no-scheme", share=0.0, days=20)
    text = write_report(tmp_path / "r.html", [view]).read_text()
    assert "no-scheme" in text


def test_groups_stand_side_by_side_where_there_are_several(worlds: tuple[RunView, RunView]) -> None:
    tree = {"society": {"group_shares": {"a": 0.5, "b": 0.3, "c": 0.2}}}
    view = RunView(worlds[0].manifest, worlds[0].totals, worlds[0].daily, given_scheme=Scheme(tree))
    numbers = Reader(page([view], [])).numbers
    found = {
        a["data-measure"]: float(a["value"])
        for a, _ in numbers
        if a["data-measure"].startswith("ever_listed@")
    }
    listed = view.by_group("ever_listed", stock=True)
    assert found["ever_listed@b"] == pytest.approx(listed[1] * 100_000 / (0.3 * CITIZENS))
    assert len(found) == 3


def test_what_cannot_be_reported_is_refused(worlds: tuple[RunView, RunView], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one or two worlds, not 0"):
        write_report(tmp_path / "r.html", [])
    other = RunView(dict(worlds[0].manifest) | {"citizens": 5}, {}, worlds[0].daily)
    with pytest.raises(UsageError, match="differ in their number of citizens"):
        write_report(tmp_path / "r.html", [worlds[0], other])
    (tmp_path / "figures").write_text("in the way")
    with pytest.raises(InputOutputError, match="cannot be written"):
        write_report(tmp_path / "r.html", [worlds[1]])


def test_the_tile_map_has_each_province_once(worlds: tuple[RunView, RunView]) -> None:
    assert set(TILES) == set(worlds[0].provinces)
    assert len({place[1:] for place in TILES.values()}) == len({place[0] for place in TILES.values()}) == 31


# ---- it opens


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 390])
def test_the_page_opens_without_sideways_scrolling(
    report: Path, opened: Callable[[Path, int], tuple[int, int]], width: int
) -> None:
    wide, drawings = opened(report, width)
    assert wide <= width
    assert drawings == len(re.findall("<svg ", report.read_text())) > 10


@pytest.mark.browser
def test_axe_objects_to_nothing(report: Path, objections: Callable[[Path], list[str]]) -> None:
    assert objections(report) == []


@pytest.mark.browser
def test_axe_sees_what_is_wrong(tmp_path: Path, objections: Callable[[Path], list[str]]) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><html><title>x</title><img src='x.png'><p style='color:#eee'>pale</p></html>"
    )
    found = " ".join(objections(page))
    assert all(rule in found for rule in ("image-alt", "color-contrast", "html-has-lang"))
    assert all(way in found for way in ("screen 1280", "screen 390", "print 1280"))
