"""What is not said: against the twin, by distance, and how it fades."""

from __future__ import annotations

import numpy as np
import pytest
from judged_towns import town
from scenarios import EVERYTHING, plan_of

from glasshouse.harm.chilling import ALL, chilling, mean, ratio_of_sums
from glasshouse.harm.distance import DISTANCES, Distances
from glasshouse.harm.fading import half_life
from glasshouse.harm.study import live_both
from glasshouse.model.engine import Engine
from glasshouse.society.columns import MARK_LISTED, MARK_PUNISHED, MARK_REFUSED
from glasshouse.society.ties import Ties

# People are fined for one thing and fall silent about another that nobody records.
SILENT = {
    "glasshouse": 1,
    "title": "fined for one thing, silent about another",
    "society": {"citizens": 1_200, "days": 60, "group_shares": {"a": 0.6, "b": 0.4}},
    "circle": {
        "home": {"scope": "province", "sizes": [3], "friend_share": 0.5},
        "chat": {"scope": "nation", "sizes": [6], "chat": True},
    },
    "behaviour": {
        "act": {"kind": "offence", "per_day": 0.002, "seen_share": 1.0, "summons_share": 1.0},
        "talk": {"kind": "speech", "per_day": 0.2, "restrained": True},
    },
    "police": {"outcomes": {"pledge": 0, "reprimand": 0, "fine": 1, "detention": 0}},
    "learn": {
        "restraint": "proportional",
        "strength": 2.0,
        "own_weight": 0.2,
        "friend_weight": 0.2,
        "chat_weight": 0.1,
        "half_life_days": 20,
    },
}
UNAFRAID = {**SILENT, "learn": {**SILENT["learn"], "restraint": "none"}}


@pytest.fixture(scope="module")
def lived():
    return live_both(town(SILENT), town(UNAFRAID), threads=1)


def test_where_silence_changes_nothing_else_what_is_withheld_is_what_is_lost(lived):
    found = lived.chilled
    assert found.topics == ("talk",)
    assert (found.twin - found.written == found.withheld).all()
    assert found.withheld[0].sum() == lived.flows["withheld.talk"] > 500
    assert found.written[0].sum() == lived.flows["acts.talk"]
    assert found.people[0].sum() == 1_200


def test_the_nearer_the_more_silent(lived):
    rows = {
        (one.group, one.distance): one for one in chilling([lived.chilled]).lines if one.topic == "speech"
    }
    shares = [rows[ALL, name].withheld_share.value for name in DISTANCES[1:]]
    assert shares[0] > shares[1] >= shares[2] == 0
    assert rows[ALL, ALL].withheld == sum(rows[name, ALL].withheld for name in ("a", "b"))
    assert (ALL, DISTANCES[0]) not in rows  # nobody who was never punished is at distance 0
    everybody = chilling([lived.chilled]).everybody
    assert [one for one in everybody if one.distance == DISTANCES[0] and one.withheld > 0]


def test_the_same_world_as_twin_loses_nothing():
    plan = plan_of(EVERYTHING, citizens=600, days=20)
    found = live_both(plan, plan, threads=1).chilled
    assert (found.twin == found.written).all()
    assert found.withheld.sum() > 0
    assert all(one.lost.value == 0 for one in chilling([found]).lines)


def test_threads_change_nothing():
    one, two = (live_both(town(SILENT, days=12), town(UNAFRAID, days=12), threads=n) for n in (1, 2))
    assert one.chilled.withheld.sum() > 0
    assert (one.chilled.withheld == two.chilled.withheld).all()
    assert (one.errors.people == two.errors.people).all()
    assert (one.recovered.events == two.recovered.events).all()


def test_distances_are_steps_over_ties():
    plan = town(SILENT, citizens=400, days=12)
    engine, ties, distances = Engine(plan, threads=1), Ties(plan.ties, plan.population), Distances(400)
    distances.begin(engine)
    assert (distances.now == 3).all()
    friends = [ties.friends(i) for i in range(400)]
    for t in range(plan.days):
        engine.step()
        distances.evening(engine, plan.month(t))
        seen = MARK_PUNISHED | MARK_REFUSED | MARK_LISTED
        punished = {i for i in range(400) if engine.row(i)["marks"] & seen}
        near = {j for i in punished for j in friends[i] + ties.chat_members(i)}
        second = {j for i in near - punished for j in friends[i]}
        for i in range(400):
            told = 0 if i in punished else 1 if i in near else 2 if i in second else 3
            assert distances.now[i] == told
    assert np.bincount(distances.now, minlength=4).min() > 0


def test_who_was_listed_before_day_0_is_at_0_and_frightens_nobody_yet():
    tree = {
        **SILENT,
        "behaviour": {"talk": SILENT["behaviour"]["talk"]},
        "list": {"court": {"performed_per_day": 0.01}},
        "initial": {"listed_share": {"court": 0.2}},
    }
    plan = town(tree, citizens=400, days=3)
    engine, distances = Engine(plan, threads=1), Distances(400)
    distances.begin(engine)
    for t in range(3):
        engine.step()
        distances.evening(engine, plan.month(t))
    assert set(distances.now.tolist()) == {0, 3}


def test_risk_fades_with_the_half_life_of_the_scheme(lived):
    told = chilling([lived.chilled]).faded.as_dict()
    assert told["risk_half_life_days"] in {19, 20, 21}
    assert told["withholding_half_life_days"] in {19, 20, 21, 22}
    assert told["risk_left"][0] == 1.0
    assert told["risk_left"] == sorted(told["risk_left"], reverse=True)


def test_the_bulletin_is_not_what_fades():
    tree = {**SILENT, "learn": {**SILENT["learn"], "bulletin_weight": 1.0}}
    found = live_both(town(tree), town(UNAFRAID), threads=1).chilled
    assert found.faded.as_dict()["risk_half_life_days"] in {19, 20, 21, 22}


def test_capped_restraint_fades_later_than_risk():
    tree = {**SILENT, "learn": {**SILENT["learn"], "strength": 20.0}}
    told = live_both(town(tree), town(UNAFRAID), threads=1).chilled.faded.as_dict()
    assert told["withholding_half_life_days"] is None or told["withholding_half_life_days"] > 25


def test_half_life_of_nothing():
    assert half_life(np.zeros(4), np.zeros(4)) is None
    assert half_life(np.array([8.0, 5.0, 4.0]), np.array([8.0, 8.0, 8.0])) == 2


def test_intervals_over_replicates():
    assert mean([3.0]).low is None
    one = mean([1.0, 3.0])
    assert one.value == 2
    assert one.high - 2 == pytest.approx(12.7062, abs=1e-3)
    same = ratio_of_sums([1, 2, 4], [10, 20, 40])
    assert (same.value, same.low, same.high) == pytest.approx((0.1, 0.1, 0.1))
    assert ratio_of_sums([1, 3], [10, 10]).low == 0.0
    assert ratio_of_sums([-1, 3], [10, 10], lost=True).low < 0
    assert ratio_of_sums([0], [0]).value is None
    assert ratio_of_sums([1], [4]).low is None
