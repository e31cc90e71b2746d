"""Every figure of the error audit over a thousand seeds of a detector whose truth is known in closed form.

Each 95 % interval must hold the truth as often as it says: within the 99.99 % band of a binomial of 1,000 with 0.95.
About two minutes of one processor. `GLASSHOUSE_SEED` is the first of the seeds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harm"))

from judged_towns import band, covered

SEEDS = 1_000
FIRST = int(os.environ.get("GLASSHOUSE_SEED", "1"))


@pytest.mark.slow
def test_intervals_of_the_audit_hold_the_truth_as_often_as_they_say() -> None:
    held, (low, high) = covered(range(FIRST, FIRST + SEEDS)), band(SEEDS)
    for name, count in sorted(held.items()):
        print(f"{name}: {count} of {SEEDS}")
    assert len(held) == 3 * 8 + 8
    assert not {name: count for name, count in held.items() if not low <= count <= high}
