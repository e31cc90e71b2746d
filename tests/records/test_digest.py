"""What the digest depends on, and what it must not depend on."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_town import TREE, counts, world

from glasshouse.records import digest as module
from glasshouse.records.digest import RunDigest, pending_digest, plain, plan_digest, state_digest
from glasshouse.records.layout import Layout


def shuffled(layout: Layout, flows, stocks, seed=1):
    """Return the same counts with measures in another position, and one more that stayed zero."""
    luck = np.random.default_rng(seed)
    f, s = luck.permutation(len(layout.flows)), luck.permutation(len(layout.stocks))
    other = replace(
        layout,
        flows=(*(layout.flows[k] for k in f), "acts.nothing"),
        stocks=("on.nothing", *(layout.stocks[k] for k in s)),
    )
    shape = (*flows.shape[:2], 1)
    none = np.zeros(shape, np.int64)
    return (
        other,
        np.concatenate((flows[:, :, f], none), axis=2),
        np.concatenate((none, stocks[:, :, s]), axis=2),
    )


def test_neither_position_nor_measures_that_stayed_zero_matter(plan, layout):
    flows, stocks = counts(layout, 0)
    other, other_flows, other_stocks = shuffled(layout, flows, stocks)
    assert RunDigest(plan, layout).day(0, flows, stocks) == RunDigest(plan, other).day(
        0, other_flows, other_stocks
    )


def test_memory_layout_and_integer_width_do_not_matter(plan, layout):
    flows, stocks = counts(layout, 0)
    small = np.asfortranarray(flows.astype(np.int32))
    assert RunDigest(plan, layout).day(0, flows, stocks) == RunDigest(plan, layout).day(0, small, stocks)


def test_every_single_count_matters(plan, layout):
    flows, stocks = counts(layout, 0, density=0.1)
    before = RunDigest(plan, layout).day(0, flows, stocks)
    found = {before, RunDigest(plan, layout).day(1, flows, stocks)}
    for array in (flows, stocks):
        for place in ((0, 0, 0), (30, 0, 0), (30, 0, array.shape[2] - 1)):
            array[place] += 1
            found.add(RunDigest(plan, layout).day(0, flows, stocks))
            array[place] -= 1
    assert len(found) == 8


def test_a_flow_and_a_stock_of_one_name_are_different(plan, layout):
    assert "flagged" in layout.flows
    assert "flagged" in layout.stocks
    one = layout.arrays({("flagged", 3, 0): 7}, {})
    two = layout.arrays({}, {("flagged", 3, 0): 7})
    assert RunDigest(plan, layout).day(0, *one) != RunDigest(plan, layout).day(0, *two)


def test_plain_counts_give_the_same_digest_as_arrays(plan, layout):
    flows, stocks = counts(layout, 2, density=0.05)
    told = [
        {
            (names[k], p, g): int(array[p, g, k])
            for p, g, k in zip(*(axis.tolist() for axis in np.nonzero(array)), strict=True)
        }
        for array, names in ((flows, layout.flows), (stocks, layout.stocks))
    ]
    assert RunDigest(plan, layout).day(2, *layout.arrays(*told)) == RunDigest(plan, layout).day(
        2, flows, stocks
    )


def test_plain_state_gives_the_same_digest_as_padded_arrays():
    padded = np.zeros(64, np.int16)
    padded[:5] = [1000, -3, 4, 5, 1]
    assert state_digest({"score": padded}, 5) == state_digest({"score": [1000, -3, 4, 5, 1]}, 5)


def test_padding_order_of_columns_and_empty_columns_do_not_matter():
    score, risk = np.arange(64, dtype=np.int16), np.arange(64, dtype=np.uint16)
    before = state_digest({"score": score, "risk": risk}, 60)
    score[60:] = 9
    assert state_digest({"risk": risk, "score": score, "history": np.zeros(64, np.uint16)}, 60) == before
    score[59] = 9
    assert state_digest({"score": score, "risk": risk}, 60) != before


def test_a_column_is_known_by_its_name():
    values = np.arange(1, 5)
    assert state_digest({"detained": values}, 4) != state_digest({"offline": values}, 4)


def test_blocks_of_the_tree_are_leaves(monkeypatch):
    score = np.arange(100, dtype=np.int16)
    whole = state_digest({"score": score}, 100)
    monkeypatch.setattr(module, "BLOCK", 64)
    assert state_digest({"score": score}, 100) != whole  # the block size is part of the scheme


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_leaves_hashed_at_once_keep_their_order(monkeypatch, at_once):
    columns = {"score": np.arange(1000, dtype=np.int16), "risk": np.repeat(np.uint16([0, 9]), [999, 1])}
    monkeypatch.setattr(module, "BLOCK", 64)
    one_by_one = state_digest(columns, 1000)
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    assert state_digest(columns, 1000) == one_by_one
    columns["score"][[0, 64]] = columns["score"][[64, 0]]
    assert state_digest(columns, 1000) != one_by_one


def test_companies_have_columns_of_their_own_length():
    assert state_digest({"company_ever": [1, 0]}, 50) != state_digest({"company_ever": [0, 1]}, 50)


@pytest.mark.parametrize(
    ("columns", "error"),
    [({"wealth": [1]}, ValueError), ({"score": []}, ValueError), ({"offline": [256]}, OverflowError)],
)
def test_a_wrong_state_is_refused(columns, error):
    with pytest.raises(error):
        state_digest(columns, 1)


@given(
    st.lists(st.tuples(*[st.integers(-(2**40), 2**40)] * 5), max_size=8), st.randoms(use_true_random=False)
)
def test_the_order_of_messages_is_nothing(rows, luck):
    other = copy.copy(rows)
    luck.shuffle(other)
    assert pending_digest(rows) == pending_digest(other)
    assert pending_digest(rows) == pending_digest(np.array(rows, np.int64).reshape(-1, 5))


def test_messages_count_as_often_as_they_occur():
    row = (3, 1, 1, 0, 1)
    assert len({pending_digest([]), pending_digest([row]), pending_digest([row, row])}) == 3


def test_words_for_people_and_inert_tables_do_not_matter(plan):
    tree = copy.deepcopy(TREE) | {"title": "Another title", "notice": "", "summary": "Words."}
    tree["rule"]["idle"] = {"on": "record", "behaviour": "games", "points": -9, "disabled": True}
    assert plan_digest(world(tree)) == plan_digest(plan)


@pytest.mark.parametrize("change", [{"seed": 5}, {"citizens": 5_001}, {"days": 41}])
def test_size_days_and_seed_matter(plan, change):
    assert plan_digest(world(**change)) != plan_digest(plan)


def test_a_number_of_the_scenario_matters(plan):
    tree = copy.deepcopy(TREE)
    tree["rule"]["late"]["points"] = -6
    assert plan_digest(world(tree)) != plan_digest(plan)


def test_the_run_digest_covers_plan_days_state_and_messages(plan, layout):
    def run(plan=plan, day=0, score=1, pending=()):
        digest = RunDigest(plan, layout)
        digest.day(0, *counts(layout, day))
        return digest.finish({"score": np.full(5_000, score)}, 5_000, pending)

    assert run() == run()
    assert len({run(), run(world(seed=1)), run(day=1), run(score=2), run(pending=[(1, 2, 3, 4, 5)])}) == 5
    assert len(run()) == 64


def test_plans_hold_integers_only():
    @dataclass
    class Odd:
        share: float

    with pytest.raises(TypeError, match="float"):
        plain(Odd(0.5))
    assert plain({"b": (1, frozenset({3, 2}))}) == {"b": [1, [2, 3]]}
    assert plain(np.array([1, 2], ">i4")) == plain(np.array([1, 2], "<i4"))


@pytest.mark.parametrize(
    ("flows", "words"),
    [(np.zeros((31, 1, 3), np.int64), "shape"), (None, "expected integers")],
)
def test_arrays_of_another_shape_or_kind_are_refused(plan, layout, flows, words):
    right, stocks = counts(layout, 0)
    with pytest.raises(ValueError, match=words):
        RunDigest(plan, layout).day(0, right.astype(float) if flows is None else flows, stocks)


def test_unknown_or_doubled_measures_are_refused(plan, layout):
    with pytest.raises(ValueError, match="unknown measure 'wealth'"):
        layout.arrays({("wealth", 0, 0): 1}, {})
    with pytest.raises(ValueError, match="named twice"):
        Layout.of(plan, ("a", "a"), ())
