"""Phases 3 act and 4 observe: what the citizen does, holds back, and who records it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.model.oracle_traits import card_owner
from glasshouse.society.columns import FALSE, IDENTITY, MARK_BORROWING, ORIGINS, OWN, RECORD
from glasshouse.streams import pick

if TYPE_CHECKING:
    from glasshouse.model.oracle_day import Day
    from glasshouse.model.plan import BehaviourPlan

WHOLE = 65536


def act(day: Day) -> None:
    """Phase 3: each behaviour at most once a day, held back by perceived risk where it is restrained."""
    age = day.traits.age
    for number, b in enumerate(day.plan.behaviours):
        of_age = b.activity.min_age <= age <= b.activity.max_age
        day.open[number] = (
            day.traits.here and of_age and not day.detained_today and (day.access or not b.online)
        )
        unrestrained = day.traits.behaviours[number].threshold
        if not day.open[number] or unrestrained == 0:
            continue
        decision = b.decisions["act"]
        left = restrained_threshold(day, b, unrestrained)
        day.did[number] = day.screened(decision, left)
        if day.did[number]:
            tell_act(day, b)
        elif left < unrestrained and day.screened(decision, unrestrained):
            tell_withheld(day, b)


def restrained_threshold(day: Day, b: BehaviourPlan, unrestrained: int) -> int:
    """Return the threshold that is left at the citizen's perceived risk."""
    if not b.restrained:
        return unrestrained
    learn, traits = day.plan.learn, day.traits
    row = 16 * traits.desire + traits.boldness if learn.strategic else 0
    left = learn.factors[row][day.state.risk >> 8]
    return unrestrained if left == WHOLE else ((unrestrained >> 17) * left) << 1


def tell_act(day: Day, b: BehaviourPlan) -> None:
    """Count something done."""
    day.count(f"acts.{b.id}")
    if b.speech:
        day.count("posts.written")
    day.tell("did", f"did {b.id}", f"behaviour.{b.id}")


def tell_withheld(day: Day, b: BehaviourPlan) -> None:
    """Count something that would have been done with perceived risk 0."""
    day.count(f"withheld.{b.id}")
    day.count("posts.withheld" if b.speech else "offences_withheld")
    risk = day.state.risk
    what = "post" if b.speech else "act"
    day.tell(
        "withheld",
        f"{what} {b.id} withheld (perceived risk {risk / WHOLE:.2f})",
        f"behaviour.{b.id}",
        0,
        risk,
    )


def observe(day: Day) -> None:
    """Phase 4: who sees it, passes it on, and on whom the record lands; false alarms; the inbox."""
    borrowed = day.state.marked(MARK_BORROWING)
    for number, b in enumerate(day.plan.behaviours):
        if day.did[number]:
            if is_passed_on(day, b) and day.hits(b.decisions["caught"], b.caught):
                write_record(day, number, b, borrowed=borrowed)
        elif day.open[number] and day.screened(b.decisions["false_alarm"], b.false_alarm):
            arrive(day, number, FALSE, "a false alarm")
    for message in day.received(RECORD):
        arrive(day, message.arg, message.value, "posted earlier")


def is_passed_on(day: Day, b: BehaviourPlan) -> bool:
    """Say whether an act is seen and reaches the authorities."""
    if not b.seen_cumulative:
        return day.hits(b.decisions["seen"], b.office_threshold)
    platform = day.category(b.decisions["seen"], b.seen_cumulative)
    if platform == len(b.seen_cumulative):
        return False
    if day.hits(b.decisions["removed"], b.removed):
        remove(day, b, platform)
    if not day.hits(b.decisions["passed_on"], day.plan.platform_passed_on[platform]):
        return False
    kind = "foreign" if day.plan.platform_foreign[platform] else "domestic"
    day.count(f"passed_on.{kind}")
    name = day.plan.platform_ids[platform]
    day.tell("passed on", f"{name} passed {b.id} on to the authorities", f"platform.{name}")
    return True


def remove(day: Day, b: BehaviourPlan, platform: int) -> None:
    """Remove a seen post and perhaps suspend the account."""
    key = f"platform.{day.plan.platform_ids[platform]}"
    day.count("posts.removed")
    day.tell("removed", f"{b.id} removed by {day.plan.platform_ids[platform]}", key)
    if day.hits(b.decisions["suspended"], b.suspended):
        day.state.suspended = max(day.state.suspended, b.suspension_days)
        day.count("suspensions")
        day.tell("suspended", f"account suspended for {b.suspension_days} days", key, OWN, b.suspension_days)
        day.punish(OWN)


def write_record(day: Day, number: int, b: BehaviourPlan, *, borrowed: bool) -> None:
    """Put the record of an act on whoever is taken for its doer, today or later."""
    others = other_chat_members(day) if b.chat and b.misattributed else []
    if others and day.hits(b.decisions["misattributed"], b.misattributed):
        target = others[pick(day.draw(b.decisions["target"]), len(others))]
        day.count("records.misattributed")
        day.send(day.t + 1, target, RECORD, number, FALSE)
        day.tell(
            "blamed on another",
            f"record of {b.id} put on another member of the chat group",
            f"behaviour.{b.id}",
        )
    elif borrowed and b.online:
        day.count("records.borrowed")
        day.send(day.t + 1, card_owner(day.plan, day.i), RECORD, number, IDENTITY)
        day.tell("blamed on another", f"record of {b.id} put on the owner of the card", f"behaviour.{b.id}")
    else:
        days = b.delay_days[day.share(b.decisions["delay"], b.delay_cumulative)]
        if days == 0:
            arrive(day, number, OWN, "own act")
        else:
            day.send(day.t + days, day.i, RECORD, number, OWN)
            day.tell("seen", f"{b.id} was seen; the record takes {days} days", f"behaviour.{b.id}", OWN, days)


def other_chat_members(day: Day) -> list[int]:
    """Return the other members of the citizen's group in the first chat circle."""
    if day.ties.first_chat is None:
        return []
    return [j for j in day.ties.members(day.ties.first_chat, day.i) if j != day.i]


def arrive(day: Day, number: int, origin: int, how: str) -> None:
    """Let a record arrive today."""
    b = day.plan.behaviours[number]
    kind = "true" if origin == OWN else "false"
    day.records[number].add(origin)
    day.count(f"records.{kind}")
    day.count(f"records_{kind}.{b.id}")
    day.tell("record", f"record of {b.id} ({ORIGINS[origin - 1]}: {how})", f"behaviour.{b.id}", origin, 1)
