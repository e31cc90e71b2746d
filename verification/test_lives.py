"""Lives of a society of ten million: from the log alone, in under 30 seconds, and equal to the kernels' rows.

`GLASSHOUSE_CITIZENS` chooses another size.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from glasshouse.life.replay import first_row, replay
from glasshouse.life.source import recorded_world
from glasshouse.model.engine import Engine
from glasshouse.run import default_threads, simulate
from glasshouse.streams import pick, private

CITIZENS = int(os.environ.get("GLASSHOUSE_CITIZENS", "10_000_000"))
LIVES = 1_000
SECONDS = 30
CLI = "from glasshouse.views.cli import main; main()"
SAMPLE = 0x5A3B1E57  # decision id of this check alone


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lives") / "run"
    simulate("as-reported", citizens=CITIZENS, days=365, seed=1, folder=folder)
    return folder


def sample():
    """Return citizens at random, no two the same."""
    drawn = (pick(private(1, SAMPLE, k, 0), CITIZENS) for k in range(2 * LIVES))
    return list(dict.fromkeys(drawn))[:LIVES]


def test_a_thousand_lives_are_those_of_the_kernels_on_every_day(run):
    world, who = recorded_world(run), sample()
    engine = Engine(world.plan, threads=default_threads(None))
    rows = {i: [engine.row(i)] for i in who}
    for _ in range(world.plan.days):
        engine.step()
        for i in who:
            rows[i].append(engine.row(i))
    eventful = 0
    for i in who:
        assert first_row(world.plan, i).columns() == rows[i][0], (i, "before day 0")
        told = list(replay(world.plan, i, world.log))
        for day in told:
            assert day.state.columns() == rows[i][day.t + 1], (i, day.t)
        assert len(told) == world.plan.days
        eventful += any(line.phase == 12 for day in told for line in day.story)
    assert len(who) == LIVES
    assert eventful > LIVES // 10  # the sample does meet what crosses


def test_a_life_takes_less_than_half_a_minute(run):
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", CLI, "life", str(run), str(CITIZENS // 3)],
        check=True,
        capture_output=True,
    )
    assert time.perf_counter() - begun < SECONDS
