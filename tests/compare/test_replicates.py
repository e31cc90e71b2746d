"""Replicates in processes of their own come to the same."""

from __future__ import annotations

import pytest

from glasshouse.compare.replicates import Task, lived, size_for_a_minute, threads_for, workers_for
from glasshouse.compare.worlds import compare
from glasshouse.scenario.load import load

SEEDS = [(0, 7), (1, 8), (2, 9)]


@pytest.fixture
def task(town):
    return Task(load(town).scenario, load(town, without=["friends"]).scenario, 400, 30)


def test_processes_come_to_the_same(task):
    days = []
    here = dict(lived(task, SEEDS, threads=1))
    beside = dict(
        lived(task, SEEDS, threads=2, workers=2, progress=lambda k, day, of: days.append((k, day, of)))
    )
    assert {k: one.as_tree() for k, one in here.items()} == {k: one.as_tree() for k, one in beside.items()}
    assert [here[k].seed for k in range(3)] == [7, 8, 9]
    assert all(of == 30 and 0 < day <= 30 and k in here for k, day, of in days)


def test_a_comparison_is_the_same_in_any_number_of_processes(town):
    found = [
        compare(str(town), without=["games"], replicates=3, threads=threads, workers=count).as_dict()
        for threads, count in ((1, 1), (2, 1), (2, 2))
    ]
    assert found[0] == found[1] == found[2]


def test_a_task_passes_through_json_unchanged(task):
    again = Task.of_tree(task.as_tree())
    assert again.live(5, threads=1).as_tree() == task.live(5, threads=1).as_tree()


def test_processes_are_used_where_they_pay():
    assert workers_for(2, 30, 20_000, 365) == 2
    assert workers_for(2, 30, 700, 40) == 1
    assert workers_for(1, 30, 100_000, 365) == 1
    assert workers_for(8, 3, 100_000, 365) == 3
    assert workers_for(2, 30, 10_000_000, 365) == 1
    assert (threads_for(2, 20_000), threads_for(2, 1_000_000)) == (1, 2)


def test_the_size_for_a_minute_is_round_and_depends_on_the_work_alone():
    assert size_for_a_minute(30, 365) == 100_000
    assert size_for_a_minute(8, 365) == 200_000
    assert size_for_a_minute(30, 730) == 50_000
    assert size_for_a_minute(10_000, 3_650) == 1_000
