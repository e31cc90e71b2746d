"""The log of what crossed: what is in it, that every way of running leaves the same, and when it is refused."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scenarios import EVERYTHING, plan_of, toml_of
from towns import CITIZENS, DAYS

from glasshouse.errors import InputOutputError, Interrupted
from glasshouse.life import live_again, recorded_world
from glasshouse.model.engine import Engine
from glasshouse.model.oracle import World
from glasshouse.records.crossings import NAME, RecordedCrossings
from glasshouse.records.reader import open_run
from glasshouse.run import resume, simulate
from glasshouse.society.columns import COMPANY_OFF, COMPANY_ON, LIABLE, MARK_FLAG, OWN, RECORD
from glasshouse.society.crossings import FLAG_OFF, FLAG_ON, PUNISHED, to_others
from glasshouse.views.cli_limits import estimate

TO_OTHERS = {LIABLE, COMPANY_ON, COMPANY_OFF}


def test_it_is_what_the_oracle_lets_cross():
    plan = plan_of(EVERYTHING, citizens=120)
    engine, world = Engine(plan, threads=1), World(plan)
    assert engine.crossings().size == 0
    kinds = set()
    for day in range(plan.days):
        engine.step()
        result = world.step()
        up = {i: world.states[i].marked(MARK_FLAG) for i in result.flips}
        expected = [(i, FLAG_ON if up[i] else FLAG_OFF, 0, 0) for i in result.flips]
        expected += [(i, PUNISHED, 0, 0) for i in result.pulses]
        for m in result.messages:
            if m.kind in TO_OTHERS or (m.kind == RECORD and m.value != OWN):
                assert m.due == day + 1
                expected.append((m.target, m.kind, m.arg, m.value))
        found = engine.crossings().tolist()
        assert sorted(found) == sorted(expected), day
        assert [row[1] for row in found] == sorted(row[1] for row in found)
        kinds |= {row[1] for row in found}
    assert kinds == {RECORD, *TO_OTHERS, FLAG_ON, FLAG_OFF, PUNISHED}


def test_a_message_to_another_lands_on_the_next_day():
    late = np.array([[9, 3, LIABLE, 0, 0]], np.int64)
    assert to_others(8, late).tolist() == [(3, LIABLE, 0, 0)]
    with pytest.raises(ValueError, match="later than on the next day"):
        to_others(7, late)


# ---- on disk


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.toml"
    path.write_text(toml_of(EVERYTHING), encoding="utf-8")
    return path


def lived(town, folder, **more):
    simulate(town, citizens=CITIZENS, days=DAYS, seed=5, **{"threads": 1, **more}, folder=folder)
    return folder


@pytest.fixture(scope="module")
def run(town, tmp_path_factory):
    return lived(town, tmp_path_factory.mktemp("run") / "run")


def test_the_manifest_names_it_and_it_can_be_read_back(run):
    records = open_run(run)
    table = records.table(NAME)
    entry = next(one for one in records.manifest["files"] if one["name"] == NAME)
    assert entry["rows"] == table.num_rows > 1_000
    days = table["day"].to_numpy()
    assert (np.diff(days) >= 0).all()
    record = np.asarray(table["kind"].cast("string")) == "record"
    assert table["behaviour"].null_count == table["origin"].null_count == int((~record).sum())
    assert set(table["origin"].drop_null().cast("string").to_pylist()) == {"false", "identity"}
    records.verify()


def test_what_is_read_is_what_crossed(run):
    world = recorded_world(run)
    engine = Engine(world.plan, threads=1)
    mine = [3, 500, 999]
    days, rows, pulses = world.log.of(mine)
    for t in range(DAYS):
        engine.step()
        crossed = engine.crossings()
        assert rows[days == t].tolist() == crossed[np.isin(crossed["citizen"], mine)].tolist()
        assert pulses[t] == (crossed["kind"] == PUNISHED).sum()


@pytest.mark.parametrize("more", [{"partitions": 3}, {"threads": 2, "chunk_quads": 1}])
def test_parts_and_threads_leave_the_same_log(run, town, tmp_path, more):
    other = lived(town, tmp_path / "run", **more)
    assert open_run(other).table(NAME).equals(open_run(run).table(NAME))


def test_a_run_that_was_stopped_leaves_the_same_log(run, town, tmp_path):
    left = iter(range(17))
    with pytest.raises(Interrupted):
        lived(town, tmp_path / "run", checkpoint_every=5, should_stop=lambda: next(left) == 16)
    assert not (tmp_path / "run" / NAME).exists()
    resume(tmp_path / "run", threads=1)
    assert open_run(tmp_path / "run").table(NAME).equals(open_run(run).table(NAME))


def test_it_can_be_left_out_and_a_resumed_run_leaves_it_out_too(town, tmp_path):
    left = iter(range(9))
    with pytest.raises(Interrupted):
        lived(town, tmp_path / "run", crossings=False, should_stop=lambda: next(left) == 8)
    resume(tmp_path / "run", threads=1)
    assert not open_run(tmp_path / "run").has(NAME)
    assert recorded_world(tmp_path / "run").log is None


def test_nothing_is_kept_of_citizens_of_a_small_society(town, tmp_path):
    simulate(town, citizens=999, days=3, threads=1, folder=tmp_path / "run")
    assert not open_run(tmp_path / "run").has(NAME)
    assert not (tmp_path / "run" / NAME).exists()


def test_it_changes_no_digest(run, town, tmp_path):
    other = lived(town, tmp_path / "run", crossings=False)
    assert open_run(other).manifest["digest"] == open_run(run).manifest["digest"]


def test_the_disk_estimate_counts_it():
    from glasshouse.scenario.load import load

    asked = {"citizens": 10_000_000, "days": 365}
    society = load("as-reported").scenario
    extra = [
        estimate(society, **asked, crossings=kept, worlds=worlds).disk_bytes
        for worlds in (1, 2)
        for kept in (True, False)
    ]
    assert extra[0] - extra[1] == 10_950_000  # 0.0003 a citizen-day, 10 bytes each
    assert extra[2] - extra[3] == 2 * (extra[0] - extra[1])


# ---- a bad log


@pytest.fixture
def copy(run, tmp_path):
    return shutil.copytree(run, tmp_path / "copy")


def test_a_damaged_log_is_one_clear_error(copy):
    path = copy / NAME
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        InputOutputError, match=r"crossings\.parquet is damaged: its content is not what was written"
    ):
        live_again([recorded_world(copy)], 3)


def test_a_log_cut_short_is_one_clear_error(copy):
    path = copy / NAME
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputOutputError, match=r"crossings\.parquet is damaged: .* bytes, expected"):
        live_again([recorded_world(copy)], 3)


def test_a_missing_log_is_one_clear_error(copy):
    (copy / NAME).unlink()
    with pytest.raises(InputOutputError, match=r"cannot read .*crossings\.parquet: No such file"):
        live_again([recorded_world(copy)], 3)


OTHERS = {
    "it has other columns": lambda table: table.drop_columns("origin"),
    "it speaks of other days": lambda table: table.set_column(
        0, "day", pa.array([DAYS] * len(table), pa.int16())
    ),
    "it speaks of wizard": lambda table: table.set_column(3, "behaviour", named("wizard", len(table))),
}


def named(word, rows):
    """Return a column that says one word."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int8()), [word])


@pytest.mark.parametrize("words", OTHERS)
def test_a_log_of_something_else_is_one_clear_error(copy, words):
    forge(copy, OTHERS[words])
    with pytest.raises(InputOutputError, match=f"crossings.parquet is damaged: {words}"):
        live_again([recorded_world(copy)], 3)


def test_a_log_of_another_length_is_one_clear_error(copy):
    forge(copy, lambda table: table.slice(1), rows=False)
    with pytest.raises(InputOutputError, match=r"crossings\.parquet is damaged: .* rows, expected"):
        live_again([recorded_world(copy)], 3)


def forge(folder, change, *, rows=True):
    """Write another log, named by the manifest with right hashes."""
    from glasshouse.records import files, manifest

    table = change(pq.read_table(folder / NAME))
    pq.write_table(table, folder / NAME, write_page_checksum=True)
    tree = json.loads((folder / "manifest.json").read_bytes())
    entry = next(one for one in tree["files"] if one["name"] == NAME)
    entry["size_bytes"], entry["blake2b"] = files.hash_file(folder / NAME)
    if rows:
        entry["rows"] = table.num_rows
    tree.pop("blake2b")
    (folder / "manifest.json").write_bytes(manifest.to_bytes({**tree, "blake2b": manifest.own_hash(tree)}))
    assert RecordedCrossings(open_run(folder), recorded_world(folder).plan)
