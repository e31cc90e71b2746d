"""The assumed numbers of a scenario, and the same scenario with other numbers from their ranges.

A number graded `assumed` stands with the range in which it may be changed. Here a range is gone through by a place
from 0, its low end, to 1, its high end: in equal steps, or in equal ratios where it reaches over a factor of ten or
more. Numbers that belong together are mended after they were set: shares are scaled to sum to 1 again, and a list
lets nobody go at a score at which it takes them in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from glasshouse.scenario.changes import scaled, share_lists
from glasshouse.scenario.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.scenario.load import Loaded

__all__ = ["Assumption", "assumptions", "number_at", "ranged", "with_numbers"]

RATIO = 10.0  # from which a range is gone through in equal ratios
# Where a score begins and ends is its scale, against which all other points are read: moved alone, it is no other
# assumption about the same scheme but another score.
SCALE = ("score.base_points", "score.floor_points", "score.ceiling_points", "score.grade")
ONE_POINT = "its range is one point"
LIST_OF_NUMBERS = "a list of numbers has one range for all of them"
OF_THE_SCALE = "it belongs to the scale of the score"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number with the range in which it may be changed.

    Attributes:
        path: Dotted path of the number, as `--set` takes it.
        value: The number as the scenario has it.
        low: Low end of its range, in the unit of the field.
        high: High end.
        whole: Whether it is a whole number.
        ratio: High over low from which the range is gone through in equal ratios instead of equal steps.
    """

    path: str
    value: float
    low: float
    high: float
    whole: bool = False
    ratio: float = RATIO

    @property
    def in_ratios(self) -> bool:
        """Whether the range is gone through in equal ratios instead of equal steps."""
        return self.low > 0 and self.high / self.low >= self.ratio

    def at(self, place: float) -> float | int:
        """Return the number at a place from 0 to 1 of its range; whole numbers have equal room.

        >>> share = Assumption("x", 0.1, 0.01, 1.0)
        >>> share.at(0), round(share.at(0.5), 12), share.at(1)
        (0.01, 0.1, 1.0)
        >>> [Assumption("n", 1, 1, 3, whole=True).at(k / 3) for k in range(4)]
        [1, 2, 2, 3]
        """
        low, high = self._ends
        if place in (0, 1):
            number = high if place else low  # exactly
        elif self.in_ratios:
            number = low * (high / low) ** place
        else:
            number = low + (high - low) * place
        if self.whole:
            return int(min(max(round(number), self.low), self.high))
        return min(max(number, self.low), self.high)

    def place(self, number: float) -> float:
        """Return the place of a number in the range; numbers outside have that of the nearer end."""
        low, high = self._ends
        number = min(max(number, low), high)
        if self.in_ratios:
            return math.log(number / low) / math.log(high / low)
        return (number - low) / (high - low)

    @property
    def _ends(self) -> tuple[float, float]:
        """The ends between which places lie: half a unit further out for whole numbers."""
        return (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects, for JSON."""
        return {
            "path": self.path,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "whole": self.whole,
            "ratio": self.ratio,
        }

    @classmethod
    def of_tree(cls, tree: Mapping[str, Any]) -> Assumption:
        """Return what `as_tree` gave."""
        return cls(tree["path"], tree["value"], tree["low"], tree["high"], tree["whole"], tree["ratio"])


def assumptions(loaded: Loaded) -> tuple[list[Assumption], dict[str, str]]:
    """Return the assumed numbers of a scenario that can be moved alone, and why the others cannot, by path.

    Numbers that the user set with `--set` have lost their range and are in neither.
    """
    found: list[Assumption] = []
    held: dict[str, str] = {}
    for path, evidence in loaded.evidence.items():
        if evidence.grade != "assumed" or evidence.range is None:
            continue
        low, high = evidence.range
        if low == high:
            held[path] = ONE_POINT
        elif path not in loaded.exact:
            held[path] = LIST_OF_NUMBERS
        elif any(path == one or path.startswith(f"{one}.") for one in SCALE):
            held[path] = OF_THE_SCALE
        else:
            found.append(ranged(loaded, path, float(low), float(high)))
    return found, held


def ranged(loaded: Loaded, path: str, low: float, high: float) -> Assumption:
    """Return a number of a scenario with a range."""
    whole = isinstance(number_at(loaded.scenario, path), int)
    return Assumption(path, float(loaded.exact_of(path)), low, high, whole)


def number_at(scenario: Scenario, path: str) -> float | int | None:
    """Return the number at a dotted path of a checked scenario; None where there is none."""
    node: Any = scenario
    for part in path.split("."):
        if isinstance(node, dict):
            node = node.get(part)
        elif isinstance(node, tuple):
            node = node[int(part)] if part.isdecimal() and int(part) < len(node) else None
        else:
            node = getattr(node, part, None)
    return node if isinstance(node, (int, float)) and not isinstance(node, bool) else None


def with_numbers(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """Return the scenario with other numbers at some paths, and what belongs to them mended.

    Paths that the scenario does not have are passed over.

    Raises:
        ValidationError: a number is not allowed there.
    """
    tree = scenario.model_dump(exclude_unset=True, by_alias=True)
    for path, number in numbers.items():
        put(tree, path.split("."), number)
    mend(tree)
    return Scenario.model_validate(tree)


def put(tree: Any, parts: Sequence[str], number: float) -> None:
    """Put a number at a path of a tree of its own, if the path is there."""
    for part in parts[:-1]:
        tree = tree.get(part) if isinstance(tree, dict) else None
    if isinstance(tree, dict) and parts[-1] in tree:
        tree[parts[-1]] = number


def mend(tree: dict[str, Any]) -> None:
    """Make numbers that belong together fit again: shares, and the ends of lists."""
    for _, shares in share_lists(tree):
        fit(shares, exactly=True)
    for behaviour in tree.get("behaviour", {}).values():
        fit(behaviour.get("seen_on"), exactly=False)
    for one in tree.get("list", {}).values():
        below, out = one.get("entry_score_below"), one.get("exit_score_at_least")
        if below is not None and out is not None:
            one["exit_score_at_least"] = max(below, out)
        above, drop = one.get("entry_score_at_least"), one.get("exit_score_below")
        if above is not None and drop is not None:
            one["exit_score_below"] = min(above, drop)


def fit(shares: Any, *, exactly: bool) -> None:
    """Scale a table of shares to sum to 1, or with `exactly` off to sum to at most 1; nothing else is touched.

    Shares that are all 0 become equal ones. Lists of shares are tuples here, which no assumption moves alone.
    """
    if not isinstance(shares, dict) or not shares:
        return
    exact = [Fraction(repr(share)) for share in shares.values()]
    total = sum(exact, Fraction(0))
    if total == 1 or (total < 1 and not exactly):
        return
    if total == 0:
        exact = [Fraction(1)] * len(exact)
    for key, share in zip(shares, scaled(exact), strict=True):
        shares[key] = float(share)
