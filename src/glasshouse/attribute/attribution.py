"""Live the worlds of every coalition that is needed and share out each measure among the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.attribute.game import all_coalitions, on_the_way, one_by_one
from glasshouse.attribute.kept import Kept
from glasshouse.attribute.orders import orders
from glasshouse.attribute.players import EXACT, default_players, named_players
from glasshouse.attribute.result import Attribution, Shares
from glasshouse.attribute.worklist import Job, Task, lived
from glasshouse.attribute.worlds import MEASURES
from glasshouse.errors import Interrupted, UsageError, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from glasshouse.attribute.players import Player
    from glasshouse.scenario.load import Loaded

__all__ = ["PERMUTATIONS", "Question", "attribute", "question"]

PERMUTATIONS = 40  # by default, where there are too many players for every coalition
MOST_PERMUTATIONS = 10_000
MAX_REPLICATES = 10_000
SECONDS_PER_PROCESS = 20.0  # of work, below which another process is not worth its start
WORK_PER_S = 10e6  # citizen-days of one process with a small world


class Question:
    """What is asked: whose share in what, over which worlds.

    Attributes:
        loaded: The scenario.
        players: The rules.
        orders: Orders of the players to go through; empty when every coalition is lived.
        coalitions: The coalitions that are needed, as bit masks.
        citizens: Citizens of each world.
        days: Days of each world.
        seeds: Seed of each replicate.
    """

    def __init__(
        self,
        loaded: Loaded,
        players: Sequence[Player],
        *,
        citizens: int,
        days: int,
        seeds: Sequence[int],
        permutations: int,
    ) -> None:
        k = len(players)
        self.loaded = loaded
        self.players = tuple(players)
        self.citizens, self.days, self.seeds = citizens, days, tuple(seeds)
        self.orders = orders(k, permutations, seeds[0]) if permutations else []
        stations = {one for order in self.orders for one in on_the_way(order)}
        self.coalitions = (
            sorted({*one_by_one(k), *stations}) if permutations else list(all_coalitions(k))
        )  # nobody first, everybody last

    @property
    def worlds(self) -> int:
        """How many worlds are to be lived in all."""
        return len(self.coalitions) * len(self.seeds)

    @property
    def job(self) -> Job:
        """What the worlds have in common."""
        return Job(self.loaded.scenario, self.players, self.citizens, self.days)

    def tasks(self) -> list[Task]:
        """Return all worlds, replicate by replicate."""
        return [Task(seed, coalition) for seed in self.seeds for coalition in self.coalitions]

    def head(self) -> dict[str, Any]:
        """Return what must be the same for finished worlds to be of use."""
        from glasshouse.model.kernels import source_digest
        from glasshouse.model.plan import compile_plan
        from glasshouse.records.digest import plan_digest
        from glasshouse.records.manifest import MODEL_VERSION
        from glasshouse.streams import RNG_SCHEME

        plan = compile_plan(self.loaded.scenario, citizens=self.citizens, days=self.days, seed=self.seeds[0])
        return {
            "scenario": self.loaded.name,
            "seed": str(self.seeds[0]),
            "citizens": self.citizens,
            "days": self.days,
            "plan_digest": plan_digest(plan),
            "players": [player.name for player in self.players],
            "model_version": MODEL_VERSION,
            "rng_scheme": RNG_SCHEME,
            "kernels": source_digest(),
        }


def question(
    scenario: str | Path | Loaded,
    *,
    over: str | Sequence[str] | None = None,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    without: Sequence[str] = (),
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    replicates: int = 1,
    permutations: int | None = None,
) -> Question:
    """Return what is asked, after a look at every argument; those of `attribute`.

    Raises:
        UsageError: an argument is not allowed, or there is no rule to look at.
    """
    from glasshouse.scenario.load import Loaded, load

    if not isinstance(scenario, Loaded) or set or without:
        source = scenario.path if isinstance(scenario, Loaded) else scenario
        loaded = load(source, set=set, without=without)
    else:
        loaded = scenario
    if not 1 <= replicates <= MAX_REPLICATES:
        raise UsageError(f"{replicates} replicates, expected 1 to {MAX_REPLICATES:,}")
    if over is None:
        players = default_players(loaded.scenario)
    else:
        names = over.split(",") if isinstance(over, str) else over
        players = named_players(loaded.scenario, names)
    society = loaded.scenario.society
    first = society.seed if seed is None else seed
    return Question(
        loaded,
        players,
        citizens=citizens or society.citizens,
        days=days or society.days,
        seeds=[(first + r) % 2**64 for r in range(replicates)],
        permutations=checked_permutations(permutations, len(players)),
    )


def checked_permutations(permutations: int | None, players: int) -> int:
    """Return how many orders are gone through; 0 when every coalition is lived.

    Raises:
        UsageError: the number is odd, too small or too large.
    """
    if permutations is None:
        return PERMUTATIONS if players > EXACT else 0
    if permutations % 2 or not 4 <= permutations <= MOST_PERMUTATIONS:
        raise UsageError(
            f"{permutations} permutations, expected an even number from 4 to {MOST_PERMUTATIONS:,}",
            help="every order is gone through with its reverse, and an error needs two such pairs",
        )
    return permutations


def attribute(
    scenario: str | Path | Loaded | Question,
    *,
    over: str | Sequence[str] | None = None,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    without: Sequence[str] = (),
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    replicates: int = 1,
    permutations: int | None = None,
    threads: int | None = None,
    folder: str | Path | None = None,
    replace: bool = False,
    resume: bool = False,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Attribution:
    """Share out every measure of a scheme among its rules, from worlds with the same people and the same luck.

    Args:
        scenario: Preset id, path, loaded scenario, or a question with all of its arguments.
        over: The rules, each `id` or `id+id` (one player), in a list or joined by commas; by default all that
            take something from people or watch them, put together until they are at most ten.
        set: Numbers to change in the scenario, by dotted path.
        without: Rules to switch off in every world.
        citizens: Citizens of each world; the scenario's by default.
        days: Days of each world; the scenario's by default.
        seed: Seed of the first replicate; the others follow it.
        replicates: How many seeds.
        permutations: Orders to go through instead of all coalitions, an even number; by default 40 above ten
            players and none up to ten.
        threads: Worlds lived at the same time; all there is room for by default. They change no result.
        folder: Where results and finished worlds are kept, or None.
        replace: Whether an attribution there may be replaced.
        resume: Whether an interrupted one there is gone on with.
        progress: Called after each world with (worlds, worlds in all).
        should_stop: Asked before each world whether to stop there.

    Raises:
        UsageError: an argument is not allowed, or there is no rule to look at.
        InputOutputError: the folder is taken, holds worlds of something else, or cannot be written.
        InvariantError: the values do not add up to the last unit, or a balance of a day does not close.
        Interrupted: `should_stop` said so.
    """
    from glasshouse.run import default_threads

    asked = (
        scenario
        if isinstance(scenario, Question)
        else question(
            scenario, over=over, set=set, without=without, citizens=citizens, days=days, seed=seed,
            replicates=replicates, permutations=permutations,
        )
    )  # fmt: skip
    at_once = processes(asked, default_threads(threads))
    if folder is None:
        games = games_of(asked, None, at_once, progress, should_stop)
        return shared_out(asked, games)
    with Kept(folder, asked.head(), replace=replace, resume=resume) as kept:
        games = games_of(asked, kept, at_once, progress, should_stop)
        kept.flush()
        result = shared_out(asked, games)
        result.write(kept.folder)
    return result


def processes(asked: Question, threads: int) -> int:
    """Return how many processes the worlds are worth."""
    seconds = asked.worlds * asked.citizens * asked.days / WORK_PER_S
    return max(1, min(threads, int(seconds / SECONDS_PER_PROCESS)))


def games_of(
    asked: Question,
    kept: Kept | None,
    at_once: int,
    progress: Callable[[int, int], object] | None,
    should_stop: Callable[[], bool],
) -> list[dict[int, dict[str, int]]]:
    """Return for each replicate the measures of every coalition, lived once.

    Raises:
        Interrupted: `should_stop` said so.
    """
    found: dict[Task, dict[str, int]] = {}
    tasks = asked.tasks()
    if kept is not None:
        found = {task: there for task in tasks if (there := kept.get(task)) is not None}
    left = [task for task in tasks if task not in found]
    try:
        for task, counted in lived(asked.job, left, processes=at_once, should_stop=should_stop):
            found[task] = counted
            if kept is not None:
                kept.add(task, counted)
            if progress is not None:
                progress(len(found), len(tasks))
    except Interrupted as error:
        raise stopped(len(found), len(tasks), kept) from error
    return [{c: found[Task(seed, c)] for c in asked.coalitions} for seed in asked.seeds]


def stopped(done: int, worlds: int, kept: Kept | None) -> Interrupted:
    """Return what is said when an attribution is stopped."""
    where = f"stopped after {done:,} of {worlds:,} worlds"
    if kept is None:
        return Interrupted(f"{where}; nothing is kept without an output folder")
    return Interrupted(f"{where}; --resume goes on with those in {clean(kept.folder, 200)}")


def shared_out(asked: Question, games: Sequence[Mapping[int, Mapping[str, int]]]) -> Attribution:
    """Return the shares of the players in every measure."""
    k = len(asked.players)
    shares = {
        key: Shares.of([{c: one[key] for c, one in game.items()} for game in games], k, asked.orders)
        for key in MEASURES
    }
    loaded = asked.loaded
    return Attribution(
        scenario=loaded.name,
        changes=loaded.changes,
        notice=loaded.scenario.notice,
        players=tuple(player.name for player in asked.players),
        citizens=asked.citizens,
        days=asked.days,
        seed=asked.seeds[0],
        replicates=len(asked.seeds),
        permutations=len(asked.orders),
        worlds=asked.worlds,
        shares=shares,
    )
