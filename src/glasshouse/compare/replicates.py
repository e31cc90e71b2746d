"""Many replicates: pairs of worlds that differ in their seed alone, one after the other or several at a time.

A replicate is a function of the task and its seed, so where and in which order they are lived changes no result.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.compare.drawing import numbers_of
from glasshouse.compare.pair import Coupling, Parting, live_side_by_side, pair_of_plans
from glasshouse.crew import Work, done_beside
from glasshouse.scenario.assumptions import Assumption, with_numbers
from glasshouse.scenario.schema import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Told = Callable[[int, int], None]

__all__ = ["Task", "lived", "serve", "size_for_a_minute", "threads_for", "workers_for"]

WORTH = 80e6  # citizen-days from which processes of their own pay for their start of two seconds
SHARED = 50_000  # citizens from which a day is long enough for a second thread
LARGE = 5_000_000  # citizens from which memory is better spent on one pair at a time
A_MINUTE = 2.5e9  # citizen-days of a minute on two processors
LEAST, ROUND = 1_000, (5, 2, 1)
EVERY_S = 0.2  # between two words of a process about the day it lives


@dataclass(frozen=True)
class Task:
    """What every replicate lives.

    Attributes:
        base: Scenario of the base world.
        variant: Scenario of the other.
        citizens: Citizens of each.
        days: Days of each.
        coupling: Which life of the variant is the twin of a life of the base.
        absent: Citizens who are not there in the variant.
        drawn: Assumed numbers that each replicate draws from their ranges, the same for both worlds.
    """

    base: Scenario
    variant: Scenario
    citizens: int
    days: int
    coupling: Coupling = "same"
    absent: tuple[int, ...] = ()
    drawn: tuple[Assumption, ...] = ()

    def worlds(self, seed: int) -> tuple[Scenario, Scenario]:
        """Return the two scenarios of a seed: as they are, or with the numbers that the seed draws."""
        if not self.drawn:
            return self.base, self.variant
        numbers = numbers_of(self.drawn, seed)
        return with_numbers(self.base, numbers), with_numbers(self.variant, numbers)

    def live(
        self,
        seed: int,
        *,
        threads: int | None = None,
        progress: Told | None = None,
        should_stop: Callable[[], bool] = bool,
    ) -> Parting:
        """Return the replicate of a seed; `progress` and `should_stop` are those of `live_side_by_side`."""
        plans = pair_of_plans(
            *self.worlds(seed), seed=seed, citizens=self.citizens, days=self.days, coupling=self.coupling,
            absent=self.absent,
        )  # fmt: skip
        return live_side_by_side(*plans, threads=threads, progress=progress, should_stop=should_stop)

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects, for JSON."""
        base, variant = (
            one.model_dump_json(exclude_unset=True, by_alias=True) for one in (self.base, self.variant)
        )
        return {
            "base": base,
            "variant": variant,
            "citizens": self.citizens,
            "days": self.days,
            "coupling": self.coupling,
            "absent": self.absent,
            "drawn": [one.as_tree() for one in self.drawn],
        }

    @classmethod
    def of_tree(cls, tree: Mapping[str, Any]) -> Task:
        """Return what `as_tree` gave."""
        base, variant = (Scenario.model_validate_json(tree[name]) for name in ("base", "variant"))
        drawn = tuple(Assumption.of_tree(one) for one in tree["drawn"])
        return cls(
            base, variant, tree["citizens"], tree["days"], tree["coupling"], tuple(tree["absent"]), drawn
        )


def lived(
    task: Task,
    seeds: Sequence[tuple[int, int]],
    *,
    threads: int,
    workers: int = 1,
    progress: Callable[[int, int, int], None] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Iterator[tuple[int, Parting]]:
    """Yield the number of each replicate and what it came to, in the order in which they are finished.

    Args:
        task: What is lived.
        seeds: Number and seed of each replicate.
        threads: Threads in all.
        workers: Processes that live a replicate at a time each; 1 is this one.
        progress: Called with (number, day, days) now and then while days pass.
        should_stop: Asked while days pass.

    Raises:
        Interrupted: `should_stop` said so; replicates that are under way are lost.
        WorkerLostError: a process died twice over the same replicate.
    """
    if min(workers, len(seeds)) > 1:
        yield from lived_beside(task, seeds, threads, workers, progress, should_stop)
        return
    for number, seed in seeds:
        told = None if progress is None else lambda day, days, k=number: progress(k, day, days)
        count = threads_for(threads, task.citizens)
        yield number, task.live(seed, threads=count, progress=told, should_stop=should_stop)


def lived_beside(
    task: Task,
    seeds: Sequence[tuple[int, int]],
    threads: int,
    workers: int,
    progress: Callable[[int, int, int], None] | None,
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, Parting]]:
    """As `lived`, in so many processes."""
    each = max(1, threads // workers)
    head = {**task.as_tree(), "threads": each}
    work = Work("glasshouse.compare.replicates:serve", head, "the replicate of seed {seed}", each)
    heard = None if progress is None else lambda place, day: progress(seeds[place][0], day, task.days)
    trees = [{"seed": str(seed)} for _, seed in seeds]
    for place, tree in done_beside(work, trees, processes=workers, heard=heard, should_stop=should_stop):
        yield seeds[place][0], Parting.of_tree(tree)


def serve(head: Mapping[str, Any]) -> Callable[[Mapping[str, Any], Callable[[int], None]], dict[str, Any]]:
    """Return what lives the replicates of a task in a process of a crew; it says the day now and then."""
    task, told = Task.of_tree(head), time.monotonic()

    def replicate(asked: Mapping[str, Any], say: Callable[[int], None]) -> dict[str, Any]:
        """Return what the replicate of a seed came to."""

        def after_day(day: int, _days: int) -> None:
            """Say the day, unless another was said just now."""
            nonlocal told
            if time.monotonic() - told >= EVERY_S:
                told = time.monotonic()
                say(day)

        return task.live(int(asked["seed"]), threads=head["threads"], progress=after_day).as_tree()

    return replicate


def threads_for(threads: int, citizens: int) -> int:
    """Return how many threads a world is lived on: one where a day is too short to be shared."""
    return threads if citizens >= SHARED else 1


def workers_for(threads: int, replicates: int, citizens: int, days: int) -> int:
    """Return how many processes are the quickest: as many as there are threads, one where little is to be done.

    Two processes of one thread each beat one with two threads (`benchmarks/compare.py`): a day of 20,000 citizens is
    too short to be shared, the more so where other programs run.
    """
    if citizens > LARGE or 2.0 * replicates * citizens * days < WORTH:
        return 1
    return max(1, min(threads, replicates))


def size_for_a_minute(replicates: int, days: int) -> int:
    """Return how many citizens a comparison of so many replicates and days can have in about a minute.

    It depends on nothing of the machine, for the result depends on it.

    >>> size_for_a_minute(30, 365), size_for_a_minute(1, 365), size_for_a_minute(10_000, 3650)
    (100000, 2000000, 1000)
    """
    most = A_MINUTE / (2 * replicates * days)
    for exponent in range(9, 2, -1):
        for digit in ROUND:
            if digit * 10**exponent <= most:
                return digit * 10**exponent
    return LEAST
