"""A study of sensitivity: what is asked, the worlds that it takes, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from glasshouse.errors import Interrupted, UsageError
from glasshouse.sensitivity.design import MOST_INDEXED, blocks, trajectories
from glasshouse.sensitivity.estimates import elementary_effects, indices
from glasshouse.sensitivity.factors import chosen, moving
from glasshouse.sensitivity.result import HEADLINES, Screening, Sensitivity, Shared
from glasshouse.sensitivity.worldlist import Job, Task, lived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.scenario.assumptions import Assumption
    from glasshouse.scenario.load import Loaded

    Live = Callable[[Sequence[Task]], Iterator[tuple[int, Mapping[str, float]]]]

__all__ = [
    "CITIZENS",
    "SAMPLES",
    "TOP",
    "WALKS",
    "Question",
    "question",
    "screened",
    "sensitivity",
    "shared_out",
]

Method = Literal["morris", "sobol"]
WALKS = 8
SAMPLES = 128
TOP = 6  # assumptions that indices are made of, unless others are named
CITIZENS = 10_000  # at most, unless others are asked for: effects are shares of a society, chance is told beside them
MOST_WALKS, MOST_SAMPLES = 1_000, 2**14
SECONDS_PER_PROCESS = 10.0  # of work, below which another process is not worth its start
WORK_PER_S = 10e6  # citizen-days of one process with a small world


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        loaded: The scenario.
        assumptions: The assumptions that are moved.
        held: Why the other assumed numbers are not, by path.
        method: `morris` screens all of them; `sobol` then shares out the variance among a few.
        screened: Whether the few are still to be found by a screening.
        walks: Walks of the screening.
        samples: Rows of the design for indices.
        citizens: Citizens of each world.
        days: Days of each world.
        seed: First seed.
    """

    loaded: Loaded
    assumptions: tuple[Assumption, ...]
    held: Mapping[str, str] = field(repr=False)
    method: Method
    screened: bool
    walks: int
    samples: int
    citizens: int
    days: int
    seed: int

    @property
    def worlds(self) -> int:
        """How many worlds are to be lived in all."""
        k = len(self.assumptions)
        few = min(TOP, k) if self.screened else k
        screening = self.walks * (k + 3) if self.screened else 0
        return screening + (self.samples * (few + 3) if self.method == "sobol" else 0)

    @property
    def job(self) -> Job:
        """What the worlds have in common."""
        return Job(self.loaded.scenario, self.assumptions, self.citizens, self.days)


def question(
    scenario: str | Path | Loaded,
    *,
    method: Method = "morris",
    over: Sequence[str] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    without: Sequence[str] = (),
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    walks: int = WALKS,
    samples: int = SAMPLES,
) -> Question:
    """Return what is asked, with the assumptions that are moved.

    Args:
        scenario: Preset id, path, or loaded scenario.
        method: `morris` or `sobol`.
        over: Dotted paths of numbers or tables; every assumption with a range by default.
        set: Numbers to change in the scenario; they are assumptions no longer.
        without: Rules to switch off.
        citizens: Citizens of each world; the scenario's by default, at most `CITIZENS`.
        days: Days of each world; the scenario's by default.
        seed: First seed; the scenario's by default.
        walks: Walks of the screening.
        samples: Rows of the design for indices, a power of two.

    Raises:
        UsageError: an argument is not allowed, or nothing can be moved.
    """
    from glasshouse.scenario.load import Loaded, load

    if not 2 <= walks <= MOST_WALKS:
        raise UsageError(f"{walks} walks, expected 2 to {MOST_WALKS:,}", help="one walk gives no error bar")
    if samples > MOST_SAMPLES:
        raise UsageError(f"{samples} samples, expected at most {MOST_SAMPLES:,}")
    whole = isinstance(scenario, Loaded) and not (set or without)
    source = scenario.path if isinstance(scenario, Loaded) else scenario
    loaded = scenario if whole and isinstance(scenario, Loaded) else load(source, set=set, without=without)
    society = loaded.scenario.society
    n, horizon = citizens or min(society.citizens, CITIZENS), days or society.days
    found, held = moving(loaded, n, horizon)
    if over:
        found = chosen(found, held, over)
    if not found:
        raise UsageError("no assumed number of this scenario has a range to be moved in")
    screening = method == "morris" or not over
    if method == "sobol":
        blocks(min(len(found), TOP) if screening else len(found), samples, 0)  # says what is wrong at once
    return Question(
        loaded, tuple(found), held, method, screening, walks, samples, n, horizon,
        society.seed if seed is None else seed,
    )  # fmt: skip


def sensitivity(
    asked: Question,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Sensitivity:
    """Live the worlds of a question and return what its figures hang on.

    Args:
        asked: What is asked.
        threads: Worlds lived at the same time; they change no result.
        progress: Called after each world with (worlds, worlds in all).
        should_stop: Asked before each world whether to stop there.

    Raises:
        Interrupted: `should_stop` said so; nothing is kept.
    """
    from glasshouse.run import default_threads

    at_once = processes(asked, default_threads(threads))
    done = 0

    def live(job: Job) -> Live:
        """Return what lives the worlds of a job, and counts them."""

        def each(tasks: Sequence[Task]) -> Iterator[tuple[int, Mapping[str, float]]]:
            """Yield the place of each task and the measures of its world."""
            nonlocal done
            try:
                for answer in lived(job, tasks, processes=at_once, should_stop=should_stop):
                    done += 1
                    if progress is not None:
                        progress(done, asked.worlds)
                    yield answer
            except Interrupted as error:
                raise Interrupted(
                    f"stopped after {done:,} of {asked.worlds:,} worlds; nothing is kept"
                ) from error

        return each

    screening = shared = None
    few = asked.assumptions
    if asked.screened:
        screening = screened(few, asked.walks, asked.seed, live(asked.job))
        few = tuple(screening.ranked[: min(TOP, MOST_INDEXED)])
    if asked.method == "sobol":
        shared = shared_out(few, asked.samples, asked.seed, live(replace(asked.job, assumptions=few)))
    return Sensitivity(
        scenario=asked.loaded.name,
        changes=asked.loaded.changes,
        notice=asked.loaded.scenario.notice,
        citizens=asked.citizens,
        days=asked.days,
        seed=asked.seed,
        worlds=asked.worlds,
        held=dict(asked.held),
        screening=screening,
        shared=shared,
    )


def processes(asked: Question, threads: int) -> int:
    """Return how many processes the worlds are worth."""
    seconds = asked.worlds * asked.citizens * asked.days / WORK_PER_S
    return max(1, min(threads, int(seconds / SECONDS_PER_PROCESS)))


def screened(assumptions: Sequence[Assumption], walks: int, seed: int, live: Live) -> Screening:
    """Return the screening of some assumptions; the worlds of a walk share their people and luck."""
    k = len(assumptions)
    design = trajectories(k, walks, seed)
    written = [Task((seed + 2 * walk) % 2**64) for walk in range(walks)]
    points = tasks_of(design.places, design.luck, seed)
    found = table(live([*written, *points]), len(written) + len(points))
    values = {key: one[walks:].reshape(walks, k + 2) for key, one in found.items()}
    return Screening(
        assumptions=tuple(assumptions),
        effects={key: elementary_effects(design, one) for key, one in values.items()},
        values={key: one.ravel() for key, one in values.items()},
        written={key: one[:walks] for key, one in found.items()},
    )


def shared_out(assumptions: Sequence[Assumption], samples: int, seed: int, live: Live) -> Shared:
    """Return the indices of some assumptions; the others stand as written."""
    k = len(assumptions)
    design = blocks(k, samples, seed)
    points = tasks_of(design.places, design.luck, seed)
    found = table(live(points), len(points))
    return Shared(
        assumptions=tuple(assumptions),
        samples=samples,
        indices={key: indices(one.reshape(samples, k + 3), seed) for key, one in found.items()},
    )


def tasks_of(places: NDArray[np.float64], luck: NDArray[np.int64], seed: int) -> list[Task]:
    """Return the worlds of a design, block by block: each block has two seeds of its own."""
    return [
        Task((seed + 2 * block + int(luck[block, point])) % 2**64, tuple(places[block, point].tolist()))
        for block in range(places.shape[0])
        for point in range(places.shape[1])
    ]


def table(answers: Iterator[tuple[int, Mapping[str, float]]], worlds: int) -> dict[str, NDArray[np.float64]]:
    """Return each headline measure over the worlds, in their order; what no world has is left out."""
    rows: list[Mapping[str, Any]] = [{} for _ in range(worlds)]
    for place, measures in answers:
        rows[place] = measures
    return {key: np.array([row[key] for row in rows], float) for key in HEADLINES if key in rows[0]}
