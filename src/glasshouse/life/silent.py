"""Posts that were never written, counted for each citizen who was never punished.

Nothing keeps them for single citizens: a post is withheld when the draw lies between the threshold that perceived
risk leaves and the one without restraint. Whose draws lie that low depends on no state, so they are found first,
day by day; only their risk is looked up. Who is never punished is never detained, suspended or offline, so the
count is exact for those, and it is asked for no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.life import people
from glasshouse.model.oracle_act import WHOLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.model.plan import BehaviourPlan, Plan

__all__ = ["WithheldPosts"]


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
        chilled = bool(self._restrains.any())
        self._posts = [b for b in plan.behaviours if b.speech and b.restrained and chilled]

    def add(self, day: int, risk: NDArray[np.uint16]) -> None:
        """Add a day, from everybody's perceived risk on its morning."""
        for b in self._posts:
            self.counts[self._withheld(b, day, risk)] += 1

    def _withheld(self, b: BehaviourPlan, day: int, risk: NDArray[np.uint16]) -> NDArray[np.int64]:
        """Return who would have posted and does not, for fear."""
        highest = max(max(row) for row in b.activity.rates)
        if highest == 0:
            return np.zeros(0, np.int64)
        citizens, u = people.screened_below(self._plan, b.decisions["act"], day, highest)
        afraid = self._restrains[risk[citizens] >> 8]
        citizens, u = citizens[afraid], u[afraid]
        full = people.thresholds(self._plan, b.activity, citizens)
        would = people.below(u, full) & (full > 0) & ~(u < self._left(citizens, full, risk))
        citizens = citizens[would]
        age = people.ages(self._plan, citizens)
        able = (age >= b.activity.min_age) & (age <= b.activity.max_age)
        return citizens[able & (people.online(self._plan, citizens) if b.online else True)]

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
