"""Phases 8 police and 9 redress: summonses and their outcomes, liable owners, appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.model.flows import OUTCOME_FLOWS, OUTCOMES
from glasshouse.model.oracle_day import Day, origin_of
from glasshouse.society.columns import ASSOCIATION, LIABLE, NO_TERM, ORIGINS, WIN, WIN_DETENTION, WIN_LIST

if TYPE_CHECKING:
    from glasshouse.model.plan import BehaviourPlan, PolicePlan, RedressPlan


def police(day: Day) -> None:
    """Phase 8: records may lead to a summons; a group's owner may be liable for yesterday's."""
    plan = day.plan.police
    if plan is None:
        return
    for number, b in enumerate(day.plan.behaviours):
        if day.records[number].total and day.hits(b.decisions["summons"], b.summons):
            summon(day, plan, number, b)
    for _ in day.received(LIABLE):
        hold_liable(day, plan)


def summon(day: Day, plan: PolicePlan, number: int, b: BehaviourPlan) -> None:
    """Summon the citizen; exactly one outcome follows an interrogation."""
    key, origin = f"behaviour.{b.id}", origin_of([day.records[number]])
    day.count("summonses")
    day.tell("summoned", f"summoned over {b.id} ({ORIGINS[origin - 1]})", key, origin, 1)
    if day.hits(b.decisions["interrogated"], plan.interrogated):
        day.count("interrogations")
        outcome = OUTCOMES[day.share(b.decisions["outcome"], plan.outcome_cumulative)]
        day.count(OUTCOME_FLOWS[outcome])
        if outcome == "detention":
            detain(day, plan, number, b, origin)
        else:
            day.tell(outcome, f"{outcome} after an interrogation over {b.id}", key, origin, 1)
        if outcome == "fine":
            day.fined.append(number)
            day.punish(origin)
    if b.chat and plan.owner_liable:
        reach_owner(day, plan, b)


def detain(day: Day, plan: PolicePlan, number: int, b: BehaviourPlan, origin: int) -> None:
    """Detain the citizen from tomorrow."""
    days = plan.detention_days[day.share(b.decisions["length"], plan.detention_cumulative)]
    day.state.detained = max(day.state.detained, days)
    day.detained_for[number] = days
    day.tell("detention", f"detained for {days} days over {b.id}", f"behaviour.{b.id}", origin, days)
    day.punish(origin)


def reach_owner(day: Day, plan: PolicePlan, b: BehaviourPlan) -> None:
    """Let the summons reach the owner of the chat group tomorrow."""
    owner = day.ties.owner(day.i)
    if owner is not None and owner != day.i and day.hits(b.decisions["owner"], plan.owner_liable):
        day.send(day.t + 1, owner, LIABLE)
        day.tell(
            "owner liable", f"the owner of the chat group is held liable for {b.id}", f"behaviour.{b.id}"
        )


def hold_liable(day: Day, plan: PolicePlan) -> None:
    """Suspend the owner of a chat group for what a member wrote."""
    days = plan.owner_suspension
    day.count("group_owner_liable")
    day.tell(
        "liable", "liable for a post in the own chat group", "police.owner_liable_share", ASSOCIATION, days
    )
    day.state.suspended = max(day.state.suspended, days)
    if days > 0:
        day.punish(ASSOCIATION)


def redress(day: Day) -> None:
    """Phase 9: costly records may be appealed; a win lands after exactly the days of decision."""
    plan = day.plan.redress
    if plan is None:
        return
    for number, b in enumerate(day.plan.behaviours):
        if (
            day.records[number].total
            and was_costly(day, number)
            and day.hits(b.decisions["appeal"], plan.filed)
        ):
            appeal(day, plan, number, b)


def was_costly(day: Day, number: int) -> bool:
    """Say whether today's records of a behaviour cost points, a fine, detention or a listing."""
    punished = number in day.fined or number in day.detained_for or number in day.rests_on.values()
    return day.points_lost[number] > 0 or punished


def appeal(day: Day, plan: RedressPlan, number: int, b: BehaviourPlan) -> None:
    """File an appeal; its outcome is drawn today and, if won, lands later, never above the loss taken."""
    day.count("appeals.filed")
    key = f"behaviour.{b.id}"
    day.tell("appeal", f"appeals against the record of {b.id}", key)
    won = plan.won_if_true if day.records[number].own else plan.won_if_false
    if not day.hits(b.decisions["appeal_won"], won):
        return
    due = day.t + plan.decision_days + 1
    day.send(due, day.i, WIN, number, day.points_lost[number])
    if number in day.detained_for:
        day.send(due, day.i, WIN_DETENTION, 0, day.t + day.detained_for[number])
    for listed, file in day.rests_on.items():
        if file == number:
            slot = day.plan.lists[listed].slot
            day.send(due, day.i, WIN_LIST, listed, day.state.until[slot] if slot >= 0 else NO_TERM)
    day.tell("appeal won", f"the appeal will be won; it lands on day {due}", key, 0, due)
