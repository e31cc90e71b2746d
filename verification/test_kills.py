"""Five hundred kills: before every step on the disk, at random moments, and again while the run is gone on with."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "records"))
import kills

from glasshouse.records.reader import open_run

RANDOM = 200
SEED = int(os.environ.get("GLASSHOUSE_SEED", "20261123"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    kills.live(folder)
    return open_run(folder)


def is_sound(folder, whole):
    """Fail unless the folder holds a whole run, the right one; or none."""
    if (folder / "manifest.json").exists():
        run = open_run(folder)
        run.verify()
        assert run.manifest["digest"] == whole.manifest["digest"]


def finishes(folder, whole):
    is_sound(folder, whole)
    assert kills.live(folder) == whole.manifest["digest"]
    assert kills.listed(open_run(folder)) == kills.listed(whole)


@pytest.mark.parametrize("step", range(1, 261))
def test_killed_before_any_step(tmp_path, whole, step):
    """One kill in a fresh run; steps beyond its last let it finish."""
    died = kills.spawn(tmp_path / "run", step)
    died.communicate()
    assert died.returncode in (0, -signal.SIGKILL)
    finishes(tmp_path / "run", whole)


@pytest.mark.parametrize("step", range(1, 61))
def test_killed_again_while_going_on(tmp_path, whole, step):
    for at in (70 + step, step, 2 * step):
        died = kills.spawn(tmp_path / "run", at)
        died.communicate()
        assert died.returncode in (0, -signal.SIGKILL)
        is_sound(tmp_path / "run", whole)
    finishes(tmp_path / "run", whole)


@pytest.mark.parametrize("number", range(RANDOM))
def test_killed_at_a_random_moment(tmp_path, whole, number):
    delay = random.Random(SEED + number).uniform(0.3, 2.5)
    running = kills.spawn(tmp_path / "run")
    time.sleep(delay)
    running.kill()
    running.communicate()
    finishes(tmp_path / "run", whole)
