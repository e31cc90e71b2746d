"""What each phase of a day costs: processor time of one thread for a day up to the phase, and the difference.

Run with `.venv/bin/python benchmarks/phases.py [SCENARIO] [CITIZENS]`. The same day is lived again and again, so the
branches are better foretold than in a run; the shares count, not the sum.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.model.day import PHASES
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator


class Morning:
    """A world between two days, to be lived again and again."""

    def __init__(self, engine: Engine) -> None:
        self.plan, self.numbers = engine.plan, engine.numbers
        self.arrays = {
            name: np.concatenate([one.copy() for one in several]) for name, several in engine.pieces()
        }

    def world(self) -> Engine:
        """Return it again."""
        return Engine.restored(self.plan, self.numbers, self, threads=1)

    def into(self, name: str, *arrays: np.ndarray) -> None:
        """Fill an array, as a checkpoint does."""
        arrays[0][...] = self.arrays[name]

    def pieces(self, name: str, dtype: Any, rows: int) -> Iterator[np.ndarray]:
        """Yield an array in pieces, as a checkpoint does."""
        for start in range(0, len(self.arrays[name]), rows):
            yield self.arrays[name][start : start + rows].astype(dtype)


DAYS_BEFORE, TIMES = 40, 9


def main(scenario: str = "as-reported", citizens: str = "1000000") -> None:
    """Print nanoseconds per citizen for each phase."""
    engine = Engine(compile_plan(load(scenario).scenario, citizens=int(citizens), days=60), threads=1)
    for _ in range(DAYS_BEFORE):
        engine.step()
    morning, before = Morning(engine), 0.0
    print(f"{scenario}, {int(citizens):,} citizens, one thread, ns per citizen-day")
    for number in range(len(PHASES)):
        best = float("inf")
        for _ in range(TIMES):
            engine = morning.world()
            begun = time.process_time()
            engine.step(number)
            best = min(best, time.process_time() - begun)
        label = "the sieve" if number == 0 else PHASES[number - 1]
        print(
            f"{label:10} {(best - before) / int(citizens) * 1e9:6.2f}   so far {best / int(citizens) * 1e9:6.2f}"
        )
        before = best


if __name__ == "__main__":
    main(*sys.argv[1:])
