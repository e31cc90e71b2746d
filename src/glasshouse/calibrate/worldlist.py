"""The worlds of a calibration: each counts what happens within every window of time.

Every place in the ranges is lived with the same seeds (common random numbers), so that what differs between two places
is what the numbers do.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.calibrate.statistics import STATISTICS
from glasshouse.crew import Work, done_beside
from glasshouse.errors import Interrupted
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.assumptions import Assumption, with_numbers
from glasshouse.scenario.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from glasshouse.calibrate.windows import Window
    from glasshouse.model.plan import Plan

__all__ = ["Job", "Span", "Task", "earlier", "lived", "serve", "spans_of"]


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a run, and the statistic that is counted within them."""

    statistic: str
    first: int
    last: int

    def as_tree(self) -> list[Any]:
        """Return it as plain objects."""
        return [self.statistic, self.first, self.last]


@dataclass(frozen=True, slots=True)
class Task:
    """One world: a seed, and the place of each number in its range."""

    seed: int
    places: tuple[float, ...]

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects; a seed is a string, for JSON knows no large integers."""
        return {"seed": str(self.seed), "places": list(self.places)}


@dataclass(frozen=True)
class Job:
    """What all worlds have in common."""

    scenario: Scenario
    numbers: tuple[Assumption, ...]
    spans: tuple[Span, ...]
    citizens: int
    days: int

    def live(self, task: Task) -> list[int]:
        """Live one world in this process and return its count within each span."""
        given = {one.path: one.at(place) for one, place in zip(self.numbers, task.places, strict=True)}
        scenario = with_numbers(self.scenario, given)
        return counted(
            compile_plan(scenario, citizens=self.citizens, days=self.days, seed=task.seed), self.spans
        )

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects, for JSON."""
        return {
            "scenario": self.scenario.model_dump_json(exclude_unset=True, by_alias=True),
            "numbers": [one.as_tree() for one in self.numbers],
            "spans": [one.as_tree() for one in self.spans],
            "citizens": self.citizens,
            "days": self.days,
        }

    @classmethod
    def of_tree(cls, tree: Mapping[str, Any]) -> Job:
        """Return what `as_tree` gave."""
        return cls(
            Scenario.model_validate_json(tree["scenario"]),
            tuple(Assumption.of_tree(one) for one in tree["numbers"]),
            tuple(Span(*one) for one in tree["spans"]),
            tree["citizens"],
            tree["days"],
        )


def counted(plan: Plan, spans: Sequence[Span]) -> list[int]:
    """Live a world on one thread up to the last day that is counted, and return its count within each span."""
    from glasshouse.model.engine import Engine

    names = {name: k for k, name in enumerate(flow_names(plan))}
    days = max(one.last for one in spans) + 1
    flows = np.zeros((days, len(names)), np.int64)
    engine = Engine(plan, threads=1)
    for t in range(days):
        flows[t] = engine.step().flows.sum(axis=(0, 1))
    return [
        sum(
            sign * int(flows[one.first : one.last + 1, names[flow]].sum())
            for sign, flow in STATISTICS[one.statistic].flows
        )
        for one in spans
    ]


def earlier(scenario: Scenario, days: int) -> Scenario:
    """Return the scenario begun so many days earlier: habits have settled when its first day comes."""
    start = scenario.society.start_date - dt.timedelta(days=days)
    return scenario.model_copy(update={"society": scenario.society.model_copy(update={"start_date": start})})


def spans_of(windows: Sequence[Window], start: dt.date) -> tuple[Span, ...]:
    """Return the windows as days of a run that begins on `start`."""
    return tuple(Span(one.statistic, (one.first - start).days, (one.last - start).days) for one in windows)


def lived(
    job: Job, tasks: Sequence[Task], *, processes: int = 1, should_stop: Callable[[], bool] = bool
) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield the place of each task and the counts of its world, in the order in which they end.

    Raises:
        Interrupted: `should_stop` said so.
        WorkerLostError: two processes died over the same world.
        GlasshouseError: a world ended with it.
    """
    if min(processes, len(tasks)) > 1:
        work = Work("glasshouse.calibrate.worldlist:serve", job.as_tree(), "the world of seed {seed}")
        trees = [task.as_tree() for task in tasks]
        yield from done_beside(work, trees, processes=processes, should_stop=should_stop)
        return
    for place, task in enumerate(tasks):
        if should_stop():
            raise Interrupted("stopped")
        yield place, job.live(task)


def serve(head: Mapping[str, Any]) -> Callable[[Mapping[str, Any], object], list[int]]:
    """Return what lives the worlds of a job in a process of a crew."""
    job = Job.of_tree(head)

    def world(task: Mapping[str, Any], _say: object) -> list[int]:
        """Return the counts of one world."""
        return job.live(Task(int(task["seed"]), tuple(task["places"])))

    return world
