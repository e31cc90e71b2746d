"""A town with a court list in which much happens soon, tables of what is published of it, and synthetic truths."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
from synthetic import FREE, PLACE, uniform

from glasshouse.calibrate.fit import Counts, fitted_to
from glasshouse.calibrate.numbers import named
from glasshouse.calibrate.study import NATION
from glasshouse.calibrate.surface import design, fit_surface
from glasshouse.calibrate.windows import Window
from glasshouse.calibrate.worldlist import Job, Task, earlier, spans_of
from glasshouse.scenario.load import load

START = dt.date(2019, 1, 1)
TOWN = """glasshouse = 1
title = "A town with a court list"
notice = "Made up for a test."
[society]
citizens = 4000
days = 212
start_date = 2019-01-01
[behaviour.court_default]
kind = "default"
per_day = { value = 0.0006, grade = "assumed", range = [0.0003, 0.0012] }
seen_share = 1.0
[behaviour.games]
kind = "purchase"
per_day = { value = 0.01, grade = "assumed", range = [0.005, 0.02] }
[list.court]
entry_records_of = ["court_default"]
term_days = 120
performed_per_day = 0.002
closes = ["plane", "high_speed_rail"]
[travel.plane]
requests_per_day = 0.02
[travel.high_speed_rail]
requests_per_day = 0.1
stop_share = { value = 0.7, grade = "assumed", range = [0.4, 1] }
"""
KEYS = ("behaviour.court_default.per_day", "travel.high_speed_rail.stop_share")
FIRST_OF_MONTH = [dt.date(2019, month, 1) for month in range(1, 9)]
ONE_DAY = dt.timedelta(days=1)
WARM_UP = 60
PUBLISHED_AS = {
    "listings": "jspe_added",
    "rail": "hsr_blocked",
    "plane": "air_blocked",
    "performed": "complied",
}
HEAD = "date_from,date_to,quantity,value,unit,kind,grade,source_url,note"


def months(statistic):
    """Return the windows of a statistic: seven months."""
    return [
        Window(statistic, first, after - ONE_DAY, 0, 0.0, 0, ()) for first, after in pairwise(FIRST_OF_MONTH)
    ]


def job_of(path, statistics=("listings", "rail"), citizens=4000):
    """Return what lives the worlds of the town from a warm-up on."""
    loaded = load(path)
    scenario = earlier(loaded.scenario, WARM_UP)
    windows = [one for name in statistics for one in months(name)]
    spans = spans_of(windows, scenario.society.start_date)
    return Job(scenario, tuple(named(loaded, KEYS)), spans, citizens, 212 + WARM_UP), windows


def published(path, places, seed, statistics=tuple(PUBLISHED_AS)):
    """Return a table of what happens in a town at some places of the ranges, scaled to a nation."""
    job, windows = job_of(path, statistics)
    rows = [HEAD]
    for window, count in zip(windows, job.live(Task(seed, tuple(places))), strict=True):
        value = max(10, round(count * NATION / job.citizens))
        rows.append(
            f"{window.first},{window.last},{PUBLISHED_AS[window.statistic]},{value},persons,monthly,S,"
            "https://example.org/counts,made up for a test"
        )
    return "\n".join(rows) + "\n"


def engine_covers(path, fits, seeds):
    """Return how many of so many synthetic truths, lived by the engine, lie in the 90 % intervals of each number."""
    job, windows = job_of(path)
    places = design(2)
    counts = np.array([[job.live(Task(seed, tuple(p))) for seed in range(seeds)] for p in places], float)
    spans = [(one.first.toordinal(), one.last.toordinal()) for one in windows]
    surface = fit_surface(places, counts, [one.statistic for one in windows], spans)
    held = np.zeros(2, int)
    for k in range(fits):
        truth = np.array([0.15 + 0.7 * uniform(k, i, PLACE, 2) for i in range(2)])
        lived = np.array(job.live(Task(10_000 + k, tuple(truth))), float)
        found = fitted_to(surface, Counts(lived, np.zeros(len(lived)), 1.0), FREE)
        held += (found.low <= truth) & (truth <= found.high)
    return held
