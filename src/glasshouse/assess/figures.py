"""Figures over seeds, and the row of the sheet that holds one.

A mean and a ratio of sums have the 95 % interval of Student's t over seeds (the ratio by its linearised mean, Cochran
1977, 6.3); one seed gives none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.compare.effects import t_quantile
from glasshouse.harm.chilling import mean
from glasshouse.harm.intervals import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Row", "Yardstick", "at_least_0", "counted", "ratio", "share"]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A text that asks for something.

    Attributes:
        name: Its short name.
        source: The text, its date, and what explains it.
    """

    name: str
    source: str


@dataclass(frozen=True)
class Row:
    """One line of the sheet.

    Attributes:
        yardstick: Which text asks for it.
        key: Stable name of the row.
        label: What is measured, in words.
        unit: Its unit; `share` lies in [0, 1].
        figure: The figure with its 95 % interval.
        definition: How it is counted.
        does_not_show: What it does not show.
        not_measured: Why there is no figure, where there is none.
    """

    yardstick: Yardstick
    key: str
    label: str
    unit: str
    figure: Estimate
    definition: str
    does_not_show: str
    not_measured: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "yardstick": self.yardstick.name,
            "key": self.key,
            "label": self.label,
            "unit": self.unit,
            "value": self.figure.value,
            "low": self.figure.low,
            "high": self.figure.high,
            "definition": self.definition,
            "does_not_show": self.does_not_show,
            "not_measured": self.not_measured,
            "source": self.yardstick.source,
        }


def ratio(parts: Sequence[float], wholes: Sequence[float]) -> Estimate:
    """Return the ratio of two sums over seeds; no value where the second is 0.

    >>> ratio([1, 3], [2, 2]).value
    1.0
    """
    whole, n = sum(wholes), len(wholes)
    if whole == 0:
        return Estimate(None)
    value = sum(parts) / whole
    if n < 2:
        return Estimate(value)
    spread = sum((part - value * of) ** 2 for part, of in zip(parts, wholes, strict=True)) / (n - 1)
    half = t_quantile(n - 1) * spread**0.5 / n**0.5 / abs(whole / n)
    return Estimate(value, value - half, value + half)


def share(parts: Sequence[float], wholes: Sequence[float]) -> Estimate:
    """Return the ratio of a part to its whole, with an interval inside [0, 1]; nothing in every seed has none."""
    one = ratio(parts, wholes)
    if one.value is not None and not any(parts):
        return Estimate(0.0)
    if one.value is None or one.low is None or one.high is None:
        return one
    return Estimate(one.value, max(0.0, one.low), min(1.0, one.high))


def counted(values: Sequence[float], *, signed: bool = False) -> Estimate:
    """Return a mean over seeds; its interval ends at 0 unless it may lie below.

    Nothing in every seed has no interval: seeds without a case say nothing of how rare it is.
    """
    if not any(values):
        return Estimate(0.0)
    return mean(values) if signed else at_least_0(mean(values))


def at_least_0(one: Estimate) -> Estimate:
    """Return a figure that cannot lie below 0, with an interval that does not either."""
    return one if one.low is None else Estimate(one.value, max(0.0, one.low), one.high)
