"""States with no way out: found from the rules, to be confirmed in a run.

What is looked for: lists that nobody can leave; lists whose only lasting exit is a score that cannot rise so far;
scores that never come back; friends' low scores that take what recovery gives; people whose score is expected to
sink faster than it recovers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.harm.intervals import Estimate, share
from glasshouse.streams import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.harm.recovery import Recovered
    from glasshouse.model.plan import BehaviourPlan, ListPlan, Plan, RulePlan, ScorePlan

__all__ = ["Confirmed", "Trap", "confirmed", "daily_drift", "sinking", "traps_of"]

OUTSIDE_LOW, OUTSIDE_HIGH = -32768, 32767  # lines of a list that are not given
MONTH = 30  # days
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Trap:
    """One state with no way out under the rules.

    Attributes:
        kind: `no-exit`, `exit-out-of-reach`, `no-recovery`, `friends-outweigh-recovery` or `sinking`.
        key: Table key of what makes it.
        text: Why there is no way out, in words.
        list: Id of the list, if it is one.
    """

    kind: str
    key: str
    text: str
    list: str = ""


@dataclass(frozen=True)
class Confirmed:
    """A trap and what the run says about it.

    Attributes:
        trap: The trap.
        in_state: Share in the state at the end: of citizens (lists), of members (scores), of those who sink.
        entered: How many people entered it; of flags, how many went up.
        left: How many exits there were.
        holds: Whether everybody who was in it is in it at the end; None where nobody was.
        text: What the run says, in words.
    """

    trap: Trap
    in_state: Estimate
    entered: int
    left: int
    holds: bool | None
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "kind": self.trap.kind,
            "key": self.trap.key,
            "why": self.trap.text,
            "in_state": self.in_state.as_dict(),
            "entered": self.entered,
            "left": self.left,
            "holds": self.holds,
            "in_the_run": self.text,
        }


def traps_of(plan: Plan, sinking_share: float | None = None) -> tuple[Trap, ...]:
    """Return the traps that the rules of a plan make.

    Args:
        plan: The scheme.
        sinking_share: Share of members whose score is expected to sink; None leaves that trap out.
    """
    out = [trap for one in plan.lists if not one.perk for trap in list_traps(plan, one)]
    score = plan.score
    if score is not None and not score.weighted:
        out += score_traps(score)
        if sinking_share:
            out.append(
                Trap(
                    "sinking",
                    "score.recovery_points",
                    "their records are expected to cost more a day than recovery and good deeds give back (pD >= 1),"
                    f" for {100 * float(sinking_share):.3g} % of members at no perceived risk",
                )
            )
    return tuple(out)


# ---- lists


def list_traps(plan: Plan, one: ListPlan) -> Iterable[Trap]:
    """Yield why a list cannot be left, if it cannot."""
    key = f"list.{one.id}"
    if one.company:
        if plan.company is not None and plan.company.performed == 0 and plan.company.term >= plan.days:
            yield Trap(
                "no-exit",
                key,
                "companies neither perform nor come to the end of their term in this run",
                one.id,
            )
        return
    exits = exits_of(one)
    if not exits and not leaves_by_appeal(plan, one):
        yield Trap("no-exit", key, "it has no term, performance, repair, line of the score or appeal", one.id)
        return
    barred = score_bars(plan, one)
    if barred and plan.score is not None:
        yield Trap("exit-out-of-reach", key, barred, one.id)


def exits_of(one: ListPlan) -> list[str]:
    """Return the ways out of a list, by the names of their fields."""
    ways = {
        "term_days": one.term >= 0,
        "performed_per_day": one.performed > 0,
        "repaired_per_day": one.repaired > 0,
        "exit_score_at_least": one.exit_at_least != OUTSIDE_HIGH,
        "exit_score_below": one.exit_below != OUTSIDE_LOW,
    }
    return [name for name, there in ways.items() if there]


def leaves_by_appeal(plan: Plan, one: ListPlan) -> bool:
    """Say whether a won appeal can take somebody off a list: the entry rests on records."""
    redress = plan.redress
    return (
        redress is not None
        and redress.filed > 0
        and (redress.won_if_false > 0 or redress.won_if_true > 0)
        and bool(one.entry_behaviours or (one.entry_below != OUTSIDE_LOW and plan.score))
    )


def score_bars(plan: Plan, one: ListPlan) -> str:
    """Return why the score keeps people on a list for good, or nothing.

    A list with a line of entry takes people back the next day while their score is below it, so that neither term nor
    performance nor repair lasts: only a score at the line does.
    """
    score = plan.score
    if score is None:
        return ""
    entered_by_score = one.entry_below != OUTSIDE_LOW and score.sanctions_follow
    only_by_score = exits_of(one) == ["exit_score_at_least"]
    if not entered_by_score and not only_by_score:
        return ""
    needed = one.entry_below if entered_by_score else one.exit_at_least
    if only_by_score:
        needed = max(needed, one.exit_at_least)
    reached = highest_score(score)
    if reached is None:
        return f"a score that fell below {needed} never rises: there is neither recovery nor gain"
    if needed > reached:
        return f"it takes {needed} points to leave it for good, and a score that fell comes back to at most {reached}"
    return ""


def rises(score: ScorePlan) -> bool:
    """Say whether a score that fell can rise at all."""
    gains = any(rule.points > 0 for rule in score.rules)
    gains |= score.association is not None and score.association.points > 0
    return score.weighted or score.recovery > 0 or gains


def highest_score(score: ScorePlan) -> int | None:
    """Return how far a score that fell can rise; None where it cannot rise at all."""
    if not rises(score):
        return None
    gains = any(rule.points > 0 for rule in score.rules)
    gains |= score.association is not None and score.association.points > 0
    return score.ceiling if score.weighted or gains else score.base


# ---- the score


def score_traps(score: ScorePlan) -> Iterable[Trap]:
    """Yield why a score of points does not come back."""
    losses = any(rule.points < 0 for rule in score.rules) or score.association is not None
    if losses and not rises(score):
        yield Trap("no-recovery", "score.recovery_points", "points are lost and none ever come back")
    friends = score.association
    if friends is None or friends.points >= 0 or not score.recovery:
        return
    times = MONTH if friends.daily else 1
    taken, given = (
        -friends.points * times,
        recovered_in(score, SHORTEST_MONTH if not friends.daily else MONTH),
    )
    if taken >= given:
        months = "a month" if not friends.daily else f"in {MONTH} days"
        yield Trap(
            "friends-outweigh-recovery",
            f"rule.{friends.id}",
            f"friends with a low score cost {taken} points {months}, and recovery gives at most {given}"
            f" in {SHORTEST_MONTH if not friends.daily else MONTH} days",
        )


def recovered_in(score: ScorePlan, days: int) -> int:
    """Return the points that recovery gives back in some days, at most."""
    return score.recovery * -(-days // score.recovery_every)


def daily_drift(plan: Plan, people: People, thresholds: list[NDArray[np.uint64]]) -> NDArray[np.float64]:
    """Return the points that everybody's records are expected to bring a day, without recovery and restraint.

    A rule with an allowance costs from the first record above it in a month of 30 days. Other people's acts, appeals
    and bars on access are left out. Not for the day itself: floats.
    """
    out = np.zeros(plan.citizens)
    score = plan.score
    if score is None or score.weighted:
        return out
    for rule in score.rules:
        b = plan.behaviours[rule.behaviour]
        rate = record_rates(plan, b, thresholds[rule.behaviour])
        rate = np.where(people.of_age(b.activity) & (people.online | (not b.online)), rate, 0.0)
        out += rule.points * costing(rule, rate)
    return np.where(people.member, out, 0.0)


def record_rates(plan: Plan, b: BehaviourPlan, thresholds: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return the records expected a day: acts that are seen, passed on and caught, and false alarms."""
    act = thresholds.astype(np.float64) / 2.0**64
    alarm = b.false_alarm / 2**64
    return act * found_share(plan, b) + (1 - act) * alarm


def found_share(plan: Plan, b: BehaviourPlan) -> float:
    """Return the probability that an act is recorded."""
    caught = as_share(b.caught)
    if not b.seen_cumulative:
        return caught * as_share(b.office_threshold)
    steps = np.diff([0.0, *(as_share(one) for one in b.seen_cumulative)])
    passed = [as_share(one) for one in plan.platform_passed_on]
    return caught * float(sum(step * one for step, one in zip(steps, passed, strict=True)))


def as_share(threshold: int) -> float:
    """Return the probability of a threshold."""
    return 1.0 if threshold == ALWAYS else threshold / 2**64


def costing(rule: RulePlan, rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the records a day that go beyond a rule's allowance, for a rate of records a day."""
    if not rule.allowance:
        return rate
    rate = np.clip(rate, 0.0, 1.0)
    free = np.zeros_like(rate)
    for k in range(rule.allowance):  # E min(X, a) = sum of P(X > k), X binomial over the month
        below = sum(comb(MONTH, j) * rate**j * (1 - rate) ** (MONTH - j) for j in range(k + 1))
        free += 1 - below
    return np.maximum(0.0, rate - free / MONTH)


def sinking(plan: Plan, drift: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whose score is expected to sink at least as fast as it recovers."""
    score = plan.score
    if score is None or score.weighted:
        return np.zeros(drift.size, bool)
    return (drift < 0) & (-drift >= score.recovery / score.recovery_every)


# ---- in the run


def confirmed(
    traps: tuple[Trap, ...],
    flows: Mapping[str, int],
    stocks: Mapping[str, int],
    citizens: int,
    recovered: Recovered,
) -> tuple[Confirmed, ...]:
    """Return what runs say about the traps.

    Args:
        traps: The traps of the rules.
        flows: Sum of each flow over days, people and replicates.
        stocks: Stocks at the end, summed over replicates.
        citizens: Citizens, summed over replicates.
        recovered: How people recovered.
    """
    out = []
    for trap in traps:
        if trap.list:
            out.append(list_confirmed(trap, flows, citizens, recovered))
        elif trap.kind == "sinking":
            out.append(sinking_confirmed(trap, recovered))
        else:
            out.append(score_confirmed(trap, flows, stocks))
    return tuple(out)


def list_confirmed(trap: Trap, flows: Mapping[str, int], citizens: int, recovered: Recovered) -> Confirmed:
    """Return what the run says about a list: who was ever on it, and who of them is on it at the end."""
    ever, at_end = recovered.on_list.get(trap.list, (0, 0))
    left = flows.get(f"left.{trap.list}", 0)
    text = f"{ever:,} people were on it, {at_end:,} of them are at the end; {left:,} exits"
    return Confirmed(trap, share(at_end, citizens), ever, left, ever == at_end if ever else None, text)


def score_confirmed(trap: Trap, flows: Mapping[str, int], stocks: Mapping[str, int]) -> Confirmed:
    """Return what the run says about a score that does not come back."""
    members, low = stocks.get("members", 0), stocks.get("flagged", 0)
    on, off = flows.get("flagged", 0), flows.get("unflagged", 0)
    if trap.kind == "no-recovery":
        holds = flows.get("points_recovered", 0) == 0 if flows.get("points_lost.all", 0) else None
        text = f"{flows.get('points_lost.all', 0):,} points were lost, {flows.get('points_recovered', 0):,} recovered"
    else:
        lost, back = flows.get("points_lost.association", 0), flows.get("points_recovered", 0)
        holds = off == 0 if on else None
        text = (
            f"friends cost {lost:,} points, recovery gave {back:,} to all; {on:,} flags went up, {off:,} down"
        )
    return Confirmed(trap, share(min(low, members), members), on, off, holds, text)


def sinking_confirmed(trap: Trap, recovered: Recovered) -> Confirmed:
    """Return what the run says about those who sink: who of them was clean again, beside all others."""
    others, sink = recovered.sinking
    of_sinking, of_others = share(int(sink[1]), int(sink.sum())), share(int(others[1]), int(others.sum()))
    n = int(recovered.sinking.sum())
    if of_sinking.value is None or of_others.value is None:
        return Confirmed(
            trap,
            share(int(sink.sum()), n),
            int(sink.sum()),
            int(sink[1]),
            None,
            "nobody of them, or nobody else, was punished",
        )
    text = (
        f"of {int(sink.sum()):,} of them who were punished {100 * of_sinking.value:.3g} % were clean again,"
        f" of {int(others.sum()):,} others {100 * of_others.value:.3g} %"
    )
    holds = of_sinking.value < of_others.value
    return Confirmed(trap, share(int(sink[0]), n), int(sink.sum()), int(sink[1]), holds, text)
