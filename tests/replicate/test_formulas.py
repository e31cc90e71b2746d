"""The formulas that papers are held against: limits, printed values, and slow ways to the same number."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from glasshouse.model.plan_learn import optimal_act
from glasshouse.replicate.authority import (
    WINDOW,
    Authority,
    People,
    climb,
    optimal_acts,
    scale_of_truncated,
    suppressed_at,
)
from glasshouse.replicate.cascades import (
    at_least,
    binomial_degrees,
    needed_of_share,
    poisson,
    reached,
    trigger,
    window,
)
from glasshouse.replicate.crowd import equilibrium, recursion
from glasshouse.replicate.formation import components
from glasshouse.replicate.lending import GROUPS, REPAID, accepted, after, mean_cluster

# ---- cascades


@pytest.mark.parametrize(
    ("share", "low", "high"), [(0.18, 1.0207, 5.7647), (0.1, 1.0, 13.6593), (0.22, 1.1141, 3.8631)]
)
def test_the_window_is_the_published_one(share, low, high):
    assert [round(end, 4) for end in window(share)] == [low, high]


def test_above_a_quarter_there_is_no_window():
    assert window(0.25) is not None
    assert window(0.26) is None
    assert window(0.6) is None


@pytest.mark.parametrize("mean", [0.5, 0.9, 6.5, 9.0])
def test_outside_the_window_nobody_starts_a_global_cascade(mean):
    assert trigger(mean, 0.18) == pytest.approx(0, abs=1e-6)


def test_inside_the_window_somebody_does_and_it_nearly_reaches_all():
    assert trigger(4, 0.18) == pytest.approx(0.8653, abs=1e-4)
    assert reached(poisson(4), needed_of_share(0.18), 0, start=1e-6) == pytest.approx(0.98017, abs=1e-5)


@pytest.mark.parametrize(
    ("contacts", "size"), [(1.2, 0.313698), (1.5, 0.582812), (2.0, 0.796812), (3.0, 0.940480)]
)
def test_one_friend_enough_is_the_final_size_of_an_epidemic(contacts, size):
    assert reached(poisson(contacts), lambda _: 1, 0, start=1e-6) == pytest.approx(size, abs=1e-6)


def test_nothing_spreads_over_no_ties_and_all_is_all():
    assert reached(poisson(3), lambda _: 1, 0.2, kept=0.0) == pytest.approx(0.2)
    assert reached(poisson(3), lambda k: k + 1, 0.2) == pytest.approx(0.2)
    assert reached(poisson(3), lambda _: 1, 1.0) == pytest.approx(1.0)


def test_thinning_ties_is_thinning_degrees():
    thinned = reached(binomial_degrees(8, 0.25), lambda _: 1, 0.01)
    assert reached([0.0] * 8 + [1.0], lambda _: 1, 0.01, kept=0.25) == pytest.approx(thinned, abs=1e-9)


def test_the_tail_of_a_binomial_is_its_sum():
    assert at_least(2, 3, 0.5) == pytest.approx(0.5)
    assert at_least(0, 3, 0.1) == 1
    assert at_least(4, 3, 0.9) == 0


# ---- crowds


def test_one_threshold_decides_over_a_hundred():
    hundred = list(range(100))
    assert recursion(hundred)[-1] == 100
    assert recursion([0, 2, *hundred[2:]])[-1] == 1


def test_between_12_2_and_12_3_the_equilibrium_jumps():
    assert equilibrium(25, 12.2) == pytest.approx(5.479, abs=1e-3)
    assert equilibrium(25, 12.3) == pytest.approx(100, abs=1e-3)


# ---- a lender


def test_the_chain_gives_the_figures_worked_out_elsewhere():
    for name, shares, means in (
        ("group 0", (0.72, 0.570972, 0.162397), (3.85, 3.867389, 2.460085)),
        ("group 1", (0.48, 0.353909, 0.100652), (2.75, 2.919157, 2.047136)),
    ):
        for steps, share, mean in zip((1, 10, 100), shares, means, strict=True):
            now = after(GROUPS[name], REPAID, steps)
            assert sum(now) == 1
            assert float(accepted(now)) == pytest.approx(share, abs=5e-7)
            assert float(mean_cluster(now)) == pytest.approx(mean, abs=5e-7)


# ---- dissent


@pytest.mark.parametrize("proportional", [False, True])
def test_acts_of_many_are_the_shipped_best_act_of_each(proportional):
    numbers = list(product((0.05, 0.3, 0.7, 1.0), (0.3, 0.9, 2.5), (0.0, 0.35, 1.0), (0.0, 0.25), (0.2, 1.1)))
    for v, t, s in {(v, t, s) for _, _, v, t, s in numbers}:
        kinds = [(d, b) for d, b, *rest in numbers if tuple(rest) == (v, t, s)]
        people = People(np.array([d for d, _ in kinds]), np.array([b for _, b in kinds]))
        many = optimal_acts(people, Authority(t, s, v, proportional))
        for act, (d, b) in zip(many, kinds, strict=True):
            one = optimal_act(*(Fraction(str(x)) for x in (d, b, v, t, s)), proportional=proportional)
            assert act == pytest.approx(float(one), abs=1e-12)


@pytest.mark.parametrize("mean", [0.05, 0.25, 0.45])
def test_desire_has_the_mean_that_is_asked_for_after_it_is_cut_off(mean):
    scale = scale_of_truncated(mean)
    assert scale - 1 / math.expm1(1 / scale) == pytest.approx(mean, abs=1e-9)
    people = People.of(mean, 2.0)
    assert people.desire.mean() == pytest.approx(mean, rel=0.01)
    assert 0 < people.desire.min() < people.desire.max() < 1


def test_an_authority_keeps_what_costs_no_more_than_the_round_before():
    people, start = People.of(0.25, 2.0), Authority(0.25, 0.1, 0.1, proportional=False)
    rules, acts = climb(people, start, 200, seed=3, trial=0)
    assert rules[0] == start
    assert len(rules) == len(acts) == 200
    assert rules != [start] * 200
    assert climb(people, start, 200, seed=3, trial=0) == (rules, acts)
    assert climb(people, start, 200, seed=3, trial=1) != (rules, acts)
    for rule in rules:
        assert 0 <= rule.tolerance <= 1
        assert 0 <= rule.surveillance <= 1
        assert rule.severity > 0


def test_suppression_is_a_mean_over_the_window():
    people = People(np.full(4, 0.4), np.ones(4))
    loud, quiet = [0.4] * 100, [0.0] * WINDOW
    assert suppressed_at(loud * 20, people) is None
    assert suppressed_at(quiet, people) == WINDOW
    assert (
        suppressed_at(loud * 3 + quiet, people) == 176 + WINDOW
    )  # 124 loud rounds of 500 are less than a quarter


# ---- networks


def test_components_carry_the_smallest_id():
    ends = np.array([5, 4, 1, 7]), np.array([4, 3, 2, 0])
    assert components(8, ends).tolist() == [0, 1, 1, 3, 3, 3, 6, 0]
