"""The whole matrix for every preset and example: whatever computes a run, it is the same run."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.run import simulate
from glasshouse.scenario.load import PRESETS
from glasshouse.verify import verify

EXAMPLES = Path(__file__).parents[1] / "examples"
ALL = [*sorted(path.stem for path in PRESETS.glob("*.toml")), *map(str, sorted(EXAMPLES.glob("*.toml")))]


@pytest.mark.parametrize("seed", [1, 2**64 - 1])
@pytest.mark.parametrize("scenario", ALL, ids=lambda one: Path(one).stem)
def test_every_combination_comes_to_one_digest(scenario, seed):
    found = verify(scenario, seed=seed)
    assert not [one.combination for one in found if not one.equal]
    assert len({one.digest for one in found}) == len({(one.citizens, one.days) for one in found})


@pytest.mark.parametrize("citizens", [1, 2, 63, 64, 65, 1_009])
@pytest.mark.parametrize("scenario", ["as-reported", "as-documented"])
def test_odd_sizes_come_to_one_digest(scenario, citizens):
    assert all(one.equal for one in verify(scenario, citizens=citizens, days=40))


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: Path(one).stem)
def test_a_large_year_is_the_same_on_any_threads_and_chunks(scenario):
    digests = {
        simulate(scenario, citizens=200_000, days=365, threads=threads, chunk_quads=chunk).digest
        for threads, chunk in ((1, 64), (2, 64), (2, 7))
    }
    assert len(digests) == 1
