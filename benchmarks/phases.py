"""What each phase of a day costs: processor time of one thread for a day up to the phase, and the difference.

Run with `.venv/bin/python benchmarks/phases.py [SCENARIO] [CITIZENS]`. The same day is lived again and again, so the
branches are better foretold than in a run; the shares count, not the sum.
"""

from __future__ import annotations

import sys
import time

from glasshouse.model.day import PHASES
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

DAYS_BEFORE, TIMES = 40, 9


def main(scenario: str = "as-reported", citizens: str = "1000000") -> None:
    """Print nanoseconds per citizen for each phase."""
    engine = Engine(compile_plan(load(scenario).scenario, citizens=int(citizens), days=60), threads=1)
    for _ in range(DAYS_BEFORE):
        engine.step()
    morning, before = engine.snapshot(), 0.0
    print(f"{scenario}, {int(citizens):,} citizens, one thread, ns per citizen-day")
    for number in range(len(PHASES)):
        best = float("inf")
        for _ in range(TIMES):
            engine.restore(morning)
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
