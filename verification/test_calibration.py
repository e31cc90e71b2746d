"""Two hundred calibrations of a town whose numbers are known, every world lived by the engine; some minutes.

The 90 % intervals of how often people are listed, and of how soon they stop asking, must hold the truth as often as
they say: within the 99.9 % band of a binomial of 200 with 0.9.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "calibrate"))

from court_town import TOWN, engine_covers
from synthetic import band

FITS, SEEDS = 200, 24


@pytest.mark.slow
def test_intervals_of_calibrations_hold_the_truth_as_often_as_they_say(tmp_path) -> None:
    path = tmp_path / "town.toml"
    path.write_text(TOWN, encoding="utf-8")
    held, (low, high) = engine_covers(path, FITS, SEEDS), band(FITS, 0.9)
    print(f"{held.tolist()} of {FITS} truths held; {low} to {high} are expected")
    assert ((low <= held) & (held <= high)).all(), held.tolist()
