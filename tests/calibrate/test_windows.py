"""From published counts to windows of time: growth, rounding, what is passed over and why."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from glasshouse.calibrate.series import Published, read_series
from glasshouse.calibrate.windows import digit, windows

BEGIN, END = dt.date(2018, 10, 28), dt.date(2019, 12, 31)


def row(line, last, value, *, quantity="hsr_blocked", kind="cumulative", first="2013-10-01", grade="S"):
    dates = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return Published(line, *dates, quantity, value, "person-times", kind, grade, "https://example.org", "")


@pytest.fixture(scope="module")
def shipped():
    return windows(read_series("published_series.csv"), BEGIN, END)


def test_cumulative_figures_count_by_their_growth():
    found, passed = windows([row(2, "2019-01-31", 1_230_000), row(3, "2019-03-02", 1_471_000)], BEGIN, END)
    (one,) = found
    assert (str(one.first), str(one.last), one.value, one.days, one.lines) == (
        "2019-02-01",
        "2019-03-02",
        241_000,
        30,
        (2, 3),
    )
    assert one.rounding == pytest.approx(math.sqrt((10_000**2 + 1_000**2) / 12))
    assert passed == {}


@pytest.mark.parametrize(
    ("value", "worth"), [(10, 10), (11, 1), (5_600_000, 100_000), (6_000_000, 1_000_000)]
)
def test_a_count_is_known_to_its_last_digit(value, worth):
    assert digit(value) == worth


def test_a_figure_too_coarse_for_the_growth_beside_it_is_passed_over():
    rows = [row(2, "2018-11-30", 1_001_000), row(3, "2019-01-31", 1_100_000), row(4, "2019-02-28", 1_151_000)]
    found, passed = windows(rows, BEGIN, END)
    assert [(one.value, one.lines) for one in found] == [(150_000, (2, 4))]
    assert passed == {3: "rounded too coarsely for the growth beside it"}


def test_a_figure_that_falls_is_passed_over_too():
    rows = [row(2, "2018-11-30", 1_001_000), row(3, "2019-01-31", 900_000), row(4, "2019-02-28", 1_151_000)]
    assert [one.value for one in windows(rows, BEGIN, END)[0]] == [150_000]


def test_rows_are_passed_over_with_their_reasons():
    rows = [
        row(2, "2017-01-31", 1_000_100),
        row(3, "2019-01-31", 1_200_100),
        row(4, "2019-02-28", 1_300_100, grade="M"),
        row(5, "2019-07-31", 90_000, kind="monthly", first="2019-07-01"),
        row(6, "2019-07-31", 91_000, kind="monthly", first="2019-07-01"),
        row(7, "2019-07-31", 9_000_000, quantity="platform_records", kind="stock"),
    ]
    found, passed = windows(rows, BEGIN, END)
    assert [one.lines for one in found] == [(5,)]
    assert passed == {
        2: "the first of its series: there is no growth before it",
        3: "outside the days that are lived",
        4: "from memory, not confirmed",
        6: "counted in another window already",
        7: "the model keeps no such platform",
    }


def test_the_break_of_2019_separates_two_ways_of_counting(shipped):
    found, _ = shipped
    plane = [(str(one.first), one.regime) for one in found if one.statistic == "plane"]
    assert plane == [
        ("2018-12-01", 0), ("2019-01-01", 0), ("2019-03-01", 0), ("2019-03-14", 0), ("2019-04-01", 1),
        ("2019-07-01", 1),
    ]  # fmt: skip
    across = [
        row(2, "2019-03-15", 1_000_100, quantity="air_blocked"),
        row(3, "2019-05-15", 2_000_100, quantity="air_blocked"),
    ]
    assert windows(across, BEGIN, END)[1][3] == "lies across the day from which it was counted in another way"


def test_the_windows_of_the_shipped_series(shipped):
    found, passed = shipped
    told = {(one.statistic, str(one.first), str(one.last)): one.value for one in found}
    assert (
        told["listings", "2018-12-01", "2019-03-31"] == 910_000
    )  # 12.58m to 13.49m; 13.0m and 13.3m are too coarse
    assert told["listings", "2019-04-01", "2019-07-09"] == 1_010_000
    assert told["listings", "2019-07-01", "2019-07-31"] == 330_000
    assert [one.value for one in found if one.statistic == "rail"] == [90_000, 140_000, 100_000, 90_000]
    assert told["performed", "2019-07-01", "2019-07-31"] == 150_000
    used = {line for one in found for line in one.lines}
    assert used | {*passed} == {*range(2, 75)}  # every row is used, or there is a reason why not
    assert not used & {*passed}
    assert "from memory, not confirmed" in passed.values()
