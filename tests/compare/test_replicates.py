"""Replicates in processes of their own come to the same; a process that dies is replaced once; errors come back."""

from __future__ import annotations

import pytest

from glasshouse.compare import workers
from glasshouse.compare.replicates import Task, lived, size_for_a_minute, threads_for, workers_for
from glasshouse.compare.worlds import compare
from glasshouse.errors import Interrupted, UsageError, WorkerLostError
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


def test_a_process_that_dies_twice_over_a_replicate_is_told(task, monkeypatch):
    monkeypatch.setattr(workers, "CHILD", "import sys; sys.stdin.readline(); sys.stdin.readline()")
    with pytest.raises(WorkerLostError, match=r"two processes died over the replicate of seed [78]"):
        list(lived(task, SEEDS, threads=2, workers=2))


def test_a_process_that_dies_once_is_replaced(task, monkeypatch, tmp_path):
    """The first process to come here leaves a file and dies; later ones work."""
    mark = tmp_path / "died"
    code = (
        f"import os, pathlib; mark = pathlib.Path({str(mark)!r}); first = not mark.exists(); mark.touch(); "
        "first and os._exit(9); " + workers.CHILD
    )
    monkeypatch.setattr(workers, "CHILD", code)
    found = dict(lived(task, SEEDS[:2], threads=2, workers=2))
    assert mark.exists()
    assert found[0].as_tree() == task.live(7, threads=1).as_tree()
    assert found[1].as_tree() == task.live(8, threads=1).as_tree()


@pytest.mark.parametrize(
    ("said", "kind", "message"),
    [
        ('{"failed": "UsageError", "message": "no", "help": null}', UsageError, "no"),
        ('{"failed": "MemoryError"}', MemoryError, None),
    ],
)
def test_what_goes_wrong_in_a_process_is_told_here(task, monkeypatch, said, kind, message):
    monkeypatch.setattr(workers, "CHILD", f"import sys; print({said!r}, flush=True); sys.stdin.read()")
    with pytest.raises(kind, match=message):
        list(lived(task, SEEDS, threads=2, workers=2))


def test_processes_end_when_somebody_asks_for_it(task, monkeypatch):
    begun = []
    real = workers.subprocess.Popen
    monkeypatch.setattr(workers.subprocess, "Popen", lambda *a, **k: begun.append(real(*a, **k)) or begun[-1])
    with pytest.raises(Interrupted):
        list(lived(task, SEEDS, threads=2, workers=2, should_stop=lambda: len(begun) == 2))
    assert len(begun) == 2
    assert all(one.poll() is not None for one in begun)


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
