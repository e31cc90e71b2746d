"""Who lives W and who knows whom: what all Python peers begin with, as NumPy arrays.

Friends are those of `w.toml`, the next and the previous one on five random rings, here as an explicit table: that is
what a program needs that does not know who somebody's friends are without looking them up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RINGS = 5
CLASSES, SHARES = (1, 2, 4, 33), (0.10, 0.37, 0.50, 0.03)
INFRACTION, DETECTED, PROSOCIAL, TRAVEL = 0.005, 0.3, 0.01, 0.005  # a day, times the class
BASE, FLOOR, CEILING = 1000, 0, 1300
FIRST_LOW, FIRST_HIGH, LISTED_AT_FIRST = 850, 977, 925
LISTED_BELOW, OFF_ABOVE = 900, 950
COST, REWARD, LISTED_FRIENDS = 20, 5, 3


@dataclass(frozen=True)
class People:
    """Citizens before day 0, one entry each; the chances are those of one day.

    Attributes:
        recorded: Chance of an infraction that is detected, float32.
        infraction: Chance of an infraction, float32.
        prosocial: Chance of a prosocial act, float32.
        travel: Chance of a request for a ticket, float32.
        score: Points, int16.
        listed: On the list.
        friends: Ten ids each, uint32.
    """

    recorded: NDArray[np.float32]
    infraction: NDArray[np.float32]
    prosocial: NDArray[np.float32]
    travel: NDArray[np.float32]
    score: NDArray[np.int16]
    listed: NDArray[np.bool_]
    friends: NDArray[np.uint32]


def people(citizens: int, seed: int) -> People:
    """Return the citizens of W; `seed` draws their classes, their start scores and the five rings."""
    luck = np.random.default_rng(seed)
    number = luck.choice(len(CLASSES), citizens, p=SHARES)
    infraction = np.array(CLASSES, np.float32)[number] * np.float32(INFRACTION)
    often = number == len(CLASSES) - 1
    score = np.full(citizens, BASE, np.int16)
    score[often] = luck.integers(FIRST_LOW, FIRST_HIGH + 1, int(often.sum()))
    return People(
        recorded=infraction * np.float32(DETECTED),
        infraction=infraction,
        prosocial=luck.integers(0, 3, citizens).astype(np.float32) * np.float32(PROSOCIAL),
        travel=luck.integers(0, 3, citizens).astype(np.float32) * np.float32(TRAVEL),
        score=score,
        listed=score < LISTED_AT_FIRST,
        friends=rings(citizens, luck),
    )


def rings(citizens: int, luck: np.random.Generator) -> NDArray[np.uint32]:
    """Return the ten friends of everybody: the next and the previous one on five random rings."""
    friends = np.empty((citizens, 2 * RINGS), np.uint32)
    for ring in range(RINGS):
        order = luck.permutation(np.arange(citizens, dtype=np.uint32))
        friends[order, 2 * ring] = np.roll(order, -1)
        friends[order, 2 * ring + 1] = np.roll(order, 1)
    return friends
