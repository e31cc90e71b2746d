"""W in Glasshouse: `w.toml`, lived by the kernels that live every other scenario, daily counts and checks on."""

from __future__ import annotations

from pathlib import Path

from program import live

import glasshouse
from glasshouse.model.engine import Engine
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.scenario.load import load

SCENARIO = Path(__file__).with_name("w.toml")


class World:
    """W as a scenario."""

    def __init__(self, citizens: int, seed: int, threads: int) -> None:
        plan = compile_plan(load(SCENARIO).scenario, citizens=citizens, seed=seed)
        self.engine, self.n = Engine(plan, threads=threads), citizens
        stocks = stock_names(plan)
        self.refused = flow_names(plan).index("refused.plane")
        self.listed, self.score = stocks.index("on.bad"), stocks.index("score_sum")

    def day(self) -> tuple[int, int, float]:
        """Live one day; the first compiles where no compiled kernels are kept yet."""
        counts = self.engine.step()
        flows, stocks = (array.sum(axis=(0, 1)) for array in (counts.flows, counts.stocks))
        return int(stocks[self.listed]), int(flows[self.refused]), float(stocks[self.score]) / self.n


if __name__ == "__main__":
    live(f"Glasshouse {glasshouse.__version__}", World)
