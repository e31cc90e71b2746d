"""Draws of many at once are the draws of each."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse import ladder, streams
from glasshouse.harm.luck import categories, hits, private_draws, screened_draws


@pytest.mark.parametrize("threshold", [2**40, 2**53, 2**58, 2**60, 2**63, 2**64 - 2, streams.ALWAYS])
def test_screened_draws_are_those_of_the_ladder(threshold):
    n, first, days = 150, 3, 4
    drawn = screened_draws(2**63 + 5, 4711, np.full(n, threshold, np.uint64), first, days)
    found = {
        (d, i): u for d, i, u in zip(*(a.tolist() for a in (drawn.day, drawn.citizen, drawn.u)), strict=True)
    }
    for day in range(first, first + days):
        for i in range(n):
            u = ladder.screened(2**63 + 5, 4711, i, day)
            assert found.get((day, i), u) == u
            if streams.event(u, threshold):
                assert (day, i) in found
    citizens, _ = drawn.on(first)
    assert citizens.tolist() == sorted(i for d, i in found if d == first)


def test_each_citizen_has_a_threshold_of_their_own():
    thresholds = np.array([0, 2**62, 2**50, streams.ALWAYS] * 20, np.uint64)
    drawn = screened_draws(7, 99, thresholds, 0, 30)
    below = {(d, i) for d, i in zip(drawn.day.tolist(), drawn.citizen.tolist(), strict=True)}
    assert not any(thresholds[i] == 0 for _, i in below)
    hit = set(zip(drawn.day[hits(drawn.u, thresholds[drawn.citizen])].tolist(),
                  drawn.citizen[hits(drawn.u, thresholds[drawn.citizen])].tolist(), strict=True))  # fmt: skip
    assert hit == {
        (d, i)
        for d in range(30)
        for i, t in enumerate(thresholds.tolist())
        if ladder.screened_event(7, 99, i, d, t)
    }


def test_no_threshold_above_zero_draws_nothing():
    assert screened_draws(1, 2, np.zeros(64, np.uint64), 0, 5).day.size == 0


def test_private_draws_and_categories_are_those_of_one():
    ids = np.arange(100)
    u = private_draws(5, 77, ids, 12)
    assert u.tolist() == [streams.private(5, 77, i, 12) for i in range(100)]
    for cumulative in (
        (),
        (2**62, 2**63),
        (2**63, streams.ALWAYS),
        (streams.ALWAYS, streams.ALWAYS),
        (0, 2**60),
    ):
        assert categories(u, cumulative).tolist() == [streams.category(one, cumulative) for one in u.tolist()]
