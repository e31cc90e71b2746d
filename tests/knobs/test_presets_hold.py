"""What each preset promises: who is sanctioned at all, what opens, what closes, and from which day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from living import live, plan_of, totals_of
from test_zeroes import RAISED

from glasshouse.records.measures import TOTALS
from glasshouse.run import simulate

NOT_SANCTIONS = {"posts.written", "requested.plane", "requested.high_speed_rail"}
CLOSED = {
    "refused.plane",
    "refused.high_speed_rail",
    "refused_persons",
    "listed.persons",
    "listed.companies",
    "summonses",
    "detention_days",
    "offline_days.face",
    "offline_days.id",
    "offline_days.suspension",
    "offline_days.detention",
    "posts.removed",
}


def positive(totals):
    return {key for key, value in totals.items() if value}


def test_without_a_scheme_nobody_is_sanctioned():
    assert positive(totals_of("no-scheme", {}, 20_000, 90)) == NOT_SANCTIONS


@pytest.mark.parametrize("preset", ["rewards-only", "sesame-2015"])
def test_perks_alone_close_nothing(preset):
    found = positive(totals_of(preset, {}, 20_000, 90))
    assert "perks" in found
    assert not found & CLOSED


def test_as_documented_has_lists_and_no_points():
    found = positive(totals_of("as-documented", {}, 50_000, 90))
    assert not {key for key in found if key.startswith("points_")}
    assert found >= {"listed.persons", "listed.companies", "refused.plane", "refused.high_speed_rail"}


def test_as_documented_looks_at_faces_from_december_on():
    changes = {"strict_sources": False, "society.start_date": "2019-11-11", "society.days": 40}
    often = {"identity.new_line.per_day": 0.05}
    memory = live(plan_of("as-documented", changes | often, seed=1, citizens=20_000))
    failed = memory.flow("failed_checks.face")
    december = (dt.date(2019, 12, 1) - dt.date(2019, 11, 11)).days
    assert not failed[:december].any()
    assert np.count_nonzero(failed[december:]) == failed.size - december


def test_as_reported_with_rare_rates_raised_moves_every_key():
    totals = totals_of("as-reported", RAISED, 50_000, 120)
    assert set(TOTALS) - positive(totals) == {"perks"}


def test_as_reported_moves_every_key_in_a_year_of_a_million():
    assert set(TOTALS) - positive(simulate("as-reported", citizens=1_000_000, days=365).totals) == {"perks"}
