"""Surface and fit on counts whose law is known: exact where they must be, intervals that cover, no number made up."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from synthetic import FREE, STATISTICS, band, covered, made_surface, poisson, rates

from glasshouse.calibrate.fit import Counts, fitted_to
from glasshouse.calibrate.result import Held
from glasshouse.calibrate.study import identified
from glasshouse.calibrate.surface import LEAST, design, dispersion, fit_surface, terms
from glasshouse.errors import RefusedError
from glasshouse.scenario.assumptions import Assumption

NONE = np.full(2, np.nan)


def counts(values, rounding=0.0, scale=1.0):
    values = np.asarray(values, float)
    return Counts(values, np.full(len(values), float(rounding)), scale)


# ---- the surface


@pytest.mark.parametrize("numbers", [1, 2, 3])
def test_a_surface_through_exact_counts_is_exact(numbers):
    places = design(numbers)
    true = (
        np.linspace(-1, 1, terms(places).shape[1] * 2).reshape(2, -1) + np.eye(2, terms(places).shape[1]) * 5
    )
    exact = np.exp(terms(places) @ true.T)
    surface = fit_surface(places, np.repeat(exact[:, None, :], 2, axis=1), ["a", "b"])
    assert surface.coefficients == pytest.approx(true, abs=1e-6)
    inside = np.full((1, numbers), 0.3)
    assert surface.expected(inside) == pytest.approx(np.exp(terms(inside) @ true.T))


def test_a_surface_stands_places_where_nothing_happened():
    found = fit_surface(design(1), np.array([[[0.0]], [[0.0]], [[9.0]]]), ["a"])
    assert np.isfinite(found.coefficients).all()
    assert found.expected(np.array([[0.0], [0.5], [1.0]]))[:, 0] == pytest.approx([LEAST, 9, LEAST])


def test_dispersion_is_that_between_worlds_of_one_place():
    rows = np.array([[[10.0, 100.0], [14.0, 120.0]], [[20.0, 90.0], [20.0, 110.0]]])
    pooled = ((8 + 0) / (12 + 20), (200 + 200) / (110 + 100))
    assert dispersion(rows, ["a", "b"]) == pytest.approx(pooled)
    assert dispersion(rows, ["a", "a"]) == pytest.approx([408 / 242] * 2)
    assert (dispersion(rows[:, :1], ["a", "b"]) == 1).all()


# ---- the fit


def test_counts_that_the_model_makes_exactly_are_fitted_exactly():
    surface = made_surface(rates)
    for place in ([0.3, 0.7], [0.62, 0.41]):
        found = fitted_to(surface, counts(surface.expected(np.array([place]))[0]), NONE)
        assert found.best == pytest.approx(place, abs=1e-3)
        assert found.factor == pytest.approx(0, abs=1e-3)
        assert (found.low <= found.best).all()
        assert (found.best <= found.high).all()


def test_one_number_is_fitted_as_its_formula_says():
    """Poisson counts with log expectation a + u: the estimate is known, and near it the deviance is a parabola."""
    surface = made_surface(lambda u: np.stack([1000 * np.exp(u[:, 0])] * 20, axis=1), numbers=1)
    values = 1000 * math.exp(0.5) + np.tile([-60.0, 60.0], 10)
    found = fitted_to(surface, counts(values), np.full(1, np.nan))
    mean = 1000 * math.exp(0.5)
    factor = 20 * 60**2 / (mean * 2) / 19  # the surface was made from as much as the counts: dispersion 1 + 1
    assert found.factor == pytest.approx(factor, rel=1e-3)
    half = 1.729 * math.sqrt(factor * 2 / (20 * mean))  # t(19) at 90 %
    assert found.best[0] == pytest.approx(0.5, abs=1e-3)
    assert (found.high[0] - found.low[0]) / 2 == pytest.approx(half, rel=0.05)


def test_misfit_widens_the_interval_and_rounding_weighs_a_count_less():
    surface = made_surface(rates)
    exact = surface.expected(np.array([[0.5, 0.5]]))[0]
    bent = exact * np.tile([0.9, 1.1], len(exact) // 2)
    near, far = (fitted_to(surface, counts(values), NONE) for values in (0.99 * exact + 0.01 * bent, bent))
    assert (far.high - far.low > 3 * (near.high - near.low)).all()
    values = exact.copy()
    values[0] *= 2
    sharp = fitted_to(surface, counts(values), NONE)
    vague = np.zeros(len(values))
    vague[0] = values[0]
    blunt = fitted_to(surface, Counts(values, vague, 1.0), NONE)
    assert abs(blunt.best[0] - 0.5) < abs(sharp.best[0] - 0.5) / 5


def test_a_larger_nation_is_the_same_society_scaled():
    surface = made_surface(rates)
    exact = surface.expected(np.array([[0.4, 0.6]]))[0]
    found = fitted_to(surface, counts(7000 * exact, scale=7000.0), NONE)
    assert found.best == pytest.approx([0.4, 0.6], abs=1e-3)


def test_as_many_numbers_as_counts_are_refused():
    surface = made_surface(lambda u: rates(u)[:, [0, 5]], statistics=["a", "b"])
    with pytest.raises(RefusedError, match="2 published counts cannot fit 2 numbers"):
        fitted_to(surface, counts([100, 100]), NONE)


# ---- what the counts do not identify


def number(path):
    return Assumption(path, 0.25, 0.0, 1.0)


def test_a_number_that_moves_nothing_is_held_as_written():
    surface = made_surface(lambda u: rates(np.stack([u[:, 0], 0 * u[:, 0]], axis=1)))
    exact = surface.expected(np.array([[0.5, 0.9]]))[0] * np.tile([0.98, 1.02], 4)
    found, held = identified((number("a"), number("b")), surface, counts(exact))
    assert held == (Held(number("b"), "the counts do not hang on it"),)
    assert found.best[1] == 0.25
    assert found.best[0] == pytest.approx(0.5, abs=0.02)
    assert found.degrees == len(exact) - 1


def test_two_numbers_that_move_the_counts_alike_are_both_held():
    alike = made_surface(lambda u: np.stack([200 * np.exp(u[:, 0] + u[:, 1])] * 8, axis=1))
    values = 200 * math.exp(1.0) * np.tile([0.95, 1.05], 4)
    with pytest.raises(RefusedError, match="a cannot be told apart from b; b cannot be told apart from a"):
        identified((number("a"), number("b")), alike, counts(values))


def test_an_interval_that_reaches_one_end_says_so():
    surface = made_surface(rates)
    exact = surface.expected(np.array([[0.5, 0.99]]))[0] * np.tile([0.97, 1.03], 4)
    found, held = identified((number("a"), number("b")), surface, counts(exact))
    assert held == ()
    assert found.open_ends(0) == (False, False)
    assert found.open_ends(1) == (False, True)


# ---- intervals cover


def test_ninety_percent_intervals_cover_synthetic_truths_as_often_as_they_say():
    fits = 200
    held = covered(fits)
    low, high = band(fits, 0.9)
    assert held.shape == (2,)
    assert ((low <= held) & (held <= high)).all(), (held.tolist(), low, high)


def test_the_draws_of_synthetic_counts_are_poissons():
    drawn = np.array([poisson(40.0, k, 7) for k in range(4_000)], float)
    assert drawn.mean() == pytest.approx(40, abs=4 * math.sqrt(40 / 4_000))
    assert drawn.var() == pytest.approx(40, rel=0.1)


def test_there_is_something_to_fit():
    assert len(STATISTICS) == rates(np.zeros((1, 2))).shape[1] == 8
    assert np.isnan(FREE).all()
