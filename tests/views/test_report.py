"""The report: what it says is what the run holds, nothing foreign gets in, and it opens anywhere."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from glasshouse.errors import InputOutputError, UsageError
from glasshouse.society.columns import ORIGINS
from glasshouse.views.report import RunView, write_report
from glasshouse.views.report.charts import NATION, PUBLISHED_JULY, all_figures
from glasshouse.views.report.findings import FINDINGS, count
from glasshouse.views.report.markup import esc, link
from glasshouse.views.report.page import page
from glasshouse.views.report.runview import labelled
from glasshouse.views.report.scheme import Scheme
from glasshouse.views.report.tile_grid import TILES

if TYPE_CHECKING:
    from pathlib import Path

CITIZENS = 1_000_000
STOCKS = {"ever_listed": 9000, "ever_refused": 4200, "punished_ever.own": 8100, "punished_ever.false": 900,
          "punished_ever.association": 2600, "punished_ever.representation": 300, "punished_ever.identity": 45}  # fmt: skip
FLOWS = {"refused.plane": 26, "refused.high_speed_rail": 41, "posts.written": 52000, "posts.withheld": 900,
         "posts.removed": 310, "detentions": 4, "offline_days.face": 120, "offline_days.id": 12, "ties_cut": 15,
         "records.false": 30, "appeals.filed": 6, "appeals.won": 2, "flagged": 50}  # fmt: skip
TOTALS = {"listed.persons": "ever_listed", "refused_persons": "ever_refused"}
TOTALS |= {f"punished.{origin}": f"punished_ever.{origin}" for origin in ORIGINS}


def made_view(name: str = "as-reported", *, share: float = 1.0, days: int = 365, **changes: Any) -> RunView:
    """Return a world of made-up numbers: plain arithmetic, no luck."""
    weights = [(7 * p) % 11 + 3 for p in range(31)]
    cells = [(p, "abc"[g], weights[p] * (3 - g) / (6 * sum(weights))) for p in range(31) for g in range(3)]
    rows = []
    for day in range(days):
        season = 1 + 0.3 * ((day // 30) % 5) / 5
        for province, group, part in cells:
            for name_, end in STOCKS.items():
                rows.append((day, name_, "stock", province, group, round(end * share * part * (0.2 + 0.8 * day / days))))
            for name_, daily in FLOWS.items():
                rows.append((day, name_, "flow", province, group, round(daily * share * season * part * 3)))
    rows = [row for row in rows if row[-1]]
    provinces = [*TILES]
    daily = pa.table({
        "day": pa.array([r[0] for r in rows], pa.int16()),
        "measure": pa.array([r[1] for r in rows]).dictionary_encode(),
        "kind": pa.array([r[2] for r in rows]).dictionary_encode(),
        "province": pa.array([_census()[r[3]] for r in rows]).dictionary_encode(),
        "group": pa.array([r[4] for r in rows]).dictionary_encode(),
        "value": pa.array([r[5] for r in rows], pa.int64()),
    })  # fmt: skip
    assert set(provinces) == set(_census())
    return RunView(_manifest(name, days) | changes, _totals(daily, days), daily, _scores(days) if share > 0.5 else None)


def _census() -> list[str]:
    from glasshouse.society.population import compile_population
    from glasshouse.scenario.schema import Scenario, Society

    return list(compile_population(Scenario(glasshouse=1, title="x", society=Society()), 1000, 0).province_names)


def _totals(daily: pa.Table, days: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    stocks = {stock: key for key, stock in TOTALS.items()}
    for row in daily.to_pylist():
        key = row["measure"] if row["kind"] == "flow" else stocks.get(row["measure"])
        if key and (row["kind"] == "flow" or row["day"] == days - 1):
            sums[key] = sums.get(key, 0) + row["value"]
    return {key: value for key, value in sums.items() if key != "detentions"}


def _scores(days: int) -> pa.Table:
    rows = [(0, 1000, CITIZENS * 8 // 10)]
    rows += [(days - 1, 1000 - 7 * k, CITIZENS * 8 // 10 * 6 // (10 * (k + 1) ** 2)) for k in range(60)]
    province = pa.array(["Beijing"] * len(rows))
    return pa.table({"day": [r[0] for r in rows], "province": province, "score": [r[1] for r in rows], "citizens": [r[2] for r in rows]})


def _manifest(name: str, days: int) -> dict[str, Any]:
    text = files("glasshouse.scenario").joinpath(f"presets/{name}.toml").read_text(encoding="utf-8")
    tree = Scheme.from_manifest({"text": text}).tree
    return {
        "scenario": {"name": name, "title": tree["title"], "notice": tree.get("notice", ""), "digest": "ab" * 32,
                     "changes": [], "chain": [{"name": f"{name}.toml", "digest": "ab" * 32, "text": text}]},
        "software": {"glasshouse": "0.1.0", "python": "3.13.1", "numpy": "2.4.6"}, "seed": 1, "citizens": CITIZENS, "days": days,
        "start_date": "2019-01-01", "command": ["glasshouse", "run", name], "started": "2026-11-22T12:00:00+00:00",
        "resources": {"wall_s": 41.2, "threads": 2}, "digest": "cd" * 32,
    }  # fmt: skip
