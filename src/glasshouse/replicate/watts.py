"""Watts (2002), "A simple model of global cascades on random networks": the rule on friends as the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.replicate.cascades import needed_of_share, poisson, reached, trigger, window
from glasshouse.replicate.claim import equal, mean, noted, share, within
from glasshouse.replicate.lives import scenario, settled, world
from glasshouse.replicate.paper import Paper
from glasshouse.society.draws import events, philox_words
from glasshouse.streams import ALWAYS, BUILTIN, threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told
    from glasshouse.scenario.schema import Scenario

__all__ = ["WATTS", "cascades", "single_starts"]

PHI = 0.18
CITIZENS = 10_000
RUNS = 40  # worlds for each mean number of friends
GLOBAL = 0.05  # a cascade that reaches more than this share is called global
INSIDE = (1.5, 3.0, 4.0, 5.0, 5.5)  # mean numbers of friends inside the window
OUTSIDE = (0.5, 8.0)


def single_starts(one: Scenario, citizens: int, seed: int) -> Iterator[int]:
    """Yield the seeds from `seed` on under which exactly one citizen begins with a low score.

    Classes of start scores are drawn, so a Poisson number of citizens begins; given that it is one, it is a
    citizen drawn uniformly, and the draw has nothing to do with the graph.
    """
    start = one.initial.score
    assert start is not None
    assert start.weights is not None
    high = threshold(start.weights[0])
    assert high < ALWAYS
    while True:
        low, _ = philox_words(np.arange(citizens), 4, 0, BUILTIN["initial.score"], seed)
        if citizens - int(events(low, high).sum()) == 1:
            yield seed
        seed += 1


def cascades(friends: float, seed: int) -> list[float]:
    """Return the share that each of RUNS cascades from a single citizen reaches."""
    one = scenario("cascade", {"graph.mean_friends": friends, "rule.friends.min_share": PHI})
    seeds = single_starts(one, CITIZENS, seed)
    return [settled(world(one, next(seeds), citizens=CITIZENS))[-1] / CITIZENS for _ in range(RUNS)]


def rows(seed: int, told: Told) -> list[Row]:
    """Return what the paper says of phi = 0.18 beside cascades that the engine lived."""
    ends = window(PHI)
    assert ends is not None
    first = "z P(Poisson(z) <= 3) = 1"
    out = [
        noted("the window begins at this many friends", first, ends[0], "formula"),
        noted("the window ends at this many friends", first, ends[1], "formula"),
    ]
    sizes: dict[float, list[float]] = {}
    for number, friends in enumerate((*INSIDE, *OUTSIDE)):
        sizes[friends] = cascades(friends, seed)
        told(number + 1, len(INSIDE) + len(OUTSIDE))
    for friends in INSIDE:
        out += of_inside(friends, [size for size in sizes[friends] if size > GLOBAL])
    for friends in OUTSIDE:
        largest = max(sizes[friends])
        claim = f"outside the window: none is global (above {GLOBAL:.0%})"
        out.append(within(f"z = {friends:g}: largest cascade", claim, largest, high=GLOBAL))
    return [*out, *of_shape(sizes)]


def of_inside(friends: float, large: list[float]) -> list[Row]:
    """Return how often cascades are global and how far these go, for a mean number of friends in the window."""
    often = "share of citizens with a friend in the percolating cluster of the vulnerable"
    far = "fixed point of Gleeson and Cahalane"
    expected = reached(poisson(friends), needed_of_share(PHI), 0.0, start=1e-6)
    out = [
        share(f"z = {friends:g}: share of global cascades", often, trigger(friends, PHI), len(large), RUNS)
    ]
    if len(large) > 1:
        out.append(mean(f"z = {friends:g}: their mean size", far, expected, large))
    return out


def of_shape(sizes: dict[float, list[float]]) -> list[Row]:
    """Return the rows about the two ends of the window: rarer near the upper one, but larger; none in between."""
    near = sizes[INSIDE[-1]]
    middling = sum(GLOBAL < size < 0.9 for size in near)
    large = [size for size in near if size > GLOBAL]
    low = [size for size in sizes[INSIDE[0]] if size > GLOBAL]
    fewer = len(large) - sum(size > GLOBAL for size in sizes[3.0])
    larger = min(large, default=0.0) - max(low, default=1.0)
    upper, lower = f"z = {INSIDE[-1]:g}", f"z = {INSIDE[0]:g}"
    return [
        equal(f"{upper}: cascades between 5 % and 90 %", "two sizes only: small, or nearly all", 0, middling),
        within(f"{upper} less z = 3: global cascades of {RUNS}", "rarer near the upper end", fewer, high=0),
        within(f"smallest at {upper} less largest at {lower}", "larger near the upper end", larger, low=0),
    ]


WATTS = Paper(
    id="watts-2002",
    citation="D. J. Watts, A simple model of global cascades on random networks, PNAS 99 (2002) 5766-5771",
    question="Between which mean numbers of friends does one citizen pull nearly all along, how often and how far?",
    setting=f"the rule on low-scoring friends as a threshold of {PHI:.0%}, {CITIZENS:,} citizens, {RUNS} worlds each",
    left_out=(
        "The power law of cascade sizes at the lower end of the window: it takes far more worlds.",
        "Thresholds that differ, and degrees other than Poisson's: one rule on friends holds for everybody.",
        "Graphs of 10,000 beside formulas of an endless one: near the upper end cascades are a little more common.",
        "Time to the end: citizens here decide together each day, in the paper one after the other.",
    ),
    rows=rows,
    scenarios=("cascade",),
)
