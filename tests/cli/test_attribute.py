"""The command `attribute` on small societies: what it says, prints, writes, and refuses."""

from __future__ import annotations

import json
import re

import pytest

from glasshouse.attribute import attribution
from glasshouse.errors import Interrupted
from glasshouse.views import cli_attribute

SIZE = ("--citizens", 300, "--days", 20)


def test_the_table_says_which_rule_did_it(glasshouse, small):
    done = glasshouse("attribute", small, "--citizens", 600)
    assert done.code == 0
    text = re.sub(r"\s+", " ", done.out)
    assert "In this synthetic society of 600 citizens, over 40 days, seed 1" in text
    assert "which rule did it" in text
    assert re.search(r"points lost [\d,]+ 0 \+[\d,]+ (games|messenger) \+", text)
    assert "by origin, per 100,000 citizens" in text
    assert "people punished for own acts" in text
    assert "Shapley values over all 8 coalitions of 3 rules; 8 worlds" in text
    assert "Made up for a test." in text
    assert "one seed gives no interval" in text


def test_it_says_before_it_starts_how_many_worlds_and_how_long(glasshouse, small):
    done = glasshouse("attribute", small, *SIZE, "--replicates", 2)
    first = done.err.splitlines()[0]
    assert first.startswith("small: 16 worlds of 300 citizens, 20 days, 1 at the same time: about ")
    assert re.search(r"memory, .* of disk, \d+ s$", first)
    assert "small: world 16 of 16 (100 %)" in done.err


def test_rules_taken_together_are_told(glasshouse, monkeypatch):
    monkeypatch.setattr(attribution, "default_players", lambda s: cli_players(s, 6))
    done = glasshouse("attribute", "as-reported", *SIZE, "--threads", 1)
    assert done.code == 0
    assert "16 rules, taken together as 6 so that every combination can be lived" in done.err
    assert "--over A,B+C chooses others" in done.err


def cli_players(scenario, most):
    from glasshouse.attribute.players import default_players

    return default_players(scenario, most)


def test_one_measure_is_shown_rule_by_rule(glasshouse, small):
    done = glasshouse(
        "attribute", small, *SIZE, "--over", "games,low", "--measure", "points_lost.all", "--replicates", 2
    )
    text = re.sub(r"\s+", " ", done.out)
    assert "points_lost.all, points per 100,000 citizens" in text
    assert "95 % interval" in text
    assert "all together" in text
    assert "posts" not in text


def test_sampled_values_come_with_their_error(glasshouse, small):
    done = glasshouse("attribute", small, *SIZE, "--permutations", 4, "--measure", "points_lost.all")
    assert "standard error" in done.out
    assert "±" in done.out
    assert "Shapley values from 4 orders of 3 rules" in done.out


def test_json_is_one_object_and_says_what_the_file_says(glasshouse, small, tmp_path):
    done = glasshouse("attribute", small, *SIZE, "--json", "-o", tmp_path / "out")
    tree = json.loads(done.out)
    assert tree == json.loads((tmp_path / "out" / "attribution.json").read_text())
    assert tree["players"] == ["games", "low", "messenger"]
    one = tree["measures"]["points_lost.all"]
    assert {*one} == {"unit", "formula", "full", "empty", "effect", "players"}
    assert {*one["players"][0]} == {"player", "shapley", "standard_error", "leave_one_out", "first_in"}
    assert one["effect"]["exact"] == str(int(one["full"] - one["empty"]))


def test_quiet_says_nothing(glasshouse, small):
    done = glasshouse("attribute", small, *SIZE, "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (["--over", "gmes"], 2, ["`gmes`", "did you mean `games`?"]),
        (["--over", "nothing-like-it"], 2, ["there are: games, low, messenger"]),
        (["--over", ""], 2, ["--over names no rule"]),
        (["--permutations", "3"], 2, ["3 permutations, expected an even number"]),
        (["--measure", "points_lost.al"], 2, ["did you mean points_lost.all?"]),
        (["--resume"], 2, ["--resume needs a folder", "add -o DIR"]),
        (["--replace"], 2, ["--replace needs a folder"]),
        (["--replicates", "0"], 2, ["0 is not in the range"]),
        (["--without", "gmes"], 3, ["did you mean `games`?"]),
        (["--citizens", "100000000000"], 4, ["try --citizens"]),
    ],
)
def test_what_is_not_allowed_is_said_with_its_code(glasshouse, small, given, code, told):
    done = glasshouse("attribute", small, *given)
    assert (done.code, done.out) == (code, "")
    assert all(one in done.err for one in told)
    assert "Traceback" not in done.err


def test_resume_and_replace_are_not_given_together(glasshouse, small, tmp_path):
    done = glasshouse("attribute", small, "-o", tmp_path / "out", "--resume", "--replace")
    assert done.code == 2
    assert not (tmp_path / "out").exists()


def test_a_scheme_without_rules_is_refused(glasshouse):
    done = glasshouse("attribute", "no-scheme", *SIZE)
    assert done.code == 2
    assert "no rule of this scenario takes anything" in done.err


def test_a_stopped_one_is_gone_on_with(glasshouse, small, tmp_path, monkeypatch):
    asked = []

    def stop(_self):
        asked.append(1)
        return len(asked) > 3

    with monkeypatch.context() as patched:
        patched.setattr(cli_attribute.PoliteStop, "__call__", stop)
        done = glasshouse("attribute", small, *SIZE, "-o", tmp_path / "out")
    assert done.code in (128, Interrupted.exit_code)
    assert "stopped after 3 of 8 worlds; --resume goes on" in done.err
    done = glasshouse("attribute", small, *SIZE, "-o", tmp_path / "out", "--resume")
    assert done.code == 0
    assert "world 4 of 8" in done.err
    assert "world 3 of 8" not in done.err
    glasshouse("attribute", small, *SIZE, "-o", tmp_path / "whole")
    there, here = ((tmp_path / name / "attribution.json").read_bytes() for name in ("out", "whole"))
    assert there == here


def test_a_long_one_asks_unless_yes_is_given(glasshouse, small, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("glasshouse.views.cli_limits.HOUR", 1)
    monkeypatch.setattr(cli_attribute.click, "confirm", lambda *_a, **_k: False)
    done = glasshouse("attribute", small, *SIZE)
    assert done.code == 4
    assert "not started" in done.err
    assert glasshouse("attribute", small, *SIZE, "--yes").code == 0
