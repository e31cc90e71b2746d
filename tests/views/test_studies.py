"""Reports of comparisons, attributions and harms: they say what the files hold, and let nothing foreign in."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from glasshouse.errors import InputOutputError, UsageError
from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded
from glasshouse.views.cli_report import formats_of, labels, write_page
from glasshouse.views.cli_summary import HEADLINES
from glasshouse.views.figures import SUFFIXES
from glasshouse.views.figures_style import grouped, signed
from glasshouse.views.report.attribution import attribution_part, sums_that_fail
from glasshouse.views.report.charts_attribution import told_measures
from glasshouse.views.report.charts_harm import figures_of as harm_figures
from glasshouse.views.report.commands import attribute_command, recorded_command, then_report
from glasshouse.views.report.effects import effects_part, sentence
from glasshouse.views.report.harms import harm_part
from glasshouse.views.report.impact import amount, impact_section
from glasshouse.views.report.markup import esc
from glasshouse.views.report.parts import PER, interval, percent
from glasshouse.views.report.studies import harm_in

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out

from studied_town import TOWN

if TYPE_CHECKING:
    from collections.abc import Callable

WRITTEN = ("csv", "parquet", "vl.json")  # what is quick; the others are tested in test_figures.py
QUICK = ("--replicates", "2", "--threads", "1", "--quiet")
EVIL = '<img src=x onerror="alert(1)">\x1b[31m\u202e' + "long" * 40


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a comparison, and an attribution and a study of harms within it, and its report."""
    home = tmp_path_factory.mktemp("studied")
    town, folder = home / "town.toml", home / "out"
    town.write_text(TOWN, encoding="utf-8")
    for words in (
        ("compare", town, "--set", "rule.posts.points=-2", "-o", folder),
        ("attribute", town, "-o", folder / "attribution"),
        ("harm", town, "-o", folder / "harm"),
    ):
        given = [*map(str, words), *QUICK]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("glasshouse.views.cli_report.write_page", lambda *_: None)  # it is written below
            patch.setattr(sys, "argv", ["glasshouse", *given])  # what manifests keep
            assert guarded(cli, given) == 0
    write_page(folder, folder / "report.html", WRITTEN)
    return folder


@pytest.fixture(scope="module")
def page(studied: Path) -> str:
    return (studied / "report.html").read_text("utf-8")


def tree_of(studied: Path, name: str) -> dict[str, Any]:
    where = studied / name if (studied / name).is_file() else studied / name.removesuffix(".json") / name
    return json.loads(where.read_text("utf-8"))


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def copy_of(studied: Path, tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(studied, tmp_path / "copy", ignore=shutil.ignore_patterns("figures", "*.html"))
    )


class Outline(HTMLParser):
    """Collects headings, tags with attributes, ids, and what each table has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


# ---- the page as a page


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    outline = Outline(page)
    assert not {tag for tag, _ in outline.tags} & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "img",
    }
    for tag, attrs in outline.tags:
        assert not [key for key in attrs if key.startswith("on")], tag
        assert not [value for key, value in attrs.items() if key in ("src", "style") and "url(" in value]
    assert "default-src 'none'" in page
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", page)


def test_headings_go_down_one_step_at_a_time_and_ids_are_single(page: str) -> None:
    outline = Outline(page)
    assert outline.headings.count(1) == 1
    for above, below in zip(outline.headings, outline.headings[1:], strict=False):
        assert below <= above + 1
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids)) > 20
    inner = [attrs["href"][1:] for tag, attrs in outline.tags if tag == "a" and attrs["href"].startswith("#")]
    assert set(inner) <= set(ids)


def test_every_drawing_is_described_and_every_table_has_heads(page: str) -> None:
    drawings = re.findall(r"<svg [^>]*>", page)
    assert len(drawings) > 30
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', one) for one in drawings)
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    assert len(tables) > 20
    for one in tables:
        head = re.search(r"<thead><tr>(.*?)</tr></thead>", one)
        assert head
        assert all(cell for cell in re.findall(r'<th scope="col">(.*?)</th>', head[1]))
        rows = re.findall(r"<tbody>(.*)</tbody>", one, re.DOTALL)[0].count("<tr>")
        assert one.count('<th scope="row">') == rows


def test_every_figure_has_its_data_its_notice_and_a_command(page: str, studied: Path) -> None:
    figures = re.findall(r'<figure id="figure-([\w-]+)">(.*?)</figure>', page, re.DOTALL)
    names = [name for name, _ in figures]
    assert {"effects", "effects-province", "effects-group", "divergence", "individuals", "attribution", "detectors",
            "detectors-group", "recovery", "chilling-topic", "chilling-whose", "fading"} <= set(names)  # fmt: skip
    for name, body in figures:
        assert "<details>" in body, name
        assert "Made up for a test." in body, name
        assert "Made by <code>" in body, name
        links = re.findall(r'href="(figures/[^"]+)"', body)
        assert len(links) == len(WRITTEN)
        assert all((studied / link).stat().st_size > 0 for link in links), name


def test_the_commands_are_those_that_were_given(page: str) -> None:
    for words in (
        "--set rule.posts.points=-2 -o out --replicates 2 &amp;&amp; glasshouse report out",
        "glasshouse attribute town.toml --over games,posts,low,messenger",
    ):
        assert words in page
    assert "--threads" not in "".join(re.findall("Made by <code>(.*?)</code>", page))


# ---- the numbers are those of the files


def test_the_effects_are_those_of_the_json(page: str, studied: Path) -> None:
    tree = tree_of(studied, "comparison.json")
    factor, shown = PER / tree["citizens"], 0
    same = page.split("Exactly the same in both worlds: ")[1].split("</p>", maxsplit=1)[0]
    for key, words in HEADLINES.items():
        one = tree["effects"][key]
        if one["mean"] or one["sd"]:
            ends = interval(one["low"] * factor, one["high"] * factor)
            row = rf'<th scope="row">{esc(words)}</th><td[^>]*><b>{re.escape(signed(one["mean"] * factor))}</b></td>'
            assert re.search(rf"{row}<td[^>]*>{re.escape(ends)}</td>", page), key
            shown += 1
        elif one["base"]:
            assert esc(words) in same, key
    assert shown > 5
    assert esc(sentence(tree)) in page


def test_the_sentence_tells_an_effect_from_chance_and_from_one_seed() -> None:
    def told(low: float | None, mean: float, high: float | None, replicates: int = 30) -> str:
        one = {
            "base": 1000.0,
            "variant": 1000.0 + mean,
            "mean": mean,
            "low": low,
            "high": high,
            "pairing_helped": True,
        }
        names = {
            "base": "with",
            "variant": "without",
            "citizens": 100_000,
            "days": 365,
            "replicates": replicates,
        }
        return sentence({**names, "effects": {"listed.persons": one}})

    assert told(-120, -100, -80) == (
        "In this synthetic society, there were 100 fewer people ever on a list for every 100\u202f000 citizens within "
        "one year under without than under with (95 % interval 80 to 120 fewer, 30 seeds)."
    )
    assert "100 more people" in told(80, 100, 120)
    chance = told(-10, 20, 50)
    assert "no difference" in chance
    assert "chance: +20" in chance
    assert "\N{MINUS SIGN}10 to +50" in chance
    assert "one seed: a difference, not an effect; no interval" in told(None, -100, None, 1)
    assert "exactly as many people ever on a list" in told(0, 0, 0)


def test_the_differences_by_place_are_those_of_the_table(studied: Path) -> None:
    rows = csv_rows(studied / "figures" / "effects-group.csv")
    places = pq.read_table(studied / "effects.parquet").to_pylist()
    known = {
        one["name"]: one for one in places if one["place"] == "group" and one["measure"] == "points_lost.all"
    }
    mine = [row for row in rows if row["measure"] == "points lost"]
    assert {row["name"] for row in mine} == {"a", "b"}
    for row in mine:
        one = known[row["name"]]
        assert float(row["mean"]) == pytest.approx(one["mean"] * PER / one["citizens"])
        assert float(row["low"]) == pytest.approx(one["low"] * PER / one["citizens"])


def test_the_shares_are_those_of_the_json_and_add_up(page: str, studied: Path) -> None:
    tree = tree_of(studied, "attribution.json")
    factor = PER / tree["citizens"]
    rows = csv_rows(studied / "figures" / "attribution.csv")
    assert rows
    for row in rows:
        one = tree["measures"][row["key"]]
        player = next(each for each in one["players"] if each["player"] == row["rule"])
        assert float(row["shapley"]) == player["shapley"]["mean"] * factor
        assert float(row["alone"]) == player["first_in"]["mean"] * factor
        assert float(row["without"]) == player["leave_one_out"]["mean"] * factor
    assert "They add up." in page
    assert sums_that_fail(tree) == []
    key = next(iter(told_measures(tree)))
    tree["measures"][key]["players"][0]["shapley"]["exact"] = "7/3"
    assert sums_that_fail(tree) == [key]
    part = attribution_part(tree, command="")
    assert "do not add up</b> for " + key in part.told({one.name: one for one in part.figures}, "")


def test_the_audit_and_the_recovery_are_those_of_the_json(page: str, studied: Path) -> None:
    tree = tree_of(studied, "harm.json")
    seen = [one for one in tree["audit"]["detectors"] if one["group"] == "all" and one["precision"]["of"]]
    assert seen
    for one in seen:
        cells = [percent(one["precision"]), percent(one["missed"]), grouped(one["false_records"])]
        row = rf'<th scope="row">{one["behaviour"]}</th>'
        assert re.search(row + "".join(rf"<td[^>]*>{re.escape(cell)}</td>" for cell in cells), page)
        assert esc(one["base_rate"]) in page
    everybody = tree["recovery"]["people"][0]
    rounded_count = grouped(everybody["people"])
    assert re.search(rf">All</th><td[^>]*>{rounded_count}</td>", page)
    assert percent(everybody["clean_within_30"]) in page
    curve = csv_rows(studied / "figures" / "recovery.csv")
    all_days = [float(row["percent"]) for row in curve if row["group"] == "All"]
    assert all_days == pytest.approx([100 * share for share in everybody["curve"]["waiting"]])


ROW = {"yardstick": "GDPR Art. 22", "key": "reviews", "label": "sanctions reviewed", "unit": "share", "value": 0.25,
       "low": 0.125, "high": 0.375, "definition": "reviews over sanctions", "does_not_show": "how well",
       "not_measured": "", "source": "GDPR"}  # fmt: skip
SHEET = {
    "is": "evidence, not legal advice",
    "rows": [ROW, {**ROW, "label": "time to a remedy", "value": None, "not_measured": "nobody appealed"}],
}


def test_a_sheet_beside_the_harms_stands_on_their_page(studied: Path, tmp_path: Path) -> None:
    folder = copy_of(studied, tmp_path)
    (folder / "assessment").mkdir()
    (folder / "assessment" / "assessment.json").write_text(json.dumps(SHEET), "utf-8")
    part = harm_in(folder)
    assert part is not None
    told = part.told({one.name: one for one in part.figures}, "")
    assert f"<b>{amount({**ROW, 'name': ROW['label']})}</b>" in told
    assert "how well" in told
    assert "time to a remedy: nobody appealed" in told


def drawn_rows(node: Any) -> list[dict[str, Any]]:
    """Return every row of data in a Vega-Lite specification."""
    if isinstance(node, dict):
        found = [row for rows in node.get("datasets", {}).values() for row in rows]
        values = node.get("values") if isinstance(node.get("values"), list) else []
        found += [row for row in values if isinstance(row, dict)]
        return found + [row for one in node.values() for row in drawn_rows(one)]
    return [row for one in node for row in drawn_rows(one)] if isinstance(node, list) else []


def test_what_is_drawn_stands_in_the_csv(studied: Path) -> None:
    specs = sorted((studied / "figures").glob("*.vl.json"))
    assert len(specs) > 12
    for spec in specs:
        name = spec.name.removesuffix(".vl.json")
        rows = csv_rows(spec.parent / f"{name}.csv")
        kept = [key for key in rows[0] if key != "notice"]
        every = {tuple(row[key] for key in kept) for row in rows}
        drawn = [row for row in drawn_rows(json.loads(spec.read_text("utf-8"))) if set(kept) <= set(row)]
        assert drawn, name
        if name == "recovery":  # drawn on to the right edge
            drawn = [row for row in drawn if row["days"] < int(rows[-1]["days"])]
        for row in drawn:
            assert tuple("" if row[key] is None else str(row[key]) for key in kept) in every, name
        table = pq.read_table(spec.parent / f"{name}.parquet")
        assert table.num_rows == len(rows)


# ---- folders, formats, refusals


def test_a_study_alone_has_a_page_of_its_own(studied: Path, tmp_path: Path) -> None:
    for name, words in (("harm", "What it does wrong"), ("attribution", "Which rule did it")):
        text = write_page(studied / name, tmp_path / f"{name}.html", ()).read_text("utf-8")
        assert f"<h1>{words}" in text
        assert "In this synthetic society" in text
        assert text.index("Made up for a test.") < text.index("<h1>")
        assert "figures/" not in text
        outline = Outline(text)
        assert all(b <= a + 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert not (tmp_path / "figures").exists()


def test_one_seed_shows_no_effect_and_no_interval(studied: Path) -> None:
    tree = tree_of(studied, "comparison.json")
    for one in tree["effects"].values():
        one.update(low=None, high=None, sd=None, sd_unpaired=None, pairing_helped=None)
    for key in [*tree["divergence"]]:
        if key.endswith(("_low", "_high")):
            tree["divergence"][key] = [None] * len(tree["divergence"][key])
    for key in ("affected", "outwardly_affected"):
        tree[key].update(low=None, high=None, sd=None)
    tree["replicates"] = 1
    part = effects_part(tree, [], command="", notice="")
    text = part.told({one.name: one for one in part.figures}, "")
    assert '<th scope="col">Difference</th>' in text
    assert "Effect</th>" not in text
    assert "One seed is one pair of worlds" in text


def test_a_change_that_changes_nothing_is_told_as_such(studied: Path) -> None:
    tree = tree_of(studied, "comparison.json")
    for one in tree["effects"].values():
        one.update(
            variant=one["base"], mean=0.0, low=0.0, high=0.0, sd=0.0, sd_unpaired=1.0, pairing_helped=True
        )
    for key, days in tree["divergence"].items():
        tree["divergence"][key] = [0.0] * len(days)
    tree["first_days"] = {"parted": 0, "min": None, "median": None, "max": None}
    part = effects_part(tree, [], command="", notice="")
    assert [one.name for one in part.figures] == ["individuals"]
    text = part.told({one.name: one for one in part.figures}, "")
    for words in ("No headline total differs.", "Exactly the same in both worlds:", "on any day"):
        assert words in text
    assert "exactly as many" in part.sentence


def test_the_other_luck_and_one_scheme_on_both_sides_are_told(studied: Path) -> None:
    tree = tree_of(studied, "comparison.json") | {"coupling": "complement", "variant": "town", "base": "town"}
    part = effects_part(tree, [], command="", notice="")
    text = part.told({one.name: one for one in part.figures}, "")
    assert "the same people and the other luck." in text
    assert "where the second life has the other luck" in text
    assert "town (variant)" in part.sentence
    assert "town (baseline)" in part.sentence


@pytest.mark.parametrize("wished", ["PNG, csv", "none"])
def test_figures_are_written_in_the_formats_asked_for(studied: Path, tmp_path: Path, wished: str) -> None:
    formats = formats_of(wished)
    write_page(studied / "attribution", tmp_path / "report.html", formats)
    folder = tmp_path / "figures"
    found = {path.name.split(".", 1)[1] for path in folder.iterdir()} if folder.exists() else set()
    assert found == set(formats)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="--figures jpg: expected some of csv, parquet"):
        formats_of("csv,jpg")
    assert formats_of(None) == SUFFIXES


@pytest.mark.parametrize(
    "name", ["comparison.json", "attribution/attribution.json", "harm/harm.json", "effects.parquet"]
)
@pytest.mark.parametrize("held", ["{}", "[]", "", '{"citizens": NaN}', '{"effects": 3}', "PAR1 and no more"])
def test_a_damaged_file_is_one_clear_error(studied: Path, tmp_path: Path, name: str, held: str) -> None:
    folder = copy_of(studied, tmp_path)
    (folder / name).write_text(held)
    with pytest.raises(InputOutputError, match="is damaged") as caught:
        write_page(folder, folder / "report.html", ())
    assert caught.value.help
    assert not (folder / "report.html").exists()


def with_words(node: Any, text: str, keys: set[str]) -> Any:
    """Return a tree in which the words under some keys are others."""
    if isinstance(node, dict):
        return {
            key: text if key in keys and isinstance(value, str) else with_words(value, text, keys)
            for key, value in node.items()
        }
    return [with_words(one, text, keys) for one in node] if isinstance(node, list) else node


def test_hostile_and_long_words_are_escaped_and_cut(studied: Path, tmp_path: Path) -> None:
    folder = copy_of(studied, tmp_path)
    harm = tree_of(studied, "harm.json")
    spoiled = with_words(harm, EVIL, {"scheme", "twin", "notice", "behaviour", "key", "kind", "why", "in_the_run",
                                      "name", "definition", "does_not_show", "base_rate", "is"})  # fmt: skip
    spoiled["audit"]["detectors"] = spoiled["audit"]["detectors"][:1]
    spoiled["audit"]["detectors"][0]["group"] = "all"
    sheet = with_words(
        SHEET, EVIL, {"is", "yardstick", "label", "definition", "does_not_show", "not_measured"}
    )
    (folder / "assessment").mkdir()
    (folder / "assessment" / "assessment.json").write_text(json.dumps(sheet), "utf-8")
    spoiled["command"] = ["glasshouse", EVIL, "-o", EVIL]
    (folder / "harm" / "harm.json").write_text(json.dumps(spoiled), "utf-8")
    shares = with_words(tree_of(studied, "attribution.json"), EVIL, {"scenario", "notice", "player"})
    shares["players"] = [EVIL] * len(shares["players"])
    (folder / "attribution" / "attribution.json").write_text(json.dumps(shares), "utf-8")
    told = tree_of(studied, "comparison.json") | {"base": EVIL, "variant": f"other {EVIL}"}
    told["individuals"]["note"] = EVIL
    told["effects"][EVIL] = told["effects"]["points_lost.all"]
    (folder / "comparison.json").write_text(json.dumps(told), "utf-8")
    text = write_page(folder, folder / "report.html", ("csv",)).read_text("utf-8")
    outline = Outline(text)
    assert not [tag for tag, attrs in outline.tags if tag == "img" or "onerror" in attrs]
    assert not set(text) & {"\x1b", "\u202e"}
    assert "&lt;img src=x onerror=" in text
    assert (
        "long" * 30
        not in re.sub(r"<code>.*?</code>", "", re.sub(r"<details>.*?</details>", "", text)).split(
            "</header>"
        )[0]
    )


def test_fields_that_the_sheet_does_not_know_are_shown_as_they_are() -> None:
    row = {"yardstick": "A new text", "name": "lives", "unit": "years", "value": 2.5, "low": None, "high": None,
           "definition": "counted", "does_not_show": "joy", "context": "unrelated", "weights": [1, 2]}  # fmt: skip
    sheet = {
        "rows": [row],
        "levers": [{"lever": "sunset", "cost": {"value": 3.0, "low": 1.0, "high": 5.0}}],
        "note": "new",
    }
    text = impact_section(sheet, None)
    for words in ("<h3>A new text</h3>", "<b>2.5</b>", "Context: unrelated", "Weights: 1, 2", "<h3>Levers</h3>",
                  "3 (1 to 5)", "<h3>Note</h3><p>new</p>"):  # fmt: skip
        assert words in text


def test_nothing_sanctioned_recorded_or_said_still_gives_a_page(studied: Path) -> None:
    tree = tree_of(studied, "harm.json")
    tree["audit"] = {"detectors": [], "fairness": [], "four_fifths": {}}
    nobody = {**tree["recovery"]["people"][0], "people": 0, "before": 0}
    tree["recovery"] = {"people": [nobody], "traps": []}
    tree["chilling"]["never_punished"] = []
    tree["chilling"]["fading"]["watched"] = []
    assert harm_figures(tree) == []
    part = harm_part(tree, command="")
    assert "nobody was sanctioned" in part.sentence
    text = part.told({one.name: one for one in part.figures}, "")
    for words in ("Nothing was recorded.", "none of the kinds", "Nothing was held back."):
        assert words in text


def test_commands_are_as_a_shell_takes_them() -> None:
    tree = {"scenario": "as-reported", "changes": ["without police", "rule.games.points = -3"], "players": ["a", "b+c"],
            "citizens": 9, "days": 8, "seed": "7", "replicates": 1, "permutations": 0}  # fmt: skip
    assert attribute_command(tree) == (
        "glasshouse attribute as-reported --without police --set rule.games.points=-3 --over a,b+c --citizens 9 "
        "--days 8 --seed 7 --replicates 1 -o DIR"
    )
    told = recorded_command({"command": ["glasshouse", "run", "a b", "--threads", "2", "--yes", "-o", "x y"]})
    assert told == "glasshouse run 'a b' -o 'x y'"
    assert then_report(told) == f"{told} && glasshouse report 'x y'"
    assert then_report("glasshouse run x") == "glasshouse run x"
    assert recorded_command({}) == then_report("") == ""


def test_worlds_have_the_names_of_the_comparison_where_these_differ() -> None:
    assert labels({"base": "one", "variant": "one without x"}) == ("one", "one without x")
    assert labels({"base": "a" * 50 + "b", "variant": "a" * 50 + "c"}) == labels(None) == ("", "")


@pytest.mark.browser
@pytest.mark.parametrize("name", [".", "harm", "attribution"])
def test_the_pages_open_without_sideways_scrolling(
    studied: Path, tmp_path: Path, opened: Callable[[Path, int], tuple[int, int]], name: str
) -> None:
    one = write_page(studied / name, tmp_path / "report.html", ())
    for width in (1280, 390):
        wide, drawings = opened(one, width)
        assert wide <= width
        assert drawings == len(re.findall("<svg ", one.read_text("utf-8"))) > 0


@pytest.mark.browser
def test_axe_objects_to_nothing(
    studied: Path, tmp_path: Path, objections: Callable[[Path], list[str]]
) -> None:
    life = tmp_path / "life.html"
    given = ["life", str(studied), "--pick", "most-affected", "--html", str(life), "--quiet"]
    assert guarded(cli, given) == 0
    assert objections(studied / "report.html") == []
    assert objections(life) == []
