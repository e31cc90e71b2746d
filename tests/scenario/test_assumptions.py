"""Assumed numbers: their ranges gone through, and scenarios with other numbers that still belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse import streams
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.assumptions import Assumption, assumptions, number_at, with_numbers
from glasshouse.scenario.load import PRESETS, load

IDS = sorted(path.stem for path in PRESETS.glob("*.toml"))
RANGES = st.tuples(st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-6), st.floats(1e-2, 1e4)).map(
    lambda ends: (ends[0], ends[0] + ends[1])
)


@given(RANGES, st.floats(0, 1))
def test_a_place_lies_in_the_range_and_comes_back(ends, place):
    one = Assumption("x", ends[0], *ends)
    assert one.low <= one.at(place) <= one.high
    assert (one.at(0), one.at(1)) == ends
    assert one.place(one.at(place)) == pytest.approx(place, abs=1e-6)


@given(st.integers(-1000, 1000), st.integers(1, 2000), st.floats(0, 1))
def test_whole_numbers_stay_whole_and_in_their_range(low, width, place):
    one = Assumption("x", low, low, low + width, whole=True)
    number = one.at(place)
    assert isinstance(number, int)
    assert low <= number <= low + width
    assert one.at(one.place(number)) == number


def test_wide_ranges_are_gone_through_in_ratios():
    assert Assumption("x", 1e-4, 1e-6, 1e-2).at(0.5) == pytest.approx(1e-4)
    assert Assumption("x", 1, 0.5, 1.5).at(0.5) == 1.0
    assert Assumption("x", 0.5, 0, 1).at(0.25) == 0.25  # from zero no ratio leads


def test_the_assumptions_of_a_preset_are_its_numbers_with_ranges():
    found, held = assumptions(load("as-reported"))
    paths = {one.path: one for one in found}
    games = paths["rule.games.points"]
    assert (games.value, games.low, games.high, games.whole) == (-5, -20, 0, True)
    assert paths["behaviour.games.per_day"].high == pytest.approx(12 / 365)  # a range has the unit beside it
    assert paths["behaviour.court_default.seen_share"].whole is False  # written 1, and yet a share
    assert "behaviour.court_default.per_day" not in {*paths, *held}  # derived: it has a source, no range
    assert (
        held["score.base_points"]
        == held["score.grade.0.from_points"]
        == "it belongs to the scale of the score"
    )
    assert held["behaviour.police_criticism.gravity"] == "its range is one point"
    assert held["police.detention_shares"] == "a list of numbers has one range for all of them"


def test_a_number_that_the_user_set_is_no_assumption_any_longer():
    found, held = assumptions(load("as-reported", set={"rule.games.points": "-7"}))
    assert "rule.games.points" not in {*(one.path for one in found), *held}


def test_numbers_are_put_in_their_place_and_nothing_else_moves():
    scenario = load("court-list").scenario
    other = with_numbers(
        scenario, {"travel.plane.retry_share": 0.6, "list.court.no_such": 1.0, "no.where": 2.0}
    )
    assert number_at(other, "travel.plane.retry_share") == 0.6
    assert with_numbers(other, {"travel.plane.retry_share": 0.922}) == with_numbers(scenario, {}) == scenario


def test_what_belongs_together_is_mended():
    scenario = load("as-reported").scenario
    other = with_numbers(
        scenario,
        {
            "police.outcomes.detention": 0.6,
            "behaviour.games.seen_on.domestic": 1.0,
            "behaviour.games.seen_on.foreign": 0.5,
            "list.score.entry_score_below": 990,
            "list.score.exit_score_at_least": 700,
        },
    )
    outcomes = other.police.outcomes
    shares = [outcomes.pledge, outcomes.reprimand, outcomes.fine, outcomes.detention]
    assert sum(map(streams.exact, shares)) == 1
    assert outcomes.detention == pytest.approx(0.6 / 1.21)
    assert sum(map(streams.exact, other.behaviour["games"].seen_on.values())) == 1
    assert other.list["score"].exit_score_at_least == 990


@pytest.mark.parametrize("preset", IDS)
def test_every_corner_of_the_ranges_is_a_scenario(preset):
    loaded = load(preset)
    found, _ = assumptions(loaded)
    for place in (0.0, 1.0, 1 / 3):
        numbers = {one.path: one.at(place) for one in found}
        assert compile_plan(with_numbers(loaded.scenario, numbers), citizens=500, days=2).citizens == 500
    mixed = {one.path: one.at(k % 2) for k, one in enumerate(found)}
    compile_plan(with_numbers(loaded.scenario, mixed), citizens=500, days=2)
