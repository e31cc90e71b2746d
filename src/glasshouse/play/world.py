"""The society of a played year: the oracle's world, in which one citizen's decisions may be given."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from glasshouse.life.replay import with_bulletin
from glasshouse.model.oracle import World
from glasshouse.model.oracle_end import bulletin
from glasshouse.play.choices import FRIEND, NO, USUAL, Orders, flagged_friend
from glasshouse.play.desk import PlayedDay
from glasshouse.play.night import Seen
from glasshouse.play.quick import QuickDay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.model.oracle import CitizenState, Event
    from glasshouse.model.plan import Plan

__all__ = ["PlayedWorld"]


class PlayedWorld(World):
    """A whole society, one citizen of which is played.

    Args:
        plan: The compiled scenario.
        me: The citizen played.

    Attributes:
        me: The citizen played.
        orders: The answers of the month.
        rows: The citizen's row before day 0 and at the end of each day.
        totals: Count of each flow of the society so far.
    """

    def __init__(self, plan: Plan, me: int) -> None:
        super().__init__(plan)
        self.orders = Orders(plan)
        self.totals: Counter[str] = Counter()
        self._ties: dict[tuple[int, int], bool] = {}  # (friend, month) -> whether the tie is cut
        self.seat(me)

    def seat(self, me: int) -> None:
        """Let this citizen be the one played, before day 0."""
        self.me = me
        self.desks = dict.fromkeys(range(self.plan.citizens), QuickDay) | {
            me: partial(PlayedDay, self.orders)
        }
        self.rows: list[CitizenState] = [self.states[me].copy()]

    def take(self, answers: Mapping[str, str]) -> None:
        """Take the answers of the month that begins now; one about a friend holds while the flag is remembered."""
        self.orders.take(answers)
        friend, answer = flagged_friend(self, self.me), answers.get(FRIEND, USUAL)
        if friend is not None and answer != USUAL:
            self._ties[friend, self.plan.month(self.t)] = answer == NO

    def cuts(self, one: int, other: int, month: int) -> bool:
        """Say whether `one` cuts the tie to a flagged friend in a month."""
        answer = self._ties.get((other, month)) if one == self.me else None
        return super().cuts(one, other, month) if answer is None else answer

    def day(self) -> list[Event]:
        """Live the next day; return what happened to the citizen played, the night last."""
        t, news, before = self.t, bulletin(self, self.t), Seen.of(self, self.me)
        result = self.step()
        for (name, _, _), amount in self.flows.items():
            self.totals[name] += amount
        self.rows.append(self.states[self.me].copy())
        mine = [event for event in result.story if event.citizen == self.me]
        return [*with_bulletin(mine, t, self.me, news), *before.told(self, t, result.pulses)]
