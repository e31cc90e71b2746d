"""Worlds lived again by the engine: for who is to be picked, and for what crossed where no log was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from glasshouse.records.crossings import Crossed
from glasshouse.society.crossings import PUNISHED, blank

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

    Progress = Callable[[str, int, int], None] | None

__all__ = ["KeptCrossings", "LivedAgain", "Watcher", "live_worlds"]


class Watcher(Protocol):
    """Somebody who looks at worlds while they live."""

    def morning(self, day: int, engines: Sequence[Engine]) -> None:
        """Look at the worlds before a day."""

    def evening(self, day: int, engines: Sequence[Engine]) -> None:
        """Look at the worlds after a day."""


class KeptCrossings:
    """What crossed in a world that was lived again, in memory."""

    def __init__(self) -> None:
        self._days: list[NDArray[np.void]] = []

    def add(self, crossings: NDArray[np.void]) -> None:
        """Add the next day."""
        self._days.append(crossings)

    def of(self, citizens: Collection[int]) -> Crossed:
        """Return the rows that concern some citizens, in order of days, and everybody's punishments by day."""
        wanted = np.array(sorted(citizens), np.uint32)
        rows = np.concatenate([blank(0), *self._days])
        days = np.repeat(np.arange(len(self._days)), [day.size for day in self._days])
        mine = np.isin(rows["citizen"], wanted)
        pulses = np.bincount(days[rows["kind"] == PUNISHED], minlength=len(self._days))
        return Crossed(days[mine], rows[mine], pulses)


class LivedAgain:
    """A world that was lived again to its end.

    Attributes:
        engine: The world at its end.
        crossings: What crossed.
    """

    def __init__(self, plan: Plan, threads: int | None) -> None:
        from glasshouse.model.engine import Engine
        from glasshouse.run import default_threads

        self.engine = Engine(plan, threads=default_threads(threads))
        self.crossings = KeptCrossings()


def live_worlds(
    plans: Sequence[Plan], what: str, threads: int | None, progress: Progress, watcher: Watcher | None = None
) -> list[LivedAgain]:
    """Live worlds side by side to their end.

    Args:
        plans: What is lived.
        what: What it is for, in words, for the progress.
        threads: Threads; they change nothing.
        progress: Called after each day with (what, days done, days in all).
        watcher: Looks on.
    """
    worlds = [LivedAgain(plan, threads) for plan in plans]
    engines = [world.engine for world in worlds]
    for day in range(plans[0].days):
        if watcher is not None:
            watcher.morning(day, engines)
        for world in worlds:
            world.engine.step()
            world.crossings.add(world.engine.crossings())
        if watcher is not None:
            watcher.evening(day, engines)
        if progress is not None:
            progress(what, day + 1, plans[0].days)
    return worlds
