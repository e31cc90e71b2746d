"""Posts that were never written, counted for each citizen who was never punished.

Nothing keeps them for single citizens: a post is withheld when the draw lies between the threshold that perceived
risk leaves and the one without restraint. Whose draws lie that low depends on no state, so they are found first,
day by day; only their risk is looked up. Who is never punished is never detained, suspended or offline, so the
count is exact for those, and it is asked for no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.harm.luck import Drawn, screened_draws
from glasshouse.harm.people import People
from glasshouse.life import people
from glasshouse.model.oracle_act import WHOLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.model.plan import BehaviourPlan, Plan

__all__ = ["WithheldPosts"]

DAYS_AT_ONCE = 16  # whose draws are found together


class WithheldPosts:
    """Counts the posts that each citizen withholds in one world.

    Attributes:
        counts: Posts withheld so far, (citizens,) int32; right for those never punished so far.
    """

    def __init__(self, plan: Plan) -> None:
        self.counts = np.zeros(plan.citizens, np.int32)
        self._plan = plan
        self._factors = np.array(plan.learn.factors, np.uint64)
        self._restrains = np.array([min(level) < WHOLE for level in zip(*plan.learn.factors, strict=True)])
        posts = [b for b in plan.behaviours if b.speech and b.restrained and self._restrains.any()]
        everybody = People(plan)
        self._posts = [_Post(plan, b, everybody) for b in posts]

    def add(self, day: int, risk: NDArray[np.uint16]) -> None:
        """Add a day, from everybody's perceived risk on its morning."""
        for post in self._posts:
            citizens, u = post.drawn_on(day)
            afraid = self._restrains[risk[citizens] >> 8]
            citizens, u = citizens[afraid], u[afraid]
            full = post.full[citizens]
            would = people.below(u, full) & (full > 0) & ~(u < self._left(citizens, full, risk))
            self.counts[citizens[would]] += 1

    def _left(
        self, citizens: NDArray[np.int64], full: NDArray[np.uint64], risk: NDArray[np.uint16]
    ) -> NDArray[np.uint64]:
        """Return the thresholds that perceived risk leaves."""
        row = np.zeros(citizens.size, np.int64)
        if self._plan.learn.strategic:
            desire, boldness = (
                people.sixteenths(self._plan, f"learn.{trait}", citizens) for trait in ("desire", "boldness")
            )
            row = 16 * desire + boldness
        factor = self._factors[row, risk[citizens] >> 8]
        held = ((full >> np.uint64(17)) * (factor % np.uint64(WHOLE))) << np.uint64(1)
        return np.where(factor == np.uint64(WHOLE), np.uint64(2**64 - 1), held)


class _Post:
    """One kind of post: whose draws of a day are low enough to write it.

    Args:
        plan: The world's plan.
        behaviour: The kind of post.
        everybody: The society's people.

    Attributes:
        full: Everybody's threshold of writing it on a day without restraint, uint64; 0 for those who never do.
    """

    def __init__(self, plan: Plan, behaviour: BehaviourPlan, everybody: People) -> None:
        self._plan, self._decision = plan, behaviour.decisions["act"]
        able = everybody.of_age(behaviour.activity)
        if behaviour.online:
            able &= everybody.online
        self.full = np.where(able, everybody.thresholds(behaviour.activity), np.uint64(0))
        self._first, self._drawn = -DAYS_AT_ONCE, Drawn(*(np.zeros(0, np.int64),) * 2, np.zeros(0, np.uint64))

    def drawn_on(self, day: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return the citizens whose draw of a day may be low enough, ascending, and their draws."""
        if not self._first <= day < self._first + DAYS_AT_ONCE:
            self._first = day
            days = min(DAYS_AT_ONCE, self._plan.days - day)
            self._drawn = screened_draws(self._plan.seed, self._decision, self.full, day, days)
        return self._drawn.on(day)
