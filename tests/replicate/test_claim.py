"""A verdict is what its law says: equal, printed, between, binomial, Student's t."""

from __future__ import annotations

import math

import pytest

from glasshouse.replicate.claim import FALSE_ALARM, as_printed, equal, known, mean, noted, share, tail, within


def test_equal_means_equal():
    assert equal("x", "", 3, 3).agrees
    assert equal("x", "", 3, 3.0000001).agrees is False


@pytest.mark.parametrize(
    ("printed", "found", "agrees"),
    [("0.7115", 0.71154, True), ("0.7115", 0.7116, False), ("12", 12.4, True)],
)
def test_a_printed_figure_is_met_to_its_last_digit(printed, found, agrees):
    assert as_printed("x", "", printed, found).agrees is agrees


def test_a_direction_is_strict():
    assert within("x", "", 0.1, low=0).agrees
    assert within("x", "", 0.0, low=0).agrees is False
    assert within("x", "", 0.0, high=0).agrees is False
    assert within("x", "", math.nan, low=0).agrees is False


def test_what_is_noted_has_no_verdict():
    assert noted("x", "", 7).agrees is None


@pytest.mark.parametrize(("tries", "probability"), [(1, 0.3), (10, 0.5), (60, 0.87), (400, 0.01)])
def test_tails_are_sums_of_the_binomial(tries, probability):
    law = [math.comb(tries, k) * probability**k * (1 - probability) ** (tries - k) for k in range(tries + 1)]
    for k in range(tries + 1):
        due = sum(law[: k + 1]) if k <= tries * probability else sum(law[k:])
        assert tail(k, tries, probability) == pytest.approx(due, rel=1e-9)


def test_certain_and_impossible_events_allow_nothing_else():
    assert tail(5, 5, 1.0) == tail(0, 5, 0.0) == 1.0
    assert tail(4, 5, 1.0) == tail(1, 5, 0.0) == 0.0


def test_a_share_differs_only_where_its_tail_is_rarer_than_the_false_alarm():
    counts = [k for k in range(61) if share("x", "", 0.87, k, 60).agrees]
    assert counts == list(range(counts[0], 61))
    assert tail(counts[0] - 1, 60, 0.87) < FALSE_ALARM / 2 <= tail(counts[0], 60, 0.87)


def test_a_mean_is_judged_by_the_spread_of_its_values():
    values = [0.49, 0.5, 0.51, 0.5, 0.49, 0.51, 0.5, 0.5, 0.49, 0.51]
    assert mean("x", "", 0.5, values).agrees
    assert mean("x", "", 0.6, values).agrees is False
    assert mean("x", "", 0.5, values, fitted=True).error > mean("x", "", 0.5, values).error


def test_a_known_error_is_judged_by_the_normal_law():
    assert known("x", "", 0.0, 4.8, 1.0).agrees
    assert known("x", "", 0.0, 5.0, 1.0).agrees is False
