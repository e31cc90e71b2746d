"""The keyed permutation: a bijection for every size, inverted exactly, equal to the reference page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.society.permutation import Permutation
from glasshouse.streams import philox4x32

SIZES = (1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 63, 64, 65, 127, 255, 256, 257, 1009)


@pytest.mark.parametrize("n", SIZES)
def test_every_size_is_permuted(n):
    order = Permutation(n, 5, 77, 3)
    assert sorted(order.forward(x) for x in range(n)) == list(range(n))
    assert [order.inverse(order.forward(x)) for x in range(n)] == list(range(n))


@given(
    st.integers(1, 2**32), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1), st.integers(0, 30), st.data()
)
def test_there_and_back_again(n, seed, decision, salt, data):
    order = Permutation(n, seed, decision, salt)
    x = data.draw(st.integers(0, n - 1))
    there = order.forward(x)
    assert 0 <= there < n
    assert order.inverse(there) == x
    assert order.forward(order.inverse(x)) == x


@pytest.mark.parametrize(
    ("n", "half"),
    [(1, 1), (2, 1), (4, 1), (5, 2), (16, 2), (17, 3), (64, 3), (65, 4), (4_000_000_000, 16), (2**32, 16)],
)
def test_the_block_is_the_smallest_even_number_of_bits(n, half):
    assert Permutation(n, 0, 0).half_bits == half


def test_keys_are_the_first_words_of_six_counters():
    seed, decision, salt = 0x1234_5678_9ABC_DEF0, 4321, 17
    expected = tuple(philox4x32((r, 0, salt, decision), (0x9ABC_DEF0, 0x1234_5678))[0] for r in range(6))
    assert Permutation(10, seed, decision, salt).keys == expected


def test_one_walk_by_hand():
    """Repeat the page's formula for n = 1000: five bits a half, walked until below n."""
    order = Permutation(1000, 9, 2048)
    x = 123
    while True:
        left, right = x >> 5, x & 31
        for key in order.keys:
            f = (right ^ key) * 0x85EBCA6B % 2**32
            f ^= f >> 15
            f = f * 0xC2B2AE35 % 2**32
            left, right = right, left ^ (f >> 7 & 31)
        x = left << 5 | right
        if x < 1000:
            break
    assert order.forward(123) == x


def test_ids_near_four_billion():
    order = Permutation(4_000_000_000, 1, 1)
    seen = [order.forward(x) for x in range(3_999_999_990, 4_000_000_000)]
    assert len(set(seen)) == 10
    assert [order.inverse(q) for q in seen] == list(range(3_999_999_990, 4_000_000_000))


def test_order_looks_shuffled():
    """Positions of consecutive numbers: their correlation over 4,096 stays within 4.9 standard errors."""
    n = 4096
    order = Permutation(n, 3, 99)
    at = [order.forward(x) for x in range(n)]
    middle = (n - 1) / 2
    lag = sum((at[x] - middle) * (at[(x + 1) % n] - middle) for x in range(n)) / n
    assert abs(lag / ((n * n - 1) / 12)) < 4.9 / n**0.5
    assert [at[x] for x in range(8)] != [Permutation(n, 3, 100).forward(x) for x in range(8)]


def test_what_is_outside_is_refused():
    with pytest.raises(ValueError, match="a permutation of 0 numbers"):
        Permutation(0, 1, 1)
    order = Permutation(5, 1, 1)
    for outside in (-1, 5):
        with pytest.raises(IndexError, match=r"outside 0\.\.4"):
            order.forward(outside)
        with pytest.raises(IndexError):
            order.inverse(outside)
