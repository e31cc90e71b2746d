"""A change that means nothing changes nothing: exactly zero for every measure and every citizen, on every day."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from scenarios import plan_of, schemes

from glasshouse.compare.pair import live_side_by_side
from glasshouse.compare.worlds import compare
from glasshouse.scenario.load import load

SCORED = ("as-reported", "classroom", "rewards-only", "rongcheng", "sesame-2015", "suining-2010")
UNSCORED = ("as-documented", "court-list")
OFF = """[rule.nothing]
disabled = true
behaviour = "{act}"
points = 0
"""
HARSH_BUT_OFF = OFF.replace("points = 0", "points = -1000")
INERT = OFF.replace("disabled = true\n", "")
NEVER = """[behaviour.never]
kind = "other"
per_day = 0
seen_share = 1
[rule.nothing]
behaviour = "never"
points = -100
"""
LIST_OF_NOBODY = """[behaviour.never]
kind = "other"
per_day = 0
seen_share = 1
[list.aaa-nobody]
entry_records_of = ["never"]
closes = ["plane"]
"""
WORDS = """title = "Called something else"
summary = "Other words."
[behaviour.{act}]
label = "called something else"
"""
NULL = {
    "disabled, weight 0": OFF,
    "disabled, whatever weight": HARSH_BUT_OFF,
    "weight 0": INERT,
    "never fires": NEVER,
}
ANYWHERE = {"other words": WORDS, "a list of nobody": LIST_OF_NOBODY}


def changed(preset, text, folder):
    """Return a preset with some more lines."""
    act = next(name for name, one in load(preset).scenario.behaviour.items() if not one.disabled)
    path = folder / "changed.toml"
    head, _, tables = text.partition("[")
    path.write_text(
        f'glasshouse = 1\nextends = "{preset}"\n{head}[{tables}'.format(act=act), encoding="utf-8"
    )
    return load(path)


def assert_nothing(found):
    """Hold a comparison to no difference at all."""
    for parting in found.partings:
        assert not any(parting.differing)
        assert parting.first_day is parting.first_citizen is None
        assert (parting.counts[0] == parting.counts[1]).all()
        assert not parting.outcomes[:, 1:].any()
        assert parting.counts.any()  # something is counted that might have changed
    assert found.affected_share == 0
    assert found.affected.high == 0
    assert found.first_days == {"parted": 0, "min": None, "median": None, "max": None}
    for place in found.parting.places:
        for one in found.effects_in(place).values():
            assert (one.mean, one.low, one.high, one.sd) == (0, 0, 0, 0)
            assert one.base == one.variant


@pytest.mark.parametrize("change", NULL)
@pytest.mark.parametrize("preset", SCORED)
def test_a_rule_that_does_nothing_changes_nothing(preset, change, tmp_path):
    variant = changed(preset, NULL[change], tmp_path)
    assert_nothing(compare(load(preset), variant, citizens=1_200, days=40, replicates=2, threads=1))


@pytest.mark.parametrize("change", ANYWHERE)
@pytest.mark.parametrize("preset", [*SCORED, *UNSCORED])
def test_words_and_lists_of_nobody_change_nothing(preset, change, tmp_path):
    variant = changed(preset, ANYWHERE[change], tmp_path)
    assert_nothing(compare(load(preset), variant, citizens=1_200, days=40, replicates=2, threads=1))


def test_a_real_change_is_seen_by_the_same_test(tmp_path):
    variant = changed("as-reported", "[rule.games]\npoints = -50\n", tmp_path)
    with pytest.raises(AssertionError):
        assert_nothing(
            compare(load("as-reported"), variant, citizens=1_200, days=40, replicates=2, threads=1)
        )


@given(schemes())
@settings(deadline=None, max_examples=15, database=None, suppress_health_check=list(HealthCheck))
def test_nothing_changes_in_any_scheme(tables):
    acts = tables.get("behaviour", {})
    act = next(iter(acts), "never")
    never = {"kind": "other", "per_day": 0.0, "seen_share": 1.0}
    changed = {
        **tables,
        "title": "called something else",
        "behaviour": {name: {**one, "label": "other words"} for name, one in acts.items()} | {"never": never},
        "rule": {
            **tables.get("rule", {}),
            "aaa-off": {"behaviour": act, "points": 0, "disabled": True},
            "inert": {"behaviour": "never", "points": -7},
        },
    }
    base, variant = plan_of(tables), plan_of(changed)
    parting = live_side_by_side(base, variant, threads=1)
    assert not any(parting.differing)
    assert (parting.counts[0] == parting.counts[1]).all()
