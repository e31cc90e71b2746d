"""A changed scheme written as a text means what the changes mean, for every preset, number and switch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.errors import GlasshouseError, ScenarioError
from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.scenario.assumptions import assumptions
from glasshouse.scenario.load import PRESETS, load, load_text, merged
from glasshouse.scenario.reading import MAX_BYTES, parse
from glasshouse.scenario.switches import MECHANISMS, TABLES
from glasshouse.scenario.writing import changed_text, spelled, written

SOME = ("as-documented", "as-reported", "classroom")  # the others share their tables
IDS = sorted(path.stem for path in PRESETS.glob("*.toml"))


def digest(loaded):
    return plan_digest(compile_plan(loaded.scenario, citizens=1_000, days=3))


@pytest.mark.parametrize("preset", IDS)
def test_without_changes_the_text_extends_the_preset_and_says_nothing_more(preset):
    text, problems = changed_text(preset, {}, ())
    assert text == f'glasshouse = 1\nextends = "{preset}"\n'
    assert not problems
    assert digest(load_text(text)) == digest(load(preset))


@pytest.mark.parametrize("preset", SOME)
def test_assumed_numbers_at_an_end_of_their_range_are_written_exactly(preset):
    for one in assumptions(load(preset))[0][:: 1 if preset == "classroom" else 12]:
        chosen = {one.path: one.at(0.0)}
        text, problems = changed_text(preset, chosen, ())
        assert not problems
        try:
            wanted = load(preset, set=chosen)
        except GlasshouseError:
            with pytest.raises(GlasshouseError):
                load_text(text)
            continue
        found = load_text(text)
        assert digest(found) == digest(wanted), one.path
        assert dict(found.exact) == dict(wanted.exact)


@pytest.mark.parametrize("preset", SOME)
def test_every_switch_is_written(preset):
    scenario = load(preset).scenario
    names = [f"{table}.{name}" for table in TABLES for name in getattr(scenario, table)]
    for name in [*names, *MECHANISMS]:
        text, problems = changed_text(preset, {}, [name])
        try:
            wanted = load(preset, without=[name])
        except GlasshouseError:
            assert problems or _refused(text)
            continue
        assert not problems
        assert digest(load_text(text)) == digest(wanted), name


def _refused(text):
    with pytest.raises(GlasshouseError):
        load_text(text)
    return True


def test_what_cannot_be_changed_is_told():
    _, problems = changed_text("as-reported", {"rule.gamez.points": 1}, ["rule.gamez"])
    assert [one.code for one in problems] == ["GH213", "GH212"]


def test_changes_to_a_text_keep_what_it_extends():
    text = 'glasshouse = 1\nextends = "as-reported"\ntitle = "Mine"\n\n[rule.games]\npoints = -7\n'
    new, problems = changed_text("mine.toml", {"rule.games.points": -9}, ["rule.friends"], text=text)
    assert not problems
    assert new.startswith('glasshouse = 1\nextends = "as-reported"\ntitle = "Mine"\n')
    loaded = load_text(new)
    assert loaded.scenario.rule["games"].points == -9
    assert loaded.scenario.rule["friends"].disabled


@pytest.mark.parametrize("preset", IDS)
def test_changes_to_a_text_that_stands_alone_write_it_whole(preset):
    tree, _ = merged(preset)
    tree.pop("variant", None)
    alone = written(tree, {}, None)
    assert digest(load_text(alone)) == digest(load(preset))
    assert load_text(alone).evidence == load(preset).evidence
    new, problems = changed_text("mine.toml", {"society.seed": 77}, (), text=alone)
    assert not problems
    assert load_text(new).scenario.society.seed == 77
    assert "extends" not in new


def test_text_in_no_file_has_the_limits_of_a_file():
    with pytest.raises(ScenarioError, match="256 KiB"):
        load_text("#" * (MAX_BYTES + 1))
    with pytest.raises(ScenarioError, match=r"scenario\.toml:1:1"):
        load_text("\ud800")


@pytest.mark.parametrize("parent", ["../starter", "./town.toml", "/etc/hostname", "town", "starter"])
def test_text_in_no_file_extends_presets_only(tmp_path, monkeypatch, parent):
    monkeypatch.chdir(tmp_path)
    for name in ("town", "town.toml", "starter"):
        (tmp_path / name).write_text('glasshouse = 1\ntitle = "t"\n[society]\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="no preset"):
        load_text(f'glasshouse = 1\nextends = "{parent}"\n')


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.dates(),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@given(VALUES)
def test_a_spelled_value_is_read_as_itself(value):
    assert parse(f"value = {spelled(value)}", "x")["value"] == value
