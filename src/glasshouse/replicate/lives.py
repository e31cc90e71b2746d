"""Worlds of the scenarios of this package, lived by the shipped engine until nothing changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.errors import InvariantError
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load
from glasshouse.society.columns import MARK_FLAG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.scenario.schema import Scenario

__all__ = ["SCENARIOS", "flagged", "flow", "scenario", "settled", "stock", "uncut_ties", "world"]

SCENARIOS = Path(__file__).parent / "scenarios"
THREADS = 1  # small worlds: more threads would only wait for each other


def scenario(name: str, changes: dict[str, object] | None = None) -> Scenario:
    """Return a scenario of this package, checked, with changes by dotted key."""
    return load(SCENARIOS / f"{name}.toml", set=changes or {}).scenario


def world(one: Scenario, seed: int, *, citizens: int | None = None, days: int | None = None) -> Engine:
    """Return the world of a scenario before day 0."""
    return Engine(compile_plan(one, citizens=citizens, days=days, seed=seed), threads=THREADS)


def stock(engine: Engine, name: str) -> int:
    """Return a stock of the whole nation at the end of the last day."""
    return int(engine.stocks[..., engine.stock_names.index(name)].sum())


def flow(engine: Engine, flows: np.ndarray, name: str) -> int:
    """Return a flow of the whole nation from the counts of a day."""
    return int(flows[..., engine.flow_names.index(name)].sum())


def flagged(engine: Engine) -> NDArray[np.bool_]:
    """Say of each citizen whether the low score is published, (citizens,) bool."""
    return (engine.columns["marks"][: engine.plan.citizens] & MARK_FLAG) != 0


def settled(engine: Engine) -> list[int]:
    """Live until a day on which no flag changes; return how many are flagged before day 0 and after each day.

    Raises:
        InvariantError: flags still change on the plan's last day.
    """
    counts = [stock(engine, "flagged")]
    for _ in range(engine.plan.days):
        flows = engine.step().flows
        counts.append(stock(engine, "flagged"))
        if flow(engine, flows, "flagged") == flow(engine, flows, "unflagged") == 0:
            return counts
    raise InvariantError(
        f"flags still change after {engine.plan.days} days", help="give the scenario more days"
    )


def uncut_ties(engine: Engine) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return both ends of every tie that is not cut, each tie once, the smaller id first."""
    t, plan = engine.t, engine.plan
    month = plan.month(t) - plan.is_first(t)  # ties are cut in the evening
    low, high = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for ties in engine.parts[0].friends_of(np.arange(plan.citizens, dtype=np.int64), month):
        held = np.arange(ties.found.shape[1]) < ties.counts[:, None]
        ends = np.repeat(ties.ids, ties.counts), ties.found[held]
        once = ends[0] < ends[1]
        low.append(ends[0][once])
        high.append(ends[1][once])
    return np.concatenate(low), np.concatenate(high)
