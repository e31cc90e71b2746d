"""The line: jobs wait, two live at a time, and one thread lives their days in turns.

The thread waits for nobody: pages look at what lies there when they have time. A job goes on when its page is closed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse.errors import GlasshouseError
from glasshouse.model.warm import warm_up
from glasshouse.views.studio import caps
from glasshouse.views.studio.answers import Refused
from glasshouse.views.studio.job import Job, Pace
from glasshouse.views.studio.turns import READY, TURN

if TYPE_CHECKING:
    from glasshouse.views.studio.order import Order

__all__ = ["Line"]

FIRST_S = 2.0  # in which the page has the processor for itself, unless something is ordered
NAP_S = 0.5  # a sleeper is woken when something changes; this is for what nobody told


class Line:
    """All jobs of this launch, in a folder of its own that goes with it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="glasshouse-studio-"))
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._last = 0
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin to live what is ordered."""
        self._thread.start()

    def close(self) -> None:
        """End after the day in hand, and remove everything."""
        self._closed = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        for job in self.jobs:
            job.forget()
        shutil.rmtree(self._folder, ignore_errors=True)

    # What is asked of it

    @property
    def jobs(self) -> list[Job]:
        """All jobs, the oldest first."""
        with self._lock:
            return list(self._jobs.values())

    @property
    def full(self) -> bool:
        """Whether no further job may wait."""
        return sum(job.state == "waiting" for job in self.jobs) >= caps.QUEUED

    def job(self, id: str) -> Job:
        """Return a job.

        Raises:
            Refused: there is none of this number.
        """
        with self._lock:
            found = self._jobs.get(id)
        if found is None:
            raise Refused(404, "there is no such world", help="it may have been forgotten; live it again")
        return found

    def take(self, order: Order, pace: Pace) -> Job:
        """Put an order into the line.

        Raises:
            Refused: too many wait already.
        """
        with self._lock:
            if sum(job.state == "waiting" for job in self._jobs.values()) >= caps.QUEUED:
                raise too_many()
            self._last += 1
            job = Job(str(self._last), order, self._folder / str(self._last), pace)
            self._jobs[job.id] = job
        self._wake.set()
        return job

    def forget(self, id: str) -> None:
        """Take a job out of the line; one that lives ends after the day in hand."""
        job = self.job(id)
        job.forgotten = True
        self._wake.set()
        with self._lock:
            self._jobs.pop(id, None)
        with TURN:  # the engine is between two days
            job.forget()

    def woken(self) -> None:
        """Let the engine look again: a pace has changed."""
        self._wake.set()

    # The thread

    def _run(self) -> None:
        """Live day after day, whoever is due first; kernels are made ready before anybody asks."""
        self._wake.wait(FIRST_S)
        with TURN:
            warm_up()
            READY.set()
        while not self._closed:
            self._wake.clear()
            job = self._next()
            wait = NAP_S if job is None else job.due - time.monotonic()
            if job is None or wait > 0:
                self._wake.wait(min(wait, NAP_S))
                continue
            with TURN:
                self._turn(job)
            self._drop_oldest()

    def _next(self) -> Job | None:
        """Return the job that is due first, the next of those waiting where there is room."""
        jobs = self.jobs
        live = [job for job in jobs if job.begun and job.ready]
        waiting = [job for job in jobs if job.state == "waiting"]
        if waiting and sum(not job.pace.paused for job in live) < caps.LIVING:
            return waiting[0]
        return min(live, key=lambda job: job.due, default=None)

    def _turn(self, job: Job) -> None:
        """Begin a job or live a day of it; what goes wrong ends this job alone."""
        if job.forgotten:
            return
        try:
            job.live_day() if job.begun else job.begin()
        except GlasshouseError as error:
            job.fail(error)
        except MemoryError:
            job.fail(GlasshouseError("memory ran out", help="try fewer citizens"))
        except Exception:  # noqa: BLE001 - a fault of ours must not stop the others
            traceback.print_exc(file=sys.stderr)
            job.fail(GlasshouseError("a bug in Glasshouse, not in your input", help="the terminal says more"))

    def _drop_oldest(self) -> None:
        """Forget the oldest of the finished jobs when there are too many."""
        over = [job for job in self.jobs if job.over]
        for job in over[: max(0, len(over) - caps.KEPT)]:
            with suppress(Refused):
                self.forget(job.id)


def too_many() -> Refused:
    """Return the error for a line that is full."""
    return Refused(
        429, f"{caps.QUEUED} worlds wait already", help="wait until one has begun, or forget one of them"
    )
