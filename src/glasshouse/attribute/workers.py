"""Worlds lived at the same time: each in a process of its own with one thread.

A small world gains nothing from a second thread, two worlds side by side do (docs/cli.md, Attribute). A process
reads tasks as lines of JSON until its input ends, so that none is left when the one that started it dies.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse import errors
from glasshouse.attribute.players import Player
from glasshouse.attribute.worlds import live_coalition
from glasshouse.errors import GlasshouseError, WorkerLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from glasshouse.scenario.schema import Scenario

__all__ = ["Job", "Task", "child", "lived"]

CHILD = "from glasshouse.attribute.workers import child; child()"
TRIES = 2  # a task whose process is lost twice ends the command


@dataclass(frozen=True, slots=True)
class Task:
    """One world: a coalition of players under a seed."""

    seed: int
    coalition: int


@dataclass(frozen=True)
class Job:
    """What all worlds have in common."""

    scenario: Scenario
    players: tuple[Player, ...]
    citizens: int
    days: int

    def live(self, task: Task) -> dict[str, int]:
        """Live one world in this process."""
        return live_coalition(
            self.scenario,
            self.players,
            task.coalition,
            citizens=self.citizens,
            days=self.days,
            seed=task.seed,
        )

    def as_line(self) -> str:
        """Return it as one line of JSON."""
        tree = {
            "scenario": self.scenario.model_dump_json(exclude_unset=True, by_alias=True),
            "players": [player.members for player in self.players],
            "citizens": self.citizens,
            "days": self.days,
        }
        return json.dumps(tree)


def lived(
    job: Job, tasks: Sequence[Task], *, processes: int = 1, should_stop: Callable[[], bool] = bool
) -> Iterator[tuple[Task, dict[str, int]]]:
    """Yield tasks with the measures of their worlds, in the order in which they end; one process lives them here.

    When `should_stop` says so no other world is begun.

    Raises:
        WorkerLostError: a process was lost twice with the same world.
        GlasshouseError: a world ended with it.
    """
    if min(processes, len(tasks)) < 2:
        for task in tasks:
            if should_stop():
                return
            yield task, job.live(task)
        return
    yield from _Crew(job, tasks, processes, should_stop).results()


class _Crew:
    """Threads that each hand tasks to a process and take its answers."""

    def __init__(
        self, job: Job, tasks: Sequence[Task], processes: int, should_stop: Callable[[], bool]
    ) -> None:
        self._head = job.as_line()
        self._waiting = deque(tasks)
        self._should_stop = should_stop
        self._ended: queue.Queue[tuple[Task, dict[str, int]] | BaseException | None] = queue.Queue()
        self._over = threading.Event()
        self._workers: list[_Worker] = []
        self._threads = [
            threading.Thread(target=self._work, daemon=True) for _ in range(min(processes, len(tasks)))
        ]

    def results(self) -> Iterator[tuple[Task, dict[str, int]]]:
        """Yield what ends until every thread has ended."""
        for thread in self._threads:
            thread.start()
        try:
            working = len(self._threads)
            while working:
                one = self._ended.get()
                if isinstance(one, BaseException):
                    raise one
                if one is None:
                    working -= 1
                else:
                    yield one
        finally:
            self._over.set()
            for worker in list(self._workers):
                worker.end()
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        """Hand out tasks until none waits; report what went wrong, if anything did, and the end."""
        worker = None
        try:
            while not self._over.is_set() and not self._should_stop():
                try:
                    task = self._waiting.popleft()
                except IndexError:
                    break
                worker, answer = self._asked(worker, task)
                self._ended.put((task, answer))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._ended.put(error)
        finally:
            if worker is not None:
                worker.end()
            self._ended.put(None)

    def _asked(self, worker: _Worker | None, task: Task) -> tuple[_Worker, dict[str, int]]:
        """Return the answer to a task, and the process that gave it: a new one if the old one was lost."""
        for attempt in range(TRIES):
            if worker is None:
                worker = _Worker(self._head)
                self._workers.append(worker)
                if self._over.is_set():  # meanwhile
                    worker.end()
            try:
                return worker, worker.ask(task)
            except WorkerLostError:
                worker.end()
                worker = None
                if attempt == TRIES - 1 or self._over.is_set():
                    raise
        raise AssertionError("every try returns or raises")


class _Worker:
    """A process that lives one world after the other."""

    def __init__(self, head: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the one that started this
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
                "NUMBA_NUM_THREADS": "1",  # no pool of threads that wait
            },
        )
        self._say(head)

    def ask(self, task: Task) -> dict[str, int]:
        """Return the measures of a world.

        Raises:
            WorkerLostError: the process ended without an answer.
            GlasshouseError: the world ended with it.
        """
        self._say(json.dumps([task.seed, task.coalition]))
        line = self._read()
        if not line.endswith("\n"):
            raise WorkerLostError(
                "a process was lost twice while it lived the same world",
                help="fewer --threads need less memory; with -o, --resume goes on with what is finished",
            )
        answer = json.loads(line)
        if "error" in answer:
            family = getattr(errors, answer["error"], GlasshouseError)
            raise family(answer["message"], help=answer["help"])
        return answer["measures"]

    def _read(self) -> str:
        """Return the next line; an empty one when the process is gone."""
        assert self._process.stdout is not None
        try:
            return self._process.stdout.readline()
        except (OSError, ValueError):  # closed by `end` meanwhile
            return ""

    def _say(self, line: str) -> None:
        """Write a line; that the reader is gone shows when its answer is missing."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def end(self) -> None:
        """End the process, whatever it is at; safe to call twice."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError, ValueError):  # what was not read yet is lost with the process
                if stream is not None:
                    stream.close()


def child() -> None:
    """Read a job and then tasks from stdin, and answer each on stdout with its measures or with an error."""
    tree = json.loads(sys.stdin.readline())
    from glasshouse.scenario.schema import Scenario

    scenario = Scenario.model_validate_json(tree["scenario"])
    players = tuple(Player(tuple(members)) for members in tree["players"])
    job = Job(scenario, players, tree["citizens"], tree["days"])
    for line in sys.stdin:
        seed, coalition = json.loads(line)
        try:
            answer: dict[str, Any] = {"measures": job.live(Task(seed, coalition))}
        except GlasshouseError as error:
            answer = {"error": type(error).__name__, "message": error.message, "help": error.help}
        try:
            print(json.dumps(answer), flush=True)  # noqa: T201 - the answer
        except BrokenPipeError:  # nobody waits for it any more
            os._exit(1)
