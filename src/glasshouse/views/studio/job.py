"""A job: an order on its way from the queue to its end, with its pace, its days, and what is kept of it."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from glasshouse.errors import GlasshouseError, UsageError
from glasshouse.views.studio import caps
from glasshouse.views.studio.highlights import highlights, picks
from glasshouse.views.studio.living import Counted, Living
from glasshouse.views.studio.turns import READY
from glasshouse.views.studio.wish import is_press

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from glasshouse.views.studio.order import Order

    Picture = NDArray[np.uint8]

__all__ = ["Job", "Pace", "State", "pace_of"]

State = Literal["waiting", "living", "paused", "done", "failed"]


@dataclass
class Pace:
    """How fast a job lives.

    Attributes:
        paused: Whether it stands still.
        days_per_second: Days in a second at most; None: as fast as the engine.
        steps: Days that are still lived although it is paused.
    """

    paused: bool = False
    days_per_second: float | None = None
    steps: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {"paused": self.paused, "days_per_second": self.days_per_second}


def pace_of(wish: object, pace: Pace) -> Pace:
    """Return a pace after a wish: `paused`, `days_per_second`, `step` (days to live while it is paused).

    Raises:
        UsageError: the wish is none.
    """
    if not isinstance(wish, dict):
        raise UsageError("a pace is an object with paused, days_per_second, step")
    paused, speed, step = (
        wish.get("paused", pace.paused),
        wish.get("days_per_second", pace.days_per_second),
        wish.get("step"),
    )
    if not isinstance(paused, bool):
        raise UsageError("`paused` must be true or false")
    if speed is not None and (
        isinstance(speed, bool)
        or not isinstance(speed, int | float)
        or not 0.1 <= speed <= caps.DAYS_PER_SECOND
    ):
        raise UsageError(f"`days_per_second` must be a number from 0.1 to {caps.DAYS_PER_SECOND:,}, or null")
    steps = 1 if step is True else step or 0
    if not isinstance(steps, int) or not 0 <= steps <= caps.STEPS:
        raise UsageError(f"`step` must be a whole number of days from 1 to {caps.STEPS}")
    return Pace(paused or steps > 0, speed, min(pace.steps + steps, caps.STEPS) if paused or steps else 0)


class Job:
    """An order and what becomes of it. The thread that runs engines lives its days; others look, and set its pace.

    `day` is raised after everything of a day lies where it is looked for, so that no lock is needed.

    Args:
        id: Its number, as text.
        order: What is lived.
        folder: A folder of its own; new.
        pace: How fast it lives.

    Attributes:
        day: Days lived.
        shown: Days lived, and the last evening's pictures, one for each world.
        due: When its next day is due, by a clock that is never set.
        error: What went wrong, if anything did.
        highlights: The figures that a visitor looks for first; none before the end.
        picks: Citizens worth meeting; none before the end.
        answers: What was asked of it after its end, and cost time to find out.
    """

    def __init__(self, id: str, order: Order, folder: Path, pace: Pace) -> None:
        self.id, self.order, self.folder, self.pace = id, order, folder, pace
        folder.mkdir(mode=0o700)
        self.counted = tuple(
            Counted(
                loaded,
                plan,
                folder / name,
                f"{order.commands[-1]}" if len(order.plans) == 2 else f"{order.commands[0]} -o DIR",
            )
            for loaded, plan, name in zip(order.loaded, order.plans, ("base", "variant"), strict=False)
        )
        self.day = 0
        self.shown: tuple[int, tuple[Picture, ...]] = (0, ())
        self.due = 0.0
        self.begun = self.done = self.forgotten = False
        self.error: GlasshouseError | None = None
        self.affected: list[int] = []
        self.highlights: list[dict[str, Any]] = []
        self.picks: dict[str, int | None] = {}
        self.answers: dict[Any, Any] = {}
        self._living: Living | None = None

    # What others see

    @property
    def state(self) -> State:
        """Where it is on its way."""
        if self.error is not None:
            return "failed"
        if self.done:
            return "done"
        if not self.begun:
            return "waiting"
        return "paused" if self.pace.paused else "living"

    @property
    def over(self) -> bool:
        """Whether no day will follow."""
        return self.done or self.error is not None

    @property
    def ready(self) -> bool:
        """Whether it wants to live a day, sooner or later."""
        return not self.over and (not self.pace.paused or self.pace.steps > 0)

    @property
    def summary(self) -> dict[str, Any]:
        """What stands in the list of jobs."""
        plan = self.order.plan
        return {
            "id": self.id,
            "title": " / ".join(dict.fromkeys(one.scenario.title for one in self.order.loaded)),
            "press": any(map(is_press, self.order.loaded)),
            "citizens": plan.citizens,
            "days": plan.days,
            "seed": plan.seed,
            "start_date": plan.start_date.isoformat(),
            "worlds_lived": len(self.order.plans),
            "state": self.state,
            "preparing": not READY.is_set(),
            "day": self.day,
            "pace": self.pace.as_dict(),
        }

    def date(self, t: int) -> str:
        """Return the date of a day."""
        return (self.order.plan.start_date + dt.timedelta(days=t)).isoformat()

    @cached_property
    def recorded(self) -> tuple[Any, ...]:
        """The worlds as `glasshouse life` takes them; only after the end."""
        from glasshouse.compare.worlds import name_of
        from glasshouse.life import Recorded
        from glasshouse.records.crossings import RecordedCrossings, may_be_kept
        from glasshouse.records.reader import open_run

        worlds = []
        for one in self.counted:
            run, plan, scenario = open_run(one.folder), one.plan, one.loaded.scenario
            log = RecordedCrossings(run, plan) if may_be_kept(plan) else None
            worlds.append(
                Recorded(
                    scenario,
                    one.loaded.evidence,
                    plan,
                    name_of(one.loaded),
                    scenario.notice,
                    run.manifest,
                    log,
                )
            )
        return tuple(worlds)

    def set_pace(self, wish: Mapping[str, Any]) -> None:
        """Change the pace.

        Raises:
            UsageError: the wish is none.
        """
        self.pace = pace_of(wish, self.pace)
        self.due = min(self.due, time.monotonic())

    # What the thread that runs engines does

    def begin(self) -> None:
        """Make the worlds before day 0."""
        self.begun = True
        self._living = Living(self.order, self.counted)

    def live_day(self) -> None:
        """Live the next day, and finish after the last."""
        living, began = self._living, time.monotonic()
        assert living is not None
        pictures = living.live_day()
        self.affected, self.shown = living.affected, (self.day + 1, pictures)
        self.day += 1
        if self.pace.steps:
            self.pace.steps -= 1
        speed = self.pace.days_per_second
        self.due = max(self.due + 1 / speed, began) if speed and not self.pace.paused else time.monotonic()
        if self.day == self.order.plan.days:
            self._finish(living)

    def _finish(self, living: Living) -> None:
        """Finish the records, and find out what visitors ask for first, while it is at hand."""
        living.finish()
        self.highlights = highlights(self.counted, living.tally)
        self.picks = picks(living.tally)
        self._living = None
        self.done = True

    def fail(self, error: GlasshouseError) -> None:
        """Note what went wrong, and let the worlds go."""
        self.error = error
        self.abandon()

    def abandon(self) -> None:
        """Let go of worlds that are not finished."""
        living, self._living = self._living, None
        if living is not None:
            living.abandon()

    def forget(self) -> None:
        """Remove everything that is kept of it."""
        self.abandon()
        for one in self.counted:
            one.shelf.close()
        shutil.rmtree(self.folder, ignore_errors=True)
