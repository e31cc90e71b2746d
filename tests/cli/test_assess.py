"""The command `assess` on a small society: what it prints, writes, and refuses."""

from __future__ import annotations

import csv
import json

import pytest

from glasshouse.assess import assess
from glasshouse.errors import RefusedError, UsageError

QUICK = ("--days", 30, "--replicates", 2, "--threads", 1)


def test_assess_prints_both_sides_levers_and_what_it_is(glasshouse, small):
    done = glasshouse("assess", small, *QUICK)
    assert done.code == 0, done.err
    assert "In this synthetic society of 1,000 citizens, over 30 days, 2 seeds from 1: small" in done.out
    for words in (
        "not legal advice", "EU AI Act, Art. 5(1)(c)(i)", "GDPR, Art. 22", "ICCPR, Art. 19", "claimed benefits",
        "not measured:", "Levers", "Labels by default: behaviour.games.data_context", "Made up for a test.",
    ):  # fmt: skip
        assert words in done.out
    assert "worlds: 2 seeds of the scheme, its twin among people unafraid, and" in done.err


def test_assess_as_json_is_one_object_of_rows(glasshouse, small):
    tree = json.loads(glasshouse("assess", small, *QUICK, "--json").out)
    assert tree["scope"] == "in this synthetic society"
    assert tree["is"] == "evidence from a synthetic society, not legal advice"
    assert (tree["citizens"], tree["days"], tree["replicates"]) == (1000, 30, 2)
    keys = {"yardstick", "key", "label", "unit", "value", "low", "high", "definition", "does_not_show"}
    assert all(set(row) == keys | {"not_measured", "source"} for row in tree["rows"])
    assert len({row["key"] for row in tree["rows"]}) == len(tree["rows"])
    assert [one["key"] for one in tree["levers"]] == ["cap", "sunset", "review", "appeal", "no-association"]


def test_assess_writes_its_rows_and_keeps_what_was_there(glasshouse, small, tmp_path):
    folder = tmp_path / "out"
    done = glasshouse("assess", small, *QUICK, "-o", folder, "--quiet")
    assert (done.code, done.out) == (0, "")
    assert sorted(one.name for one in folder.iterdir()) == [
        "assessment.csv",
        "assessment.json",
        "assessment.parquet",
    ]
    rows = list(csv.DictReader((folder / "assessment.csv").read_text(encoding="utf-8").splitlines()))
    tree = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    assert [row["key"] for row in rows] == [row["key"] for row in tree["rows"]]
    before = (folder / "assessment.json").read_bytes()
    refused = glasshouse("assess", small, *QUICK, "-o", folder)
    assert refused.code == 5
    assert "is not empty" in refused.err
    assert glasshouse("assess", small, *QUICK, "-o", folder, "--replace", "--quiet").code == 0
    assert (folder / "assessment.json").read_bytes() == before


def test_changes_are_those_of_the_command_line(glasshouse, small):
    tree = json.loads(glasshouse("assess", small, *QUICK, "--set", "rule.games.points=-1", "--json").out)
    cap = next(one for one in tree["levers"] if one["key"] == "cap")
    assert cap["not_measured"] == "no rule takes more than one point"


def test_small_societies_and_bad_input_are_refused(glasshouse, small, tmp_path):
    few = glasshouse("assess", small, "--citizens", 900)
    assert few.code == 4
    assert "could stand for a household" in few.err
    assert glasshouse("assess", "no-such-preset").code != 0
    assert glasshouse("assess", small, "--replicates", 0).code == 2
    bad = tmp_path / "bad.toml"
    text = small.read_text(encoding="utf-8").replace(
        'kind = "purchase"', 'kind = "purchase"\ndata_context = "shops"'
    )
    bad.write_text(text, encoding="utf-8")
    done = glasshouse("assess", bad)
    assert done.code == 3
    assert "`shops` is not a choice" in done.err
    assert "Traceback" not in done.err


def test_the_function_refuses_what_the_command_does():
    with pytest.raises(UsageError, match="0 replicates"):
        assess("classroom", replicates=0)
    with pytest.raises(RefusedError):
        assess("classroom", citizens=999, replicates=1)
