"""Screened draws: uniform on 64 bits whatever rungs are looked at, and the same draw for everybody who asks."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest

from glasshouse import ladder, streams

ENDS = [Fraction(1, 2**height) for height in ladder.HEIGHTS]


def test_the_lowest_rung_is_as_likely_as_it_is_wide():
    missed, start = Fraction(1), Fraction(0)
    for chance, end in zip(ladder.CHANCES, ENDS, strict=True):
        assert missed * chance == end - start
        missed, start = missed * (1 - chance), end
    assert missed == 0


@pytest.mark.parametrize("rung", range(ladder.RUNGS))
def test_rounding_moves_no_expectation_by_a_five_hundred_thousandth(rung):
    whole = 2**ladder.COUNT_BITS
    more_than = [Fraction(whole - limit, whole) for limit in ladder.COUNTS[rung]]  # P(K > m)
    assert list(ladder.COUNTS[rung]) == sorted(ladder.COUNTS[rung])
    exact = 64 * ladder.CHANCES[rung]
    assert abs(sum(more_than) - exact) <= exact / 500_000


@pytest.mark.parametrize("rung", range(ladder.RUNGS))
def test_draws_of_a_rung_fill_it_from_end_to_end(rung):
    start = 0 if rung == 0 else 2**64 // 2 ** ladder.HEIGHTS[rung - 1]
    end = 2**64 // 2 ** ladder.HEIGHTS[rung]
    assert ladder.on_rung(rung, 0) == start
    assert ladder.on_rung(rung, 2**64 - 1) == end - 1
    assert ladder.on_rung(rung, 2**63) - start in {(end - start) // 2, (end - start) // 2 - 1}


def test_events_agree_with_the_draws_at_any_threshold():
    for i in (0, 1, 63, 64, 130, 4_000_000_000):
        u = ladder.screened(7, 5000, i, 3)
        for threshold in (1, u, u + 1, 2**52, 2**52 + 1, 2**56, 2**57 - 1, 2**63, streams.ALWAYS - 1):
            assert ladder.screened_event(7, 5000, i, 3, threshold) == (u < threshold)
        assert ladder.screened_event(7, 5000, i, 3, streams.ALWAYS)
        assert not ladder.screened_event(7, 5000, i, 3, 0)


@pytest.mark.parametrize("p", [2**-11, 2**-8, 0.005, 0.0625, 0.3, 0.75])
def test_events_happen_as_often_as_they_should(p):
    n, hits = 64 * 600, 0
    for i in range(n):
        hits += ladder.screened_event(11, 77, i, 5, streams.threshold(p))
    assert abs(hits - n * p) < 4.9 * math.sqrt(n * p * (1 - p))


def test_members_of_a_block_are_hit_independently():
    """Pairs of neighbours are hit together as often as chance has it; the block shares nothing but words."""
    p, blocks, pairs = 0.25, 600, 0
    for block in range(blocks):
        hit = [ladder.screened_event(3, 9, 64 * block + j, 1, streams.threshold(p)) for j in range(64)]
        pairs += sum(a and b for a, b in itertools.pairwise(hit))
    n = 63 * blocks
    assert abs(pairs - n * p * p) < 4.9 * math.sqrt(n * p * p * (1 + 2 * p))


def test_every_rung_keeps_its_members_whatever_is_asked_first():
    before = [ladder.members(1, 2, 5, 6, rung) for rung in range(ladder.RUNGS)]
    ladder.members.cache_clear()
    assert [ladder.members(1, 2, 5, 6, rung) for rung in reversed(range(ladder.RUNGS))][::-1] == before
    assert len(before[-1]) == 64
