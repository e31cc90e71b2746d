"""Intervals against published values, SciPy, and what a ratio or a difference must satisfy."""

from __future__ import annotations

import math

import pytest

from glasshouse.harm.intervals import Estimate, Z, difference, ratio, share, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.277533),
        (1, 10, 0.017876, 0.404150),
        (5, 10, 0.236593, 0.763407),
        (10, 10, 0.722467, 1.0),
    ],
)
def test_wilson_has_its_published_values(count, of, low, high):
    assert wilson(count, of) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("count", "of"), [(0, 1), (1, 1), (3, 7), (500, 1_000), (1, 10**6), (10**6, 10**6)])
def test_wilson_is_scipys(count, of):
    stats = pytest.importorskip("scipy.stats")
    theirs = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert wilson(count, of) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (-1, 5), (6, 5), (0, 0)])
def test_no_share_no_interval(count, of):
    with pytest.raises(ValueError, match=f"{count} of {of}"):
        wilson(count, of)


def test_a_share_of_nothing_has_no_value():
    assert share(0, 0) == Estimate(None, None, None, 0, 0)
    assert difference(share(0, 0), share(1, 2)).value is None
    assert ratio(share(1, 2), share(0, 5)).value is None


def test_newcombes_difference_has_its_published_value():
    gap = difference(share(56, 70), share(48, 80))  # Newcombe 1998, table II, (a), method 10
    assert (gap.low, gap.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_ratio_solves_its_own_equation():
    """Donner and Zou's end L is where p1 - L p2 has the lower Newcombe-like end 0."""
    one, other = share(30, 100), share(45, 90)
    r = ratio(one, other)
    for end, p_end, q_end in ((r.low, one.low, other.high), (r.high, one.high, other.low)):
        gap = one.value - end * other.value
        assert abs(gap) == pytest.approx(math.hypot(one.value - p_end, end * (other.value - q_end)), rel=1e-9)
    assert r.low < r.value < r.high
    assert ratio(share(5, 10), share(0, 10)).value is None


def test_a_ratio_to_a_share_that_may_be_zero_has_no_upper_end():
    assert ratio(share(3, 10), share(1, 10)).high is not None
    assert ratio(share(0, 10), share(5, 10)).low == 0.0


def test_large_samples_give_the_normal_interval():
    low, high = wilson(500_000, 1_000_000)
    assert (high - low) / 2 == pytest.approx(Z * 0.0005, rel=1e-5)
