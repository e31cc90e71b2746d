"""Phases 5 and 6 of the oracle against scores and lists worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from glasshouse.model.oracle import CitizenState, Message, World, live_day, traits_of
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.schema import Scenario
from glasshouse.society.columns import (
    ASSOCIATION,
    COMPANY_OFF,
    COMPANY_ON,
    FALSE,
    IDENTITY,
    LIABLE,
    LOSS_SHIFT,
    MARK_LISTED,
    OWN,
    RECORD,
    REPRESENTATION,
    WIN,
    WIN_LIST,
)
from glasshouse.society.ties import Ties

ADULTS = {
    "citizens": 100,
    "days": 800,
    "start_date": dt.date(2019, 1, 1),
    "age_from": [30],
    "age_shares": [1.0],
    "online_shares": [1.0],
}
GAMES = {"kind": "offence", "per_day": 0.5, "doer_share": 0.0, "seen_share": 1.0}  # only records by hand
SCORE = {"base_points": 1000, "floor_points": 0, "ceiling_points": 1200}


def plan_of(**tables):
    society = ADULTS | tables.pop("society", {})
    return compile_plan(
        Scenario.model_validate({"glasshouse": 1, "title": "t", "society": society, **tables})
    )


def live(plan, state, *inbox, t=1, degree=0, last_phase=11):
    letters = [Message(t, 0, kind, arg, value) for kind, arg, value in inbox]
    return live_day(
        plan,
        traits_of(plan, 0),
        0,
        t,
        state,
        letters,
        bulletin=0,
        degree=degree,
        ties=Ties(plan.ties, plan.population),
        last_phase=last_phase,
    )


def records(own=0, false=0, identity=0, behaviour=0):
    return [
        (RECORD, behaviour, o)
        for o, n in ((OWN, own), (FALSE, false), (IDENTITY, identity))
        for _ in range(n)
    ]


def game_plan(score=None, rule=None, **tables):
    rules = {"games": {"behaviour": "games", "points": -5} | (rule or {})}
    return plan_of(behaviour={"games": GAMES}, score=SCORE | (score or {}), rule=rules, **tables)


@pytest.mark.parametrize(
    ("counted", "arriving", "lost", "after"),
    [
        (0, {"own": 1}, {}, 1),
        (0, {"own": 2, "false": 1}, {}, 3),
        (0, {"own": 2, "false": 3, "identity": 1}, {"false": 10, "identity": 5}, 6),
        (2, {"own": 2, "false": 1}, {"own": 5, "false": 5}, 5),
        (3, {"identity": 2}, {"identity": 10}, 5),
        (30, {"own": 3}, {"own": 15}, 31),
        (31, {"own": 1}, {"own": 5}, 31),
    ],
)
def test_the_allowance_is_used_up_by_own_then_false_then_identity_records(counted, arriving, lost, after):
    plan = game_plan(rule={"allowance": 3})
    lived = live(plan, CitizenState(score=1000, month_counts=counted), *records(**arriving))
    assert {
        o: lived.flows.get(f"points_lost_by_rule.games.{o}", 0) for o in ("own", "false", "identity")
    } == {
        "own": 0,
        "false": 0,
        "identity": 0,
    } | lost
    assert lived.state.month_counts == after
    assert lived.state.score == 1000 - sum(lost.values())


def test_the_months_counts_reset_on_the_first():
    plan = game_plan(rule={"allowance": 1})
    lived = live(plan, CitizenState(score=1000, month_counts=9), *records(own=1), t=31)
    assert (lived.state.month_counts, lived.state.score) == (1, 1000)


def test_the_second_allowance_has_its_own_counter():
    rules = {k: {"behaviour": k, "points": -5, "allowance": 2} for k in ("a", "b")}
    plan = plan_of(behaviour={"a": GAMES, "b": GAMES}, score=SCORE, rule=rules)
    lived = live(plan, CitizenState(score=1000), *records(own=1), *records(own=3, behaviour=1))
    assert lived.state.month_counts == 1 | 3 << 5
    assert lived.state.score == 995


def test_the_clamp_comes_once_after_everything():
    plan = game_plan({"ceiling_points": 1010}, {"points": -20})
    lived = live(plan, CitizenState(score=5), *records(own=1), (WIN, 0, 30))
    assert (lived.state.score, lived.flows.get("points_clamped", 0)) == (15, 0)
    lived = live(plan, CitizenState(score=5), *records(own=1))
    assert (lived.state.score, lived.flows["points_clamped"]) == (0, 15)


@pytest.mark.parametrize(
    ("t", "before", "after"), [(3, 990, 997), (3, 995, 1000), (4, 990, 990), (4, 1008, 1005), (4, 1001, 1000)]
)
def test_the_score_recovers_and_decays_to_the_base_on_its_days(t, before, after):
    timing = {"recovery_points": 7, "recovery_every_days": 3, "decay_points": 3, "decay_every_days": 2}
    assert live(game_plan(timing), CitizenState(score=before), t=t).state.score == after


def test_recovery_takes_a_fresh_loss_into_account():
    lived = live(game_plan({"recovery_points": 2}), CitizenState(score=1000), *records(own=1))
    assert (lived.state.score, lived.flows["points_recovered"]) == (997, 2)


def test_those_not_scored_lose_nothing_and_count_nothing():
    plan = game_plan({"member_share": 0.0}, {"allowance": 3})
    lived = live(plan, CitizenState(score=1000), *records(own=5), (WIN, 0, 0))
    assert (lived.state.score, lived.state.month_counts) == (1000, 0)
    assert lived.flows["appeals.won"] == 1


def test_the_largest_loss_gives_the_origin_and_the_first_wins_a_tie():
    rules = {"x": {"behaviour": "a", "points": -5}, "y": {"behaviour": "b", "points": -10}}
    plan = plan_of(behaviour={"a": GAMES, "b": GAMES}, score=SCORE, rule=rules)
    lived = live(plan, CitizenState(score=1000), *records(own=1), *records(false=1, identity=1, behaviour=1))
    assert lived.state.marks >> LOSS_SHIFT == FALSE
    lived = live(plan, CitizenState(score=1000), *records(own=2), *records(false=1, behaviour=1))
    assert lived.state.marks >> LOSS_SHIFT == OWN


@pytest.mark.parametrize(
    ("rule", "low", "degree", "t", "cost"),
    [
        ({"min_friends": 2}, 2, 9, 31, 7),
        ({"min_friends": 2}, 1, 9, 31, 0),
        ({"min_friends": 2}, 2, 9, 30, 0),
        ({"min_friends": 2, "every": "day"}, 2, 9, 30, 7),
        ({"min_share": 0.25}, 1, 4, 31, 7),
        ({"min_share": 0.25}, 1, 5, 31, 0),
        ({"min_share": 0.0}, 0, 0, 31, 0),
        ({"min_share": 0.5, "min_friends": 1}, 1, 200, 31, 7),
    ],
)
def test_flagged_friends_cost_points_when_they_are_looked_at(rule, low, degree, t, cost):
    plan = plan_of(score=SCORE, rule={"friends": {"on": "association", "points": -7} | rule})
    lived = live(plan, CitizenState(score=1000, low_friends=low), t=t, degree=lambda: degree)
    assert lived.state.score == 1000 - cost
    assert lived.flows.get("points_lost.association", 0) == cost


def test_a_liable_owner_loses_points_and_the_account_for_days():
    outcomes = {"pledge": 1.0, "reprimand": 0.0, "fine": 0.0, "detention": 0.0}
    plan = game_plan(police={"outcomes": outcomes, "owner_suspension_days": 4, "owner_points": -12})
    lived = live(plan, CitizenState(score=1000), (LIABLE, 0, 0), (LIABLE, 0, 0))
    assert (lived.state.score, lived.state.suspended) == (976, 4)
    assert lived.flows["points_lost.liability"] == 24
    assert lived.flows["group_owner_liable"] == 2
    assert lived.flows["punished.association"] == 1
    assert lived.state.marks >> LOSS_SHIFT == ASSOCIATION


def weighted(of, **factor):
    parts = {"f": {"weight": 0.5, "of": of} | factor, "g": {"weight": 0.5, "of": "trait"}}
    score = SCORE | {"kind": "weighted", "floor_points": 350, "ceiling_points": 950, "base_points": 650}
    rule = {"games": {"behaviour": "games", "points": -5, "allowance": 1}}
    return plan_of(behaviour={"games": GAMES}, score=score | {"factor": parts}, rule=rule)


def test_a_weighted_score_is_weighed_on_the_first_only():
    plan = weighted("friends")
    assert live(plan, CitizenState(score=400, low_friends=1), t=30, degree=4).state.score == 400
    lived = live(plan, CitizenState(score=400, low_friends=1), *records(own=1), t=31, degree=4)
    assert lived.state.score == 350 + 525  # 0.5 x 0.75 + 0.5 x 1 of 600 points
    assert lived.flows["points_reset"] == 475
    assert live(plan, CitizenState(score=400), t=31, degree=0).state.score == 950


def test_a_weighted_score_falls_by_last_months_records():
    plan = weighted("records", rule="games", full_at=4)
    lived = live(plan, CitizenState(score=400, month_counts=3), *records(own=2), t=31)
    assert lived.state.score == 350 + 375  # 0.5 x 0.25 + 0.5 x 1 of 600 points
    assert lived.state.month_counts == 2


# ---- lists

COURT = {"entry_score_below": 900, "term_days": 10}


def test_a_listing_by_score_starts_today_and_ends_after_its_term():
    plan = game_plan(list={"court": COURT | {"closes": ["plane"]}})
    state = CitizenState(score=902)
    lived = live(plan, state, *records(false=1), t=5)
    assert (lived.state.lists, lived.state.until[0]) == (1, 15)
    assert lived.state.marks & MARK_LISTED
    assert lived.flows["punished.false"] == lived.flows["first_listed"] == lived.flows["entered.court"] == 1
    assert state.lists == 0  # the row given stays as it was
    healthy = lived.state.copy()
    healthy.score = 1000
    assert live(plan, healthy, t=15).state.lists == 1
    off = live(plan, healthy, t=16)
    assert (off.state.lists, off.state.until[0], off.flows["left.court"]) == (0, 0, 1)


def test_a_term_of_no_days_ends_the_next_morning_and_may_start_again():
    plan = game_plan(list={"court": COURT | {"term_days": 0}})
    lived = live(plan, CitizenState(score=800), t=5)
    assert lived.state.until[0] == 5
    again = live(plan, lived.state, t=6)
    assert (again.flows["left.court"], again.flows["entered.court"], again.state.until[0]) == (1, 1, 6)


def test_new_records_prolong_a_stay_and_never_shorten_it():
    plan = game_plan(list={"court": {"entry_records_of": ["games"], "term_days": 10}})
    on = CitizenState(score=1000, lists=1, until=[12, 0, 0])
    assert live(plan, on, *records(own=1), t=5).state.until[0] == 15
    on.until[0] = 99
    lived = live(plan, on, *records(own=1), t=5)
    assert lived.state.until[0] == 99
    assert "entered.court" not in lived.flows
    assert not lived.pulse


def test_records_come_before_score_in_the_origin_of_a_listing():
    plan = game_plan(list={"court": COURT | {"entry_records_of": ["games"]}}, rule={"points": -200})
    lived = live(plan, CitizenState(score=1000), *records(identity=2, own=1))
    assert lived.flows["punished.own"] == 1
    lived = live(plan, CitizenState(score=800, marks=ASSOCIATION << LOSS_SHIFT))
    assert lived.flows["punished.association"] == 1
    lived = live(plan, CitizenState(score=800))
    assert lived.flows["punished.own"] == 1


@pytest.mark.parametrize(
    ("change", "score", "inbox", "flow"),
    [
        ({"performed_per_day": 1.0}, 950, (), "debts_performed"),
        ({"repaired_per_day": 1.0}, 950, (), "repaired"),
        ({"exit_score_at_least": 950}, 950, (), "left.court"),
        ({"exit_score_below": 951}, 950, (), "left.court"),
        ({"performed_per_day": 1.0}, 950, ((WIN_LIST, 0, 50),), "left.court"),
        ({}, 950, ((WIN_LIST, 0, 50),), "left.court"),
    ],
)
def test_the_ways_off_a_list(change, score, inbox, flow):
    plan = game_plan(list={"court": COURT | change})
    lived = live(plan, CitizenState(score=score, lists=1, until=[50, 0, 0]), *inbox, t=5)
    assert lived.state.lists == 0
    assert lived.flows[flow] == 1
    assert lived.flows["delisted.persons"] == 1
    assert not (inbox and "debts_performed" in lived.flows)


def test_a_won_appeal_ends_only_the_listing_it_was_about():
    plan = game_plan(list={"court": COURT})
    on = CitizenState(score=950, lists=1, until=[50, 0, 0])
    assert live(plan, on, (WIN_LIST, 0, 49), t=5).state.lists == 1
    untermed = game_plan(list={"court": {"entry_score_below": 900}})
    assert live(untermed, on, (WIN_LIST, 0, 65535), t=5).state.lists == 0


def test_perks_punish_nobody_and_follow_a_score_that_is_only_kept():
    tables = {
        "list": {"good": {"kind": "perk", "entry_score_at_least": 1000}, "bad": {"entry_score_below": 2000}}
    }
    lived = live(game_plan({"role": "input_only"}, **tables), CitizenState(score=1000))
    assert lived.state.lists == 0b10  # sorted: bad, good
    assert lived.flows["perks"] == 1
    assert not lived.pulse
    assert not lived.state.marks & MARK_LISTED


def test_a_companys_listing_reaches_the_representative_and_ends():
    company = {"companies_per_citizen": 0.1, "default_per_day": 0.0}
    plan = game_plan(list={"firms": {"entry_companies": True, "closes": ["plane"]}}, company=company)
    lived = live(plan, CitizenState(score=1000), (COMPANY_ON, 0, 0))
    assert lived.state.lists == 1
    assert lived.flows["punished.representation"] == 1
    assert lived.state.marks >> REPRESENTATION & 1
    off = live(plan, lived.state, (COMPANY_OFF, 0, 0), t=2)
    assert (off.state.lists, off.flows["left.firms"]) == (0, 1)


def test_companies_reach_their_representatives_on_the_next_day_and_leave_with_the_term():
    company = {"companies_per_citizen": 0.1, "default_per_day": 1.0, "term_days": 2}
    world = World(plan_of(list={"firms": {"entry_companies": True}}, company=company))
    on = set(world.representatives)
    assert len(on) == 10
    seen = []
    for _ in range(6):
        world.step()
        seen.append(
            (sum(u > 0 for u in world.company_until), {i for i, s in enumerate(world.states) if s.lists})
        )
    # listed at the end of day 0 with last day 2: off at the end of day 3, on again at the end of day 4
    assert seen == [(10, set()), (10, on), (10, on), (0, on), (10, set()), (10, on)]
    assert world.company_until == [7] * 10
    assert world.company_ever == [1] * 10


def test_companies_reach_nobody_where_the_scheme_has_no_list_for_them():
    company = {"companies_per_citizen": 0.1, "default_per_day": 1.0}
    world = World(plan_of(company=company))
    world.step()
    assert world.total("entered.companies") == world.total("listed.companies") == 10
    assert world.pending() == []
