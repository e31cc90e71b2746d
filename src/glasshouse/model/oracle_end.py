"""The end of a day (`docs/day.md` section 6): what passes between citizens, and the companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.model.oracle_state import CitizenState, Message
from glasshouse.society.columns import COMPANY_OFF, COMPANY_ON, MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from glasshouse.model.oracle import StepResult, World
    from glasshouse.model.plan import CompanyPlan, Plan

    Rows = Sequence[CitizenState] | Mapping[int, CitizenState]  # by citizen

FULL = 65535  # the most that risk holds
MONTHS = 12


def end_of_day(world: World, result: StepResult) -> None:
    """Close day `world.t`: ties, flags, pulses, companies; the new states come into force."""
    flags_before = [state.marked(MARK_FLAG) for state in world.states]
    world.states = result.states
    if world.plan.is_first(world.t):
        remember_flags(world, flags_before)
        cut_ties(world, result)
        recount_low_friends(world)
    else:
        pass_on_flips(world, result.flips)
    pass_on_pulses(world, result.pulses)
    run_companies(world, result)
    month = world.plan.month(world.t)
    world.pulses_by_month[month] = world.pulses_by_month.get(month, 0) + len(result.pulses)


def bulletin(world: World, t: int) -> int:
    """Return how much the bulletin raises perceived risk on day `t`, in 2^-16: only on the 1st."""
    if not world.plan.is_first(t):
        return 0
    pulses = world.pulses_by_month.get(world.plan.month(t) - 1, 0)
    return world.plan.learn.bulletin * pulses // world.plan.citizens


# ---- 1 and 2: flags and ties


def remember_flags(world: World, flags: Sequence[bool]) -> None:
    """On the 1st, write the flag of each citizen before today's flips into the history of twelve months."""
    bit = 1 << world.plan.month(world.t) % MONTHS
    for state, flag in zip(world.states, flags, strict=True):
        state.history = state.history | bit if flag else state.history & ~bit


def cut_ties(world: World, result: StepResult) -> None:
    """On the 1st, find anew which ties are cut; a tie whose months are all forgotten is healed."""
    plan = world.plan
    if plan.ties.cut_threshold == 0:
        return
    month = plan.month(world.t)
    cut_before, world.cut = world.cut, set()
    for i, friends in enumerate(world.friends):
        for j in friends:
            if i < j and (decider := who_cuts(world.cuts, world.states, i, j, month)) is not None:
                world.cut.add((i, j))
                if (i, j) not in cut_before:
                    result.count_at(world, decider, "ties_cut")


def who_cuts(
    decides: Callable[[int, int, int], bool], states: Rows, i: int, j: int, month: int
) -> int | None:
    """Return which of two friends has cut the tie, the smaller id if both have, or None.

    `decides` is asked of one, the other and a month in which the other was flagged.
    """
    for one, other in ((min(i, j), max(i, j)), (max(i, j), min(i, j))):
        for back in range(MONTHS):
            flagged_then = states[other].history >> (month - back) % MONTHS & 1
            if flagged_then and decides(one, other, month - back):
                return one
    return None


def cuts(plan: Plan, one: int, other: int, month: int) -> bool:
    """Say whether `one` cuts the tie to a flagged friend in a month."""
    u = streams.pair(plan.luck, plan.ties.cut_decision, one, other, month)
    return streams.event(u, plan.ties.cut_threshold)


def recount_low_friends(world: World) -> None:
    """Count for everybody the uncut friends whose flag is published."""
    for i, state in enumerate(world.states):
        state.low_friends = sum(world.states[j].marked(MARK_FLAG) for j in world.uncut(i))


def pass_on_flips(world: World, flips: Sequence[int]) -> None:
    """Let every flip of a flag change the count of the uncut friends."""
    for i in flips:
        change = 1 if world.states[i].marked(MARK_FLAG) else -1
        for j in world.uncut(i):
            world.states[j].low_friends += change


# ---- 3: pulses


def pass_on_pulses(world: World, pulses: Sequence[int]) -> None:
    """Raise the risk that uncut friends and the members of every chat group of the punished perceive."""
    learn = world.plan.learn
    for i in pulses:
        for j in world.uncut(i):
            world.states[j].risk = min(FULL, world.states[j].risk + learn.friend)
        for j in world.there(world.ties.chat_members(i)):
            world.states[j].risk = min(FULL, world.states[j].risk + learn.chat)


# ---- 4: companies


def run_companies(world: World, result: StepResult) -> None:
    """List companies that default and take off those that perform or whose term is over."""
    plan = world.plan.company
    if plan is None:
        return
    for number in range(plan.count):
        if world.company_until[number]:
            if leaves(world, plan, number):
                world.company_until[number] = 0
                tell_representative(world, result, number, COMPANY_OFF, "left.companies")
        elif company_event(world, "company.default", number, plan.default):
            world.company_until[number] = world.t + plan.term + 1
            if not world.company_ever[number]:
                world.company_ever[number] = 1
                result.count_at(world, world.representatives[number], "listed.companies")
            tell_representative(world, result, number, COMPANY_ON, "entered.companies")


def leaves(world: World, plan: CompanyPlan, number: int) -> bool:
    """Say whether a listed company comes off its list today."""
    over = world.t >= world.company_until[number]
    return over or company_event(world, "company.performed", number, plan.performed)


def company_event(world: World, name: str, number: int, threshold: int) -> bool:
    """Say whether something happens to a company today."""
    return streams.event(streams.private(world.plan.luck, streams.BUILTIN[name], number, world.t), threshold)


def tell_representative(world: World, result: StepResult, number: int, kind: int, flow: str) -> None:
    """Count a change of a company and let it reach the representative tomorrow, if the scheme passes it on."""
    citizen = world.representatives[number]
    result.count_at(world, citizen, flow)
    if world.plan.company_list:
        result.messages.append(Message(world.t + 1, citizen, kind, 0, 0))
