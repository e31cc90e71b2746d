"""W in mesa-frames: an agent set kept in Polars. NumPy draws the random numbers, as Polars has no generator."""

from __future__ import annotations

import mesa_frames
import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF
from people import BASE, CEILING, COST, FLOOR, LISTED_BELOW, LISTED_FRIENDS, OFF_ABOVE, REWARD, people
from program import live


class Citizens(AgentSetPolars):
    """All citizens; friends are a table beside the frame."""

    def __init__(self, model: ModelDF, citizens: int, seed: int) -> None:
        super().__init__(model)
        who = people(citizens, seed)
        columns = {
            name: getattr(who, name) for name in ("score", "listed", "recorded", "prosocial", "travel")
        }
        self.add(pl.DataFrame({"unique_id": np.arange(citizens, dtype=np.int64)} | columns))
        self.friends = [pl.Series(np.ascontiguousarray(column)) for column in who.friends.T]
        self.luck = np.random.default_rng((seed, 1))
        self.counts = (0, 0, 0.0)

    def hits(self, chance: pl.Series) -> pl.Series:
        """Say who is hit by a chance today."""
        return pl.Series(self.luck.random(len(chance), np.float32)) < chance

    def step(self) -> None:
        """Live one day."""
        frame, small = self.agents, pl.Int16
        listed = frame["listed"]
        around = sum(listed.gather(ids).cast(pl.Int8) for ids in self.friends)
        score = frame["score"] - COST * self.hits(frame["recorded"]).cast(small)
        score += REWARD * self.hits(frame["prosocial"]).cast(small)
        score -= (around >= LISTED_FRIENDS).cast(small)
        score = (score + (score < BASE).cast(small)).clip(FLOOR, CEILING).cast(small)
        refused = (self.hits(frame["travel"]) & listed).sum()
        listed = (score < LISTED_BELOW) | (listed & (score <= OFF_ABOVE))
        self.set({"score": score, "listed": listed})
        self.counts = (listed.sum(), refused, score.mean())


class World(ModelDF):
    """W as an agent set."""

    def __init__(self, citizens: int, seed: int, threads: int) -> None:
        del threads  # POLARS_MAX_THREADS
        super().__init__()
        self.citizens = Citizens(self, citizens, seed)
        self.agents += self.citizens

    def day(self) -> tuple[int, int, float]:
        """Live one day."""
        self.agents.do("step")
        return next(iter(self.agents._agentsets)).counts  # noqa: SLF001 - the model keeps a copy of the set


if __name__ == "__main__":
    live(f"mesa-frames {mesa_frames.__version__}, Polars {pl.__version__}", World)
