"""From published counts to counts within windows of time that the model can live.

A cumulative figure counts by its growth since the one before. A published count is known to its last digit that is
not 0: a figure that is known too coarsely for the growth beside it is passed over, and so is what lies outside the
days that are lived, what is from memory, and what is counted in another window already.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from glasshouse.calibrate.statistics import BY_QUANTITY, NO_COUNTERPART, STATISTICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from glasshouse.calibrate.series import Published

__all__ = ["Window", "digit", "windows"]

FROM_MEMORY = "from memory, not confirmed"
OUTSIDE = "outside the days that are lived"
COARSE = "rounded too coarsely for the growth beside it"
TWICE = "counted in another window already"
BREAKING = "lies across the day from which it was counted in another way"
START_OF_SERIES = "the first of its series: there is no growth before it"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A published count within some days.

    Attributes:
        statistic: Id of the statistic.
        first: First day.
        last: Last day.
        value: The count.
        rounding: Standard deviation of its rounding, in counts.
        regime: Number of the way of counting, from 0.
        lines: Lines of the table that it comes from.
    """

    statistic: str
    first: dt.date
    last: dt.date
    value: int
    rounding: float
    regime: int
    lines: tuple[int, ...]

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "statistic": self.statistic,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "published": self.value,
            "rounding": self.rounding,
            "regime": self.regime,
            "lines": list(self.lines),
        }


def windows(series: Sequence[Published], begin: dt.date, end: dt.date) -> tuple[list[Window], dict[int, str]]:
    """Return the windows that lie from `begin` to `end`, and why each other row is passed over, by line."""
    passed = {row.line: NO_COUNTERPART[row.quantity] for row in series if row.quantity in NO_COUNTERPART}
    passed |= {row.line: FROM_MEMORY for row in series if row.line not in passed and row.grade == "M"}
    found: list[Window] = []
    for one in STATISTICS.values():
        rows = [row for row in series if row.line not in passed and BY_QUANTITY[row.quantity] is one]
        for window in [*growths(rows, passed), *spans(rows)]:
            why = reason(window, begin, end, found)
            if why is None:
                found.append(window)
            else:
                passed.update(dict.fromkeys(window.lines[-1:], why))
    used = {line for window in found for line in window.lines}
    return found, {line: why for line, why in sorted(passed.items()) if line not in used}


def growths(rows: Sequence[Published], passed: dict[int, str]) -> Iterable[Window]:
    """Yield the growth between cumulative figures that are known finely enough; note those that are not."""
    kept = sorted((row for row in rows if row.kind == "cumulative"), key=lambda row: (row.last, row.line))
    while (worst := too_coarse(kept)) is not None:
        passed[worst.line] = COARSE
        kept.remove(worst)
    if kept:
        passed[kept[0].line] = START_OF_SERIES
    for before, row in pairwise(kept):
        rounding = math.hypot(digit(before.value), digit(row.value)) / math.sqrt(12)
        yield window_of(
            row, before.last + ONE_DAY, row.value - before.value, rounding, (before.line, row.line)
        )


def too_coarse(rows: Sequence[Published]) -> Published | None:
    """Return the coarser of the first two neighbours of which either is known less finely than half their growth."""
    for before, row in pairwise(rows):
        if 2 * max(digit(before.value), digit(row.value)) > row.value - before.value:
            return before if digit(before.value) > digit(row.value) else row
    return None


def digit(value: int) -> int:
    """Return what the last digit of a count that is not 0 is worth.

    >>> digit(13_490_000), digit(13_000_000), digit(254_803)
    (10000, 1000000, 1)
    """
    worth = 1
    while value and value % (10 * worth) == 0:
        worth *= 10
    return worth


def spans(rows: Sequence[Published]) -> Iterable[Window]:
    """Yield the counts within a month, a year or nine months."""
    for row in sorted(rows, key=lambda row: (row.last, row.line)):
        if row.kind not in ("cumulative", "stock") and row.first is not None:
            yield window_of(row, row.first, row.value, digit(row.value) / math.sqrt(12), (row.line,))


def window_of(row: Published, first: dt.date, value: int, rounding: float, lines: tuple[int, ...]) -> Window:
    """Return a window that ends with the last day of a row."""
    one = BY_QUANTITY[row.quantity]
    regime = sum(first >= day for day in one.breaks)
    return Window(one.id, first, row.last, value, rounding, regime, lines)


def reason(window: Window, begin: dt.date, end: dt.date, found: Sequence[Window]) -> str | None:
    """Return why a window is passed over, or None."""
    if window.first < begin or window.last > end:
        return OUTSIDE
    if any(window.first < day <= window.last for day in STATISTICS[window.statistic].breaks):
        return BREAKING
    same = [one for one in found if one.statistic == window.statistic]
    if any(2 * shared_days(window, one) > min(window.days, one.days) for one in same):
        return TWICE
    return None


def shared_days(one: Window, other: Window) -> int:
    """Return how many days two windows have in common."""
    return max(0, (min(one.last, other.last) - max(one.first, other.first)).days + 1)
