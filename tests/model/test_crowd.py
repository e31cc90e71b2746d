"""Citizens are told in ascending order, each as often as named, whatever the room that is given."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scenarios import EVERYTHING, plan_of

from glasshouse.model import crowd as crowds
from glasshouse.model.crowd import Crowd, Pairs
from glasshouse.model.engine import Engine, either
from glasshouse.model.kernels.crowd import first_at_least
from glasshouse.model.part import Ties


def some_ties(seed, rows):
    """Ties of some citizens: found is rubbish beyond the counts."""
    luck = np.random.default_rng(seed)
    counts = luck.integers(0, 7, rows)
    found = luck.integers(0, 2**32 - 1, (rows, 8))
    return Ties(np.arange(rows), found, counts)


def named(ties, chosen=None):
    """Everybody named, in plain words."""
    rows = range(ties.ids.size) if chosen is None else np.flatnonzero(chosen)
    return Counter(int(x) for q in rows for x in ties.found[q, : ties.counts[q]])


@pytest.mark.jit_off
@pytest.mark.parametrize("room", [1, 5, 64, 10_000])
def test_everybody_named_is_told_in_order(monkeypatch, room):
    monkeypatch.setattr(crowds, "ROOM", room)
    told, wanted = [], Counter()
    crowd = Crowd(lambda ids: told.append(ids.copy()))
    for seed in range(9):
        ties = some_ties(seed, 20)
        chosen = np.random.default_rng(seed).random(20) < 0.6
        crowd.add(ties, chosen)
        wanted += named(ties, chosen)
    crowd.flush()
    crowd.flush()  # nobody is told twice
    assert all((np.diff(ids.astype(np.int64)) >= 0).all() for ids in told)
    assert Counter(np.concatenate(told).tolist()) == wanted
    assert len(told) > 1 or room == 10_000


@pytest.mark.jit_off
@pytest.mark.parametrize("room", [1, 50, 10_000])
def test_pairs_name_the_place_of_the_other(monkeypatch, room):
    monkeypatch.setattr(crowds, "ROOM", room)
    told, wanted, start = [], Counter(), 0
    friends = Pairs(lambda pairs: told.append(pairs.copy()))
    for seed in range(9):
        ties = some_ties(seed, 20)
        friends.add_all(ties, start)
        for q in range(20):
            wanted += Counter((int(x), start + q) for x in ties.found[q, : ties.counts[q]])
        start += 20
    friends.flush()
    assert all((pairs[1:] >= pairs[:-1]).all() for pairs in told)
    assert Counter((int(x) >> 32, int(x) & (2**32 - 1)) for pairs in told for x in pairs) == wanted


@pytest.mark.jit_off
@pytest.mark.parametrize("kind", [np.uint32, np.uint64])
def test_the_first_at_least(kind):
    values = np.array([0, 3, 3, 7, 2**32 - 1], kind)
    for limit in (0, 1, 3, 4, 8, 2**32 - 1, 2**32):
        assert first_at_least(values, limit) == np.searchsorted(values.astype(np.uint64), np.uint64(limit))
    assert first_at_least(values[:0], 5) == 0


def test_a_small_room_changes_nothing(monkeypatch):
    def lived(room):
        monkeypatch.setattr(crowds, "ROOM", room)
        engine = Engine(plan_of(EVERYTHING, citizens=900), threads=2)
        days = [engine.step() for _ in range(65)]
        return engine, [(one.flows.tolist(), one.stocks.tolist()) for one in days]

    (one, here), (other, there) = lived(3), lived(2**20)
    assert here == there
    assert all((one.columns[name] == other.columns[name]).all() for name in one.columns)


@pytest.mark.parametrize(
    ("first", "second"), [([], []), ([0], []), ([], [0, 7]), ([1, 5, 9], [0, 5, 9, 11]), ([3], [3])]
)
def test_either_holds_the_numbers_of_both_once(first, second):
    found = either(np.array(first, np.int64), np.array(second, np.int64))
    assert found.dtype == np.int64
    assert found.tolist() == sorted({*first, *second})
