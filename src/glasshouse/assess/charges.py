"""Points taken from everybody by every rule and origin, day by day; twin of the charges of `model.oracle_score`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.assess.causes import OF_RECORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.harm.replay import Day, Deeds
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import AssociationPlan, Plan

    Counts = NDArray[np.int64]

__all__ = ["Charges", "counted"]

NOTHING = -1  # the largest loss of a day is about no behaviour
COUNT_MAX = 31  # of an allowance; `society.columns`
WHOLE = 32  # bits of a share of friends


class Charges:
    """Watches what costs points.

    Args:
        plan: The world's plan; a score of weighted factors takes no points.
        people: Its people.

    Attributes:
        lost: Points lost so far, (citizens, 3 rules + friends + liability) int32, columns as in `causes_of`.
        file: Behaviour that the largest loss of the day is about, (citizens,) int16; -1 none.
        today: Points lost today by each rule and origin, summed over people.
        today_of_others: Points lost today through friends, and as the owner of a chat group.
    """

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan, self._people = plan, people
        score = plan.score
        self.on = score is not None and not score.weighted
        self._rules = score.rules if score else ()
        self._friends = score.association if score else None
        width = 3 * len(self._rules) + (self._friends is not None) + 1
        self.lost: NDArray[np.int32] = np.zeros((plan.citizens if self.on else 0, width), np.int32)
        self.file: NDArray[np.int16] = np.full(plan.citizens, NOTHING, np.int16)
        self.today: list[int] = []
        self.today_of_others: list[int] = []
        self._counts = {r.id: np.zeros(plan.citizens, np.int64) for r in self._rules if r.slot >= 0}
        self._due: NDArray[np.bool_] = np.zeros(0, bool)

    def morning(self, engine: Engine) -> None:
        """Note who has enough friends with a low score, before the day is lived."""
        if self.on and self._friends and (self._friends.daily or self.plan.is_first(engine.t)):
            self._due = self._people.member & self._enough(engine, self._friends)
        else:
            self._due = np.zeros(0, bool)

    def _enough(self, engine: Engine, rule: AssociationPlan) -> NDArray[np.bool_]:
        """Return who has enough friends with a low score."""
        low = engine.columns["low_friends"][: self.plan.citizens].astype(np.int64)
        enough = low >= rule.min_friends
        if rule.min_share32 >= 0:
            for i in np.flatnonzero(low).tolist():
                degree = engine.degree(i)
                enough[i] |= degree > 0 and int(low[i]) << WHOLE >= rule.min_share32 * degree
        return enough

    def add(self, day: Day, liable: Counts) -> None:
        """Book a day; `liable` names the owners of chat groups held liable today, repeats kept."""
        if not self.on:
            return
        first = self.plan.is_first(day.t)
        largest: NDArray[np.int64] = np.zeros(self.plan.citizens, np.int64)
        self.file[:] = NOTHING
        self.today = []
        for number, rule in enumerate(self._rules):
            if first and rule.slot >= 0:
                self._counts[rule.id][:] = 0
            for k, count in enumerate(
                self._above(rule.id, rule.allowance, rule.slot, day.deeds[rule.behaviour])
            ):
                amount = np.maximum(0, -rule.points) * count
                self.lost[:, 3 * number + k] += amount.astype(np.int32)
                self.today.append(int(amount.sum()))
                larger = amount > largest
                largest[larger], self.file[larger] = amount[larger], rule.behaviour
        column = 3 * len(self._rules)
        self.today_of_others = []
        if self._friends is not None:
            taken = (
                max(0, -self._friends.points) * self._due
                if self._due.size
                else np.zeros(self.plan.citizens, np.int64)
            )
            self._others(column, taken, largest)
            column += 1
        owner = -self.plan.police.owner_points if self.plan.police else 0
        times = counted(liable, self.plan.citizens) * self._people.member
        self._others(column, max(0, owner) * times, largest)

    def _others(self, column: int, amount: Counts, largest: Counts) -> None:
        """Book what no behaviour of one's own is about."""
        self.lost[:, column] += amount.astype(np.int32)
        self.today_of_others.append(int(amount.sum()))
        larger = amount > largest
        largest[larger], self.file[larger] = amount[larger], NOTHING

    def _above(self, rule: str, allowance: int, slot: int, deeds: Deeds) -> list[Counts]:
        """Return the records of today beyond the allowance of a rule: own, false, identity."""
        n, member = self.plan.citizens, self._people.member
        records = [counted(ids, n) * member for ids in records_of(deeds)]
        if slot < 0:
            return records
        before = self._counts[rule]
        free = np.maximum(0, allowance - before)
        self._counts[rule] = np.minimum(COUNT_MAX, before + sum(records))
        out = []
        for one in records:
            used = np.minimum(free, one)
            free = free - used
            out.append(one - used)
        return out


def records_of(deeds: Deeds) -> list[Counts]:
    """Return whose records arrived today, in the order of `OF_RECORDS`; repeats kept."""
    out = [deeds.arrived, np.concatenate([deeds.alarms, deeds.blamed]), deeds.carded]
    assert len(out) == len(OF_RECORDS)
    return out


def counted(ids: Counts, citizens: int) -> Counts:
    """Return how often each citizen is named."""
    return np.bincount(ids, minlength=citizens).astype(np.int64)
