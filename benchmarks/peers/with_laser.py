"""W with laser-core: its arrays, and a Numba kernel of one's own over them, as its documentation recommends."""

from __future__ import annotations

import laser.core
import numba
import numpy as np
from laser.core import LaserFrame
from people import BASE, CEILING, COST, FLOOR, LISTED_BELOW, LISTED_FRIENDS, OFF_ABOVE, REWARD, RINGS, people
from program import live

PROPERTIES = {
    "score": np.int16,
    "listed": np.uint8,
    "was_listed": np.uint8,
    "recorded": np.float32,
    "prosocial": np.float32,
    "travel": np.float32,
}


@numba.njit(parallel=True, cache=True)
def step(count, score, listed, was_listed, recorded, prosocial, travel, friends):
    """Live one day; return listed, refused and the sum of scores."""
    on, refused, total = 0, 0, 0
    for i in numba.prange(count):
        x = np.int32(score[i])
        if np.random.random() < recorded[i]:
            x -= COST
        if np.random.random() < prosocial[i]:
            x += REWARD
        around = 0
        for k in range(2 * RINGS):
            around += was_listed[friends[k, i]]
        if around >= LISTED_FRIENDS:
            x -= 1
        if x < BASE:
            x += 1
        x = min(max(x, FLOOR), CEILING)
        score[i] = x
        total += x
        if np.random.random() < travel[i]:
            refused += was_listed[i]
        listed[i] = x < LISTED_BELOW or (was_listed[i] != 0 and x <= OFF_ABOVE)
        on += listed[i]
    return on, refused, total


@numba.njit(parallel=True)
def sow(threads, seed):
    """Seed the generator of every thread."""
    for k in numba.prange(threads):
        np.random.seed(seed * 1000 + k)


class World:
    """W as a LaserFrame."""

    def __init__(self, citizens: int, seed: int, threads: int) -> None:
        numba.set_num_threads(threads)
        sow(threads, seed)
        who = people(citizens, seed)
        self.frame = LaserFrame(citizens, citizens)
        for name, dtype in PROPERTIES.items():
            self.frame.add_scalar_property(name, dtype)
            getattr(self.frame, name)[:] = getattr(who, "listed" if name == "was_listed" else name)
        self.frame.add_vector_property("friends", 2 * RINGS, np.uint32)
        self.frame.friends[:] = who.friends.T

    def day(self) -> tuple[int, int, float]:
        """Live one day; the first compiles."""
        f = self.frame
        on, refused, total = step(
            f.count, f.score, f.listed, f.was_listed, f.recorded, f.prosocial, f.travel, f.friends
        )
        f.was_listed[:] = f.listed
        return on, refused, total / f.count


if __name__ == "__main__":
    live(f"laser-core {laser.core.__version__}, Numba {numba.__version__}", World)
