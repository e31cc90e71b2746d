"""The catalogue covers every measure, and the keys of totals never change."""

from __future__ import annotations

import pytest
from paper_town import TREE, world

from glasshouse.model.flows import BUILTIN, PER_BEHAVIOUR, PER_LIST, PER_MODE, PER_ORIGIN, flow_names
from glasshouse.model.stocks import stock_names
from glasshouse.records.catalogue import FLOWS
from glasshouse.records.measures import TOTALS, catalogue, describe, describe_total, markdown, totals

DOCUMENTED = """
points_lost.games points_lost.junk_food points_lost.association points_lost.unauthorised_sites points_lost.false_news
points_lost.police_criticism points_lost.all points_gained.all records.true records.false records.misattributed
passed_on.domestic passed_on.foreign summonses interrogations pledges detention_days listed.persons listed.companies
delisted.persons requested.plane requested.high_speed_rail refused.plane refused.high_speed_rail refused_persons
offline_days.face offline_days.id offline_days.suspension offline_days.detention posts.written posts.removed
posts.withheld group_owner_liable perks ties_cut appeals.filed appeals.won debts_performed punished.own punished.false
punished.association punished.representation punished.identity
"""
KEYS = DOCUMENTED.split()
BARE = {key: TREE[key] for key in ("glasshouse", "title", "society")}


def test_the_keys_of_totals_are_the_documented_ones():
    assert sorted(TOTALS) == sorted(KEYS)


@pytest.mark.parametrize("tree", [TREE, BARE], ids=["paper town", "no scheme"])
def test_every_key_is_there_for_any_plan(tree):
    plan = world(tree)
    names = [name for name in flow_names(plan) if name != "points_lost.games"]
    out = totals(dict.fromkeys(names, 3), dict.fromkeys(stock_names(plan), 5), plan)
    assert sorted(out) == sorted(KEYS)
    assert (out["points_lost.games"], out["points_lost.junk_food"]) == (0, 0)
    assert (out["perks"], out["listed.persons"], out["punished.false"], out["refused_persons"]) == (
        3,
        5,
        5,
        5,
    )
    assert all(type(value) is int for value in out.values())


def test_a_behaviour_may_be_written_with_hyphens(plan):
    out = totals({"points_lost.false-news": 7}, {}, plan)
    assert out["points_lost.false_news"] == 7


@pytest.mark.parametrize("tree", [TREE, BARE], ids=["paper town", "no scheme"])
def test_every_measure_of_a_plan_is_described(tree):
    plan = world(tree)
    for one in catalogue(flow_names(plan), stock_names(plan)):
        assert one.unit
        assert one.formula
        assert one.denominator
        assert one.origin
        assert "<id>" not in one.formula


def test_the_catalogue_has_no_flow_that_nothing_counts():
    stems = {f"{stem}.<id>" for stem in (*PER_BEHAVIOUR, *PER_LIST, *PER_MODE, *PER_ORIGIN)}
    assert set(FLOWS) == set(BUILTIN) | stems


def test_points_by_rule_and_origin_are_described():
    assert "rule late through own acts" in describe("points_lost_by_rule.late.own", "flow").formula


@pytest.mark.parametrize(
    "name", ["surprise", "points_lost_by_rule.late.luck", "points_lost_by_rule.own", "acts."]
)
def test_an_unknown_measure_is_not_described(name):
    with pytest.raises(KeyError):
        describe(name, "flow")


def test_a_total_says_whether_it_is_a_sum_or_an_end():
    assert describe_total("perks").formula.startswith("sum over the run")
    assert describe_total("punished.own").formula.startswith("at the end of the last day")


def test_the_documentation_has_the_whole_catalogue():
    assert markdown().count("\n") == len(markdown().strip().splitlines())
    for name in FLOWS:
        assert f"`{name}`" in markdown()
