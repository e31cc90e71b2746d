"""Citizen-days per second and bytes per citizen, beside a NumPy yardstick of a simplified day in the same process.

The yardstick is what one would write first: a vectorised day with one infraction, one prosocial act, ten
neighbours on five rings, recovery, one list and one kind of ticket. It has none of the other mechanisms, so the
ratio understates what the engine does.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.model.plan import compile_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from glasshouse.scenario.load import Loaded

__all__ = ["Measured", "measure", "yardstick"]

CITIZENS, DAYS = 1_000_000, 30
YARDSTICK_DAYS = 5
RINGS = 5
BASE, LISTED_BELOW, OFF_ABOVE = 1000, 900, 950
DETECTED, INFRACTION, PROSOCIAL, TRAVEL = 0.3, 0.005, 0.01, 0.005
CLASSES, SHARES = (1, 2, 4, 33), (0.10, 0.37, 0.50, 0.03)


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the benchmark; `ratio` is against the yardstick of the same process."""

    name: str
    citizens: int
    days: int
    threads: int
    citizen_days_per_s: float
    state_bytes_per_citizen: float
    ratio: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return asdict(self)


def measure(
    loaded: Loaded,
    *,
    citizens: int = CITIZENS,
    days: int = DAYS,
    threads: int = 2,
    seed: int | None = None,
    against: float | None = None,
    backend: str = "cpu",
    progress: Callable[[int, int, float], None] | None = None,
) -> Measured:
    """Return the speed of a scenario after compilation, over `days` days of one world.

    Args:
        loaded: The scenario.
        citizens: Citizens.
        days: Days that are timed; the first day of the world is not, nor is its making.
        threads: Threads.
        seed: World seed; the scenario's by default.
        against: Citizen-days per second of the yardstick, for the ratio.
        backend: Who lives the days: "cpu", or "cuda", a device.
        progress: Called after each day with (day, days, 0).
    """
    from glasshouse.model.engine import Engine

    plan = compile_plan(loaded.scenario, citizens=citizens, days=days + 1, seed=seed)
    engine = Engine(plan, threads=threads, backend=backend)
    engine.step()  # compiles, and touches all memory
    spent = 0.0
    for day in range(days):
        began = time.perf_counter()
        engine.step()
        spent += time.perf_counter() - began
        if progress is not None:
            progress(day + 1, days, 0.0)
    speed = citizens * days / spent
    bytes_each = engine.state_bytes() / citizens
    return Measured(
        loaded.name, citizens, days, threads, speed, bytes_each, speed / against if against else None
    )


def yardstick(citizens: int = CITIZENS, days: int = YARDSTICK_DAYS, seed: int = 1) -> Measured:
    """Return the speed of the simplified day in NumPy."""
    world = _Simple(citizens, seed)
    world.day()
    began = time.perf_counter()
    for _ in range(days):
        world.day()
    spent = time.perf_counter() - began
    return Measured("NumPy yardstick", citizens, days, 1, citizens * days / spent, world.bytes() / citizens)


class _Simple:
    """The simplified day, one vectorised pass per mechanism."""

    def __init__(self, citizens: int, seed: int) -> None:
        self.n = citizens
        self.luck = np.random.Generator(np.random.Philox(seed))
        classes = np.array(CLASSES, np.float32)[self.luck.choice(len(CLASSES), citizens, p=SHARES)]
        self.infraction = classes * np.float32(INFRACTION)
        self.prosocial = self.luck.integers(0, 3, citizens).astype(np.float32) * np.float32(PROSOCIAL)
        self.travel = self.luck.integers(0, 3, citizens).astype(np.float32) * np.float32(TRAVEL)
        busy = classes == CLASSES[-1]
        self.score = np.full(citizens, BASE, np.int16)
        self.score[busy] = self.luck.integers(850, 978, int(busy.sum()))
        self.listed = self.score < (LISTED_BELOW + OFF_ABOVE) // 2
        self.neighbours = self._rings()
        self.refused = 0

    def _rings(self) -> NDArray[np.int32]:
        """Return the ten neighbours of everybody: the next and the previous one on five random rings."""
        out = np.empty((self.n, 2 * RINGS), np.int32)
        for ring in range(RINGS):
            order = self.luck.permutation(self.n).astype(np.int32)
            out[order, 2 * ring] = np.roll(order, 1)
            out[order, 2 * ring + 1] = np.roll(order, -1)
        return out

    def day(self) -> None:
        """Live one day."""
        draw = self.luck.random
        low_friends = self.listed[self.neighbours].sum(axis=1)
        caught = draw(self.n, np.float32) < self.infraction * np.float32(DETECTED)
        self.score -= np.int16(20) * caught
        self.score += np.int16(5) * (draw(self.n, np.float32) < self.prosocial)
        self.score -= (low_friends >= 3).astype(np.int16)
        self.score += (self.score < BASE).astype(np.int16)
        np.clip(self.score, 0, 1300, out=self.score)
        asked = draw(self.n, np.float32) < self.travel
        self.refused += int(np.count_nonzero(asked & self.listed))
        self.listed = (self.listed | (self.score < LISTED_BELOW)) & ~(self.score > OFF_ABOVE)

    def bytes(self) -> int:
        """Return the bytes of what it keeps."""
        kept = (self.infraction, self.prosocial, self.travel, self.score, self.listed, self.neighbours)
        return sum(array.nbytes for array in kept)
