"""The code of a device that is not there: it compiles to PTX; run on the processor it comes to the oracle's bits."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from scenarios import EVERYTHING, everything, plan_of, toml_of
from test_equal import with_weights

from glasshouse.model.cuda import kernels
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load
from glasshouse.verify import oracle_digest

pytest.importorskip("numba_cuda", reason="`make test-cuda` installs it")
CITIZENS, DAYS = 300, 34  # two quads, and a 1st


def without_simulator(script, *arguments):
    """Return what a script of this folder prints, in a process where numba-cuda expects a device."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def signatures():
    """The type of the arguments of every kernel that some days launch, in the simulator."""
    found, launch = {}, kernels.launch

    def noted(function, workers, arguments):
        found[function.__name__] = numba.typeof(arguments)
        launch(function, workers, arguments)

    kernels.launch = noted
    try:
        for tables in (everything(ties={"cut_share": 0.5}), with_weights()):
            engine = Engine(plan_of(tables, citizens=300, days=34), backend="cuda")
            for _ in range(34):
                engine.step()
    finally:
        kernels.launch = launch
    return found


def test_every_kernel_was_launched(signatures):
    assert {kernel.__name__ for kernel in kernels.TWINS.values()} <= signatures.keys()


def test_every_kernel_compiles_for_a_device_and_has_no_floats(signatures, tmp_path):
    file = tmp_path / "signatures.pickle"
    file.write_bytes(pickle.dumps(signatures))
    found = json.loads(without_simulator("ptx.py", file))
    assert found.keys() == signatures.keys()
    assert all(one["entry"] for one in found.values())
    assert not [name for name, one in found.items() if one["floats"]]
    assert found["live_all"]["bytes"] > 100_000  # the whole day is in it, and no stub


def test_the_code_for_a_device_comes_to_the_digest_of_the_oracle(tmp_path):
    """Compiled for the processor at the last moment: what is left out is NVIDIA's compiler and the card."""
    everything_at_once = tmp_path / "everything.toml"
    everything_at_once.write_text(toml_of(EVERYTHING), encoding="utf-8")
    scenarios = ["as-reported", everything_at_once, "sesame-2015"]  # the last has a weighted score
    digests = without_simulator("on_processor.py", CITIZENS, DAYS, *scenarios).split()
    plans = [compile_plan(load(one).scenario, citizens=CITIZENS, days=DAYS) for one in scenarios]
    assert digests == [oracle_digest(plan) for plan in plans]
