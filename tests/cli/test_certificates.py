"""Every preset, and once a society of ten million: however a run is computed, it comes to one digest."""

from __future__ import annotations

import pytest

from glasshouse import verify
from glasshouse.run import simulate
from glasshouse.scenario.load import PRESETS, load


@pytest.mark.parametrize("preset", sorted(path.stem for path in PRESETS.glob("*.toml")))
def test_every_preset_comes_to_one_digest(preset):
    """In this process: oracle, threads, chunks, parts, stopped and gone on with; `verification/` has the rest."""
    size = 80, 33  # with a 1st
    ways = [one for one in verify.combinations(*size, threads=2) if not one.elsewhere and one.size == size]
    ways = [one for one in ways if one.backend == "cpu"]  # `tests/device` has the other
    assert len(ways) >= 18
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
