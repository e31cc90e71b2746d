"""Genevsky (2025), "Social credit scores reduce interpersonal cooperation and trust": the signs, in ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.replicate.claim import equal, noted, share, within
from glasshouse.replicate.lives import flagged, scenario, stock, uncut_ties, world
from glasshouse.replicate.paper import Paper

if TYPE_CHECKING:
    from glasshouse.model.engine import Engine
    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told
    from glasshouse.scenario.schema import Scenario

__all__ = ["GENEVSKY"]

YEAR_AND_MONTH = 397  # days from 1 January 2019 to the end of the next January


def days_lived(engine: Engine, until: int) -> None:
    """Live until the evening of day `until`."""
    while engine.t <= until:
        engine.step()


def rows(seed: int, told: Told) -> list[Row]:
    """Return what a low score that is seen does to ties, and what is left when the score is normal again."""
    one = scenario("visible")
    engine = world(one, seed, days=YEAR_AND_MONTH)
    low, before = flagged(engine), np.stack(uncut_ties(engine))
    days_lived(engine, 0)
    after = np.stack(uncut_ties(engine))
    told(1, 3)
    out = [*of_seen(one, low, before, after), of_hidden(seed, before)]
    days_lived(engine, one.society.days - 1)
    back = np.stack(uncut_ties(engine)).shape[1] - after.shape[1]
    told(2, 3)
    out.append(
        equal(f"low scores on day {one.society.days}", "(all have recovered)", 0, stock(engine, "flagged"))
    )
    out.append(equal("ties that came back by then", "bias persists against the evidence", 0, back))
    days_lived(engine, YEAR_AND_MONTH - 1)
    back = np.stack(uncut_ties(engine)).shape[1] - after.shape[1]
    told(3, 3)
    out.append(
        noted("ties that came back after a year", "here a low score is forgotten after twelve months", back)
    )
    return out


def of_seen(one: Scenario, low: np.ndarray, before: np.ndarray, after: np.ndarray) -> list[Row]:
    """Return what the first 1st does to ties, of all and of the low."""
    chance = one.ties.cut_share
    mixed, left = (int((low[ends].sum(axis=0) == 1).sum()) for ends in (before, after))
    gap = lost_each(low, before, after) - lost_each(~low, before, after)
    return [
        within(
            "ties of all: change when scores are seen",
            "less cooperation",
            after.shape[1] - before.shape[1],
            high=0,
        ),
        share("ties between high and low that are lost", "cut_share", chance, mixed - left, mixed),
        within("ties lost by each of the low, less each of the high", "the low are hit more", gap, low=0),
    ]


def of_hidden(seed: int, before: np.ndarray) -> Row:
    """Return the change of ties where nobody looks at scores."""
    hidden = world(scenario("visible", {"ties.cut_share": 0}), seed)
    days_lived(hidden, 0)
    change = np.stack(uncut_ties(hidden)).shape[1] - before.shape[1]
    return equal("the same when nobody looks at scores", "(control)", 0, change)


def lost_each(side: np.ndarray, before: np.ndarray, after: np.ndarray) -> float:
    """Return how many ties each citizen of one side lost on average."""
    return float((side[before].sum() - side[after].sum()) / side.sum())


GENEVSKY = Paper(
    id="genevsky-2025",
    citation="A. Genevsky, Social credit scores reduce interpersonal cooperation and trust, "
    "PLOS ONE 20 (2025) e0335810",
    question="Do scores that others can see harm those who bear them, and does that outlast the score?",
    setting="a low score on one 1st, seen by friends, then recovery; ties before, after, and 200 days later",
    left_out=(
        "Trust and cooperation: nobody plays economic games here; ties cut stand for partners refused.",
        "Effect sizes: the abstract alone was at hand, and it gives none.",
        "That people shun low scorers, and for how long: `cut_share` and twelve months are assumed, not found.",
    ),
    rows=rows,
    scenarios=("visible",),
)
