"""A second coupling, and worlds in which somebody is not there."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean, variance

import numpy as np
import pytest

from glasshouse.compare import compare
from glasshouse.compare.pair import live_side_by_side, pair_of_plans
from glasshouse.errors import UsageError
from glasshouse.model.engine import Engine
from glasshouse.model.layout import VACANT
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load
from glasshouse.scenario.schema import Scenario
from glasshouse.society.ties import Ties

PEOPLE, DAYS = 400, 60
# Friends are tied by a sparse graph alone, and nothing else passes between people: whoever is in no component with
# somebody can never notice them.
APART = {
    "glasshouse": 1,
    "title": "components",
    "society": {"citizens": PEOPLE, "days": DAYS, "start_date": "2019-01-20"},
    "graph": {"kind": "erdos-renyi", "mean_friends": 1.2},
    "behaviour": {
        "games": {
            "kind": "purchase",
            "per_day": 0.08,
            "seen_share": 1.0,
            "restrained": True,
            "false_alarm_per_day": 0.002,
        }
    },
    "score": {
        "base_points": 100,
        "floor_points": 0,
        "ceiling_points": 200,
        "min_age": 0,
        "recovery_points": 1,
        "recovery_every_days": 5,
        "low_cutoff_points": 85,
    },
    "rule": {
        "games": {"behaviour": "games", "points": -15},
        "friends": {"on": "association", "every": "day", "min_friends": 1, "points": -2},
    },
    "list": {"low": {"entry_score_below": 80, "exit_score_at_least": 95, "closes": ["plane"]}},
    "travel": {"plane": {"requests_per_day": 0.1}},
    "learn": {"restraint": "proportional", "own_weight": 0.2, "friend_weight": 0.2},
}


@pytest.fixture(scope="module")
def apart():
    return Scenario.model_validate(APART, strict=False)


@pytest.fixture(scope="module")
def components(apart):
    """Which citizens can reach each other over ties, as a label for everybody."""
    plan = compile_plan(apart, seed=5)
    ties, label = Ties(plan.ties, plan.population), [-1] * PEOPLE
    for i in range(PEOPLE):
        reached = [i] if label[i] < 0 else []
        while reached:
            j = reached.pop()
            label[j] = i
            reached += [k for k in ties.friends(j) if label[k] < 0]
    return np.array(label)


def lived_without(apart, absent):
    """Return who differed on any day where some are not there, and both engines at the end."""
    plans = pair_of_plans(apart, apart, seed=5, citizens=PEOPLE, days=DAYS, absent=absent)
    engines, parted = [Engine(plan, threads=1) for plan in plans], np.zeros(PEOPLE, bool)
    for _ in range(DAYS):
        for engine in engines:
            engine.step()
        for name in ("score", "risk", "marks", "lists", "low_friends", "month_counts"):
            here, there = (np.asarray(engine.columns[name])[:PEOPLE] for engine in engines)
            parted |= here != there
    return parted


def test_somebody_without_ties_changes_nobody_else(apart, components):
    alone = [i for i in range(PEOPLE) if (components == components[i]).sum() == 1]
    assert len(alone) > 50
    noticed = 0
    for i in alone[:5]:
        parted = lived_without(apart, [i])
        assert not np.delete(parted, i).any()
        noticed += int(parted[i])
    assert noticed  # they did something while they were there


def test_somebody_missing_changes_only_those_downstream(apart, components):
    sizes = np.bincount(components, minlength=PEOPLE)
    in_a_large_one = np.flatnonzero(sizes[components] == sizes.max())
    others = 0
    for i in in_a_large_one[:6]:
        parted = lived_without(apart, [int(i)])
        assert not parted[components != components[i]].any()
        others += int(parted.sum()) - int(parted[i])
    assert others > 0  # but they are missed


def test_nobody_missing_changes_nothing(apart):
    assert not lived_without(apart, []).any()


def test_what_a_vacant_place_does_is_nothing(apart):
    plan = replace(compile_plan(apart, seed=5), vacant=tuple(range(VACANT)))
    engine = Engine(plan, threads=1)
    for _ in range(DAYS):
        engine.step()
    for name in ("marks", "lists", "low_friends", "risk", "month_counts"):
        assert not np.asarray(engine.columns[name])[:VACANT].any()


def test_the_other_luck_has_the_same_law_and_is_another(apart):
    pairs = [
        live_side_by_side(
            *pair_of_plans(apart, apart, seed=k, citizens=PEOPLE, days=DAYS, coupling="complement"), threads=1
        ).totals
        for k in range(1, 41)
    ]
    for key in ("points_lost.all", "requested.plane", "records.true"):
        here, there = ([pair[world][key] for pair in pairs] for world in (0, 1))
        assert here != there
        error = math.sqrt((variance(here) + variance(there)) / len(pairs))
        assert abs(fmean(here) - fmean(there)) <= 4.9 * error


def test_the_other_luck_finds_the_same_effect_less_sharply(town):
    same, other = (
        compare(
            load(town),
            without=["games"],
            citizens=400,
            replicates=20,
            threads=1,
            workers=1,
            coupling=coupling,
        ).effects["points_lost.all"]
        for coupling in ("same", "complement")
    )
    assert same.base == other.base
    assert other.mean < 0
    assert abs(same.mean - other.mean) <= 4.9 * math.hypot(same.sd, other.sd) / math.sqrt(20)


def test_the_result_names_its_coupling_and_who_is_missing(town):
    found = compare(load(town), citizens=400, days=5, replicates=2, threads=1, workers=1, absent=[7, 3, 7])
    tree = found.as_dict()
    assert (tree["coupling"], tree["absent"]) == ("same", [3, 7])
    assert found.names == ("town", "town without citizen 3, 7")


@pytest.mark.parametrize(
    ("absent", "text"),
    [
        ([400], "there is no citizen 400: they are numbered 0 to 399"),
        (range(9), "9 absent citizens, expected at most 8"),
    ],
)
def test_nobody_can_be_missing_who_was_never_there(town, absent, text):
    with pytest.raises(UsageError, match=text):
        compare(load(town), citizens=400, days=5, replicates=1, threads=1, workers=1, absent=absent)
