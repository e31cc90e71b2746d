"""Phases 1 and 2 of a day for everybody at once: who is free to act, and who gets online.

Twin of `model.oracle_access`, from the columns at the end of the day before, today's messages and today's draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.harm.luck import hits, private_draws, screened_draws
from glasshouse.ladder import screened_event
from glasshouse.society.columns import MARK_BORROWING, WIN_DETENTION
from glasshouse.streams import BUILTIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.luck import Drawn
    from glasshouse.harm.people import People
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import CheckPlan

    Ids = NDArray[np.int64]
    Rows = NDArray[np.bool_]

__all__ = ["Doors", "Morning"]


@dataclass(frozen=True)
class Morning:
    """How the citizens begin a day; each array has one entry per citizen.

    Attributes:
        free: Not detained.
        access: Online today.
        borrowing: Whether the account is on a borrowed card after the checks.
        risk: Perceived risk, 2^-16.
    """

    free: Rows
    access: Rows
    borrowing: Rows
    risk: NDArray[np.uint16]


class Doors:
    """The identity checks of a society, with the draws of some days at a time.

    Args:
        people: Everybody's traits.
    """

    def __init__(self, people: People) -> None:
        self.people = people
        self.plan = people.plan
        self._events: dict[str, Drawn] = {}
        self._cards: Drawn | None = None
        self._faces: Drawn | None = None

    def draw(self, first: int, days: int) -> None:
        """Draw what decides about access on days first .. first + days - 1."""
        people, seed, identity = self.people, self.plan.seed, self.plan.identity
        for check in identity.checks:
            if check.event == 0 or check.from_day >= first + days:
                continue
            if check.name != "login":
                everybody = np.where(people.online, np.uint64(check.event), np.uint64(0))
                name = f"identity.{check.name}"
                self._events[check.name] = screened_draws(seed, BUILTIN[name], everybody, first, days)
                continue
            cards = np.where(people.online, np.uint64(identity.forged), np.uint64(0))
            self._cards = screened_draws(seed, BUILTIN["identity.login.id"], cards, first, days)
            if check.face:
                right = np.array(identity.face_by_group, np.uint64)[people.group]
                faces = np.where(people.online, right, np.uint64(0))
                self._faces = screened_draws(seed, BUILTIN["identity.login.face"], faces, first, days)

    def morning(self, engine: Engine, t: int) -> Morning:
        """Return how day t begins; the engine must be about to live it."""
        people, columns = self.people, engine.columns
        detained = columns["detained"][: people.n].astype(np.int64)
        for row in engine.inbox():
            target, kind, last = int(row[1]), int(row[2]), int(row[4])
            if kind == WIN_DETENTION and detained[target] > 0 and t + detained[target] - 1 == last:
                detained[target] = 0
        free = detained == 0
        barred = ~free | (columns["suspended"][: people.n] > 0) | (columns["offline"][: people.n] > 0)
        borrowing = (columns["marks"][: people.n] & MARK_BORROWING) != 0
        failed = np.zeros(people.n, bool)
        for check in self.plan.identity.checks:
            if check.event and t >= check.from_day:
                self._check(check, t, free, barred, failed, borrowing)
        access = people.online & ~barred & ~failed
        return Morning(free, access, borrowing, columns["risk"][: people.n].copy())

    def _check(
        self, check: CheckPlan, t: int, free: Rows, barred: Rows, failed: Rows, borrowing: Rows
    ) -> None:
        """Make one check of everybody who comes to it; adds to `failed`, takes from `borrowing`."""
        if check.name == "login":
            wrong = self._wrong_at_login(check, t, self.people.online & ~barred & ~failed, borrowing)
        else:
            ids, u = self._events[check.name].on(t)
            wrong = self._wrong(check, t, ids[free[ids] & hits(u, check.event)], borrowing)
        failed[wrong] = True
        borrowing[wrong] = False

    def _wrong(self, check: CheckPlan, t: int, ids: Ids, borrowing: Rows) -> Ids:
        """Return who fails a check at an event: by the card, else by the face."""
        identity, seed = self.plan.identity, self.plan.seed
        card = hits(private_draws(seed, BUILTIN[f"identity.{check.name}.id"], ids, t), identity.forged)
        if not check.face:
            return ids[card]
        right = np.array(identity.face_by_group, np.uint64)[self.people.group[ids]]
        limit = np.where(borrowing[ids], np.uint64(identity.face_borrowed), right)
        return ids[card | hits(private_draws(seed, BUILTIN[f"identity.{check.name}.face"], ids, t), limit)]

    def _wrong_at_login(self, check: CheckPlan, t: int, comes: Rows, borrowing: Rows) -> Ids:
        """Return who fails at login; screened draws, as nearly everybody comes every day."""
        identity, people = self.plan.identity, self.people
        wrong = np.zeros(people.n, bool)
        if self._cards is not None:
            ids, u = self._cards.on(t)
            wrong[ids[hits(u, identity.forged)]] = True
        if check.face and self._faces is not None:
            ids, u = self._faces.on(t)
            right = np.array(identity.face_by_group, np.uint64)[people.group[ids]]
            wrong[ids[hits(u, right) & ~borrowing[ids]]] = True
            decision = BUILTIN["identity.login.face"]
            for i in np.flatnonzero(
                borrowing & comes
            ).tolist():  # few, and fewer after their first face check
                wrong[i] |= screened_event(self.plan.seed, decision, i, t, identity.face_borrowed)
        return np.flatnonzero(wrong & comes)
