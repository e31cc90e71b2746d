"""Assumed numbers drawn from their ranges: the same in both worlds, from addressed luck, and told apart from chance."""

from __future__ import annotations

import pytest

from glasshouse.compare import compare
from glasshouse.compare.drawing import drawable, numbers_of, place_of
from glasshouse.compare.effects import mean_of, over_draws
from glasshouse.compare.replicates import Task
from glasshouse.scenario.assumptions import number_at
from glasshouse.scenario.load import load

TOWN = """glasshouse = 1
title = "Town"
[society]
citizens = 400
days = 20
[behaviour.games]
kind = "purchase"
per_day = { value = 0.05, grade = "assumed", range = [0.01, 0.2] }
seen_share = { value = 1, grade = "assumed", range = [0.5, 1] }
[score]
base_points = 100
floor_points = 0
ceiling_points = 200
low_cutoff_points = 80
[rule.games]
behaviour = "games"
points = { value = -15, grade = "assumed", range = [-20, -5] }
[list.low]
entry_score_below = 80
exit_score_at_least = 95
closes = ["plane"]
[travel.plane]
requests_per_day = 0.05
"""
FEW = {"replicates": 6, "threads": 1}


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.toml"
    path.write_text(TOWN, encoding="utf-8")
    return path


def paths(found):
    return {one.path for one in found}


def test_what_the_worlds_share_is_drawn_and_what_is_compared_is_not(town):
    here = load(town)
    every = {"behaviour.games.per_day", "behaviour.games.seen_share", "rule.games.points"}
    assert paths(drawable(here, here)) == paths(drawable(here, load(town, without=["games"]))) == every
    assert paths(drawable(here, load(town, set={"rule.games.points": "-10"}))) == every - {
        "rule.games.points"
    }


def test_numbers_of_one_world_alone_are_drawn_there():
    found = paths(drawable(load("no-scheme"), load("court-list")))
    assert "list.court.weight" in found  # only one world has the list
    assert "travel.plane.retry_share" not in found  # the other has it too, at its default
    assert "travel.rail.requests_per_day" in found


def test_a_draw_hangs_on_seed_and_path_alone(town):
    found = drawable(load(town), load(town))
    numbers = numbers_of(found, 7)
    assert numbers == numbers_of(reversed(found), 7)
    assert numbers != numbers_of(found, 8)
    assert all(one.low <= numbers[one.path] <= one.high for one in found)
    places = [place_of("rule.games.points", seed) for seed in range(2_000)]
    assert sum(places) / 2_000 == pytest.approx(0.5, abs=0.03)
    assert 0 <= min(places) < 0.01
    assert 0.99 < max(places) < 1


def test_both_worlds_of_a_replicate_have_the_same_numbers(town):
    here, there = load(town), load(town, without=["low"])
    task = Task(here.scenario, there.scenario, 400, 20, drawn=drawable(here, there))
    worlds = task.worlds(3)
    for path in paths(task.drawn):
        assert number_at(worlds[0], path) == number_at(worlds[1], path)
    assert number_at(worlds[0], "behaviour.games.per_day") != 0.05
    again = Task.of_tree(task.as_tree())
    assert (again.drawn, again.worlds(3)) == (task.drawn, worlds)
    assert Task(here.scenario, there.scenario, 400, 20).worlds(3) == (here.scenario, there.scenario)


def test_the_same_seeds_draw_the_same_and_workers_change_nothing(town):
    found = compare(str(town), without=["low"], uncertainty=True, **FEW)
    assert (
        found.as_dict()
        == compare(str(town), without=["low"], uncertainty=True, workers=2, replicates=6).as_dict()
    )


def test_drawn_numbers_spread_what_chance_alone_does_not(town):
    told = {which: compare(str(town), without=["games"], uncertainty=which, **FEW) for which in (False, True)}
    alone, drawn = (told[which].effects["points_lost.all"] for which in (False, True))
    assert drawn.sd > 2 * alone.sd
    assert drawn.high - drawn.low > 2 * (alone.high - alone.low)
    assert (told[False].drawn, len(told[True].drawn)) == ((), 3)
    assert told[False].as_dict()["interval"] == "95 % (Student's t, paired)"
    assert told[True].as_dict()["interval"] == "5 % to 95 % of the worlds drawn"
    assert told[False].as_dict()["uncertainty"] == "chance alone; every assumed number stands as written"
    assert told[True].as_dict()["uncertainty"].startswith("chance and 3 assumed numbers")


def test_points_of_draws_do_not_narrow_with_their_number():
    few, many = over_draws(list(range(0, 101, 10))), over_draws(list(range(101)))
    assert (few.low, few.high) == (5.0, 95.0)
    assert (many.low, many.high) == (5.0, 95.0)
    assert mean_of(list(range(101))).high < 60
    assert over_draws([4]) == mean_of([4])
