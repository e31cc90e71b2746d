"""The two implementations of a day, held against each other."""

from __future__ import annotations

import numpy as np

from glasshouse.model.engine import Engine
from glasshouse.model.flows import flow_names
from glasshouse.model.oracle import World
from glasshouse.model.plan import Plan, compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.layout import Layout
from glasshouse.scenario.load import load
from glasshouse.verify import census
from verification.analytic.check import Check, Finding, exact
from verification.analytic.forms import TOWN
from verification.analytic.worlds import size_of

FEW, FEW_DAYS = 300, 14  # for the oracle, which lives citizens one by one
DAILY_FRIENDS = {"rule.friends.every": "day"}
MANY_LISTED = {
    "ties.flag": "listed",
    "ties.cut_share": 0.4,
    "behaviour.court_default.per_day": 0.1,
    "travel.plane.requests_per_day": 0.5,
    "travel.plane.traveller_share": 1.0,
}
MANY_SUMMONED = {
    "behaviour.police_criticism.per_day": 0.3,
    "behaviour.police_criticism.doer_share": 1.0,
    "behaviour.police_criticism.summons_share": 0.8,
}
MANY_MISTAKEN = {
    "behaviour.police_criticism.per_day": 1.0,
    "behaviour.police_criticism.doer_share": 1.0,
    "behaviour.police_criticism.restrained": False,
    "behaviour.police_criticism.caught_share": 1.0,
    "behaviour.police_criticism.misattributed_share": 1.0,
    "behaviour.police_criticism.summons_share": 0.0,
    "behaviour.police_criticism.suspended_share": 0.0,
}


def oracle(seed: int) -> list[Finding]:
    """The kernels and the plain model agree in every count, column and message of every day."""
    found = []
    for words, changes in (
        ("town", {}),
        ("daily friends", DAILY_FRIENDS),
        ("many listed", MANY_LISTED),
        ("many summoned", MANY_SUMMONED),
        ("many mistaken", MANY_MISTAKEN),
    ):
        plan = compile_plan(load(TOWN, set=changes).scenario, citizens=size_of(FEW), days=FEW_DAYS, seed=seed)
        wrong = differences(plan)
        found += [exact(f"{words}: {what} that differ", 0, count) for what, count in wrong.items()]
    return found


def differences(plan: Plan) -> dict[str, int]:
    """Return how many cells of counts, of state and of the post differ between the two, over all days."""
    engine, world = Engine(plan, threads=1), World(plan)
    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    wrong = {"counts": 0, "rows": 0, "messages": 0}
    for _ in range(plan.days):
        counts = engine.step()
        world.step()
        flows, stocks = layout.arrays(world.flows, census(world))
        wrong["counts"] += int((counts.flows != flows).sum() + (counts.stocks != stocks).sum())
        columns = engine.all_columns
        wrong["rows"] += sum(
            int((columns[name][: len(column)].astype(np.int64) != np.asarray(column)).sum())
            for name, column in world.columns().items()
        )
        wrong["messages"] += int([tuple(row) for row in engine.pending().tolist()] != world.pending())
    return wrong


CHECKS = (
    Check(
        "kernels-equal-oracle",
        "metamorphic",
        "compiled kernels = the day in plain Python integers, bit by bit",
        "a town where everything happens often, 300 citizens, 14 days, five forms",
        "docs/day.md",
        oracle,
    ),
)
