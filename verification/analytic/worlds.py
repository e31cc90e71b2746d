"""Scenarios of checks: written as TOML, read by the loader, lived by the shipped engine.

`GLASSHOUSE_SHARE` (1 unless set) makes every society smaller or larger by that factor; errors follow the size that
was lived. The planted faults use it, because kernels that are not compiled are slow.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.model.engine import Engine
from glasshouse.model.plan import Plan, compile_plan
from glasshouse.scenario.load import Loaded, load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HEAD = 'glasshouse = 1\ntitle = "a check"\n'
ADULTS = HEAD + "[society]\nage_from = [0, 18]\nage_shares = [0.0, 1.0]\nonline_shares = [1.0]\n"
# Adults whose debt is what they are below 0: no recovery, and no border within reach.
DEBTS = ADULTS + "[score]\nbase_points = 0\nfloor_points = -30000\nceiling_points = 30000\n"
# A score that is -5 on the evening of a day with a record and 0 on all others.
BLINKING = (
    ADULTS
    + """
[score]
base_points = 0
floor_points = -5
ceiling_points = 0
recovery_points = 5
[rule.blink]
behaviour = "act"
points = -10
"""
)
FEWEST = 64


@dataclass(frozen=True)
class Lived:
    """A world after its days, and what was counted on each.

    Attributes:
        engine: The world.
        flows: (days, groups, names) int64.
        stocks: (days + 1, groups, names) int64; the first row is before day 0.
    """

    engine: Engine
    flows: np.ndarray
    stocks: np.ndarray

    @property
    def plan(self) -> Plan:
        """What was lived."""
        return self.engine.plan

    @property
    def citizens(self) -> int:
        """How many lived."""
        return self.engine.plan.citizens

    def daily(self, flow: str) -> np.ndarray:
        """Return a flow by day, (days,) int64."""
        return self.by_group(flow).sum(axis=1)

    def by_group(self, flow: str) -> np.ndarray:
        """Return a flow by day and group, (days, groups) int64."""
        return self.flows[:, :, self.engine.flow_names.index(flow)]

    def total(self, flow: str) -> int:
        """Return a flow over all days."""
        return int(self.daily(flow).sum())

    def stock(self, name: str) -> np.ndarray:
        """Return a stock before day 0 and on every evening, (days + 1,) int64."""
        return self.stocks[:, :, self.engine.stock_names.index(name)].sum(axis=1)

    def column(self, name: str) -> np.ndarray:
        """Return a column of everybody's state, (citizens,) int64."""
        return self.engine.columns[name][: self.citizens].astype(np.int64)


def loaded(text: str, changes: Mapping[str, Any] | None = None) -> Loaded:
    """Return a scenario given as TOML, after changes by dotted path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "check.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, set=changes or {})


def size_of(citizens: int) -> int:
    """Return how many citizens live where a check asks for so many."""
    return max(FEWEST, round(citizens * float(os.environ.get("GLASSHOUSE_SHARE", "1"))))


def live(
    scenario: str | Loaded,
    *,
    citizens: int,
    days: int,
    seed: int,
    changes: Mapping[str, Any] | None = None,
    each: Callable[[Engine], object] | None = None,
) -> Lived:
    """Live a scenario; `each` looks at the world on every evening."""
    read = loaded(scenario, changes) if isinstance(scenario, str) else scenario
    return live_plan(compile_plan(read.scenario, citizens=size_of(citizens), days=days, seed=seed), each)


def live_plan(plan: Plan, each: Callable[[Engine], object] | None = None) -> Lived:
    """Live a plan."""
    engine = Engine(plan)
    flows, stocks = [], [engine.stocks.sum(axis=0)]
    for _ in range(plan.days):
        counts = engine.step()
        flows.append(counts.flows.sum(axis=0))
        stocks.append(counts.stocks.sum(axis=0))
        if each is not None:
            each(engine)
    return Lived(engine, np.array(flows), np.array(stocks))
