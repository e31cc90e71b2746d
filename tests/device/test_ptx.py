"""Every kernel that a day launches compiles for a device that is not there: numba-cuda makes PTX without a driver."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from scenarios import everything, plan_of
from test_equal import with_weights

from glasshouse.model.cuda import kernels
from glasshouse.model.engine import Engine

pytest.importorskip("numba_cuda", reason="`make test-cuda` installs it")
COMPILER = Path(__file__).with_name("ptx.py")


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
    done = subprocess.run(
        [sys.executable, str(COMPILER), str(file)],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found.keys() == signatures.keys()
    assert all(one["entry"] for one in found.values())
    assert not [name for name, one in found.items() if one["floats"]]
    assert found["live_all"]["bytes"] > 100_000  # the whole day is in it, and no stub
