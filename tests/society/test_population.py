"""Citizens: blocks of provinces, shares of traits, and every size from one citizen to four billion."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.errors import ScenarioError
from glasshouse.society.population import compile_population, largest_remainder
from glasshouse.streams import ALWAYS, BUILTIN, event, private, threshold

CENSUS = 1_409_778_724


@pytest.mark.parametrize("n", [1, 2, 3, 31, 64, 65, 1009, 10**6, CENSUS, 4_000_000_000])
def test_provinces_cover_the_citizens(make, n):
    people = compile_population(make(), n, 1)
    start = people.province_start
    assert len(people.province_names) == 31
    assert (start[0], start[-1], len(start)) == (0, n, 32)
    assert list(start) == sorted(start)
    for p in range(31):
        for i in {start[p], start[p + 1] - 1} if people.province_size(p) else ():
            assert people.province(i) == p


def test_at_the_size_of_the_census_provinces_are_the_counted_ones(make):
    people = compile_population(make(), CENSUS, 1)
    assert people.province_names[0] == "Beijing"
    assert people.province_size(0) == 21_893_095
    assert people.province_size(18) == 126_012_510
    assert people.province_names[18] == "Guangdong"


def test_one_citizen_lives_in_the_largest_province(make):
    people = compile_population(make(), 1, 1)
    assert people.province_names[people.province(0)] == "Guangdong"


def test_ids_outside_are_refused(make):
    people = compile_population(make(), 4_000_000_000, 1)
    assert people.province(3_999_999_999) == 30
    for i in (-1, 4_000_000_000):
        with pytest.raises(IndexError, match="outside"):
            people.province(i)
    for n in (0, 4_000_000_001):
        with pytest.raises(ValueError, match="citizens, expected"):
            compile_population(make(), n, 1)
    with pytest.raises(ValueError, match="the seed is"):
        compile_population(make(), 1, 2**64)


def test_largest_remainder_by_hand():
    """7 by 3:2:2 is 3, 2, 2; 5 gives 2.14, 1.43, 1.43: the last whole goes to the first of equals."""
    assert largest_remainder(7, (3, 2, 2)) == (3, 2, 2)
    assert largest_remainder(5, (3, 2, 2)) == (2, 2, 1)
    assert largest_remainder(0, (3, 2, 2)) == (0, 0, 0)


@given(st.integers(0, 4 * 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=31))
def test_largest_remainder_is_within_one(total, weights):
    sizes = largest_remainder(total, weights)
    assert sum(sizes) == total
    assert all(abs(s - Fraction(total * w, sum(weights))) < 1 for s, w in zip(sizes, weights, strict=True))


def test_traits_are_draws_of_day_zero(make):
    people = compile_population(make(), 1000, 42)
    u = private(42, BUILTIN["people.male"], 7, 0)
    assert people.male(7) is event(u, threshold(Fraction("0.5123")))
    u = private(42, BUILTIN["people.rural"], 7, 0)
    assert people.rural(7) is event(u, threshold(Fraction("0.3611")))
    assert people == compile_population(make(), 1000, 42)


def test_shares_of_traits_come_out(make):
    """4,000 citizens: every share within 4.9 standard errors of the scenario's."""
    n = 4000
    society = {
        "group_shares": {"b": 0.25, "a": 0.75, "c": 0.0},
        "online_from": [0, 60],
        "online_shares": [0.8, 0.2],
    }
    people = compile_population(make(society=society), n, 11)
    assert people.group_names == ("a", "b")
    ages = [people.age(i) for i in range(n)]
    found = {
        0.5123: sum(map(people.male, range(n))),
        0.3611: sum(map(people.rural, range(n))),
        0.25: sum(map(people.group, range(n))),
        0.1795: sum(age < 15 for age in ages),
        0.0520: sum(60 <= age < 65 for age in ages),
        0.8130 * 0.8 + 0.1870 * 0.2: sum(map(people.online, range(n))),
    }
    for share, count in found.items():
        assert abs(count / n - share) < 4.9 * (share * (1 - share) / n) ** 0.5
    assert 0 <= min(ages) < max(ages) <= 99


def test_ages_are_uniform_inside_a_band(make):
    people = compile_population(make(society={"age_from": [0, 20], "age_shares": [0.2, 0.8]}), 10, 1)
    assert people.age_cumulative[0] == threshold(Fraction(1, 100))
    assert people.age_cumulative[19] == threshold(Fraction(1, 5))
    assert people.age_cumulative[98] == threshold(Fraction(99, 100))
    assert people.age_cumulative[99] == ALWAYS
    assert len(people.age_cumulative) == 100


def test_members_need_a_score_and_the_age(make):
    score = {"base_points": 1000, "floor_points": 0, "ceiling_points": 2000, "min_age": 18}
    none = compile_population(make(), 300, 1)
    everyone = compile_population(make(score=score), 300, 1)
    half = compile_population(make(score={**score, "member_share": 0.5}), 300, 1)
    assert (none.member_threshold, none.member_min_age) == (0, 0)
    assert not any(none.member(i) for i in range(300))
    assert all(everyone.member(i) == (everyone.age(i) >= 18) for i in range(300))
    members = {i for i in range(300) if half.member(i)}
    assert 0 < len(members) < 240
    assert members <= {i for i in range(300) if everyone.member(i)}


def test_shares_that_leave_nobody_are_refused(make):
    with pytest.raises(ScenarioError, match="group_shares"):
        compile_population(make(society={"group_shares": {"a": 0.0}}), 10, 1)


def test_citizens_of_the_last_ids_have_traits(make):
    people = compile_population(make(), 4_000_000_000, 2**64 - 1)
    i = 3_999_999_999
    assert people.group(i) == 0
    assert 0 <= people.age(i) <= 99
    assert {people.male(i), people.rural(i), people.online(i), people.member(i)} <= {True, False}
