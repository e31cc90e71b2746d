"""The day on a device comes to the bits of the oracle: in numba's simulator, on societies of a few hundred."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace

import numba
import numpy as np
import pytest
from scenarios import EVERYTHING, compare, everything, plan_of
from test_equal import with_weights

from glasshouse.errors import Interrupted, RefusedError
from glasshouse.model import cuda
from glasshouse.model.cuda import part as part_module
from glasshouse.model.cuda.held import Held
from glasshouse.model.engine import Engine
from glasshouse.model.layout import PAGE
from glasshouse.model.plan import compile_plan
from glasshouse.model.state import State
from glasshouse.run import resume, simulate
from glasshouse.scenario.load import load
from glasshouse.verify import oracle_digest

pytestmark = pytest.mark.skipif(not cuda.is_there(), reason="numba has no CUDA, not even simulated")
jit_off = pytest.mark.jit_off  # what runs uncompiled too

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="only compiled is it quick enough")


@compiled
@pytest.mark.parametrize(
    ("preset", "citizens"),  # a block, two quads, five
    [
        ("as-documented", 64),
        ("as-reported", 300),
        pytest.param("as-documented", 300, marks=pytest.mark.slow),
        pytest.param("suining-2010", 300, marks=pytest.mark.slow),
        pytest.param("as-reported", 1_100, marks=pytest.mark.slow),
        pytest.param("as-documented", 1_100, marks=pytest.mark.slow),
        pytest.param("suining-2010", 1_100, marks=pytest.mark.slow),
    ],
)
def test_presets_come_to_the_digest_of_the_oracle(preset, citizens):
    sizes = {"citizens": citizens, "days": 33 if citizens == 300 else 4}  # 33 days have a 1st
    on_device = simulate(preset, **sizes, backend="cuda")
    assert on_device.digest == oracle_digest(compile_plan(load(preset).scenario, **sizes))


@jit_off
def test_everything_at_once_is_equal_to_the_oracle_in_every_column():
    """With a 1st among the days, so that ties are cut and histories noted, and friends looked up for scores."""
    society = {"start_date": dt.date(2019, 1, 29), "citizens": 90, "days": 4}
    tables = everything(society=society, ties={"cut_share": 0.5})
    fired = compare(plan_of(tables), phases=(), backend="cuda")
    assert fired["ties_cut"] > 0
    assert fired["punished_days"] > 0


@jit_off
def test_parts_on_a_device():
    compare(plan_of(EVERYTHING, citizens=260, days=1), phases=(), parts=2, backend="cuda")


@compiled
@pytest.mark.slow
def test_more_parts_on_a_device():
    society = {"start_date": dt.date(2019, 1, 30), "citizens": 1_100, "days": 4}
    compare(plan_of(everything(society=society, ties={"cut_share": 0.5})), phases=(), parts=3, backend="cuda")


@compiled
@pytest.mark.parametrize(
    "tables",
    [
        with_weights(society={"citizens": 300, "days": 5, "start_date": dt.date(2019, 1, 29)}),
        everything(society={"citizens": 300, "days": 12}, learn={"chat_weight": 1.0, "friend_weight": 1.0}),
    ],
    ids=["weighted", "much is learned from others"],
)
def test_other_schemes(tables):
    compare(plan_of(tables), phases=(), backend="cuda")


@compiled
def test_the_other_luck_on_a_device():
    compare(replace(plan_of(EVERYTHING, citizens=300, days=5), mirrored=True), phases=(), backend="cuda")


@compiled
def test_fresh_memory_may_hold_anything(monkeypatch):
    """Scratch is tidied, not zeroed: what a worker reads before it writes must not depend on what lay there."""
    as_found = Held.empty

    def rubbish(self, shape, dtype):
        out = as_found(self, shape, dtype)
        out.view(np.uint8)[...] = 0xA5
        return out

    monkeypatch.setattr(Held, "empty", rubbish)
    society = {"citizens": 300, "days": 5, "start_date": dt.date(2019, 1, 29)}
    compare(plan_of(everything(society=society)), phases=(), backend="cuda")


@compiled
@pytest.mark.parametrize("workers", [1, pytest.param(40, marks=pytest.mark.slow)])
def test_the_number_of_workers_means_nothing(monkeypatch, workers):
    monkeypatch.setattr(part_module, "workers_for", lambda _: workers)
    compare(plan_of(EVERYTHING, citizens=1_100, days=3), phases=(), backend="cuda")


@compiled
def test_pages_that_grow_take_their_memory_along(monkeypatch):
    monkeypatch.setattr(State, "_fresh_pages", lambda self, n: self._zeros(n, PAGE).view(np.recarray))
    compare(plan_of(EVERYTHING, citizens=300, days=3), phases=(), backend="cuda")


@compiled
def test_a_run_goes_on_from_the_processor_on_a_device_and_back(tmp_path):
    sizes = {"citizens": 300, "days": 36, "seed": 7}
    whole = simulate("as-reported", **sizes)
    days = iter(range(1, 99))
    with pytest.raises(Interrupted):
        simulate("as-reported", **sizes, folder=tmp_path / "run", should_stop=lambda: next(days) == 10)
    with pytest.raises(Interrupted):
        resume(tmp_path / "run", backend="cuda", should_stop=lambda: next(days) == 31)
    assert resume(tmp_path / "run").digest == whole.digest


# ---- what is refused


@jit_off
def test_without_a_device_a_run_is_refused_before_a_folder_is_touched(monkeypatch, tmp_path):
    monkeypatch.setattr(numba.cuda, "is_available", lambda: False)
    assert not cuda.is_there()
    with pytest.raises(RefusedError, match="no CUDA device was found") as refused:
        simulate("classroom", citizens=10, days=1, folder=tmp_path / "run", backend="cuda")
    assert "--backend cpu" in refused.value.help
    assert not (tmp_path / "run").exists()


@jit_off
def test_without_the_package_the_message_names_it(monkeypatch):
    monkeypatch.delattr(numba, "cuda")
    monkeypatch.setitem(sys.modules, "numba.cuda", None)
    with pytest.raises(RefusedError, match="needs the package numba-cuda") as refused:
        cuda.require()
    assert "glasshouse[cuda]" in refused.value.help


@jit_off
def test_there_are_two_backends():
    with pytest.raises(ValueError, match="expected cpu or cuda"):
        Engine(plan_of(EVERYTHING, citizens=10), backend="tpu")


@jit_off
def test_what_is_there_is_named():
    cuda.require()
    assert cuda.name() == ("CUDA simulator" if numba.config.ENABLE_CUDASIM else "CUDA device")
