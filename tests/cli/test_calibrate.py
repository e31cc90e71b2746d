"""The command `calibrate` on a town whose numbers are known: what it says, prints, writes, and refuses."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "calibrate"))

from court_town import KEYS, TOWN, published

TRUE = (0.3, 0.6)  # places in the ranges, which go in equal ratios
QUICK = ("--citizens", 4000, "--replicates", 3, "--warm-up", 60, "--threads", 1)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.toml"
    path.write_text(TOWN, encoding="utf-8")
    (path.parent / "counts.csv").write_text(published(path, TRUE, seed=99), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def kept(town, tmp_path_factory):
    """Return the folder of one calibration, its tree, and what was printed."""
    from glasshouse.views.cli import cli
    from glasshouse.views.cli_errors import guarded

    folder = tmp_path_factory.mktemp("kept") / "out"
    words = ["calibrate", town, "--to", town.parent / "counts.csv", *QUICK, "-o", folder, "--quiet"]
    assert guarded(cli, [*map(str, words)]) == 0
    return folder, json.loads((folder / "calibration.json").read_bytes())


def test_the_numbers_of_the_truth_are_found(kept):
    _, tree = kept
    rate, stop = tree["fitted"]
    assert [one["key"] for one in tree["fitted"]] == list(KEYS)
    truth = 0.0003 * (0.0012 / 0.0003) ** 0.3, 0.4 * (1 / 0.4) ** 0.6
    for one, true in zip((rate, stop), truth, strict=True):
        assert one["low"] < one["value"] < one["high"]
        assert one["low"] <= true <= one["high"]
        assert one["high"] - one["low"] < 0.6 * (one["range"][1] - one["range"][0])
    assert tree["not_identified"] == []
    assert tree["degrees"] == 14 - 2
    assert (
        0.5 < tree["factor"] < 12
    )  # the counts come from one world, scaled: 3 is expected, at 12 degrees of freedom
    assert tree["surface_error"] < 0.1


def test_what_was_held_out_is_shown_with_its_way_of_counting(kept):
    _, tree = kept
    use = {one["statistic"]: one["fitted"] for one in tree["windows"]}
    assert use == {"listings": True, "rail": True, "plane": False, "performed": False}
    before, after = tree["regimes"]
    assert (before["statistic"], before["begin"], before["end"]) == ("plane", None, "2019-04-01")
    assert (after["begin"], after["end"]) == ("2019-04-01", None)
    for one in tree["regimes"]:  # made by the same model: nobody counted in another way
        assert one["low"] < 1 < one["high"]
    for one in tree["windows"]:
        assert one["low"] < one["model"] < one["high"]


def test_the_folder_holds_table_json_and_page(kept):
    folder, tree = kept
    rows = list(csv.DictReader((folder / "calibration.csv").read_text("utf-8").splitlines()))
    assert len(rows) == len(tree["windows"]) == 28
    assert {row["fitted"] for row in rows} == {"True", "False"}
    page = (folder / "report.html").read_text("utf-8")
    for words in (
        "Held against the published record",
        "Data against model",
        "held out",
        KEYS[0],
        "Made up for a test.",
    ):
        assert words in page
    assert (folder / "figures" / "calibration.csv").is_file()
    assert "in this synthetic society" in page.lower()


def test_the_terminal_says_what_was_found(glasshouse, town):
    done = glasshouse("calibrate", town, "--to", town.parent / "counts.csv", *QUICK)
    assert done.code == 0, done.err
    text = re.sub(r"\s+", " ", done.out)
    assert "In this synthetic society of 4,000 citizens, scaled to 1,411,780,000 people" in text
    assert "listings on the court list, fitted" in text
    assert "plane tickets refused, held out" in text
    assert "plane tickets refused, from 2019-04-01:" in text
    assert "another way of counting, described and not fitted" in text
    assert f"--set {KEYS[0]}=" in text
    assert "Made up for a test." in text
    first = done.err.splitlines()[0]
    assert (
        "fitted to 14 published counts (listings, rail), 14 held out, 0 rows passed over; 30 worlds" in first
    )


def test_a_number_that_the_counts_do_not_hang_on_is_not_fitted(glasshouse, town):
    words = ("--fit", KEYS[0], "--fit", "behaviour.games.per_day")
    done = glasshouse("calibrate", town, "--to", town.parent / "counts.csv", *QUICK, *words, "--json")
    tree = json.loads(done.out)
    assert [one["key"] for one in tree["fitted"]] == [KEYS[0]]
    assert tree["not_identified"] == [
        {"key": "behaviour.games.per_day", "written": 0.01, "why": "the counts do not hang on it"}
    ]


def test_two_numbers_that_only_count_together_are_told(glasshouse, town):
    words = ("--fit", KEYS[0], "--fit", "behaviour.court_default.seen_share=0.5:1", "--on", "listings")
    done = glasshouse("calibrate", town, "--to", town.parent / "counts.csv", *QUICK, *words, "--json")
    told = done.err if done.code else json.dumps(json.loads(done.out)["not_identified"])
    assert "cannot be told apart from" in told


def test_counts_that_no_range_reaches_are_said_to_be_out_of_reach(glasshouse, town):
    words = ("--fit", f"{KEYS[0]}=0.00005:0.0001", "--on", "listings")
    done = glasshouse("calibrate", town, "--to", town.parent / "counts.csv", *QUICK, *words)
    assert (done.code, done.out) == (3, "")
    assert "listings on the court list: " in done.err
    assert f"in the ranges of {KEYS[0]}" in done.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--fit", "behaviour.court_default.per_dy"), 2, "did you mean `behaviour.court_default.per_day`?"),
        (("--fit", f"{KEYS[1]}=0.5:2"), 2, "expected LOW:HIGH, two numbers within 0 and 1"),
        (("--fit", f"{KEYS[1]}=1:0.5"), 2, "expected LOW:HIGH"),
        (("--fit", KEYS[1], "--fit", KEYS[1]), 2, "given twice"),
        (("--on", "zzzzz"), 2, "there are listings, rail, plane"),
        (("--on", "flights"), 4, "the table has no count of plane journeys within the days that are lived"),
        (("--citizens", 999), 2, "a nation cannot be read off fewer than 1,000 citizens"),
    ],
)
def test_what_cannot_be_asked_is_told(glasshouse, town, words, code, told):
    done = glasshouse("calibrate", town, "--to", town.parent / "counts.csv", *words)
    assert (done.code, done.out) == (code, "")
    assert told in done.err


def test_a_table_of_persons_is_refused_with_the_reason(glasshouse, town, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("name,phone,score\nsomebody,13812345678,900\n", encoding="utf-8")
    done = glasshouse("calibrate", town, "--to", people)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(
        "error: people.csv:1: column `name` is one of a table of persons\nhelp: calibrate takes "
    )
    assert "somebody" not in done.err
    assert "13812345678" not in done.err


def test_the_shipped_series_is_found_by_its_name(glasshouse, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    done = glasshouse("calibrate", "classroom", "--to", "published_series.csv")
    assert done.code == 2  # the table gets through; the lesson has no court list
    assert "--fit behaviour.court_default.per_day: this scenario has no such number" in done.err
