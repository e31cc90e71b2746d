"""What a recorder writes is what it was told, and a reader finds it again."""

from __future__ import annotations

import json
import re
from importlib.resources import files as package_files

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest
from paper_town import START, counts, record, source

from glasshouse.errors import InputOutputError
from glasshouse.records import recorder as module
from glasshouse.records.digest import RunDigest
from glasshouse.records.manifest import read_manifest, require_same
from glasshouse.records.reader import open_run
from glasshouse.records.recorder import Recorder
from glasshouse.records.sums import MemoryRecorder


@pytest.fixture(scope="module")
def folder(tmp_path_factory, plan, layout):
    where = tmp_path_factory.mktemp("records") / "run"
    record(where, plan, layout)
    return where


@pytest.fixture(scope="module")
def run(folder):
    return open_run(folder)


def test_a_run_is_these_files_and_no_others(folder):
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "manifest.json",
        "daily.parquet",
        "scores.parquet",
        "bulletin.parquet",
        "bulletin.txt",
        "summary.json",
    }


def test_daily_has_every_count_that_is_not_zero_in_order(run, layout, plan):
    table = run.daily().to_pydict()
    rows = list(
        zip(*(table[key] for key in ("day", "measure", "kind", "province", "group", "value")), strict=True)
    )
    expected = []
    for t in range(plan.days):
        for array, names, kind in zip(
            counts(layout, t), (layout.flows, layout.stocks), ("flow", "stock"), strict=True
        ):
            expected += [
                (t, names[k], kind, p, g, int(array[p, g, k]))
                for p, g, k in zip(*(axis.tolist() for axis in np.nonzero(array)), strict=True)
            ]
    expected.sort(key=lambda row: (row[0], row[1], row[2], row[3], row[4]))
    assert rows == [(t, m, k, layout.provinces[p], layout.groups[g], v) for t, m, k, p, g, v in expected]


def test_days_have_dates(run):
    table = run.daily(["members"]).to_pydict()
    assert {(date - START).days == day for day, date in zip(table["day"], table["date"], strict=True)} == {
        True
    }


def test_daily_can_be_narrowed_to_measures_and_kind(run):
    both = run.daily(["flagged"])
    assert set(both["kind"].to_pylist()) == {"flow", "stock"}
    assert set(run.daily(["flagged"], kind="stock")["kind"].to_pylist()) == {"stock"}


def test_row_groups_do_not_change_what_is_read(tmp_path, plan, layout, run, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 5_000)
    record(tmp_path / "run", plan, layout)
    assert pq.ParquetFile(tmp_path / "run" / "daily.parquet").num_row_groups > 5
    assert open_run(tmp_path / "run").daily().equals(run.daily())


def test_totals_are_sums_of_flows_and_the_last_stocks(run, layout, plan):
    days = [counts(layout, t) for t in range(plan.days)]
    column = layout.flows.index("requested.plane")
    assert run.totals["requested.plane"] == sum(int(flows[:, :, column].sum()) for flows, _ in days)
    column = layout.stocks.index("ever_listed")
    assert run.totals["listed.persons"] == int(days[-1][1][:, :, column].sum())
    assert set(run.summary["punished_ever"]) == {"own", "false", "association", "representation", "identity"}


def test_the_end_is_kept_for_nation_groups_and_provinces(run):
    end = run.summary["end"]
    assert sum(one["members"] for one in end["provinces"].values()) == end["nation"]["members"]
    assert sum(one["members"] for one in end["groups"].values()) == end["nation"]["members"]
    assert sum(run.summary["people"].values()) == 5_000


def test_scores_start_at_the_floor_and_leave_out_empty_ones(run):
    table = run.scores()
    assert set(table["day"].to_pylist()) == {12}  # 1 February
    assert (min(table["score"].to_pylist()), max(table["score"].to_pylist())) == (600, 1300)
    assert table["citizens"].to_pylist() == [12] * (31 * 701)


def test_the_bulletin_counts_months_of_sanction_lists(run, layout, plan):
    rows = run.bulletin().to_pylist()
    assert [(row["month"], row["days"]) for row in rows] == [("2019-01", 12), ("2019-02", 28)]
    entered, on = layout.flows.index("entered.court"), layout.stocks.index("on.court")
    assert rows[0]["new_listings"] == sum(int(counts(layout, t)[0][:, :, entered].sum()) for t in range(12))
    assert rows[1]["on_lists"] == int(counts(layout, 39)[1][:, :, on].sum())


def test_the_bulletin_says_that_refusals_are_not_people(run):
    text = run.bulletin_text()
    assert "person-times" in text
    assert "not\npeople" in text
    assert "changed their way of\ncounting in 2019" in text
    assert "Made up for tests." in text


def test_the_manifest_follows_its_schema(run):
    schema = json.loads(
        package_files("glasshouse.records").joinpath("manifest.schema.json").read_text("utf-8")
    )
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(run.manifest, schema, cls=jsonschema.Draft202012Validator)


def test_the_manifest_names_no_machine_and_no_path(folder, run):
    text = (folder / "manifest.json").read_text("utf-8")
    assert "/srv" not in text
    assert "/tmp" not in text
    assert str(folder.parent) not in text
    assert run.manifest["command"] == ["glasshouse", "run", "town.toml", "-o", "runs/a", "--log=x.log"]
    assert "in it exists" in run.manifest["line"]


def test_the_manifest_tells_where_the_run_comes_from(run, plan):
    manifest = run.manifest
    assert manifest["seed"] == str(2**63 + 1)  # too large for readers that know only doubles
    assert manifest["resources"]["wall_s"] == 0  # a clock that went back makes no negative duration
    assert manifest["scenario"]["chain"][0]["text"] == "glasshouse = 1\n"
    assert len(manifest["day_digests"]) == plan.days
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["digest"])
    assert manifest["digest"] == run.summary["digest"]
    require_same(manifest, manifest["scenario"]["plan_digest"])
    with pytest.raises(InputOutputError, match="another scenario"):
        require_same(manifest, "0" * 64)


def test_two_runs_differ_only_in_time_and_cost(tmp_path, plan, layout, folder):
    record(tmp_path / "again", plan, layout)
    for name in ("daily.parquet", "scores.parquet", "bulletin.parquet", "bulletin.txt", "summary.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_dictionaries_hold_every_word_once(tmp_path, plan, layout):
    """Behind the dictionary of one with doubles, pyarrow 26 writes bytes of whatever was in memory."""
    daily = module.DailyFile(tmp_path / "daily.parquet", plan, layout)
    cells, values = layout.nonzero(*counts(layout, 0))
    batch = daily._batch(np.zeros(len(cells), np.int32), cells, values)
    daily.discard()
    for name in ("measure", "kind", "province", "group"):
        words = batch[name].dictionary.to_pylist()
        assert len(set(words)) == len(words) > 0, name


def test_days_must_follow_each_other(tmp_path, plan, layout):
    with (
        Recorder(tmp_path / "run", plan, layout) as recorder,
        pytest.raises(ValueError, match="day 1 recorded after 0 days"),
    ):
        recorder.day(1, *counts(layout, 1))


def test_a_run_that_is_not_closed_leaves_nothing(tmp_path, plan, layout):
    with Recorder(tmp_path / "run", plan, layout) as recorder:
        recorder.day(0, *counts(layout, 0))
    assert list((tmp_path / "run").iterdir()) == []
    with pytest.raises(InputOutputError, match="holds no run"):
        read_manifest(tmp_path / "run")


def test_a_histogram_has_one_row_for_each_province(tmp_path, plan, layout):
    with (
        Recorder(tmp_path / "run", plan, layout) as recorder,
        pytest.raises(ValueError, match="expected \\(31"),
    ):
        recorder.day(0, *counts(layout, 0), np.zeros((30, 5), np.int64))


def test_in_memory_the_same_counts_are_kept(plan, layout, run):
    memory = MemoryRecorder(plan, layout, by_province=True)
    for t in range(plan.days):
        memory.day(t, *counts(layout, t))
    memory.month(12, np.ones((31, 2), np.int64))
    assert memory.totals == run.totals
    table = run.daily(["flagged"], kind="stock").group_by("day").aggregate([("value", "sum")]).sort_by("day")
    assert memory.stock("flagged").tolist() == table["value_sum"].to_pylist()
    assert memory.province_flows is not None
    assert np.array_equal(memory.province_flows.sum(axis=1), memory.daily_flows)
    assert memory.flow("perks").shape == (plan.days,)
    assert MemoryRecorder(plan, layout).province_flows is None


def test_the_recorder_takes_numbers_that_no_double_holds(tmp_path, plan, layout):
    large = 2**62 + 1
    digest = RunDigest(plan, layout)
    with Recorder(tmp_path / "run", plan, layout) as recorder:
        for t in range(plan.days):
            flows, stocks = layout.arrays({("points_clamped", 0, 0): -1}, {("score_sum", 0, 0): large})
            recorder.day(t, flows, stocks)
            digest.day(t, flows, stocks)
        recorder.close(source(), digest, digest.finish({}, plan.citizens))
    run = open_run(tmp_path / "run")
    assert run.daily(["score_sum"])["value"].to_pylist() == [large] * plan.days
    assert run.daily(["points_clamped"])["value"].to_pylist() == [-1] * plan.days
    assert run.scores().num_rows == 0
