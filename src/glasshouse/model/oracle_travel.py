"""Phase 7 travel: requests for tickets, refusals, retries, giving up and taking the slow train."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.model.flows import MODES
from glasshouse.model.oracle_list import closing_list
from glasshouse.society.columns import MARK_REFUSED, STOP_SHIFT

if TYPE_CHECKING:
    from glasshouse.model.oracle_day import Day
    from glasshouse.model.plan import ListPlan, ModePlan

RAIL = MODES.index("rail")


def travel(day: Day) -> None:
    """Phase 7: at most one request per way of travel, refused by the lists of this morning."""
    if day.detained_today:
        return
    for number, mode in enumerate(day.plan.modes):
        threshold = day.traits.modes[number].threshold
        if not mode.activity.min_age <= day.traits.age <= mode.activity.max_age:
            continue
        if day.state.marked(1 << STOP_SHIFT + mode.mode):
            continue
        if day.screened(mode.decisions["request"], threshold):
            ask(day, mode)


def ask(day: Day, mode: ModePlan) -> None:
    """Ask for a ticket."""
    day.count(f"requested.{mode.id}")
    closed_by = closing_list(day.plan, day.lists_today, mode.mode)
    if closed_by is None:
        day.tell("travelled", f"got a ticket: {mode.id}", f"travel.{mode.id}")
    else:
        refuse(day, mode, closed_by)


def refuse(day: Day, mode: ModePlan, closed_by: ListPlan) -> None:
    """Refuse a ticket; each retry is refused as well."""
    day.count(f"refused.{mode.id}")
    times = 1
    while times <= mode.retries_max and day.hits(mode.decisions["retry"], mode.retry, times):
        day.count(f"requested.{mode.id}")
        day.count(f"refused.{mode.id}")
        times += 1
    text = f"refused a ticket ({mode.id}) because on list {closed_by.id}, {times} times"
    day.tell("refused", text, f"list.{closed_by.id}", 0, times)
    if day.state.mark(MARK_REFUSED):
        day.count("first_refused")
    day.punished = True
    adapt(day, mode)


def adapt(day: Day, mode: ModePlan) -> None:
    """After a refusal: perhaps stop asking, if still barred tomorrow; perhaps take an ordinary train today."""
    barred = closing_list(day.plan, day.state.lists, mode.mode) is not None
    if barred and day.hits(mode.decisions["stop"], mode.stop):
        day.state.mark(1 << STOP_SHIFT + mode.mode)
        day.count("stopped")
        day.tell("stopped", f"stops asking for {mode.id}", f"travel.{mode.id}")
    slow_train_open = closing_list(day.plan, day.lists_today, RAIL) is None
    if mode.mode != RAIL and slow_train_open and day.hits(mode.decisions["substitute"], mode.substitute):
        day.count("substituted")
        day.tell("substituted", "takes an ordinary train instead", f"travel.{mode.id}")
