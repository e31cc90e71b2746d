"""The recovery clock: from the first sanction to a clean state, for everybody, by watching the columns.

A citizen is *clean* in the evening when they are on no sanction list, have no day of detention, suspension or
being offline to come, and a score at or above every line below which the scheme acts. The clock starts in
the evening of the day of the first punishment and stops in the first evening, that one included, that is clean.
Who was under a sanction before day 0 is not in the curves: nobody knows when theirs began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.harm.intervals import Estimate, share
from glasshouse.harm.survival import Curve, kaplan_meier
from glasshouse.society.columns import MARK_PUNISHED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

    Counts = NDArray[np.int64]
    Rows = NDArray[np.bool_]

__all__ = ["Clock", "Recovered", "Recovery", "line_of", "recovery"]

NOT_YET = -1
BEFORE = -2
SPELLS = ("detained", "suspended", "offline")
EVERYBODY = "all"


@dataclass
class Recovered:
    """How long people took to be clean again, in a world or in several.

    Attributes:
        groups: Names of the groups.
        events: People clean again after d days, (groups, days + 1) int64.
        censored: People not clean when the run ended, d days after their first sanction, (groups, days + 1) int64.
        again: Of those clean again, people not clean at the end, (groups,) int64.
        before: People under a sanction before day 0, (groups,) int64.
        before_still: Of these, people who were never clean, (groups,) int64.
        sinking: (2, 2) int64: people first punished in the run by [score expected to sink][clean again].
        on_list: Sanction list -> people ever on it, and those of them on it at the end.
    """

    groups: tuple[str, ...]
    events: Counts
    censored: Counts
    again: Counts
    before: Counts
    before_still: Counts
    sinking: Counts
    on_list: dict[str, tuple[int, int]]

    def __add__(self, other: Recovered) -> Recovered:
        return Recovered(
            self.groups,
            *(
                getattr(self, name) + getattr(other, name)
                for name in ("events", "censored", "again", "before", "before_still", "sinking")
            ),
            on_list={
                name: (ever + other.on_list[name][0], at_end + other.on_list[name][1])
                for name, (ever, at_end) in self.on_list.items()
            },
        )


class Clock:
    """Watches who is punished first when, and who is clean again when.

    Args:
        plan: The world's plan.
        people: Its people.
    """

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan, self._people, self.n = plan, people, plan.citizens
        self._sanctions = np.uint8(sum(1 << k for k, one in enumerate(plan.lists) if not one.perk))
        self._line = line_of(plan)
        self.first = np.full(self.n, NOT_YET, np.int16)  # day of the first sanction
        self.clean = np.full(self.n, NOT_YET, np.int16)  # first clean evening since
        self._dirty: Rows = np.zeros(self.n, bool)
        self._ever = np.zeros(self.n, np.uint8)  # lists that each was ever on, as bits
        self._lists = np.zeros(self.n, np.uint8)  # lists that each is on

    def begin(self, engine: Engine) -> None:
        """Note who is under a sanction before day 0."""
        self.first[self._punished(engine)] = BEFORE
        self._ever |= engine.columns["lists"][: self.n]

    def evening(self, engine: Engine, t: int) -> None:
        """Watch the end of day t."""
        self.first[(self.first == NOT_YET) & self._punished(engine)] = t
        self._dirty = self._not_clean(engine)
        waiting = (self.first != NOT_YET) & (self.clean == NOT_YET)
        self.clean[waiting & ~self._dirty] = t

    def _not_clean(self, engine: Engine) -> Rows:
        """Return who is not clean; notes who is on which list."""
        columns = engine.columns
        self._lists = columns["lists"][: self.n].copy()
        self._ever |= self._lists
        out = (self._lists & self._sanctions) != 0
        for name in SPELLS:
            out |= columns[name][: self.n] != 0
        if self._line is not None:
            out |= self._people.member & (columns["score"][: self.n] < self._line)
        return out

    def end(self, sinking: Rows) -> Recovered:
        """Return the counts; `sinking` are those whose score is expected to sink faster than it recovers."""
        days, groups = self.plan.days, len(self.plan.population.group_names)
        started, done = self.first >= 0, self.clean >= 0
        first, clean = self.first.astype(np.int64), self.clean.astype(np.int64)
        length = np.where(done, clean - first, days - 1 - first)
        cell = self._people.group * (days + 1) + np.clip(length, 0, days)

        def by_length(who: Rows) -> Counts:
            """Count some people by group and days."""
            return np.bincount(cell[who], minlength=groups * (days + 1)).reshape(groups, days + 1)

        def by_group(who: Rows) -> Counts:
            """Count some people by group."""
            return np.bincount(self._people.group[who], minlength=groups)

        return Recovered(
            groups=self.plan.population.group_names,
            events=by_length(started & done),
            censored=by_length(started & ~done),
            again=by_group(started & done & self._dirty),
            before=by_group(self.first == BEFORE),
            before_still=by_group((self.first == BEFORE) & ~done),
            sinking=np.bincount((2 * sinking + done)[started], minlength=4).reshape(2, 2),
            on_list={
                one.id: (people_on(self._ever, k), people_on(self._ever & self._lists, k))
                for k, one in enumerate(self.plan.lists)
                if not one.perk
            },
        )

    def _punished(self, engine: Engine) -> Rows:
        return (engine.columns["marks"][: self.n] & MARK_PUNISHED) != 0


def people_on(lists: NDArray[np.uint8], number: int) -> int:
    """Return how many people have the bit of a list."""
    return int(np.count_nonzero(lists & np.uint8(1 << number)))


def line_of(plan: Plan) -> int | None:
    """Return the highest score below which the scheme acts on somebody; None without a score or such a line."""
    score = plan.score
    if score is None:
        return None
    lines = [score.low_cutoff]
    if score.sanctions_follow:
        lines += [one.entry_below for one in plan.lists if not one.perk and not one.company]
    line = max(lines)
    return line if line > score.floor else None


@dataclass(frozen=True)
class Recovery:
    """How long people of one group, or of all, take to be clean again.

    Attributes:
        group: Name of the group, or `all`.
        people: People first punished in the run.
        median_days: Days after which half are clean again.
        p95_days: Days after which 95 % are.
        clean_within_30: Share clean again within 30 days, with the interval of the curve.
        never: Share expected not to be clean again within the longest time watched (by the curve).
        not_clean_at_end: Share not clean again when the run ended, however long they were watched.
        again: Of those clean again, the share that was not clean at the end.
        before: People under a sanction before day 0, who are not in the curve.
        before_still: Of these, the share that was never clean.
        curve: The curve.
    """

    group: str
    people: int
    median_days: Estimate
    p95_days: Estimate
    clean_within_30: Estimate
    never: Estimate
    not_clean_at_end: Estimate
    again: Estimate
    before: int
    before_still: Estimate
    curve: Curve

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "group": self.group,
            "people": self.people,
            "median_days": self.median_days.as_dict(),
            "p95_days": self.p95_days.as_dict(),
            "clean_within_30": self.clean_within_30.as_dict(),
            "never": self.never.as_dict(),
            "not_clean_at_end": self.not_clean_at_end.as_dict(),
            "again": self.again.as_dict(),
            "before": self.before,
            "before_still": self.before_still.as_dict(),
            "curve": self.curve.as_dict(),
        }


def recovery(counts: Recovered) -> tuple[Recovery, ...]:
    """Return the recovery of all, and of each group if there are several."""
    out = [of_group(counts, EVERYBODY, slice(None))]
    if len(counts.groups) > 1:
        out += [of_group(counts, name, slice(k, k + 1)) for k, name in enumerate(counts.groups)]
    return tuple(out)


def of_group(counts: Recovered, name: str, which: slice) -> Recovery:
    """Return the recovery of some groups."""
    events, censored = counts.events[which].sum(axis=0), counts.censored[which].sum(axis=0)
    curve = kaplan_meier(events, censored)
    done, open_ = int(events.sum()), int(censored.sum())
    before = int(counts.before[which].sum())
    return Recovery(
        group=name,
        people=done + open_,
        median_days=curve.quantile(0.5),
        p95_days=curve.quantile(0.95),
        clean_within_30=within(curve, 30),
        never=curve.left_at_end(),
        not_clean_at_end=share(open_, done + open_),
        again=share(int(counts.again[which].sum()), done),
        before=before,
        before_still=share(int(counts.before_still[which].sum()), before),
        curve=curve,
    )


def within(curve: Curve, days: int) -> Estimate:
    """Return the share that got there within some days; no value where nobody was watched for so long."""
    if days >= curve.at_risk.size or curve.at_risk[days] == 0:
        return Estimate(None)
    return Estimate(float(1 - curve.waiting[days]), float(1 - curve.high[days]), float(1 - curve.low[days]))
