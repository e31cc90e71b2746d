"""What a study of sensitivity found: for each headline figure, which assumptions it hangs on, with error bars."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.effects import t_quantile
from glasshouse.harm.folder import write, write_table
from glasshouse.records import files
from glasshouse.records.manifest import LINE, without_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from glasshouse.scenario.assumptions import Assumption
    from glasshouse.sensitivity.estimates import Indices

    Floats = NDArray[np.float64]

__all__ = ["HEADLINES", "LUCK", "RESULT", "Influence", "Rank", "Screening", "Sensitivity", "Shared"]

FORMAT, FORMAT_VERSION = "glasshouse-sensitivity", 1
RESULT, ROWS = "sensitivity.json", "sensitivity"
LUCK = "luck"
REACH = (5.0, 95.0)  # percent of the worlds of a screening
MOSTLY = 3  # measures named beside an assumption, and assumptions beside a measure
# The figures that a study is about, and their words.
HEADLINES: Mapping[str, str] = {
    "listed.persons": "people ever on a list",
    "refused_persons": "people refused a ticket",
    "points_lost.all": "points lost",
    "posts.withheld": "posts withheld out of fear",
    "records.false": "records of acts that did not happen",
    "interrogations": "interrogations",
    "detention_days": "days in detention",
    "offline_days.face": "days offline after a face check",
    "offline_days.suspension": "days with a suspended account",
    "punished_days": "days on which somebody was punished",
    "ties_cut": "ties cut",
}


@dataclass(frozen=True, slots=True)
class Influence:
    """How far one input moves one measure when it goes through its whole range (Morris 1991, Campolongo et al. 2007).

    Attributes:
        path: Dotted path of the assumption, or `luck`.
        reach: Mean distance that it moves the measure, whichever way.
        low: Lower end of the 95 % interval of that mean, Student's t over walks.
        high: Upper end.
        slope: Mean movement with its sign: as far as `reach` where it always goes one way.
        spread: Standard deviation of the movements: what hangs on the other assumptions.
        share: Its part of the reach of all assumptions; of luck, the ratio to it.
    """

    path: str
    reach: float
    low: float
    high: float
    slope: float
    spread: float
    share: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "path": self.path,
            "reach": self.reach,
            "low": self.low,
            "high": self.high,
            "slope": self.slope,
            "spread": self.spread,
            "share": self.share,
        }


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of an assumption among all: its share of all movement, the mean over the headline figures that move.

    Attributes:
        assumption: The assumption.
        share: The mean share.
        low: Lower end of its 95 % interval, Student's t over walks.
        high: Upper end.
        mostly: The measures of which it has most, with its share in each.
    """

    assumption: Assumption
    share: float
    low: float
    high: float
    mostly: tuple[tuple[str, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            **self.assumption.as_tree(),
            "share": self.share,
            "share_low": self.low,
            "share_high": self.high,
            "mostly": [{"measure": key, "share": share} for key, share in self.mostly],
        }


@dataclass(frozen=True, eq=False)
class Screening:
    """The elementary effects of every assumption on every measure.

    Attributes:
        assumptions: The k assumptions.
        effects: Measure -> movement over the whole range, (walks, k + 1); luck is last.
        values: Measure -> its value in every world of the walks.
        written: Measure -> its value in worlds of the scenario as written, one for each walk.
    """

    assumptions: tuple[Assumption, ...]
    effects: Mapping[str, Floats] = field(repr=False)
    values: Mapping[str, Floats] = field(repr=False)
    written: Mapping[str, Floats] = field(repr=False)

    @property
    def walks(self) -> int:
        """How many walks."""
        return len(next(iter(self.effects.values())))

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """The measures that any assumption moves."""
        return tuple(key for key, one in self.effects.items() if np.any(one[:, :-1]))

    def influences(self, key: str) -> list[Influence]:
        """Return every input of a measure, luck too, the strongest first."""
        found = self.effects[key]
        reach = np.abs(found).mean(axis=0)
        whole = float(reach[:-1].sum()) or 1.0
        half = half_interval(np.abs(found))
        paths = [*(one.path for one in self.assumptions), LUCK]
        out = [
            Influence(
                path, float(reach[i]), max(0.0, float(reach[i] - half[i])), float(reach[i] + half[i]),
                float(found[:, i].mean()), float(found[:, i].std(ddof=1)), float(reach[i]) / whole,
            )
            for i, path in enumerate(paths)
        ]  # fmt: skip
        return sorted(out, key=lambda one: -one.reach)

    @cached_property
    def shares(self) -> Floats:
        """Share of each assumption in the movement of each measure that moves, by walk, (walks, moved, k).

        Each movement is divided by the reach of all assumptions, the mean over walks; so the mean over walks sums to 1.
        """
        parts = []
        for key in self.moved:
            reach = np.abs(self.effects[key][:, :-1])
            parts.append(reach / reach.mean(axis=0).sum())
        return np.stack(parts, axis=1) if parts else np.zeros((self.walks, 0, len(self.assumptions)))

    @cached_property
    def ranks(self) -> list[Rank]:
        """Every assumption, the most influential first; those that move nothing come last, in their order."""
        if not self.moved:
            return [Rank(one, 0.0, 0.0, 0.0, ()) for one in self.assumptions]
        over = self.shares.mean(axis=1)
        mean, half, each = over.mean(axis=0), half_interval(over), self.shares.mean(axis=0)
        found = []
        for i, one in enumerate(self.assumptions):
            order = np.argsort(-each[:, i], kind="stable")[:MOSTLY]
            mostly = tuple((self.moved[m], float(each[m, i])) for m in order if each[m, i] > 0)
            low, high = max(0.0, float(mean[i] - half[i])), float(mean[i] + half[i])
            found.append(Rank(one, float(mean[i]), low, high, mostly))
        return sorted(found, key=lambda rank: -rank.share)

    @property
    def ranked(self) -> list[Assumption]:
        """The assumptions, the most influential first."""
        return [rank.assumption for rank in self.ranks]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "method": "elementary effects (Morris 1991) on four levels, luck as one more input",
            "walks": self.walks,
            "interval": "95 % (Student's t over walks)",
            "ranking": [rank.as_dict() for rank in self.ranks],
            "measures": {key: self._measure(key) for key in self.effects},
        }

    def _measure(self, key: str) -> dict[str, Any]:
        """Return one measure as a plain object."""
        written, half = self.written[key], half_interval(self.written[key][:, None])[0]
        low, high = np.percentile(self.values[key], REACH)
        return {
            "words": HEADLINES[key],
            "as_written": {
                "mean": float(written.mean()),
                "low": float(written.mean() - half),
                "high": float(written.mean() + half),
            },
            "in_the_ranges": {
                "low": float(low),
                "high": float(high),
                "median": float(np.median(self.values[key])),
            },
            "inputs": [one.as_dict() for one in self.influences(key)],
        }


def half_interval(rows: Floats) -> Floats:
    """Return half the 95 % interval of the mean over rows, Student's t."""
    n = len(rows)
    out: Floats = t_quantile(n - 1) * rows.std(axis=0, ddof=1) / math.sqrt(n)
    return out


@dataclass(frozen=True)
class Shared:
    """The variance of every measure, shared out among a few assumptions and luck; the others stand as written.

    Attributes:
        assumptions: The few.
        samples: Rows of the design.
        indices: Measure -> indices, luck last.
    """

    assumptions: tuple[Assumption, ...]
    samples: int
    indices: Mapping[str, Indices] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        paths = [*(one.path for one in self.assumptions), LUCK]
        return {
            "method": "first-order indices of Saltelli et al. (2010), total ones of Jansen (1999), luck "
            "as one more input",
            "samples": self.samples,
            "interval": "95 % (bootstrap over rows of the design)",
            "assumptions": [one.as_tree() for one in self.assumptions],
            "measures": {
                key: {
                    "words": HEADLINES[key],
                    "variance": one.variance,
                    "inputs": [self._input(one, i, path) for i, path in enumerate(paths)],
                }
                for key, one in self.indices.items()
            },
        }

    def _input(self, one: Indices, i: int, path: str) -> dict[str, Any]:
        """Return the indices of one input as a plain object."""
        return {
            "path": path,
            "first": float(one.first[i]),
            "first_low": float(one.first_ends[0, i]),
            "first_high": float(one.first_ends[1, i]),
            "total": float(one.total[i]),
            "total_low": float(one.total_ends[0, i]),
            "total_high": float(one.total_ends[1, i]),
        }


@dataclass(frozen=True)
class Sensitivity:
    """Which assumptions the headline figures of a scenario hang on, in this synthetic society.

    Attributes:
        scenario: Name of the scenario.
        changes: What was changed in it, in words.
        notice: The line shown wherever its results are.
        citizens: Citizens of each world.
        days: Days of each world.
        seed: First seed.
        worlds: Worlds that it took.
        held: Assumed numbers that were not moved, and why, by path.
        screening: The elementary effects, or None.
        shared: The shares of the variance, or None.
    """

    scenario: str
    changes: tuple[str, ...]
    notice: str
    citizens: int
    days: int
    seed: int
    worlds: int
    held: Mapping[str, str] = field(repr=False)
    screening: Screening | None
    shared: Shared | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `sensitivity --json` prints it."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "line": LINE,
            "scenario": self.scenario,
            "changes": list(self.changes),
            "notice": self.notice,
            "citizens": self.citizens,
            "days": self.days,
            "seed": str(self.seed),
            "worlds": self.worlds,
            "uncertainty": "of the assumed numbers in their ranges, and of chance in a society of this size",
            "screening": self.screening.as_dict() if self.screening else None,
            "shared": self.shared.as_dict() if self.shared else None,
            "held": dict(self.held),
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one row for each measure and input: its reach, and its indices where there are any."""
        tree = self.as_dict()
        parts = {name: tree[name]["measures"] if tree[name] else {} for name in ("screening", "shared")}
        for key, words in HEADLINES.items():
            inputs: dict[str, dict[str, Any]] = {}
            for part in parts.values():
                for one in part.get(key, {}).get("inputs", ()):
                    inputs.setdefault(one["path"], {}).update(one)
            for path, one in inputs.items():
                yield {"measure": key, "words": words, "input": path, **{c: one.get(c) for c in COLUMNS}}

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table: words as strings, numbers as float64, null where there is none."""
        import pyarrow as pa

        words = [(name, pa.string()) for name in ("measure", "words", "input")]
        schema = pa.schema([*words, *((name, pa.float64()) for name in COLUMNS)])
        return pa.Table.from_pylist(list(self.rows()), schema)

    def write(self, folder: Path, *, command: Sequence[str] = ()) -> None:
        """Write `sensitivity.csv`, `.parquet` and, last, `sensitivity.json`; `command` is kept without absolute paths.

        Raises:
            InputOutputError: they cannot be written.
        """
        with files.told("make the output folder", folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_table(folder, ROWS, self.table())
        tree = self.as_dict() | ({"command": without_paths(command)} if command else {})
        write(folder / RESULT, json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


COLUMNS = (
    "reach", "low", "high", "slope", "spread", "share",
    "first", "first_low", "first_high", "total", "total_low", "total_high",
)  # fmt: skip
