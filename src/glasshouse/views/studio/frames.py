"""A picture of a day: one byte for each citizen, as the page draws it, with a head of 20 bytes.

Bits 0 to 2 are the grade (7: none), then one bit each: on a sanction list; refused a ticket for the first time this
day, or detained, offline or suspended this evening; held back by fear this evening; ever punished for what others did;
another row than the twin's.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.harm.people import People
from glasshouse.model.oracle_act import WHOLE
from glasshouse.model.state import RARE_PLACES
from glasshouse.society.columns import MARK_PUNISHED_ASSOCIATION, MARK_REFUSED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

    Picture = NDArray[np.uint8]

__all__ = [
    "ASSOCIATION",
    "DIFFERS",
    "HEAD",
    "HELD_BACK",
    "LISTED",
    "NO_GRADE",
    "SHUT_OUT",
    "Painter",
    "grades_shown",
    "head",
]

HEAD = struct.Struct("<HBBIIII")  # version, world, 0, day, number, citizens, dropped
VERSION = 1
NO_GRADE, MOST_GRADES = 7, 7
LISTED, SHUT_OUT, HELD_BACK, ASSOCIATION, DIFFERS = (1 << bit for bit in range(3, 8))
SPELLS = [RARE_PLACES[name] for name in ("detained", "suspended", "offline")]


def head(world: int, day: int, number: int, citizens: int, dropped: int) -> bytes:
    """Return the head of a picture, little-endian."""
    return HEAD.pack(VERSION, world, 0, day, number, citizens, dropped)


def grades_shown(plan: Plan) -> tuple[str, ...]:
    """Return the grades as pictures tell them apart, from low to high; neighbours are joined beyond seven."""
    names = plan.score.grade_names if plan.score else ()
    if len(names) <= MOST_GRADES:
        return names
    codes = codes_of(len(names))
    joined = [
        [name for name, code in zip(names, codes, strict=True) if code == k] for k in range(MOST_GRADES)
    ]
    return tuple("-".join(dict.fromkeys((group[0], group[-1]))) for group in joined)


def codes_of(grades: int) -> list[int]:
    """Return the code of each of so many grades."""
    return [k if grades <= MOST_GRADES else k * MOST_GRADES // grades for k in range(grades)]


class Painter:
    """Paints the evenings of one world.

    Args:
        plan: What is lived.
    """

    def __init__(self, plan: Plan) -> None:
        self._n = plan.citizens
        self._sanctions = np.uint8(sum(1 << k for k, one in enumerate(plan.lists) if not one.perk))
        held = np.array([min(level) < WHOLE for level in zip(*plan.learn.factors, strict=True)])
        self._held = np.where(held, HELD_BACK, 0).astype(np.uint8)
        self._floor = plan.score.floor if plan.score else 0
        self._grades = grades_by_score(plan)
        self._ungraded: NDArray[np.bool_] | None = None
        if plan.score and plan.score.grade_names:
            self._ungraded = ~People(plan).member
        self._refused = np.zeros(plan.citizens, bool)

    def paint(self, engine: Engine, differing: NDArray[np.bool_] | None) -> Picture:
        """Return the picture of the last day, (citizens,) uint8; a world of one part."""
        state, n = engine.states[0], self._n
        core = state.core
        out = self._graded(core["score"].reshape(-1)[:n])
        out[(core["lists"].reshape(-1)[:n] & self._sanctions) != 0] |= LISTED
        out |= self._held[core["risk"].reshape(-1)[:n] >> 8]
        marks = core["marks"].reshape(-1)[:n]
        out[(marks & MARK_PUNISHED_ASSOCIATION) != 0] |= ASSOCIATION
        refused = (marks & MARK_REFUSED) != 0
        out[refused & ~self._refused] |= SHUT_OUT
        self._refused = refused
        citizens, values = state.rows()
        out[citizens[(values[:, SPELLS] != 0).any(axis=1)]] |= SHUT_OUT
        if differing is not None:
            out[differing] |= DIFFERS
        return out

    def _graded(self, scores: NDArray[np.int16]) -> Picture:
        """Return everybody's grade."""
        if self._ungraded is None:
            return np.full(self._n, NO_GRADE, np.uint8)
        out = self._grades[scores.astype(np.int32) - self._floor]
        out[self._ungraded] = NO_GRADE
        return out


def grades_by_score(plan: Plan) -> Picture:
    """Return the code of the grade of every score from the floor to the ceiling; nothing without grades."""
    score = plan.score
    if score is None or not score.grade_names:
        return np.zeros(0, np.uint8)
    points = np.arange(score.floor, score.ceiling + 1)
    place = np.searchsorted(np.array(score.grade_from), points, side="right") - 1
    return np.array(codes_of(len(score.grade_names)), np.uint8)[np.clip(place, 0, None)]
