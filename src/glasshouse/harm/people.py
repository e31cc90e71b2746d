"""The constant traits of everybody in a society at once, as arrays; twin of `model.oracle_traits`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.harm.luck import categories, hits, private_draws
from glasshouse.streams import BUILTIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.model.plan import Activity, Plan

    Numbers = NDArray[np.int64]
    Rows = NDArray[np.bool_]

__all__ = ["People"]

SIXTEENTHS = np.uint64(60)  # shift that leaves one of sixteen classes


class People:
    """Everybody's traits; each array has one entry per citizen.

    Args:
        plan: Whose society it is.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.n = plan.citizens
        self.ids = np.arange(self.n, dtype=np.int64)

    @cached_property
    def province(self) -> Numbers:
        """Province numbers."""
        starts = np.array(self.plan.population.province_start)
        return np.searchsorted(starts, self.ids, side="right") - 1

    @cached_property
    def group(self) -> Numbers:
        """Group numbers."""
        return categories(self._trait("people.group"), self.plan.population.group_cumulative)

    @cached_property
    def age(self) -> Numbers:
        """Years."""
        return categories(self._trait("people.age"), self.plan.population.age_cumulative)

    @cached_property
    def online(self) -> Rows:
        """Whether each uses the internet at all."""
        thresholds = np.array(self.plan.population.online_thresholds, np.uint64)
        return hits(self._trait("people.online"), thresholds[self.age])

    @cached_property
    def member(self) -> Rows:
        """Whether each is scored."""
        people = self.plan.population
        old_enough = self.age >= people.member_min_age
        return old_enough & hits(self._trait("people.member"), people.member_threshold)

    @cached_property
    def place(self) -> Numbers:
        """2 for men and boys, and 1 for the countryside, added up: the column of a rate."""
        people = self.plan.population
        male = hits(self._trait("people.male"), people.male_threshold)
        rural = hits(self._trait("people.rural"), people.rural_threshold)
        return 2 * male.astype(np.int64) + rural

    @cached_property
    def temper(self) -> Numbers:
        """Row of the table of restraint: 16 x desire + boldness if restraint is strategic, else 0."""
        if not self.plan.learn.strategic:
            return np.zeros(self.n, np.int64)
        desire, boldness = (self._trait(name) >> SIXTEENTHS for name in ("learn.desire", "learn.boldness"))
        return (np.uint64(16) * desire + boldness).astype(np.int64)

    def of_age(self, activity: Activity) -> Rows:
        """Say who is old and young enough for something."""
        return (activity.min_age <= self.age) & (self.age <= activity.max_age)

    def thresholds(self, activity: Activity) -> NDArray[np.uint64]:
        """Return everybody's threshold of doing something on one day without restraint; 0 for those who never do."""
        seed = self.plan.seed
        doer = hits(private_draws(seed, activity.doer_decision, self.ids, 0), activity.doer_threshold)
        number = categories(
            private_draws(seed, activity.class_decision, self.ids, 0), activity.class_cumulative
        )
        number = np.minimum(number, len(activity.rates) - 1)
        rates = np.array(activity.rates, np.uint64)
        return np.where(doer, rates[number, self.place], np.uint64(0))

    def count(self, citizens: Any) -> Numbers:
        """Count citizens (ids, repeats kept, or a mask) by province and group, (provinces, groups) int64."""
        shape = len(self.plan.population.province_names), len(self.plan.population.group_names)
        cells = self.cell[citizens]
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    @cached_property
    def cell(self) -> Numbers:
        """Province and group as one number."""
        return self.province * len(self.plan.population.group_names) + self.group

    def _trait(self, name: str) -> NDArray[np.uint64]:
        return private_draws(self.plan.seed, BUILTIN[name], self.ids, 0)
