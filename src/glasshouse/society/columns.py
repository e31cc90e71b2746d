"""What is kept per citizen and per company: one table of columns, and the meaning of every bit.

The names, types and bits are those of `docs/day.md` section 3; the oracle and the kernels use the constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 64  # citizens that are screened together; columns hold whole blocks

ORIGINS = ("own", "false", "association", "representation", "identity")
OWN, FALSE, ASSOCIATION, REPRESENTATION, IDENTITY = 1, 2, 3, 4, 5  # origin codes; 0 is none

MARK_FLAG = 1 << 0  # the bad status that friends see
MARK_PUNISHED_OWN = 1 << OWN  # ever punished, by origin code
MARK_PUNISHED_FALSE = 1 << FALSE
MARK_PUNISHED_ASSOCIATION = 1 << ASSOCIATION
MARK_PUNISHED_REPRESENTATION = 1 << REPRESENTATION
MARK_PUNISHED_IDENTITY = 1 << IDENTITY
MARK_PUNISHED = 0b111110  # any of the five
MARK_STOP_PLANE = 1 << 6
MARK_STOP_HIGH_SPEED_RAIL = 1 << 7
MARK_STOP_RAIL = 1 << 8
STOP_SHIFT = 6  # stop bit of mode m is 1 << (STOP_SHIFT + m), modes in order plane, high_speed_rail, rail
MARK_REFUSED = 1 << 9
MARK_LISTED = 1 << 10
MARK_BORROWING = 1 << 11
MARK_OFFLINE_BY_CARD = 1 << 12
LOSS_SHIFT = 13  # bits 13 to 15: origin code of the latest loss
LOSS_MASK = 0b111 << LOSS_SHIFT

RECORD, LIABLE, WIN, WIN_DETENTION, WIN_LIST, COMPANY_ON, COMPANY_OFF = 1, 2, 3, 4, 5, 6, 7  # message kinds

NO_TERM = 65535  # `until` of an entry without a term
TERM_SLOTS = 3
COUNT_BITS = 5  # of one allowance slot in month_counts
COUNT_MAX = 31


@dataclass(frozen=True, slots=True)
class Column:
    """One column of state.

    Attributes:
        name: Name in code, checkpoints and digests.
        dtype: NumPy type.
        unit: Unit of the value.
        low: Smallest value.
        high: Largest value.
        phases: Phases of the day that write it (`docs/day.md` section 5); "end" is the end of the day.
        meaning: One sentence.
        rare: Whether it is 0 for nearly everybody, and kept only for those for whom it is not.
    """

    name: str
    dtype: str
    unit: str
    low: int
    high: int
    phases: tuple[str, ...]
    meaning: str
    rare: bool = False

    @property
    def bytes(self) -> int:
        """Size of one value."""
        return np.dtype(self.dtype).itemsize


COLUMNS = (
    Column("score", "int16", "points", -30_000, 30_000, ("score",), "Score; the base for those not scored."),
    Column("risk", "uint16", "2^-16", 0, 65_535, ("learn", "end"), "Perceived risk of punishment."),
    Column(
        "month_counts",
        "uint16",
        "records",
        0,
        32_767,
        ("calendar", "score"),
        "Records this month in three allowance slots of five bits, each saturating at 31.",
    ),
    Column(
        "low_friends", "uint8", "friends", 0, 255, ("end",), "Current uncut friends whose flag is published."
    ),
    Column("lists", "uint8", "bits", 0, 255, ("calendar", "list"), "Bit l: on list l, lists sorted by id."),
    Column(
        "detained",
        "uint8",
        "days",
        0,
        250,
        ("calendar", "police"),
        "Days of detention still to come.",
        rare=True,
    ),
    Column(
        "suspended",
        "uint8",
        "days",
        0,
        250,
        ("calendar", "observe", "police"),
        "Days of a suspended account still to come.",
        rare=True,
    ),
    Column(
        "offline", "uint8", "days", 0, 250, ("calendar", "access"), "Days offline still to come.", rare=True
    ),
    Column(
        "marks",
        "uint16",
        "bits",
        0,
        65_535,
        ("calendar", "access", "observe", "score", "list", "travel", "police", "publish"),
        "Flag, origins of punishment, stopped travel, account, origin of the latest loss: the constants MARK_*.",
    ),
    *(
        Column(
            f"until_{slot}",
            "uint16",
            "day number",
            0,
            NO_TERM,
            ("calendar", "list"),
            f"Last day on the termed list in slot {slot}; 65535 none.",
            rare=True,
        )
        for slot in range(TERM_SLOTS)
    ),
    Column(
        "history",
        "uint16",
        "bits",
        0,
        4_095,
        ("end",),
        "Bit m: flagged on the 1st of month number m mod 12.",
        rare=True,
    ),
)

COMPANY_COLUMNS = (
    Column(
        "company_until",
        "uint16",
        "day number",
        0,
        65_535,
        ("end",),
        "Last day of the listing + 1; 0 not listed.",
    ),
    Column("company_ever", "uint8", "0 or 1", 0, 1, ("end",), "Whether the company was ever listed."),
)

CORE = tuple(column for column in COLUMNS if not column.rare)  # kept for everybody
RARE = tuple(column for column in COLUMNS if column.rare)  # kept in a row of those who have any


def allocate_companies(companies: int) -> dict[str, NDArray[np.generic]]:
    """Return the columns of companies, zeroed, of as many rows as there are companies."""
    if companies < 0:
        raise ValueError(f"{companies} rows, expected 0 or more")
    return {column.name: np.zeros(companies, column.dtype) for column in COMPANY_COLUMNS}
