"""A run as the report sees it: manifest, totals and daily measures, summed the ways the sections ask for.

It knows nothing of folders and files: `of_run` takes anything that has the parts of a record reader. Flows are
summed over days, stocks are taken at the end of a day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.errors import clean
from glasshouse.society.population import compile_population
from glasshouse.views.report.scheme import Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

PER = 100_000
GROUPS = "abcdefgh"


@dataclass(frozen=True)
class RunView:
    """One world of a report.

    `daily` has the columns day, measure, kind, province, group and value, non-zero rows only; `scores` has day,
    province, score and citizens, or is None. `label` is the short name that stands beside every figure.
    """

    manifest: Mapping[str, Any]
    totals: Mapping[str, int]
    daily: pa.Table
    scores: pa.Table | None = None
    label: str = ""
    given_scheme: Scheme | None = None

    # ---- what the manifest says

    @cached_property
    def _scenario(self) -> Mapping[str, Any]:
        return self.manifest.get("scenario") or {}

    @property
    def name(self) -> str:
        """The label, else the scenario's id, safe to print."""
        return clean(self.label or self._scenario.get("name") or "scenario", 40)

    @property
    def title(self) -> str:
        """The scenario's title, safe to print."""
        return clean(self._scenario.get("title") or self.name, 160)

    @property
    def notice(self) -> str:
        """The line that must be shown wherever results of the scenario are."""
        return clean(self._scenario.get("notice") or "", 400)

    @property
    def citizens(self) -> int:
        """Number of citizens."""
        return int(self.manifest["citizens"])

    @property
    def days(self) -> int:
        """Number of days simulated."""
        return int(self.manifest["days"])

    @property
    def start(self) -> dt.date:
        """The date of the first day."""
        date = self.manifest.get("start_date") or "2019-01-01"
        return date if isinstance(date, dt.date) else dt.date.fromisoformat(str(date)[:10])

    @cached_property
    def scheme(self) -> Scheme:
        """The rules, from the texts that the manifest keeps."""
        if self.given_scheme is not None:
            return self.given_scheme
        return Scheme.from_manifest(self._scenario)

    # ---- numbers

    def total(self, key: str) -> int:
        """Return a total of the run: as recorded, else the sum of the daily flow of that name."""
        if key in self.totals:
            return int(self.totals[key])
        return int(self._rows(key, "flow")[1].sum())

    def rate(self, key: str) -> float:
        """Return a total per 100,000 citizens."""
        return self.total(key) * PER / self.citizens

    def last(self, stock: str) -> int:
        """Return a stock at the end of the last day."""
        cells, values = self._rows(stock, "stock")
        return int(values[cells[0] == self.days - 1].sum())

    def monthly(self, flow: str) -> list[int]:
        """Return a flow summed over each calendar month of the run."""
        cells, values = self._rows(flow, "flow")
        return self._binned(self._month_of[cells[0]], values, len(self.months))

    def month_ends(self, stock: str) -> list[int]:
        """Return a stock at the end of each calendar month, or of the run where that comes first."""
        cells, values = self._rows(stock, "stock")
        ends = np.flatnonzero(np.diff(self._month_of, append=-1))
        kept = np.isin(cells[0], ends)
        return self._binned(self._month_of[cells[0][kept]], values[kept], len(self.months))

    def by_province(self, measure: str, *, stock: bool) -> list[int]:
        """Return a flow summed over the run, or a stock at its end, for the 31 provinces in census order."""
        return self._by(1, measure, len(self.provinces), stock=stock)

    def by_group(self, measure: str, *, stock: bool) -> list[int]:
        """Return a flow summed over the run, or a stock at its end, for groups a to h."""
        return self._by(2, measure, len(GROUPS), stock=stock)

    # ---- who lives there

    @cached_property
    def months(self) -> tuple[dt.date, ...]:
        """The first of each calendar month that the run touches."""
        dates = [self.start + dt.timedelta(days=day) for day in range(self.days)]
        return tuple(dict.fromkeys(date.replace(day=1) for date in dates))

    @cached_property
    def full_months(self) -> tuple[bool, ...]:
        """Whether the run covers each of its months to the last day; the first may begin late."""
        after = self.start + dt.timedelta(days=self.days)
        return tuple((month + dt.timedelta(days=31)).replace(day=1) <= after for month in self.months)

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """The 31 provinces in census order."""
        return self._people.province_names

    @cached_property
    def province_people(self) -> tuple[int, ...]:
        """Number of citizens of each province."""
        return tuple(self._people.province_size(p) for p in range(len(self.provinces)))

    @cached_property
    def group_shares(self) -> dict[str, float]:
        """The share of citizens expected in each group that the scenario names."""
        shares = self.scheme.tree.get("society", {}).get("group_shares") or {"a": 1.0}
        return {name: float(share) for name, share in sorted(shares.items()) if name in GROUPS and share > 0}

    @cached_property
    def _people(self) -> Any:
        from glasshouse.scenario.schema import Scenario, Society

        bare = Scenario(glasshouse=1, title="provinces", society=Society())
        return compile_population(bare, self.citizens, 0)

    # ---- the daily table, indexed once

    @cached_property
    def _month_of(self) -> np.ndarray:
        """The number of the month of each day."""
        place = {month: number for number, month in enumerate(self.months)}
        dates = (self.start + dt.timedelta(days=day) for day in range(self.days))
        return np.array([place[date.replace(day=1)] for date in dates], dtype=np.int64)

    @cached_property
    def _coding(self) -> tuple[dict[str, int], np.ndarray, dict[str, int], np.ndarray]:
        """Number of each measure, the measure of each row; number of each kind, the kind of each row."""
        measures, of_row = _coded(self.daily, "measure")
        kinds, kind_of_row = _coded(self.daily, "kind")
        return (
            {name: n for n, name in enumerate(measures)},
            of_row,
            {name: n for n, name in enumerate(kinds)},
            kind_of_row,
        )

    def _rows(self, measure: str, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """Return cells (3 x rows: day, province, group) and values of a measure; empty when it never occurred."""
        measures, of_row, kinds, kind_of_row = self._coding
        mine = np.flatnonzero((of_row == measures.get(measure, -1)) & (kind_of_row == kinds.get(kind, -1)))
        found = self.daily.select(["day", "province", "group", "value"]).take(mine)
        cells = (_numbers(found, "day"), self._places(found, "province"), self._places(found, "group"))
        return np.stack(cells), _numbers(found, "value")

    def _places(self, table: pa.Table, column: str) -> np.ndarray:
        """Return a column as positions among the provinces or groups, whether it holds names or numbers."""
        import pyarrow as pa

        if pa.types.is_integer(table.schema.field(column).type):
            return _numbers(table, column)
        known = {name: place for place, name in enumerate(self.provinces if column == "province" else GROUPS)}
        names, codes = _coded(table, column)
        places = np.array([known.get(str(name), -1) for name in names] or [0], dtype=np.int64)
        return places[codes]

    def _by(self, axis: int, measure: str, size: int, *, stock: bool) -> list[int]:
        cells, values = self._rows(measure, "stock" if stock else "flow")
        kept = (cells[0] == self.days - 1) if stock else np.ones(len(values), bool)
        kept &= (cells[axis] >= 0) & (cells[axis] < size)
        return self._binned(cells[axis][kept], values[kept], size)

    @staticmethod
    def _binned(places: np.ndarray, values: np.ndarray, size: int) -> list[int]:
        sums = np.zeros(size, np.int64)
        np.add.at(sums, places, values)
        return sums.tolist()


def of_run(records: Any, *, label: str = "") -> RunView:
    """Return the view of a run that a record reader has opened."""
    totals = records.summary.get("totals", {})
    scores = records.scores()
    return RunView(records.manifest, {k: int(v) for k, v in totals.items()}, records.daily(), scores, label)


def labelled(views: Sequence[RunView]) -> tuple[RunView, ...]:
    """Return the views with labels that differ: the second world of the same name is the variant."""
    names = [view.name for view in views]
    if len(set(names)) == len(names):
        return tuple(views)
    words = ("baseline", "variant")
    return tuple(replace(v, label=f"{v.name} ({w})") for v, w in zip(views, words, strict=False))


def _numbers(table: pa.Table, column: str) -> np.ndarray:
    """Return an integer column as 64-bit numbers."""
    return table.column(column).to_numpy().astype(np.int64)


def _coded(table: pa.Table, column: str) -> tuple[list[str], np.ndarray]:
    """Return the distinct names of a column and, for each row, the number of its name."""
    import pyarrow as pa

    whole = table.column(column)
    coded = pa.types.is_dictionary(whole.type)
    whole = whole.unify_dictionaries() if coded else whole.dictionary_encode()
    if not len(whole):
        return [], np.zeros(0, np.int32)
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in whole.chunks])
    return [str(name) for name in whole.chunk(0).dictionary.to_pylist()], codes
