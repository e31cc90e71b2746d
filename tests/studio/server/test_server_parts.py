"""Parts of the server by themselves: pictures on the shelf, the joining of grades, words without paths, the pace."""

from __future__ import annotations

import time

import numpy as np
import pytest

from glasshouse.errors import UsageError
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load
from glasshouse.views.studio.answers import without_places
from glasshouse.views.studio.frames import HEAD, codes_of, grades_by_score, grades_shown, head
from glasshouse.views.studio.job import Pace, pace_of
from glasshouse.views.studio.shelf import WHOLE_EVERY, Shelf


def test_the_head_of_a_picture_has_20_bytes_in_the_order_of_the_contract():
    assert head(1, 2, 3, 4, 5) == bytes([1, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0])
    assert HEAD.size == 20


def test_what_lies_on_the_shelf_is_what_was_put_there(tmp_path):
    words = np.arange(500, dtype=np.uint64)
    shelf, put = Shelf(tmp_path / "pictures", 500), []
    for t in range(3 * WHOLE_EVERY + 5):
        put.append(((words * np.uint64(2654435761 + t)) >> np.uint64(7)).astype(np.uint8))
        shelf.add(put[-1])
        assert np.array_equal(shelf.day(t), put[-1])
    assert len(shelf) == len(put)
    for t in (0, 1, WHOLE_EVERY - 1, WHOLE_EVERY, 2 * WHOLE_EVERY + 3, len(put) - 1):
        assert np.array_equal(shelf.day(t), put[t])
    for t in (-1, len(put)):
        with pytest.raises(IndexError):
            shelf.day(t)
    shelf.close()
    shelf.close()


def test_a_still_society_takes_next_to_no_room(tmp_path):
    shelf = Shelf(tmp_path / "pictures", 100_000)
    for _ in range(365):
        shelf.add(np.full(100_000, 7, np.uint8))
    assert shelf.size_bytes < 365 * 500
    shelf.close()


@pytest.mark.parametrize("preset", ["as-reported", "classroom", "rongcheng", "sesame-2015", "rewards-only"])
def test_every_score_has_the_grade_of_its_band(preset):
    plan = compile_plan(load(preset).scenario, citizens=1_000, days=1)
    shown, codes = grades_shown(plan), grades_by_score(plan)
    assert shown == plan.score.grade_names
    for band in load(preset).scenario.score.grade:
        for points in (band.from_points, band.to_points):
            assert shown[codes[points - plan.score.floor]] == band.name


def test_more_than_seven_grades_are_joined_with_their_neighbours():
    assert codes_of(7) == [0, 1, 2, 3, 4, 5, 6]
    for grades in range(8, 17):
        codes = codes_of(grades)
        assert codes == sorted(codes)
        assert set(codes) == set(range(7))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/tmp/one/two.toml: no such file", "two.toml: no such file"),
        ("cannot write /var/lib/x/daily.parquet: full", "cannot write daily.parquet: full"),
        (r"C:\my\files\town.toml is missing", "town.toml is missing"),
        ("rule.games.points: must be between 0 and 1", "rule.games.points: must be between 0 and 1"),
        ("see https://example.org/one/two", "see https://example.org/one/two"),
        ("2019/2020 and/or", "2019/2020 and/or"),
        ("a\nb\x1b[2J", "a\nb\\x1b[2J"),
        ("", ""),
    ],
)
def test_words_name_no_path_of_this_machine(text, shown):
    assert without_places(text) == shown


def test_a_pace_is_changed_word_by_word():
    pace = pace_of({"days_per_second": 5}, Pace())
    assert pace == Pace(paused=False, days_per_second=5)
    pace = pace_of({"step": True}, pace)
    assert pace == Pace(paused=True, days_per_second=5, steps=1)
    assert pace_of({"step": 4}, pace).steps == 5
    assert pace_of({"paused": False, "days_per_second": None}, pace) == Pace()


@pytest.mark.parametrize(
    "wish",
    [
        None,
        [],
        1,
        {"paused": 0},
        {"days_per_second": "5"},
        {"days_per_second": float("inf")},
        {"days_per_second": True},
        {"step": 1.5},
        {"step": -1},
    ],
)
def test_another_pace_is_refused(wish):
    with pytest.raises(UsageError):
        pace_of(wish, Pace())


def test_the_oldest_finished_worlds_are_forgotten(monkeypatch):
    from glasshouse.views.studio import caps
    from glasshouse.views.studio.line import Line
    from glasshouse.views.studio.order import order_of

    monkeypatch.setattr(caps, "KEPT", 2)
    line = Line()
    folder = line._folder
    line.start()
    try:
        for seed in range(4):
            job = line.take(
                order_of({"preset": "classroom", "citizens": 1_000, "days": 1, "seed": seed}), Pace()
            )
            while not job.over:
                time.sleep(0.01)
        while len(list(folder.iterdir())) > 2:
            time.sleep(0.01)
        assert [job.order.plan.seed for job in line.jobs] == [2, 3]
        assert sorted(one.name for one in folder.iterdir()) == ["3", "4"]
    finally:
        line.close()
    assert not folder.exists()
