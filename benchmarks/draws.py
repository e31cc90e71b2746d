"""How fast the shared words of a block are drawn: Philox inlined, as the kernels have it, against Philox as a call.

Run with `.venv/bin/python benchmarks/draws.py`; prints milliseconds of one thread for 10^6 citizens and 21 decisions.
"""

from __future__ import annotations

import time

import numba
import numpy as np

from glasshouse.model.kernels.draw import U, block_words, kernel, philox

SLOTS, BLOCKS = 21, 15_625
called_philox = kernel(philox.py_func)


@numba.njit
def called_words(key, decisions, slots, block, day, words):
    """As `block_words`, with the ten rounds behind a call."""
    for quad in range(4):
        for d in range(slots):
            lo, hi = called_philox(U(block), U(quad), U(day), decisions[d], key[0], key[1])
            words[2 * quad, d] = lo
            words[2 * quad + 1, d] = hi


@numba.njit
def inlined(key, decisions, words):
    """Draw the words of all blocks, Philox inlined."""
    for block in range(BLOCKS):
        block_words(key, decisions, SLOTS, block, 3, words)


@numba.njit
def called(key, decisions, words):
    """Draw the words of all blocks, Philox called."""
    for block in range(BLOCKS):
        called_words(key, decisions, SLOTS, block, 3, words)


def best_ms(function) -> float:
    """Return the best of seven times in milliseconds of processor time, after one call to compile."""
    arguments = (np.array([1, 0], np.uint64), np.arange(64, dtype=np.uint64), np.zeros((8, 64), np.uint64))
    function(*arguments)
    times = []
    for _ in range(7):
        begun = time.process_time()
        function(*arguments)
        times.append(time.process_time() - begun)
    return 1000 * min(times)


if __name__ == "__main__":
    fast, slow = best_ms(inlined), best_ms(called)
    print(f"inlined {fast:.1f} ms, called {slow:.1f} ms, ratio {slow / fast:.1f}")
