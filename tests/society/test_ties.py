"""Circles, rings and graphs as ties: partitions, symmetry, and the reference page by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from glasshouse.errors import ScenarioError
from glasshouse.society.permutation import Permutation
from glasshouse.society.population import compile_population
from glasshouse.society.ties import Ties, compile_ties, friend_bound
from glasshouse.streams import decision_id, event, pair, threshold

SIZES = (1, 2, 3, 31, 64, 65, 151)
CIRCLES = {
    "work": {"scope": "province", "sizes": [4, 1, 9], "friend_share": 0.5},
    "home": {"scope": "province", "sizes": [2, 3], "friend_share": 1.0},
    "chat": {"scope": "nation", "sizes": [5, 40], "friend_share": 0.1, "chat": True},
    "news": {"scope": "province", "sizes": [500], "chat": True},
    "away": {"scope": "nation", "sizes": [2], "friend_share": 1.0, "disabled": True},
}
RINGS = {"b": {}, "a": {}, "c": {"disabled": True}}


def tied(make, n, seed=7, **tables):
    scenario = make(**tables)
    people = compile_population(scenario, n, seed)
    return Ties(compile_ties(scenario, people), people)


def test_the_plan_is_in_the_order_of_ids_without_disabled_tables(make):
    plan = tied(make, 10, circle=CIRCLES, ring=RINGS, ties={"cut_share": 0.5}).plan
    assert [circle.id for circle in plan.circles] == ["chat", "home", "news", "work"]
    assert plan.rings == (decision_id("ring.a:order"), decision_id("ring.b:order"))
    work = plan.circles[3]
    assert (work.provincial, work.sizes, work.starts, work.period) == (True, (4, 1, 9), (0, 4, 5), 14)
    assert work.permutation_decision == decision_id("circle.work:order")
    assert work.friends_decision == decision_id("circle.work:friends")
    assert (work.friends_threshold, work.chat) == (threshold(0.5), False)
    assert (plan.indptr, plan.indices, plan.cut_threshold) == (None, None, 2**63)


@pytest.mark.parametrize("n", SIZES)
def test_groups_partition_the_citizens(make, n):
    ties = tied(make, n, circle=CIRCLES)
    for k, circle in enumerate(ties.plan.circles):
        groups = {tuple(ties.members(k, i)) for i in range(n)}
        assert sorted(i for group in groups for i in group) == list(range(n))
        assert all(ties.members(k, i) == list(group) for group in groups for i in group)
        assert all(len(group) <= max(circle.sizes) for group in groups)
        if circle.provincial:
            assert all(len({*map(ties.population.province, group)}) == 1 for group in groups)


def test_members_lie_in_order_of_position(make):
    n = 151
    ties = tied(make, n, circle=CIRCLES)
    order = Permutation(n, 7, decision_id("circle.chat:order"))
    assert ties.members(0, order.inverse(0)) == [order.inverse(q) for q in range(5)]
    assert ties.members(0, order.inverse(44)) == [order.inverse(q) for q in range(5, 45)]
    assert ties.members(0, order.inverse(150)) == [order.inverse(q) for q in range(140, 151)]  # cut at n


def test_a_provincial_circle_is_salted_by_its_province(make):
    ties = tied(make, 1009, circle=CIRCLES)
    start = ties.population.province_start
    order = Permutation(start[19] - start[18], 7, decision_id("circle.home:order"), 18)
    assert ties.members(1, start[18] + order.inverse(2)) == [start[18] + order.inverse(q) for q in (2, 3, 4)]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("graph", [None, {"kind": "complete"}])
def test_friendship_is_mutual(make, n, graph):
    ties = tied(make, n, circle=CIRCLES, ring=RINGS, graph=graph)
    friends = [Counter(ties.friends(i)) for i in range(n)]
    for i in range(n):
        assert friends[i][i] == 0
        for j, times in friends[i].items():
            assert friends[j][i] == times


def test_friends_come_by_circles_then_rings_then_graph(make):
    n, i = 31, 12
    ties = tied(make, n, circle=CIRCLES, ring=RINGS, graph={"kind": "complete"})
    chat = decision_id("circle.chat:friends")
    drawn = [
        j for j in ties.members(0, i) if j != i and event(pair(7, chat, *sorted((i, j)), 0), threshold(0.1))
    ]
    friends = ties.friends(i)
    assert friends[: len(drawn)] == drawn
    home = [j for j in ties.members(1, i) if j != i]
    assert friends[len(drawn) : len(drawn) + len(home)] == home
    order = Permutation(n, 7, decision_id("ring.a:order"))
    q = order.forward(i)
    assert friends[-34:-32] == [order.inverse((q + 1) % n), order.inverse((q - 1) % n)]
    assert friends[-30:] == [j for j in range(n) if j != i]


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (2, 0), (3, 4), (31, 4)])
def test_a_ring_needs_three(make, n, expected):
    ties = tied(make, n, ring=RINGS)
    assert all(len(ties.friends(i)) == expected for i in range(n))


def test_a_pair_tied_twice_counts_twice(make):
    ties = tied(make, 3, ring={"a": {}}, graph={"kind": "complete"})
    assert sorted(ties.friends(0)) == [1, 1, 2, 2]


def test_share_of_friends_in_a_circle(make):
    """All pairs of a group of 100: within 4.9 standard errors of 30 %."""
    ties = tied(make, 100, circle={"c": {"scope": "nation", "sizes": [100], "friend_share": 0.3}})
    pairs = sum(len(ties.friends(i)) for i in range(100)) / 2
    assert abs(pairs / 4950 - 0.3) < 4.9 * (0.21 / 4950) ** 0.5


def test_chat_members_and_owner(make):
    n = 65
    ties = tied(make, n, circle=CIRCLES)
    assert (ties.chat_circles, ties.first_chat) == ((0, 2), 0)
    owners = [ties.owner(i) for i in range(n)]
    for i in range(n):
        assert owners[i] == ties.members(0, i)[0]
        assert owners[owners[i]] == owners[i]
        both = Counter(ties.members(0, i)) + Counter(ties.members(2, i)) - Counter({i: 2})
        assert Counter(ties.chat_members(i)) == both


def test_without_chat_nobody_owns(make):
    ties = tied(make, 5)
    assert (ties.chat_circles, ties.first_chat, ties.owner(3), ties.chat_members(3)) == ((), None, None, [])
    assert ties.friends(3) == []


def test_ties_of_the_last_of_four_billion(make):
    n = 4_000_000_000
    ties = tied(make, n, circle=CIRCLES, ring=RINGS)
    i = n - 1
    for k in range(4):
        assert i in ties.members(k, i)
        assert all(ties.members(k, j) == ties.members(k, i) for j in ties.members(k, i)[:3])
    friends = ties.friends(i)
    assert all(0 <= j < n and i in ties.friends(j) for j in friends)


def test_bound_of_friends(make):
    assert friend_bound(make()) == 0
    assert friend_bound(make(circle=CIRCLES, ring=RINGS)) == 39 + 2 + 8 + 4
    assert friend_bound(make(society={"citizens": 100}, graph={"kind": "complete"})) == 99
    degrees = {"kind": "configuration", "degrees": [3, 9, 200], "degree_shares": [0.5, 0.5, 0.0]}
    assert friend_bound(make(graph=degrees)) == 9
    assert friend_bound(make(graph={"kind": "watts-strogatz", "k": 6, "rewired_share": 0.0})) == 6
    assert friend_bound(make(graph={"kind": "watts-strogatz", "k": 6, "rewired_share": 0.1})) == 0


def test_nobody_has_more_friends_than_the_bound(make):
    scenario = make(circle=CIRCLES, ring=RINGS)
    ties = tied(make, 151, circle=CIRCLES, ring=RINGS)
    assert max(len(ties.friends(i)) for i in range(151)) <= friend_bound(scenario)


def test_hubs_are_refused(make):
    with pytest.raises(
        ScenarioError, match=r"one citizen has \d+ friends in the graph; the limit is 255"
    ) as caught:
        tied(make, 10_000, graph={"kind": "barabasi-albert", "m": 5})
    assert "without hubs" in caught.value.help
    tied(make, 255, graph={"kind": "complete"})
    tied(make, 256, graph={"kind": "complete"})
    with pytest.raises(ScenarioError, match="255 friends in the graph, and circles and rings up to 2 more"):
        tied(make, 256, graph={"kind": "complete"}, ring={"a": {}})


@pytest.mark.parametrize(
    "graph",
    [
        {"kind": "erdos-renyi", "mean_friends": 4.0},
        {"kind": "watts-strogatz", "k": 4, "rewired_share": 0.1},
        {"kind": "barabasi-albert", "m": 2},
        {"kind": "block", "mean_friends": 4.0, "within_share": 0.5},
        {"kind": "configuration", "degrees": [2, 6], "degree_shares": [0.5, 0.5]},
        {"kind": "complete"},
    ],
)
def test_every_kind_of_graph_is_drawn_and_read_back(make, graph):
    ties = tied(make, 200, graph=graph)
    assert (ties.plan.indptr.dtype, ties.plan.indices.dtype) == (np.int64, np.uint32)
    assert sum(len(ties.friends(i)) for i in range(200)) == ties.plan.indices.size > 200
    assert type(ties.friends(199)[0]) is int


def test_a_graph_without_its_number_is_refused(make):
    with pytest.raises(ScenarioError, match=r"graph.k: missing for kind watts-strogatz"):
        tied(make, 10, graph={"kind": "watts-strogatz", "rewired_share": 0.1})
