"""A replicate: its counts by place add up, its groups are the society's, and it passes through JSON unchanged."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from glasshouse.compare.pair import NATION, Parting, live_side_by_side, pair_of_plans, places_of
from glasshouse.errors import Interrupted, UsageError
from glasshouse.records.measures import TOTALS
from glasshouse.run import simulate
from glasshouse.scenario.load import load


@pytest.fixture(scope="module")
def plans():
    base, variant = load("as-reported"), load("as-reported", without=["friends"])
    return pair_of_plans(base.scenario, variant.scenario, seed=3, citizens=1_000, days=40)


@pytest.fixture(scope="module")
def parting(plans):
    return live_side_by_side(*plans, threads=1)


def test_totals_are_those_of_two_runs(parting):
    for name, found in (({}, parting.totals[0]), ({"without": ["friends"]}, parting.totals[1])):
        run = simulate(load("as-reported", **name), citizens=1_000, days=40, seed=3)
        assert found == run.totals
    assert list(parting.totals[0]) == list(TOTALS)
    assert parting.totals[0]["points_lost.association"] > parting.totals[1]["points_lost.association"] == 0


def test_provinces_and_groups_add_up_to_the_nation(plans, parting):
    kinds = np.array([kind for kind, _ in parting.places])
    assert parting.places == places_of(plans[0])
    assert parting.places[0] == NATION
    assert Counter(kinds) == {"nation": 1, "province": 31, "group": 4}
    for kind in ("province", "group"):
        rows = kinds == kind
        assert (parting.counts[:, rows].sum(axis=1) == parting.counts[:, 0]).all()
        assert parting.people[rows].sum() == 1_000
        assert parting.affected[rows].sum() == parting.affected[0] == parting.parted[-1]


def test_people_are_counted_where_the_society_has_them(plans, parting):
    people = plans[0].population
    expected = Counter(people.group(i) for i in range(1_000))
    assert parting.people[32:].tolist() == [expected[g] for g in range(4)]
    assert parting.people[1:32].tolist() == [people.province_size(p) for p in range(31)]


def test_the_days_of_parting_fit_together(parting):
    assert len(parting.differing) == len(parting.parted) == 40
    assert list(parting.parted) == sorted(parting.parted)
    assert all(now <= ever for now, ever in zip(parting.differing, parting.parted, strict=True))
    first = next(day for day, count in enumerate(parting.differing) if count)
    assert parting.first_day == first == 31  # friends are looked at on the 1st
    assert 0 <= parting.first_citizen < 1_000


def test_it_passes_through_json_unchanged(parting):
    again = Parting.of_tree(json.loads(json.dumps(parting.as_tree())))
    assert again.as_tree() == parting.as_tree()
    assert again.counts.dtype == parting.counts.dtype == np.int64
    assert (again.totals, again.affected_share) == (parting.totals, parting.affected_share)


def test_counts_of_other_measures_are_not_taken(parting):
    with pytest.raises(ValueError, match="other measures"):
        Parting.of_tree({**parting.as_tree(), "totals": ["points"]})


def test_threads_change_nothing(plans, parting):
    assert live_side_by_side(*plans, threads=2).as_tree() == parting.as_tree()


def test_it_stops_after_a_day(plans):
    lived = []
    with pytest.raises(Interrupted, match="stopped after day 3 of 40"):
        live_side_by_side(
            *plans, threads=1, progress=lambda day, _: lived.append(day), should_stop=lambda: len(lived) == 3
        )


def test_other_societies_are_refused(plans):
    other, days = load("classroom").scenario, load("as-reported").scenario
    with pytest.raises(UsageError, match="the two scenarios differ in their"):
        pair_of_plans(days, other, seed=1, citizens=500, days=10)
