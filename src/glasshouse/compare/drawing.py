"""Uncertainty of assumed numbers beside chance: each replicate draws them from their ranges, for both worlds alike.

A number that the two worlds do not share is what is compared, and stays as it is in either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.scenario.assumptions import assumptions, number_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from glasshouse.scenario.assumptions import Assumption
    from glasshouse.scenario.load import Loaded

__all__ = ["drawable", "numbers_of"]

DECISION = "uncertainty."  # and the path of the number: a draw hangs on nothing but the seed and the path


def drawable(base: Loaded, variant: Loaded) -> tuple[Assumption, ...]:
    """Return the assumed numbers with a range that both worlds share, and those that one world alone has."""
    here, there = ({one.path: one for one in assumptions(loaded)[0]} for loaded in (base, variant))
    found = []
    for path in dict.fromkeys([*here, *there]):
        one, other = here.get(path), there.get(path)
        alone = other is None and number_at(variant.scenario, path) is None
        alone = alone or (one is None and number_at(base.scenario, path) is None)
        if one == other or alone:
            found.append(one or there[path])
    return tuple(found)


def numbers_of(drawn: Iterable[Assumption], seed: int) -> dict[str, float]:
    """Return a number from each range, by path: places are even, from one Philox word for each seed and path."""
    return {one.path: one.at(place_of(one.path, seed)) for one in drawn}


def place_of(path: str, seed: int) -> float:
    """Return the place of a number in its range under a seed, from 0 to below 1."""
    return streams.private(seed, streams.decision_id(DECISION + path), 0, 0) / 2**64
