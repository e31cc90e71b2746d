"""The screened decisions of a plan as numbered slots, and the rungs of the ladder that each is looked for on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from glasshouse import ladder, streams
from glasshouse.model.layout import (
    ACT,
    ALARM,
    CHECK,
    LOGIN_CARD,
    LOGIN_FACE,
    PERFORMED,
    REPAIRED,
    REQUEST,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.model.plan import Activity, Plan


class Slot(NamedTuple):
    """One screened decision.

    Attributes:
        kind: What it decides: ACT, ALARM, REQUEST, PERFORMED, REPAIRED, CHECK, LOGIN_CARD, LOGIN_FACE.
        number: Of the behaviour, mode, list or check.
        decision: Its id.
        top: The largest threshold anybody has for it; no draw at or above it matters.
        activity: Number of the activity that gives each citizen a threshold; -1 when `top` is everybody's.
        ages: The activity whose ages it is open to.
    """

    kind: int
    number: int
    decision: int
    top: int
    activity: int = -1
    ages: Activity | None = None


def slots_of(plan: Plan) -> list[Slot]:
    """Return the screened decisions that can happen."""
    every = [*slots_of_behaviours(plan), *slots_of_modes(plan)]
    every += [*slots_of_lists(plan), *slots_of_checks(plan)]
    return [slot for slot in every if slot.top]


def slots_of_behaviours(plan: Plan) -> Iterator[Slot]:
    """Yield act and false alarm of every behaviour."""
    for k, b in enumerate(plan.behaviours):
        yield Slot(ACT, k, b.decisions["act"], top_rate(b.activity), k, b.activity)
        yield Slot(ALARM, k, b.decisions["false_alarm"], b.false_alarm, -1, b.activity)


def slots_of_modes(plan: Plan) -> Iterator[Slot]:
    """Yield the request for a ticket of every mode."""
    for k, m in enumerate(plan.modes):
        a = len(plan.behaviours) + k
        yield Slot(REQUEST, k, m.decisions["request"], top_rate(m.activity), a, m.activity)


def slots_of_lists(plan: Plan) -> Iterator[Slot]:
    """Yield performance and repair of every list that does not follow a company."""
    for k, one in enumerate(plan.lists):
        if not one.company:
            yield Slot(PERFORMED, k, one.decisions["performed"], one.performed)
            yield Slot(REPAIRED, k, one.decisions["repaired"], one.repaired)


def slots_of_checks(plan: Plan) -> Iterator[Slot]:
    """Yield new line and renewal, and at login a forged card and a face that does not match."""
    identity = plan.identity
    new_line, renewal, login = identity.checks
    for k, check in enumerate((new_line, renewal)):
        event = check.event if check.from_day < plan.days else 0
        yield Slot(CHECK, k, streams.BUILTIN[f"identity.{check.name}"], event)
    if login.from_day < plan.days:
        yield Slot(LOGIN_CARD, 2, streams.BUILTIN["identity.login.id"], identity.forged)
        # Borrowed cards are few and marked: they are looked at one by one, whatever their draw.
        face = max(identity.face_by_group, default=0) if login.face else 0
        yield Slot(LOGIN_FACE, 2, streams.BUILTIN["identity.login.face"], face)


def top_rate(activity: Activity) -> int:
    """Return the largest threshold of an activity."""
    return max(max(row) for row in activity.rates)


def pack_slots(plan: Plan, slots: list[Slot]) -> dict[str, list]:
    """Return the tables of slots and of steps; a step is one rung of one slot, lowest rungs first."""
    activities = [*(b.activity for b in plan.behaviours), *(m.activity for m in plan.modes)]
    own = [activities[s.activity] if s.activity >= 0 else None for s in slots]
    ages = [age_limits(plan, s.ages) for s in slots]
    steps = [(k, r) for k, s in enumerate(slots) for r in range(ladder.reach(s.top))]
    counts = [ladder.COUNTS[r] for _, r in steps]
    first = [first_test(own[k], r) for k, r in steps]
    return {
        "slot_kinds": [s.kind for s in slots],
        "slot_of": [s.number for s in slots],
        "slot_activities": [s.activity for s in slots],
        "slot_decisions": [s.decision for s in slots],
        "slot_tops": [s.top for s in slots],
        "slot_doers": [a.doer_threshold if a else streams.ALWAYS for a in own],
        "slot_doer_decisions": [a.doer_decision if a else 0 for a in own],
        "slot_class_decisions": [a.class_decision if a else 0 for a in own],
        "slot_next_decisions": [next_decision(plan, s) for s in slots],
        "slot_too_young": [young for young, _ in ages],
        "slot_old_enough": [old for _, old in ages],
        "step_slots": [k for k, _ in steps],
        "step_rungs": [r for _, r in steps],
        "step_decisions": [slots[k].decision for k, _ in steps],
        "step_first_decisions": [test.decision for test in first],
        "step_first_low": [test.low for test in first],
        "step_first_high": [test.high for test in first],
        "step_counters": [ladder.FIRST_COUNTER + r for _, r in steps],
        "step_starts": [ladder.FORM[r][0] for _, r in steps],
        "step_shifts": [ladder.FORM[r][1] for _, r in steps],
        "step_times": [ladder.FORM[r][2] for _, r in steps],
        "step_less": [ladder.FORM[r][3] for _, r in steps],
        "step_limits": [c[0] << 32 - ladder.COUNT_BITS for c in counts],
        "step_seconds": [c[1] << 32 - ladder.COUNT_BITS for c in counts],
        "ladder": [list(c) for c in ladder.COUNTS],
    }


class FirstTest(NamedTuple):
    """A draw of a trait that a candidate has to pass before any other is taken.

    Attributes:
        decision: Its id.
        low: The lowest draw that passes.
        high: The first draw above `low` that does not; ALWAYS when all do.
    """

    decision: int
    low: int
    high: int

    def share(self) -> int:
        """Return how many of 2^64 draws pass."""
        return self.high - self.low


def first_test(activity: Activity | None, rung: int) -> FirstTest:
    """Return the trait that turns away most of the candidates on a rung: doing such a thing at all, or the class.

    High rungs are reached only in the classes with the highest rates, and these are few. Who passes is asked for the
    class later, where the rate is looked up, and for doing such a thing at all, whichever came first: by then few are
    left, and one draw more for each is less than to tell them apart.
    """
    if activity is None:
        return FirstTest(0, 0, streams.ALWAYS)
    doers = FirstTest(activity.doer_decision, 0, activity.doer_threshold)
    return min(doers, class_test(activity, ladder.FORM[rung][0]), key=FirstTest.share)


def class_test(activity: Activity, start: int) -> FirstTest:
    """Return the test for the classes from the first to the last with a rate above a draw of `start`."""
    ends = [*activity.class_cumulative[:-1], streams.ALWAYS]  # a draw beyond the last takes the last
    able = [k for k, rates in enumerate(activity.rates) if max(rates) > start]
    low = ends[able[0] - 1] if able[0] else 0
    return FirstTest(activity.class_decision, low, ends[able[-1]])


def next_decision(plan: Plan, slot: Slot) -> int:
    """Return the decision of the draw that follows on a hit: whether an act is seen; 0 without one."""
    return plan.behaviours[slot.number].decisions["seen"] if slot.kind == ACT else 0


def age_limits(plan: Plan, activity: Activity | None) -> tuple[int, int]:
    """Return the thresholds of the age draw below which a citizen is too young, and not too old."""
    years = plan.population.age_cumulative
    low, high = (activity.min_age, activity.max_age) if activity else (0, len(years))
    return (
        years[min(low, len(years)) - 1] if low > 0 else 0,
        years[high] if high < len(years) else streams.ALWAYS,
    )


def candidates_per_day(slots: list[Slot]) -> float:
    """Return how many draws of a citizen's day are looked at one by one, on average."""
    return float(sum(sum(ladder.CHANCES[: ladder.reach(s.top)]) for s in slots))
