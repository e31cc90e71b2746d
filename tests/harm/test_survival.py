"""The curve by hand, by SciPy, and where it ends."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glasshouse.harm.intervals import Z, wilson
from glasshouse.harm.survival import kaplan_meier

# 10 people: clean after 1, 1, 3, 5 days; last seen, not clean, after 2, 3, 6, 6, 6, 6 days.
EVENTS = np.array([0, 2, 0, 1, 0, 1, 0, 0])
ENDS = np.array([0, 0, 1, 1, 0, 0, 4, 0])


def test_a_curve_by_hand():
    curve = kaplan_meier(EVENTS, ENDS)
    assert curve.at_risk.tolist() == [10, 10, 8, 7, 5, 5, 4, 0]
    after = [
        1,
        0.8,
        0.8,
        0.8 * 6 / 7,
        0.8 * 6 / 7,
        0.8 * 6 / 7 * 4 / 5,
        0.8 * 6 / 7 * 4 / 5,
        0.8 * 6 / 7 * 4 / 5,
    ]
    assert curve.waiting.tolist() == pytest.approx(after)
    greenwood = 2 / (10 * 8) + 1 / (7 * 6) + 1 / (5 * 4)
    left = after[5]
    half = Z * math.sqrt(greenwood) / abs(math.log(left))
    assert curve.low[5] == pytest.approx(left ** math.exp(half))
    assert curve.high[5] == pytest.approx(left ** math.exp(-half))
    assert curve.n == 10


def test_the_curve_is_scipys():
    stats = pytest.importorskip("scipy.stats")
    luck = np.random.default_rng(5)
    length, ends = luck.integers(0, 40, 300), luck.random(300) < 0.4
    curve = kaplan_meier(np.bincount(length[~ends], minlength=50), np.bincount(length[ends], minlength=50))
    theirs = stats.ecdf(stats.CensoredData(uncensored=length[~ends], right=length[ends])).sf
    assert curve.waiting[theirs.quantiles.astype(int)] == pytest.approx(theirs.probabilities, abs=1e-12)
    interval = theirs.confidence_interval(0.95, method="log-log")
    inner = (theirs.probabilities > 0) & (theirs.probabilities < 1)
    days = theirs.quantiles[inner].astype(int)
    assert curve.low[days] == pytest.approx(interval.low.probabilities[inner], abs=1e-12)
    assert curve.high[days] == pytest.approx(interval.high.probabilities[inner], abs=1e-12)


def test_quantiles_and_their_intervals():
    events = np.bincount(np.arange(1, 101), minlength=120)
    curve = kaplan_meier(events, np.zeros(120, np.int64))
    half = curve.quantile(0.5)
    assert half.value == 50
    assert 35 < half.low < 50 < half.high < 65
    assert curve.quantile(0.95).value == 95
    assert curve.left_at_end().value == pytest.approx(0)


def test_who_is_never_there_has_no_median():
    curve = kaplan_meier(np.array([0, 3, 0, 0]), np.array([0, 0, 0, 7]))
    assert curve.quantile(0.5).value is None
    left = curve.left_at_end()
    assert left.value == pytest.approx(0.7)
    assert left.low < 0.7 < left.high


def test_nobody_watched():
    curve = kaplan_meier(np.zeros(5, np.int64), np.zeros(5, np.int64))
    assert curve.n == 0
    assert curve.left_at_end().value is None
    assert curve.quantile(0.5).value is None
    assert curve.as_dict()["waiting"] == []


def test_all_or_nothing_is_not_certainty():
    nobody = kaplan_meier(np.zeros(3, np.int64), np.array([0, 0, 2]))
    assert nobody.left_at_end().value == 1.0
    assert nobody.left_at_end().low == pytest.approx(wilson(2, 2)[0])
    at_once = kaplan_meier(np.array([3, 0]), np.array([0, 0]))
    assert (at_once.waiting[0], at_once.low[0], at_once.high[0]) == (0.0, 0.0, wilson(0, 3)[1])
    in_the_end = kaplan_meier(np.array([1, 1, 1]), np.zeros(3, np.int64))
    assert in_the_end.waiting[2] == pytest.approx(0)
    assert in_the_end.high[2] == in_the_end.high[1] > 0.6


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="3 days of events, 2 of ends"):
        kaplan_meier(np.zeros(3, np.int64), np.zeros(2, np.int64))


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Exponential times, ends at random: 400 samples of 200, the share left after 10 days."""
    luck = np.random.default_rng(3)
    truth, held = math.exp(-0.05 * 11), 0
    for _ in range(400):
        times, ends = luck.exponential(20, 200), luck.uniform(0, 60, 200)
        length = np.minimum(times, ends).astype(int)
        happened = times < ends
        counts = (np.bincount(length[who], minlength=400) for who in (happened, ~happened))
        curve = kaplan_meier(*counts)
        held += curve.low[10] <= truth <= curve.high[10]
    assert 360 <= held <= 396
