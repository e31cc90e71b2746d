"""What each phase of a day costs: processor time of one thread for a day up to the phase, and the difference.

The last line is the last phase with the evening: messages posted, flips pushed to friends, stocks, checks.

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


def costs(scenario: str, citizens: int) -> Iterator[tuple[str, float]]:
    """Yield the sieve, each phase and the evening with its seconds for all citizens, on one thread."""
    engine = Engine(compile_plan(load(scenario).scenario, citizens=citizens, days=60), threads=1)
    for _ in range(DAYS_BEFORE):
        engine.step()
    morning, upto = Morning(engine), list(parts())
    best = [float("inf")] * len(upto)
    for _ in range(TIMES):  # in turn, so that a busy while of the machine falls on all of them
        for k, (_, argument) in enumerate(upto):
            engine = morning.world()
            begun = time.process_time()
            engine.step(*argument)
            best[k] = min(best[k], time.process_time() - begun)
    for (label, _), seconds, before in zip(upto, best, [0.0, *best], strict=False):
        yield label, seconds - before


def parts() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what a day is timed up to: the sieve, each phase but the last, and all of it."""
    yield "the sieve", (0,)
    for number, name in enumerate(PHASES[:-1], 1):
        yield name, (number,)
    yield f"{PHASES[-1]}, evening", ()


def main(scenario: str = "as-reported", citizens: str = "1000000") -> None:
    """Print nanoseconds per citizen for each phase."""
    total = 0.0
    print(f"{scenario}, {int(citizens):,} citizens, one thread, ns per citizen-day")
    for label, seconds in costs(scenario, int(citizens)):
        total += seconds
        each, far = (x / int(citizens) * 1e9 for x in (seconds, total))
        print(f"{label:16} {each:6.2f}   so far {far:6.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
