"""Relations between two runs that hold without any formula: draws are coupled, so more is a superset of less."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import EVERYTHING, changed, everything, plan_of

from glasshouse.model.engine import Engine
from glasshouse.society.columns import MARK_BORROWING, MARK_LISTED, MARK_REFUSED

N = 2_000


def after_day_0(tables, last_phase=11):
    engine = Engine(plan_of(tables, citizens=N), threads=1, checks=False)
    counts = engine.step(last_phase)
    flows = dict(zip(engine.flow_names, counts.flows.sum(axis=(0, 1)).tolist(), strict=True))
    return {name: column[:N].astype(np.int64) for name, column in engine.columns.items()}, flows


def lists_of(tables, days=12):
    engine = Engine(plan_of(tables, citizens=N), threads=1, checks=False)
    lists = []
    for _ in range(days):
        engine.step()
        lists.append(engine.columns["lists"][:N].copy())
    return np.array(lists)


@pytest.mark.parametrize(
    ("more", "flow"),
    [
        ({"behaviour": {"games": {"per_day": 0.2}}}, "acts.games"),
        ({"behaviour": {"prosocial": {"doer_share": 0.9}}}, "acts.prosocial"),
        ({"behaviour": {"court_default": {"false_alarm_per_day": 0.1}}}, "records_false.court_default"),
        ({"behaviour": {"games": {"caught_share": 1.0, "false_alarm_per_day": 0.05}}}, "records.false"),
        ({"platform": {"foreign": {"passed_on_share": 0.9}}}, "passed_on.foreign"),
        ({"travel": {"plane": {"requests_per_day": 0.5}}}, "requested.plane"),
        ({"behaviour": {"games": {"summons_share": 0.9}}}, "summonses"),
        ({"redress": {"filed_share": 0.9}}, "appeals.filed"),
        ({"identity": {"forged_share": 0.3}}, "failed_checks.id"),
    ],
)
def test_a_higher_probability_only_adds_events_on_day_0(more, flow):
    fewer, many = after_day_0(EVERYTHING)[1], after_day_0(changed(EVERYTHING, more))[1]
    assert many[flow] > fewer[flow]


@pytest.mark.parametrize(
    ("more", "mark"),
    [
        ({"list": {"court": {"entry_share": 0.9}}}, MARK_LISTED),
        ({"initial": {"listed_share": {"court": 0.5}}}, MARK_LISTED),
        ({"travel": {"rail": {"requests_per_day": 0.9}}}, MARK_REFUSED),
        ({"identity": {"borrowed_share": 0.6, "forged_share": 0.0}}, MARK_BORROWING),
    ],
)
def test_a_higher_probability_adds_people_and_takes_none_away_on_day_0(more, mark):
    calm = everything(
        identity={
            "forged_share": 0.0,
            "false_non_match_share": {"a": 0.0, "b": 0.0},
            "false_match_share": 1.0,
        }
    )
    fewer, many = (after_day_0(t)[0]["marks"] & mark != 0 for t in (calm, changed(calm, more)))
    assert fewer.any()
    assert (many | ~fewer).all()
    assert many.sum() > fewer.sum()


def test_a_longer_suspension_is_never_shorter_for_anybody_on_day_0():
    longer = {"behaviour": {"police_criticism": {"suspension_days": 9, "suspended_share": 0.8}}}
    before, after = (after_day_0(t)[0]["suspended"] for t in (EVERYTHING, changed(EVERYTHING, longer)))
    assert (after >= before).all()
    assert (after > before).any()


def times_ten(tables):
    """All points and lines times ten."""
    if isinstance(tables, dict):
        scaled = {k: times_ten(v) for k, v in tables.items()}
        for key, value in tables.items():
            if key.endswith("points") and isinstance(value, int):
                scaled[key] = value * 10
            if key in {
                "entry_score_below",
                "entry_score_at_least",
                "exit_score_below",
                "exit_score_at_least",
            }:
                scaled[key] = value * 10
            if key == "points" and isinstance(value, list):
                scaled[key] = [v * 10 for v in value]
        return scaled
    return [times_ten(v) for v in tables] if isinstance(tables, list) else tables


def test_ten_times_the_points_and_lines_leave_the_same_people_on_the_lists():
    wide = everything(score={"floor_points": -3000, "ceiling_points": 3000, "grade": None})
    assert (lists_of(wide) == lists_of(times_ten(wide))).all()


def test_without_feedback_a_higher_penalty_never_raises_a_score():
    calm = {"learn": {"restraint": "none"}, "list": dict.fromkeys(EVERYTHING["list"]), "initial": None}
    calm |= {
        "police": None,
        "redress": None,
        "ties": {"cut_share": 0.0},
        "rule": {"prosocial": None, "friends": None},
    }
    mild = everything(**calm)
    harsh = changed(mild, {"rule": {"games": {"points": -16}}})
    engines = [Engine(plan_of(t, citizens=N), threads=1) for t in (mild, harsh)]
    for _ in range(20):
        for engine in engines:
            engine.step()
        first, second = (e.columns["score"][:N].astype(np.int64) for e in engines)
        assert (second <= first).all()
    assert (second < first).any()


def test_citizens_beyond_the_last_province_boundary_do_not_matter_to_traits():
    plans = [plan_of(EVERYTHING, citizens=n) for n in (64, 128)]
    ages = [[p.population.age(i) for i in range(64)] for p in plans]
    assert ages[0] == ages[1]
