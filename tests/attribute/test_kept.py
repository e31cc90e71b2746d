"""Worlds in processes of their own, and attributions that are stopped and gone on with."""

from __future__ import annotations

import json

import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

from glasshouse.attribute import attribute, attribution, kept, question
from glasshouse.attribute.worklist import Task, lived
from glasshouse.errors import InputOutputError, Interrupted

SMALL = {"citizens": 300, "days": 20, "threads": 1}
RESULTS = ("attribution.json", "attribution.parquet", "attribution.csv")


def after(n):
    """Return a function that asks to stop once it was asked n times."""
    asked = []

    def stop():
        asked.append(1)
        return len(asked) > n

    return stop


def texts(folder):
    return [(folder / name).read_bytes() for name in RESULTS]


# ---- processes


def test_processes_find_what_this_one_finds(two_rules):
    asked = question(two_rules, citizens=300, days=20)
    here = dict(lived(asked.job, asked.tasks()))
    there = dict(lived(asked.job, asked.tasks(), processes=2))
    assert there == here
    assert len(here) == 8


def test_an_attribution_in_processes_is_stopped_and_goes_on_to_the_same_files(
    two_rules, tmp_path, monkeypatch
):
    monkeypatch.setattr(attribution, "processes", lambda *_: 2)
    size = {"citizens": 300, "days": 20, "replicates": 2}
    attribute(two_rules, folder=tmp_path / "whole", **size)
    seen = []
    with pytest.raises(Interrupted, match=r"stopped after \d+ of 16 worlds; --resume goes on"):
        attribute(
            two_rules,
            folder=tmp_path / "cut",
            progress=lambda *one: seen.append(one),
            should_stop=lambda: len(seen) > 2,
            **size,
        )
    attribute(two_rules, folder=tmp_path / "cut", resume=True, **size)
    assert texts(tmp_path / "cut") == texts(tmp_path / "whole")


# ---- folders


def test_what_is_written_is_what_was_found(two_rules, tmp_path):
    found = attribute(two_rules, folder=tmp_path / "out", **SMALL)
    tree = json.loads((tmp_path / "out" / "attribution.json").read_text())
    assert tree == json.loads(json.dumps(found.as_dict()))
    assert tree["line"].startswith("Every figure is of this synthetic society")
    assert pq.read_table(tmp_path / "out" / "attribution.parquet").equals(found.table())
    assert arrow_csv.read_csv(tmp_path / "out" / "attribution.csv").num_rows == found.table().num_rows


@pytest.mark.parametrize("worlds", [0, 1, 5])
def test_a_stopped_attribution_goes_on_to_the_same_files(two_rules, tmp_path, worlds):
    attribute(two_rules, folder=tmp_path / "whole", replicates=2, **SMALL)
    folder = tmp_path / "cut"
    with pytest.raises(Interrupted, match=f"stopped after {worlds} of 16 worlds; --resume goes on"):
        attribute(two_rules, folder=folder, replicates=2, should_stop=after(worlds), **SMALL)
    assert not (folder / "attribution.json").exists()
    told = []
    attribute(
        two_rules, folder=folder, replicates=2, resume=True, progress=lambda *one: told.append(one), **SMALL
    )
    assert told == [(n, 16) for n in range(worlds + 1, 17)]
    assert texts(folder) == texts(tmp_path / "whole")


def test_worlds_are_kept_as_they_finish(two_rules, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "EVERY_S", -1.0)
    seen = []

    def look(done, _of):
        tree = json.loads((tmp_path / "out" / "worlds" / "seed-1.json").read_text())
        seen.append((done, len(tree["worlds"])))

    attribute(two_rules, folder=tmp_path / "out", progress=look, **SMALL)
    assert seen == [(n, n) for n in range(1, 9)]


def test_a_finished_one_is_gone_on_with_for_more_replicates(two_rules, tmp_path):
    attribute(two_rules, folder=tmp_path / "out", **SMALL)
    told = []
    attribute(
        two_rules,
        folder=tmp_path / "out",
        replicates=2,
        resume=True,
        progress=lambda *a: told.append(a),
        **SMALL,
    )
    attribute(two_rules, folder=tmp_path / "whole", replicates=2, **SMALL)
    assert told[0] == (9, 16)
    assert texts(tmp_path / "out") == texts(tmp_path / "whole")


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"seed": 2}, r"another seed \(1, now 2\)"),
        ({"citizens": 301}, r"another number of citizens \(300, now 301\)"),
        ({"days": 21}, r"another number of days \(20, now 21\)"),
        ({"over": "one,two"}, "another list of rules"),
        ({"set": {"rule.one.points": -6}}, "another scenario"),
    ],
)
def test_worlds_of_something_else_are_not_gone_on_with(two_rules, tmp_path, other, what):
    with pytest.raises(Interrupted):
        attribute(two_rules, folder=tmp_path / "out", should_stop=after(2), **SMALL)
    before = (tmp_path / "out" / "worlds" / "seed-1.json").read_bytes()
    with pytest.raises(InputOutputError, match=what):
        attribute(two_rules, folder=tmp_path / "out", resume=True, **{**SMALL, **other})
    assert (tmp_path / "out" / "worlds" / "seed-1.json").read_bytes() == before


def test_a_folder_that_holds_something_is_not_touched(two_rules, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    for how in ({}, {"resume": True}, {"replace": True}):
        with pytest.raises(InputOutputError, match="is not empty"):
            attribute(two_rules, folder=tmp_path / "mine", **how, **SMALL)
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_an_attribution_is_replaced_only_when_asked(two_rules, tmp_path):
    attribute(two_rules, folder=tmp_path / "out", **SMALL)
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(InputOutputError, match="holds an attribution already"):
        attribute(two_rules, folder=tmp_path / "out", seed=2, **SMALL)
    attribute(two_rules, folder=tmp_path / "out", seed=2, replace=True, **SMALL)
    assert json.loads((tmp_path / "out" / "attribution.json").read_text())["seed"] == "2"
    assert not (tmp_path / "out" / "worlds" / "seed-1.json").exists()
    assert (tmp_path / "out" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize("text", ["{", "[]", '{"seed": "1", "measures": 3', "\x00"])
def test_damaged_worlds_are_told(two_rules, tmp_path, text):
    attribute(two_rules, folder=tmp_path / "out", **SMALL)
    (tmp_path / "out" / "worlds" / "seed-1.json").write_text(text)
    with pytest.raises(InputOutputError, match=r"seed-1\.json is damaged"):
        attribute(two_rules, folder=tmp_path / "out", resume=True, **SMALL)


@pytest.mark.parametrize("row", ["[1]", "null", '{"0": 1}', '["x"]'])
def test_worlds_with_rows_of_another_shape_are_told(two_rules, tmp_path, row):
    attribute(two_rules, folder=tmp_path / "out", **SMALL)
    path = tmp_path / "out" / "worlds" / "seed-1.json"
    tree = json.loads(path.read_text())
    tree["worlds"]["0"] = json.loads(row)
    path.write_text(json.dumps(tree))
    with pytest.raises(InputOutputError, match=r"seed-1\.json is damaged"):
        attribute(two_rules, folder=tmp_path / "out", resume=True, **SMALL)


def test_a_task_is_a_seed_and_a_coalition(two_rules):
    asked = question(two_rules, seed=2**64 - 1, replicates=2)
    assert asked.tasks()[0] == Task(2**64 - 1, 0)
    assert asked.tasks()[-1] == Task(0, 7)  # seeds go round
