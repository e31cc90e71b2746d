"""Stopped, killed, out of disk, damaged: a run goes on to the digest of the unbroken run, or says why it cannot."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal

import kills
import pyarrow.parquet as pq
import pytest
from test_files import failing, steps

from glasshouse import run as runs
from glasshouse.branch import branch
from glasshouse.errors import InputOutputError, Interrupted, UsageError
from glasshouse.records import checkpoint, manifest
from glasshouse.records.reader import open_run
from glasshouse.run import resume, simulate
from glasshouse.scenario.load import load


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    kills.live(folder)
    return folder


@pytest.fixture(scope="module")
def stopped_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopped") / "run"
    stop_after(folder, 9)
    return folder


@pytest.fixture
def stopped(tmp_path, stopped_once):
    return shutil.copytree(stopped_once, tmp_path / "run")


def stop_after(folder, days, **more):
    left = iter(range(days))
    with pytest.raises(Interrupted):
        simulate(
            kills.SCENARIO, citizens=kills.CITIZENS, days=kills.DAYS, seed=5, folder=folder,
            checkpoint_every=kills.EVERY, should_stop=lambda: next(left) == days - 1, **more,
        )  # fmt: skip


def read(folder, table):
    """Return a table of a run."""
    return pq.read_table(folder / f"{table}.parquet")


def same_records(folder, whole):
    """Hold a run against the unbroken one: digests, every record, and nothing else in the folder.

    Tables are compared by content: Arrow pads some pages with whatever lay in memory.
    A checkpoint that could not be removed from a finished run harms nothing.
    """
    one, other = open_run(folder), open_run(whole)
    for key in ("digest", "day_digests", "seed", "citizens", "days", "scenario"):
        assert one.manifest[key] == other.manifest[key], key
    one.verify()
    assert kills.listed(one) == kills.listed(other)
    for table in ("daily", "scores", "bulletin"):
        assert read(folder, table).equals(read(whole, table)), table
    assert {p.name for p in folder.iterdir()} - {"checkpoint"} == {p.name for p in whole.iterdir()}


@pytest.mark.parametrize("day", [1, 4, 11])
def test_stopped_after_any_day_it_goes_on(tmp_path, whole, day):
    stop_after(tmp_path / "run", day)
    result = resume(tmp_path / "run", threads=1, chunk_quads=1)
    assert result.digest == open_run(whole).manifest["digest"]
    assert result.day_digests == tuple(open_run(whole).manifest["day_digests"])
    assert result.totals == open_run(whole).totals
    same_records(tmp_path / "run", whole)


def test_stopped_again_and_again_it_goes_on(tmp_path, whole):
    stop_after(tmp_path / "run", 2)
    for _ in range(3):
        left = iter([False, True])
        with pytest.raises(Interrupted):
            resume(tmp_path / "run", should_stop=left.__next__)
    resume(tmp_path / "run")
    same_records(tmp_path / "run", whole)


def test_without_a_folder_nothing_is_kept():
    with pytest.raises(Interrupted, match="nothing is kept without"):
        simulate(kills.SCENARIO, citizens=100, days=3, should_stop=lambda: True)


def test_the_last_two_checkpoints_are_kept(stopped):
    assert checkpoint.checkpoint_days(stopped / "checkpoint") == [8, 9]
    assert sorted(p.name for p in (stopped / "checkpoint").glob("state*")) == [
        "state-000008.bin",
        "state-000009.bin",
    ]


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "a bit of the state": lambda f: flip(f / "state-000009.bin", 1000),
    "the state is cut": lambda f: os.truncate(f / "state-000009.bin", 99),
    "the state is gone": lambda f: (f / "state-000009.bin").unlink(),
    "a bit of the list": lambda f: flip(f / "checkpoint-000009.json", 300),
    "the list is cut": lambda f: os.truncate(f / "checkpoint-000009.json", 50),
    "the list is empty": lambda f: os.truncate(f / "checkpoint-000009.json", 0),
    "a bit of the last days": lambda f: flip(f / "days-000008-000008.npz", 200),
    "the last days are gone": lambda f: (f / "days-000008-000008.npz").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_not_used_and_the_checkpoint_before_it_is(stopped, whole, damage):
    DAMAGE[damage](stopped / "checkpoint")
    resume(stopped)
    same_records(stopped, whole)


def test_when_every_checkpoint_is_damaged_it_says_so_and_removes_nothing(stopped):
    flip(stopped / "checkpoint" / "days-000000-000003.npz", 200)
    held = sorted(p.name for p in (stopped / "checkpoint").iterdir())
    with pytest.raises(InputOutputError, match=r"could go on.*days-000000-000003\.npz is damaged"):
        resume(stopped)
    assert sorted(p.name for p in (stopped / "checkpoint").iterdir()) == held


def rewrite(stopped, **changes):
    for path in (stopped / "checkpoint").glob("*.json"):
        tree = json.loads(path.read_text()) | changes
        path.write_bytes(manifest.to_bytes(tree | {"blake2b": manifest.own_hash(tree)}))


@pytest.mark.parametrize("name", ["model_version", "rng_scheme", "kernels", "plan_digest"])
def test_a_checkpoint_of_another_version_is_refused(stopped, name):
    rewrite(stopped, **{name: "another"})
    with pytest.raises(InputOutputError, match=f"another Glasshouse: {name} is another there"):
        resume(stopped)


def test_a_checkpoint_of_another_format_is_refused(stopped):
    rewrite(stopped, format_version=3)
    with pytest.raises(InputOutputError, match="format version 3"):
        resume(stopped)


def test_arrays_of_another_shape_are_refused(stopped):
    tree = json.loads((stopped / "checkpoint" / "checkpoint-000009.json").read_text())
    tree["arrays"][0]["shape"][0] += 1
    rewrite(stopped, arrays=tree["arrays"])
    with pytest.raises(InputOutputError, match="core has another type or size"):
        resume(stopped)


def test_a_stopped_run_is_not_overwritten_unless_that_is_asked(stopped, whole):
    again = {"citizens": kills.CITIZENS, "days": kills.DAYS, "seed": 5, "folder": stopped}
    with pytest.raises(InputOutputError, match="holds a run that was stopped") as error:
        simulate(kills.SCENARIO, **again)
    assert "--resume" in error.value.help
    simulate(kills.SCENARIO, **again, replace=True)
    same_records(stopped, whole)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whatever_step_on_the_disk_fails_the_run_can_go_on_or_begin_anew(tmp_path, whole, failpoints, code):
    number = len(steps(failpoints, lambda: kills.live(tmp_path / "first")))
    assert number > 100
    kept = 0
    for at in range(1, number, 11):
        folder = tmp_path / str(at)
        failpoints[:] = [failing(at, code)]
        try:
            kills.live(folder)
        except InputOutputError as error:
            kept += "is kept" in (error.help or "")
        failpoints.clear()
        kills.live(folder)
        same_records(folder, whole)
    assert kept


def test_when_memory_runs_out_the_last_checkpoint_is_kept(tmp_path, whole, monkeypatch):
    step = runs.Engine.step

    def greedy(engine):
        if engine.t == 6:
            raise MemoryError
        return step(engine)

    monkeypatch.setattr(runs.Engine, "step", greedy)
    with pytest.raises(InputOutputError, match="memory ran out") as error:
        kills.live(tmp_path / "run")
    assert "day 4 is kept" in error.value.help
    monkeypatch.undo()
    kills.live(tmp_path / "run")
    same_records(tmp_path / "run", whole)


@pytest.mark.parametrize("step", [5, 30, 47, 58, 90, 130])
def test_killed_it_loses_nothing(tmp_path, whole, step):
    folder = tmp_path / "run"
    died = kills.spawn(folder, step)
    died.communicate()
    assert died.returncode == -signal.SIGKILL
    if (folder / "manifest.json").exists():
        open_run(folder).verify()
    kills.live(folder)
    same_records(folder, whole)


# ---- another future


def test_from_one_checkpoint_several_futures(stopped, tmp_path, whole):
    held = {p.name: p.read_bytes() for p in (stopped / "checkpoint").iterdir()}
    same = branch(stopped, load(kills.SCENARIO), into=tmp_path / "same")
    assert same.digest == open_run(whole).manifest["digest"]  # the same rules: the same future
    other = branch(
        stopped, load(kills.SCENARIO, set={"behaviour.games.per_day": "0.2"}), into=tmp_path / "other"
    )
    assert other.digest != same.digest
    assert other.day_digests[:9] == same.day_digests[:9]
    assert other.day_digests[9] != same.day_digests[9]
    assert (
        open_run(tmp_path / "other").manifest["scenario"]["changes"][-1] == "the first 9 days as as-reported"
    )
    assert {p.name: p.read_bytes() for p in (stopped / "checkpoint").iterdir()} == held


def test_a_future_can_be_stopped_too(stopped, tmp_path):
    variant = load(kills.SCENARIO, set={"behaviour.games.per_day": "0.2"})
    expected = branch(stopped, variant, into=tmp_path / "at once").digest
    with pytest.raises(Interrupted):
        branch(stopped, variant, into=tmp_path / "new", should_stop=lambda: True)
    assert resume(tmp_path / "new").digest == expected


@pytest.mark.parametrize(
    ("other", "what"), [("as-documented", "ties|society|lists"), ("without score", "lists|measures")]
)
def test_a_world_cannot_change_what_it_keeps(stopped, tmp_path, other, what):
    variant = load(kills.SCENARIO, without=["score"]) if other == "without score" else load(other)
    with pytest.raises(UsageError, match=f"differ in their ({what})"):
        branch(stopped, variant, into=tmp_path / "new")
    assert not (tmp_path / "new").exists()
