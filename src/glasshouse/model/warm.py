"""Compile every kernel before it is needed: once for each version of them, then they come from the cache.

`python -m glasshouse.model.warm` does it in two processes at once, the day in one, all else in the other, which takes
about half the time.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np

from glasshouse.model.crowd import Crowd, Pairs
from glasshouse.model.engine import Engine
from glasshouse.model.kernels import ties as tie_kernels
from glasshouse.model.kernels.companies import companies
from glasshouse.model.part import Ties
from glasshouse.model.plan import smallest_plan


@cache
def warm_up() -> None:
    """Compile, or load from the cache, every kernel of a day on a handful of citizens; once per process."""
    engine = Engine(smallest_plan(), threads=1)
    engine.step()
    all_else(engine)


def day() -> None:
    """Compile what lives the day of a citizen, and nothing besides."""
    engine = Engine(smallest_plan(), threads=1, settled=False)
    engine.parts[0].live(0, np.zeros((0, 5), np.int64), 0)


def all_else(engine: Engine) -> None:
    """Compile what makes a society, which making the engine does, and what happens overnight."""
    part, ids, counts = engine.parts[0], np.zeros(1, np.int64), np.zeros(1, np.int64)
    found, room = np.zeros((1, 256), np.int64), np.zeros((1, 4, 64), np.uint64)
    engine.census()
    part.histogram(0, 1)
    part.degree(0, 0)
    part.degrees(0)
    part.end_first(ids[:0], ids[:0], 0)
    for piece in part.state.row_pieces():
        part.state.add_rows(piece)
    engine.row(0)
    tables, graph, world = part.tables, part.graph, part.state.world
    tie_kernels.gather_friends(tables, graph, world, ids, 0, True, found, counts, room)
    tie_kernels.gather_few_friends(tables, graph, world, ids, 0, True, found, counts, room)
    tie_kernels.gather_chat(tables, ids, found, counts, room)
    tie_kernels.gather_few_chat(tables, ids, found, counts, room)
    nobody = np.zeros(0, np.uint32)
    part.cut(ids[:0], part.histories(ids[:0]), np.zeros(0, np.uint64), 0)
    part.see_flags(nobody, 1)
    part.see_punished(nobody, 0)
    Crowd(lambda _: None).add(Ties(ids, found, counts), np.ones(1, bool))
    Pairs(lambda _: None).add_all(Ties(ids, found, counts), 0)
    until, masks = np.zeros(1, np.uint16), np.zeros(1, np.uint64)
    part.seek_companies(until, 0, masks)
    companies(tables, until, np.zeros(1, np.uint8), masks[:0], engine.stocks, 0, np.zeros((1, 5), np.int64))


def apart() -> None:
    """Compile all but the day."""
    all_else(Engine(smallest_plan(), threads=1))


def main() -> int:
    """Compile in two processes at once; return the exit status."""
    command = [sys.executable, "-c", "from glasshouse.model import warm; warm.apart()"]
    with subprocess.Popen(command) as other:  # noqa: S603 - this very program
        day()
    warm_up()  # and what is left
    return other.returncode


if __name__ == "__main__":
    sys.exit(main())
