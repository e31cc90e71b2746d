"""The vector instructions answer as the plain functions do, row by row."""

from __future__ import annotations

import random

import numba
import numpy as np
import pytest

from glasshouse.model.kernels import lanes
from glasshouse.model.layout import STATE

U = np.uint64


@numba.njit
def masks(state, words, limits, bits, limit, out):
    out[0] = lanes.mask_bits(state.lists, bits & 255)
    out[1] = lanes.mask_bits(state.marks, bits)
    out[2] = lanes.mask_bits(state.low_friends, bits & 255)
    out[3] = lanes.mask_below(state.score, limit)
    out[4] = lanes.mask_above(state.score, limit)
    out[5] = lanes.mask_other(state.score, limit)
    out[6] = lanes.mask_reach(words, 3, limits)
    out[7] = lanes.mask_within(state.score, limit, bits)
    out[8] = lanes.mask_many(state.low_friends, 1 + (bits & 255))


@numba.njit
def numbers(state, mask, out):
    out[0] = lanes.sum_of(state.risk, mask)
    out[1] = lanes.sum_of(state.score, mask)
    out[2] = lanes.ones(mask)
    out[3] = lanes.lowest(mask)


@numba.njit
def changes(world, moved, mask, news, decay, usual, up, down):
    lanes.fetch(world, 0)
    lanes.fetch_line(world, 8)
    lanes.fade(world[0].risk, news, decay)
    lanes.settle(world[0].score, moved, mask, usual, up, down)


def some_block(seed):
    """A block of state with many zeros, many equal values and the ends of every type."""
    luck = np.random.default_rng(seed)
    world = np.zeros(1, STATE).view(np.recarray)
    for name in STATE.names:
        column = world[name]
        ends = np.iinfo(column.dtype)
        choices = [0, 1, ends.min, ends.max, 1000 % ends.max, 999 % ends.max]
        column[:] = luck.choice(np.array(choices, column.dtype), column.shape)
        free = luck.random(column.shape) < 0.3
        column[free] = luck.integers(ends.min, ends.max, free.sum(), endpoint=True)
    words = luck.integers(0, 2**32, (4, 24), dtype=np.uint64).astype(np.uint32)
    limits = np.where(luck.random(24) < 0.3, words[2], words[0, ::-1])
    return world, words, limits, U(luck.integers(0, 2**64, dtype=np.uint64))


@pytest.mark.parametrize("seed", range(6))
def test_masks(seed):
    world, words, limits, _ = some_block(seed)
    for bits, limit in ((1, 1000), (65535, -32768), (32768, 32767), (2 + 512, 0)):
        found, expected = np.zeros(9, U), np.zeros(9, U)
        masks(world[0], words, limits, bits, limit, found)
        masks.py_func(world[0], words, limits, bits, limit, expected)
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_sums_and_counts(seed):
    world, _, _, mask = some_block(seed)
    for one in (mask, U(2**64 - 1), U(1 << 63), U(1)):
        found, expected = np.zeros(4, np.int64), np.zeros(4, np.int64)
        numbers(world[0], one, found)
        numbers.py_func(world[0], one, expected)
        assert found.tolist() == expected.tolist()
    assert lanes.sum_of(world[0].risk, U(0)) == 0


@pytest.mark.parametrize("seed", range(6))
def test_what_is_written(seed):
    luck = random.Random(seed)
    for _ in range(20):
        world, _, _, mask = some_block(luck.randrange(1_000_000))
        world.score[:] = np.clip(world.score, -30_000, 30_000)
        numbers_of_it = (
            luck.choice([0, 5, 65535]),
            luck.choice([0, 1, 900, 32768]),
            luck.choice([0, 1000, -5]),
            luck.choice([0, 1, 50]),
            luck.choice([0, 1, 700]),
        )
        plain, moved, plain_moved = world.copy(), np.zeros(64, np.int16), np.zeros(64, np.int16)
        changes(world, moved, mask, *numbers_of_it)
        changes.py_func(plain, plain_moved, mask, *numbers_of_it)
        assert (moved == plain_moved).all()
        assert (world.score == plain.score).all()
        assert (world.risk == plain.risk).all()
        for name in set(STATE.names) - {"score", "risk"}:
            assert (world[name] == plain[name]).all()
