"""The worlds at the points of a design, one after the other or in processes: each lives on one thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.attribute.worlds import live
from glasshouse.crew import Work, done_beside
from glasshouse.errors import Interrupted
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.assumptions import Assumption, with_numbers
from glasshouse.scenario.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Job", "Task", "lived", "serve"]


@dataclass(frozen=True, slots=True)
class Task:
    """One world: a seed, and the place of each assumption in its range; no places are the scenario as written."""

    seed: int
    places: tuple[float, ...] = ()

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects; a seed is a string, for JSON knows no large integers."""
        return {"seed": str(self.seed), "places": list(self.places)}


@dataclass(frozen=True)
class Job:
    """What all worlds have in common."""

    scenario: Scenario
    assumptions: tuple[Assumption, ...]
    citizens: int
    days: int

    def live(self, task: Task) -> Mapping[str, float]:
        """Live one world in this process and return its measures."""
        numbers = {one.path: one.at(place) for one, place in zip(self.assumptions, task.places, strict=False)}
        scenario = with_numbers(self.scenario, numbers) if numbers else self.scenario
        return live(compile_plan(scenario, citizens=self.citizens, days=self.days, seed=task.seed))

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects, for JSON."""
        return {
            "scenario": self.scenario.model_dump_json(exclude_unset=True, by_alias=True),
            "assumptions": [one.as_tree() for one in self.assumptions],
            "citizens": self.citizens,
            "days": self.days,
        }

    @classmethod
    def of_tree(cls, tree: Mapping[str, Any]) -> Job:
        """Return what `as_tree` gave."""
        scenario = Scenario.model_validate_json(tree["scenario"])
        found = tuple(Assumption.of_tree(one) for one in tree["assumptions"])
        return cls(scenario, found, tree["citizens"], tree["days"])


def lived(
    job: Job, tasks: Sequence[Task], *, processes: int = 1, should_stop: Callable[[], bool] = bool
) -> Iterator[tuple[int, Mapping[str, float]]]:
    """Yield the place of each task and the measures of its world, in the order in which they end.

    Raises:
        Interrupted: `should_stop` said so.
        WorkerLostError: two processes died over the same world.
        GlasshouseError: a world ended with it.
    """
    if min(processes, len(tasks)) > 1:
        work = Work("glasshouse.sensitivity.worldlist:serve", job.as_tree(), "the world of seed {seed}")
        trees = [task.as_tree() for task in tasks]
        yield from done_beside(work, trees, processes=processes, should_stop=should_stop)
        return
    for place, task in enumerate(tasks):
        if should_stop():
            raise Interrupted("stopped")
        yield place, job.live(task)


def serve(head: Mapping[str, Any]) -> Callable[[Mapping[str, Any], object], Mapping[str, float]]:
    """Return what lives the worlds of a job in a process of a crew."""
    job = Job.of_tree(head)

    def world(task: Mapping[str, Any], _say: object) -> Mapping[str, float]:
        """Return the measures of one world."""
        return job.live(Task(int(task["seed"]), tuple(task["places"])))

    return world
