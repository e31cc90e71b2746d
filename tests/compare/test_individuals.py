"""Who met an outcome in one world alone, and the bounds that hold whatever life is laid beside which."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.compare.individuals import OUTCOMES, cross_counts, frechet_bounds, individuals
from glasshouse.compare.worlds import compare
from glasshouse.society.columns import MARK_LISTED, MARK_PUNISHED_FALSE, MARK_REFUSED

SHARES = st.integers(0, 8).map(lambda k: k / 8)


def test_citizens_are_counted_by_both_worlds():
    base = np.array([MARK_LISTED, MARK_LISTED, 0, 0, MARK_LISTED | MARK_REFUSED], np.uint16)
    variant = np.array([MARK_LISTED, 0, MARK_LISTED | MARK_PUNISHED_FALSE, 0, MARK_LISTED], np.uint16)
    found = dict(zip(OUTCOMES, cross_counts(base, variant).tolist(), strict=True))
    assert found["listed"] == [2, 1, 1]
    assert found["refused"] == [0, 1, 0]
    assert found["punished"] == found["punished.false"] == [0, 0, 1]
    assert found["punished.own"] == [0, 0, 0]


def test_only_what_somebody_met_is_told_and_shares_are_means():
    one, other = np.zeros((len(OUTCOMES), 3), np.int64), np.zeros((len(OUTCOMES), 3), np.int64)
    one[0], other[0] = (1, 2, 3), (3, 0, 1)
    found = individuals([one, other], 10)
    assert list(found) == ["listed"]
    listed = found["listed"]
    assert (listed.both, listed.base_only, listed.variant_only) == (0.2, 0.1, 0.2)
    assert (listed.base, listed.variant) == (pytest.approx(0.3), pytest.approx(0.4))
    assert listed.neither == pytest.approx(0.5)
    assert listed.variant_only_bounds == (pytest.approx(0.1), pytest.approx(0.4))


@given(SHARES, SHARES)
def test_the_bounds_are_the_least_and_the_most_of_any_coupling(p0, p1):
    """Eight lives on each side: try every number of those who meet it in both."""
    here, there = int(8 * p0), int(8 * p1)
    possible = [both for both in range(9) if both <= min(here, there) and here + there - both <= 8]
    alone = [(there - both) / 8 for both in possible]
    assert frechet_bounds(p0, p1) == (min(alone), max(alone))


def test_every_pair_of_lives_lies_within_the_bounds(loaded):
    found = compare(loaded, without=["friends"], replicates=3)
    assert "listed" in found.individuals
    for key, one in found.individuals.items():
        assert one.both + one.base_only == pytest.approx(one.base)
        assert one.both + one.variant_only == pytest.approx(one.variant)
        assert one.both + one.base_only + one.variant_only + one.neither == pytest.approx(1)
        for share, (low, high) in (
            (one.base_only, one.base_only_bounds),
            (one.variant_only, one.variant_only_bounds),
        ):
            assert low - 1e-12 <= share <= high + 1e-12
        assert key in OUTCOMES
    totals = found.effects
    for world, mine in itertools.product(
        ("base", "variant"), [("listed", "listed.persons"), ("refused", "refused_persons")]
    ):
        if mine[0] in found.individuals:
            share = getattr(found.individuals[mine[0]], world)
            assert share * found.citizens == pytest.approx(getattr(totals[mine[1]], world))
