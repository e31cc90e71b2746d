"""Live the small worlds of the table of knobs, each once."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.model.engine import Engine
from glasshouse.model.flows import flow_names
from glasshouse.model.oracle import World
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.layout import Layout
from glasshouse.records.sums import MemoryRecorder
from glasshouse.scenario.load import load
from glasshouse.society.population import compile_population
from glasshouse.society.ties import compile_ties
from glasshouse.verify import census

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.model.plan import Plan
    from glasshouse.scenario.load import Loaded

HERE = Path(__file__).parent


def source_of(base: str) -> str | Path:
    """Return the file of a base beside the tests, or the id of a preset."""
    beside = HERE / f"{base}.toml"
    return beside if beside.exists() else base


def written(changes: Mapping[str, Any]) -> str:
    """Return changes as text that can be kept as a key."""
    return json.dumps(changes, sort_keys=True, default=str)


@lru_cache(maxsize=64)
def _loaded(base: str, text: str) -> Loaded:
    return load(source_of(base), set={key: _toml(key, value) for key, value in json.loads(text).items()})


def _toml(key: str, value: Any) -> Any:
    """Return a value as `load` takes it: text is read as TOML, so a word needs quotation marks and a date none."""
    return json.dumps(value) if isinstance(value, str) and not key.endswith("_date") else value


def scenario_of(base: str, changes: Mapping[str, Any]) -> Loaded:
    """Return a base after changes by dotted path."""
    return _loaded(base, written(changes))


@lru_cache(maxsize=64)
def _first_plan(base: str, text: str, citizens: int | None, days: int | None) -> Plan:
    return compile_plan(_loaded(base, text).scenario, citizens=citizens, days=days, seed=0)


def plan_of(
    base: str, changes: Mapping[str, Any], seed: int, citizens: int | None = None, days: int | None = None
) -> Plan:
    """Return the plan of a base after changes; what does not depend on the seed is compiled once."""
    text = written(changes)
    scenario, plan = _loaded(base, text).scenario, _first_plan(base, text, citizens, days)
    people = compile_population(scenario, citizens=plan.citizens, seed=seed)
    return replace(plan, seed=seed, population=people, ties=compile_ties(scenario, people))


def live(plan: Plan) -> MemoryRecorder:
    """Return the counts of a run."""
    memory = MemoryRecorder(plan, Layout.of(plan, flow_names(plan), stock_names(plan)))
    engine = Engine(plan, threads=1, checks=False)
    for t in range(plan.days):
        counts = engine.step()
        memory.day(t, counts.flows, counts.stocks)
    return memory


@lru_cache(maxsize=4096)
def _counts(base: str, text: str, seed: int, citizens: int | None, days: int | None) -> dict[str, int]:
    return _by_key(live(plan_of(base, json.loads(text), seed, citizens, days)))


def _by_key(memory: MemoryRecorder) -> dict[str, int]:
    found = {f"flow:{name}": value for name, value in memory.nation(memory.flows, "flow").items()}
    found |= {f"stock:{name}": value for name, value in memory.nation(memory.stocks, "stock").items()}
    return found | memory.totals


def counts_of(
    base: str, changes: Mapping[str, Any], seed: int, citizens: int | None = None, days: int | None = None
) -> dict[str, int]:
    """Return totals by key, sums of flows as `flow:<name>`, and last stocks as `stock:<name>`."""
    return _counts(base, written(changes), seed, citizens, days)


def totals_of(
    base: str, changes: Mapping[str, Any], citizens: int, days: int, seed: int = 1
) -> dict[str, int]:
    """Return the totals of one run alone."""
    found = counts_of(base, changes, seed, citizens, days)
    return {key: value for key, value in found.items() if ":" not in key}


@lru_cache(maxsize=4096)
def _oracle_counts(base: str, text: str, seed: int, citizens: int, days: int) -> dict[str, int]:
    plan = plan_of(base, json.loads(text), seed, citizens, days)
    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    memory, world = MemoryRecorder(plan, layout), World(plan)
    for t in range(days):
        world.step()
        memory.day(t, *layout.arrays(world.flows, census(world)))
    return _by_key(memory)


def oracle_counts_of(
    base: str, changes: Mapping[str, Any], seed: int, citizens: int, days: int
) -> dict[str, int]:
    """Return what `counts_of` returns, counted by the oracle."""
    return _oracle_counts(base, written(changes), seed, citizens, days)
