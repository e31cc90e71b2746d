"""The same bits again and again: threads, chunks, horizons, and what has no meaning change nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from scenarios import EVERYTHING, changed, everything, toml_of

from glasshouse.run import simulate

SIZE = {"citizens": 1_000, "days": 24}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function from tables to the run of their file; each distinct run is made once."""
    known = {}

    def live(tables, **options):
        key = toml_of(tables), tuple(sorted(options.items()))
        if key not in known:
            path = tmp_path_factory.mktemp("scenario") / "here.toml"
            path.write_text(key[0], encoding="utf-8")
            known[key] = simulate(path, **{**SIZE, "threads": 1, **options})
        return known[key]

    return live


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("chunk_quads", [1, 2, 7, 64])
def test_neither_threads_nor_chunks_change_a_bit(run, threads, chunk_quads):
    assert run(EVERYTHING, threads=threads, chunk_quads=chunk_quads).digest == run(EVERYTHING).digest


def test_a_second_run_is_the_same(run, tmp_path):
    path = tmp_path / "again.toml"
    path.write_text(toml_of(EVERYTHING), encoding="utf-8")
    again = simulate(path, **SIZE, threads=1)
    assert again.digest == run(EVERYTHING).digest
    assert again.day_digests == run(EVERYTHING).day_digests


def test_the_hash_seed_of_python_changes_nothing(run, tmp_path):
    path = tmp_path / "here.toml"
    path.write_text(toml_of(EVERYTHING), encoding="utf-8")
    code = "import sys; from glasshouse.run import simulate; "
    code += "print(simulate(sys.argv[1], citizens=1000, days=24, threads=1).digest)"
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == run(EVERYTHING).digest


def test_another_seed_is_another_world(run):
    assert run(EVERYTHING, seed=2).digest != run(EVERYTHING).digest


def test_the_first_days_of_a_longer_run_are_the_shorter_run(run):
    longer, shorter = run(EVERYTHING), run(EVERYTHING, days=10)
    assert longer.day_digests[:10] == shorter.day_digests
    assert np.array_equal(longer.flows[:10], shorter.flows)
    assert np.array_equal(longer.stocks[:10], shorter.stocks)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("rule", "friends"),
        ("rule", "games"),
        ("list", "good"),
        ("list", "reps"),
        ("behaviour", "extra"),
        ("circle", "talk"),
        ("ring", "r2"),
    ],
)
def test_a_disabled_table_is_an_absent_one(run, table, key):
    extra = {"extra": {"kind": "site", "per_day": 0.5, "seen_share": 1.0}}
    tables = everything(behaviour=extra)
    disabled = changed(tables, {table: {key: {"disabled": True}}})
    absent = changed(tables, {table: {key: None}})
    assert run(disabled).digest == run(absent).digest != run(tables).digest


@pytest.mark.parametrize(
    "inert",
    [
        {"rule": {"nothing": {"behaviour": "games", "points": 0}}},
        {
            "rule": {
                "nothing": {"on": "association", "points": 0, "min_friends": 1},
                "friends": {"disabled": True},
            }
        },
        {"behaviour": {"nothing": {"kind": "site", "per_day": 0.0, "seen_share": 1.0}}},
    ],
)
def test_what_can_do_nothing_changes_nothing(run, inert):
    kept = (
        changed(EVERYTHING, {"rule": {"friends": None}}) if "friends" in inert.get("rule", {}) else EVERYTHING
    )
    assert run(changed(EVERYTHING, inert)).digest == run(kept).digest


def reversed_tables(tables):
    """The same tables in the opposite order."""
    turned = {k: reversed_tables(v) if isinstance(v, dict) else v for k, v in reversed(tables.items())}
    flat = {k: v for k, v in turned.items() if not isinstance(v, dict)}
    return flat | turned


def test_the_order_of_tables_in_the_file_means_nothing(run):
    turned = reversed_tables(EVERYTHING)
    assert toml_of(turned) != toml_of(EVERYTHING)
    assert run(turned).digest == run(EVERYTHING).digest


def test_labels_and_words_mean_nothing(run):
    words = {
        "title": "another title",
        "summary": "Words.",
        "rule": {"games": {"label": "Playing too long"}},
        "behaviour": {"games": {"label": "Games"}},
        "list": {"court": {"label": "The court's list"}},
    }
    assert run(changed(EVERYTHING, words)).digest == run(EVERYTHING).digest
