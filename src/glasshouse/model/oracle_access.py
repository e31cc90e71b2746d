"""Phases 1 calendar and 2 access: spells end, terms end, and who gets online today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.model.oracle_list import clear_stops, leave
from glasshouse.society.columns import IDENTITY, MARK_BORROWING, MARK_OFFLINE_BY_CARD, WIN_DETENTION
from glasshouse.streams import BUILTIN

if TYPE_CHECKING:
    from glasshouse.model.oracle_day import Day
    from glasshouse.model.plan import CheckPlan


def calendar(day: Day) -> None:
    """Phase 1: a won appeal frees, spells lose a day, monthly counts reset, terms end."""
    state = day.state
    for message in day.received(WIN_DETENTION):
        if state.detained > 0 and day.t + state.detained - 1 == message.value:
            state.detained = 0
            day.tell("freed", "freed from detention by a won appeal")
    day.detained_today = state.detained > 0
    day.suspended_today = state.suspended > 0
    day.offline_today = state.offline > 0
    state.detained -= day.detained_today
    state.suspended -= day.suspended_today
    state.offline -= day.offline_today
    if day.first:
        day.counts_before = state.month_counts
        state.month_counts = 0
    end_terms(day)
    clear_stops(day)
    day.lists_today = state.lists


def end_terms(day: Day) -> None:
    """Take the citizen off every list whose term is over."""
    for number, one in enumerate(day.plan.lists):
        if one.slot >= 0 and day.state.is_on(number) and day.t > day.state.until[one.slot]:
            leave(day, number, "its term is over")


def access(day: Day) -> None:
    """Phase 2: identity checks; online today unless detained, suspended, offline or failed."""
    barred = day.detained_today or day.suspended_today or day.offline_today
    if day.traits.online:
        for check in day.plan.identity.checks:
            if comes_to(day, check, barred=barred):
                make_check(day, check)
        count_days_offline(day)
    if day.detained_today:
        day.count("detention_days")
    day.access = day.traits.online and not (barred or day.failed)


def comes_to(day: Day, check: CheckPlan, *, barred: bool) -> bool:
    """Say whether the citizen comes to a live check today."""
    if day.t < check.from_day or check.event == 0:
        return False
    if check.name == "login":
        return not (barred or day.failed)
    return not day.detained_today and day.screened(BUILTIN[f"identity.{check.name}"], check.event)


def make_check(day: Day, check: CheckPlan) -> None:
    """Compare the card, then the face; go offline on failure."""
    identity = day.plan.identity
    hits = day.screened if check.name == "login" else day.hits
    if hits(BUILTIN[f"identity.{check.name}.id"], identity.forged):
        fail_check(day, check, by_card=True)
    elif check.face:
        borrowed = day.state.marked(MARK_BORROWING)
        wrong = identity.face_borrowed if borrowed else identity.face_by_group[day.traits.group]
        if hits(BUILTIN[f"identity.{check.name}.face"], wrong):
            fail_check(day, check, by_card=False)


def fail_check(day: Day, check: CheckPlan, *, by_card: bool) -> None:
    """Go offline for the days of a failed check, today being the first."""
    state, more_days = day.state, day.plan.identity.offline_days - 1
    if more_days >= state.offline:
        (state.mark if by_card else state.unmark)(MARK_OFFLINE_BY_CARD)
    state.offline = max(state.offline, more_days)
    state.unmark(MARK_BORROWING)
    day.failed = True
    cause = "id" if by_card else "face"
    day.count(f"failed_checks.{cause}")
    day.tell(
        "offline",
        f"{'card' if by_card else 'face'} refused at {check.name}: offline for {more_days + 1} days from today",
        f"identity.{check.name}",
        IDENTITY,
        more_days + 1,
    )
    day.punish(IDENTITY)


def count_days_offline(day: Day) -> None:
    """Count the person-day offline by each cause that holds."""
    if day.offline_today or day.failed:
        day.count("offline_days.id" if day.state.marked(MARK_OFFLINE_BY_CARD) else "offline_days.face")
    if day.suspended_today:
        day.count("offline_days.suspension")
    if day.detained_today:
        day.count("offline_days.detention")
