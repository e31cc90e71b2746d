"""The state before day 0 (`docs/day.md` section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.model.oracle_learn import bad_status
from glasshouse.model.oracle_luck import private_event, private_share
from glasshouse.model.oracle_state import CitizenState
from glasshouse.society.columns import MARK_BORROWING, MARK_FLAG, MARK_LISTED, OWN

if TYPE_CHECKING:
    from glasshouse.model.oracle_traits import Traits
    from glasshouse.model.plan import Plan

ADULT = 18


def first_state(plan: Plan, traits: Traits, i: int) -> CitizenState:
    """Return citizen `i` before day 0; `low_friends` needs everybody's flag and is left at 0."""
    state = CitizenState(score=first_score(plan, traits, i))
    for number in range(len(plan.lists)):
        if is_listed_at_first(plan, traits, i, number, state.score):
            list_at_first(plan, i, number, state)
    borrowed = streams.BUILTIN["identity.borrowed"]
    if (
        traits.online
        and plan.citizens > 1
        and private_event(plan.seed, borrowed, i, 0, plan.identity.borrowed)
    ):
        state.mark(MARK_BORROWING)
    if bad_status(plan, traits, state):
        state.mark(MARK_FLAG)
    return state


def first_score(plan: Plan, traits: Traits, i: int) -> int:
    """Return the base, or for members the points of the start class and their place above it; 0 without a score."""
    score = plan.score
    if score is None:
        return 0
    if not traits.member or not score.start_points:
        return score.base
    number = private_share(plan.seed, score.start_decision, i, 0, score.start_cumulative)
    return score.start_points[number] + start_place(plan.seed, i, score.start_spread, number)


def start_place(seed: int, i: int, spread: tuple[int, ...], number: int) -> int:
    """Return how far above the points of the class the citizen starts, every place equally likely."""
    if not spread or not spread[number]:
        return 0
    return streams.pick(streams.private(seed, streams.BUILTIN["initial.score"], i, 0, 1), spread[number] + 1)


def is_listed_at_first(plan: Plan, traits: Traits, i: int, number: int, score: int) -> bool:
    """Say whether the citizen is on a list before day 0: a member by the start score, an adult by a draw."""
    one = plan.lists[number]
    if traits.member and score < one.start_below:
        return True
    adult = traits.here and traits.age >= ADULT
    return adult and private_event(plan.seed, one.decisions["initial"], i, 0, one.initial)


def list_at_first(plan: Plan, i: int, number: int, state: CitizenState) -> None:
    """Put the citizen on a list before day 0, with part of the term left."""
    one = plan.lists[number]
    state.lists |= 1 << number
    if one.slot >= 0:
        u = streams.private(plan.seed, one.decisions["initial_term"], i, 0)
        state.until[one.slot] = streams.pick(u, one.term)
    if not one.perk:
        state.mark(MARK_LISTED)
        state.mark(1 << OWN)
