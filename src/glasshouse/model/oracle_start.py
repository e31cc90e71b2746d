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
    if traits.age >= ADULT:
        for number in range(len(plan.lists)):
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
    """Return the base, or for members the points of the start class; 0 without a score."""
    score = plan.score
    if score is None:
        return 0
    if not traits.member or not score.start_points:
        return score.base
    initial = streams.BUILTIN["initial.score"]
    return score.start_points[private_share(plan.seed, initial, i, 0, score.start_cumulative)]


def list_at_first(plan: Plan, i: int, number: int, state: CitizenState) -> None:
    """Put the citizen on a list before day 0, with part of the term left, if the draw says so."""
    one = plan.lists[number]
    if not private_event(plan.seed, one.decisions["initial"], i, 0, one.initial):
        return
    state.lists |= 1 << number
    if one.slot >= 0:
        u = streams.private(plan.seed, one.decisions["initial_term"], i, 0)
        state.until[one.slot] = streams.pick(u, one.term)
    if not one.perk:
        state.mark(MARK_LISTED)
        state.mark(1 << OWN)
