"""Explicit graphs: their form, their statistics against theory, and slow twins that draw one try at a time.

Bounds are 4.9 standard errors (two-sided 1e-6) unless said otherwise; seeds are fixed.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.errors import ScenarioError
from glasshouse.society import graphs
from glasshouse.society.draws import events, philox_words, picks
from glasshouse.streams import ALWAYS, BUILTIN, pick, words

DRAWN = {
    "erdos_renyi": lambda n, seed=1: graphs.erdos_renyi(n, min(6, n - 1), seed),
    "watts_strogatz": lambda n, seed=1: graphs.watts_strogatz(n, min(6, (n - 1) // 2 * 2), 0.3, seed),
    "barabasi_albert": lambda n, seed=1: graphs.barabasi_albert(n, min(3, n - 1), seed),
    "block": lambda n, seed=1: graphs.block(n, min(2, n / 4), 0.5, (0, 0, n // 3, n // 3, n), seed),
    "configuration": lambda n, seed=1: graphs.configuration(n, (0, 3, 8), (0.2, 0.5, 0.3), seed),
    "complete": lambda n, _seed=1: graphs.complete(min(n, 256)),
}


def rows(graph):
    indptr, indices = graph
    return [indices[a:b].tolist() for a, b in pairwise(indptr.tolist())]


def ties_of(graph):
    return {(u, v) for u, row in enumerate(rows(graph)) for v in row if u < v}


def triangles(graph):
    near = [set(row) for row in rows(graph)]
    return sum(len(near[u] & near[v]) for u, v in ties_of(graph)) / 3


# ---- draws


@given(
    st.lists(st.tuples(*[st.integers(0, 2**32 - 1)] * 3), min_size=1, max_size=8),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**64 - 1),
)
def test_words_of_arrays_are_the_words_of_streams(counters, decision, seed):
    c0, c1, day = (np.array(part) for part in zip(*counters, strict=True))
    low, high = philox_words(c0, c1, day, decision, seed)
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == [words(seed, *c, decision) for c in counters]


def test_counters_are_broadcast_and_cut_into_chunks_unseen():
    low, _ = philox_words(np.arange(100_000), 4, 0, 9, 5)
    assert [low[i] for i in (0, 32_767, 32_768, 99_999)] == [
        words(5, i, 4, 0, 9)[0] for i in (0, 32_767, 32_768, 99_999)
    ]


def test_events_and_picks_are_those_of_streams():
    u = np.array([0, 1, 2**63, 2**64 - 1], np.uint64)
    assert events(u, ALWAYS).all()
    assert not events(u, 0).any()
    assert events(u, 2**63).tolist() == [True, True, False, False]
    assert picks(u, 4_000_000_000).tolist() == [pick(x, 4_000_000_000) for x in u.tolist()]


# ---- form


@pytest.mark.parametrize("n", [1, 2, 3, 31, 64, 65, 151])
@pytest.mark.parametrize("kind", DRAWN)
def test_rows_are_sorted_symmetric_and_without_loops(kind, n):
    graph = DRAWN[kind](n)
    indptr, indices = graph
    assert (indptr.dtype, indices.dtype, indptr.size) == (np.int64, np.uint32, n + 1)
    near = rows(graph)
    for u, row in enumerate(near):
        assert row == sorted(set(row))
        assert u not in row
        assert all(u in near[v] for v in row)


@pytest.mark.parametrize("kind", DRAWN)
def test_the_seed_fixes_the_graph(kind):
    first, again, other = DRAWN[kind](151), DRAWN[kind](151), DRAWN[kind](151, 2)
    assert rows(first) == rows(again)
    assert (rows(first) == rows(other)) is (kind == "complete")


# ---- Erdos-Renyi


def test_erdos_renyi_one_try_at_a_time():
    n, seed = 40, 3
    found = set()
    a = 0
    while len(found) < 100:
        low, high = words(seed, a, 0, 0, BUILTIN["graph.edge"])
        u, v = sorted((pick(low, n), pick(high, n)))
        if u != v:
            found.add((u, v))
        a += 1
    assert ties_of(graphs.erdos_renyi(n, 5, seed)) == found


def test_more_ties_keep_those_there_were():
    assert ties_of(graphs.erdos_renyi(300, 2, 8)) < ties_of(graphs.erdos_renyi(300, 9.5, 8))


def test_erdos_renyi_degrees_are_poisson():
    n, z = 20_000, 4.0
    degrees = np.diff(graphs.erdos_renyi(n, z, 1)[0])
    assert degrees.sum() == n * z
    counts = np.bincount(np.minimum(degrees, 12), minlength=13)
    poisson = [math.exp(-z) * z**k / math.factorial(k) for k in range(12)]
    expected = n * np.array([*poisson, 1 - sum(poisson)])
    chi2 = float(((counts - expected) ** 2 / expected).sum())
    assert chi2 < 45  # 12 degrees of freedom: 1e-5


def test_erdos_renyi_triangles():
    expected = 10**3 / 6
    assert abs(triangles(graphs.erdos_renyi(20_000, 10, 1)) - expected) < 4.9 * expected**0.5


def test_erdos_renyi_giant_component():
    """S = 1 - exp(-2 S) = 0.796812; variance of the share S (1 - S) / (1 - 2 (1 - S))^2 / n."""
    n, share = 100_000, 0.796812
    near = rows(graphs.erdos_renyi(n, 2, 1))
    seen = [False] * n
    largest = 0
    for start in range(n):
        size, queue = 0, [] if seen[start] else [start]
        seen[start] = True
        while queue:
            size += 1
            for v in near[queue.pop()]:
                if not seen[v]:
                    seen[v] = True
                    queue.append(v)
        largest = max(largest, size)
    error = (share * (1 - share) / n) ** 0.5 / (1 - 2 * (1 - share))
    assert abs(largest / n - share) < 4.9 * error


def test_erdos_renyi_up_to_everybody():
    assert graphs.erdos_renyi(30, 29, 1)[1].size == 30 * 29
    with pytest.raises(ScenarioError, match="more than 30 citizens can have"):
        graphs.erdos_renyi(30, 29.5, 1)
    assert graphs.erdos_renyi(1, 0, 1)[1].size == 0


# ---- Watts-Strogatz


def test_the_lattice():
    n, k = 1000, 10
    graph = graphs.watts_strogatz(n, k, 0.0, 1)
    assert rows(graph)[0] == [1, 2, 3, 4, 5, 995, 996, 997, 998, 999]
    assert triangles(graph) == 10 * n  # clustering 3 (k - 2) / (4 (k - 1)) = 2/3 of 45 pairs, a third each


@pytest.mark.parametrize(("share", "clustering"), [(0.01, 0.64687), (0.1, 0.486), (0.5, 0.08333)])
def test_clustering_falls_as_the_cube_of_what_is_kept(share, clustering):
    """Triangles over the pairs of k neighbours; asymptotic, 2 %."""
    n, k = 20_000, 10
    graph = graphs.watts_strogatz(n, k, share, 1)
    assert graph[1].size == n * k
    assert 3 * triangles(graph) / (n * k * (k - 1) / 2) == pytest.approx(clustering, rel=0.02)


def test_share_of_ties_rewired():
    n, k, share = 5000, 10, 0.3
    lattice, moved = (
        ties_of(graphs.watts_strogatz(n, k, 0, 2)),
        ties_of(graphs.watts_strogatz(n, k, share, 2)),
    )
    assert len(moved) == len(lattice) == 25_000
    away = len(moved - lattice) / 25_000
    assert abs(away - share) < 4.9 * (share * (1 - share) / 25_000) ** 0.5
    assert not ties_of(graphs.watts_strogatz(n, k, 1, 2)) & lattice


def test_rewiring_keeps_the_end_it_starts_from():
    near = rows(graphs.watts_strogatz(500, 4, 1.0, 5))
    assert min(map(len, near)) >= 2
    assert sum(map(len, near)) == 2000


def test_what_finds_no_place_stays():
    assert graphs.watts_strogatz(7, 6, 1.0, 1)[1].size == 42
    assert graphs.watts_strogatz(8, 6, 1.0, 1)[1].size == 48


def test_lattices_that_do_not_exist_are_refused():
    with pytest.raises(ScenarioError, match="an odd number"):
        graphs.watts_strogatz(10, 3, 0.1, 1)
    with pytest.raises(ScenarioError, match="not below 6 citizens"):
        graphs.watts_strogatz(6, 6, 0.1, 1)


# ---- Barabasi-Albert


def test_barabasi_albert_one_try_at_a_time():
    n, m, seed = 60, 4, 9
    ends = [end for u in range(m + 1) for v in range(u) for end in (u, v)]
    for u in range(m + 1, n):
        before, friends = len(ends), []
        for j in range(m):
            r = 0
            while True:
                end = ends[pick(words(seed, u, j + 128 * r, 0, BUILTIN["graph.target"])[0], before)]
                if end not in friends:
                    break
                r += 1
            friends.append(end)
        ends += [end for friend in friends for end in (u, friend)]
    found = {tuple(sorted(ends[e : e + 2])) for e in range(0, len(ends), 2)}
    assert ties_of(graphs.barabasi_albert(n, m, seed)) == found


def test_barabasi_albert_degrees():
    """P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)): 0.4, 0.2, 0.11429, 0.07143 for m = 3."""
    n, m = 30_000, 3
    degrees = np.diff(graphs.barabasi_albert(n, m, 1)[0])
    assert degrees.sum() == 2 * (m * (m + 1) // 2 + m * (n - m - 1))
    for k in range(3, 7):
        p = 2 * m * (m + 1) / (k * (k + 1) * (k + 2))
        assert abs((degrees == k).mean() - p) < 4.9 * (p * (1 - p) / n) ** 0.5
    assert degrees.min() == m
    assert degrees.max() > 100


def test_barabasi_albert_needs_a_start():
    assert graphs.barabasi_albert(4, 3, 1)[1].size == 12
    with pytest.raises(ScenarioError, match="m is 4, not below 4 citizens"):
        graphs.barabasi_albert(4, 4, 1)


# ---- blocks, degrees, everybody


def test_ties_inside_blocks_are_counted_exactly():
    starts = (0, 100, 100, 700, 1000)
    graph = graphs.block(1000, 8, 0.75, starts, 4)
    ties = np.array(sorted(ties_of(graph)))
    home = np.searchsorted(starts, ties, side="right")
    assert len(ties) == 4000
    assert (home[:, 0] == home[:, 1]).sum() == 3000


def test_every_citizen_expects_the_same_number_inside():
    """Mean ties inside for each block: 6, variance at most that of a Poisson number."""
    starts = (0, 2000, 5000, 10_000)
    near = rows(graphs.block(10_000, 8, 0.75, starts, 4))
    for a, b in pairwise(starts):
        inside = sum(a <= v < b for u in range(a, b) for v in near[u]) / (b - a)
        assert abs(inside - 6) < 4.9 * (2 * 6 / (b - a)) ** 0.5


def test_blocks_without_room_are_refused():
    with pytest.raises(ScenarioError, match="more than the 2 pairs there"):
        graphs.block(4, 2, 1.0, (0, 2, 4), 1)
    with pytest.raises(ScenarioError, match="between provinces"):
        graphs.block(4, 2, 0.0, (0, 4), 1)
    with pytest.raises(ValueError, match="do not cover 5 citizens"):
        graphs.block(5, 1, 0.5, (0, 4), 1)
    assert graphs.block(4, 1, 1.0, (0, 2, 4), 1)[1].tolist() == [1, 0, 3, 2]


def test_published_degrees_come_out():
    n, degrees, shares = 20_000, (0, 2, 7, 30), (0.1, 0.4, 0.4, 0.1)
    found = np.diff(graphs.configuration(n, degrees, shares, 3)[0])
    low = 0
    for degree, share in zip(degrees, shares, strict=True):
        counted = ((found >= low) & (found <= degree)).mean()
        low = degree + 1
        assert abs(counted - share) < 4.9 * (share * (1 - share) / n) ** 0.5 + 2e-3  # a few fell below
    wanted = sum(d * s for d, s in zip(degrees, shares, strict=True))
    assert found.mean() == pytest.approx(wanted, rel=0.02)
    assert found.max() <= 30


def test_configuration_of_one_degree_is_nearly_regular():
    found = np.diff(graphs.configuration(5000, (4,), (1.0,), 3)[0])
    assert found.max() == 4
    assert 5000 * 4 - found.sum() < 2 * 20  # loops: 1.5 expected, doubles: 2.25 expected


def test_everybody_with_everybody():
    assert rows(graphs.complete(4)) == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]
    assert graphs.complete(256)[1].size == 256 * 255
    with pytest.raises(ScenarioError, match="the limit is 256"):
        graphs.complete(257)


@pytest.mark.parametrize("kind", DRAWN)
def test_friendship_paradox_is_an_identity(kind):
    """The mean degree of a neighbour, over all ends of ties, is <k^2> / <k>."""
    indptr, indices = DRAWN[kind](151)
    degrees = np.diff(indptr)
    assert degrees[indices].sum() == (degrees**2).sum()
