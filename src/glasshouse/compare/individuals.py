"""What can be said of individuals: who met an outcome in one world alone, and the bounds that hold whatever the luck.

Two shares never tell how many met an outcome *because* of a change: that depends on which life of one world is laid
beside which life of the other, the coupling, and no data can identify it. Here both lives have the same luck. For
any coupling at all, with shares p0 and p1, those who meet it in the second world alone are at least max(0, p1 - p0)
and at most min(p1, 1 - p0) (Fréchet 1935, Hoeffding 1940).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.society.columns import MARK_LISTED, MARK_PUNISHED, MARK_REFUSED, ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["LUCK", "OUTCOMES", "Individuals", "cross_counts", "frechet_bounds", "individuals", "sentence"]

# Outcome of a citizen over the whole run -> the marks of which any is set at its end. Marks are never taken off.
OUTCOMES: Mapping[str, int] = {
    "listed": MARK_LISTED,
    "refused": MARK_REFUSED,
    "punished": MARK_PUNISHED,
    **{f"punished.{origin}": 1 << code for code, origin in enumerate(ORIGINS, start=1)},
}
LUCK = {"same": "the same luck", "complement": "the other luck"}  # of the second life, by coupling


def sentence(coupling: str) -> str:
    """Return what must be said beside every statement about individuals."""
    return (
        f"Who meets it in one world alone holds in this model, where the second life has {LUCK[coupling]}; "
        "laid beside other lives it would be another number within the bounds."
    )


@dataclass(frozen=True, slots=True)
class Individuals:
    """Citizens with an outcome in both worlds, as shares of all citizens; means over replicates.

    Attributes:
        base: Share with the outcome in the base world.
        variant: Share with it in the variant.
        both: Share with it in both lives.
        base_only: Share with it in the base world alone.
        variant_only: Share with it in the variant alone.
        neither: Share with it in neither.
        base_only_bounds: Least and greatest share in the base world alone under any coupling.
        variant_only_bounds: The same for the variant.
    """

    base: float
    variant: float
    both: float
    base_only: float
    variant_only: float
    neither: float
    base_only_bounds: tuple[float, float]
    variant_only_bounds: tuple[float, float]

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "base": self.base,
            "variant": self.variant,
            "both": self.both,
            "base_only": self.base_only,
            "variant_only": self.variant_only,
            "neither": self.neither,
            "base_only_bounds": list(self.base_only_bounds),
            "variant_only_bounds": list(self.variant_only_bounds),
        }


def cross_counts(base: NDArray[np.uint16], variant: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Count the citizens of two worlds by outcome: in both, in the base alone, in the variant alone.

    Returns:
        (outcomes, 3) int64, outcomes in the order of `OUTCOMES`.

    Args:
        base: Column `marks` of the base world at the end.
        variant: That of the variant.
    """
    out = np.zeros((len(OUTCOMES), 3), np.int64)
    for row, mask in zip(out, OUTCOMES.values(), strict=True):
        here, there = (base & mask) != 0, (variant & mask) != 0
        both = np.count_nonzero(here & there)
        row[:] = both, np.count_nonzero(here) - both, np.count_nonzero(there) - both
    return out


def frechet_bounds(p0: float, p1: float) -> tuple[float, float]:
    """Return the least and greatest share with an outcome in the second world and not in the first.

    >>> frechet_bounds(0.25, 0.5), frechet_bounds(0.75, 0.5)
    ((0.25, 0.5), (0.0, 0.25))
    """
    return max(0.0, p1 - p0), min(p1, 1 - p0)


def individuals(counts: Sequence[NDArray[np.int64]], citizens: int) -> dict[str, Individuals]:
    """Return every outcome that anybody met, from the `cross_counts` of each replicate."""
    sums = np.sum(list(counts), axis=0)
    return dict(_met(sums, citizens * len(counts)))


def _met(sums: NDArray[np.int64], lives: int) -> Iterable[tuple[str, Individuals]]:
    """Yield the outcomes that anybody met in some of so many pairs of lives."""
    for name, row in zip(OUTCOMES, sums.tolist(), strict=True):
        both, here, there = row
        if both + here + there:
            p0, p1 = (both + here) / lives, (both + there) / lives
            yield (
                name,
                Individuals(
                    p0, p1, both / lives, here / lives, there / lives, (lives - both - here - there) / lives,
                    frechet_bounds(p1, p0), frechet_bounds(p0, p1),
                ),
            )  # fmt: skip
