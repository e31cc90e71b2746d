"""A scenario's own variants: read strictly, laid over it when asked for, and no part of its plan."""

from __future__ import annotations

import pytest

from glasshouse.errors import ScenarioError, UsageError
from glasshouse.life.source import scenario_again
from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.records.manifest import Provenance
from glasshouse.scenario.evidence import Evidence
from glasshouse.scenario.load import load, presets
from glasshouse.views.report.scheme import Scheme

TOWN = """glasshouse = 1
title = "Town"
[society]
citizens = 1000
[behaviour.games]
kind = "purchase"
per_day = 0.1
seen_share = 1.0
[score]
base_points = 100
floor_points = 0
ceiling_points = 200
[rule.games]
behaviour = "games"
points = -15
"""
VARIANTS = """[variant.harsh]
label = "harsher"
set = { "rule.games.points" = -30, "score.base_points" = 120 }
[variant.mild.set]
rule.games.points = { value = -5, grade = "assumed", range = [-10, 0] }
[variant.none]
without = ["games"]
[variant.wrong]
set = { "behaviour.games.per_day" = 2 }
"""


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.toml"
    path.write_text(TOWN + VARIANTS, encoding="utf-8")
    return path


def digest(loaded):
    return plan_digest(compile_plan(loaded.scenario, citizens=100, days=3))


def test_variants_are_no_part_of_the_plan(town, tmp_path):
    plain = tmp_path / "plain.toml"
    plain.write_text(TOWN, encoding="utf-8")
    assert digest(load(town)) == digest(load(plain))
    assert list(load(town).scenario.variant) == ["harsh", "mild", "none", "wrong"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("harsh", {"set": {"rule.games.points": -30, "score.base_points": 120}}),
        ("mild", {"set": {"rule.games.points": -5}}),
        ("none", {"without": ["games"]}),
    ],
)
def test_a_variant_is_what_set_and_without_would_make(town, name, asked):
    variant = load(town, variant=name)
    assert digest(variant) == digest(load(town, **asked)) != digest(load(town))
    assert variant.changes == (f"variant {name}",)


def test_a_number_of_a_variant_keeps_its_own_evidence(town):
    found = load(town, variant="mild").evidence["rule.games.points"]
    assert isinstance(found, Evidence)
    assert (found.grade, found.range) == ("assumed", (-10, 0))


def test_changes_of_the_user_come_on_top(town):
    both = load(town, variant="harsh", set={"rule.games.points": "-1"})
    assert both.scenario.rule["games"].points == -1
    assert both.scenario.score.base_points == 120
    assert both.changes == ("variant harsh", "rule.games.points = -1")


def test_an_unknown_variant_is_refused_with_what_there_is(town):
    with pytest.raises(UsageError, match="town has no variant `hash`") as caught:
        load(town, variant="hash")
    assert caught.value.help == "did you mean harsh?"
    with pytest.raises(UsageError) as caught:
        load(town, variant="zzz")
    assert caught.value.help == "it has harsh, mild, none, wrong"
    with pytest.raises(UsageError) as caught:
        load("classroom", variant="zzz")
    assert caught.value.help == "it has none: [variant.<id>] tables give some"


def test_a_value_that_is_wrong_is_shown_where_the_variant_writes_it(town):
    with pytest.raises(ScenarioError) as caught:
        load(town, variant="wrong")
    (found,) = caught.value.diagnostics
    assert (found.code, found.line, found.column) == ("GH102", 24, 37)


def test_variants_are_not_handed_down(town, tmp_path):
    child = tmp_path / "child.toml"
    child.write_text('glasshouse = 1\nextends = "./town.toml"\n', encoding="utf-8")
    assert not load(child).scenario.variant


def test_a_variant_comes_back_from_a_manifest(town):
    loaded = load(town, variant="mild")
    kept = Provenance.of(loaded, command=[], started=None)
    chain = [{"name": n, "digest": d, "text": text} for n, d, text in kept.chain]
    assert digest(scenario_again(chain, kept.changes)) == digest(loaded)
    scheme = Scheme.from_manifest({"chain": chain, "changes": list(kept.changes)})
    assert scheme.tree["rule"]["games"]["points"] == -5


@pytest.mark.parametrize("preset", [one.id for one in presets()])
def test_every_variant_of_a_preset_is_valid_and_has_a_label(preset):
    for name, one in load(preset).scenario.variant.items():
        assert one.label
        assert digest(load(preset, variant=name)) != digest(load(preset))
