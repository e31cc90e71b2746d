"""The worlds of an attribution: one coalition of rules, one seed, lived to the end on one thread, and its harms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.attribute.players import without_players
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.measures import TOTALS, describe, describe_total, totals
from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.attribute.players import Player
    from glasshouse.model.plan import Plan
    from glasshouse.records.measures import Measure
    from glasshouse.scenario.schema import Scenario

__all__ = ["MEASURES", "live_coalition", "measure"]

# Flows that are no totals of a run but say who was harmed, and how.
FLOWS = ("punished_days", "offences_withheld", "fines", *(f"points_lost_by.{origin}" for origin in ORIGINS))
LISTED, FLAGGED = "person_days.listed", "person_days.flagged"
MEASURES = (*TOTALS, *FLOWS, LISTED, FLAGGED)
PERSON_DAYS = {
    LISTED: "sum over days and sanction lists of people on them: who is on two lists counts twice",
    FLAGGED: "sum over days of people whose bad status is published",
}


def measure(key: str) -> tuple[str, str]:
    """Return unit and formula of a measure.

    Raises:
        KeyError: there is no such measure.
    """
    if key in PERSON_DAYS:
        return "person-days", PERSON_DAYS[key]
    one: Measure = describe(key, "flow") if key in FLOWS else describe_total(key)
    return one.unit, one.formula if key in TOTALS else f"sum over the run of: {one.formula}"


def live_coalition(
    scenario: Scenario, players: Sequence[Player], coalition: int, *, citizens: int, days: int, seed: int
) -> dict[str, int]:
    """Return every measure of the world in which only the players of a coalition are on."""
    off = [player for i, player in enumerate(players) if not coalition >> i & 1]
    plan = compile_plan(without_players(scenario, off), citizens=citizens, days=days, seed=seed)
    return live(plan)


def live(plan: Plan) -> dict[str, int]:
    """Live a world to its end on one thread and return its measures."""
    from glasshouse.model.engine import Engine

    engine = Engine(plan, threads=1)
    flows = np.zeros(len(flow_names(plan)), np.int64)
    stocks = person_days = np.zeros(len(stock_names(plan)), np.int64)
    for _ in range(plan.days):
        counts = engine.step()
        flows += counts.flows.sum(axis=(0, 1))
        stocks = counts.stocks.sum(axis=(0, 1))
        person_days = person_days + stocks
    named = [
        dict(zip(names, sums.tolist(), strict=True))
        for names, sums in (
            (flow_names(plan), flows),
            (stock_names(plan), stocks),
            (stock_names(plan), person_days),
        )
    ]
    return measures(plan, *named)


def measures(
    plan: Plan, flows: Mapping[str, int], stocks: Mapping[str, int], person_days: Mapping[str, int]
) -> dict[str, int]:
    """Return the measures from sums of flows, the stocks of the end, and stocks summed over days."""
    listed = sum(person_days[f"on.{one.id}"] for one in plan.lists if not one.perk)
    return {
        **totals(flows, stocks, plan),
        **{key: flows[key] for key in FLOWS},
        LISTED: listed,
        FLAGGED: person_days["flagged"],
    }
