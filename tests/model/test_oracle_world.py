"""A whole society of the oracle: what passes between citizens, what is conserved, and that one life can be replayed."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from glasshouse.model.flows import flow_names
from glasshouse.model.oracle import PHASES, World, live_day
from glasshouse.model.oracle_end import bulletin, pass_on_pulses
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.schema import Scenario
from glasshouse.society.columns import COLUMNS, COMPANY_COLUMNS, MARK_BORROWING, MARK_FLAG, MARK_LISTED, OWN

ADULTS = {
    "citizens": 30,
    "days": 800,
    "start_date": dt.date(2019, 1, 1),
    "age_from": [30],
    "age_shares": [1.0],
    "online_shares": [1.0],
}
SCORE = {"base_points": 1000, "floor_points": 900, "ceiling_points": 1010, "low_cutoff_points": 975}
OUTCOMES = {"pledge": 0.3, "reprimand": 0.3, "fine": 0.2, "detention": 0.2}


def plan_of(**tables):
    society = ADULTS | tables.pop("society", {})
    return compile_plan(
        Scenario.model_validate({"glasshouse": 1, "title": "t", "society": society, **tables})
    )


def everything(**change):
    """A scheme in which every mechanism has something to do."""
    act = {"kind": "offence", "per_day": 0.1, "activity_cv": "1", "restrained": True, "summons_share": 0.2}
    unseen = act | {"caught_share": 0.8, "false_alarm_per_day": 0.01}
    post = act | {"kind": "speech", "online": True, "chat": True, "misattributed_share": 0.3}
    tables = {
        "society": {
            "citizens": 200,
            "age_from": [0, 18],
            "age_shares": [0.2, 0.8],
            "group_shares": {"a": 0.6, "b": 0.4},
        },
        "behaviour": {
            "games": unseen | {"seen_share": 0.7, "delay_days": [0, 3], "delay_shares": [0.5, 0.5]},
            "help": {"kind": "prosocial", "per_day": 0.1, "seen_share": 0.5},
            "post": post
            | {
                "seen_on": {"x": 0.6, "y": 0.3},
                "removed_share": 0.3,
                "suspended_share": 0.5,
                "suspension_days": 3,
            },
        },
        "platform": {
            "x": {"kind": "domestic", "passed_on_share": 0.9},
            "y": {"kind": "foreign", "passed_on_share": 0.2},
        },
        "score": SCORE
        | {"recovery_points": 1, "recovery_every_days": 2, "decay_points": 1, "member_share": 0.9},
        "rule": {
            "games": {"behaviour": "games", "points": -12, "allowance": 2},
            "help": {"behaviour": "help", "points": 4},
            "post": {"behaviour": "post", "points": -20},
            "friends": {"on": "association", "points": -7, "min_share": 0.2},
        },
        "list": {
            "court": {
                "entry_score_below": 960,
                "term_days": 20,
                "closes": ["plane"],
                "exit_score_at_least": 990,
            },
            "firms": {"entry_companies": True, "closes": ["plane"]},
            "good": {"kind": "perk", "entry_score_at_least": 1004, "exit_score_below": 1000},
            "record": {
                "entry_records_of": ["games", "post"],
                "entry_share": 0.3,
                "term_days": 9,
                "repaired_per_day": 0.1,
            },
        },
        "initial": {"listed_share": {"court": 0.1}, "score": {"weights": [0.5, 0.5], "points": [1000, 970]}},
        "circle": {
            "home": {"scope": "province", "sizes": [3, 2], "friend_share": 1.0},
            "talk": {"scope": "nation", "sizes": [12], "chat": True, "friend_share": 0.2},
        },
        "ring": {"one": {}},
        "travel": {
            "plane": {"requests_per_day": 0.3, "retry_share": 0.5, "retries_max": 3, "stop_share": 0.1}
        },
        "police": {
            "outcomes": OUTCOMES,
            "owner_liable_share": 0.5,
            "owner_suspension_days": 2,
            "owner_points": -9,
        },
        "redress": {
            "filed_share": 0.6,
            "decision_days": 4,
            "won_if_false_share": 0.7,
            "won_if_true_share": 0.2,
        },
        "learn": {
            "restraint": "proportional",
            "own_weight": 0.3,
            "friend_weight": 0.05,
            "bulletin_weight": 0.1,
        },
        "ties": {"cut_share": 0.2},
        "identity": {
            "borrowed_share": 0.2,
            "forged_share": 0.002,
            "false_non_match_share": {"a": 0.2, "b": 0.3},
            "false_match_share": 0.9,
            "login": {"check": "id_and_face"},
            "renewal": {"check": "id", "per_day": 0.05},
        },
        "company": {"companies_per_citizen": 0.1, "default_per_day": 0.05, "term_days": 9},
    }
    return plan_of(**(tables | change))


def weighted():
    score = SCORE | {"kind": "weighted", "floor_points": 350, "ceiling_points": 950, "base_points": 650}
    factors = {
        "conduct": {"weight": 0.4, "of": "records", "rule": "games", "full_at": 5},
        "friends": {"weight": 0.2, "of": "friends"},
        "means": {"weight": 0.4, "of": "trait", "weights": [0.5, 0.5], "levels": [0.2, 0.9]},
    }
    return everything(score=score | {"factor": factors, "low_cutoff_points": 600}, initial={})


def members_sum(world):
    return sum(s.score for s, traits in zip(world.states, world.traits, strict=True) if traits.member)


def flagged(world):
    return [state.marks & MARK_FLAG for state in world.states]


@pytest.mark.parametrize("make", [everything, weighted])
def test_every_day_scores_lists_flags_and_tickets_add_up(make):
    plan = make()
    world = World(plan)
    counted = set()
    for _ in range(65):
        before, flags = members_sum(world), sum(flagged(world))
        on = [sum(s.is_on(k) for s in world.states) for k in range(len(plan.lists))]
        world.step()
        of = world.total
        points = of("points_gained.all") + of("points_returned") + of("points_recovered") + of("points_reset")
        points += of("points_clamped") - of("points_lost.all") - of("points_decayed")
        assert members_sum(world) == before + points
        assert of("points_lost.all") == sum(
            of(f"points_lost_by.{o}") for o in ("own", "false", "association", "identity")
        )
        assert sum(flagged(world)) == flags + of("flagged") - of("unflagged")
        for k, one in enumerate(plan.lists):
            assert sum(s.is_on(k) for s in world.states) == on[k] + of(f"entered.{one.id}") - of(
                f"left.{one.id}"
            )
        assert of("refused.plane") <= of("requested.plane")
        bad = [flag != 0 for flag in flagged(world)]
        friends = [sum(bad[j] for j in world.uncut(i)) for i in range(200)]
        assert [state.low_friends for state in world.states] == friends
        for state in world.states:
            assert not state.lists & 0b1011 or state.marks & 0b111110  # every sanction has an origin
        counted |= {name for name, _, _ in world.flows}
    assert counted <= set(flow_names(plan))
    if make is everything:
        assert len(counted) > 75


def test_columns_have_the_names_and_bounds_of_the_table():
    world = World(everything())
    world.run(40)
    columns = world.columns()
    assert list(columns) != []
    assert set(columns) == {column.name for column in (*COLUMNS, *COMPANY_COLUMNS)}
    for column in (*COLUMNS, *COMPANY_COLUMNS):
        assert all(column.low <= value <= column.high for value in columns[column.name])


def test_a_step_of_fewer_phases_changes_nothing_and_agrees_with_the_full_one():
    world = World(everything())
    world.run(35)
    before, pending = world.columns(), world.pending()
    parts = [world.step(last_phase=k) for k in range(len(PHASES))]
    assert (world.t, world.columns(), world.pending()) == (35, before, pending)
    assert parts[0].columns().items() <= before.items()
    stories = [len(part.story) for part in parts]
    assert all(less <= more for less, more in pairwise(stories))
    full = world.step()
    assert full.story[: len(parts[0].story)] == parts[0].story
    assert [event for event in full.story if event.phase <= 8] == parts[8].story
    assert set(parts[9].flows.items()) <= set(full.flows.items())


def test_one_life_can_be_replayed_from_its_inputs_in_any_order():
    world = World(everything())
    replayed = 0
    for t in range(45):
        letters = world.inbox_of_today()
        i = max(letters, key=lambda who: len(letters[who]), default=0)
        state, degree, news = world.states[i].copy(), len(world.uncut(i)), bulletin(world, t)
        inbox = list(reversed(letters.get(i, [])))
        alone = live_day(
            world.plan, world.traits[i], i, t, state, inbox, bulletin=news, degree=degree, ties=world.ties
        )
        result = world.step()
        assert all(message in result.messages for message in alone.outbox)
        mine = [event for event in result.story if event.citizen == i]
        assert sorted(alone.story) == sorted(mine)
        after, kept = alone.state.columns(), ("low_friends", "risk", "history")
        assert {k: v for k, v in after.items() if k not in kept} == {
            k: v for k, v in world.states[i].columns().items() if k not in kept
        }
        replayed += len(inbox)
    assert replayed > 40


# ---- ties


def two_classes(points=800, **tables):
    """Half of the citizens start low and recover on day 0."""
    score = {"base_points": 1000, "floor_points": 0, "ceiling_points": 1200, "low_cutoff_points": 900}
    return plan_of(
        score=score | {"recovery_points": 500, "recovery_every_days": 365},
        initial={"score": {"weights": [0.5, 0.5], "points": [1000, points]}},
        ring={"one": {}},
        **tables,
    )


def test_flags_are_published_before_day_0_and_unflagged_friends_are_told_of():
    world = World(two_classes())
    low = [i for i, flag in enumerate(flagged(world)) if flag]
    assert 5 < len(low) < 25
    assert [s.low_friends for s in world.states] == [
        sum(j in low for j in world.friends[i]) for i in range(30)
    ]
    world.step()
    assert world.total("unflagged") == len(low)
    assert {s.low_friends for s in world.states} == {0}
    assert [s.history for s in world.states] == [int(i in low) for i in range(30)]


def test_flips_on_other_days_change_the_friends_counts():
    plan = two_classes(society={"start_date": dt.date(2019, 1, 15)})
    world = World(plan)
    world.step()
    assert {s.low_friends for s in world.states} == {0}
    assert {s.history for s in world.states} == {0}


def test_ties_to_flagged_friends_are_cut_for_twelve_months():
    world = World(two_classes(ties={"cut_share": 1.0}))
    low = {i for i, flag in enumerate(flagged(world)) if flag}
    ties = {(i, j) for i, friends in enumerate(world.friends) for j in friends if i < j}
    cut = {tie for tie in ties if low & set(tie)}
    world.step()
    assert world.cut == cut
    assert world.total("ties_cut") == len(cut)
    someone = next(iter(sorted(low)))
    assert world.uncut(someone) == []
    world.run(364)
    assert world.cut == cut
    assert world.total("ties_cut") == 0
    world.step()  # 2020-01-01
    assert world.cut == set()
    assert world.total("ties_cut") == 0


def test_the_tie_is_counted_at_whose_decision_cut_it():
    plan = two_classes(ties={"cut_share": 1.0}, society={"group_shares": {"a": 0.5, "b": 0.5}})
    world = World(plan)
    low = {i for i, flag in enumerate(flagged(world)) if flag}
    world.step()
    # the smaller id cuts if the larger one is flagged (or both are), else the larger one
    deciders = [i if j in low else j for i, j in world.cut]
    in_a = sum(world.traits[i].group == 0 for i in deciders)
    assert sum(n for (name, _, g), n in world.flows.items() if name == "ties_cut" and g == 0) == in_a


def test_a_pair_tied_twice_counts_twice():
    circle = {"pair": {"scope": "nation", "sizes": [2], "friend_share": 1.0}}
    circle["too"] = {"scope": "nation", "sizes": [30], "friend_share": 1.0}
    score = {"base_points": 800, "floor_points": 0, "ceiling_points": 1200, "low_cutoff_points": 900}
    world = World(plan_of(circle=circle, score=score, ties={"cut_share": 1.0}))
    assert {state.low_friends for state in world.states} == {30}
    world.step()
    assert world.total("ties_cut") == 30 * 29 // 2 + 15


# ---- pulses and bulletin


def fined(**tables):
    return plan_of(
        behaviour={"b": {"kind": "offence", "per_day": 1.0, "seen_share": 1.0, "summons_share": 1.0}},
        police={"outcomes": {"pledge": 0.0, "reprimand": 0.0, "fine": 1.0, "detention": 0.0}},
        **tables,
    )


def test_friends_and_chat_members_of_the_punished_perceive_more_risk():
    chats = {k: {"scope": "nation", "sizes": [10], "chat": True} for k in ("one", "two")}
    learn = {"friend_weight": 0.01, "chat_weight": 0.001}
    world = World(fined(circle=chats, ring={"r": {}}, learn=learn))
    world.step()
    weights = world.plan.learn
    assert {state.risk for state in world.states} == {2 * weights.friend + 18 * weights.chat}


def test_what_is_seen_saturates():
    chat = {"one": {"scope": "nation", "sizes": [30], "chat": True}}
    world = World(plan_of(circle=chat, ring={"r": {}}, learn={"friend_weight": 0.03, "chat_weight": 0.002}))
    weights = world.plan.learn
    for times in range(1, 11):
        pass_on_pulses(world, range(30))
        risen = times * (29 * weights.chat + 2 * weights.friend)
        assert {state.risk for state in world.states} == {min(65_535, risen)}
    assert risen > 65_535


def test_the_bulletin_comes_on_the_first_and_counts_last_month():
    world = World(fined(learn={"bulletin_weight": 0.001}))
    assert bulletin(world, 0) == 0
    world.run(31)
    assert world.pulses_by_month == {0: 31 * 30}
    assert bulletin(world, 31) == 66 * 31 * 30 // 30  # 0.001 is 66 of 2^-16
    assert bulletin(world, 32) == 0


# ---- before day 0


def test_who_is_on_a_list_before_day_0():
    lists = {
        "court": {"entry_score_below": 0, "term_days": 40},
        "good": {"kind": "perk", "entry_score_at_least": 2000},
        "open": {"entry_score_below": 0},
    }
    shares = {"court": 1.0, "good": 1.0, "open": 0.0}
    young = {"age_from": [0, 18], "age_shares": [0.5, 0.5]}
    world = World(plan_of(list=lists, initial={"listed_share": shares}, society=young))
    for state, traits in zip(world.states, world.traits, strict=True):
        assert state.lists == (0b011 if traits.age >= 18 else 0)
        assert state.marks == (MARK_LISTED | 1 << OWN if traits.age >= 18 else 0)
        assert 0 <= state.until[0] < 40
    assert len({state.until[0] for state in world.states}) > 5


def test_nobody_has_a_borrowed_card_alone():
    identity = {"borrowed_share": 1.0}
    assert World(plan_of(identity=identity)).states[0].marks == MARK_BORROWING
    assert World(plan_of(identity=identity, society={"citizens": 1})).states[0].marks == 0
