"""Worlds small enough to be looked at citizen by citizen, in which everything happens."""

from __future__ import annotations

from dataclasses import dataclass

from glasshouse.life.again import KeptCrossings
from glasshouse.model.engine import Engine

CITIZENS, DAYS = 1_000, 45


@dataclass(frozen=True)
class Watched:
    """A world that was lived while every row was noted: rows[i][t] is citizen i's row before day t."""

    plan: object
    engine: Engine
    log: KeptCrossings
    rows: dict[int, list[dict[str, int]]]


def watched(plan, citizens) -> Watched:
    """Live a world and note the rows of some citizens on every day."""
    engine, log = Engine(plan, threads=1), KeptCrossings()
    rows = {i: [engine.row(i)] for i in citizens}
    for _ in range(plan.days):
        engine.step()
        log.add(engine.crossings())
        for i in citizens:
            rows[i].append(engine.row(i))
    return Watched(plan, engine, log, rows)
