"""Replicates in processes of their own, each a program started anew and spoken to in lines of JSON.

A worker is told the task, then one seed after the other; it answers with the days it has lived and with what the
replicate came to. It ends when nobody speaks to it any more, so none outlives the process that started it.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse import errors
from glasshouse.compare.pair import Parting
from glasshouse.compare.replicates import Task
from glasshouse.errors import GlasshouseError, Interrupted, WorkerLostError, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["child", "lived_beside"]

CHILD = "from glasshouse.compare.workers import child; child()"
PACKAGES = str(Path(__file__).parents[2])
EVERY_S = 0.2  # between two words about days
LOST = "lost"

Said = tuple["Worker", dict[str, Any]]


class Worker:
    """A process that lives replicates.

    Args:
        task: What it lives.
        threads: Threads it may use.
        said: Where its answers go; `{"lost": True}` is put there when it has ended.

    Attributes:
        in_hand: Number and seed of the replicate it lives, or None.
    """

    def __init__(self, task: Task, threads: int, said: queue.SimpleQueue[Said]) -> None:
        self.in_hand: tuple[int, int] | None = None
        path = os.pathsep.join(filter(None, [PACKAGES, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            text=True,
        )
        self._tell({**task.as_tree(), "threads": threads})
        threading.Thread(target=self._listen, args=(said,), daemon=True).start()

    def ask(self, number: int, seed: int) -> None:
        """Give it a replicate to live."""
        self.in_hand = number, seed
        self._tell({"seed": str(seed)})

    def _tell(self, tree: dict[str, Any]) -> None:
        """Send a line; a worker that is gone is noticed by the listener."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(tree) + "\n")
            self._process.stdin.flush()
        except OSError:
            pass

    def _listen(self, said: queue.SimpleQueue[Said]) -> None:
        """Pass every answer on until the process ends."""
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                said.put((self, json.loads(line)))
        except ValueError:
            pass  # it died in the middle of a line, or was ended
        said.put((self, {LOST: True}))

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                assert stream is not None
                stream.close()
            except (OSError, ValueError):
                pass


def lived_beside(
    task: Task,
    seeds: Sequence[tuple[int, int]],
    threads: int,
    workers: int,
    progress: Callable[[int, int, int], None] | None,
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, Parting]]:
    """As `replicates.lived`, in so many processes."""
    said: queue.SimpleQueue[Said] = queue.SimpleQueue()
    waiting, lost = deque(seeds), set[int]()
    crew: list[Worker] = []

    def hire(number: int, seed: int) -> None:
        crew.append(Worker(task, max(1, threads // workers), said))
        crew[-1].ask(number, seed)

    try:
        for _ in range(min(workers, len(seeds))):
            hire(*waiting.popleft())
        left = len(seeds)
        while left:
            worker, tree = next_word(said, should_stop)
            if worker.in_hand is None:
                continue  # it ended after its last replicate
            number, seed = worker.in_hand
            if "day" in tree and progress is not None:
                progress(number, tree["day"], task.days)
            elif LOST in tree:
                refuse_if_lost_before(number, seed, lost)
                hire(number, seed)
            elif "failed" in tree:
                raise failure(tree)
            elif "parting" in tree:
                worker.in_hand, left = None, left - 1
                if waiting:
                    worker.ask(*waiting.popleft())
                yield number, Parting.of_tree(tree["parting"])
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
        try:
            return said.get(timeout=EVERY_S)
        except queue.Empty:
            continue


def refuse_if_lost_before(number: int, seed: int, lost: set[int]) -> None:
    """Note that a process died over a replicate; one more may try.

    Raises:
        WorkerLostError: it is the second.
    """
    if number in lost:
        raise WorkerLostError(
            f"two processes died over the replicate of seed {seed}",
            help="perhaps memory ran out: try --threads 1, which lives one pair of worlds at a time",
        )
    lost.add(number)


def failure(tree: dict[str, Any]) -> GlasshouseError | MemoryError:
    """Return the error that a worker reports."""
    if tree["failed"] == "MemoryError":
        return MemoryError()
    kind = getattr(errors, tree["failed"], GlasshouseError)
    if kind is errors.ScenarioError:
        return errors.ScenarioError((), tree["message"], help=tree["help"])
    return kind(tree["message"], help=tree["help"])


# ---------------------------------------------------------------- in the process


def child() -> None:
    """Read a task and seeds from stdin and answer on stdout, until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides
    asked = json.loads(sys.stdin.readline())
    task, threads = Task.of_tree(asked), asked["threads"]
    told = time.monotonic()

    def after_day(day: int, _days: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY_S:
            told = time.monotonic()
            answer({"day": day})

    for line in sys.stdin:
        try:
            parting = task.live(int(json.loads(line)["seed"]), threads=threads, progress=after_day)
        except GlasshouseError as error:
            answer({"failed": type(error).__name__, "message": error.message, "help": error.help})
        except MemoryError:
            answer({"failed": "MemoryError"})
        except Exception as error:  # noqa: BLE001 - told to the process that started this one
            words = "".join(traceback.format_exception(error))
            answer({"failed": "GlasshouseError", "message": clean(words, 4000), "help": None})
        else:
            answer({"parting": parting.as_tree()})


def answer(tree: dict[str, Any]) -> None:
    """Write a line of JSON to stdout; end quietly when nobody reads it any more."""
    try:
        sys.stdout.write(json.dumps(tree) + "\n")
        sys.stdout.flush()
    except OSError:
        os._exit(0)
