"""Shapley values of games that are known, beside a slow count over all orders, and their sampled twins."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from fractions import Fraction
from statistics import fmean

import pytest

from glasshouse import streams
from glasshouse.attribute.game import (
    all_coalitions,
    everybody,
    first_in,
    gains,
    leave_one_out,
    must_add_up,
    on_the_way,
    one_by_one,
    sampled,
    shapley,
)
from glasshouse.attribute.orders import orders
from glasshouse.errors import InvariantError


def game_of(k, seed, most=10**12):
    """Return a game of large whole numbers, some of them negative."""
    draw = [streams.words(seed, c, 0, 0, 77)[0] % most - most // 3 for c in all_coalitions(k)]
    return dict(enumerate(draw))


def by_all_orders(game, k):
    """Return the Shapley values as their definition says them."""
    added = [gains(game, order) for order in itertools.permutations(range(k))]
    return [Fraction(sum(one[i] for one in added), math.factorial(k)) for i in range(k)]


@pytest.mark.parametrize("k", [1, 2, 3, 5, 6])
def test_the_values_are_the_means_over_all_orders(k):
    game = game_of(k, seed=k)
    assert shapley(game, k) == by_all_orders(game, k)


def test_a_glove_game():
    # two left gloves (players 0 and 1), one right glove (2): only a pair is worth something
    game = {c: min((c & 1) + (c >> 1 & 1), c >> 2 & 1) for c in all_coalitions(3)}
    assert shapley(game, 3) == [Fraction(1, 6), Fraction(1, 6), Fraction(4, 6)]


def test_an_airport_game():
    # each needs a runway of some length; the longest is paid for (Littlechild and Owen, 1973)
    lengths = [10, 30, 60]
    game = {c: max((n for i, n in enumerate(lengths) if c >> i & 1), default=0) for c in all_coalitions(3)}
    assert shapley(game, 3) == [Fraction(10, 3), Fraction(10, 3) + 10, Fraction(10, 3) + 10 + 30]


def test_a_game_that_only_adds_gives_each_their_own():
    worth = [7, -3, 11, 0]
    game = {c: 5 + sum(n for i, n in enumerate(worth) if c >> i & 1) for c in all_coalitions(4)}
    assert shapley(game, 4) == worth == first_in(game, 4) == leave_one_out(game, 4)


def test_who_changes_nothing_gets_nothing_and_equals_share_equally():
    inner = game_of(3, seed=5)
    game = {c: inner[c & 7] for c in all_coalitions(4)}  # player 3 is nobody
    assert shapley(game, 4)[3] == 0
    sizes = {c: c.bit_count() ** 2 for c in all_coalitions(4)}
    assert len(set(shapley(sizes, 4))) == 1


@pytest.mark.parametrize("k", [3, 8, 10])
def test_the_values_add_up_to_the_last_unit(k):
    game = game_of(k, seed=9, most=10**15)
    assert sum(shapley(game, k)) == game[everybody(k)] - game[0]


def test_values_that_do_not_add_up_are_refused():
    with pytest.raises(InvariantError, match="the values of the players sum to 3, the effect is 4"):
        must_add_up([Fraction(1), Fraction(2)], {0: 0, 3: 4}, 2)


def test_the_coalitions_that_are_needed():
    assert one_by_one(3) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert len(one_by_one(12)) == 2 * 12 + 2
    assert one_by_one(1) == [0, 1]
    assert list(on_the_way((2, 0, 1))) == [0, 4, 5, 7]


# ---- orders that are drawn


def test_orders_come_with_their_reverse_and_more_of_them_begin_alike():
    drawn = orders(6, 20, seed=3)
    assert all(sorted(one) == list(range(6)) for one in drawn)
    assert all(drawn[i + 1] == drawn[i][::-1] for i in range(0, 20, 2))
    assert orders(6, 8, seed=3) == drawn[:8]
    assert orders(6, 20, seed=4) != drawn


def test_every_order_is_as_likely_as_the_others():
    drawn = Counter(orders(4, 9_600, seed=1)[::2])
    expected = 4_800 / 24
    assert len(drawn) == 24
    chi2 = sum((n - expected) ** 2 / expected for n in drawn.values())
    assert chi2 < 52.0  # 99.95 % of chi-square with 23 degrees of freedom


def test_sampled_values_add_up_and_all_orders_give_the_exact_ones():
    game = game_of(4, seed=2)
    every = [one for order in itertools.permutations(range(4)) for one in (order, order[::-1])]
    means, _ = sampled(game, 4, every)
    assert means == shapley(game, 4)
    few, _ = sampled(game, 4, orders(4, 6, seed=8))
    assert sum(few) == game[15] - game[0]


def test_the_standard_error_covers_the_exact_value():
    off = []
    for seed in range(150):
        game = game_of(6, seed)
        means, errors = sampled(game, 6, orders(6, 100, seed))
        off += [float(m - e) / s for m, e, s in zip(means, shapley(game, 6), errors, strict=True)]
    # Student's t with 49 degrees of freedom has 94.9 % within 2
    assert 0.92 <= sum(abs(one) <= 2 for one in off) / len(off) <= 0.975
    assert abs(fmean(off)) < 0.1


def test_where_order_does_not_matter_there_is_no_error():
    game = {c: 3 * c.bit_count() for c in all_coalitions(5)}
    assert sampled(game, 5, orders(5, 4, seed=1)) == ([3] * 5, [0.0] * 5)
