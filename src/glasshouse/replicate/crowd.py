"""Granovetter (1978), "Threshold models of collective behavior": a crowd of a hundred, exactly."""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.model.oracle_luck import private_share
from glasshouse.replicate.claim import equal, within
from glasshouse.replicate.lives import scenario, stock, world
from glasshouse.replicate.paper import Paper
from glasshouse.society.draws import philox_words
from glasshouse.streams import cumulative, decision_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan
    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told

__all__ = ["GRANOVETTER", "acting_by_month", "equilibrium", "recursion", "seed_of_crowd", "thresholds"]

CROWDS = 12
EIGHT = 8
TENS = 10


def recursion(crowd: Sequence[int]) -> list[int]:
    """Return how many act at first and after each round, until nobody joins: all whose threshold is reached.

    >>> recursion([0, 1, 2, 3]), recursion([0, 2, 2, 3])
    ([0, 1, 2, 3, 4, 4], [0, 1, 1])
    """
    acting = [0]
    while len(acting) < 2 or acting[-1] != acting[-2]:
        acting.append(sum(one <= acting[-1] for one in crowd))
    return acting


def equilibrium(mean: float, sd: float, people: int = 100) -> float:
    """Return how many of a very large crowd act in the end, per `people`, with normal thresholds of this spread.

    The lowest root of r = Phi((people r - mean) / sd), reached from nobody.
    """
    normal = NormalDist(mean, sd)
    share, before = 0.0, -1.0
    while share - before > 1e-15:
        before, share = share, normal.cdf(people * share)
    return people * share


def thresholds(plan: Plan) -> list[int]:
    """Return the threshold of every citizen of `crowd` or `eight`, as the model draws it."""
    assert plan.score is not None
    traits = {factor.id: factor for factor in plan.score.factors if factor.kind == "trait"}

    def number(name: str, i: int) -> int:
        """Return the class of citizen i in one trait."""
        return private_share(plan.seed, traits[name].decision, i, 0, traits[name].cumulative)

    if "threshold" in traits:
        return [number("threshold", i) for i in range(plan.citizens)]
    return [TENS * number("tens", i) + number("units", i) for i in range(plan.citizens)]


def acting_by_month(engine: Engine) -> list[int]:
    """Live from one 1st to the next until a month adds nobody; return how many act at first and after each 1st."""
    acting = [0]
    for t in range(engine.plan.days):
        engine.step()
        if engine.plan.is_first(t):
            acting.append(stock(engine, "flagged"))
            if acting[-1] == acting[-2]:
                break
    return acting


def seed_of_crowd(crowd: Sequence[int], first: int) -> int:
    """Return the first seed, from `first` on, under which the citizens of `eight` draw just these thresholds."""
    decision, wanted = decision_id("factor.threshold:class"), np.sort(np.asarray(crowd))
    steps = np.array(cumulative([1 / EIGHT] * EIGHT)[:-1], np.uint64)
    seed = first
    while True:
        u, _ = philox_words(np.arange(EIGHT), 4, 0, decision, seed)
        if np.array_equal(np.sort(np.searchsorted(steps, u, side="right")), wanted):
            return seed
        seed += 1


def rows(seed: int, told: Told) -> list[Row]:
    """Return the paper's crowds by its own recursion, and crowds that the engine lived."""
    hundred = list(range(100))
    changed = [0, 2, *hundred[2:]]
    before, after = equilibrium(25, 12.2), equilibrium(25, 12.3)
    out = [
        equal("thresholds 0, 1, 2, .., 99: how many act", "all 100", 100, recursion(hundred)[-1], "formula"),
        equal("the same, but one 2 for the 1", "1", 1, recursion(changed)[-1], "formula"),
        within("normal thresholds, mean 25, sd 12.2", "few: about 6 of 100", before, 5, 7, "formula"),
        within("normal thresholds, mean 25, sd 12.3", "nearly all of 100", after, 99, 100.1, "formula"),
    ]
    out += [*of_eight(seed)]
    told(1, 2)
    out.append(of_crowds(seed))
    told(2, 2)
    return out


def of_eight(seed: int) -> Iterator[Row]:
    """Yield what the engine makes of the paper's two crowds among eight, thresholds drawn."""
    one = scenario("eight")
    domino = list(range(EIGHT))
    for crowd, claim, end in ((domino, "all 8", EIGHT), ([0, 2, *domino[2:]], "1", 1)):
        engine = world(one, seed_of_crowd(crowd, seed))
        assert sorted(thresholds(engine.plan)) == crowd
        words = ", ".join(map(str, crowd))
        yield equal(f"thresholds {words}: how many act", claim, end, acting_by_month(engine)[-1])


def of_crowds(seed: int) -> Row:
    """Return in how many of some crowds of a hundred drawn thresholds the engine leaves the recursion."""
    one = scenario("crowd")
    apart = 0
    for number in range(CROWDS):
        engine = world(one, seed + number)
        lived, due = acting_by_month(engine), recursion(thresholds(engine.plan))
        assert all(b >= a for a, b in pairwise(due))
        apart += lived != due
    what = f"{CROWDS} crowds of 100, thresholds drawn from 0 to 99: crowds off in any month"
    return equal(what, "who acts next month: all whose threshold is reached", 0, apart)


GRANOVETTER = Paper(
    id="granovetter-1978",
    citation="M. Granovetter, Threshold models of collective behavior, Am. J. Sociology 83 (1978) 1420-1443",
    question="How many of a crowd act in the end, when each acts as soon as enough others do?",
    setting="a weighted score of a trait and of friends on a complete graph; a low score is the act",
    left_out=(
        "Thresholds 0 to 99 in the engine: classes are drawn, not dealt; among eight a seed is found.",
        "Normal thresholds lived by the engine: they would need more classes and more than 256 citizens.",
        "Friends who count double, and crowds that see only a part of each other (section on social structure).",
    ),
    rows=rows,
    scenarios=("crowd", "eight"),
)
