"""Phases 1 to 4 and 7 to 11 of the oracle against days worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from glasshouse.model.oracle import CitizenState, Message, World, live_day, traits_of
from glasshouse.model.oracle_traits import card_owner
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.schema import Scenario
from glasshouse.society.columns import (
    FALSE,
    IDENTITY,
    LIABLE,
    MARK_BORROWING,
    MARK_FLAG,
    MARK_OFFLINE_BY_CARD,
    MARK_REFUSED,
    MARK_STOP_PLANE,
    OWN,
    RECORD,
    WIN,
    WIN_DETENTION,
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
ALWAYS = {"kind": "offence", "per_day": 1.0, "seen_share": 1.0}
NEVER = ALWAYS | {"doer_share": 0.0}
POST = {"kind": "speech", "per_day": 1.0, "online": True, "seen_share": 1.0}
CHAT = {"chat": {"scope": "nation", "sizes": [10], "chat": True}}
OUTCOMES = {"pledge": 0.0, "reprimand": 0.0, "fine": 0.0, "detention": 0.0}


def plan_of(**tables):
    society = ADULTS | tables.pop("society", {})
    return compile_plan(
        Scenario.model_validate({"glasshouse": 1, "title": "t", "society": society, **tables})
    )


def live(plan, state, *inbox, t=1, i=0, bulletin=0, last_phase=11):
    letters = [Message(t, i, kind, arg, value) for kind, arg, value in inbox]
    ties = Ties(plan.ties, plan.population)
    return live_day(
        plan,
        traits_of(plan, i),
        i,
        t,
        state,
        letters,
        bulletin=bulletin,
        degree=0,
        ties=ties,
        last_phase=last_phase,
    )


def told(lived):
    return [event.what for event in lived.story]


# ---- spells and access


@pytest.mark.parametrize("what", ["detained", "suspended", "offline"])
def test_n_days_set_on_a_day_bar_the_next_n_days(what):
    plan = plan_of(behaviour={"post": POST})
    state = CitizenState(**{what: 3})  # as at the end of day 0
    written = []
    for t in range(1, 6):
        lived = live(plan, state, t=t)
        written.append(lived.flows.get("posts.written", 0))
        state = lived.state
    assert written == [0, 0, 0, 1, 1]


def test_the_days_offline_are_counted_by_cause():
    plan = plan_of(behaviour={"post": POST})
    both = live(plan, CitizenState(detained=1, suspended=1, offline=1, marks=MARK_OFFLINE_BY_CARD))
    for cause in ("detention", "suspension", "id"):
        assert both.flows[f"offline_days.{cause}"] == 1
    assert both.flows["detention_days"] == 1
    assert live(plan, CitizenState(offline=1)).flows["offline_days.face"] == 1


def identity(plan_tables=None, **tables):
    checks = {"login": {"check": "id_and_face"}, "offline_days": 3} | tables
    return plan_of(behaviour={"post": POST}, identity=checks, **(plan_tables or {}))


def test_a_face_that_never_matches_keeps_offline_from_today():
    plan = identity(false_non_match_share={"a": 1.0})
    first = live(plan, CitizenState())
    assert first.state.offline == 2
    assert (
        first.flows["offline_days.face"]
        == first.flows["punished.identity"]
        == first.flows["failed_checks.face"]
        == 1
    )
    assert "posts.written" not in first.flows
    second = live(plan, first.state, t=2)
    third = live(plan, second.state, t=3)
    assert (second.state.offline, third.state.offline) == (1, 0)
    assert "failed_checks.face" not in third.flows
    assert live(plan, third.state, t=4).flows["failed_checks.face"] == 1


def test_a_forged_card_fails_before_the_face_and_closes_a_borrowed_account():
    plan = identity(forged_share=1.0, false_non_match_share={"a": 1.0})
    lived = live(plan, CitizenState(marks=MARK_BORROWING))
    assert lived.flows["failed_checks.id"] == lived.flows["offline_days.id"] == 1
    assert lived.state.marks & MARK_OFFLINE_BY_CARD
    assert not lived.state.marks & MARK_BORROWING


def test_a_borrowed_card_shows_another_face():
    plan = identity(false_match_share=0.0)
    assert live(plan, CitizenState(marks=MARK_BORROWING)).flows["failed_checks.face"] == 1
    assert "failed_checks.face" not in live(plan, CitizenState()).flows


def test_a_renewal_is_checked_after_a_failed_new_line_and_a_login_is_not():
    checks = {k: {"check": "id", "per_day": 1.0} for k in ("new_line", "renewal")}
    plan = identity(forged_share=1.0, login={"check": "id"}, **checks)
    lived = live(plan, CitizenState())
    assert lived.flows["failed_checks.id"] == 2
    assert lived.flows["punished.identity"] == 1
    assert lived.flows["offline_days.id"] == 1


def test_a_check_is_made_from_its_first_day():
    plan = identity(forged_share=1.0, login={"check": "id", "from_date": dt.date(2019, 1, 4)})
    assert "failed_checks.id" not in live(plan, CitizenState(), t=2).flows
    assert live(plan, CitizenState(), t=3).flows["failed_checks.id"] == 1


# ---- act and observe


def test_restraint_withholds_what_would_have_been_written():
    learn = {"restraint": "proportional", "strength": 2.0}
    plan = plan_of(behaviour={"post": POST | {"restrained": True}}, learn=learn)
    lived = live(plan, CitizenState(risk=40_000))
    assert lived.flows["posts.withheld"] == lived.flows["withheld.post"] == 1
    assert "post post withheld (perceived risk 0.61)" in [event.text for event in lived.story]
    assert live(plan, CitizenState(risk=255)).flows["posts.written"] == 1


def test_age_bounds_hold():
    assert not live(plan_of(behaviour={"b": ALWAYS | {"max_age": 29}}), CitizenState()).flows
    assert (
        live(plan_of(behaviour={"b": ALWAYS | {"max_age": 100, "min_age": 30}}), CitizenState()).flows[
            "acts.b"
        ]
        == 1
    )


def test_a_record_arrives_after_its_delay():
    now = live(plan_of(behaviour={"b": ALWAYS}), CitizenState())
    assert (now.flows["records_true.b"], now.outbox) == (1, [])
    later = live(plan_of(behaviour={"b": ALWAYS | {"delay_days": [4]}}), CitizenState(), t=3)
    assert later.outbox == [Message(7, 0, RECORD, 0, OWN)]
    assert "records.true" not in later.flows


def test_a_delayed_record_lands_on_its_day():
    world = World(plan_of(behaviour={"b": ALWAYS | {"delay_days": [2]}}))
    landed = []
    for _ in range(4):
        world.step()
        landed.append(world.total("records.true"))
    assert landed == [0, 0, 100, 100]
    assert len(world.pending()) == 200


def test_a_false_alarm_needs_no_doer_and_no_act():
    alarmed = {"false_alarm_per_day": 1.0}
    lived = live(plan_of(behaviour={"b": NEVER | alarmed}), CitizenState())
    assert lived.flows["records_false.b"] == 1
    assert "records.false" not in live(plan_of(behaviour={"b": ALWAYS | alarmed}), CitizenState()).flows
    assert (
        "records.false" not in live(plan_of(behaviour={"b": NEVER | alarmed}), CitizenState(detained=1)).flows
    )


def test_a_misattributed_record_lands_on_another_member_tomorrow():
    world = World(plan_of(behaviour={"b": ALWAYS | {"chat": True, "misattributed_share": 1.0}}, circle=CHAT))
    result = world.step()
    assert world.total("records.misattributed") == 100
    assert world.total("records.true") == world.total("records.false") == 0
    doers = range(100)
    for doer, message in zip(doers, result.messages, strict=True):
        assert message.due == 1
        assert (message.kind, message.value) == (RECORD, FALSE)
        assert message.target in world.ties.members(0, doer)
        assert message.target != doer
    world.step()
    assert world.total("records.false") == 100


def test_a_record_on_a_borrowed_card_lands_on_its_owner_tomorrow():
    plan = plan_of(behaviour={"post": POST}, identity={"borrowed_share": 1.0})
    world = World(plan)
    result = world.step()
    assert result.messages == [Message(1, card_owner(plan, i), RECORD, 0, IDENTITY) for i in range(100)]
    assert all(m.target != i for i, m in enumerate(result.messages))
    assert world.total("records.borrowed") == 100
    world.step()
    assert world.total("records.false") == 100


def test_what_a_platform_sees_and_does():
    platforms = {
        "p": {"kind": "foreign", "passed_on_share": 1.0},
        "q": {"kind": "domestic", "passed_on_share": 1.0},
    }
    post = {"kind": "speech", "per_day": 1.0, "online": True, "seen_on": {"p": 1.0}, "removed_share": 1.0}
    plan = plan_of(
        behaviour={"post": post | {"suspended_share": 1.0, "suspension_days": 2}}, platform=platforms
    )
    lived = live(plan, CitizenState())
    assert lived.state.suspended == 2
    for flow in ("posts.removed", "suspensions", "passed_on.foreign", "records.true", "punished.own"):
        assert lived.flows[flow] == 1
    assert "passed_on.domestic" not in lived.flows
    platforms["p"]["disabled"] = True
    silent = live(plan_of(behaviour={"post": post}, platform=platforms), CitizenState())
    assert silent.flows["posts.removed"] == 1
    assert "records.true" not in silent.flows


# ---- travel

PLANE = {"requests_per_day": 1.0, "retry_share": 1.0, "retries_max": 3, "substitute_share": 1.0}


def travel_plan(closes=("plane",), **mode):
    lists = {"court": {"entry_records_of": ["b"], "closes": list(closes)}}
    return plan_of(behaviour={"b": NEVER}, list=lists, travel={"plane": PLANE | mode})


def test_a_refusal_counts_every_attempt_and_one_person():
    lived = live(travel_plan(), CitizenState(lists=1))
    assert lived.flows["requested.plane"] == lived.flows["refused.plane"] == 4
    assert lived.flows["first_refused"] == lived.flows["substituted"] == lived.flows["punished_days"] == 1
    assert lived.state.marks & MARK_REFUSED
    assert any("because on list court" in event.text for event in lived.story)
    again = live(travel_plan(), lived.state, t=2)
    assert "first_refused" not in again.flows


def test_a_closed_slow_train_is_no_way_out():
    assert "substituted" not in live(travel_plan(("plane", "rail")), CitizenState(lists=1)).flows


def test_a_listing_today_closes_the_plane_tomorrow():
    lived = live(travel_plan(), CitizenState(), (RECORD, 0, OWN))
    assert lived.flows["requested.plane"] == 1
    assert "refused.plane" not in lived.flows
    assert live(travel_plan(), lived.state, t=2).flows["refused.plane"] == 4


def test_who_stops_asking_asks_again_when_no_list_closes_it():
    plan = travel_plan(stop_share=1.0)
    stopped = live(plan, CitizenState(lists=1))
    assert stopped.flows["stopped"] == 1
    assert stopped.state.marks & MARK_STOP_PLANE
    assert "requested.plane" not in live(plan, stopped.state, t=2).flows
    free = stopped.state.copy()
    free.lists = 0
    assert live(plan, free, t=2).flows["requested.plane"] == 1


# ---- police and redress


def police_plan(outcome, behaviour=None, **tables):
    b = NEVER | {"summons_share": 1.0} | (behaviour or {})
    police = {"outcomes": OUTCOMES | {outcome: 1.0}, "detention_days": [5]} | tables.pop("police", {})
    return plan_of(behaviour={"b": b}, police=police, **tables)


@pytest.mark.parametrize(
    ("outcome", "flow", "punished", "days"),
    [
        ("pledge", "pledges", False, 0),
        ("reprimand", "reprimands", False, 0),
        ("fine", "fines", True, 0),
        ("detention", "detentions", True, 5),
    ],
)
def test_a_summons_has_one_outcome(outcome, flow, punished, days):
    lived = live(police_plan(outcome), CitizenState(), (RECORD, 0, FALSE))
    assert lived.flows["summonses"] == lived.flows["interrogations"] == lived.flows[flow] == 1
    assert lived.flows.get("punished.false", 0) == punished == lived.pulse
    assert lived.state.detained == days


def test_the_owner_of_a_chat_group_is_held_liable_tomorrow():
    police = {"owner_liable_share": 1.0, "owner_suspension_days": 2}
    plan = police_plan("pledge", ALWAYS | {"chat": True, "doer_share": 1.0}, police=police, circle=CHAT)
    world = World(plan)
    result = world.step()
    owners = {world.ties.owner(i) for i in range(100)}
    assert len(owners) == 10
    assert result.messages == [
        Message(1, world.ties.owner(i), LIABLE, 0, 0) for i in range(100) if i not in owners
    ]
    world.step()
    assert world.total("group_owner_liable") == 90
    assert {i for i, state in enumerate(world.states) if state.suspended} == owners


def appeal_plan(**won):
    return plan_of(
        behaviour={"b": NEVER | {"summons_share": 1.0}},
        score={"base_points": 1000, "floor_points": 0, "ceiling_points": 1200},
        rule={"b": {"behaviour": "b", "points": -30}},
        list={"court": {"entry_score_below": 980, "term_days": 90}},
        police={"outcomes": OUTCOMES | {"detention": 1.0}, "detention_days": [15]},
        redress={"filed_share": 1.0, "decision_days": 6, "won_if_false_share": 0.0, "won_if_true_share": 0.0}
        | won,
    )


def test_a_won_appeal_lands_after_exactly_the_days_of_decision_and_undoes_what_rested_on_it():
    plan = appeal_plan(won_if_false_share=1.0)
    lived = live(plan, CitizenState(score=1000), (RECORD, 0, FALSE), t=10)
    assert lived.flows["appeals.filed"] == 1
    assert sorted(lived.outbox) == [
        Message(17, 0, WIN, 0, 30),
        Message(17, 0, WIN_DETENTION, 0, 25),
        Message(17, 0, WIN_LIST, 0, 100),
    ]
    state = lived.state
    for t in range(11, 17):
        state = live(plan, state, t=t).state
    assert (state.score, state.lists, state.detained) == (970, 1, 9)
    freed = live(plan, state, (WIN, 0, 30), (WIN_DETENTION, 0, 25), (WIN_LIST, 0, 100), t=17)
    assert (freed.state.score, freed.state.lists, freed.state.detained) == (1000, 0, 0)
    assert freed.flows["appeals.won"] == 1
    assert freed.flows["points_returned"] == 30
    assert "detention_days" not in freed.flows
    assert "listed" not in told(freed)


def test_a_later_detention_outlasts_a_won_appeal():
    plan = appeal_plan()
    lived = live(plan, CitizenState(score=1000, detained=9), (WIN_DETENTION, 0, 24), t=17)
    assert lived.state.detained == 8


def test_the_share_of_won_appeals_depends_on_whether_a_record_was_true():
    plan = appeal_plan(won_if_false_share=1.0)
    lived = live(plan, CitizenState(score=1000), (RECORD, 0, FALSE), (RECORD, 0, OWN))
    assert lived.flows["appeals.filed"] == 1
    assert lived.outbox == []
    assert live(appeal_plan(won_if_true_share=1.0), CitizenState(score=1000), (RECORD, 0, OWN)).outbox


def test_a_record_that_cost_nothing_is_not_appealed():
    redress = {"filed_share": 1.0, "decision_days": 6, "won_if_false_share": 1.0, "won_if_true_share": 1.0}
    lived = live(plan_of(behaviour={"b": NEVER}, redress=redress), CitizenState(), (RECORD, 0, FALSE))
    assert "appeals.filed" not in lived.flows


# ---- learn and publish


def test_perceived_risk_rises_saturates_and_decays():
    learn = {"own_weight": 0.25, "friend_weight": 0.125, "chat_weight": 0.0625, "half_life_days": 1.0}
    plan = police_plan("fine", learn=learn)
    lived = live(plan, CitizenState(risk=1000), (RECORD, 0, OWN), bulletin=7)
    risk = 1000 + 16384 + 7
    assert lived.state.risk == risk - (risk * 32768 + 32768 >> 16)
    full = live(plan, CitizenState(risk=65_000), (RECORD, 0, OWN))
    assert full.state.risk == 65_535 - (65_535 * 32768 + 32768 >> 16)


def test_the_flag_follows_the_score_and_flips_once():
    score = {"base_points": 1000, "floor_points": 0, "ceiling_points": 1200, "low_cutoff_points": 900}
    plan = plan_of(score=score)
    low = live(plan, CitizenState(score=899))
    assert low.flip
    assert low.flows["flagged"] == 1
    assert low.state.marks & MARK_FLAG
    still = live(plan, low.state, t=2)
    assert not still.flip
    still.state.score = 900
    assert live(plan, still.state, t=3).flows["unflagged"] == 1


def test_fewer_phases_do_less():
    plan = police_plan("detention")
    done = [live(plan, CitizenState(), (RECORD, 0, OWN), last_phase=k) for k in range(12)]
    assert [d.state.detained for d in done] == [0] * 8 + [5] * 4
    assert [d.flows.get("records.true", 0) for d in done] == [0] * 4 + [1] * 8
    assert [d.flows.get("punished_days", 0) for d in done] == [0] * 11 + [1]
