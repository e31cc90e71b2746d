"""Labels of contexts, gravity and weights: defaults, and that they are no part of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.scenario.labels import labels_of, missing, unrelated, watched
from glasshouse.scenario.load import load
from glasshouse.scenario.schema import Scenario

PRESETS = sorted(one.stem for one in (Path(load.__code__.co_filename).parent / "presets").glob("*.toml"))
LABELS = ("data_context", "gravity", "effect_context", "weight")


def without_labels(tree):
    """Return a tree of a scenario without its labels."""
    if not isinstance(tree, dict):
        return tree
    return {
        key: without_labels(one)
        for key, one in tree.items()
        if key != "sanction"
        and (key not in LABELS or "of" in tree)  # a factor of a score has a weight of its own
    }


@pytest.mark.parametrize("preset", PRESETS)
def test_labels_are_no_part_of_the_plan(preset):
    scenario = load(preset).scenario
    tree = scenario.model_dump(exclude_unset=True)
    bare = without_labels(tree)
    assert bare != tree
    plans = [compile_plan(one, citizens=500) for one in (scenario, Scenario.model_validate(bare))]
    assert plans[0] == plans[1]
    assert plan_digest(plans[0]) == plan_digest(plans[1])


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_give_every_label_that_the_sheet_reads(preset):
    assert list(missing(load(preset).scenario)) == []


def test_defaults_by_kind_are_named():
    kinds = {"talk": "speech", "debt": "default", "buy": "purchase"}
    tree = {
        "glasshouse": 1,
        "title": "labels by default",
        "society": {"citizens": 1_000, "days": 3},
        "behaviour": {
            name: {"kind": kind, "per_day": 0.1, "seen_share": 1.0} for name, kind in kinds.items()
        },
        "list": {"debtors": {"entry_records_of": ["debt"], "closes": ["plane"]}},
        "police": {"outcomes": {"pledge": 0, "reprimand": 0, "fine": 1, "detention": 0}},
    }
    scenario = Scenario.model_validate(tree)
    labels = labels_of(scenario)
    assert watched(scenario) == {"debt"}
    assert labels.behaviours == {"talk": "speech", "debt": "finance", "buy": "purchases"}
    assert labels.gravity == {"talk": 0.0, "debt": 1.0, "buy": 0.0}
    assert (labels.effects["debtors"], labels.effects["fine"]) == ("travel", "penalty")
    assert labels.defaults == (
        "behaviour.debt.data_context", "behaviour.debt.gravity", "list.debtors.effect_context", "list.debtors.weight",
        "sanction.fine.effect_context", "sanction.fine.weight",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "effect", "wanted"),
    [
        ("finance", "travel", True), ("travel", "travel", False), ("speech", "internet", False),
        ("purchases", "internet", True), ("speech", "penalty", False), ("unknown", "travel", False),
    ],
)  # fmt: skip
def test_which_contexts_are_unrelated(data, effect, wanted):
    assert unrelated(data, effect) is wanted
