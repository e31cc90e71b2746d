"""Counting right and wrong records: by behaviour and group, on citizen-days and on people.

Sums over days, and over replicates by `+`; what they come to is in `audit`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.society.columns import FALSE, IDENTITY, MARK_PUNISHED, RECORD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.harm.replay import Day
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import BehaviourPlan, Plan

    Counts = NDArray[np.int64]
    Rows = NDArray[np.bool_]

__all__ = ["SANCTIONED", "DayCounts", "ErrorsMade", "Watch", "answerable", "ruled"]

SANCTIONED = "sanctioned"  # the name of what is not a behaviour: to be punished


@dataclass
class DayCounts:
    """Citizen-days of one behaviour, each (groups,) int64.

    Attributes:
        open: Citizen-days on which it could have been done.
        acts: Of these, on which it was.
        withheld: Acts not made for fear.
        seen: Acts seen.
        passed: Acts that reached the authorities.
        caught: Acts recorded, on whomever.
        own: Acts recorded on the doer; a record on the way at the end counts.
        misattributed: Acts whose record went to another chat member, at the doer.
        borrowed: Acts whose record went to the owner of the card, at the doer.
        alarms: False alarms.
        blamed: Records of another's act through a mix-up, at the one who got it.
        carded: Records of what another did with one's card, at the one who got it.
    """

    open: Counts
    acts: Counts
    withheld: Counts
    seen: Counts
    passed: Counts
    caught: Counts
    own: Counts
    misattributed: Counts
    borrowed: Counts
    alarms: Counts
    blamed: Counts
    carded: Counts

    @classmethod
    def none(cls, groups: int) -> DayCounts:
        """Return counts of nothing."""
        return cls(*(np.zeros(groups, np.int64) for _ in fields(cls)))

    def __add__(self, other: DayCounts) -> DayCounts:
        return DayCounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass
class ErrorsMade:
    """What was recorded rightly and wrongly in a world, or in several.

    Attributes:
        names: Ids of the behaviours.
        groups: Names of the groups.
        answers: Ids of the behaviours that lead to anything.
        citizens: Citizens of each group, (groups,) int64.
        days: Citizen-days of each behaviour.
        people: (behaviours + 1, groups, 2, 2) int64: people by [did it][has a record of it]; the last row is
            [did anything that leads to something][was punished] of those who were under no sanction before day 0.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    answers: tuple[str, ...]
    citizens: Counts
    days: list[DayCounts]
    people: Counts

    def __add__(self, other: ErrorsMade) -> ErrorsMade:
        return ErrorsMade(
            self.names,
            self.groups,
            self.answers,
            self.citizens + other.citizens,
            [one + more for one, more in zip(self.days, other.days, strict=True)],
            self.people + other.people,
        )

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the rows of `people`."""
        return *self.names, SANCTIONED


class Watch:
    """Counts records day by day while a world lives.

    Args:
        plan: The world's plan.
        people: Its people.
    """

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan, self._people = plan, people
        shape = len(plan.behaviours), plan.citizens
        self._groups = len(plan.population.group_names)
        self._days = [DayCounts.none(self._groups) for _ in plan.behaviours]
        self._could, self._did, self._recorded = (np.zeros(shape, bool) for _ in range(3))
        self._free: Rows = np.ones(plan.citizens, bool)

    def begin(self, engine: Engine) -> None:
        """Note who bears a sanction before day 0."""
        self._free[self._punished(engine)] = False

    def add(self, day: Day) -> None:
        """Add a day."""
        for k, one in enumerate(day.deeds):
            lists = (
                np.flatnonzero(one.open), one.did, one.withheld, one.seen, one.passed, one.caught, one.own,
                one.misattributed, one.borrowed, one.alarms, one.blamed, one.carded,
            )  # fmt: skip
            self._days[k] += DayCounts(*(self._by_group(ids) for ids in lists))
            self._could[k] |= one.open
            self._did[k, one.did] = True
            for ids in (one.own, one.alarms, one.blamed, one.carded):
                self._recorded[k, ids] = True

    def end(self, engine: Engine) -> ErrorsMade:
        """Return the sums; records on the way have landed."""
        waiting = engine.pending()
        waiting = waiting[waiting[:, 2] == RECORD]
        for k in range(len(self.plan.behaviours)):
            for origin, name in ((FALSE, "blamed"), (IDENTITY, "carded")):
                ids = waiting[(waiting[:, 3] == k) & (waiting[:, 4] == origin), 1]
                setattr(self._days[k], name, getattr(self._days[k], name) + self._by_group(ids))
                self._recorded[k, ids] = True
        answers = tuple(b.id for k, b in enumerate(self.plan.behaviours) if answerable(self.plan, k, b))
        return ErrorsMade(
            names=tuple(b.id for b in self.plan.behaviours),
            groups=self.plan.population.group_names,
            answers=answers,
            citizens=np.bincount(self._people.group, minlength=self._groups),
            days=self._days,
            people=self._crossed(engine, answers),
        )

    def _crossed(self, engine: Engine, answers: tuple[str, ...]) -> Counts:
        """Return people by group, whether they did it, and whether they have a record of it."""
        rows = [
            self._cross(self._could[k] | self._recorded[k], self._did[k], self._recorded[k])
            for k in range(len(self.plan.behaviours))
        ]
        chosen = [k for k, b in enumerate(self.plan.behaviours) if b.id in answers]
        did_any: Rows = np.zeros(self.plan.citizens, bool)
        for k in chosen:
            did_any |= self._did[k]
        rows.append(self._cross(self._free, did_any, self._punished(engine)))
        return np.stack(rows)

    def _cross(self, who: Rows, did: Rows, found: Rows) -> Counts:
        """Count `who` by group, did and found."""
        cells = (self._people.group * 2 + did) * 2 + found
        return np.bincount(cells[who], minlength=4 * self._groups).reshape(self._groups, 2, 2)

    def _by_group(self, ids: NDArray[np.int64]) -> Counts:
        return np.bincount(self._people.group[ids], minlength=self._groups)

    def _punished(self, engine: Engine) -> Rows:
        return (engine.columns["marks"][: self.plan.citizens] & MARK_PUNISHED) != 0


def answerable(plan: Plan, number: int, b: BehaviourPlan) -> bool:
    """Say whether a behaviour can cost anything: points, a sanction list, a summons, or the account."""
    return ruled(plan, number, b) or b.suspended > 0


def ruled(plan: Plan, number: int, b: BehaviourPlan) -> bool:
    """Say whether the scheme is about a behaviour: points, a sanction list or a summons."""
    rules = plan.score.rules if plan.score else ()
    weighted = plan.score is not None and plan.score.weighted
    costs = any(rule.behaviour == number and (rule.points < 0 or weighted) for rule in rules)
    listed = any(number in one.entry_behaviours and not one.perk for one in plan.lists)
    return costs or listed or b.summons > 0
