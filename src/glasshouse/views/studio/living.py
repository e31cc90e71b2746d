"""One world while it lives: the engine's day, counted and recorded as `glasshouse run` does it, and its picture."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.compare.twins import refuse_other_society
from glasshouse.compare.watch import Watch
from glasshouse.harm.people import People
from glasshouse.harm.recovery import Clock, Recovery, recovery
from glasshouse.life.pick import Tally
from glasshouse.model.engine import Engine
from glasshouse.model.warm import warm_up
from glasshouse.records.digest import RunDigest
from glasshouse.records.manifest import Provenance
from glasshouse.records.recorder import Recorder
from glasshouse.records.sums import MemoryRecorder
from glasshouse.run import Job as RunJob
from glasshouse.run import finished, live_day
from glasshouse.views.studio.frames import Painter
from glasshouse.views.studio.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan
    from glasshouse.run import RunResult
    from glasshouse.scenario.load import Loaded
    from glasshouse.views.studio.order import Order

    Picture = NDArray[np.uint8]

__all__ = ["Counted", "Living"]

THREADS = 1  # worlds here are small, and the other processors paint the page


class Counted:
    """What one world has counted so far, and its pictures; outlives the engine.

    Args:
        loaded: The scenario.
        plan: The same, compiled.
        folder: Where its records go; new.
        command: The line for a shell that lives it again.

    Attributes:
        memory: Sums and daily counts of the nation.
        shelf: The pictures.
        result: What the world came to; None before its end.
        recovery: How long people take to be clean again; None before its end.
    """

    def __init__(self, loaded: Loaded, plan: Plan, folder: Path, command: str) -> None:
        self.loaded, self.plan, self.folder = loaded, plan, folder
        started = dt.datetime.now(dt.UTC)
        source = Provenance.of(loaded, command=shlex.split(command), started=started)
        self.run = RunJob.of(loaded.scenario, source, plan)
        self.memory = MemoryRecorder(plan, self.run.layout)
        self.shelf = Shelf(folder.with_name(f"{folder.name}.pictures"), plan.citizens)
        self.result: RunResult | None = None
        self.recovery: Recovery | None = None


class _World:
    """The engine of one world, and what needs it."""

    def __init__(self, counted: Counted) -> None:
        plan = counted.plan
        self.counted = counted
        self.engine = Engine(plan, threads=THREADS)
        self.digest = RunDigest(plan, counted.run.layout)
        self.kept = Recorder(counted.folder, plan, counted.run.layout, head=counted.run.head, crossings=True)
        self.painter = Painter(plan)
        self.clock = Clock(plan, People(plan))
        self.clock.begin(self.engine)

    def live_day(self) -> None:
        """Live the next day."""
        live_day(self.counted.plan, self.engine, self.counted.memory, self.digest, self.kept)
        self.clock.evening(self.engine, self.engine.t - 1)

    def finish(self) -> None:
        """Fingerprint the world and finish its records."""
        counted = self.counted
        counted.result = finished(counted.run, self.engine, self.kept, counted.memory, self.digest)
        nobody = np.zeros(counted.plan.citizens, bool)  # whose score sinks is not asked here
        counted.recovery = recovery(self.clock.end(nobody))[0]


class Living:
    """One world, or two side by side, from before day 0 to the end. Only the thread that runs engines may touch it.

    Args:
        order: What is lived.
        counted: Where each world's counts go.

    Attributes:
        tally: What is added up for every citizen.
        affected: Citizens whose rows ever differed, at the end of each day.
    """

    def __init__(self, order: Order, counted: tuple[Counted, ...]) -> None:
        warm_up()
        self._worlds = [_World(one) for one in counted]
        self._engines = [world.engine for world in self._worlds]
        self.tally = Tally(order.plans, posts=True)
        self._watch: Watch | None = None
        if len(order.plans) == 2:
            refuse_other_society(*order.plans)
            self._watch = Watch(*order.plans)
        self._parted = np.zeros(order.plan.citizens, bool)
        self.affected: list[int] = []

    def live_day(self) -> tuple[Picture, ...]:
        """Live the next day in every world; return their pictures."""
        t = self._engines[0].t
        self.tally.morning(t, self._engines)
        for world in self._worlds:
            world.live_day()
        differing = None
        if self._watch is not None:
            differing = self._watch.differing(*self._engines)
            self._parted |= differing
        self.tally.evening(t, self._engines, differing)
        self.affected.append(int(np.count_nonzero(self._parted)))
        pictures = tuple(world.painter.paint(world.engine, differing) for world in self._worlds)
        for world, picture in zip(self._worlds, pictures, strict=True):
            world.counted.shelf.add(picture)
        return pictures

    def finish(self) -> None:
        """Finish every world."""
        for world in self._worlds:
            world.finish()

    def abandon(self) -> None:
        """Leave nothing of worlds that are not finished; safe after their end."""
        for world in self._worlds:
            world.kept.abandon()
