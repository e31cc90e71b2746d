"""Phase 6 list: who comes on lists and off them; a change today counts from tomorrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.model.flows import MODES
from glasshouse.model.oracle_day import Day, origin_of
from glasshouse.society.columns import (
    COMPANY_OFF,
    COMPANY_ON,
    LOSS_SHIFT,
    MARK_LISTED,
    NO_TERM,
    ORIGINS,
    OWN,
    REPRESENTATION,
    STOP_SHIFT,
    WIN_LIST,
)

if TYPE_CHECKING:
    from glasshouse.model.oracle_state import CitizenState
    from glasshouse.model.plan import ListPlan, Plan


def lists(day: Day) -> None:
    """Phase 6: every list in the order of ids; nobody leaves and enters the same list in it."""
    before = day.state.lists
    for number, one in enumerate(day.plan.lists):
        if one.company:
            follow_company(day, number)
        elif before >> number & 1:
            stay_or_leave(day, number, one)
        else:
            consider(day, number, one)
    clear_stops(day)


def follow_company(day: Day, number: int) -> None:
    """Put the representative on the list with the company, and off it."""
    if day.received(COMPANY_ON) and not day.state.is_on(number):
        enter(day, number, REPRESENTATION, None, "company")
    if day.received(COMPANY_OFF) and day.state.is_on(number):
        leave(day, number, "the company is off it")


def stay_or_leave(day: Day, number: int, one: ListPlan) -> None:
    """Leave by a won appeal, performance, repair or score, whichever comes first here; else new records prolong."""
    why = reason_to_leave(day, number, one)
    if why:
        leave(day, number, why)
    elif one.slot >= 0 and new_records(day, one):
        until = day.state.until
        until[one.slot] = max(until[one.slot], day.t + one.term)
        day.tell(
            "prolonged",
            f"stay on list {one.id} until day {until[one.slot]}",
            f"list.{one.id}",
            0,
            until[one.slot],
        )


def reason_to_leave(day: Day, number: int, one: ListPlan) -> str:
    """Return why the citizen leaves the list today, or nothing; count performance and repair."""
    until = day.state.until[one.slot] if one.slot >= 0 else NO_TERM
    if any(message.arg == number and message.value == until for message in day.received(WIN_LIST)):
        return "an appeal was won"
    if day.screened(one.decisions["performed"], one.performed):
        day.count("debts_performed")
        return "the debt is performed"
    if day.screened(one.decisions["repaired"], one.repaired):
        day.count("repaired")
        return "repaired"
    if not day.traits.member:
        return ""
    if day.state.score >= one.exit_at_least:
        return f"the score reached {one.exit_at_least}"
    if day.state.score < one.exit_below:
        return f"the score fell below {one.exit_below}"
    return ""


def new_records(day: Day, one: ListPlan) -> bool:
    """Say whether today's records lead to entry."""
    some = any(day.records[b].total for b in one.entry_behaviours)
    return some and day.hits(one.decisions["entry"], one.entry_threshold)


def consider(day: Day, number: int, one: ListPlan) -> None:
    """Enter by records or by score; records say the origin if both hold."""
    by_score = score_leads_to(day, one)
    if new_records(day, one):
        behaviours = [b for b in one.entry_behaviours if day.records[b].total]
        origin = origin_of([day.records[b] for b in behaviours])
        enter(day, number, origin, behaviours[0], f"behaviour.{day.plan.behaviours[behaviours[0]].id}")
    elif by_score:
        origin = day.state.marks >> LOSS_SHIFT or OWN  # today's largest loss is already the latest one
        enter(day, number, origin, day.loss_behaviour, "score")


def score_leads_to(day: Day, one: ListPlan) -> bool:
    """Say whether the score leads to entry: perks follow every score, sanctions only one with role output."""
    plan = day.plan.score
    if plan is None or not day.traits.member or not (one.perk or plan.sanctions_follow):
        return False
    return day.state.score < one.entry_below or day.state.score >= one.entry_at_least


def enter(day: Day, number: int, origin: int, file: int | None, key: str) -> None:
    """Put the citizen on a list; a sanction punishes and rests on a file, for appeals."""
    one, state = day.plan.lists[number], day.state
    state.lists |= 1 << number
    if one.slot >= 0:
        state.until[one.slot] = day.t + one.term
    day.count(f"entered.{one.id}")
    until = f" until day {day.t + one.term}" if one.slot >= 0 else ""
    what = "perk" if one.perk else "listed"
    day.tell(
        what, f"on list {one.id}{until} because of {key} ({ORIGINS[origin - 1]})", f"list.{one.id}", origin, 1
    )
    if one.perk:
        day.count("perks")
        return
    day.rests_on[number] = file
    if state.mark(MARK_LISTED):
        day.count("first_listed")
    day.punish(origin)


def leave(day: Day, number: int, why: str) -> None:
    """Take the citizen off a list."""
    one = day.plan.lists[number]
    day.state.lists &= ~(1 << number)
    if one.slot >= 0:
        day.state.until[one.slot] = 0
    day.count(f"left.{one.id}")
    if not one.perk:
        day.count("delisted.persons")
    day.tell("delisted", f"off list {one.id}: {why}", f"list.{one.id}")


def closing_list(plan: Plan, on: int, mode: int) -> ListPlan | None:
    """Return the first of the lists in `on` that closes a way of travel, or None."""
    for number, one in enumerate(plan.lists):
        if on >> number & 1 and one.closes >> mode & 1:
            return one
    return None


def clear_stops(day: Day) -> None:
    """Let the citizen ask again for every way of travel that no list closes any more."""
    state: CitizenState = day.state
    for mode in range(len(MODES)):
        stop = 1 << STOP_SHIFT + mode
        if state.marked(stop) and closing_list(day.plan, state.lists, mode) is None:
            state.unmark(stop)
            day.tell("asks again", f"asks for {MODES[mode]} again", f"travel.{MODES[mode]}")
