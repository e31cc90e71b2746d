"""What an attribution found: for every measure and player a share, as numbers, table, page and files."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from statistics import stdev
from typing import TYPE_CHECKING, Any

from glasshouse.attribute.game import everybody, first_in, leave_one_out, sampled, shapley
from glasshouse.attribute.kept import RESULTS
from glasshouse.attribute.worlds import measure
from glasshouse.compare.effects import t_quantile
from glasshouse.records import files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

__all__ = ["Attribution", "Mean", "Shares"]

FORMAT, FORMAT_VERSION = "glasshouse-attribution", 1


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over replicates, exact, with the 95 % interval of Student's t; None with one replicate."""

    exact: Fraction
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Sequence[Fraction | int]) -> Mean:
        """Return the mean of one value for each replicate."""
        mean = sum(map(Fraction, values), Fraction(0)) / len(values)
        if len(values) < 2:
            return cls(mean, None, None)
        half = t_quantile(len(values) - 1) * stdev(map(float, values)) / math.sqrt(len(values))
        return cls(mean, float(mean) - half, float(mean) + half)

    def __float__(self) -> float:
        """Return the mean."""
        return float(self.exact)


@dataclass(frozen=True)
class Shares:
    """One measure shared out among the players.

    Attributes:
        full: The measure with all players on.
        empty: The measure with all of them off.
        effect: What all of them do together; the Shapley values sum to it exactly.
        shapley: What each player adds, the mean over all orders of coming in.
        standard_error: That of each Shapley value over the orders drawn; None when it is exact.
        leave_one_out: What falls away when one player alone leaves.
        first_in: What one player alone brings.
    """

    full: Mean
    empty: Mean
    effect: Mean
    shapley: tuple[Mean, ...]
    standard_error: tuple[float, ...] | None
    leave_one_out: tuple[Mean, ...]
    first_in: tuple[Mean, ...]

    @classmethod
    def of(cls, games: Sequence[Mapping[int, int]], k: int, orders: Sequence[Sequence[int]]) -> Shares:
        """Return the shares from the game of each replicate; by all coalitions, or by some orders of players."""
        whole = everybody(k)
        values: list[list[Fraction]] = []
        squares = [0.0] * k
        for game in games:
            if orders:
                means, errors = sampled(game, k, orders)
                values.append(means)
                squares = [sum_ + error**2 for sum_, error in zip(squares, errors, strict=True)]
            else:
                values.append(shapley(game, k))
        return cls(
            full=Mean.of([game[whole] for game in games]),
            empty=Mean.of([game[0] for game in games]),
            effect=Mean.of([game[whole] - game[0] for game in games]),
            shapley=over_replicates(values),
            standard_error=tuple(math.sqrt(one) / len(games) for one in squares) if orders else None,
            leave_one_out=over_replicates([leave_one_out(game, k) for game in games]),
            first_in=over_replicates([first_in(game, k) for game in games]),
        )

    @property
    def counted(self) -> bool:
        """Whether the measure is other than 0 in the full or the empty world, or any rule moves it."""
        return any(one.exact for one in (self.full, self.empty, *self.shapley))


def over_replicates(rows: Sequence[Sequence[Fraction | int]]) -> tuple[Mean, ...]:
    """Return the mean of each player over replicates."""
    return tuple(Mean.of(column) for column in zip(*rows, strict=True))


@dataclass(frozen=True)
class Attribution:
    """Which rule did what, in this synthetic society.

    Attributes:
        scenario: Name of the scenario.
        changes: What was changed in it, in words.
        notice: The line shown wherever its results are.
        players: Names of the players, as `--over` takes them.
        citizens: Citizens of each world.
        days: Days of each world.
        seed: Seed of the first replicate.
        replicates: How many seeds.
        permutations: Orders gone through; 0 when every coalition was lived.
        worlds: Worlds that it took.
        shares: Measure -> what each player has of it.
    """

    scenario: str
    changes: tuple[str, ...]
    notice: str
    players: tuple[str, ...]
    citizens: int
    days: int
    seed: int
    replicates: int
    permutations: int
    worlds: int
    shares: Mapping[str, Shares] = field(repr=False)

    @property
    def method(self) -> str:
        """How the Shapley values were found, in words."""
        if self.permutations:
            return f"Shapley values from {self.permutations:,} orders of {len(self.players)} rules"
        return f"Shapley values over all {2 ** len(self.players):,} coalitions of {len(self.players)} rules"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `attribute --json` prints it."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "line": "Every figure is of this synthetic society; nobody in it exists.",
            "scenario": self.scenario,
            "changes": list(self.changes),
            "notice": self.notice,
            "citizens": self.citizens,
            "days": self.days,
            "seed": str(self.seed),
            "replicates": self.replicates,
            "permutations": self.permutations,
            "worlds": self.worlds,
            "interval": "95 % (Student's t over replicates)" if self.replicates > 1 else None,
            "players": list(self.players),
            "measures": {key: self._measure(key, one) for key, one in self.shares.items()},
        }

    def _measure(self, key: str, one: Shares) -> dict[str, Any]:
        unit, formula = measure(key)
        return {
            "unit": unit,
            "formula": formula,
            "full": float(one.full),
            "empty": float(one.empty),
            "effect": spelled_mean(one.effect),
            "players": [self._player(one, i) for i in range(len(self.players))],
        }

    def _player(self, one: Shares, i: int) -> dict[str, Any]:
        return {
            "player": self.players[i],
            "shapley": spelled_mean(one.shapley[i]),
            "standard_error": one.standard_error[i] if one.standard_error else None,
            "leave_one_out": spelled_mean(one.leave_one_out[i]),
            "first_in": spelled_mean(one.first_in[i]),
        }

    def table(self) -> pa.Table:
        """Return an Arrow table with one row for each measure and player.

        Columns: measure, unit, player (strings); full, empty, effect, shapley, shapley_low, shapley_high,
        standard_error, leave_one_out, first_in (float64, in the unit; null where there is none); shapley_exact
        (string, a fraction). The shapley_exact of a measure sum to its effect.
        """
        import pyarrow as pa

        rows = [
            {
                "measure": key,
                "unit": measure(key)[0],
                "player": player,
                "full": float(one.full),
                "empty": float(one.empty),
                "effect": float(one.effect),
                "shapley": float(one.shapley[i]),
                "shapley_low": one.shapley[i].low,
                "shapley_high": one.shapley[i].high,
                "standard_error": one.standard_error[i] if one.standard_error else None,
                "leave_one_out": float(one.leave_one_out[i]),
                "first_in": float(one.first_in[i]),
                "shapley_exact": str(one.shapley[i].exact),
            }
            for key, one in self.shares.items()
            for i, player in enumerate(self.players)
        ]
        words = ("measure", "unit", "player", "shapley_exact")
        schema = pa.schema([(name, pa.string() if name in words else pa.float64()) for name in rows[0]])
        return pa.Table.from_pylist(rows, schema)

    def write(self, folder: Path) -> None:
        """Write attribution.json, attribution.parquet and attribution.csv.

        Raises:
            InputOutputError: they cannot be written.
        """
        import pyarrow.csv as arrow_csv
        import pyarrow.parquet as pq

        text = json.dumps(self.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        table = self.table()
        as_json, as_parquet, as_csv = (folder / name for name in RESULTS)
        files.write_atomically(as_parquet, lambda part: pq.write_table(table, part, compression="zstd"))
        files.write_atomically(as_csv, lambda part: arrow_csv.write_csv(table, part))
        files.write_atomically(as_json, lambda part: part.write(text.encode()))

    def _repr_html_(self) -> str:
        """Return a table of Shapley values per 100,000 citizens, for notebooks."""
        scale = 100_000 / self.citizens
        shown = {key: one for key, one in self.shares.items() if one.counted}
        head = "".join(
            f"<th>{escape(name)}</th>" for name in ("per 100,000 citizens", "effect", *self.players)
        )
        body = "".join(
            f"<tr><td>{escape(key)}</td>"
            + "".join(f"<td>{float(mean) * scale:+,.4g}</td>" for mean in (one.effect, *one.shapley))
            + "</tr>"
            for key, one in shown.items()
        )
        where = f"{self.citizens:,} citizens, {self.days} days, in this synthetic society"
        caption = f"{self.scenario}: {self.method}, {where}"
        notice = f"<p>{escape(self.notice)}</p>" if self.notice else ""
        return (
            f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>{notice}"
        )


def spelled_mean(one: Mean) -> dict[str, float | str | None]:
    """Return a mean as a plain object: number, interval, and the exact fraction as text."""
    return {"mean": float(one), "low": one.low, "high": one.high, "exact": str(one.exact)}
