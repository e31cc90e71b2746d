"""As-reported without one rate: its own key of the totals is 0, and no other mechanism's; an inert rule is nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from living import source_of, totals_of

from glasshouse.run import simulate
from glasshouse.scenario.load import load

# As-reported with the rarest rates raised, so that twenty thousand citizens show every key within two months.
RAISED = {
    "strict_sources": False,
    "behaviour.false_news.per_day": 0.02,
    "behaviour.police_criticism.per_day": 0.02,
    "behaviour.false_news.misattributed_share": 0.1,
    "behaviour.police_criticism.misattributed_share": 0.1,
    "behaviour.false_news.suspended_share": 0.3,
    "behaviour.games.per_day": 0.05,
    "behaviour.games.seen_on.foreign": 0.3,
    "behaviour.false_news.seen_on": {"domestic": 0.5, "foreign": 0.4},
    "behaviour.police_criticism.seen_on": {"domestic": 0.5, "foreign": 0.4},
    "platform.foreign.passed_on_share": 0.6,
    "rule.friends.points": -20,
    "behaviour.train_conduct.seen_share": 0.3,
    "list.court.performed_per_day": 0.005,
    "police.owner_liable_share": 0.9,
    "police.outcomes.pledge": 0.3,
    "police.outcomes.reprimand": 0.19,
    "redress.filed_share": 0.3,
    "redress.decision_days": 10,
    "identity.forged_share": 0.0005,
    "company.default_per_day": 0.005,
}
CITIZENS, DAYS = 20_000, 60
HELD = ("detention_days", "offline_days.detention")  # nobody is held whom nobody summons
ASKED = {"pledges", "interrogations", "group_owner_liable", *HELD}


@dataclass(frozen=True)
class Zero:
    """One rate set to zero.

    Attributes:
        key: Its own key of the totals.
        changes: What is set.
        with_it: Other keys that must fall to 0 with it; `why` says why.
    """

    key: str
    changes: dict[str, Any]
    with_it: frozenset[str] = field(default_factory=frozenset)
    why: str = ""

    def __str__(self) -> str:
        return self.key


def off(behaviour: str) -> dict[str, Any]:
    """Return the changes after which nobody does it or is said to have done it."""
    return {f"behaviour.{behaviour}.per_day": 0, f"behaviour.{behaviour}.false_alarm_per_day": 0}


def everywhere(what: str, *behaviours: str) -> dict[str, Any]:
    """Return the changes that set a number to 0 for several behaviours."""
    return {f"behaviour.{name}.{what}": 0 for name in behaviours}


SPOKEN = ("false_news", "police_criticism")
POSTS = (*SPOKEN, "other_posts")
FALSELY = (*SPOKEN, "games", "junk_food", "unauthorised_sites", "court_default")
NOBODY = {f"identity.false_non_match_share.{group}": 0 for group in "abcd"}
ZEROES = (
    Zero("points_lost.games", off("games")),
    Zero("points_lost.junk_food", off("junk_food")),
    Zero("points_lost.association", {"rule.friends.points": 0}),
    Zero("points_lost.unauthorised_sites", off("unauthorised_sites")),
    Zero("points_lost.false_news", off("false_news")),
    Zero("points_lost.police_criticism", off("police_criticism")),
    Zero("points_gained.all", off("prosocial")),
    Zero(
        "records.false",
        everywhere("false_alarm_per_day", *FALSELY)
        | everywhere("misattributed_share", *SPOKEN)
        | {"identity.borrowed_share": 0},
        frozenset({"records.misattributed", "punished.false"}),
        "false records are the only way to be falsely punished, and misattributed ones are among them",
    ),
    Zero("records.misattributed", everywhere("misattributed_share", *SPOKEN)),
    Zero(
        "passed_on.domestic",
        {"platform.domestic.passed_on_share": 0},
        frozenset({"points_lost.junk_food"}),
        "only domestic platforms see what is eaten",
    ),
    Zero("passed_on.foreign", {"platform.foreign.passed_on_share": 0}),
    Zero("summonses", everywhere("summons_share", *SPOKEN), frozenset(ASKED), "all of it follows a summons"),
    Zero(
        "interrogations",
        {"police.interrogated_share": 0},
        frozenset({"pledges", *HELD}),
        "outcomes follow an interrogation",
    ),
    Zero("pledges", {"police.outcomes.pledge": 0, "police.outcomes.fine": 0.42}),
    Zero(
        "detention_days",
        {"police.outcomes.detention": 0, "police.outcomes.fine": 0.51},
        frozenset({"offline_days.detention"}),
        "who is not held is not kept offline by it",
    ),
    Zero("group_owner_liable", {"police.owner_liable_share": 0}),
    Zero(
        "listed.companies",
        {"company.default_per_day": 0},
        frozenset({"punished.representation"}),
        "a company's debts are the only way to be punished for one",
    ),
    Zero(
        "requested.plane",
        {"travel.plane.requests_per_day": 0},
        frozenset({"refused.plane"}),
        "nobody asks, nobody is refused",
    ),
    Zero(
        "requested.high_speed_rail",
        {"travel.high_speed_rail.requests_per_day": 0},
        frozenset({"refused.high_speed_rail"}),
        "nobody asks, nobody is refused",
    ),
    Zero("offline_days.id", {"identity.forged_share": 0}),
    Zero("offline_days.face", NOBODY | {"identity.false_match_share": 1}),
    Zero(
        "offline_days.suspension", everywhere("suspended_share", *POSTS) | {"police.owner_suspension_days": 0}
    ),
    Zero("posts.removed", everywhere("removed_share", *POSTS)),
    Zero("posts.withheld", {"learn.strength": 0}),
    Zero("ties_cut", {"ties.cut_share": 0}),
    Zero(
        "appeals.filed",
        {"redress.filed_share": 0},
        frozenset({"appeals.won"}),
        "who does not appeal does not win",
    ),
    Zero("appeals.won", {"redress.won_if_false_share": 0, "redress.won_if_true_share": 0}),
    Zero("debts_performed", {"list.court.performed_per_day": 0}),
)


@pytest.mark.parametrize("zero", ZEROES, ids=str)
def test_a_rate_of_zero_zeroes_its_own_key_and_no_other_mechanisms(zero):
    here = totals_of("as-reported", RAISED, CITIZENS, DAYS)
    there = totals_of("as-reported", RAISED | zero.changes, CITIZENS, DAYS)
    gone = {key for key, value in here.items() if value and not there[key]}
    assert gone == {zero.key} | zero.with_it
    assert bool(zero.with_it) == bool(zero.why)


# ---- an inert or disabled rule changes no digest


def digest_of(changes):
    return simulate(load(source_of("town"), set=changes), citizens=500, days=12, threads=1).digest


def rules_without(name):
    rules = load(source_of("town")).scenario.model_dump(exclude_none=True)["rule"]
    return {key: rule for key, rule in rules.items() if key != name}


DISABLED, WORTHLESS = {"disabled": True}, {"points": 0}


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("games", DISABLED),
        ("friends", DISABLED),
        ("police_criticism", DISABLED),
        ("games", WORTHLESS),
        ("friends", WORTHLESS),
        ("police_criticism", WORTHLESS),
    ],
)
def test_an_inert_rule_changes_no_digest(name, how):
    inert = {f"rule.{name}.{key}": value for key, value in how.items()}
    assert digest_of(inert) == digest_of({"rule": rules_without(name)}) != digest_of({})


@pytest.mark.parametrize(
    "what",
    [
        "behaviour.games",
        "behaviour.police_criticism",
        "circle.household",
        "ring.old-friends",
        "list.conduct",
    ],
)
def test_what_is_disabled_is_as_if_absent(what):
    table, name = what.split(".")
    kept = load(source_of("town")).scenario.model_dump(exclude_none=True)
    other = {key: one for key, one in kept[table].items() if key != name}
    absent = {table: other}
    if table == "behaviour":  # its rule cannot stay behind it
        absent["rule"] = {key: rule for key, rule in kept["rule"].items() if rule.get("behaviour") != name}
    assert digest_of({f"{what}.disabled": True}) == digest_of(absent)
