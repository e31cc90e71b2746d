"""The worlds of an attribution, one after the other or in processes: each lives on one thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.attribute.players import Player
from glasshouse.attribute.worlds import live_coalition
from glasshouse.crew import Work, done_beside
from glasshouse.errors import Interrupted
from glasshouse.scenario.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Job", "Task", "lived", "serve"]


@dataclass(frozen=True, slots=True)
class Task:
    """One world: a coalition of players under a seed."""

    seed: int
    coalition: int

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects; a seed is a string, for JSON knows no large integers."""
        return {"seed": str(self.seed), "coalition": self.coalition}


@dataclass(frozen=True)
class Job:
    """What all worlds have in common."""

    scenario: Scenario
    players: tuple[Player, ...]
    citizens: int
    days: int

    def live(self, task: Task) -> dict[str, int]:
        """Live one world in this process and return its measures."""
        return live_coalition(
            self.scenario,
            self.players,
            task.coalition,
            citizens=self.citizens,
            days=self.days,
            seed=task.seed,
        )

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects, for JSON."""
        return {
            "scenario": self.scenario.model_dump_json(exclude_unset=True, by_alias=True),
            "players": [player.members for player in self.players],
            "citizens": self.citizens,
            "days": self.days,
        }

    @classmethod
    def of_tree(cls, tree: Mapping[str, Any]) -> Job:
        """Return what `as_tree` gave."""
        scenario = Scenario.model_validate_json(tree["scenario"])
        players = tuple(Player(tuple(members)) for members in tree["players"])
        return cls(scenario, players, tree["citizens"], tree["days"])


def lived(
    job: Job, tasks: Sequence[Task], *, processes: int = 1, should_stop: Callable[[], bool] = bool
) -> Iterator[tuple[Task, dict[str, int]]]:
    """Yield tasks with the measures of their worlds, in the order in which they end; one process lives them here.

    Raises:
        Interrupted: `should_stop` said so; worlds that are in hand are lost.
        WorkerLostError: two processes died over the same world.
        GlasshouseError: a world ended with it.
    """
    if min(processes, len(tasks)) > 1:
        work = Work("glasshouse.attribute.worklist:serve", job.as_tree(), "the world of seed {seed}")
        trees = [task.as_tree() for task in tasks]
        for place, measures in done_beside(work, trees, processes=processes, should_stop=should_stop):
            yield tasks[place], measures
        return
    for task in tasks:
        if should_stop():
            raise Interrupted("stopped")
        yield task, job.live(task)


def serve(head: Mapping[str, Any]) -> Callable[[Mapping[str, Any], object], dict[str, int]]:
    """Return what lives the worlds of a job in a process of a crew."""
    job = Job.of_tree(head)

    def world(task: Mapping[str, Any], _say: object) -> dict[str, int]:
        """Return the measures of one world."""
        return job.live(Task(int(task["seed"]), task["coalition"]))

    return world
