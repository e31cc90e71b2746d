"""A played year is the oracle's year; answers change what they are about, and nothing else has other luck."""

from __future__ import annotations

import inspect
import json

import pytest

from glasshouse.errors import UsageError
from glasshouse.model.flows import flow_names
from glasshouse.model.oracle import World
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.play import ANSWERS, QUESTIONS, TWINS, Game
from glasshouse.play.choices import asked
from glasshouse.play.who import chosen
from glasshouse.play.world import PlayedWorld
from glasshouse.records.digest import RunDigest
from glasshouse.records.layout import Layout
from glasshouse.scenario.load import load
from glasshouse.society.columns import MARK_FLAG
from glasshouse.verify import census, oracle_digest

PRESET = "as-reported"


def _plan(citizens=90, days=59):
    return compile_plan(load(PRESET).scenario, citizens=citizens, days=days, seed=5)


def _digest(plan, me, answers):
    """Return the digest of a played run, every month with the same answers."""
    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    digest, world = RunDigest(plan, layout), PlayedWorld(plan, me)
    for t in range(plan.days):
        if plan.is_first(t):
            world.take(answers)
        world.day()
        digest.day(t, *layout.arrays(world.flows, census(world)))
    return digest.finish(world.columns(), plan.citizens, world.pending())


# ---- the same engine


def test_with_every_choice_as_usual_the_digest_is_the_runs():
    plan = _plan()
    assert _digest(plan, 7, dict.fromkeys(QUESTIONS, "usual")) == oracle_digest(plan)


@pytest.mark.slow
def test_with_every_choice_as_usual_a_year_of_the_compiled_engine_has_the_digest():
    from glasshouse.run import simulate

    plan = _plan(citizens=200, days=365)
    run = simulate(PRESET, citizens=200, days=365, seed=5)
    assert _digest(plan, 11, dict.fromkeys(QUESTIONS, "usual")) == run.digest


def test_a_choice_moves_the_digest():
    plan = _plan(citizens=60, days=40)
    me = chosen(World(plan), None)
    assert _digest(plan, me, {"games": "yes"}) != oracle_digest(plan)


def test_what_the_player_does_leaves_the_habits_of_all_others_as_they_are():
    plan = _plan(citizens=80, days=31)
    usual, played = World(plan), PlayedWorld(plan, 7)
    played.take({"games": "yes", "post": "yes"})
    for _ in range(plan.days):
        usual.step()
        played.day()
    strangers = set(range(80)) - {7, *played.friends[7], *played.ties.chat_members(7)}
    assert len(strangers) > 20
    assert all(played.states[j].score == usual.states[j].score for j in strangers)


# ---- what an answer does


def _flows(game, answers, months=3):
    for _ in range(months):
        asked = game.questions()["questions"]
        game.month({question: answer for question, answer in answers.items() if question in asked})
    return game.worlds[0].orders.flows


def test_whoever_says_yes_writes_once_plays_four_times_and_asks_for_a_flight_each_month(game):
    flows = _flows(game("as-documented", twin="careful"), {"post": "yes", "games": "yes", "flight": "yes"})
    assert flows["acts.police_criticism"] >= 3
    assert flows["acts.games"] >= 12
    assert flows["requested.plane"] >= 3


def test_whoever_says_no_writes_nothing_plays_nothing_and_never_asks(game):
    one = game("as-documented")
    flows = _flows(one, {"post": "no", "games": "no", "flight": "no"})
    assert flows["posts.written"] == flows["acts.games"] == flows["requested.plane"] == 0


def test_restraint_by_choice_is_told(game):
    one = game()
    told = [line for _ in range(3) for line in one.month({"games": "no"})["lines"]]
    usual = game()
    done = [line for _ in range(3) for line in usual.month({})["lines"] if line["what"] == "did"]
    games = [line for line in done if line["key"] == "behaviour.games"]
    refrained = [line for line in told if line["what"] == "refrained"]
    assert [line["day"] for line in refrained] == [line["day"] for line in games]


def test_an_appeal_follows_the_answer(game):
    for answer, files in (("yes", True), ("no", False)):
        one = game(days=120)
        flows = _flows(one, {"games": "yes", "appeal": answer}, months=4)
        assert flows["points_lost.games"] > 0
        assert (flows["appeals.filed"] > 0) is files


def _with_flagged_friend(answer):
    """Return a world in which a friend's flag was up on the first morning and the answer was given, and the friend."""
    plan = _plan(citizens=100, days=31)
    me = chosen(World(plan), None)
    world = PlayedWorld(plan, me)
    friend = min(world.friends[me])
    world.states[friend].mark(MARK_FLAG)
    assert "friend" in asked(world, me)
    world.take({"friend": answer})
    told = world.day()
    return world, friend, [event for event in told if event.what == "cut"]


def test_a_friend_is_cut_or_kept_as_answered_and_otherwise_by_luck():
    cut, friend, told = _with_flagged_friend("no")
    assert friend not in cut.uncut(cut.me)
    assert [event.value for event in told] == [friend]
    kept, friend, told = _with_flagged_friend("yes")
    assert friend in kept.uncut(kept.me)
    assert told == []
    usual, friend, _ = _with_flagged_friend("usual")
    assert [kept.cuts(kept.me, friend, 0), cut.cuts(cut.me, friend, 0)] == [False, True]
    assert usual.cuts(usual.me, friend, 0) == World(usual.plan).cuts(usual.me, friend, 0)
    assert cut.cuts(friend, cut.me, 0) == usual.cuts(friend, usual.me, 0), "the friend is not asked"


# ---- months, twins, the end


def test_a_year_has_twelve_months_and_then_an_ending(game):
    one = game("as-documented", citizens=60, days=365)
    months = []
    while not one.over:
        told = one.month({})
        months.append(told["month"])
    assert months == [f"2019-{month:02}" for month in range(1, 13)]
    assert told["next"] is None
    assert told["ending"]["parting"] is None, "every choice as usual, and a usual twin"
    mine, twin = told["ending"]["worlds"]
    assert mine["counts"] == twin["counts"]
    assert mine["society"] == twin["society"]
    with pytest.raises(UsageError, match="the year is over"):
        one.month({})


def test_the_twin_parts_from_the_player_by_the_choices(game):
    one = game(twin="careful", days=59)
    one.month({"games": "yes"})
    told = one.month({"games": "yes"})
    mine, twin = told["ending"]["worlds"]
    assert mine["counts"] != twin["counts"]
    parting = told["ending"]["parting"]
    assert parting["day"] >= 0
    assert all(one["world"] in {0, 1} and one["line"]["alone"] for one in parting["led_to"])
    assert any(line.alone for line in one.diaries[0].lines)


def test_what_happens_tells_rule_grade_and_source(game):
    one = game(days=59)
    lines = [line for _ in range(2) for line in one.month({"games": "yes"})["lines"]]
    lost = [line for line in lines if line["key"] == "rule.games" and line["what"] == "points"]
    assert lost
    assert all(line["grade"] == "assumed" and line["source"] and line["label"] for line in lost)


def test_everything_told_is_plain_json(game):
    one = game(days=40)
    opening = one.opening()
    told = [one.month({}), one.month({})]
    assert json.loads(json.dumps([opening, told], allow_nan=False)) == [opening, told]
    assert set(opening["next"]["questions"]) <= set(QUESTIONS)


def test_a_score_is_told_where_there_is_one(game):
    assert game("as-documented").opening()["you"]["score"] is None
    you = game("as-reported").opening()["you"]
    assert (you["score"], you["grade"]) == (1000, "A")


# ---- refusals


def test_only_presets_twins_and_citizens_that_there_are_can_be_played(game):
    for wishes, words in (
        ({"preset": "../secret"}, "no preset"),
        ({"twin": "evil"}, "no twin"),
        ({"citizen": 10_000}, "citizens 0 to 99"),
        ({"citizen": -1}, "citizens 0 to 99"),
    ):
        with pytest.raises(UsageError, match=words):
            game(**wishes)


def test_a_child_is_not_played(game):
    one = game()
    child = next(i for i in range(100) if one.worlds[0].traits[i].age < 18)
    with pytest.raises(UsageError, match="a child or never online"):
        game(citizen=child)


def test_an_answer_to_nothing_that_was_asked_is_refused(game):
    one = game()
    strange = {"steal": "yes"}, {"post": "maybe"}, {"post": None}
    for answers, words in zip(strange, ("not asked", "no answer", "no answer"), strict=True):
        with pytest.raises(UsageError, match=words):
            one.month(answers)
    assert one.t == 0


def test_there_is_no_way_in_for_a_society_of_somebodys_own():
    assert list(inspect.signature(Game).parameters) == [
        "preset",
        "seed",
        "citizen",
        "twin",
        "citizens",
        "days",
    ]
    assert set(TWINS.values()) == set(ANSWERS)
