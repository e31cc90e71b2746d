"""Each pick finds the citizen that a search through every row of every day finds."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import EVERYTHING, changed, everything, plan_of
from towns import CITIZENS, DAYS, watched

from glasshouse.compare.twins import Twins
from glasshouse.errors import UsageError
from glasshouse.life import people
from glasshouse.life.pick import PICKS, picked, ranks, to_all_others
from glasshouse.life.replay import replay
from glasshouse.life.silent import WithheldPosts
from glasshouse.society.columns import COLUMNS, MARK_PUNISHED, MARK_PUNISHED_ASSOCIATION

WITHOUT = changed(EVERYTHING, {"rule": {"friends": None}, "list": {"late": None}})
QUIET = everything(
    identity=None, company=None, police=None, platform={"domestic": {"passed_on_share": 0.02}},
    initial=None, learn={"bulletin_weight": 1.0, "friend_weight": 0.3},
)  # fmt: skip


@pytest.fixture(scope="module")
def worlds():
    """Return two worlds with the row of every citizen on every day."""
    plans = [plan_of(tables, citizens=CITIZENS, days=DAYS, seed=5) for tables in (EVERYTHING, WITHOUT)]
    return [watched(plan, range(CITIZENS)) for plan in plans]


def under_sanction(plan, row):
    """Say whether a row is that of somebody under a sanction."""
    listed = any(row["lists"] >> k & 1 for k, one in enumerate(plan.lists) if not one.perk)
    return listed or row["detained"] > 0 or row["suspended"] > 0 or row["offline"] > 0


def found(worlds, pick, group=None):
    return picked([world.plan for world in worlds], pick, group, 1, None)[0]


def punished(world, i):
    return world.rows[i][-1]["marks"] & MARK_PUNISHED


def best(weights):
    """Return the smallest id of the largest weight."""
    return min(weights, key=lambda i: (-weights[i], i))


@pytest.mark.parametrize("number", [1, 2])
def test_the_most_affected(worlds, number):
    worlds = worlds[:number]
    twins = Twins(*(world.plan for world in worlds)) if number == 2 else None
    weights = {}
    for i in range(CITIZENS):
        under = [[under_sanction(world.plan, row) for row in world.rows[i]] for world in worlds]
        alone = sum(sum(day) == 1 for day in list(zip(*under, strict=True))[1:])
        apart = 0
        if twins:
            columns = [
                {c.name: np.array([row[c.name] for row in world.rows[i][1:]], c.dtype) for c in COLUMNS}
                for world in worlds
            ]
            apart = int(twins.differing(*columns).sum())
        weights[i] = (not any(one[0] for one in under), alone, apart)
    expected = min(weights, key=lambda i: ([-x for x in weights[i]], i))
    assert found(worlds, "most-affected") == expected


@pytest.mark.parametrize("number", [1, 2])
def test_punished_by_association_and_nothing_else(worlds, number):
    worlds = worlds[:number]
    weights = {}
    for i in range(CITIZENS):
        marks = 0
        for world in worlds:
            marks |= punished(world, i)
        if marks == MARK_PUNISHED_ASSOCIATION:
            days = sum(under_sanction(world.plan, row) for world in worlds for row in world.rows[i][1:])
            weights[i] = days
    assert weights
    assert found(worlds, "punished-by-association") == best(weights)


def withheld(world, i):
    """Return the posts that a citizen withheld, as the oracle tells them."""
    return sum(day.flows.get("posts.withheld", 0) for day in replay(world.plan, i, world.log))


@pytest.mark.parametrize("number", [1, 2])
def test_silent_is_who_withheld_most_and_was_never_punished(worlds, number):
    worlds = worlds[:number]
    never = [i for i in range(CITIZENS) if not any(punished(world, i) for world in worlds)]
    weights = {i: max(withheld(world, i) for world in worlds) for i in never}
    assert max(weights.values()) > 1
    assert found(worlds, "silent") == best(weights)


@pytest.mark.parametrize("learn", [{}, {"restraint": "strategic", "tolerance": 0.1, "severity": 1.0}])
def test_withheld_posts_are_counted_one_by_one_without_the_engine(learn):
    plan = plan_of(changed(QUIET, {"learn": learn}), citizens=400, days=30)
    world, counted = watched(plan, range(400)), WithheldPosts(plan)
    for day in range(plan.days):
        counted.add(day, np.array([world.rows[i][day]["risk"] for i in range(400)], np.uint16))
    never = [i for i in range(400) if not punished(world, i)]
    expected = [withheld(world, i) for i in never]
    assert counted.counts[never].tolist() == expected
    assert sum(expected) > 5


@pytest.mark.parametrize("group", ["a", "c"])
def test_typical_is_the_medoid(worlds, group):
    plan = worlds[0].plan
    names = plan.population.group_names
    of = [i for i in range(CITIZENS) if names[plan.population.group(i)] == group]
    measures = [[plan.population.age(i) for i in of]]
    for world in worlds:
        measures.append([sum(under_sanction(world.plan, r) for r in world.rows[i][1:]) for i in of])
        measures.append([sum(r["risk"] for r in world.rows[i][1:]) for i in of])
        measures.append([world.rows[i][-1]["score"] for i in of])
    ranked = [
        [sum(v < x for v in values) + sum(v <= x for v in values) for x in values] for values in measures
    ]
    distance = {
        of[one]: sum(abs(rank[one] - rank[k]) for rank in ranked for k in range(len(of)))
        for one in range(len(of))
    }
    expected = min(distance, key=lambda i: (distance[i], i))
    assert found(worlds, "typical", group) == expected


def test_a_group_narrows_any_pick(worlds):
    plan = worlds[0].plan
    for group in ("b", "c"):
        i = found(worlds, "most-affected", group)
        assert plan.population.group_names[plan.population.group(i)] == group


def test_distances_are_those_of_every_pair():
    values = np.array([4, 4, 9, 0, 4, 7, 9, 2])
    assert ranks(values).tolist() == [int((values < x).sum() + (values <= x).sum()) for x in values]
    expected = [int(np.abs(values - x).sum()) for x in values]
    assert to_all_others(values).tolist() == expected


# ---- traits of many


def test_traits_of_many_are_those_of_each(worlds):
    plan, people_of = worlds[0].plan, worlds[0].plan.population
    ids = np.arange(300)
    assert people.ages(plan, ids).tolist() == [people_of.age(i) for i in range(300)]
    assert people.groups(plan, ids).tolist() == [people_of.group(i) for i in range(300)]


# ---- nobody fits


def nobody(pick, **changes):
    plan = plan_of(everything(**changes), citizens=1_000, days=3)
    with pytest.raises(UsageError, match="nobody in this run fits: ") as told:
        picked([plan], pick, None, 1, None)
    return str(told.value)


HARMLESS = {"list": None, "rule": {"friends": None}, "police": None, "identity": None, "company": None, "initial": None,
            "platform": {name: {"passed_on_share": 0.0} for name in ("domestic", "foreign", "other")}}  # fmt: skip


def test_nobody_fits_is_said_honestly():
    lists = dict.fromkeys(EVERYTHING["list"])
    behaviours = {
        name: {"suspended_share": None, "suspension_days": None, "summons_share": None}
        for name in EVERYTHING["behaviour"]
    }
    harmless = {**HARMLESS, "list": lists, "behaviour": behaviours}
    assert "nobody was under a sanction" in nobody("most-affected", **harmless)
    assert "nobody was punished for what others did" in nobody("punished-by-association", **harmless)
    assert "withheld a post" in nobody("silent", learn={"restraint": "none"})


def test_wishes_that_cannot_be_met():
    plan = plan_of(EVERYTHING, citizens=1_000, days=2)
    for pick, group, words in (
        ("loudest", None, "--pick loudest: expected most-affected"),
        ("typical", None, "typical of which group"),
        ("silent", "z", "--group z: this society has the groups a, b, c"),
    ):
        with pytest.raises(UsageError, match=words):
            picked([plan], pick, group, 1, None)
    assert set(PICKS) == {"most-affected", "punished-by-association", "silent", "typical"}
