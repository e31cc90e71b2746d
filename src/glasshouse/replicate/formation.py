"""Wei et al. (2016), "Credit scoring with social network data": the signs of what scoring by friends does to ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.replicate.claim import equal, noted, share, within
from glasshouse.replicate.lives import flagged, flow, scenario, uncut_ties, world
from glasshouse.replicate.paper import Paper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told

__all__ = ["WEI", "Net", "components"]

FIRSTS = 3  # in the days of the scenario


@dataclass(frozen=True)
class Net:
    """Who is tied to whom, and what it cost.

    Attributes:
        low: Whether each citizen has a low score, (citizens,) bool.
        ends: Both ends of every tie.
        points_lost: Points lost for low-scoring friends over the run.
    """

    low: NDArray[np.bool_]
    ends: tuple[NDArray[np.int64], NDArray[np.int64]]
    points_lost: int

    def between(self, low_ends: int) -> int:
        """Return the ties of which so many ends are low: 0, 1 or 2."""
        u, v = self.ends
        return int((self.low[u].astype(int) + self.low[v] == low_ends).sum())

    def alike(self, *, low: bool) -> float:
        """Return the share of the ties of the high or the low that lead to their like, each tie seen from each end."""
        inside = 2 * self.between(2 if low else 0)
        return inside / (inside + self.between(1))


def lived(seed: int, *, cutting: bool) -> Net:
    """Return the ties at the end of the scenario's days, where people cut ties or do not."""
    changes: dict[str, object] = {} if cutting else {"ties.cut_share": 0}
    engine = world(scenario("formation", changes), seed)
    lost = sum(flow(engine, engine.step().flows, "points_lost.association") for _ in range(engine.plan.days))
    return Net(flagged(engine), uncut_ties(engine), lost)


def components(citizens: int, ends: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return for every citizen the smallest id in the same component, (citizens,) int64."""
    name = np.arange(citizens)
    while True:
        before = name.copy()
        least = np.minimum(name[ends[0]], name[ends[1]])
        np.minimum.at(name, ends[0], least)
        np.minimum.at(name, ends[1], least)
        name = name[name]
        if np.array_equal(name, before):
            return name


def rows(seed: int, told: Told) -> list[Row]:
    """Return the signs that the abstract names, in two worlds with the same people, ties and luck."""
    kept = lived(seed, cutting=False)
    told(1, 2)
    cut = lived(seed, cutting=True)
    told(2, 2)
    return [*of_signs(kept, cut), *of_survival(kept, cut)]


def of_signs(kept: Net, cut: Net) -> list[Row]:
    """Return the signs of the abstract: the world with cuts less that without."""
    citizens = cut.low.size
    ties = 2 * (cut.ends[0].size - kept.ends[0].size) / citizens
    high, low = (cut.alike(low=side) - kept.alike(low=side) for side in (False, True))
    parts = [int(np.unique(components(citizens, net.ends)).size) for net in (kept, cut)]
    points = cut.points_lost - kept.points_lost
    return [
        within("ties per citizen: change", "fewer ties", ties, high=0),
        within(
            "high scorers: change of the share of like friends", "focus more on similar partners", high, low=0
        ),
        within("separate parts of the network: change", "greater fragmentation", parts[1] - parts[0], low=0),
        within("points lost for friends: change", "to attain higher scores", points, high=0),
        noted(
            "low scorers: change of the share of like friends", "not said; here the low cut the low, too", low
        ),
    ]


def of_survival(kept: Net, cut: Net) -> list[Row]:
    """Return how many ties of each kind last, beside what `cut_share` means: each low end costs a chance each month."""
    chance = scenario("formation").ties.cut_share
    last = (1 - chance) ** FIRSTS
    return [
        equal("ties between two high cut", "none", 0, kept.between(0) - cut.between(0)),
        share(
            "ties between high and low that last",
            f"{1 - chance:g}^{FIRSTS}",
            last,
            cut.between(1),
            kept.between(1),
        ),
        share(
            "ties between two low that last",
            f"{1 - chance:g}^{2 * FIRSTS}",
            last**2,
            cut.between(2),
            kept.between(2),
        ),
    ]


WEI = Paper(
    id="wei-2016",
    citation="Y. Wei, P. Yildirim, C. Van den Bulte, C. Dellarocas, Credit scoring with social network data, "
    "Marketing Science 35 (2016) 234-258",
    question="What does scoring by friends do to ties? The signs that the abstract names.",
    setting="the same people, ties and luck with and without ties cut to low scorers; three firsts of a month",
    left_out=(
        "Accuracy of the score, which the paper finds ambiguous: a score here is a sum of points, no estimate.",
        "Low types who make an effort lest they be left out: effort does not depend on friends here.",
        "Ties that are made: here they are only cut. That people cut is assumed, not found.",
        "Its propositions and figures: the abstract alone was at hand.",
    ),
    rows=rows,
    scenarios=("formation",),
)
