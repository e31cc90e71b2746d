"""The command `harm` on a small society: what it prints, writes, and refuses."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from glasshouse.errors import RefusedError, UsageError
from glasshouse.harm import harm

QUICK = ("--days", 30, "--replicates", 2, "--threads", 1)


def test_harm_prints_three_parts_and_the_notice(glasshouse, small):
    done = glasshouse("harm", small, *QUICK)
    assert done.code == 0, done.err
    assert "In this synthetic society of 1,000 citizens, over 30 days, 2 seeds from 1: small" in done.out
    for words in (
        "Error audit",
        "se × pi",
        "Recovery: days",
        "Traps",
        "Chilling",
        "Made up for a test.",
    ):
        assert words in done.out
    assert "people unafraid" in done.out


def test_one_part_alone(glasshouse, small):
    done = glasshouse("harm", small, *QUICK, "--part", "recovery")
    assert "Recovery: days" in done.out
    assert "Error audit" not in done.out
    assert "Chilling" not in done.out


def test_harm_as_json_is_one_object_whose_figures_add_up(glasshouse, small):
    done = glasshouse("harm", small, *QUICK, "--json")
    tree = json.loads(done.out)
    assert (tree["scope"], tree["citizens"], tree["replicates"]) == ("in this synthetic society", 1000, 2)
    (games,) = [one for one in tree["audit"]["detectors"] if one["group"] == "all"]
    right = games["precision"]
    assert right["low"] < right["value"] < right["high"]
    assert right["of"] == right["count"] + games["false_records"]
    curve = tree["recovery"]["people"][0]["curve"]
    assert tree["recovery"]["people"][0]["people"] == sum(curve["events"]) + sum(curve["censored"])
    assert tree["chilling"]["interval"] == "95 % (Student's t over replicates)"


def test_harm_writes_its_tables_and_keeps_what_was_there(glasshouse, small, tmp_path):
    folder = tmp_path / "out"
    done = glasshouse("harm", small, *QUICK, "-o", folder, "--quiet")
    assert (done.code, done.out) == (0, "")
    tables = [f"{name}.{kind}" for name in ("audit", "judged", "recovery") for kind in ("csv", "parquet")]
    assert sorted(one.name for one in folder.iterdir()) == sorted(["harm.json", *tables])
    for name in ("audit", "judged", "recovery"):
        parquet = pq.read_table(folder / f"{name}.parquet")
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            read = list(csv.DictReader(lines))
        assert read == [
            {k: "" if v is None else str(v) for k, v in row.items()} for row in parquet.to_pylist()
        ]
    rows = list(csv.DictReader((folder / "judged.csv").read_text(encoding="utf-8").splitlines()))
    people = [row for row in rows if row["unit"] == "people" and row["what"] == "sanctioned"]
    assert sum(int(row["count"]) for row in people) == 2_000
    assert {row["y_true"] + row["y_pred"] for row in people} == {"00", "01", "10", "11"}
    before = (folder / "harm.json").read_bytes()
    refused = glasshouse("harm", small, *QUICK, "-o", folder)
    assert refused.code == 5
    assert "is not empty" in refused.err
    assert (folder / "harm.json").read_bytes() == before
    assert glasshouse("harm", small, *QUICK, "-o", folder, "--replace", "--quiet").code == 0
    assert (folder / "harm.json").read_bytes() == before
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("kept")
    assert glasshouse("harm", small, *QUICK, "-o", other, "--replace").code == 5
    assert glasshouse("harm", small, *QUICK, "-o", other / "mine.txt").code == 5


def test_harm_of_a_run_is_the_harm_of_its_scenario(glasshouse, small, tmp_path):
    assert glasshouse("run", small, "--days", 30, "--seed", 5, "--quiet", "-o", tmp_path / "run").code == 0
    of_run = glasshouse("harm", tmp_path / "run", "--replicates", 1, "--json")
    of_file = glasshouse("harm", small, "--days", 30, "--seed", 5, "--replicates", 1, "--json")
    assert json.loads(of_run.out) == json.loads(of_file.out)
    changed = glasshouse("harm", tmp_path / "run", "--without", "games")
    assert changed.code == 2
    assert "cannot be changed" in changed.err


def test_a_comparison_is_measured_against_its_variant(glasshouse, small, tmp_path):
    done = glasshouse(
        "compare",
        small,
        "--without",
        "games",
        "--days",
        20,
        "--replicates",
        1,
        "-o",
        tmp_path / "both",
        "--quiet",
    )
    assert done.code == 0, done.err
    tree = json.loads(glasshouse("harm", tmp_path / "both", "--replicates", 1, "--json").out)
    assert (tree["scheme"], tree["twin"]) == ("small", "small without games")


def test_other_societies_and_small_ones_are_refused(glasshouse, small):
    few = glasshouse("harm", small, "--citizens", 900, "--replicates", 1)
    assert few.code == 4
    assert "could stand for a household" in few.err
    assert glasshouse("harm", small, "classroom", "--replicates", 1).code == 2
    assert glasshouse("harm", small.parent, "--replicates", 1).code == 5
    assert glasshouse("harm", "no-such-preset").code != 0


def test_the_function_refuses_what_the_command_does(small):
    study = harm(str(small), days=5, replicates=2, threads=1)
    assert study.replicates == 2
    assert study.as_dict()["notice"] == "Made up for a test."
    with pytest.raises(UsageError, match="0 replicates"):
        harm("classroom", replicates=0)
    with pytest.raises(RefusedError):
        harm("classroom", citizens=999, replicates=1)
