"""The quick watch says of every citizen on every day what the readable one says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenarios import everything, plan_of, schemes

from glasshouse.compare.twins import Twins
from glasshouse.compare.watch import Watch, meanings
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

NOTHING_IN = {"behaviour": {"games": {"per_day": 0.0, "false_alarm_per_day": 0.0}}}
CHANGES = {
    "the same": {},
    "one list less": {"list": {"late": None}, "initial": {"listed_share": {"late": None}}},
    "lists in another order": {
        "list": {"aaa": {"entry_records_of": ["games"], "entry_share": 0.5}},
    },
    "no lists": {"list": None, "initial": {"listed_share": None}},
    "flags of the lists": {"ties": {"flag": "listed"}},
    "no score": {"score": None, "rule": None, "list": {"score": None, "good": None, "vip": None},
                 "initial": {"score": None, "listed_share": {"score": None, "vip": None}}},
    "another base": {"score": {"base_points": 990}, "initial": {"score": {"points": [990, 945, 1000]}}},
    "counters in other places": {"rule": {"games": {"allowance": 0}, "court": {"allowance": 2}}},
    "no police": {"police": None},
    "fewer acts": NOTHING_IN,
}  # fmt: skip


def hold(base, variant, days):
    """Live two worlds and hold the two watches together; return the citizen-days that differed."""
    engines = Engine(base, 1), Engine(variant, 1)
    twins, watch, seen = Twins(base, variant), Watch(base, variant), 0
    for _ in range(days):
        for one in engines:
            one.step()
        expected = twins.differing(engines[0].columns, engines[1].columns)
        found = watch.differing(*engines)
        assert found.shape == (base.citizens,)
        assert (found == expected).all(), np.flatnonzero(found != expected)
        outward = twins.differing(engines[0].columns, engines[1].columns, fear=False)
        assert (watch.outward == outward).all(), np.flatnonzero(watch.outward != outward)
        seen += int(found.sum())
    return seen


@pytest.mark.parametrize("name", CHANGES)
def test_it_sees_what_the_readable_one_sees(name):
    base, variant = plan_of(everything()), plan_of(everything(**CHANGES[name]))
    assert (hold(base, variant, 45) > 0) == (name != "the same")
    assert (hold(variant, base, 20) > 0) == (name != "the same")


@pytest.mark.parametrize(
    ("base", "variant", "without"),
    [
        ("as-reported", "as-documented", ()),
        ("as-reported", "as-reported", ("score",)),
        ("as-reported", "as-reported", ("friends", "games")),
        ("suining-2010", "no-scheme", ()),
        ("rewards-only", "rongcheng", ()),
    ],
)
def test_it_sees_what_the_readable_one_sees_of_presets(base, variant, without):
    size = {"citizens": 1_500, "days": 70, "seed": 5}
    plans = (
        compile_plan(load(base).scenario, **size),
        compile_plan(load(variant, without=without).scenario, **size),
    )
    assert hold(*plans, 70) > 0


@given(st.data())
@settings(deadline=None, max_examples=8, database=None, suppress_health_check=list(HealthCheck))
def test_it_sees_what_the_readable_one_sees_of_any_scheme(data):
    tables = data.draw(schemes())
    switches = [(kind, name) for kind in ("rule", "list", "behaviour") for name in tables.get(kind, {})]
    off = data.draw(st.lists(st.sampled_from(switches), unique=True)) if switches else []
    changed = {key: dict(value) if isinstance(value, dict) else value for key, value in tables.items()}
    for kind, name in off:
        changed[kind][name] = {**changed[kind][name], "disabled": True}
    hold(plan_of(tables), plan_of(changed), min(15, tables["society"]["days"]))


def test_packed_fields_are_put_into_the_order_that_both_worlds_share():
    table = meanings(256, [3, -1, 0], 1, 1)
    assert table[0b1000] == 0b001
    assert table[0b0001] == 0b100
    assert table[0b0110] == 0
    counters = meanings(2**16, [2, 0], 5, 31)
    assert counters[(7 << 10) | (9 << 5) | 31] == 7 | 31 << 5
