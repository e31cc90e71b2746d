"""W in NumPy: one vectorised pass per mechanism."""

from __future__ import annotations

import numpy as np
from people import BASE, CEILING, COST, FLOOR, LISTED_BELOW, LISTED_FRIENDS, OFF_ABOVE, REWARD, people
from program import live


class World:
    """W as arrays."""

    def __init__(self, citizens: int, seed: int, threads: int = 1) -> None:
        del threads  # NumPy has one
        self.n, self.people = citizens, people(citizens, seed)
        self.luck = np.random.default_rng((seed, 1))
        self.score, self.listed = self.people.score, self.people.listed

    def hits(self, chance: np.ndarray) -> np.ndarray:
        """Say who is hit by a chance today."""
        return self.luck.random(self.n, np.float32) < chance

    def day(self) -> tuple[int, int, float]:
        """Live one day."""
        score, listed = self.score, self.listed
        score -= np.int16(COST) * self.hits(self.people.recorded)
        score += np.int16(REWARD) * self.hits(self.people.prosocial)
        score -= listed[self.people.friends].sum(axis=1) >= LISTED_FRIENDS
        score += score < BASE
        np.clip(score, FLOOR, CEILING, out=score)
        refused = np.count_nonzero(self.hits(self.people.travel) & listed)
        self.listed = (score < LISTED_BELOW) | (listed & (score <= OFF_ABOVE))
        return int(self.listed.sum()), int(refused), float(score.mean())


if __name__ == "__main__":
    live(f"NumPy {np.__version__}", World)
