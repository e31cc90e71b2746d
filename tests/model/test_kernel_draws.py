"""The compiled draws, orders, ties and traits are those of the plain ones, draw for draw."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scenarios import EVERYTHING, GRAPHS, everything, plan_of

from glasshouse import streams
from glasshouse.model.engine import Engine
from glasshouse.model.kernels import draw, lanes, people, ties
from glasshouse.model.oracle_traits import card_owner
from glasshouse.society.permutation import Permutation
from glasshouse.society.ties import Ties

U = np.uint64
ALWAYS = streams.ALWAYS
FULL = 0xFFFFFFFF
KNOWN = [  # Random123, tests/kat_vectors
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((FULL,) * 4, (FULL, FULL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
THRESHOLDS = [streams.threshold(p) for p in (0.0, 0.5, 1.0)] + [
    1 << 32,
    2**64 - (1 << 32),
    1,
    ALWAYS - 1,
    255 << 56,
]


def key_of(seed):
    return np.array([seed & FULL, seed >> 32, 0], U)


def cases(n, salt):
    """Random counters: (seed, decision, citizen, day)."""
    luck = random.Random(salt)
    ids = [0, 1, 63, 64, 3_999_999_999]
    for k in range(n):
        yield (
            luck.choice([0, 1, 2**64 - 1, luck.getrandbits(64)]),
            luck.getrandbits(32),
            ids[k] if k < len(ids) else luck.randrange(4_000_000_000),
            luck.randrange(4000),
        )


@pytest.mark.jit_off
@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_the_known_answers_of_random123(counter, key, words):
    lo, hi = draw.philox(*(U(c) for c in counter), *(U(k) for k in key))
    assert (int(lo), int(hi)) == (words[0] | words[1] << 32, words[2] | words[3] << 32)


def test_two_thousand_random_counters():
    for seed, decision, first, day in cases(2_000, 1):
        second = decision ^ 0x5A5A5A5A
        c1 = first >> 3
        lo, hi = draw.philox(U(first), U(c1), U(day), U(decision), U(seed & FULL), U(seed >> 32))
        assert (int(lo), int(hi)) == streams.words(seed, first, c1, day, decision)
        assert int(draw.pair(key_of(seed), decision, first, second, day)) == streams.pair(
            seed, decision, first, second, day
        )


@pytest.mark.parametrize("index", [0, 1, 30])
def test_private_draws(index):
    for seed, decision, citizen, day in cases(300, 2 + index):
        found = draw.private(key_of(seed), decision, citizen, day, index)
        assert int(found) == streams.private(seed, decision, citizen, day, index)


@pytest.mark.jit_off
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_events_at_the_edges(threshold):
    for u in {0, 1, max(0, threshold - 1), threshold, min(ALWAYS, threshold + 1), ALWAYS - 1, ALWAYS}:
        assert bool(draw.event(U(u), U(threshold))) == streams.event(u, threshold)


@pytest.mark.jit_off
def test_categories_and_picks():
    luck = random.Random(4)
    for cumulative in (
        [],
        [0],
        [ALWAYS],
        [0, 1 << 63, 1 << 63, ALWAYS],
        [1, 2**64 - (1 << 32)],
        [5, 9, 1 << 60],
    ):
        table = np.array([*cumulative, 0], U)
        for u in (0, 1, 4, 5, 9, 1 << 60, 1 << 63, ALWAYS - 1, ALWAYS, luck.getrandbits(64)):
            assert draw.category(U(u), table, len(cumulative)) == streams.category(u, cumulative)
    for n in (1, 2, 3, 31, 1 << 31, 4_000_000_000, 1 << 32):
        for u in (0, 1, FULL, 1 << 32, ALWAYS - FULL, ALWAYS, luck.getrandbits(64)):
            assert draw.pick(U(u), n) == streams.pick(u, n)


@pytest.mark.jit_off
def test_bits_of_masks():
    luck = random.Random(5)
    for place in range(64):
        mask = 1 << place | luck.getrandbits(64) >> place << place
        assert lanes.lowest(U(mask)) == place
        assert draw.bit(U(mask), place)
        assert not draw.bit(U(mask ^ 1 << place), place)
        assert lanes.ones(U(mask)) == mask.bit_count()
    assert lanes.ones(U(0)) == 0
    assert lanes.ones(U(ALWAYS)) == 64


# ---- orders and ties


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 16, 17, 31, 64, 65, 1000, 65_537, 3_999_999_999, 4_000_000_000])
def test_orders(n):
    for seed, decision, _, salt in cases(4, 6):
        plain = Permutation(n, seed, decision, salt % 31)
        keys = np.array([plain.keys], U)
        luck = random.Random(n)
        for x in {0, n - 1, n // 2, *(luck.randrange(n) for _ in range(60))}:
            position = ties.forward(keys, 0, n, x)
            assert position == plain.forward(x)
            assert ties.inverse(keys, 0, n, position) == x
            assert ties.inverse(keys, 0, n, x) == plain.inverse(x)


MANY = {"circle": EVERYTHING["circle"] | {"none": {"scope": "nation", "sizes": [3]}}}


@pytest.mark.parametrize("graph", [None, "watts-strogatz"])
@pytest.mark.parametrize("citizens", [2, 70, 2_000])
def test_friends_and_chats(citizens, graph):
    graphs = {"graph": {"kind": graph, **GRAPHS[graph]}} if graph and citizens > 4 else {}
    plan = plan_of(everything(**MANY, **graphs), citizens=citizens)
    part, plain = Engine(plan, threads=1).parts[0], Ties(plan.ties, plan.population)
    found, room = np.zeros(512, np.int64), np.zeros((4, 64), np.uint64)
    for i in range(0, citizens, max(1, citizens // 150)):
        count = ties.friends(part.tables[0], part.graph, i, found, room)
        assert found[:count].tolist() == plain.friends(i)
        count = ties.chat_members(part.tables[0], i, found, room)
        assert found[:count].tolist() == plain.chat_members(i)


# ---- traits


def test_traits_of_two_thousand_citizens():
    plan = plan_of(EVERYTHING, citizens=2_000)
    engine = Engine(plan, threads=1)
    tables, planes, known = engine.tables[0], engine.states[0].planes, plan.population
    for i in range(2_000):
        row, place = planes[i // 64], i % 64
        assert people.province_of(tables, i) == known.province(i)
        assert people.group_of(planes, i) == people.group_drawn(tables, i) == known.group(i)
        assert draw.bit(row[people.PLANE_MEMBER], place) == known.member(i)
        assert draw.bit(row[people.PLANE_ONLINE], place) == known.online(i)
        assert people.card_owner(tables.key, i, 2_000) == card_owner(plan, i)
