"""How much quicker a day is when it is compiled as one program than function by function.

Run with `.venv/bin/python benchmarks/whole.py`; prints nanoseconds a citizen-day of one thread. The two live the same
society in turn and have to come to the same counts. Other work on the machine moves the figures, so only those of one
run are to be compared.
"""

from __future__ import annotations

import time
from pathlib import Path

import numba
import numpy as np

from glasshouse.model import day
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

CITIZENS, DAYS = 4_000_000, 21
SCENARIOS = {"W": Path(__file__).parent / "peers" / "w.toml", "as-reported": "as-reported"}
together = day.live
# Not cached: the cache keeps this function as one program.
share_apart = numba.njit(error_model="numpy", nogil=True)(day.live_share.py_func)


@numba.njit(parallel=True, error_model="numpy")
def apart(tables, world, planes, scratch, inbox, chunks, chunk, shares, t, first, bulletin, last_phase):
    """Live a day as `day.live` does, each function compiled for itself."""
    for k in numba.prange(shares.shape[0]):
        share_apart(
            tables[0], world, planes, scratch[k], inbox, chunks, chunk, shares[k], t, first, bulletin, last_phase
        )  # fmt: skip


def lived_s(engine: Engine, function) -> tuple[float, np.ndarray]:
    """Live one day with `function`; return the seconds it took and the flows."""
    day.live = function
    begun = time.perf_counter()
    counts = engine.step()
    return time.perf_counter() - begun, counts.flows


def compare(source) -> tuple[float, float]:
    """Return nanoseconds a citizen-day, apart and together: medians, first days left out."""
    plan = compile_plan(load(source).scenario, citizens=CITIZENS, seed=1)
    engines, times = [Engine(plan, threads=1) for _ in range(2)], [[], []]
    for _ in range(DAYS):
        lived = [
            lived_s(engine, function) for engine, function in zip(engines, (apart, together), strict=True)
        ]
        if not (lived[0][1] == lived[1][1]).all():
            raise SystemExit("the two do not count the same")
        for own, (seconds, _) in zip(times, lived, strict=True):
            own.append(1e9 * seconds / CITIZENS)
    return float(np.median(times[0][1:])), float(np.median(times[1][1:]))


if __name__ == "__main__":
    for name, source in SCENARIOS.items():
        one, other = compare(source)
        print(f"{name:12} apart {one:5.2f}  as one program {other:5.2f}  {1 - other / one:4.0%} less")
