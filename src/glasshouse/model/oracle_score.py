"""Phase 5 score: records become points, once a day the score moves back to the base, and is clamped."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from glasshouse.model.oracle_luck import private_share
from glasshouse.model.oracle_state import monthly_count, with_monthly_count
from glasshouse.society.columns import ASSOCIATION, LIABLE, LOSS_MASK, LOSS_SHIFT, ORIGINS, WIN

if TYPE_CHECKING:
    from glasshouse.model.oracle_day import Day
    from glasshouse.model.plan import AssociationPlan, FactorPlan, RulePlan, ScorePlan

WHOLE = 65536


class Charge(NamedTuple):
    """Points by one rule and one origin.

    Attributes:
        key: Table key of what they follow from.
        behaviour: Number of the behaviour, or None.
        origin: Origin code.
        points: Signed points, never 0.
    """

    key: str
    behaviour: int | None
    origin: int
    points: int


def score(day: Day) -> None:
    """Phase 5: won appeals, rules, liability, association; then recovery or decay, then the clamp."""
    day.count("appeals.won", len(day.received(WIN)))
    plan = day.plan.score
    if plan is None or not day.traits.member:
        return
    charges = [charge for rule in plan.rules for charge in charge_records(day, rule)]
    if plan.weighted:
        if day.first:
            weigh(day, plan)
        return
    charges += charge_association(day, plan.association)
    charges += charge_liability(day)
    for charge in charges:
        book(day, charge)
    returned = sum(message.value for message in day.received(WIN))
    day.count("points_returned", returned)
    if returned:
        day.tell("points", f"{returned:+} points by a won appeal", "redress", 0, returned)
    move(day, plan, sum(charge.points for charge in charges) + returned)


def charge_records(day: Day, rule: RulePlan) -> list[Charge]:
    """Count the records of a rule's behaviour; those above the allowance cost, identity first, own last."""
    state, records = day.state, day.records[rule.behaviour]
    if records.total == 0:
        return []
    free = 0
    if rule.slot >= 0:
        count = monthly_count(state.month_counts, rule.slot)
        free = max(0, rule.allowance - count)
        state.month_counts = with_monthly_count(state.month_counts, rule.slot, count + records.total)
    charges = []
    for origin, number in records.by_origin():
        used = min(free, number)
        free -= used
        if used:
            day.tell(
                "allowed", f"{used} free by the allowance of rule {rule.id}", f"rule.{rule.id}", origin, used
            )
        if number > used and rule.points:
            charges.append(Charge(f"rule.{rule.id}", rule.behaviour, origin, (number - used) * rule.points))
    return charges


def charge_association(day: Day, rule: AssociationPlan | None) -> list[Charge]:
    """Return the points for flagged friends, if they fall due and there are enough."""
    if rule is None or not (rule.daily or day.first):
        return []
    low = day.state.low_friends
    if low >= rule.min_friends or (low > 0 and has_share(day, rule, low)):
        return [Charge(f"rule.{rule.id}", None, ASSOCIATION, rule.points)]
    return []


def has_share(day: Day, rule: AssociationPlan, low: int) -> bool:
    """Say whether flagged friends reach the share of a rule; without friends, never."""
    if rule.min_share32 < 0:
        return False
    degree = day.degree()
    return degree > 0 and low << 32 >= rule.min_share32 * degree


def charge_liability(day: Day) -> list[Charge]:
    """Return the points of a group's owner for all summonses that reached the owner today."""
    times = len(day.received(LIABLE))
    points = day.plan.police.owner_points * times if day.plan.police else 0
    return [Charge("police.owner_points", None, ASSOCIATION, points)] if points else []


def book(day: Day, charge: Charge) -> None:
    """Count points won or lost, and remember the largest loss of the day."""
    gain = charge.points > 0
    amount = abs(charge.points)
    stem = "points_gained" if gain else "points_lost"
    day.count(f"{stem}.all", amount)
    if charge.behaviour is not None:
        day.count(f"{stem}.{day.plan.behaviours[charge.behaviour].id}", amount)
    if not gain:
        book_loss(day, charge, amount)
    day.tell("points", f"{charge.points:+} points by {charge.key}", charge.key, charge.origin, charge.points)


def book_loss(day: Day, charge: Charge, amount: int) -> None:
    """Count a loss by its origin; the largest gives the origin of the day, the first among equals."""
    origin = ORIGINS[charge.origin - 1]
    day.count(f"points_lost_by.{origin}", amount)
    if charge.behaviour is not None:
        day.count(f"points_lost_by_rule.{charge.key.removeprefix('rule.')}.{origin}", amount)
        day.points_lost[charge.behaviour] += amount
    elif charge.key.startswith("rule."):
        day.count("points_lost.association", amount)
    else:
        day.count("points_lost.liability", amount)
    if amount > day.largest_loss:
        day.largest_loss = amount
        day.loss_behaviour = charge.behaviour
        day.state.marks = day.state.marks & ~LOSS_MASK | charge.origin << LOSS_SHIFT


def move(day: Day, plan: ScorePlan, points: int) -> None:
    """Add the points, recover or decay towards the base, clamp once."""
    s = day.state.score + points
    if s < plan.base and day.t % plan.recovery_every == 0:
        recovered = min(plan.base, s + plan.recovery) - s
        day.count("points_recovered", recovered)
        s += recovered
    elif s > plan.base and day.t % plan.decay_every == 0:
        decayed = s - max(plan.base, s - plan.decay)
        day.count("points_decayed", decayed)
        s -= decayed
    day.state.score = clamp(day, plan, s)


def clamp(day: Day, plan: ScorePlan, s: int) -> int:
    """Return a score inside floor and ceiling, counting what that changed."""
    inside = max(plan.floor, min(plan.ceiling, s))
    day.count("points_clamped", inside - s)
    return inside


def weigh(day: Day, plan: ScorePlan) -> None:
    """Recompute a weighted score from its factors, in 2^-16."""
    whole = sum(factor.weight * factor_value(day, factor) for factor in plan.factors) >> 16
    s = plan.floor + (whole * (plan.ceiling - plan.floor) + (1 << 15) >> 16)
    day.count("points_reset", s - day.state.score)
    if s != day.state.score:
        day.tell("points", f"score weighed anew: {day.state.score} to {s}", "score", 0, s - day.state.score)
    day.state.score = clamp(day, plan, s)


def factor_value(day: Day, factor: FactorPlan) -> int:
    """Return the value of one factor, 0 to 65536."""
    if factor.kind == "trait":
        return factor.levels[private_share(day.plan.seed, factor.decision, day.i, 0, factor.cumulative)]
    if factor.kind == "records":
        count = monthly_count(day.counts_before, factor.slot) if factor.slot >= 0 else 0
        return WHOLE - WHOLE * min(count, factor.full_at) // factor.full_at
    degree = day.degree()
    return WHOLE - WHOLE * day.state.low_friends // degree if degree else WHOLE
