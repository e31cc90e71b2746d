"""Where each daily count lies: one fixed order of (measure, province, group) that no position can change.

Kernels number flows and stocks as they like. Here both are put into the order of their names, so that what is
written and what is hashed depends on what was counted and on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan

    Counts = Mapping[tuple[str, int, int], int]  # (measure, province, group) -> count

KINDS = ("flow", "stock")


@dataclass(frozen=True)
class Layout:
    """Names along the axes of the daily arrays, and the fixed order of their cells.

    A *cell* is a number: its measure, province and group, counted in that order, measures sorted by
    (name, kind), provinces and groups as the plan numbers them.

    Attributes:
        flows: Names of flows in the order of the last axis of flow arrays.
        stocks: Names of stocks in the order of the last axis of stock arrays.
        provinces: Names along the first axis.
        groups: Names along the second axis.
    """

    flows: tuple[str, ...]
    stocks: tuple[str, ...]
    provinces: tuple[str, ...]
    groups: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, flows: Sequence[str], stocks: Sequence[str]) -> Layout:
        """Return the layout of a plan whose flows and stocks have these names.

        Raises:
            ValueError: a name occurs twice.
        """
        for names in (flows, stocks):
            if len(set(names)) != len(names):
                raise ValueError(f"a measure is named twice among {len(names)} names")
        people = plan.population
        return cls(tuple(flows), tuple(stocks), tuple(people.province_names), tuple(people.group_names))

    @cached_property
    def measures(self) -> tuple[tuple[str, str], ...]:
        """All measures as (name, kind), sorted."""
        return tuple(
            sorted([(name, "flow") for name in self.flows] + [(name, "stock") for name in self.stocks])
        )

    @property
    def places(self) -> int:
        """Number of cells of one measure: provinces times groups."""
        return len(self.provinces) * len(self.groups)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """For each cell, its position in the flows and stocks of a day laid side by side, flattened."""
        columns = {(name, "flow"): k for k, name in enumerate(self.flows)}
        columns |= {(name, "stock"): len(self.flows) + k for k, name in enumerate(self.stocks)}
        column = np.array([columns[one] for one in self.measures], np.intp)
        place = np.arange(self.places, dtype=np.intp) * len(columns)
        return (column[:, None] + place[None, :]).ravel()

    @cached_property
    def measure_of(self) -> NDArray[np.int16]:
        """Measure number of each cell."""
        return np.repeat(np.arange(len(self.measures), dtype=np.int16), self.places)

    @cached_property
    def province_of(self) -> NDArray[np.int16]:
        """Province number of each cell."""
        one = np.repeat(np.arange(len(self.provinces), dtype=np.int16), len(self.groups))
        return np.tile(one, len(self.measures))

    @cached_property
    def group_of(self) -> NDArray[np.int16]:
        """Group number of each cell."""
        one = np.arange(len(self.groups), dtype=np.int16)
        return np.tile(one, len(self.measures) * len(self.provinces))

    def nonzero(
        self, flows: NDArray[np.int64], stocks: NDArray[np.int64]
    ) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return the cells of a day that are not zero, in order, and their values."""
        self.check(flows, stocks)
        both = np.concatenate(
            (flows.reshape(self.places, -1), stocks.reshape(self.places, -1)), axis=1, dtype=np.int64
        )
        values = both.ravel().take(self.order)
        cells = np.flatnonzero(values)
        return cells, values[cells]

    def unpacked(
        self, cells: NDArray[np.intp], values: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the flows and stocks of a day from what `nonzero` returned."""
        both = np.zeros(self.places * (len(self.flows) + len(self.stocks)), np.int64)
        both[self.order[cells]] = values
        places = both.reshape(len(self.provinces), len(self.groups), -1)
        return places[..., : len(self.flows)].copy(), places[..., len(self.flows) :].copy()

    def check(self, flows: NDArray[np.int64], stocks: NDArray[np.int64]) -> None:
        """Raise ValueError unless the arrays have the shape of this layout and hold integers."""
        for what, array, names in (("flows", flows, self.flows), ("stocks", stocks, self.stocks)):
            shape = (len(self.provinces), len(self.groups), len(names))
            if array.shape != shape:
                raise ValueError(f"{what} have the shape {array.shape}, expected {shape}")
            if array.dtype.kind not in "iu":
                raise ValueError(f"{what} are {array.dtype}, expected integers")

    def arrays(self, flows: Counts, stocks: Counts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return plain counts, as the oracle keeps them, as the two arrays of a day.

        Raises:
            ValueError: a measure is unknown.
            IndexError: a province or group is.
        """
        return self._array(flows, self.flows), self._array(stocks, self.stocks)

    def _array(self, counts: Counts, names: tuple[str, ...]) -> NDArray[np.int64]:
        position = {name: k for k, name in enumerate(names)}
        out = np.zeros((len(self.provinces), len(self.groups), len(names)), np.int64)
        for (name, province, group), value in counts.items():
            if name not in position:
                raise ValueError(f"unknown measure {name!r}")
            out[province, group, position[name]] += value
        return out
