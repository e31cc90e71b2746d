"""Choose a citizen whose life is worth telling: by what the columns show, day by day, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.compare.twins import Twins
from glasshouse.errors import UsageError
from glasshouse.society.columns import (
    MARK_PUNISHED,
    MARK_PUNISHED_ASSOCIATION,
    MARK_REFUSED,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

    Progress = Callable[[str, int, int], None] | None

__all__ = ["CANDIDATES", "PICKS", "candidates"]

PICKS = ("most-affected", "punished-by-association", "silent")
CANDIDATES = 16  # lives looked at closely for `silent`, which no column shows


def candidates(plans: Sequence[Plan], pick: str, threads: int | None, progress: Progress) -> list[int]:
    """Return the citizens who fit a pick best, the best first; one, except for `silent`.

    Raises:
        UsageError: nobody fits, or there is no such pick.
    """
    if pick not in PICKS:
        raise UsageError(f"--pick {pick}: expected {', '.join(PICKS)}")
    tally = _lived(plans, threads, progress)
    weight = {"most-affected": _affected, "punished-by-association": _association, "silent": _silent}[pick](
        tally
    )
    best = np.argsort(-weight, kind="stable")[: CANDIDATES if pick == "silent" else 1]
    found = [int(i) for i in best if weight[i] > 0]
    if not found:
        raise UsageError(
            f"--pick {pick}: nobody in this run fits", help="try another pick, or a longer or larger run"
        )
    return found


class _Tally:
    """What is added up for every citizen while the worlds live: days under a sanction, days apart, risk."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        n = plans[0].citizens
        self.n = n
        self.twins = Twins(plans[0], plans[1]) if len(plans) == 2 else None
        self.sanction_lists = [sum(1 << k for k, one in enumerate(p.lists) if not one.perk) for p in plans]
        self.days_sanctioned = np.zeros(n, np.int32)
        self.days_apart = np.zeros(n, np.int32)
        self.days_one_sanctioned = np.zeros(n, np.int32)
        self.listed_before = np.zeros(n, bool)
        self.risk = np.zeros(n, np.int64)
        self.marks = [np.zeros(n, np.uint16) for _ in plans]

    def begin(self, engines: Sequence[Engine]) -> None:
        """Note who is under a sanction before day 0."""
        for engine, lists in zip(engines, self.sanction_lists, strict=True):
            self.listed_before |= self._sanctioned(engine, lists)

    def add(self, engines: Sequence[Engine]) -> None:
        """Add the end of a day."""
        one = np.zeros(self.n, bool)
        for number, engine in enumerate(engines):
            sanctioned = self._sanctioned(engine, self.sanction_lists[number])
            self.days_sanctioned += sanctioned
            one ^= sanctioned
            self.risk += engine.columns["risk"][: self.n].astype(np.int64)
            self.marks[number] = engine.columns["marks"][: self.n]
        self.days_one_sanctioned += one
        if self.twins is not None:
            self.days_apart += self.twins.differing(engines[0].columns, engines[1].columns)

    def _sanctioned(self, engine: Engine, mask: int) -> NDArray[np.bool_]:
        """Return who is under a sanction at the end of a day."""
        columns = engine.columns
        out = (columns["lists"][: self.n] & np.uint8(mask)) != 0
        for name in ("detained", "suspended", "offline"):
            out |= columns[name][: self.n] != 0
        return out

    def ever(self, mask: int) -> NDArray[np.bool_]:
        """Return who bears one of these marks in some world."""
        out = np.zeros(self.n, bool)
        for marks in self.marks:
            out |= (marks & np.uint16(mask)) != 0
        return out


def _lived(plans: Sequence[Plan], threads: int | None, progress: Progress) -> _Tally:
    """Live the worlds once and add up what the picks ask for."""
    from glasshouse.model.engine import Engine
    from glasshouse.run import default_threads

    engines = [Engine(plan, threads=default_threads(threads)) for plan in plans]
    tally = _Tally(plans)
    tally.begin(engines)
    for day in range(plans[0].days):
        for engine in engines:
            engine.step()
        tally.add(engines)
        if progress is not None:
            progress("looking for a life", day + 1, plans[0].days)
    tally.marks = [marks.copy() for marks in tally.marks]
    return tally


def _affected(tally: _Tally) -> NDArray[np.int64]:
    """Weigh by days on which one twin alone was under a sanction, then by days apart; those listed before day 0 last.

    In a single world, days under a sanction count.
    """
    weight = tally.days_one_sanctioned.astype(np.int64) * 10_000 + tally.days_apart + tally.ever(MARK_REFUSED)
    return np.where(tally.listed_before, (weight > 0).astype(np.int64), 2 * weight)


def _association(tally: _Tally) -> NDArray[np.int64]:
    """Weigh those punished for what others did, and for nothing else, by days under a sanction."""
    only = tally.ever(MARK_PUNISHED_ASSOCIATION) & ~tally.ever(MARK_PUNISHED & ~MARK_PUNISHED_ASSOCIATION)
    some = tally.ever(MARK_PUNISHED_ASSOCIATION)
    return only * 10_000_000 + some * (1 + tally.days_sanctioned.astype(np.int64))


def _silent(tally: _Tally) -> NDArray[np.int64]:
    """Weigh those never punished by the risk they felt."""
    return tally.risk * ~tally.ever(MARK_PUNISHED)
