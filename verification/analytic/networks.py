"""Checks of the graphs themselves, drawn by the shipped functions: degrees, triangles, rewiring, neighbours."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from glasshouse.society import graphs
from verification.analytic.check import Check, Finding, exact
from verification.analytic.samples import of_mean

Csr = tuple[np.ndarray, np.ndarray]


def log_choose(n: int, k: int) -> float:
    """Return the logarithm of n over k; minus infinity where there is no way."""
    if not 0 <= k <= n:
        return -math.inf
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


# ---------------------------------------------------------------- random graphs of exactly M ties


def degree_counts(seed: int) -> list[Finding]:
    """How many citizens have k friends, with the exact mean and variance of G(n, M), where degrees hang together."""
    n, mean = 6_000, 3.0
    indptr, _ = graphs.erdos_renyi(n, mean, seed)
    ties, counts = int(indptr[-1]) // 2, np.bincount(np.diff(indptr), minlength=9)
    found = []
    for k in range(9):
        alone, both = degree_law(n, ties, k)
        variance = n * alone * (1 - alone) + n * (n - 1) * (both - alone * alone)
        found.append(Finding(f"citizens with {k} friends", n * alone, int(counts[k]), math.sqrt(variance), k))
    return found


def degree_law(n: int, ties: int, k: int) -> tuple[float, float]:
    """Return the chance of one citizen, and of two together, to have k friends in a graph of exactly so many ties.

    Ties are drawn without repeats from all pairs: n - 1 concern one citizen; of two, one concerns both and n - 2
    each alone (multivariate hypergeometric).
    """
    places = n * (n - 1) // 2
    alone = math.exp(log_choose(n - 1, k) + log_choose(places - n + 1, ties - k) - log_choose(places, ties))
    tied = ties / places

    def given(own: int, rest: int) -> float:
        """Return the chance that each of two has `own` ties of its own, of `rest` ties on the other pairs."""
        others = places - 1 - 2 * (n - 2)
        ways = 2 * log_choose(n - 2, own) + log_choose(others, rest - 2 * own)
        return math.exp(ways - log_choose(places - 1, rest))

    return alone, tied * given(k - 1, ties - 1) + (1 - tied) * given(k, ties)


def triangles_of_random(seed: int) -> list[Finding]:
    """How many triangles a graph of exactly M ties has, with exact mean and variance."""
    n, mean, worlds = 1_200, 15.0, 8
    drawn = [graphs.erdos_renyi(n, mean, worlds * seed + k) for k in range(worlds)]
    average, variance = triangle_law(n, int(drawn[0][0][-1]) // 2)
    counted = sum(triangles(matrix(one)) for one in drawn)
    return [Finding(f"triangles of {worlds} graphs", worlds * average, counted, math.sqrt(worlds * variance))]


def triangle_law(n: int, ties: int) -> tuple[float, float]:
    """Return mean and variance of the number of triangles: two share no tie, one, or are the same."""
    places, all_of = n * (n - 1) // 2, math.comb(n, 3)

    def there(number: int) -> Fraction:
        """Return the chance that so many given pairs are all ties."""
        out = Fraction(1)
        for k in range(number):
            out *= Fraction(ties - k, places - k)
        return out

    sharing = 3 * (n - 3)
    mean = all_of * there(3)
    square = all_of * (there(3) + sharing * there(5) + (all_of - 1 - sharing) * there(6))
    return float(mean), float(square - mean * mean)


def matrix(graph: Csr) -> np.ndarray:
    """Return the graph as a matrix of zeros and ones, float32: exact up to 2^24."""
    indptr, indices = graph
    out = np.zeros((indptr.size - 1, indptr.size - 1), np.float32)
    out[np.repeat(np.arange(indptr.size - 1), np.diff(indptr)), indices] = 1
    return out


def triangles(ties: np.ndarray) -> int:
    """Return the number of triangles."""
    return round(float(((ties @ ties) * ties).sum(dtype=np.float64))) // 6


# ---------------------------------------------------------------- the ring lattice, rewired


def small_world(seed: int) -> list[Finding]:
    """Of the lattice's triangles (1 - b)^3 last, of its ties 1 - b; each tie moves on its own."""
    n, k, found = 1_200, 10, []
    half = k // 2
    for b in (0.01, 0.1, 0.5):
        ties = matrix(graphs.watts_strogatz(n, k, b, seed))
        steps = np.abs(np.arange(n)[:, None] - np.arange(n))
        lattice = ties * (np.minimum(steps, n - steps) <= half)
        lasting, q = int(lattice.sum()) // 2, 1 - b
        found.append(Finding(f"ties that last, b = {b}", n * half * q, lasting, math.sqrt(n * half * b * q)))
        first = n * half * (half - 1) // 2
        sharing = n * sum(math.comb(d - 1 + 2 * (half - d), 2) for d in range(1, half + 1))
        variance = first * (q**3 - q**6) + 2 * sharing * (q**5 - q**6)
        found.append(
            Finding(f"triangles that last, b = {b}", first * q**3, triangles(lattice), math.sqrt(variance))
        )
    return found


# ---------------------------------------------------------------- preferential attachment


def attachment(seed: int) -> list[Finding]:
    """Shares of citizens with m, m + 1, ... friends, by the master equation of growth."""
    n, m, worlds = 10_000, 3, 12
    due = growth(n, m)
    counts = np.array([counted(n, m, worlds * seed + k) for k in range(worlds)])
    return [
        of_mean(f"share with {k} friends", due[k] / n, (counts[:, k] / n).tolist(), k)
        for k in range(m, m + 5)
    ]


def counted(n: int, m: int, seed: int) -> np.ndarray:
    """Return how many citizens of a grown graph have 0 .. 7 friends."""
    return np.bincount(np.diff(graphs.barabasi_albert(n, m, seed)[0]), minlength=8)[:8]


def growth(n: int, m: int) -> list[float]:
    """Return the mean numbers of citizens with 0, 1, .. friends after growth from a complete graph of m + 1.

    For large n their shares are 2 m (m + 1) / (k (k + 1) (k + 2)).
    """
    top = m + 60
    now = [0.0] * (top + 1)
    now[m] = m + 1
    ties = m * (m + 1) / 2
    for _ in range(m + 1, n):
        rate = m / (2 * ties)
        now = [
            now[k] * (1 - rate * k) + (now[k - 1] * rate * (k - 1) if k else 0.0) + (k == m)
            for k in range(top + 1)
        ]
        ties += m
    return now


# ---------------------------------------------------------------- neighbours


def drawn_graphs(seed: int) -> dict[str, Csr]:
    """Return a graph of each kind."""
    return {
        "erdos-renyi": graphs.erdos_renyi(2_000, 6.0, seed),
        "watts-strogatz": graphs.watts_strogatz(2_000, 8, 0.2, seed),
        "barabasi-albert": graphs.barabasi_albert(2_000, 4, seed),
        "block": graphs.block(2_000, 6.0, 0.7, [0, 500, 1_200, 2_000], seed),
        "configuration": graphs.configuration(2_000, [1, 4, 30], [0.5, 0.4, 0.1], seed),
        "complete": graphs.complete(120),
    }


def friends_of_friends(seed: int) -> list[Finding]:
    """The mean number of friends of a friend is <k^2> / <k>, so no less than the mean: an identity of every graph."""
    found = []
    for kind, (indptr, indices) in drawn_graphs(seed).items():
        degrees = np.diff(indptr)
        found.append(
            exact(
                f"{kind}: sum of friends' friends, less the sum of squares",
                0,
                int(degrees[indices].sum() - (degrees**2).sum()),
            )
        )
        fewer = bool(degrees[indices].mean() < degrees.mean())
        found.append(exact(f"{kind}: friends have fewer friends than one has", 0, int(fewer)))
    return found


def sound_rows(seed: int) -> list[Finding]:
    """Every stored graph is symmetric, without loops and without double ties."""
    found = []
    for kind, (indptr, indices) in drawn_graphs(seed).items():
        owner = np.repeat(np.arange(indptr.size - 1), np.diff(indptr))
        there = owner.astype(np.int64) << 32 | indices
        back = np.sort(indices.astype(np.int64) << 32 | owner)
        loops, doubles = int((owner == indices).sum()), there.size - np.unique(there).size
        found.append(
            exact(
                f"{kind}: arcs without their reverse, loops, doubles",
                0,
                int((there != back).sum()) + loops + doubles,
            )
        )
    return found


def inside_blocks(seed: int) -> list[Finding]:
    """Of a block graph exactly the given share of ties stays inside a block."""
    starts, mean, within = [0, 500, 1_200, 2_000], 6.0, 0.7
    indptr, indices = graphs.block(2_000, mean, within, starts, seed)
    block = np.searchsorted(starts, np.arange(2_000), side="right")
    owner = np.repeat(np.arange(2_000), np.diff(indptr))
    inside = int((block[owner] == block[indices]).sum()) // 2
    ties = round(2_000 * mean / 2)
    return [
        exact("ties", ties, int(indptr[-1]) // 2),
        exact("ties inside blocks", round(within * ties), inside),
    ]


CHECKS = (
    Check(
        "degrees-of-random-graphs",
        "library",
        "hypergeometric degrees of G(n, M), Poisson(z) for large n; variance of counts from pairs of citizens",
        "society.graphs.erdos_renyi, 6,000 citizens, 3 friends on average",
        "counting; Bollobas, Random Graphs (2001), chapter 3",
        degree_counts,
        smoke=True,
        axis="friends",
    ),
    Check(
        "triangles-of-random-graphs",
        "library",
        "C(n, 3) (M)_3 / (N)_3, about z^3 / 6; variance from pairs that share a tie",
        "society.graphs.erdos_renyi, 8 graphs of 1,200 citizens with 15 friends",
        "counting; Bollobas, Random Graphs (2001), chapter 4",
        triangles_of_random,
    ),
    Check(
        "small-world",
        "library",
        "of the lattice's triangles (1 - b)^3 last: C = C0 (1 - b)^3, C0 = 3 (k - 2) / (4 (k - 1))",
        "society.graphs.watts_strogatz, 1,200 citizens, k = 10, b = 0.01, 0.1, 0.5",
        "Barrat and Weigt, Eur. Phys. J. B 13 (2000) 547",
        small_world,
    ),
    Check(
        "preferential-attachment",
        "library",
        "master equation of growth, for large n: P(k) = 2m(m + 1) / (k (k + 1) (k + 2))",
        "society.graphs.barabasi_albert, m = 3, 12 graphs of 10,000 citizens",
        "Bollobas, Riordan, Spencer, Tusnady, Random Struct. Alg. 18 (2001) 279",
        attachment,
        axis="friends",
    ),
    Check(
        "friendship-paradox",
        "library",
        "mean degree of a friend = <k^2> / <k> >= <k>",
        "society.graphs, one graph of each kind",
        "Feld, Am. J. Sociology 96 (1991) 1464",
        friends_of_friends,
        smoke=True,
    ),
    Check(
        "sound-graphs",
        "library",
        "every arc has its reverse; no loops, no double ties",
        "society.graphs, one graph of each kind",
        "definition",
        sound_rows,
        smoke=True,
    ),
    Check(
        "ties-inside-blocks",
        "library",
        "round(within_share x ties) ties inside blocks, exactly",
        "society.graphs.block, three blocks of 500 to 800",
        "definition",
        inside_blocks,
        smoke=True,
    ),
)
