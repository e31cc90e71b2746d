"""Choose a citizen whose life is worth telling: exactly, by what happened to everybody in worlds lived again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.twins import Twins
from glasshouse.errors import UsageError, clean
from glasshouse.life import people
from glasshouse.life.again import live_worlds
from glasshouse.life.silent import WithheldPosts
from glasshouse.society.columns import MARK_PUNISHED, MARK_PUNISHED_ASSOCIATION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from glasshouse.life.again import LivedAgain, Progress
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

    Numbers = NDArray[np.int64]

__all__ = ["PICKS", "Tally", "fitting", "picked", "refuse_group"]

PICKS = ("most-affected", "punished-by-association", "silent", "typical")
NOBODY = {
    "most-affected": "nobody was under a sanction, and no two twins ever differed",
    "punished-by-association": "nobody was punished for what others did and for nothing else",
    "silent": "nobody who was never punished withheld a post",
    "typical": "the group is empty",
}


def picked(
    plans: Sequence[Plan], pick: str, group: str | None, threads: int | None, progress: Progress
) -> tuple[int, list[LivedAgain]]:
    """Live the worlds again; return the citizen who fits best, the smallest id among equals, and the worlds.

    Raises:
        UsageError: nobody fits, or there is no such pick or group.
    """
    refuse_group(plans[0], pick, group)
    tally = Tally(plans, posts=pick == "silent")
    worlds = live_worlds(plans, "looking for a life", threads, progress, tally)
    citizen = fitting(tally, pick, group)
    if citizen is None:
        raise UsageError(
            f"--pick {pick}: nobody in this run fits: {NOBODY[pick]}",
            help="try another pick, or a longer or larger run",
        )
    return citizen, worlds


def fitting(tally: Tally, pick: str, group: str | None = None) -> int | None:
    """Return the citizen who fits a pick best, the smallest id among equals; None if nobody does."""
    plan = tally.plans[0]
    everybody = np.arange(plan.citizens)
    if group is not None:
        number = plan.population.group_names.index(group)
        everybody = np.flatnonzero(people.groups(plan, everybody) == number)
    weights = _WEIGH[pick](tally, everybody)
    if weights.size == 0 or weights.max() <= 0:
        return None
    return int(everybody[weights.argmax()])  # the first of the largest


def refuse_group(plan: Plan, pick: str, group: str | None) -> None:
    """Raise UsageError for a pick or group that there is not, or a pick that needs a group."""
    if pick not in PICKS:
        raise UsageError(f"--pick {clean(pick)}: expected {', '.join(PICKS)}")
    names = ", ".join(plan.population.group_names)
    if group is not None and group not in plan.population.group_names:
        raise UsageError(f"--group {clean(group)}: this society has the groups {names}")
    if pick == "typical" and group is None:
        raise UsageError("--pick typical: typical of which group?", help=f"add --group, one of {names}")


class Tally:
    """What is added up for every citizen while the worlds live."""

    def __init__(self, plans: Sequence[Plan], *, posts: bool) -> None:
        n = plans[0].citizens
        self.n, self.plans = n, plans
        self.twins = Twins(plans[0], plans[1]) if len(plans) == 2 else None
        self.sanction_lists = [sum(1 << k for k, one in enumerate(p.lists) if not one.perk) for p in plans]
        self.days_sanctioned = [np.zeros(n, np.int64) for _ in plans]
        self.days_apart = np.zeros(n, np.int64)
        self.days_one_sanctioned = np.zeros(n, np.int64)
        self.sanctioned_before = np.zeros(n, bool)
        self.risk = [np.zeros(n, np.int64) for _ in plans]
        self.marks = [np.zeros(n, np.uint16) for _ in plans]
        self.scores = [np.zeros(n, np.int16) for _ in plans]
        self.withheld = [WithheldPosts(plan) for plan in plans] if posts else []

    def morning(self, day: int, engines: Sequence[Engine]) -> None:
        """Note who is under a sanction before day 0, and which posts of the day will be withheld."""
        if day == 0:
            for number in range(len(engines)):
                self.sanctioned_before |= self._sanctioned(engines[number], number)
        for posts, engine in zip(self.withheld, engines, strict=False):
            posts.add(day, engine.columns["risk"][: self.n])

    def evening(
        self, day: int, engines: Sequence[Engine], differing: NDArray[np.bool_] | None = None
    ) -> None:
        """Add the end of a day; `differing` says who differs from the twin, where that is known already."""
        one = np.zeros(self.n, bool)
        last = day + 1 == self.plans[0].days
        for number, engine in enumerate(engines):
            sanctioned = self._sanctioned(engine, number)
            self.days_sanctioned[number] += sanctioned
            one ^= sanctioned
            self.risk[number] += engine.columns["risk"][: self.n]
            if last:
                self.marks[number] = engine.columns["marks"][: self.n].copy()
                self.scores[number] = engine.columns["score"][: self.n].copy()
        self.days_one_sanctioned += one
        if self.twins is not None:
            if differing is None:
                differing = self.twins.differing(engines[0].columns, engines[1].columns)
            self.days_apart += differing

    def _sanctioned(self, engine: Engine, number: int) -> NDArray[np.bool_]:
        """Return who is under a sanction: on a list, detained, suspended or offline."""
        columns = engine.columns
        out = (columns["lists"][: self.n] & np.uint8(self.sanction_lists[number])) != 0
        for name in ("detained", "suspended", "offline"):
            out |= columns[name][: self.n] != 0
        return out

    def ever(self, mask: int) -> NDArray[np.bool_]:
        """Return who bears one of these marks at the end in some world."""
        out = np.zeros(self.n, bool)
        for marks in self.marks:
            out |= (marks & np.uint16(mask)) != 0
        return out


def _affected(tally: Tally, of: Numbers) -> Numbers:
    """Weigh by days on which one twin alone was under a sanction, then by days apart.

    Those under a sanction before day 0 come last. In a single world, days under a sanction count.
    """
    days = tally.plans[0].days
    weight = (days + 1) * tally.days_one_sanctioned + tally.days_apart
    return np.where(tally.sanctioned_before, (weight > 0).astype(np.int64), 2 * weight)[of]


def _association(tally: Tally, of: Numbers) -> Numbers:
    """Weigh those punished for what others did, and in no world for anything else, by days under a sanction."""
    only = tally.ever(MARK_PUNISHED_ASSOCIATION) & ~tally.ever(MARK_PUNISHED & ~MARK_PUNISHED_ASSOCIATION)
    return (only * (1 + sum(tally.days_sanctioned)))[of]


def _silent(tally: Tally, of: Numbers) -> Numbers:
    """Weigh those never punished in any world by the posts they withheld in one of them."""
    most = np.max([posts.counts for posts in tally.withheld], axis=0)
    return (most * ~tally.ever(MARK_PUNISHED)).astype(np.int64)[of]


def _typical(tally: Tally, of: Numbers) -> Numbers:
    """Weigh by closeness to all others: the medoid, by differences of rank summed over age and what each world did.

    Of each world count the days under a sanction, the risk felt, and the score at the end; equals share a rank.
    """
    measures: list[NDArray[Any]] = [people.ages(tally.plans[0], of)]
    for number, plan in enumerate(tally.plans):
        measures += [tally.days_sanctioned[number][of], tally.risk[number][of]]
        if plan.score:
            measures.append(tally.scores[number][of])
    distance = sum((to_all_others(ranks(one)) for one in measures), np.zeros(of.size, np.int64))
    return 1 + distance.max(initial=0) - distance


def ranks(values: NDArray[np.integer]) -> Numbers:
    """Return twice the rank of each value; equals share the middle one."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    return (2 * ends - counts)[place]


def to_all_others(values: Numbers) -> Numbers:
    """Return for each value the sum of its distances to all values."""
    found, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    below, sum_below = counts.cumsum() - counts, (counts * found).cumsum() - counts * found
    above, sum_above = values.size - below, (counts * found).sum() - sum_below
    return (found * below - sum_below + sum_above - found * above)[place]


_WEIGH: dict[str, Callable[[Tally, Numbers], Numbers]] = {
    "most-affected": _affected,
    "punished-by-association": _association,
    "silent": _silent,
    "typical": _typical,
}
