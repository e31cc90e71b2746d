"""Who plays: the rules of a scheme, taken together until every coalition can be lived."""

from __future__ import annotations

import pytest

from glasshouse.attribute.players import (
    EXACT,
    MOST,
    Player,
    default_players,
    named_players,
    single_rules,
    without_players,
)
from glasshouse.errors import ScenarioError, UsageError
from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.run import simulate
from glasshouse.scenario.load import load, presets

AS_REPORTED = [
    "games+junk_food", "friends", "unauthorised_sites", "false_news+police_criticism", "court+representatives",
    "score", "conduct", "identity", "police+owners+removal", "domestic+foreign",
]  # fmt: skip


def names(players):
    return [one.name for one in players]


def members(players):
    return sorted(member for one in players for member in one.members)


def test_the_players_of_as_reported_are_the_whole_scheme_in_ten():
    scenario = load("as-reported").scenario
    assert names(default_players(scenario)) == AS_REPORTED
    assert members(default_players(scenario)) == members(single_rules(scenario))
    assert len(single_rules(scenario)) == 16


@pytest.mark.parametrize("preset", [one.id for one in presets() if one.id != "no-scheme"])
def test_every_preset_has_few_enough_players_and_all_of_its_rules(preset):
    scenario = load(preset).scenario
    players = default_players(scenario)
    assert 1 <= len(players) <= EXACT
    assert members(players) == members(single_rules(scenario))


def test_what_takes_nothing_is_no_player():
    scenario = load("as-reported").scenario
    assert scenario.rule["prosocial"].points > 0
    assert "prosocial" not in members(single_rules(scenario))
    assert not {"redress", "learn", "class"} & set(members(single_rules(scenario)))


def test_a_scheme_without_rules_has_no_players():
    with pytest.raises(UsageError, match="no rule of this scenario takes anything"):
        default_players(load("no-scheme").scenario)


def test_fewer_can_be_asked_for():
    scenario = load("as-reported").scenario
    assert len(default_players(scenario, most=6)) == 6
    assert len(default_players(scenario, most=1)) == 6  # what has nothing in common stays apart


@pytest.mark.parametrize(
    ("over", "message", "help"),
    [
        (["gams"], "no rule of this scenario is called `gams`", "did you mean `games`"),
        (["xyzzy"], "is called `xyzzy`", "there are: games, junk_food"),
        (["games", "friends+games"], "names `games` twice", "one player"),
        (["games", "rule.games"], "names `rule.games` twice", "one player"),
        ([""], "names no rule", "there are: games"),
        ([], "names no rule", "there are: games"),
        (["games", ""], "names no rule", "there are: games"),
        (["behaviour.games"], "belongs to the people", "there are: games"),
        (["household"], "the circle `household` belongs to the people", "there are: games"),
    ],
)
def test_names_that_are_no_rules_are_refused(over, message, help):
    with pytest.raises(UsageError, match=message) as caught:
        named_players(load("as-reported").scenario, over)
    assert help in caught.value.help


def test_more_players_than_can_be_sampled_are_refused(scheme):
    rules = [f'[rule.r{i}]\nbehaviour = "games"\npoints = -1\n' for i in range(32)]
    scenario = scheme(*rules).scenario
    assert len(named_players(scenario, [f"r{i}" for i in range(32)])) == 32
    with pytest.raises(UsageError, match="twice"):
        named_players(scenario, [f"r{i % 32}" for i in range(MOST + 1)])


def test_switching_off_is_what_without_does():
    chosen = ("games", "score", "identity", "police", "removal", "platform.domestic")
    scenario = load("as-reported").scenario
    off = without_players(scenario, [Player(chosen[:2]), Player(chosen[2:])])
    asked = load("as-reported", without=chosen).scenario
    digests = {plan_digest(compile_plan(one, citizens=500)) for one in (off, asked)}
    assert len(digests) == 1
    assert digests != {plan_digest(compile_plan(scenario, citizens=500))}


@pytest.mark.parametrize(
    ("mechanism", "gone"),
    [
        ("police", ["summonses", "group_owner_liable"]),
        ("owners", ["group_owner_liable"]),
        ("removal", ["posts.removed"]),
        ("identity", ["offline_days.face", "offline_days.id"]),
    ],
)
def test_a_mechanism_that_is_off_does_nothing(mechanism, gone):
    size = {"citizens": 4_000, "days": 60, "threads": 1}
    whole = simulate(load("as-reported", set={"police.owner_liable_share": 1}), **size).totals
    less = simulate(
        load("as-reported", set={"police.owner_liable_share": 1}, without=[mechanism]), **size
    ).totals
    assert all(whole[key] > 0 for key in gone)
    assert not any(less[key] for key in gone)
    others = {"summonses", "group_owner_liable", "posts.removed", "offline_days.face"} - set(gone)
    assert all(less[key] > 0 for key in others)


def test_a_mechanism_that_a_scheme_does_not_have_cannot_be_switched_off():
    with pytest.raises(ScenarioError, match="removes a rule that does not exist: `police`"):
        load("classroom", without=["police"])
