"""The loops that stand for vector instructions on a device answer as the plain functions do, compiled."""

from __future__ import annotations

from functools import cache

import numba
import numpy as np
import pytest
from test_lanes import some_block

from glasshouse.model import cuda
from glasshouse.model.kernels import lanes

if not cuda.is_there():
    pytest.skip("numba has no CUDA, not even simulated", allow_module_level=True)

from glasshouse.model.cuda import lanes as loops

U = np.uint64
NAMES = (
    "mask_bits", "mask_many", "mask_below", "mask_above", "mask_other", "mask_within", "sum_of", "ones", "lowest",
)  # fmt: skip


def asked(name, s, bits, limit, mask):
    """Return what a lane is asked about a block."""
    return {
        "mask_bits": [(s.lists, bits & 255), (s.marks, bits), (s.low_friends, 3)],
        "mask_many": [(s.low_friends, 1 + (bits & 255))],
        "mask_below": [(s.score, limit)],
        "mask_above": [(s.score, limit)],
        "mask_other": [(s.score, limit)],
        "mask_within": [(s.score, limit, bits)],
        "sum_of": [(s.risk, mask), (s.score, mask)],
        "ones": [(mask,)],
        "lowest": [(mask | U(1) << U(bits & 63),)],
    }[name]


@cache
def compiled(name):
    return numba.njit(getattr(loops, name))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", NAMES)
def test_questions(name, seed):
    world, _, _, mask = some_block(seed)
    for bits, limit in ((1, 1000), (65535, -32768), (32768, 32767), (2 + 512, 0)):
        for arguments in asked(name, world[0], bits, limit, mask):
            assert compiled(name)(*arguments) == getattr(lanes, name)(*arguments)


@pytest.mark.parametrize("place", [0, 1, 31, 32, 62, 63])
def test_the_lowest_bit_of_any_mask(place):
    for above in (0, 1 << 63, (1 << 64) - (1 << place)):
        assert compiled("lowest")(U(1 << place | above)) == place


@pytest.mark.parametrize("seed", range(3))
def test_words_that_reach_their_limits(seed):
    _, words, limits, _ = some_block(seed)
    assert compiled("mask_reach")(words, 3, limits) == lanes.mask_reach(words, 3, limits)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("news", "decay"), [(0, 1), (65535, 65535), (700, 2970), (0, 0)])
def test_fading(seed, news, decay):
    here, there = (some_block(seed)[0][0].risk for _ in range(2))
    compiled("fade")(here, news, decay)
    lanes.fade(there, news, decay)
    assert here.tolist() == there.tolist()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("usual", "up", "down"), [(1000, 1, 0), (0, 5, 7), (999, 30000, 30000), (-5, 0, 1)])
def test_settling(seed, usual, up, down):
    found = []
    for settle in (compiled("settle"), lanes.settle):
        world, _, _, mask = some_block(seed)
        moved = np.zeros(64, np.int16)
        world.score[:] = np.clip(world.score, -30_000, 30_000)
        settle(world[0].score, moved, mask, usual, up, down)
        found.append((world[0].score.tolist(), moved.tolist()))
    assert found[0] == found[1]


def test_asking_for_memory_means_nothing():
    world = some_block(0)[0]
    before = world.tobytes()
    compiled("fetch")(world, 0)
    compiled("fetch_line")(world, 8)
    assert world.tobytes() == before
