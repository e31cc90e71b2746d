"""Findings from few observations keep the false-alarm rate that their law has, not the normal one's."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import NormalDist, stdev

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from glasshouse.compare import t_quantile
from glasshouse.replicate.claim import tail
from verification.analytic.check import LIMIT
from verification.analytic.samples import RARE, of_few, of_mean


@pytest.mark.parametrize(("tries", "probability"), [(60, 0.87), (60, 0.5), (400, 0.01)])
def test_a_share_of_few_has_the_z_of_its_tail(tries, probability):
    for count in range(tries + 1):
        finding = of_few("x", probability, count, tries)
        assert finding.passed() == (tail(count, tries, probability) >= RARE / 2)
        if abs(finding.z) > 0.1:
            assert 2 * NormalDist().cdf(-abs(finding.z)) == pytest.approx(
                2 * tail(count, tries, probability), rel=1e-6
            )


def test_a_mean_fails_beyond_students_quantile_and_not_before():
    values = [0.1, -0.2, 0.05, 0.3, -0.1, 0.0, -0.15, 0.0]
    limit = t_quantile(7, 1 - RARE) * stdev(values) / 8**0.5
    assert of_mean("x", 0.999 * limit, values).passed()
    assert not of_mean("x", 1.001 * limit, values).passed()
    assert limit > LIMIT * stdev(values) / 8**0.5
