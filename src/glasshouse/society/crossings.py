"""What crosses between citizens on a day, in small rows: who was seen flagged or punished, and what lands on others.

All of it is rare, and it is all that the life of one citizen needs to know of everybody else's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.society.columns import COMPANY_OFF, COMPANY_ON, LIABLE, OWN, RECORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["CROSSING", "FLAG_OFF", "FLAG_ON", "PUNISHED", "WORDS", "blank", "crossings", "to_others"]

FLAG_ON, FLAG_OFF, PUNISHED = 8, 9, 10  # beside the message kinds, which end with 7
CROSSING = np.dtype([("citizen", "<u4"), ("kind", "u1"), ("arg", "u1"), ("value", "u1")])
WORDS = {
    RECORD: "record",
    LIABLE: "liable",
    COMPANY_ON: "company_on",
    COMPANY_OFF: "company_off",
    FLAG_ON: "flag_on",
    FLAG_OFF: "flag_off",
    PUNISHED: "punished",
}


def crossings(
    t: int, flips: np.ndarray, up: np.ndarray, pulses: np.ndarray, messages: Sequence[np.ndarray]
) -> NDArray[np.void]:
    """Return what crossed on day t, (k,) of CROSSING, sorted by kind, citizen, arg and value.

    Args:
        t: Day number.
        flips: Citizens whose flag flipped.
        up: For each of them whether it went up.
        pulses: Citizens who were punished.
        messages: Messages posted that day, (k, 5) int64 each; those to the sender are left out.
    """
    posted = np.concatenate([blank(0), *(to_others(t, rows) for rows in messages)])
    posted = posted[np.lexsort((posted["value"], posted["arg"], posted["citizen"], posted["kind"]))]
    # the kinds of what is seen come after those of messages
    seen = ((FLAG_ON, flips[up]), (FLAG_OFF, flips[~up]), (PUNISHED, pulses))
    return np.concatenate([posted, *(rows_of(kind, np.sort(citizens)) for kind, citizens in seen)])


def blank(rows: int) -> NDArray[np.void]:
    """Return rows of CROSSING, all 0."""
    made: NDArray[Any] = np.zeros(rows, CROSSING)
    return made


def rows_of(kind: int, citizens: np.ndarray) -> NDArray[np.void]:
    """Return rows of a kind that says all there is to say."""
    rows = blank(citizens.size)
    rows["citizen"], rows["kind"] = citizens, kind
    return rows


def to_others(t: int, messages: np.ndarray) -> NDArray[np.void]:
    """Return the messages of day t that land on somebody else, all of them on the next day.

    To the sender go records of own acts that take days, and what an appeal wins (`docs/day.md` section 4).

    Raises:
        ValueError: one lands on another day.
    """
    due, target, kind, arg, value = messages.T
    others = (kind == RECORD) & (value != OWN)
    others |= (kind == LIABLE) | (kind == COMPANY_ON) | (kind == COMPANY_OFF)
    if (due[others] != t + 1).any():
        raise ValueError(f"a message of day {t} to another citizen lands later than on the next day")
    rows = blank(int(others.sum()))
    rows["citizen"], rows["kind"] = target[others], kind[others]
    rows["arg"], rows["value"] = arg[others], value[others]
    return rows
