"""Penney (2016), "Chilling effects: online surveillance and Wikipedia use": the size of the drop as a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.replicate.claim import mean, noted, within
from glasshouse.replicate.lives import flow, scenario, world
from glasshouse.replicate.paper import Paper

if TYPE_CHECKING:
    from glasshouse.replicate.claim import Row
    from glasshouse.replicate.paper import Told

__all__ = ["PENNEY", "drop", "fitted"]

TARGETS = (0.2, 0.3)  # as two summaries of the paper give the drop at once
HALVINGS = 12
CITIZENS = 20_000
FRESH = 10  # seeds that the fit has not seen
HIGHEST = 0.9  # of bulletin_weight: at 1 everybody would be silenced
YEAR = 365


def drop(weight: float, seed: int, days: int | None = None) -> float:
    """Return by which share reading of the last 27 days lies below that before the bulletin of 1 February."""
    engine = world(
        scenario("exposure", {"learn.bulletin_weight": weight}), seed, citizens=CITIZENS, days=days
    )
    read = [flow(engine, engine.step().flows, "acts.reading") for _ in range(engine.plan.days)]
    quiet = 1 + next(
        t for t in range(1, engine.plan.days) if engine.plan.is_first(t)
    )  # people learn after acting
    before = sum(read[:quiet]) / quiet
    return 1 - sum(read[-27:]) / 27 / before


def fitted(target: float, seed: int) -> float:
    """Return the weight of the bulletin that gives this drop, by halving under one seed.

    Raising the weight only removes acts under the same luck, so the drop never falls and halving finds the place.
    """
    low, high = 0.0, HIGHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if drop(middle, seed) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def rows(seed: int, told: Told) -> list[Row]:
    """Return the weight that a published drop asks for, the drop under other seeds, and what is left of it later."""
    out: list[Row] = []
    for number, target in enumerate(TARGETS):
        weight = fitted(target, seed)
        fresh = [drop(weight, seed + 1 + k) for k in range(FRESH)]
        out.append(noted(f"bulletin_weight for a drop of {target:.0%}", "(the calibrated number)", weight))
        what = f"drop under {FRESH} other seeds"
        out.append(mean(what, f"{target:.0%} at once", target, fresh, fitted=True))
        told(number + 1, len(TARGETS) + 1)
    middle = fitted(sum(TARGETS) / 2, seed)
    first, later = drop(middle, seed), drop(middle, seed, YEAR)
    told(len(TARGETS) + 1, len(TARGETS) + 1)
    out.append(within("drop in the first month, fitted midway", "views fell at once", first, *TARGETS))
    out.append(noted("drop after eleven months", "the paper: still falling. Here fear fades", later))
    return out


PENNEY = Paper(
    id="penney-2016",
    citation="J. W. Penney, Chilling effects: online surveillance and Wikipedia use, "
    "Berkeley Technology Law Journal 31 (2016) 117-182",
    question="How strongly must people take a revelation to heart to read a fifth, or three tenths, less?",
    setting="one number of [learn] fitted to the drop by halving with common luck, then tried under other seeds",
    left_out=(
        "The trend, which turns from rising to falling after June 2013: perceived risk fades here with its half-life.",
        "The articles, their comparison groups and the regression: no series of views is part of this project.",
        "Which size is right: one summary says nearly 30 %, others 20 %; the fit is given for both.",
        "Strength and half-life apart from the weight: a drop at once fixes one number only.",
    ),
    rows=rows,
    scenarios=("exposure",),
)
