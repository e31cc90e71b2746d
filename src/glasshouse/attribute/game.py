"""Who contributed what: leave-one-out, first-in and Shapley values of a game, in exact arithmetic.

A game gives every coalition of k players a whole number. A coalition is a bit mask: bit i stands for player i.
The Shapley value of a player is the mean of what the player adds, over all orders in which the players
can come in (Shapley, "A value for n-person games", 1953). Integers and fractions only, so that the values add
up to the whole effect to the last unit.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from glasshouse.errors import InvariantError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Game = Mapping[int, int]

__all__ = [
    "all_coalitions",
    "everybody",
    "first_in",
    "leave_one_out",
    "must_add_up",
    "on_the_way",
    "one_by_one",
    "sampled",
    "shapley",
]


def everybody(k: int) -> int:
    """Return the coalition of all k players."""
    return (1 << k) - 1


def all_coalitions(k: int) -> range:
    """Return every coalition of k players, the empty one first."""
    return range(1 << k)


def one_by_one(k: int) -> list[int]:
    """Return the coalitions of nobody, of each alone, of all but each, and of all; each once."""
    whole = everybody(k)
    return sorted({0, whole, *(1 << i for i in range(k)), *(whole ^ 1 << i for i in range(k))})


def on_the_way(order: Iterable[int]) -> Iterator[int]:
    """Yield the coalitions that form while the players of an order come in, the empty one first."""
    here = 0
    yield here
    for player in order:
        here |= 1 << player
        yield here


def leave_one_out(game: Game, k: int) -> list[int]:
    """Return for each player what falls away when this one alone leaves."""
    whole = everybody(k)
    return [game[whole] - game[whole ^ 1 << i] for i in range(k)]


def first_in(game: Game, k: int) -> list[int]:
    """Return for each player what this one alone brings."""
    return [game[1 << i] - game[0] for i in range(k)]


def shapley(game: Game, k: int) -> list[Fraction]:
    """Return the exact Shapley values; `game` has all 2^k coalitions.

    Raises:
        InvariantError: the values do not add up to the whole effect.
    """
    weights = [math.factorial(size) * math.factorial(k - size - 1) for size in range(k)]
    sums = [0] * k
    for coalition in all_coalitions(k):
        size, here = coalition.bit_count(), game[coalition]
        for i in range(k):
            if not coalition >> i & 1:
                sums[i] += weights[size] * (game[coalition | 1 << i] - here)
    values = [Fraction(one, math.factorial(k)) for one in sums]
    must_add_up(values, game, k)
    return values


def sampled(game: Game, k: int, orders: Sequence[Sequence[int]]) -> tuple[list[Fraction], list[float]]:
    """Return the means over some orders of what each player adds, and their standard errors.

    Args:
        game: The coalitions on the way of every order.
        k: Players.
        orders: Orders two by two: each second one is the reverse of the one before, so that the two together
            are one observation (antithetic). At least four.

    Raises:
        InvariantError: the values do not add up to the whole effect.
    """
    added = [gains(game, order) for order in orders]
    pairs = [
        [Fraction(a + b, 2) for a, b in zip(*two, strict=True)]
        for two in zip(added[::2], added[1::2], strict=True)
    ]
    means = [sum((pair[i] for pair in pairs), Fraction(0)) / len(pairs) for i in range(k)]
    errors = []
    for i, mean in enumerate(means):
        squares = sum(((pair[i] - mean) ** 2 for pair in pairs), Fraction(0))
        errors.append(math.sqrt(squares / (len(pairs) * (len(pairs) - 1))))
    must_add_up(means, game, k)
    return means, errors


def gains(game: Game, order: Sequence[int]) -> list[int]:
    """Return for each player, by number, what is added when this one comes in in this order."""
    stations = list(on_the_way(order))
    out = [0] * len(order)
    for player, before, after in zip(order, stations, stations[1:], strict=False):
        out[player] = game[after] - game[before]
    return out


def must_add_up(values: Sequence[Fraction], game: Game, k: int) -> None:
    """Hold the sum of the values against the whole effect, to the last unit.

    Raises:
        InvariantError: they differ.
    """
    effect = game[everybody(k)] - game[0]
    if sum(values, Fraction(0)) != effect:
        raise InvariantError(
            f"the values of the players sum to {sum(values, Fraction(0))}, the effect is {effect}"
        )
