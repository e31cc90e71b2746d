"""What is counted of a society, and of one citizen, over a played year."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CITIZEN", "SOCIETY", "figures"]

SOCIETY = (
    "first_listed",
    "refused",
    "points_lost.all",
    "points_lost.association",
    "posts.written",
    "posts.withheld",
    "summonses",
    "detentions",
    "records.false",
    "ties_cut",
)
CITIZEN = (
    "posts.written",
    "posts.withheld",
    "records.true",
    "records.false",
    "points_lost.all",
    "points_lost.association",
    "summonses",
    "detention_days",
    "offline",
    "refused",
    "appeals.filed",
    "appeals.won",
)
SUMS = {"refused": "refused.", "offline": "offline_days."}


def figures(counts: Mapping[str, int], names: tuple[str, ...]) -> dict[str, int]:
    """Return the figures with these names from the flows of a year."""
    return {name: amount(counts, name) for name in names}


def amount(counts: Mapping[str, int], name: str) -> int:
    """Return a flow, or the sum of those that begin alike."""
    if name in SUMS:
        return sum(value for flow, value in counts.items() if flow.startswith(SUMS[name]))
    return counts.get(name, 0)
