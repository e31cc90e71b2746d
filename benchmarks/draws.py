"""How fast draws are: Philox inlined, as the kernels have it, against Philox as a call; then the sieve of a preset.

Run with `.venv/bin/python benchmarks/draws.py`; prints nanoseconds of one thread. Other work on the machine moves the
figures, so only those of one run are to be compared.
"""

from __future__ import annotations

import time

import numba
import numpy as np

from glasshouse.model.engine import Engine
from glasshouse.model.kernels.draw import U, kernel, philox
from glasshouse.model.kernels.scratch import QUADS, make_scratch
from glasshouse.model.kernels.sieve import sift
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

DRAWS, CITIZENS = 4096, 1_000_000
called_philox = kernel(philox.py_func)


@numba.njit
def inlined(who, out):
    """Draw for everybody in `who`, Philox inlined."""
    for day in range(100):
        for q in range(who.size):
            out[q], _ = philox(U(who[q]), U(4), U(day), U(7), U(1), U(0))


@numba.njit
def called(who, out):
    """The same, Philox behind a call."""
    for day in range(100):
        for q in range(who.size):
            out[q], _ = called_philox(U(who[q]), U(4), U(day), U(7), U(1), U(0))


@numba.njit
def sieve(tables, scratch, quads, day):
    """Sift all quads of a society, as many at a time as a worker of a day does."""
    for quad in range(0, quads, QUADS):
        sift(tables[0], scratch[0], quad, min(quad + QUADS, quads), day)


def best_s(function, *arguments) -> float:
    """Return the best of seven times in seconds of processor time, after one call to compile."""
    function(*arguments)
    times = []
    for _ in range(7):
        begun = time.process_time()
        function(*arguments)
        times.append(time.process_time() - begun)
    return min(times)


if __name__ == "__main__":
    people, words = np.arange(DRAWS), np.zeros(DRAWS, np.uint64)
    fast, slow = (best_s(f, people, words) / (100 * DRAWS) * 1e9 for f in (inlined, called))
    print(f"one private draw: inlined {fast:.1f} ns, called {slow:.1f} ns, ratio {slow / fast:.1f}")
    for preset in ("as-reported", "as-documented"):
        engine = Engine(compile_plan(load(preset).scenario, citizens=CITIZENS), threads=1)
        took = best_s(sieve, engine.tables, make_scratch(1), CITIZENS // 256, 5)
        print(f"{preset}: the sieve takes {took / CITIZENS * 1e9:.1f} ns per citizen-day")
