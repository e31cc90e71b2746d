"""What worlds at the points of a design say: elementary effects, and shares of the variance.

The last input is luck: k assumptions have k + 1 rows of results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse import streams
from glasshouse.sensitivity.design import STEP
from glasshouse.society.draws import philox_words, picks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.sensitivity.design import Trajectories

    Floats = NDArray[np.float64]

__all__ = ["Indices", "elementary_effects", "indices"]

AGAIN = streams.decision_id("sensitivity.again")
RESAMPLES = 400
TAILS = (2.5, 97.5)


@dataclass(frozen=True, eq=False)
class Indices:
    """How the variance of one measure is shared out (Sobol 1993), with 95 % intervals of a bootstrap over rows.

    Attributes:
        first: Share that an input explains alone, (k + 1,) float64.
        first_ends: Its interval, (2, k + 1).
        total: Share in which an input has any part, alone or with others, (k + 1,).
        total_ends: Its interval, (2, k + 1).
        variance: What is shared out.
    """

    first: Floats
    first_ends: Floats
    total: Floats
    total_ends: Floats
    variance: float


def elementary_effects(design: Trajectories, found: Floats) -> Floats:
    """Return how far each step moved a measure, as if it had gone through the whole range, (walks, k + 1).

    Args:
        design: The walks.
        found: The measure at their points, (walks, k + 2).

    An assumption's difference is divided by the step, so that on a straight line it is the slope; luck has
    no range, and its difference stands as it is.
    """
    walks, inputs = design.moved.shape
    steps = np.diff(found, axis=1)
    where = design.places[:, 1:] - design.places[:, :-1]
    signs = np.sign(where.sum(axis=2))  # one place differs, or none where luck moved
    out = np.empty((walks, inputs))
    rows = np.arange(walks)
    for step in range(inputs):
        one = design.moved[:, step]
        of_luck = one == inputs - 1
        out[rows, one] = np.where(of_luck, steps[:, step], steps[:, step] * signs[:, step] / STEP)
    return out


def indices(found: Floats, seed: int) -> Indices:
    """Return the indices of one measure from its values at the points of `Blocks`, (n, k + 3).

    First-order: Saltelli et al., Computer Physics Communications 181 (2010), table 2 (b), on values less their mean;
    total: Jansen (1999), the same table, (f). Where nothing varies, all are 0.
    """
    first, total, variance = estimated(found)
    again = [estimated(found[rows]) for rows in resampled(len(found), seed)]
    return Indices(
        first=first,
        first_ends=np.percentile([one[0] for one in again], TAILS, axis=0),
        total=total,
        total_ends=np.percentile([one[1] for one in again], TAILS, axis=0),
        variance=variance,
    )


def resampled(n: int, seed: int) -> NDArray[np.intp]:
    """Return rows drawn with replacement, (RESAMPLES, n)."""
    who, again = np.meshgrid(np.arange(n), np.arange(RESAMPLES))
    words, _ = philox_words(who.ravel(), again.ravel(), 0, AGAIN, seed)
    return picks(words, n).astype(np.intp).reshape(RESAMPLES, n)


def estimated(found: Floats) -> tuple[Floats, Floats, float]:
    """Return first-order and total indices, (k + 1,) each, and the variance, from values at rows of points."""
    a, b, between = found[:, 0], found[:, 1], found[:, 2:]
    both = np.concatenate([a, b])
    variance = float(both.var())
    if variance == 0:
        return np.zeros(between.shape[1]), np.zeros(between.shape[1]), 0.0
    moved = between - a[:, None]
    first = ((b - both.mean())[:, None] * moved).mean(axis=0) / variance
    return first, (moved**2).mean(axis=0) / (2 * variance), variance
