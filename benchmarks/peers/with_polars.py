"""W in Polars: a data frame, a day is one lazy query. NumPy draws the random numbers, as Polars has no generator."""

from __future__ import annotations

import numpy as np
import polars as pl
from people import BASE, CEILING, COST, FLOOR, LISTED_BELOW, LISTED_FRIENDS, OFF_ABOVE, REWARD, RINGS, people
from program import live

FRIENDS = [f"friend_{k}" for k in range(2 * RINGS)]


class World:
    """W as a data frame."""

    def __init__(self, citizens: int, seed: int, threads: int) -> None:
        del threads  # POLARS_MAX_THREADS
        who = people(citizens, seed)
        self.n, self.luck = citizens, np.random.default_rng((seed, 1))
        columns = {
            name: getattr(who, name) for name in ("score", "listed", "recorded", "prosocial", "travel")
        }
        friends = {name: np.ascontiguousarray(who.friends[:, k]) for k, name in enumerate(FRIENDS)}
        self.frame = pl.DataFrame(columns | friends)

    def draws(self) -> pl.Series:
        """Return one random number for everybody."""
        return pl.Series(self.luck.random(self.n, np.float32))

    def day(self) -> tuple[int, int, float]:
        """Live one day."""
        score, listed, small = pl.col("score"), pl.col("listed"), pl.Int16
        friends = pl.sum_horizontal(listed.gather(pl.col(name)).cast(pl.Int8) for name in FRIENDS)
        moved = (
            score
            - COST * (pl.col("u1") < pl.col("recorded")).cast(small)
            + REWARD * (pl.col("u2") < pl.col("prosocial")).cast(small)
            - (friends >= LISTED_FRIENDS).cast(small)
        ).cast(small)
        lived = (
            self.frame.lazy()
            .with_columns(u1=self.draws(), u2=self.draws(), u3=self.draws())
            .with_columns(score=moved, refused=(pl.col("u3") < pl.col("travel")) & listed)
            .with_columns(score=(score + (score < BASE).cast(small)).clip(FLOOR, CEILING))
            .with_columns(listed=(score < LISTED_BELOW) | (listed & (score <= OFF_ABOVE)))
            .drop("u1", "u2", "u3")
            .collect()
        )
        self.frame = lived.drop("refused")
        return lived.select(listed.sum(), pl.col("refused").sum(), score.mean()).row(0)


if __name__ == "__main__":
    live(f"Polars {pl.__version__}", World)
