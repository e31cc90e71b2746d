"""One citizen's row of the columns, and what is sent between days (`docs/day.md` sections 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

COUNTER_BITS = 5
COUNTER_FULL = 31


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
    seen_friends: int = 0
    seen_chat: int = 0
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
            self.seen_friends,
            self.seen_chat,
            self.lists,
            self.detained,
            self.suspended,
            self.offline,
            self.marks,
            list(self.until),
            self.history,
        )

    def marked(self, bit: int) -> bool:
        """Say whether bit number `bit` of the marks is set."""
        return bool(self.marks >> bit & 1)

    def mark(self, bit: int, on: bool = True) -> bool:  # noqa: FBT001, FBT002
        """Set or clear a bit of the marks; say whether that changed it."""
        changed = self.marked(bit) != on
        self.marks ^= changed << bit
        return changed

    def is_on(self, number: int) -> bool:
        """Say whether the citizen is on list `number`."""
        return bool(self.lists >> number & 1)

    def columns(self) -> dict[str, int]:
        """Return the row by column name."""
        names = (
            "score risk month_counts low_friends seen_friends seen_chat lists"
            " detained suspended offline marks history"
        )
        row = {name: getattr(self, name) for name in names.split()}
        return row | {f"until_{k}": until for k, until in enumerate(self.until)}


def monthly_count(counts: int, slot: int) -> int:
    """Return one of the three 5-bit counters of a month."""
    return counts >> COUNTER_BITS * slot & COUNTER_FULL


def with_monthly_count(counts: int, slot: int, count: int) -> int:
    """Return the counters with one of them replaced, saturating at 31."""
    at = COUNTER_BITS * slot
    return counts & ~(COUNTER_FULL << at) | min(COUNTER_FULL, count) << at
