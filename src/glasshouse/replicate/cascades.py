"""What is known in closed form of spreading on a random graph with given degrees: windows, chances, sizes.

All of it is the limit of an endless graph, where friends of a citizen hang together only through that citizen.
Sources: Watts, PNAS 99 (2002) 5766; Gleeson and Cahalane, Phys. Rev. E 75 (2007) 056103; Molloy and Reed,
Combin. Probab. Comput. 7 (1998) 295; Newman, Phys. Rev. E 66 (2002) 016128 (percolation of ties).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from glasshouse.streams import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["binomial_degrees", "most_friends", "needed_of_share", "poisson", "reached", "trigger", "window"]

TINY = 1e-17
CLOSE = 1e-14
ROUNDS = 200_000


def poisson(mean: float) -> list[float]:
    """Return the Poisson probabilities of 0, 1, 2, ... until nothing is left."""
    out, k = [math.exp(-mean)], 0
    while k < mean or out[-1] > TINY:
        k += 1
        out.append(out[-1] * mean / k)
    return out


def binomial_degrees(tries: int, probability: float) -> list[float]:
    """Return the binomial probabilities of 0 .. tries."""
    return [math.comb(tries, k) * probability**k * (1 - probability) ** (tries - k) for k in range(tries + 1)]


def most_friends(share: float) -> int:
    """Return how many friends a citizen has at most whom a single one of them moves: 1 / share, rounded down."""
    return math.floor(1 / exact(share))


def needed_of_share(share: float) -> Callable[[int], int]:
    """Return how many of k friends are needed for a share of them; 1 of none, which never happens."""
    part = exact(share)
    return lambda k: max(1, math.ceil(part * Fraction(k)))


def window(share: float) -> tuple[float, float] | None:
    """Return the mean numbers of friends between which one citizen can start a global cascade, or None.

    The ends solve z P(Poisson(z) <= K - 2) = 1 with K = floor(1 / share): the cascade condition of Watts 2002 for
    Poisson degrees.

    >>> [round(end, 4) for end in window(0.18)], window(0.26)
    ([1.0207, 5.7647], None)
    """
    most = most_friends(share) - 2
    if most < 0:
        return None

    def below(z: float) -> float:
        """Return P(Poisson(z) <= most)."""
        return math.fsum(math.exp(k * math.log(z) - z - math.lgamma(k + 1)) for k in range(most + 1))

    def slope(z: float) -> float:
        """Return the slope of z P(Poisson(z) <= most)."""
        return below(z) - math.exp((most + 1) * math.log(z) - z - math.lgamma(most + 1))

    top = root(slope, CLOSE, 4.0 * most + 8)
    if top * below(top) < 1:
        return None

    def edge(z: float) -> float:
        """Return what is 0 at both ends of the window."""
        return z * below(z) - 1

    return root(edge, CLOSE, top), root(edge, top, 8.0 * most + 16)


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function changes its sign between two points, by halving."""
    rising = function(low) < 0
    for _ in range(200):
        middle = (low + high) / 2
        if (function(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def trigger(mean: float, share: float) -> float:
    """Return the chance that one citizen starts a global cascade among Poisson numbers of friends.

    It does so when one of its friends is in the cluster of those whom a single friend moves, where that cluster
    percolates. u = chance that a tie does not lead there.
    """
    ends = poisson(mean)[: most_friends(share)]  # of a friend's other friends: k - 1 of at most K
    u = 0.0
    for _ in range(ROUNDS):
        before, u = u, 1 - math.fsum(p * (1 - u**j) for j, p in enumerate(ends))
        if abs(u - before) < CLOSE:
            break
    return 1 - math.exp(-mean * (1 - u))


def reached(
    degrees: Sequence[float],
    needed: Callable[[int], int],
    seeds: float,
    *,
    kept: float = 1.0,
    start: float = 0.0,
) -> float:
    """Return the share of citizens moved in the end by a share of seeds, thresholds and a graph with these degrees.

    q is the chance that the citizen at the end of a tie is moved by its other friends (Gleeson and Cahalane 2007).

    Args:
        degrees: Share of citizens with 0, 1, 2, ... friends.
        needed: Number of friends -> how many of them must have moved.
        seeds: Share of citizens moved from the start.
        kept: Share of ties that carry anything.
        start: Where q begins; above 0 to find the size of a cascade that has begun from next to nobody.
    """
    mean = math.fsum(k * p for k, p in enumerate(degrees))
    q = max(seeds, start)
    for _ in range(ROUNDS):
        before = q
        q = math.fsum(
            k * p / mean * at_least(needed(k), k - 1, kept * before) for k, p in enumerate(degrees) if k and p
        )
        q = seeds + (1 - seeds) * q
        if abs(q - before) < CLOSE:
            break
    moved = math.fsum(p * at_least(needed(k), k, kept * q) for k, p in enumerate(degrees) if p)
    return seeds + (1 - seeds) * moved


def at_least(few: int, tries: int, probability: float) -> float:
    """Return P(Binomial(tries, probability) >= few)."""
    if few > tries:
        return 0.0
    fewer = (
        math.comb(tries, k) * probability**k * (1 - probability) ** (tries - k) for k in range(max(0, few))
    )
    return max(0.0, 1 - math.fsum(fewer))
