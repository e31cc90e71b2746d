"""Oracle and kernels are equal bit by bit: after every phase, and at the end of every day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from scenarios import (
    EVERYTHING,
    GRAPHS,
    WEIGHTED,
    WEIGHTED_LISTS,
    changed,
    compare,
    everything,
    plan_of,
    schemes,
)

SMALL = {"society": {"citizens": 90, "days": 26}}  # a 1st on day 12
ONE_RULE = {"games": {"behaviour": "games", "points": -8, "allowance": 1}}
STARTS = {  # police_criticism has three classes
    "initial": {
        "listed_below_points": {"court": 955, "score": 925, "vip": 900},
        "score": {
            "weights": None,
            "class_of": "police_criticism",
            "points": [1000, 955, 850],
            "spread_points": [0, 20, 127],
        },
    }
}
SOME = (0, 12, 13)  # the first day, a 1st, the day after: every phase is compared
SLOW = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


def with_weights(**changes):
    """The everything scenario with a weighted score in place of points."""
    gone = dict.fromkeys(EVERYTHING["rule"])
    score = dict.fromkeys(EVERYTHING["score"]) | WEIGHTED
    lists = dict.fromkeys(EVERYTHING["list"]) | WEIGHTED_LISTS
    return changed(everything(rule=gone | ONE_RULE, score=score, list=lists, initial=None), changes)


VARIANTS = {
    "weighted": with_weights(society={"citizens": 120, "days": 45}),
    "input only": everything(**SMALL, score={"role": "input_only"}),
    "no score": everything(**SMALL, score=None, rule=None, initial=None),
    "no members": everything(**SMALL, score={"member_share": 0.0}),
    "strategic, uniform": everything(**SMALL, learn={"restraint": "strategic", "tolerance": 0.1}),
    "strategic, proportional": everything(
        **SMALL, learn={"restraint": "strategic", "punishment": "proportional", "tolerance": 0.1}
    ),
    "no restraint": everything(**SMALL, learn={"restraint": "none"}),
    "nothing learned from friends": everything(**SMALL, learn={"friend_weight": 0.0}),
    "nothing learned from chats": everything(**SMALL, learn={"chat_weight": 0.0}),
    "risk at its highest": everything(
        **SMALL, learn={"half_life_days": 1.0, "own_weight": 1.0, "friend_weight": 1.0, "chat_weight": 1.0}
    ),
    "start scores by class": everything(**SMALL, **STARTS),
    "start scores by class, of a behaviour nobody lives": everything(
        **SMALL, **STARTS, behaviour={"police_criticism": {"disabled": True}}
    ),
    "start scores spread in classes of their own": everything(
        **SMALL, initial={"score": {"spread_points": [0, 30, 5]}, "listed_below_points": {"vip": 960}}
    ),
    "classes of travellers": everything(
        **SMALL, travel={"rail": {"classes": {"weights": [0.25, 0.75], "multipliers": [0.0, 2.0]}}}
    ),
    "flag of the lists": everything(**SMALL, ties={"flag": "listed"}),
    "association every day": everything(**SMALL, rule={"friends": {"every": "day", "min_friends": None}}),
    "association by number": everything(**SMALL, rule={"friends": {"min_share": None, "min_friends": 2}}),
    "association that gains": everything(**SMALL, rule={"friends": {"points": 5, "every": "day"}}),
    "no ties": everything(**SMALL, circle=None, ring=None),
    "chats of a province": everything(
        **SMALL, circle={"chat": {"scope": "province"}, "household": {"scope": "nation"}}
    ),
    "rates cut at 1 for one sex": everything(
        **SMALL, behaviour={"games": {"per_day": 1.0, "male_multiplier": 2.0, "rural_multiplier": 0.5}}
    ),
    "no police": everything(**SMALL, police=None),
    "no redress": everything(**SMALL, redress=None),
    "owners pay points only": everything(**SMALL, police={"owner_suspension_days": 0, "owner_points": 7}),
    "no companies' list": everything(**SMALL, list={"reps": None}),
    "face at every check": everything(
        **SMALL, identity={"renewal": {"check": "id_and_face"}, "forged_share": 0.0}
    ),
    "checks of the card": everything(
        **SMALL, identity={"login": {"check": "id"}, "new_line": {"check": "id"}}
    ),
    "no identity": everything(**SMALL, identity=None),
    **{f"graph {kind}": everything(**SMALL, graph={"kind": kind, **one}) for kind, one in GRAPHS.items()},
}


def test_everything_at_once_is_equal_after_every_phase():
    compare(plan_of(EVERYTHING, days=41))  # 1sts on days 12 and 40


HALF = [pytest.param(name, marks=() if k % 2 else pytest.mark.slow) for k, name in enumerate(VARIANTS)]


@pytest.mark.parametrize("name", HALF)  # all of them run uncompiled, in test_jit_off.py
def test_every_variant_is_equal_on_every_day(name):
    compare(plan_of(VARIANTS[name]), phases=SOME)


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_equal_after_every_phase(name):
    compare(plan_of(VARIANTS[name]))


def test_other_luck_and_vacant_places_are_equal():
    plan = plan_of(everything(**SMALL))
    compare(replace(plan, mirrored=True), phases=SOME)
    compare(replace(plan, vacant=(0, 5, 17, 63, 64, 89)), phases=SOME)


def test_degrees_are_asked_of_several_parts_and_threads():
    tables = everything(ties={"cut_share": 0.3}, rule={"friends": {"min_friends": None, "every": "day"}})
    fired = compare(plan_of(tables, citizens=600, days=14), phases=(), threads=2, chunk_quads=1)
    assert fired["points_lost.association"] > 100


@pytest.mark.parametrize("citizens", [1, 2, 3, 31, 63, 64, 65])
def test_tiny_societies_are_equal(citizens):
    compare(plan_of(EVERYTHING, citizens=citizens, days=15, seed=citizens), phases=SOME)


@pytest.mark.parametrize("threads", [1, 2])
def test_several_blocks_and_threads_are_equal(threads):
    compare(plan_of(EVERYTHING, citizens=400, days=14, seed=2), phases=(), threads=threads, chunk_quads=1)


@pytest.mark.parametrize("flag", ["low_score", "listed"])
def test_ties_cut_heal_after_twelve_months(flag):
    tables = everything(
        society={"citizens": 24, "days": 430, "start_date": dt.date(2019, 1, 1)},
        ties={"flag": flag, "cut_share": 0.15},
        rule={"friends": {"min_friends": None, "min_share": 0.3}},
    )
    fired = compare(plan_of(tables), phases=())
    assert fired["ties_cut"] > 10
    assert fired["points_lost.association"] > 10


def test_a_weighted_score_with_ties_cut_is_equal_after_a_year():
    tables = with_weights(
        society={"citizens": 24, "days": 430, "start_date": dt.date(2019, 1, 1)}, ties={"cut_share": 0.15}
    )
    assert compare(plan_of(tables), phases=())["points_reset"] > 1000


@given(tables=schemes())
@settings(SLOW, max_examples=10, derandomize=True)
def test_generated_societies_under_generated_schemes_are_equal(tables):
    compare(plan_of(tables), phases=SOME)


@pytest.mark.slow
@given(tables=schemes())
@settings(SLOW, max_examples=300)
def test_many_generated_societies_are_equal(tables):
    compare(plan_of(tables))
