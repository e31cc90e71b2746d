"""The town of the relations, other forms of a scenario, and the digest of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from glasshouse.model.engine import Engine
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import Plan, compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.digest import RunDigest
from glasshouse.records.layout import Layout
from glasshouse.scenario.load import load
from glasshouse.scenario.schema import Scenario
from verification.analytic.check import Finding, exact
from verification.analytic.worlds import size_of

Tree = dict[str, Any]

TOWN = Path(__file__).parents[2] / "tests" / "knobs" / "town.toml"  # everything happens there, and often
CITIZENS, DAYS = 3_000, 24


@cache
def town() -> Scenario:
    """Return the town."""
    return load(TOWN).scenario


def planned(scenario: Scenario, seed: int, citizens: int = CITIZENS, days: int = DAYS) -> Plan:
    """Return the plan of a scenario."""
    return compile_plan(scenario, citizens=size_of(citizens), days=days, seed=seed)


def redone(scenario: Scenario, change: Callable[[Tree], Tree]) -> Scenario:
    """Return a scenario whose tables went through a change."""
    return Scenario.model_validate(change(scenario.model_dump(exclude_unset=True, by_alias=True)))


def without(tree: Tree, kind: str, name: str) -> Tree:
    """Return tables without one."""
    return tree | {kind: {key: one for key, one in tree[kind].items() if key != name}}


def changed(tree: Tree, kind: str, name: str, **values: object) -> Tree:
    """Return tables with values of one changed."""
    return tree | {kind: tree[kind] | {name: tree[kind][name] | values}}


def backwards(tree: Tree) -> Tree:
    """Return tables whose keys stand in the reverse order."""
    return {
        key: backwards(value) if isinstance(value, Mapping) else value
        for key, value in reversed([*tree.items()])
    }


def digest(plan: Plan, threads: int = 2, chunk_quads: int = 16, parts: int = 1) -> str:
    """Return the digest of a run."""
    found = RunDigest(plan, Layout.of(plan, flow_names(plan), stock_names(plan)))
    engine = Engine(plan, threads, chunk_quads, parts)
    for t in range(plan.days):
        counts = engine.step()
        found.day(t, counts.flows, counts.stocks)
    return found.finish(engine.all_columns, plan.citizens, engine.pending())


def same(words: str, digests: list[str]) -> Finding:
    """Return whether all digests are one."""
    return exact(words, 1, len(set(digests)))
