"""Who is played: a synthetic adult who is online and has friends, and how that citizen stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import UsageError
from glasshouse.society.columns import MARK_BORROWING, MARK_FLAG

if TYPE_CHECKING:
    from glasshouse.model.oracle import World
    from glasshouse.scenario.schema import Scenario

__all__ = ["chosen", "standing"]

YOUNGEST, OLDEST = 20, 45  # of whoever is chosen; asked for may be any adult online
ADULT = 18


def chosen(world: World, citizen: int | None) -> int:
    """Return the citizen asked for, or else the one with most friends among free adults online, the first of equals.

    Raises:
        UsageError: there is no such citizen, or the citizen is a child or never online, to whom no question applies.
    """
    if citizen is None:
        able = [i for i in range(world.plan.citizens) if is_free(world, i)]
        if not able:
            raise UsageError("nobody in this society can be played", help="try another seed")
        return max(able, key=lambda i: (len(world.friends[i]), -i))
    if not 0 <= citizen < world.plan.citizens:
        raise UsageError(f"citizen {citizen}: this society has the citizens 0 to {world.plan.citizens - 1}")
    traits = world.traits[citizen]
    if traits.age < ADULT or not traits.online:
        raise UsageError(f"citizen {citizen} is a child or never online", help="try another citizen")
    return citizen


def is_free(world: World, i: int) -> bool:
    """Say whether a citizen is an adult online on an account of their own, and on no list."""
    traits, state = world.traits[i], world.states[i]
    scored = traits.member or world.plan.score is None
    free = state.lists == 0 and not state.marked(MARK_BORROWING)
    return traits.online and scored and free and YOUNGEST <= traits.age <= OLDEST


def standing(world: World, me: int, scenario: Scenario) -> dict[str, Any]:
    """Return how a citizen stands this evening, in plain objects."""
    plan, state = world.plan, world.states[me]
    scored = plan.score is not None and world.traits[me].member
    friends = dict.fromkeys(world.friends[me])
    uncut = set(world.uncut(me))
    return {
        "score": state.score if scored else None,
        "grade": grade_of(scenario, state.score) if scored else None,
        "flagged": state.marked(MARK_FLAG),
        "lists": [listed(scenario, one.id) for number, one in enumerate(plan.lists) if state.is_on(number)],
        "detained": state.detained,
        "suspended": state.suspended,
        "offline": state.offline,
        "fear": state.risk / 65536,
        "friends": len(uncut),
        "cut": sum(j not in uncut for j in friends),
        "low_friends": sum(world.states[j].marked(MARK_FLAG) for j in uncut),
    }


def listed(scenario: Scenario, name: str) -> dict[str, str]:
    """Return a list by its id and label."""
    return {"id": name, "label": scenario.list[name].label or name}


def grade_of(scenario: Scenario, score: int) -> str | None:
    """Return the name of the grade of a score, None in a scheme without grades."""
    assert scenario.score is not None
    bands = (one.name for one in scenario.score.grade if one.from_points <= score <= one.to_points)
    return next(bands, None)
