"""What a calibration found: the numbers with their intervals, and data beside model, fitted and held out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from glasshouse.calibrate.fit import CONFIDENCE
from glasshouse.calibrate.statistics import STATISTICS
from glasshouse.harm.folder import write, write_table
from glasshouse.records import files
from glasshouse.records.manifest import LINE, without_paths

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from glasshouse.calibrate.windows import Window
    from glasshouse.scenario.assumptions import Assumption

__all__ = ["RESULT", "Calibration", "Fitted", "Held", "Regime", "Seen"]

FORMAT, FORMAT_VERSION = "glasshouse-calibration", 1
RESULT, ROWS = "calibration.json", "calibration"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A number that the counts identify.

    Attributes:
        number: The number as written, and the range that it was looked for in.
        value: The value that fits best.
        low: Lower end of its 90 % profile interval.
        high: Upper end.
        at_low: Whether the interval reaches the low end of the range: what lies below was not looked at.
        at_high: Whether it reaches the high end.
    """

    number: Assumption
    value: float
    low: float
    high: float
    at_low: bool
    at_high: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "key": self.number.path,
            "written": self.number.value,
            "range": [self.number.low, self.number.high],
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "at_low_end": self.at_low,
            "at_high_end": self.at_high,
        }


@dataclass(frozen=True, slots=True)
class Held:
    """A number that the counts do not identify, which stays as written, and why."""

    number: Assumption
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {"key": self.number.path, "written": self.number.value, "why": self.why}


@dataclass(frozen=True, slots=True)
class Seen:
    """A published count beside the model's.

    Attributes:
        window: What was published.
        fitted: Whether the fit saw it; else it is held out.
        model: What the model makes of it at the fitted values, in people of the nation.
        low: Lower end of the 90 % interval of that expectation.
        high: Upper end.
        again: The mean of worlds lived at the fitted values, to check the surface.
    """

    window: Window
    fitted: bool
    model: float
    low: float
    high: float
    again: float

    @property
    def label(self) -> str:
        """Its words."""
        return STATISTICS[self.window.statistic].label

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            **self.window.as_dict(),
            "label": self.label,
            "fitted": self.fitted,
            "model": self.model,
            "low": self.low,
            "high": self.high,
            "lived_again": self.again,
        }


@dataclass(frozen=True, slots=True)
class Regime:
    """One way of counting a statistic: how many are published for one in the model. Described, not fitted."""

    statistic: str
    begin: dt.date | None
    end: dt.date | None
    multiplier: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """Its days in words; the last is not of it."""
        parts = [f"from {self.begin}" if self.begin else "", f"before {self.end}" if self.end else ""]
        return " and ".join(part for part in parts if part)

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "statistic": self.statistic,
            "begin": self.begin.isoformat() if self.begin else None,
            "end": self.end.isoformat() if self.end else None,
            "multiplier": self.multiplier,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True)
class Calibration:
    """Numbers of a scenario fitted to published counts.

    Attributes:
        scenario: Name of the scenario.
        changes: What was changed in it first, in words.
        notice: The line shown wherever its results are.
        citizens: Citizens of each world.
        days: Days lived of each.
        warm_up: Days of them before the first day of the scenario.
        seeds: Seeds at each place.
        people: People of the nation.
        worlds: Worlds that it took.
        fitted: The numbers that are identified.
        held: Those that are not.
        seen: Every window, fitted and held out.
        regimes: Ways of counting, where they changed.
        factor: Variance of the residuals over that of chance, the worlds lived and rounding.
        degrees: Windows that are fitted less numbers.
        passed: Rows of the table that are not used, and why, by line.
    """

    scenario: str
    changes: tuple[str, ...]
    notice: str
    citizens: int
    days: int
    warm_up: int
    seeds: tuple[int, ...]
    people: int
    worlds: int
    fitted: tuple[Fitted, ...]
    held: tuple[Held, ...]
    seen: tuple[Seen, ...] = field(repr=False)
    regimes: tuple[Regime, ...]
    factor: float
    degrees: int
    passed: Mapping[int, str] = field(repr=False)

    @property
    def surface_error(self) -> float:
        """How far the surface is from worlds lived at the fitted values, as a share: the largest of what is fitted."""
        found = []
        for name in dict.fromkeys(one.window.statistic for one in self.seen if one.fitted):
            mine = [one for one in self.seen if one.window.statistic == name]
            found.append(abs(sum(one.again for one in mine) / sum(one.model for one in mine) - 1))
        return max(found)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `calibrate --json` prints it."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "line": LINE,
            "scenario": self.scenario,
            "changes": list(self.changes),
            "notice": self.notice,
            "citizens": self.citizens,
            "days": self.days,
            "warm_up": self.warm_up,
            "seeds": [str(seed) for seed in self.seeds],
            "people": self.people,
            "worlds": self.worlds,
            "interval": f"{100 * CONFIDENCE:.0f} % (profile of a quasi-likelihood, Student's t)",
            "uncertainty": "of the fitted numbers alone: chance, rounding, and misfit as far as the residuals show it",
            "fitted": [one.as_dict() for one in self.fitted],
            "not_identified": [one.as_dict() for one in self.held],
            "windows": [one.as_dict() for one in self.seen],
            "regimes": [one.as_dict() for one in self.regimes],
            "factor": self.factor,
            "degrees": self.degrees,
            "surface_error": self.surface_error,
            "passed_over": {str(line): why for line, why in sorted(self.passed.items())},
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one row for each published count that was used."""
        for one in self.seen:
            row = one.as_dict()
            yield {**row, "lines": " ".join(map(str, row["lines"]))}

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table, the days as ISO dates in text."""
        import pyarrow as pa

        return pa.Table.from_pylist(list(self.rows()))

    def write(self, folder: Path, *, command: Sequence[str] = ()) -> None:
        """Write `calibration.csv`, `.parquet` and, last, `calibration.json`; `command` is kept without absolute paths.

        Raises:
            InputOutputError: they cannot be written.
        """
        with files.told("make the output folder", folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_table(folder, ROWS, self.table())
        tree = self.as_dict() | ({"command": without_paths(command)} if command else {})
        write(folder / RESULT, json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
