"""Traits of many citizens at once, equal to those that the oracle gives one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.ladder import BLOCK, COUNTS, FIRST_COUNTER, FORM, RUNGS, members, reach
from glasshouse.society.draws import events, philox_words
from glasshouse.streams import ALWAYS, BUILTIN, MASK32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from glasshouse.model.plan import Activity, Plan

    Ids = NDArray[np.int64]
    U64 = NDArray[np.uint64]
    Bools = NDArray[np.bool_]

__all__ = ["ages", "groups", "online", "private", "screened_below", "sixteenths", "thresholds"]

COUNTER = 4  # second word of the counter of a private draw
_HALF = np.uint64(32)


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


def online(plan: Plan, citizens: Ids) -> Bools:
    """Say which of some citizens use the internet at all."""
    limits = np.array(plan.population.online_thresholds, np.uint64)[ages(plan, citizens)]
    return below(private(plan, BUILTIN["people.online"], citizens), limits)


def sixteenths(plan: Plan, name: str, citizens: Ids) -> NDArray[np.int64]:
    """Return the class of desire or boldness of some citizens, 0 to 15."""
    return (private(plan, BUILTIN[name], citizens) >> np.uint64(60)).astype(np.int64)


def thresholds(plan: Plan, activity: Activity, citizens: Ids) -> U64:
    """Return the 64-bit threshold of doing something on one day without restraint; 0 for those who never do."""
    people = plan.population
    male = events(private(plan, BUILTIN["people.male"], citizens), people.male_threshold)
    rural = events(private(plan, BUILTIN["people.rural"], citizens), people.rural_threshold)
    doer = events(private(plan, activity.doer_decision, citizens), activity.doer_threshold)
    number = categories(private(plan, activity.class_decision, citizens), activity.class_cumulative)
    rates = np.array(activity.rates, np.uint64)
    return np.where(doer, rates[number, 2 * male + rural], np.uint64(0))


def below(u: U64, limits: U64) -> Bools:
    """Say which draws hit their thresholds."""
    return (u < limits) | (limits == np.uint64(ALWAYS))


# ---- screened draws


def screened_below(plan: Plan, decision: int, day: int, threshold: int) -> tuple[Ids, U64]:
    """Return the citizens whose screened draw of a day may be below a threshold, ascending, and their draws.

    All whose draw is below are among them.
    """
    found = [standing(plan, decision, day, rung) for rung in range(reach(threshold))]
    rungs = np.repeat(np.arange(len(found)), [ids.size for ids in found])
    citizens, first = np.unique(np.concatenate(found), return_index=True)  # the lowest rung counts
    rungs, u = rungs[first], private(plan, decision, citizens, day)
    start, shift, times, less = (np.array(part, np.uint64)[rungs] for part in zip(*FORM, strict=True))
    return citizens, start + ((u >> shift) * times >> less)


def standing(plan: Plan, decision: int, day: int, rung: int) -> Ids:
    """Return the citizens who stand on a rung."""
    blocks = -(-plan.citizens // BLOCK)
    if rung == RUNGS - 1:
        return np.arange(plan.citizens)
    quads = np.arange(-(-blocks // 4))
    low, high = philox_words(quads, FIRST_COUNTER + rung, day, decision, plan.seed)
    mask = np.uint64(MASK32)
    words = np.stack([low & mask, low >> _HALF, high & mask, high >> _HALF], axis=1).ravel()[:blocks]
    sizes = np.searchsorted(np.array(COUNTS[rung], np.uint64), words >> np.uint64(6), side="right")
    one = np.flatnonzero(sizes == 1)
    ids = [one * BLOCK + (words[one] & np.uint64(63)).astype(np.int64)]
    for block in np.flatnonzero(sizes > 1).tolist():
        places = members(plan.seed, decision, block, day, rung)
        ids.append(block * BLOCK + np.array(sorted(places), np.int64))
    everybody = np.concatenate(ids)
    return everybody[everybody < plan.citizens]
