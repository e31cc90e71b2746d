"""Effects and their intervals: Student's t as SciPy has it, exact zeros, and the truth where it is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.compare.effects import effect, mean_of, t_quantile
from glasshouse.compare.replicates import Task
from glasshouse.scenario.load import load

stats = pytest.importorskip("scipy.stats")
COUNTS = st.integers(-(2**40), 2**40)


@pytest.mark.parametrize("df", [1, 2, 3, 5, 8, 29, 30, 99, 1_000, 9_999])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_quantiles_are_scipys(df, confidence):
    assert t_quantile(df, confidence) == pytest.approx(stats.t.ppf((1 + confidence) / 2, df), rel=1e-9)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=40))
def test_the_interval_is_that_of_a_paired_t_test(pairs):
    base, variant = ([pair[w] for pair in pairs] for w in (0, 1))
    found = effect(base, variant)
    differences = np.array(variant, float) - np.array(base, float)
    assert found.mean == pytest.approx(differences.mean(), rel=1e-9, abs=1e-6)
    assert found.sd == pytest.approx(differences.std(ddof=1), rel=1e-6, abs=1e-3)
    if differences.std() > 0:
        low, high = stats.ttest_rel(variant, base).confidence_interval(0.95)
        room = 1e-6 * (abs(low) + abs(high) + found.sd)
        assert found.low == pytest.approx(low, abs=room)
        assert found.high == pytest.approx(high, abs=room)


@given(COUNTS, st.integers(2, 50))
def test_equal_differences_have_an_interval_of_no_width(shift, n):
    base = [7 * k * k for k in range(n)]
    found = effect(base, [one + shift for one in base])
    assert (found.mean, found.low, found.high, found.sd) == (shift, shift, shift, 0.0)


def test_one_replicate_has_no_interval():
    found = effect([3], [5])
    assert (found.base, found.variant, found.mean) == (3, 5, 2)
    assert found.low is found.high is found.sd is found.sd_unpaired is found.pairing_helped is None
    assert mean_of([4]).as_dict() == {"mean": 4, "low": None, "high": None, "sd": None}


def test_whether_pairing_helped():
    assert effect([1, 2, 3, 4], [2, 3, 4, 5]).pairing_helped is True
    assert effect([1, 2, 3, 4], [4, 3, 2, 1]).pairing_helped is False
    assert effect([1, 2, 3, 4], [0, 0, 0, 0]).pairing_helped is None  # no luck to share


KNOWN = """glasshouse = 1
title = "Everybody, every day, with a known rate"
[society]
citizens = 150
days = 4
[behaviour.act]
kind = "other"
per_day = 0.2
seen_share = 1.0
"""


def test_intervals_hold_the_truth_as_often_as_they_say(tmp_path):
    """Records are a binomial count, so the effect of another rate is known: citizens x days x difference."""
    path = tmp_path / "known.toml"
    path.write_text(KNOWN, encoding="utf-8")
    base, variant = load(path), load(path, set={"behaviour.act.per_day": 0.3})
    task = Task(base.scenario, variant.scenario, 150, 4)
    truth, each, groups = 150 * 4 * 0.1, 4, 50
    totals = [task.live(seed, threads=1).totals for seed in range(each * groups)]
    records = [(here["records.true"], there["records.true"]) for here, there in totals]
    held = 0
    for k in range(0, len(records), each):
        found = effect(*zip(*records[k : k + each], strict=True))
        held += found.low <= truth <= found.high
    low, high = stats.binom.ppf([0.00005, 0.99995], groups, 0.95)
    assert low <= held <= high
    together = effect(*zip(*records, strict=True))
    assert abs(together.mean - truth) < 4.9 * together.sd / len(records) ** 0.5
    assert together.pairing_helped is True
    # the same luck: whoever acts at the lower rate acts at the higher one, so the difference is binomial as well
    assert together.sd == pytest.approx((600 * 0.1 * 0.9) ** 0.5, rel=0.25)
