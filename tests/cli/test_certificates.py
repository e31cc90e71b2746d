"""Every preset, and once a society of ten million: however a run is computed, it comes to one digest."""

from __future__ import annotations

import pytest

from glasshouse import verify
from glasshouse.run import simulate
from glasshouse.scenario.load import PRESETS, load

NAMES = sorted(path.stem for path in PRESETS.glob("*.toml"))


@pytest.mark.parametrize("preset", NAMES)
def test_every_preset_comes_to_one_digest(preset):
    """The oracle's, by every third way to compute a run in this process, other ones for the next preset."""
    ways = ways_here()
    some = [ways[0], *ways[1 + NAMES.index(preset) % 3 :: 3]]
    assert len(some) >= 6
    come_to_one_digest(preset, some)


@pytest.mark.slow
@pytest.mark.parametrize("preset", NAMES)
def test_every_preset_comes_to_one_digest_in_every_way(preset):
    come_to_one_digest(preset, ways_here())


def ways_here():
    """Return the ways in this process: oracle, threads, chunks, parts, stopped and gone on with."""
    size = 80, 33  # with a 1st
    ways = [one for one in verify.combinations(*size, threads=2) if not one.elsewhere and one.size == size]
    ways = [one for one in ways if one.backend == "cpu"]  # `tests/device` has the other
    assert len(ways) >= 18
    assert ways[0].oracle
    return ways


def come_to_one_digest(preset, ways):
    """Hold the digests of a preset, computed in some ways, against each other."""
    digests = {one.words: verify.digest_here(load(preset), one, None) for one in ways}
    assert len(set(digests.values())) == 1, digests


def test_ten_million_come_to_one_digest(tmp_path):
    sizes = {"citizens": 10_000_000, "days": 3, "seed": 2}
    ways = [
        {"threads": 1, "chunk_quads": 64},
        {"threads": 2, "chunk_quads": 7},
        {"threads": 2, "partitions": 7},
    ]
    digests = {simulate("as-reported", **sizes, **one).digest for one in ways}
    pieces = verify.digest_of_pieces(
        load("as-reported"), sizes, ways[1] | {"partitions": 1}, (2,), tmp_path / "run"
    )
    assert digests == {pieces}
