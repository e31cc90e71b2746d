"""One citizen's row of the columns, and what is sent between days (`docs/day.md` sections 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from glasshouse.society.columns import COUNT_BITS, COUNT_MAX


class Message(NamedTuple):
    """Something that lands on a citizen on a later day.

    Attributes:
        due: Day number on which it lands.
        target: Citizen on whom it lands.
        kind: One of the message kinds of `society.columns`.
        arg: Behaviour or list number; 0 where the kind has none.
        value: Origin code, points, last day or until; 0 where the kind has none.
    """

    due: int
    target: int
    kind: int
    arg: int
    value: int


@dataclass(slots=True)
class CitizenState:
    """What changes about one citizen, in plain ints; each field is a column of `docs/day.md` section 3."""

    score: int = 0
    risk: int = 0
    month_counts: int = 0
    low_friends: int = 0
    lists: int = 0
    detained: int = 0
    suspended: int = 0
    offline: int = 0
    marks: int = 0
    until: list[int] = field(default_factory=lambda: [0, 0, 0])
    history: int = 0

    def copy(self) -> CitizenState:
        """Return an independent copy."""
        return CitizenState(
            self.score,
            self.risk,
            self.month_counts,
            self.low_friends,
            self.lists,
            self.detained,
            self.suspended,
            self.offline,
            self.marks,
            list(self.until),
            self.history,
        )

    def marked(self, bit: int) -> bool:
        """Say whether a bit of the marks is set; bits are the constants MARK_* of `society.columns`."""
        return bool(self.marks & bit)

    def mark(self, bit: int) -> bool:
        """Set a bit of the marks; say whether it was clear."""
        was_clear = not self.marks & bit
        self.marks |= bit
        return was_clear

    def unmark(self, bit: int) -> bool:
        """Clear a bit of the marks; say whether it was set."""
        was_set = self.marked(bit)
        self.marks &= ~bit
        return was_set

    def is_on(self, number: int) -> bool:
        """Say whether the citizen is on list `number`."""
        return bool(self.lists >> number & 1)

    def columns(self) -> dict[str, int]:
        """Return the row by column name."""
        names = "score risk month_counts low_friends lists detained suspended offline marks history"
        row = {name: getattr(self, name) for name in names.split()}
        return row | {f"until_{k}": until for k, until in enumerate(self.until)}


def monthly_count(counts: int, slot: int) -> int:
    """Return one of the three 5-bit counters of a month."""
    return counts >> COUNT_BITS * slot & COUNT_MAX


def with_monthly_count(counts: int, slot: int, count: int) -> int:
    """Return the counters with one of them replaced, saturating at 31."""
    at = COUNT_BITS * slot
    return counts & ~(COUNT_MAX << at) | min(COUNT_MAX, count) << at
