"""Classes by sixteenths: sums, order, closed forms, and independent integration."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.society.activity import (
    exponential_sixteenths,
    sixteenths,
    truncated_exponential_sixteenths,
)

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "src" / "glasshouse" / "society" / "data" / "gamma_sixteenths.csv"
COEFFICIENTS = ("0.25", "0.5", "0.75", "1", "1.5", "2", "3")


@pytest.mark.parametrize("cv", COEFFICIENTS)
def test_means_rise_and_sum_to_sixteen(cv):
    means = sixteenths(cv)
    assert len(means) == 16
    assert sum(means) == 16
    assert list(means) == sorted(set(means))
    assert means[0] > 0
    spread = float(sum(m * m for m in means) / 16 - 1) ** 0.5
    assert 0.65 * float(cv) < spread < float(cv)  # the spread inside the parts is lost


def test_a_coefficient_that_is_not_in_the_table():
    with pytest.raises(KeyError):
        sixteenths("1.0")


def test_coefficient_one_is_the_exponential():
    for gamma, exponential in zip(sixteenths("1"), exponential_sixteenths(1), strict=True):
        assert abs(gamma - exponential) <= Fraction(8, 10**12)  # the last takes up the rounding


@pytest.mark.parametrize("cv", COEFFICIENTS)
def test_the_table_against_scipy(cv):
    special = pytest.importorskip("scipy.special")
    a = 1 / float(cv) ** 2
    ends = [special.gammaincinv(a, k / 16) for k in range(16)] + [math.inf]
    for k, mean in enumerate(sixteenths(cv)):
        part = 16 * (special.gammainc(a + 1, ends[k + 1]) - special.gammainc(a + 1, ends[k]))
        assert float(mean) == pytest.approx(part, abs=5e-12)


def test_the_script_makes_the_committed_table():
    script = ROOT / "tools" / "gamma_table.py"
    if not script.exists():
        pytest.skip("tools are not part of the source distribution")
    made = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert made.stdout == TABLE.read_text(encoding="utf-8")


def test_exponential_by_hand():
    """First part: 16 (1 - (15/16)(1 - ln(15/16))); last: its start, ln 16, plus the mean."""
    means = exponential_sixteenths(2)
    assert float(means[0]) == pytest.approx(32 * (1 - 15 / 16 * (1 - math.log(15 / 16))), abs=1e-12)
    assert float(means[15]) == pytest.approx(2 * (math.log(16) + 1), abs=1e-12)


@given(st.floats(1e-3, 100))
def test_exponential_sums_to_the_mean(mean):
    means = exponential_sixteenths(mean)
    assert abs(sum(means) / 16 - Fraction(repr(mean))) <= Fraction(1, 10**12)
    assert list(means) == sorted(means)


@given(st.floats(1e-3, 10))
def test_truncated_exponential_has_its_closed_mean(mean):
    means = truncated_exponential_sixteenths(mean)
    closed = mean - 1 / math.expm1(1 / mean) if mean > 2e-3 else mean
    assert float(sum(means)) / 16 == pytest.approx(closed, rel=1e-9)
    assert 0 < means[0] < means[15] < 1
    assert list(means) == sorted(means)


def test_truncated_exponential_by_summing():
    """Midpoints of 16 x 20,000 equally likely slices."""
    mean, n = 0.25, 20_000
    inside = -math.expm1(-1 / mean)
    for k, part in enumerate(truncated_exponential_sixteenths(mean)):
        slices = (-mean * math.log1p(-inside * (k + (j + 0.5) / n) / 16) for j in range(n))
        assert float(part) == pytest.approx(math.fsum(slices) / n, abs=1e-8)


def test_a_small_scale_is_not_cut_and_a_large_one_is_uniform():
    tiny = zip(truncated_exponential_sixteenths(0.001), exponential_sixteenths(0.001), strict=True)
    assert all(abs(a - b) <= Fraction(1, 10**12) for a, b in tiny)
    flat = truncated_exponential_sixteenths(1e6)
    assert all(float(m) == pytest.approx((2 * k + 1) / 32, abs=1e-5) for k, m in enumerate(flat))
    assert truncated_exponential_sixteenths(1e-300) == (0,) * 16  # far below the last decimal place


@pytest.mark.parametrize("mean", [0, -1.0])
def test_a_mean_that_is_not_positive(mean):
    with pytest.raises(ValueError, match="expected above 0"):
        exponential_sixteenths(mean)
