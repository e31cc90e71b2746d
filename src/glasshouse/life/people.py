"""Traits of many citizens at once, equal to those that the oracle gives one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.society.draws import philox_words
from glasshouse.streams import ALWAYS, BUILTIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan

    Ids = NDArray[np.int64]
    U64 = NDArray[np.uint64]
    Bools = NDArray[np.bool_]

__all__ = ["ages", "below", "groups", "private", "sixteenths"]

COUNTER = 4  # second word of the counter of a private draw


def private(plan: Plan, decision: int, citizens: Ids, day: int = 0) -> U64:
    """Return the private draws of some citizens; traits are those of day 0."""
    return philox_words(citizens, COUNTER, day, decision, plan.seed)[0]


def categories(u: U64, cumulative: Sequence[int]) -> NDArray[np.int64]:
    """Return the category of each draw; one beyond the last share takes the last."""
    return np.searchsorted(np.array(cumulative[:-1], np.uint64), u, side="right")


def groups(plan: Plan, citizens: Ids) -> NDArray[np.int64]:
    """Return the group number of some citizens."""
    return categories(private(plan, BUILTIN["people.group"], citizens), plan.population.group_cumulative)


def ages(plan: Plan, citizens: Ids) -> NDArray[np.int64]:
    """Return the age of some citizens in years."""
    return categories(private(plan, BUILTIN["people.age"], citizens), plan.population.age_cumulative)


def sixteenths(plan: Plan, name: str, citizens: Ids) -> NDArray[np.int64]:
    """Return the class of desire or boldness of some citizens, 0 to 15."""
    return (private(plan, BUILTIN[name], citizens) >> np.uint64(60)).astype(np.int64)


def below(u: U64, limits: U64) -> Bools:
    """Say which draws hit their thresholds."""
    return (u < limits) | (limits == np.uint64(ALWAYS))
