"""A crew does every task once; a process that dies is replaced once; errors come back; nobody is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from glasshouse import crew
from glasshouse.crew import Work, done_beside
from glasshouse.errors import GlasshouseError, Interrupted, ScenarioError, UsageError, WorkerLostError

HERE = os.path.dirname(__file__)  # noqa: PTH120 - for PYTHONPATH
TASKS = [{"n": n} for n in range(5)]


def doubled(head):
    """Serve twice a number and what all tasks have in common; `n` is also said while it works."""

    def task(tree, say):
        if tree["n"] == head.get("wrong"):
            raise {"usage": UsageError("no", help="yes"), "memory": MemoryError(), "other": KeyError("ouch")}[
                head["how"]
            ]
        if tree["n"] == head.get("slow"):
            sys.stdin.readline()  # nothing comes: for ever
        say(tree["n"])
        return [head["of_all"], 2 * tree["n"], os.environ["NUMBA_NUM_THREADS"]]

    return task


def work(threads=1, **head):
    return Work("test_crew:doubled", {"of_all": "x", **head}, "number {n}", threads)


@pytest.fixture(autouse=True)
def _found_by_processes(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", HERE)


@pytest.mark.parametrize("processes", [1, 2, 7])
def test_every_task_is_done_once(processes):
    said = []
    done = list(
        done_beside(work(3), TASKS, processes=processes, heard=lambda place, n: said.append((place, n)))
    )
    assert sorted(done) == [(n, ["x", 2 * n, "3"]) for n in range(5)]
    assert sorted(said) == [(n, n) for n in range(5)]


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        ("usage", UsageError, "^no"),
        ("memory", MemoryError, None),
        ("other", GlasshouseError, "KeyError: 'ouch'"),
    ],
)
def test_what_goes_wrong_in_a_process_is_told_here(how, kind, message):
    with pytest.raises(kind, match=message) as caught:
        list(done_beside(work(wrong=3, how=how), TASKS, processes=2))
    if how == "usage":
        assert caught.value.help == "yes"


def test_an_error_of_a_scenario_keeps_its_exit_code():
    error = crew.failure({"failed": "ScenarioError", "message": "field x", "help": None})
    assert isinstance(error, ScenarioError)
    assert "field x" in str(error)


def test_a_process_that_dies_twice_over_a_task_is_told(monkeypatch):
    monkeypatch.setattr(crew, "CHILD", "import sys; sys.stdin.readline(); sys.stdin.readline()")
    with pytest.raises(WorkerLostError, match=r"two processes died over number [01]"):
        list(done_beside(work(), TASKS, processes=2))


def test_half_an_answer_is_none(monkeypatch):
    monkeypatch.setattr(crew, "CHILD", "print('{\"answer\": 1', end='', flush=True)")
    with pytest.raises(WorkerLostError):
        list(done_beside(work(), TASKS, processes=2))


def test_a_process_that_dies_once_is_replaced(monkeypatch, tmp_path):
    """The first process to come here leaves a file and dies; later ones work."""
    mark = tmp_path / "died"
    code = (
        f"import os, pathlib; mark = pathlib.Path({str(mark)!r}); first = not mark.exists(); mark.touch(); "
        "first and os._exit(9); " + crew.CHILD
    )
    monkeypatch.setattr(crew, "CHILD", code)
    done = dict(done_beside(work(), TASKS, processes=2))
    assert mark.exists()
    assert {place: one[1] for place, one in done.items()} == {n: 2 * n for n in range(5)}


@pytest.mark.parametrize("how", ["stopped", "left"])
def test_processes_end_with_the_crew(monkeypatch, how):
    begun = []
    real = crew.subprocess.Popen
    monkeypatch.setattr(crew.subprocess, "Popen", lambda *a, **k: begun.append(real(*a, **k)) or begun[-1])
    if how == "stopped":
        with pytest.raises(Interrupted):
            list(done_beside(work(slow=0), TASKS[:2], processes=2, should_stop=lambda: len(begun) == 2))
    else:
        answers = done_beside(work(slow=0), TASKS, processes=2)
        assert next(answers)[0] == 1
        answers.close()
    assert len(begun) == 2
    assert all(one.poll() is not None for one in begun)


def test_a_process_answers_and_ends_with_its_input():
    lines = [work().first_line(), {"n": 4}]
    done = subprocess.run(
        [sys.executable, "-c", crew.CHILD],
        input="".join(json.dumps(one) + "\n" for one in lines),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([crew.PACKAGES, HERE]), "NUMBA_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"word": 4}, {"answer": ["x", 8, "1"]}]
    assert done.stderr == ""


def test_a_process_ends_when_nobody_reads_its_answer():
    code = f"import os, sys; sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), 'w'); {crew.CHILD}"
    lines = [work().first_line(), {"n": 1}, {"n": 2}]
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="".join(json.dumps(one) + "\n" for one in lines),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([crew.PACKAGES, HERE]), "NUMBA_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
