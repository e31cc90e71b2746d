"""Tasks done at the same time: a crew of processes, each a program started anew and spoken to in lines of JSON.

A small world gains nothing from a second thread, two worlds side by side do (docs/cli.md). Every process is told once
what all tasks have in common, then one task after the other. It ends when nobody speaks to it any more, so none
outlives the process that started it.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse import errors
from glasshouse.errors import GlasshouseError, Interrupted, WorkerLostError, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Work", "child", "done_beside"]

CHILD = "from glasshouse.crew import child; child()"
PACKAGES = str(Path(__file__).parents[1])
EVERY_S = 0.2  # between two looks whether to stop
ANSWER, WORD, FAILED, LOST = "answer", "word", "failed", "lost"

Tree = dict[str, Any]
Said = tuple["Worker", Tree]


@dataclass(frozen=True)
class Work:
    """What a crew does.

    Attributes:
        service: `package.module:function` that is called in each process with `head`, and returns a function of a
            task and a function to speak with, which returns the answer. All of these pass through JSON.
        head: What all tasks have in common.
        name: What a task is called when it cannot be done, with the fields of the task in braces.
        threads: Threads that each process may use.
    """

    service: str
    head: Tree
    name: str
    threads: int = 1

    def first_line(self) -> Tree:
        """Return what a process is told first."""
        return {"service": self.service, "head": self.head}


class Worker:
    """A process that does one task after the other.

    Args:
        work: What it does.
        said: Where its answers go; `{"lost": True}` is put there when it has ended.

    Attributes:
        in_hand: Place and fields of its task, or None.
    """

    def __init__(self, work: Work, said: queue.SimpleQueue[Said]) -> None:
        self.in_hand: tuple[int, Tree] | None = None
        path = os.pathsep.join(filter(None, [PACKAGES, os.environ.get("PYTHONPATH", "")]))
        # as many threads as it needs: a pool of others would wait, and waiting takes time from those that work
        env = {**os.environ, "PYTHONPATH": path, "NUMBA_NUM_THREADS": str(work.threads)}
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the one that started this
            env=env,
            text=True,
        )
        self._tell(work.first_line())
        threading.Thread(target=self._listen, args=(said,), daemon=True).start()

    def ask(self, place: int, task: Tree) -> None:
        """Give it a task."""
        self.in_hand = place, task
        self._tell(task)

    def _tell(self, tree: Tree) -> None:
        """Send a line; a worker that is gone is noticed by the listener."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(tree) + "\n")
            self._process.stdin.flush()

    def _listen(self, said: queue.SimpleQueue[Said]) -> None:
        """Pass every answer on until the process ends."""
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):  # it died in the middle of a line, or was ended
            for line in self._process.stdout:
                said.put((self, json.loads(line)))
        said.put((self, {LOST: True}))

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError, ValueError):  # what was not read yet is lost with the process
                if stream is not None:
                    stream.close()


def done_beside(
    work: Work,
    tasks: Sequence[Tree],
    *,
    processes: int,
    heard: Callable[[int, Any], None] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Iterator[tuple[int, Any]]:
    """Yield the place of each task and its answer, in the order in which they are done.

    Args:
        work: What is done.
        tasks: The fields of each task.
        processes: How many tasks are in hand at a time, each in a process of its own.
        heard: Called with the place of a task and what its process says meanwhile.
        should_stop: Asked a few times a second.

    Raises:
        Interrupted: `should_stop` said so; tasks that are in hand are lost.
        WorkerLostError: two processes died over the same task.
        GlasshouseError: a task ended with it; so with MemoryError.
    """
    said: queue.SimpleQueue[Said] = queue.SimpleQueue()
    waiting, lost = deque(enumerate(tasks)), set[int]()
    crew: list[Worker] = []

    def hire(place: int, task: Tree) -> None:
        """Start a process and give it a task."""
        crew.append(Worker(work, said))
        crew[-1].ask(place, task)

    try:
        for _ in range(min(processes, len(tasks))):
            hire(*waiting.popleft())
        left = len(tasks)
        while left:
            worker, tree = next_word(said, should_stop)
            if worker.in_hand is None:
                continue  # it ended after its last task
            place, task = worker.in_hand
            if WORD in tree and heard is not None:
                heard(place, tree[WORD])
            elif LOST in tree:
                refuse_if_lost_before(place, work.name.format(**task), lost)
                hire(place, task)
            elif FAILED in tree:
                raise failure(tree)
            elif ANSWER in tree:
                worker.in_hand, left = None, left - 1
                if waiting:
                    worker.ask(*waiting.popleft())
                yield place, tree[ANSWER]
    finally:
        for worker in crew:
            worker.end()


def next_word(said: queue.SimpleQueue[Said], should_stop: Callable[[], bool]) -> Said:
    """Return the next answer of any worker.

    Raises:
        Interrupted: `should_stop` said so.
    """
    while True:
        if should_stop():
            raise Interrupted("stopped")
        with suppress(queue.Empty):
            return said.get(timeout=EVERY_S)


def refuse_if_lost_before(place: int, name: str, lost: set[int]) -> None:
    """Note that a process died over a task; one more may try.

    Raises:
        WorkerLostError: it is the second.
    """
    if place in lost:
        raise WorkerLostError(
            f"two processes died over {name}",
            help="perhaps memory ran out: try --threads 1, which does one at a time",
        )
    lost.add(place)


def failure(tree: Tree) -> GlasshouseError | MemoryError:
    """Return the error that a worker reports."""
    if tree[FAILED] == "MemoryError":
        return MemoryError()
    kind = getattr(errors, tree[FAILED], GlasshouseError)
    if kind is errors.ScenarioError:
        return errors.ScenarioError((), tree["message"], help=tree["help"])
    return kind(tree["message"], help=tree["help"])


# ---------------------------------------------------------------- in the process


def child() -> None:
    """Read what to do and then tasks from stdin and answer on stdout, until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides
    asked = json.loads(sys.stdin.readline())
    module, _, function = asked["service"].partition(":")
    serve = getattr(import_module(module), function)(asked["head"])
    for line in sys.stdin:
        say(answered(serve, json.loads(line)))


def answered(serve: Callable[[Tree, Callable[[Any], None]], Any], task: Tree) -> Tree:
    """Return the answer to a task, or what went wrong."""
    try:
        return {ANSWER: serve(task, lambda word: say({WORD: word}))}
    except GlasshouseError as error:
        return {FAILED: type(error).__name__, "message": error.message, "help": error.help}
    except MemoryError:
        return {FAILED: "MemoryError"}
    except Exception as error:  # noqa: BLE001 - told to the process that started this one
        words = "".join(traceback.format_exception(error))
        return {FAILED: "GlasshouseError", "message": clean(words, 4000), "help": None}


def say(tree: Tree) -> None:
    """Write a line of JSON to stdout; end at once when nobody reads it any more."""
    try:
        sys.stdout.write(json.dumps(tree) + "\n")
        sys.stdout.flush()
    except OSError:
        os._exit(0)
