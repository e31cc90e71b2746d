"""What both recorders keep while days pass: running sums of flows and the stocks of the last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.records.measures import totals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan
    from glasshouse.records.layout import Layout


class Sums:
    """Flows summed over days and the latest stocks, by province and group.

    Args:
        plan: The compiled scenario.
        layout: Names along the axes.
    """

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self.plan = plan
        self.layout = layout
        self.days = 0
        places = (len(layout.provinces), len(layout.groups))
        self.flows = np.zeros((*places, len(layout.flows)), np.int64)
        self.stocks = np.zeros((*places, len(layout.stocks)), np.int64)

    def add(self, t: int, flows: NDArray[np.int64], stocks: NDArray[np.int64]) -> None:
        """Add day `t`.

        Raises:
            ValueError: days do not follow each other, or an array has another shape.
        """
        if t != self.days:
            raise ValueError(f"day {t} recorded after {self.days} days")
        self.layout.check(flows, stocks)
        self.flows += flows
        self.stocks[:] = stocks
        self.days += 1

    @property
    def totals(self) -> dict[str, int]:
        """Totals so far, under their stable keys."""
        return totals(self.nation(self.flows, "flow"), self.nation(self.stocks, "stock"), self.plan)

    def nation(self, array: NDArray[np.int64], kind: str) -> dict[str, int]:
        """Return the sums of an array over all people, by name."""
        return self._named(array.sum(axis=(0, 1)), kind)

    def by_group(self, array: NDArray[np.int64], kind: str) -> dict[str, dict[str, int]]:
        """Return the sums over provinces, by group and name."""
        return {
            name: self._named(row, kind)
            for name, row in zip(self.layout.groups, array.sum(axis=0), strict=True)
        }

    def by_province(self, array: NDArray[np.int64], kind: str) -> dict[str, dict[str, int]]:
        """Return the sums over groups, by province and name."""
        rows = array.sum(axis=1)
        return {name: self._named(row, kind) for name, row in zip(self.layout.provinces, rows, strict=True)}

    def summary(self) -> dict[str, object]:
        """Return the totals, the flows of the whole run and the stocks of the last day."""
        end = self.nation(self.stocks, "stock")
        return {
            "days": self.days,
            "citizens": self.plan.citizens,
            "people": self._people(),
            "totals": self.totals,
            "punished_ever": punished_ever(end),
            "flows": {"nation": self.nation(self.flows, "flow"), "groups": self.by_group(self.flows, "flow")},
            "end": {
                "nation": end,
                "groups": self.by_group(self.stocks, "stock"),
                "provinces": self.by_province(self.stocks, "stock"),
            },
        }

    def _people(self) -> dict[str, int]:
        sizes = self.plan.population.province_start
        return {name: sizes[p + 1] - sizes[p] for p, name in enumerate(self.layout.provinces)}

    def _named(self, row: NDArray[np.int64], kind: str) -> dict[str, int]:
        names = self.layout.flows if kind == "flow" else self.layout.stocks
        return dict(zip(names, row.tolist(), strict=True))


def punished_ever(stocks: Mapping[str, int]) -> dict[str, int]:
    """Return the people ever punished by origin."""
    stem = "punished_ever."
    return {name.removeprefix(stem): value for name, value in stocks.items() if name.startswith(stem)}


class MemoryRecorder(Sums):
    """Keeps the nation's daily counts in memory, and those of provinces if asked, for comparisons.

    Args:
        plan: The compiled scenario.
        layout: Names along the axes.
        by_province: Whether the counts of each province are kept too.
    """

    def __init__(self, plan: Plan, layout: Layout, *, by_province: bool = False) -> None:
        super().__init__(plan, layout)
        shape = (plan.days, len(layout.provinces))
        self.daily_flows = np.zeros((plan.days, len(layout.flows)), np.int64)
        self.daily_stocks = np.zeros((plan.days, len(layout.stocks)), np.int64)
        self.province_flows = np.zeros((*shape, len(layout.flows)), np.int64) if by_province else None
        self.province_stocks = np.zeros((*shape, len(layout.stocks)), np.int64) if by_province else None
        self.histograms: dict[int, NDArray[np.int64]] = {}

    def day(self, t: int, flows: NDArray[np.int64], stocks: NDArray[np.int64]) -> None:
        """Keep the counts of day `t`."""
        self.add(t, flows, stocks)
        self.daily_flows[t] = flows.sum(axis=(0, 1))
        self.daily_stocks[t] = stocks.sum(axis=(0, 1))
        if self.province_flows is not None and self.province_stocks is not None:
            self.province_flows[t] = flows.sum(axis=1)
            self.province_stocks[t] = stocks.sum(axis=1)

    def month(self, t: int, histogram: NDArray[np.int64]) -> None:
        """Keep how many have each score in each province at the end of day `t`."""
        self.histograms[t] = histogram.copy()

    def flow(self, name: str) -> NDArray[np.int64]:
        """Return the nation's daily counts of a flow."""
        return self.daily_flows[: self.days, self.layout.flows.index(name)]

    def stock(self, name: str) -> NDArray[np.int64]:
        """Return the nation's daily counts of a stock."""
        return self.daily_stocks[: self.days, self.layout.stocks.index(name)]
