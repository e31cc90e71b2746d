"""presets, new, check, show, schema."""

from __future__ import annotations

import json

import pytest

PRESETS = [
    "as-documented", "as-reported", "classroom", "court-list", "no-scheme", "rewards-only", "rongcheng",
    "sesame-2015", "suining-2010",
]  # fmt: skip


def test_presets_lists_the_nine(glasshouse):
    done = glasshouse("presets", "--json")
    listed = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert [one["id"] for one in listed] == PRESETS
    assert all(one["title"] and one["summary"] for one in listed)
    assert [line.split()[0] for line in glasshouse("presets").out.splitlines()] == PRESETS


def test_new_writes_a_scheme_that_is_valid_and_never_overwrites(glasshouse, tmp_path):
    path = tmp_path / "mine.toml"
    assert glasshouse("new", path).code == 0
    text = path.read_text(encoding="utf-8")
    assert glasshouse("check", path).code == 0
    again = glasshouse("new", path)
    assert again.code == 5
    assert (
        again.err == f"error: {path} exists already\nhelp: choose another name; nothing is ever overwritten\n"
    )
    assert path.read_text(encoding="utf-8") == text


def test_new_says_why_a_file_cannot_be_written(glasshouse, tmp_path):
    done = glasshouse("new", tmp_path / "missing" / "mine.toml")
    assert done.code == 5
    assert "cannot be written: no such file or directory" in done.err


def test_check_prints_what_a_day_and_a_run_cost(glasshouse, small):
    done = glasshouse("check", small, "--citizens", 5000)
    assert done.code == 0
    first, screened, size = done.out.splitlines()
    assert first.startswith("small: valid")
    assert screened.startswith("screened candidates: 0.")
    assert size.startswith("5,000 citizens, 40 days: about ")


def test_the_figure_of_candidates_is_the_sum_of_the_rungs(small):
    from glasshouse.model.pack_slots import candidates_per_day, slots_of
    from glasshouse.model.plan import compile_plan
    from glasshouse.scenario.load import load

    plan = compile_plan(load(small).scenario)
    # games 0.05, plane 0.05: six rungs, up to 1/16 each; false alarm 0.001: two, up to 1/256
    rungs = [1 / 4096, 1 / 273, 1 / 255, 1 / 127, 1 / 63, 1 / 31]
    assert candidates_per_day(slots_of(plan)) == pytest.approx(2 * sum(rungs) + sum(rungs[:2]))


def test_check_of_a_wrong_scenario_shows_all_findings(glasshouse, small):
    small.write_text(
        small.read_text()
        .replace("per_day = 0.05\nonline", "per_day = 1.5\nonline")
        .replace("floor_points = 0", "floor = 0")
    )
    done = glasshouse("check", small)
    assert (done.code, done.out) == (3, "")
    assert "error[GH102]" in done.err
    assert "error[GH103]" in done.err
    listed = glasshouse("check", small, "--json")
    assert listed.code == 3
    assert listed.err == ""
    assert {one["code"] for one in json.loads(listed.out)} >= {"GH102", "GH103"}


def test_strict_makes_warnings_count(glasshouse, small):
    small.write_text(small.read_text().replace("exit_score_at_least = 95", "exit_score_at_least = 999"))
    assert glasshouse("check", small).code == 0
    strict = glasshouse("check", small, "--strict", "--json")
    assert strict.code == 3
    assert any(one["severity"] == "warning" for one in json.loads(strict.out))


def test_check_refuses_what_no_machine_holds(glasshouse, small):
    done = glasshouse("check", small, "--set", "society.citizens=10_000_000_000_000_000")
    assert done.code == 4
    assert "PB" in done.err


def test_check_of_a_file_that_is_not_there(glasshouse, small):
    done = glasshouse("check", small.with_name("smal.toml"))
    assert done.code == 5
    assert "help: did you mean small.toml?" in done.err


def test_show_tells_the_scheme_in_words(glasshouse):
    done = glasshouse("show", "as-reported")
    assert done.code == 0
    for heading in ("Who lives there", "What people do", "The scheme", "Sources", "Known limits"):
        assert heading in done.out
    tree = json.loads(glasshouse("show", "as-reported", "--json").out)
    assert tree["scenario"] == "as-reported"
    assert tree["notice"]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_shown_and_checked(glasshouse, preset):
    assert glasshouse("show", preset, "--json").code == 0
    assert glasshouse("check", preset, "--json").code == 0


def test_schema_is_json(glasshouse):
    schema = json.loads(glasshouse("schema").out)
    assert schema["properties"]["society"]
