"""What a study of harms gives to programs and to notebooks is what it prints as JSON."""

from __future__ import annotations

import pytest

import glasshouse as gh
from glasshouse.harm import tables

SIZE = {"citizens": 2_000, "days": 60, "replicates": 2, "threads": 1}


@pytest.fixture(scope="module")
def study():
    return gh.harm("as-reported", **SIZE)


@pytest.fixture(scope="module")
def sheet():
    return gh.assess("as-reported", **SIZE)


def test_every_rate_of_every_detector_is_a_row(study):
    rows = study.tables()["audit"].to_pylist()
    detectors = study.as_dict()["audit"]["detectors"]
    assert len(rows) == len(detectors) * len(tables.RATES)
    for one in detectors:
        for rate in tables.RATES:
            (row,) = [
                r
                for r in rows
                if (r["behaviour"], r["group"], r["rate"]) == (one["behaviour"], one["group"], rate)
            ]
            assert {k: row[k] for k in ("value", "low", "high")} == {
                k: one[rate][k] for k in ("value", "low", "high")
            }
    assert any(row["of"] for row in rows)


def test_no_rate_of_a_detector_is_left_out(study):
    one = study.as_dict()["audit"]["detectors"][0]
    assert {name for name, value in one.items() if isinstance(value, dict)} == set(tables.RATES)


def test_the_long_table_and_the_curves_are_whole(study):
    found = study.tables()
    assert found["judged"].to_pylist() == list(study.audit.rows)
    for one in study.recovery:
        mine = [row for row in found["recovery"].to_pylist() if row["group"] == one.group]
        steps = one.curve.as_dict()
        assert [row["days"] for row in mine] == list(range(len(steps["waiting"])))
        assert [row["waiting"] for row in mine] == steps["waiting"]
        assert [row["at_risk"] for row in mine] == steps["at_risk"]


def test_the_sheet_is_a_table(sheet):
    assert sheet.table().to_pylist() == sheet.as_dict()["rows"]


def test_notebooks_show_figures_intervals_and_the_notice(study, sheet):
    shown = study._repr_html_()
    assert "in this synthetic society of 2,000 citizens" in shown
    assert "no such national score exists" in shown
    assert all(f"<th>{one.behaviour}</th>" in shown for one in study.audit.detectors)
    assert "not legal advice" in sheet._repr_html_()
    measured = [one for one in sheet.rows if one.figure.value is not None]
    assert sheet._repr_html_().count("<tr><td>") == len(measured)


def test_names_are_escaped(study):
    from dataclasses import replace

    spoiled = replace(study, scheme=replace(study.scheme, name="<b>x</b>"))
    assert "<b>" not in spoiled._repr_html_()
