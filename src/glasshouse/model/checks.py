"""Census against flow: what a fresh count finds must be what the flows say, every day, in every cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.errors import InvariantError
from glasshouse.model.flows import MODES, flow_names
from glasshouse.model.stocks import stock_names
from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from glasshouse.model.plan import Plan


class Checks:
    """The balances of a plan: change of a stock = sum of signed flows, by province and group."""

    def __init__(self, plan: Plan) -> None:
        self.flows = {name: k for k, name in enumerate(flow_names(plan))}
        self.stocks = {name: k for k, name in enumerate(stock_names(plan))}
        self.balances: dict[str, dict[str, int]] = {
            "score_sum": {
                "points_lost.all": -1,
                "points_gained.all": 1,
                "points_returned": 1,
                "points_recovered": 1,
                "points_decayed": -1,
                "points_clamped": 1,
                "points_reset": 1,
            },
            "members": {},
            "flagged": {"flagged": 1, "unflagged": -1},
            "ever_listed": {"first_listed": 1},
            "ever_refused": {"first_refused": 1},
        }
        self.balances |= {f"punished_ever.{o}": {f"punished.{o}": 1} for o in ORIGINS}
        self.balances |= {
            f"on.{one.id}": {f"entered.{one.id}": 1, f"left.{one.id}": -1} for one in plan.lists
        }

    def __call__(self, day: int, before: np.ndarray, flows: np.ndarray, after: np.ndarray) -> None:
        """Hold the stocks before and after a day against its flows, all (provinces, groups, names) int64.

        Raises:
            InvariantError: a balance does not close; the text names stock, day and the first cell.
        """
        for stock, terms in self.balances.items():
            expected = before[..., self.stocks[stock]].copy()
            for flow, sign in terms.items():
                expected += sign * flows[..., self.flows[flow]]
            self._same(day, stock, expected, after[..., self.stocks[stock]])
        for mode in MODES:
            requested, refused = (
                flows[..., self.flows[f"{stem}.{mode}"]] for stem in ("requested", "refused")
            )
            if (refused > requested).any():
                raise InvariantError(f"day {day}: more {mode} tickets refused than requested")

    def same_people(self, day: int, running: np.ndarray, counted: np.ndarray) -> None:
        """Hold the running stocks of a day against a fresh count of the people.

        Raises:
            InvariantError: they differ; the text names stock, day and the first cell.
        """
        for stock, k in self.stocks.items():
            self._same(day, stock, counted[..., k], running[..., k])

    @staticmethod
    def _same(day: int, stock: str, expected: np.ndarray, found: np.ndarray) -> None:
        if (expected == found).all():
            return
        province, group = (int(x) for x in np.argwhere(expected != found)[0])
        raise InvariantError(
            f"day {day}: {stock} in province {province}, group {group} is {found[province, group]}, "
            f"the flows say {expected[province, group]}"
        )
