"""Designs and estimators against formulas whose answers are known, through the pipeline that worlds go through."""

from __future__ import annotations

import math

import numpy as np
import pytest
from formulas import FIRST, ISHIGAMI, KEY, TOTAL, VARIANCE, FormulaWorlds, ishigami, uniform
from scipy.stats import qmc

from glasshouse.errors import UsageError
from glasshouse.sensitivity.design import DIMENSIONS, STEP, blocks, directions, low_discrepancy, trajectories
from glasshouse.sensitivity.estimates import elementary_effects, indices
from glasshouse.sensitivity.study import screened, shared_out

SLOPES = (1.0, 2.0, -3.0, 0.0, 0.5)


def linear(*inputs):
    return sum(c * x for c, x in zip(SLOPES, inputs, strict=False))


def test_the_shares_of_ishigami_are_what_is_published():
    assert [round(share, 6) for share in FIRST] == [0.313905, 0.442411, 0]
    assert [round(share, 6) for share in TOTAL] == [0.557589, 0.442411, 0.243684]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ishigami_through_the_pipeline(seed):
    found = shared_out(ISHIGAMI, 1024, seed, FormulaWorlds(ISHIGAMI, ishigami)).indices[KEY]
    assert found.first == pytest.approx((*FIRST, 0), abs=0.02)
    assert found.total == pytest.approx((*TOTAL, 0), abs=0.02)
    assert found.variance == pytest.approx(VARIANCE, rel=0.02)
    for i in range(3):
        assert found.first_ends[0, i] <= found.first[i] <= found.first_ends[1, i]
        assert found.total_ends[0, i] <= TOTAL[i] <= found.total_ends[1, i]


def test_luck_is_one_more_input_of_the_indices():
    assumed = uniform(2, 0, 1)
    worlds = FormulaWorlds(assumed, lambda a, b, luck: 3 * a + 0 * b + 4 * luck)  # variances as 9 to 16
    found = shared_out(assumed, 1024, 5, worlds).indices[KEY]
    assert found.first == pytest.approx((9 / 25, 0, 16 / 25), abs=0.05)
    assert found.total == pytest.approx((9 / 25, 0, 16 / 25), abs=0.05)
    assert found.total[1] == 0


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-2, 6)])
def test_a_screening_is_exact_on_a_straight_line(low, high):
    assumed = uniform(5, low, high)
    found = screened(assumed, 4, 9, FormulaWorlds(assumed, linear))
    by_path = {one.path: one for one in found.influences(KEY)}
    for i, slope in enumerate(SLOPES):
        one = by_path[f"x{i}"]
        assert one.slope == pytest.approx(slope * (high - low), abs=1e-9)
        assert one.reach == pytest.approx(abs(slope) * (high - low), abs=1e-9)
        assert one.spread == pytest.approx(0, abs=1e-9)
        assert one.high - one.low == pytest.approx(0, abs=1e-9)
    assert by_path["luck"].reach == 0
    assert [rank.assumption.path for rank in found.ranks] == ["x2", "x1", "x0", "x4", "x3"]
    assert sum(rank.share for rank in found.ranks) == pytest.approx(1)


def test_what_hangs_on_another_assumption_has_a_spread():
    assumed = uniform(3, 0, 1)
    found = screened(assumed, 20, 3, FormulaWorlds(assumed, lambda a, b, c, _luck: a * b + c))
    one, _, alone = (next(i for i in found.influences(KEY) if i.path == f"x{k}") for k in range(3))
    assert one.spread > 0.1
    assert alone.spread == pytest.approx(0, abs=1e-9)


def test_another_seed_moves_a_figure_as_luck():
    assumed = uniform(1, 0, 1)
    found = screened(assumed, 200, 1, FormulaWorlds(assumed, lambda a, luck: a + luck))
    luck = next(one for one in found.influences(KEY) if one.path == "luck")
    assert luck.reach == pytest.approx(1 / 3, abs=0.05)  # mean distance of two uniform draws
    assert abs(luck.slope) < 0.1


# ---- the designs


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_a_walk_moves_every_input_once_by_one_step(k):
    design = trajectories(k, 6, 11)
    assert design.places.shape == (6, k + 2, k)
    assert set(np.unique(design.places.round(9))) <= {0, round(1 / 3, 9), round(2 / 3, 9), 1}
    for walk in range(6):
        assert sorted(design.moved[walk]) == list(range(k + 1))
        for step, one in enumerate(design.moved[walk]):
            moved = design.places[walk, step + 1] - design.places[walk, step]
            wanted = np.zeros(k)
            if one < k:
                wanted[one] = STEP
            assert np.abs(moved) == pytest.approx(wanted)
            assert design.luck[walk, step + 1] - design.luck[walk, step] == (one == k)


def test_more_walks_begin_with_fewer():
    few, many = trajectories(5, 3, 7), trajectories(5, 9, 7)
    assert (many.places[:3] == few.places).all()
    assert (trajectories(5, 3, 8).places != few.places).any()


def test_every_level_and_direction_of_a_walk_is_as_likely():
    first = trajectories(200, 10, 2).places[:, 0].ravel()
    counts = np.bincount((first * 3).round().astype(int), minlength=4)
    assert (abs(counts - 500) < 5 * math.sqrt(2000 * 3 / 16)).all()


@pytest.mark.parametrize("dimensions", [1, 2, 7, DIMENSIONS])
def test_unshifted_the_points_are_sobols(dimensions):
    digits = np.zeros((64, dimensions), np.uint64)
    for d in range(dimensions):
        for bit, direction in enumerate(directions(d)):
            digits[:, d] ^= np.where(np.arange(64) >> bit & 1, direction, 0).astype(np.uint64)
    mine = {tuple(row) for row in digits.tolist()}
    theirs = (qmc.Sobol(dimensions, scramble=False, bits=32).random_base2(6) * 2**32).astype(np.uint64)
    assert mine == {tuple(row) for row in theirs.tolist()}


def test_a_shift_keeps_every_small_interval_as_full():
    points = low_discrepancy(20, 256, 3)
    for d in range(20):
        assert (np.bincount((points[:, d] * 256).astype(int), minlength=256) == 1).all()
    assert (low_discrepancy(20, 256, 4) != points).any()


def test_blocks_change_one_input_at_a_time():
    design = blocks(3, 8, 1)
    a, b = design.places[:, 0], design.places[:, 1]
    for i in range(3):
        one = design.places[:, 2 + i]
        assert (one[:, i] == b[:, i]).all()
        assert (np.delete(one, i, axis=1) == np.delete(a, i, axis=1)).all()
    assert (design.places[:, 5] == a).all()
    assert design.luck.tolist() == [[0, 1, 0, 0, 0, 1]] * 8


@pytest.mark.parametrize(("k", "n"), [(0, 8), (11, 8), (3, 12), (3, 1)])
def test_designs_that_cannot_be_are_refused(k, n):
    with pytest.raises(UsageError):
        blocks(k, n, 1)


def test_where_nothing_varies_there_is_nothing_to_share_out():
    found = indices(np.ones((16, 5)), 1)
    assert (found.first == 0).all()
    assert (found.total == 0).all()
    assert found.variance == 0
    walks = trajectories(2, 3, 1)
    assert (elementary_effects(walks, np.ones((3, 4))) == 0).all()


def test_estimates_are_those_of_salib():
    """Runs where SALib is installed; it is no requirement, for it brings a plotting and a table package along."""
    pytest.importorskip("SALib")
    from SALib.analyze import morris, sobol

    design = blocks(3, 512, 2)
    found = np.array([[ishigami(*(2 * x - 1) * np.pi) for x in row] for row in design.places])
    mine = indices(found, 1)
    order = [0, 2, 3, 4, 1]  # SALib's rows: A, A with one input of B after another, B
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0, 1]] * 3}
    theirs = sobol.analyze(problem, found[:, order].ravel(), calc_second_order=False, num_resamples=2, seed=1)
    assert mine.first[:3] == pytest.approx(theirs["S1"], abs=0.01)  # SALib takes other means off first
    assert mine.total[:3] == pytest.approx(theirs["ST"], rel=1e-9)

    walks = trajectories(3, 12, 4)
    keep = [[s for s in range(5) if s == 0 or walks.luck[w, s] == walks.luck[w, s - 1]] for w in range(12)]
    places = np.array([walks.places[w, keep[w]] for w in range(12)])
    values = np.array([[ishigami(*(2 * x - 1) * np.pi) for x in row] for row in places])
    theirs = morris.analyze(
        problem, places.reshape(-1, 3), values.ravel(), num_levels=4, num_resamples=2, seed=1
    )
    full = np.array([[ishigami(*(2 * x - 1) * np.pi) for x in row] for row in walks.places])
    effects = elementary_effects(walks, full)[:, :3]
    assert np.abs(effects).mean(axis=0) == pytest.approx(theirs["mu_star"].data, rel=1e-9)
    assert effects.std(axis=0, ddof=1) == pytest.approx(theirs["sigma"], rel=1e-9)
