"""A day at which some decisions are given: what the player said happens, everything else is luck as ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from glasshouse.model.oracle_traits import Activeness
from glasshouse.play.choices import FLIGHT
from glasshouse.play.quick import QuickDay
from glasshouse.society.columns import MARK_STOP_PLANE
from glasshouse.streams import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Collection

    from glasshouse.model.oracle_day import DayResult
    from glasshouse.model.oracle_traits import Traits
    from glasshouse.model.plan import Plan
    from glasshouse.play.choices import Orders

__all__ = ["PlayedDay"]


class PlayedDay(QuickDay):
    """One day of the citizen who is played; with every answer left to luck it is a `Day` and nothing else.

    Args:
        orders: The answers of the month.
        plan: What is lived.
        traits: Traits of the citizen.
        i: Citizen.
        t: Day number.
        rest: What else a `Day` takes.
    """

    def __init__(self, orders: Orders, plan: Plan, traits: Traits, i: int, t: int, *rest: Any) -> None:
        self._orders = orders
        self._due = orders.due(t)
        self._refrained: set[int] = set()
        super().__init__(plan, doing(plan, traits, self._due), i, t, *rest)
        if FLIGHT in self._due.values():
            self.state.unmark(MARK_STOP_PLANE)  # asks again

    def screened(self, decision: int, threshold: int) -> bool:
        """Say whether something happens today: as answered, else by luck."""
        if decision in self._due:
            self._orders.did(self._due[decision])
            return True
        happens = super().screened(decision, threshold)
        key = self._orders.barred(decision) if happens else None
        if key is None:
            return happens
        if decision not in self._refrained:
            self._refrained.add(decision)
            self.tell("refrained", f"would have done so, and by choice did not: {key.partition('.')[2]}", key)
        return False

    def hits(self, decision: int, threshold: int, index: int = 0) -> bool:
        """Say whether something happens today: an appeal as answered, else by luck."""
        answer = self._orders.appeal() if decision in self._orders.appeals else None
        return super().hits(decision, threshold, index) if answer is None else answer

    def result(self) -> DayResult:
        """Return what came out, and add it to what was counted of the citizen."""
        self._orders.flows.update(Counter(self.flows))
        return super().result()


def doing(plan: Plan, traits: Traits, decisions: Collection[int]) -> Traits:
    """Return the traits of somebody who today may do what is asked for, a habit or not."""
    if not decisions:
        return traits
    able = Activeness(doer=True, class_number=0, threshold=ALWAYS)
    return replace(
        traits,
        behaviours=tuple(
            able if b.decisions["act"] in decisions else one
            for b, one in zip(plan.behaviours, traits.behaviours, strict=True)
        ),
        modes=tuple(
            able if mode.decisions["request"] in decisions else one
            for mode, one in zip(plan.modes, traits.modes, strict=True)
        ),
    )
