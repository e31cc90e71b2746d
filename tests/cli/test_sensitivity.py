"""The command `sensitivity` on a small society: what it says, prints, writes, and refuses."""

from __future__ import annotations

import csv
import json
import re

import pytest

from glasshouse.calibrate import study as calibration
from glasshouse.errors import Interrupted
from glasshouse.sensitivity import study
from glasshouse.views import cli_sensitivity
from glasshouse.views.cli import cli

SCHEME = """glasshouse = 1
title = "A small scheme"
notice = "Made up for a test."
[society]
citizens = 600
days = 30
[behaviour.games]
kind = "purchase"
per_day = { value = 0.05, grade = "assumed", range = [0.01, 0.2] }
seen_share = 1.0
gravity = { value = 0, grade = "assumed", range = [0, 1] }
false_alarm_per_day = { value = 0.001, grade = "assumed", range = [0.0001, 0.01] }
[score]
base_points = { value = 100, grade = "assumed", range = [50, 150] }
floor_points = 0
ceiling_points = 200
low_cutoff_points = 80
[rule.games]
behaviour = "games"
points = { value = -15, grade = "assumed", range = [-20, -5] }
[list.low]
entry_score_below = { value = 80, grade = "assumed", range = [60, 90] }
exit_score_at_least = 95
closes = ["plane"]
[travel.plane]
requests_per_day = 0.05
"""
MOVED = {
    "behaviour.games.per_day", "behaviour.games.false_alarm_per_day", "rule.games.points", "list.low.entry_score_below",
}  # fmt: skip
QUICK = ("--walks", 3, "--threads", 1)


@pytest.fixture
def scheme(tmp_path):
    path = tmp_path / "scheme.toml"
    path.write_text(SCHEME, encoding="utf-8")
    return path


def test_the_tables_say_what_the_figures_hang_on(glasshouse, scheme):
    done = glasshouse("sensitivity", scheme, *QUICK)
    assert done.code == 0, done.err
    text = re.sub(r"\s+", " ", done.out)
    assert "In this synthetic society of 600 citizens, over 30 days, seeds from 1" in text
    assert "share of all that the assumptions move" in text
    assert re.search(r"rule\.games\.points -15 -20 to -5 [\d.]+ % [\d.]+ to [\d.]+", text)
    assert "points lost" in text
    assert "3 walks through the ranges of 4 assumptions" in text
    assert "carries the assumed numbers and chance" in text
    assert "2 assumed numbers were not moved" in text
    assert "Made up for a test." in text


def test_it_says_before_it_starts_what_it_moves_and_how_long_that_takes(glasshouse, scheme):
    done = glasshouse("sensitivity", scheme, *QUICK)
    first = done.err.splitlines()[0]
    assert first.startswith(
        "scheme: 4 assumptions with a range that days hang on, 2 others held; 21 worlds of 600 citizens, 30 days, "
        "1 at the same time: about "
    )
    assert "scheme: world 21 of 21 (100 %)" in done.err


def test_json_is_one_object_and_the_folder_holds_the_same(glasshouse, scheme, tmp_path):
    folder = tmp_path / "out"
    done = glasshouse("sensitivity", scheme, *QUICK, "-o", folder, "--json")
    tree = json.loads(done.out)
    assert {one["path"] for one in tree["screening"]["ranking"]} == MOVED
    assert tree["held"] == {
        "behaviour.games.gravity": "no day hangs on it",
        "score.base_points": "it belongs to the scale of the score",
    }
    assert "synthetic society" in tree["line"]
    assert sum(one["share"] for one in tree["screening"]["ranking"]) == pytest.approx(1)
    lost = {one["path"]: one for one in tree["screening"]["measures"]["points_lost.all"]["inputs"]}
    assert set(lost) == {*MOVED, "luck"}
    assert lost["behaviour.games.per_day"]["slope"] > 0 > lost["rule.games.points"]["slope"]
    assert (
        lost["list.low.entry_score_below"]["reach"] == 0
    )  # with common luck what does nothing does exactly nothing
    kept = json.loads((folder / "sensitivity.json").read_bytes())
    assert {key: kept[key] for key in ("screening", "held", "worlds")} == {
        key: tree[key] for key in ("screening", "held", "worlds")
    }
    rows = list(csv.DictReader((folder / "sensitivity.csv").read_text("utf-8").splitlines()))
    assert {row["input"] for row in rows} == {*MOVED, "luck"}
    page = (folder / "report.html").read_text("utf-8")
    for words in ("Which assumptions the figures hang on", "rule.games.points", "Made up for a test."):
        assert words in page
    assert glasshouse("sensitivity", scheme, *QUICK, "-o", folder).code == 5
    assert glasshouse("sensitivity", scheme, *QUICK, "-o", folder, "--replace", "--quiet").code == 0


def test_processes_change_no_bit(glasshouse, scheme, monkeypatch):
    alone = glasshouse("sensitivity", scheme, *QUICK, "--json").out
    monkeypatch.setattr("glasshouse.sensitivity.study.SECONDS_PER_PROCESS", 1e-9)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    assert glasshouse("sensitivity", scheme, "--walks", 3, "--threads", 2, "--json").out == alone


@pytest.mark.slow
def test_indices_of_a_few(glasshouse, scheme):
    words = (
        "--method",
        "sobol",
        "--over",
        "rule.games",
        "--over",
        "behaviour.games.per_day",
        "--samples",
        32,
    )
    done = glasshouse("sensitivity", scheme, *words, "--threads", 1)
    assert done.code == 0, done.err
    text = re.sub(r"\s+", " ", done.out)
    assert "points lost: shares of the variance" in text
    assert re.search(r"luck \S+ \S+ to \S+ \S+ \S+ to \S+", text)
    assert "160 worlds" in done.err
    tree = json.loads(glasshouse("sensitivity", scheme, *words, "--threads", 1, "--json").out)
    assert tree["screening"] is None
    lost = {one["path"]: one for one in tree["shared"]["measures"]["points_lost.all"]["inputs"]}
    assert lost["behaviour.games.per_day"]["total"] > lost["luck"]["total"]


def test_a_screening_finds_the_few_first(glasshouse, scheme):
    done = glasshouse("sensitivity", scheme, *QUICK, "--method", "sobol", "--samples", 4, "--json")
    tree = json.loads(done.out)
    ranking = [one["path"] for one in tree["screening"]["ranking"]]
    assert [one["path"] for one in tree["shared"]["assumptions"]] == ranking
    assert tree["worlds"] == 3 * 7 + 4 * 7


def test_one_figure_in_full(glasshouse, scheme):
    text = re.sub(r"\s+", " ", glasshouse("sensitivity", scheme, *QUICK, "--measure", "points_lost.all").out)
    assert "points_lost.all, points lost, per 100,000 citizens" in text
    assert "luck (another seed)" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--over", "rule.game"), "did you mean `rule.games.points`"),
        (("--over", "behaviour.games.gravity"), "no day hangs on it, so that it cannot be moved"),
        (("--walks", 1), "1 walks, expected 2 to 1,000"),
        (("--method", "sobol", "--samples", 100), "100 samples, expected a power of two"),
        (("--measure", "points_lost"), "did you mean points_lost.all?"),
        (
            ("--set", "rule.games.points=-5", "--over", "rule.games"),
            "no assumption with a range is called so",
        ),
    ],
)
def test_what_cannot_be_asked_is_usage(glasshouse, scheme, words, told):
    done = glasshouse("sensitivity", scheme, *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_the_options_have_the_numbers_of_the_study():
    default = {one.name: one.default for one in cli.commands["sensitivity"].params}
    assert (default["walks"], default["samples"]) == (study.WALKS, study.SAMPLES)
    default = {one.name: one.default for one in cli.commands["calibrate"].params}
    assert (default["replicates"], default["warm_up"]) == (calibration.REPLICATES, calibration.WARM_UP)


def test_a_scheme_without_ranges_says_so(glasshouse, small):
    done = glasshouse("sensitivity", small)
    assert done.code == 2
    assert "no assumed number of this scenario has a range to be moved in" in done.err


def test_a_study_that_is_stopped_keeps_nothing(glasshouse, scheme, tmp_path, monkeypatch):
    class Stop:
        def __init__(self, *_):
            self.asked = 0

        def __call__(self):
            self.asked += 1
            return self.asked > 5

        def __enter__(self):
            return self

        def __exit__(self, _kind, error, _trace):
            assert isinstance(error, Interrupted)

    monkeypatch.setattr(cli_sensitivity, "PoliteStop", Stop)
    done = glasshouse("sensitivity", scheme, *QUICK, "-o", tmp_path / "out")
    assert done.code == 130
    assert "stopped after 5 of 21 worlds; nothing is kept" in done.err
    assert not (tmp_path / "out").exists()
