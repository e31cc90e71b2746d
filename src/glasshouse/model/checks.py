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

        terms = {stock: signed for stock, signed in self.balances.items() if signed}
        self._kept = np.array([self.stocks[stock] for stock in self.balances if stock not in terms])
        self._moved = np.array([self.stocks[stock] for stock in terms])
        self._terms = np.array([self.flows[flow] for signed in terms.values() for flow in signed])
        self._signs = np.array([sign for signed in terms.values() for sign in signed.values()])
        self._starts = np.cumsum([0, *(len(signed) for signed in terms.values())])[:-1]
        self._asked = [
            np.array([self.flows[f"{stem}.{mode}"] for mode in MODES]) for stem in ("requested", "refused")
        ]

    def __call__(self, day: int, before: np.ndarray, flows: np.ndarray, after: np.ndarray) -> None:
        """Hold the stocks before and after a day against its flows, all (provinces, groups, names) int64.

        Raises:
            InvariantError: a balance does not close; the text names stock, day and the first cell.
        """
        changes = np.add.reduceat(flows[..., self._terms] * self._signs, self._starts, axis=-1)
        self._all_same(day, self._moved, before[..., self._moved] + changes, after)
        self._all_same(day, self._kept, before[..., self._kept], after)
        requested, refused = (flows[..., places] for places in self._asked)
        if (refused > requested).any():
            mode = MODES[int((refused > requested).any(axis=(0, 1)).argmax())]
            raise InvariantError(f"day {day}: more {mode} tickets refused than requested")

    def same_people(self, day: int, running: np.ndarray, counted: np.ndarray) -> None:
        """Hold the running stocks of a day against a fresh count of the people.

        Raises:
            InvariantError: they differ; the text names stock, day and the first cell.
        """
        self._all_same(day, np.arange(len(self.stocks)), counted, running)

    def _all_same(self, day: int, places: np.ndarray, expected: np.ndarray, after: np.ndarray) -> None:
        """Hold the stocks at some places against what is expected of them, in this order."""
        found = after[..., places]
        wrong = expected != found
        if not wrong.any():
            return
        k = int(wrong.any(axis=(0, 1)).argmax())
        province, group = (int(x) for x in np.argwhere(wrong[..., k])[0])
        stock = list(self.stocks)[int(places[k])]
        raise InvariantError(
            f"day {day}: {stock} in province {province}, group {group} is {found[province, group, k]}, "
            f"the flows say {expected[province, group, k]}"
        )
