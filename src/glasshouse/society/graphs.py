"""Explicit friend graphs, drawn once from addressed draws and stored as rows of sorted neighbours.

Every graph is a pair `(indptr, indices)`: int64 row starts (n + 1,) and uint32 neighbours (2 x ties,).
Graphs are symmetric, without self loops and without double ties. The same arguments give the same graph on every
machine. What a method does differently from the textbook is said at each function.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.errors import ScenarioError
from glasshouse.society.draws import events, philox_words, picks
from glasshouse.streams import ALWAYS, BUILTIN, MASK32, cumulative, exact, pick, threshold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    U64 = NDArray[np.uint64]
    Csr = tuple[NDArray[np.int64], NDArray[np.uint32]]
    Draw = Callable[[U64], U64]  # numbers of tries -> pair codes; a self loop is a try that failed

MAX_COMPLETE = 256
REWIRING_ROUNDS = 64
_HALF = np.uint64(32)


def erdos_renyi(n: int, mean: float, seed: int) -> Csr:
    """Return a graph of exactly round(n * mean / 2) ties, all such graphs equally likely.

    This is Erdos and Renyi's G(n, M), whose degrees are close to Poisson(mean), and not G(n, p), where the
    number of ties varies too. Try a draws two citizens from counter (a low, a high, 0, graph.edge); self loops and
    pairs drawn before are passed over until M pairs stand. One citizen is likelier than another by n / 2^32 at most.
    """
    ties = _ties(n, mean)
    if ties > n * (n - 1) // 2:
        raise _too_dense(f"{ties} ties are more than {n} citizens can have")

    def draw(tries: U64) -> U64:
        """Return the ties of some tries, loops among them."""
        low, high = _tries(tries, "graph.edge", seed)
        return _codes(picks(low, n), picks(high, n))

    return _csr(n, _distinct(ties, draw))


def block(n: int, mean: float, within_share: float, starts: Sequence[int], seed: int) -> Csr:
    """Return a graph of round(n * mean / 2) ties, of which round(within_share * ties) stay inside a block.

    Block b holds the ids starts[b] .. starts[b + 1] - 1. A tie inside: a uniform citizen and a uniform one of the
    same block; a tie outside: a uniform citizen and a uniform one of all other blocks. Repeats are drawn anew, so
    blocks too small for their ties get fewer and larger ones get more. Both numbers of ties are exact, unlike in the
    textbook's stochastic block model, where they vary.
    """
    ties = _ties(n, mean)
    within = round(ties * exact(within_share))
    first, size = _blocks(n, starts)
    room = sum(b * (b - 1) // 2 for b in np.diff(np.asarray(starts)).tolist())
    if within > room:
        raise _too_dense(f"{within} ties inside provinces are more than the {room} pairs there")
    if ties - within > n * (n - 1) // 2 - room:
        raise _too_dense(f"{ties - within} ties between provinces are more than the pairs there")

    def inside(tries: U64) -> U64:
        """Return the ties of some tries within a block."""
        low, high = _tries(tries, "graph.edge", seed)
        u = picks(low, n)
        return _codes(u, first[u] + picks(high, size[u]))

    def outside(tries: U64) -> U64:
        """Return the ties of some tries between blocks."""
        low, high = _tries(tries, "graph.target", seed)
        u = picks(low, n)
        v = picks(high, np.uint64(n) - size[u])
        return _codes(u, v + np.where(v >= first[u], size[u], np.uint64(0)))

    return _csr(n, np.concatenate([_distinct(within, inside), _distinct(ties - within, outside)]))


def watts_strogatz(n: int, k: int, rewired_share: float, seed: int) -> Csr:
    """Return a ring lattice of k neighbours whose ties are rewired with a probability (Watts & Strogatz 1998).

    The tie from i to i + d keeps its end i and draws a new other end, uniform over all citizens. All ties are rewired
    together, in rounds: a proposal that is a self loop, a place of the lattice, taken, or made by an earlier tie in
    the same round is drawn again. Places of the lattice that became free are not filled again, which the original,
    going tie by tie, allows with a probability of order k / n. What finds no place in 64 rounds stays where it was.

    Raises:
        ScenarioError: k is odd, or not below n.
    """
    if k % 2:
        raise ScenarioError((), f"graph: k is {k}, an odd number", help="give an even k: half on either side")
    if k >= n:
        raise ScenarioError((), f"graph: k is {k}, not below {n} citizens", help="lower k or add citizens")
    source = np.repeat(np.arange(n, dtype=np.uint64), k // 2)
    step = np.tile(np.arange(1, k // 2 + 1, dtype=np.uint64), n)
    lattice = _codes(source, (source + step) % np.uint64(n))
    low, _ = philox_words(source, step, 0, BUILTIN["graph.rewire"], seed)
    moves = events(low, threshold(rewired_share))
    moved = _rewire(n, k, source[moves], step[moves], lattice[moves], seed)
    return _csr(n, np.concatenate([lattice[~moves], moved]))


def barabasi_albert(n: int, m: int, seed: int) -> Csr:
    """Return a graph grown by preferential attachment (Barabasi & Albert 1999), m ties for each newcomer.

    It starts from the complete graph of citizens 0..m. A newcomer picks ends of ties made before its arrival,
    uniformly, and repeats a pick that gives a friend twice: try r of tie j has counter (newcomer, j + 128 r, 0,
    graph.target).

    Raises:
        ScenarioError: m is not below n.
    """
    if m >= n:
        raise ScenarioError((), f"graph: m is {m}, not below {n} citizens", help="lower m or add citizens")
    decision = BUILTIN["graph.target"]
    ends = [end for u in range(m + 1) for v in range(u) for end in (u, v)]
    newcomer = np.repeat(np.arange(m + 1, n, dtype=np.uint64), m)
    tie = np.tile(np.arange(m, dtype=np.uint64), n - m - 1)
    older = np.uint64(len(ends)) + np.uint64(2 * m) * (newcomer - np.uint64(m + 1))
    first_try = iter(picks(philox_words(newcomer, tie, 0, decision, seed)[0], older).tolist())
    for u in range(m + 1, n):
        before, friends = len(ends), []
        for j in range(m):
            friend, r = ends[next(first_try)], 0
            while friend in friends:
                r += 1
                friend = ends[pick(words(seed, u, j + 128 * r, 0, decision)[0], before)]
            friends.append(friend)
        for friend in friends:
            ends += (u, friend)
    pairs = np.array(ends, np.uint64).reshape(-1, 2)
    return _csr(n, _codes(pairs[:, 0], pairs[:, 1]))


def configuration(n: int, degrees: Sequence[int], shares: Sequence[float], seed: int) -> Csr:
    """Return a graph in which each citizen draws a degree from a distribution and loose ends are paired.

    Citizen i draws its degree once; its ends (i, number) are sorted by a draw and paired two by two. A last single
    end, self loops and double ties are dropped, so degrees can only be lower than drawn; for large n few are.
    """
    u, _ = philox_words(np.arange(n), 4, 0, BUILTIN["graph.degree"], seed)
    wanted = np.zeros(n, np.int64)
    undecided = np.full(n, True)
    for degree, t in zip(degrees, (*cumulative(shares)[:-1], ALWAYS), strict=True):
        hit = undecided & events(u, t)
        wanted[hit] = degree
        undecided &= ~hit
    owner = np.repeat(np.arange(n, dtype=np.uint64), wanted)
    row_start = np.cumsum(wanted) - wanted
    number = np.arange(owner.size, dtype=np.int64) - np.repeat(row_start, wanted)
    keys, _ = philox_words(owner, number, 0, BUILTIN["graph.order"], seed)
    shuffled = owner[np.argsort(keys, kind="stable")]
    paired = shuffled[: shuffled.size // 2 * 2].reshape(-1, 2)
    codes = np.unique(_codes(paired[:, 0], paired[:, 1]))
    return _csr(n, codes[~_is_loop(codes)])


def complete(n: int) -> Csr:
    """Return the graph of everybody with everybody, at most 256 citizens.

    Raises:
        ScenarioError: n is above 256.
    """
    if n > MAX_COMPLETE:
        raise ScenarioError(
            (),
            f"graph: a complete graph of {n} citizens; the limit is {MAX_COMPLETE}",
            help=f"simulate at most {MAX_COMPLETE} citizens, or choose another kind of graph",
        )
    u, v = np.triu_indices(n, 1)
    return _csr(n, _codes(u.astype(np.uint64), v.astype(np.uint64)))


def _ties(n: int, mean: float) -> int:
    return round(Fraction(n, 2) * exact(mean))


def _too_dense(message: str) -> ScenarioError:
    return ScenarioError((), f"graph: {message}", help="lower `graph.mean_friends` or add citizens")


def _tries(tries: U64, name: str, seed: int) -> tuple[U64, U64]:
    """Return the two words of try numbers, which may exceed 32 bits."""
    return philox_words(tries & np.uint64(MASK32), tries >> _HALF, 0, BUILTIN[name], seed)


def _codes(u: U64, v: U64) -> U64:
    """Return one number for each unordered pair: smaller id in the high half, larger in the low one."""
    return np.minimum(u, v) << _HALF | np.maximum(u, v)


def _is_loop(codes: U64) -> NDArray[np.bool_]:
    return codes >> _HALF == codes & np.uint64(MASK32)


def _distinct(count: int, draw: Draw) -> U64:
    """Return the first `count` different pairs of tries 0, 1, 2, ..., whatever the size of the batches."""
    tried, codes = 0, np.empty(0, np.uint64)
    while codes.size < count:
        batch = max(count - codes.size + isqrt(count), count // 4) + 16  # a graph near full misses often
        fresh = draw(np.arange(tried, tried + batch, dtype=np.uint64))
        codes = _first_of_each(np.concatenate([codes, fresh[~_is_loop(fresh)]]))
        tried += batch
    return codes[:count]


def _first_of_each(codes: U64) -> U64:
    """Return the codes without repeats, in the order of their first appearance."""
    _, first = np.unique(codes, return_index=True)
    return codes[np.sort(first)]


def _blocks(n: int, starts: Sequence[int]) -> tuple[U64, U64]:
    """Return the first id and the size of the block of every citizen."""
    edges = np.asarray(starts, np.int64)
    sizes = np.diff(edges)
    if edges[0] != 0 or edges[-1] != n or (sizes < 0).any():
        raise ValueError(f"blocks from {edges[0]} to {edges[-1]} do not cover {n} citizens")
    return np.repeat(edges[:-1], sizes).astype(np.uint64), np.repeat(sizes, sizes).astype(np.uint64)


def _rewire(n: int, k: int, source: U64, step: U64, lattice: U64, seed: int) -> U64:
    """Return the new places of ties that move; round r of a tie has counter (source, step, r, graph.target)."""
    placed = np.empty(0, np.uint64)
    for r in range(REWIRING_ROUNDS):
        if not source.size:
            break
        low, _ = philox_words(source, step, r, BUILTIN["graph.target"], seed)
        codes = _codes(source, picks(low, n))
        around = (codes & np.uint64(MASK32)) - (codes >> _HALF)
        near = np.minimum(around, np.uint64(n) - around) <= np.uint64(k // 2)  # self loops are near, too
        free = np.flatnonzero(~near & ~np.isin(codes, placed))
        _, first = np.unique(codes[free], return_index=True)
        won = np.zeros(codes.size, bool)
        won[free[first]] = True
        placed = np.concatenate([placed, codes[won]])
        source, step, lattice = source[~won], step[~won], lattice[~won]
    return np.concatenate([placed, lattice])


def _csr(n: int, codes: U64) -> Csr:
    """Return the rows of sorted neighbours of different pairs without loops."""
    arcs = np.sort(np.concatenate([codes, codes << _HALF | codes >> _HALF]))
    rows = (arcs >> _HALF).astype(np.int64)
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=n), out=indptr[1:])
    return indptr, (arcs & np.uint64(MASK32)).astype(np.uint32)
