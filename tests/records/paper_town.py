"""A small world on paper: a compiled plan and made-up counts, no day is simulated."""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import RunDigest
from glasshouse.records.manifest import Provenance
from glasshouse.records.recorder import Recorder
from glasshouse.scenario.schema import Scenario

if TYPE_CHECKING:
    from glasshouse.records.layout import Layout

PRIVATE = str(Path(Path.cwd().anchor, "srv", "someone", "town.toml"))  # an absolute path
START = dt.date(2019, 1, 20)
TREE = {
    "glasshouse": 1,
    "title": "Paper town",
    "notice": "Made up for tests.",
    "society": {"citizens": 5_000, "days": 40, "start_date": START, "seed": 2**63 + 1},
    "behaviour": {
        "games": {
            "kind": "purchase",
            "per_day": 0.1,
            "seen_share": 1.0,
            "caught_share": 1.0,
            "doer_share": 1.0,
        },
        "false-news": {
            "kind": "speech",
            "per_day": 0.1,
            "seen_share": 1.0,
            "caught_share": 1.0,
            "doer_share": 1.0,
        },
    },
    "score": {
        "kind": "points",
        "role": "output",
        "base_points": 1000,
        "floor_points": 600,
        "ceiling_points": 1300,
        "grade": [
            {"name": "A", "from_points": 1000, "to_points": 1300},
            {"name": "D", "from_points": 600, "to_points": 999},
        ],
    },
    "rule": {"late": {"on": "record", "behaviour": "games", "points": -5}},
    "list": {
        "court": {"kind": "sanction", "closes": ["plane"]},
        "thanks": {"kind": "perk"},
    },
}


def world(tree=TREE, **sizes):
    return compile_plan(Scenario.model_validate(tree), **sizes)


def counts(layout: Layout, day: int, *, density: float = 0.5):
    """Return made-up flows and stocks of a day."""
    luck = np.random.default_rng(day)
    shape = (len(layout.provinces), len(layout.groups))
    both = []
    for names in (layout.flows, layout.stocks):
        some = luck.integers(0, 50, (*shape, len(names)))
        both.append(np.where(luck.random(some.shape) < density, some, 0).astype(np.int64))
    return both


def source() -> Provenance:
    text = "glasshouse = 1\n"
    hashed = blake2b(text.encode(), digest_size=32).hexdigest()
    return Provenance(
        name="town",
        title="Paper town",
        notice="Made up for tests.",
        digest=hashed,
        chain=((PRIVATE, hashed, text),),
        changes=(),
        command=("glasshouse", "run", PRIVATE, "-o", "runs/a", "--log=/tmp/x.log"),
        started=dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC),
        wall_s=-3.0,
        peak_rss_bytes=10**8,
        threads=2,
    )


def record(folder, plan, layout, *, replace=False):
    """Record a whole run of made-up counts and return its manifest."""
    digest = RunDigest(plan, layout)
    with Recorder(folder, plan, layout, replace=replace) as recorder:
        for t in range(plan.days):
            flows, stocks = counts(layout, t)
            histogram = np.full((31, 701), t, np.int64) if plan.is_first(t) else None
            recorder.day(t, flows, stocks, histogram)
            digest.day(t, flows, stocks)
        done = digest.finish({"score": np.full(plan.citizens, 1000)}, plan.citizens)
        return recorder.close(source(), digest, done)
