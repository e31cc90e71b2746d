"""A comparison: a base world and a variant over many replicates, and what can be said of the difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any

from glasshouse.compare.drawing import drawable
from glasshouse.compare.effects import Effect, Mean, effect, mean_of, over_draws
from glasshouse.compare.individuals import Individuals, individuals, sentence
from glasshouse.compare.pair import NATION, Coupling, Parting, pair_of_plans, places_to_leave
from glasshouse.compare.replicates import Task, lived, size_for_a_minute, workers_for
from glasshouse.errors import Interrupted, UsageError, clean
from glasshouse.records.measures import TOTALS
from glasshouse.scenario.load import load
from glasshouse.scenario.variants import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from glasshouse.compare.kept import Kept
    from glasshouse.compare.pair import Place
    from glasshouse.scenario.load import Loaded

__all__ = ["REPLICATES", "Comparison", "compare", "name_of", "size_of", "variants_of", "worlds_of"]

REPLICATES = 30
MAX_REPLICATES = 10_000


@dataclass(frozen=True)
class Comparison:
    """Two worlds over all replicates.

    Attributes:
        base: Scenario of the base world.
        variant: Scenario of the other.
        citizens: Citizens of each world.
        days: Days of each.
        seed: Seed of the first replicate; the others follow it.
        partings: What each replicate came to.
        coupling: Which life of the variant is laid beside a life of the base.
        absent: Citizens who are not there in the variant.
        drawn: Paths of the assumed numbers that each replicate draws from their ranges; none are drawn by default.
    """

    base: Loaded = field(repr=False)
    variant: Loaded = field(repr=False)
    citizens: int
    days: int
    seed: int
    partings: tuple[Parting, ...] = field(repr=False)
    coupling: Coupling = "same"
    absent: tuple[int, ...] = ()
    drawn: tuple[str, ...] = field(default=(), repr=False)

    @property
    def interval(self) -> str | None:
        """What the ends beside an effect are; None with one replicate."""
        if self.replicates < 2:
            return None
        return "5 % to 95 % of the worlds drawn" if self.drawn else "95 % (Student's t, paired)"

    @property
    def uncertainty(self) -> str:
        """Which kinds of uncertainty the ends carry."""
        if self.drawn:
            return f"chance and {len(self.drawn)} assumed numbers, drawn evenly from their ranges"
        return "chance alone; every assumed number stands as written"

    def mean_of(self, counts: Sequence[int]) -> Mean:
        """Return a mean over replicates with the ends that this comparison gives."""
        return over_draws(counts) if self.drawn else mean_of(counts)

    @property
    def names(self) -> tuple[str, str]:
        """What the two worlds are called."""
        gone = f" without citizen {', '.join(map(str, self.absent))}" if self.absent else ""
        return name_of(self.base), name_of(self.variant) + gone

    @property
    def replicates(self) -> int:
        """How many seeds."""
        return len(self.partings)

    @property
    def parting(self) -> Parting:
        """The first replicate."""
        return self.partings[0]

    @cached_property
    def effects(self) -> dict[str, Effect]:
        """The effect on every total, nation-wide."""
        return self.effects_in(NATION)

    def effects_in(self, place: Place) -> dict[str, Effect]:
        """Return the effect on every total in the nation, a province or a group."""
        row = self.parting.places.index(place)
        counts = [one.counts[:, row].tolist() for one in self.partings]
        return {
            key: effect([base[k] for base, _ in counts], [variant[k] for _, variant in counts], self.mean_of)
            for k, key in enumerate(TOTALS)
        }

    def people_in(self, place: Place) -> float:
        """Return the citizens of a place, the mean over replicates: groups are drawn anew with each seed."""
        row = self.parting.places.index(place)
        return sum(int(one.people[row]) for one in self.partings) / self.replicates

    @cached_property
    def affected(self) -> Mean:
        """Citizens whose two lives differed on any day."""
        return self.mean_of([int(one.affected[0]) for one in self.partings])

    @property
    def affected_share(self) -> float:
        """Share of citizens whose two lives differed on any day; the mean over replicates."""
        return self.affected.mean / self.citizens

    def affected_in(self, place: Place) -> Mean:
        """Return the citizens of a place whose two lives differed on any day."""
        row = self.parting.places.index(place)
        return self.mean_of([int(one.affected[row]) for one in self.partings])

    @cached_property
    def outward(self) -> Mean:
        """Citizens whose two lives differed on any day in more than what they fear."""
        return mean_of([int(one.outward[0]) for one in self.partings])

    def outward_in(self, place: Place) -> Mean:
        """Return the citizens of a place whose two lives differed on any day in more than what they fear."""
        row = self.parting.places.index(place)
        return mean_of([int(one.outward[row]) for one in self.partings])

    @cached_property
    def individuals(self) -> dict[str, Individuals]:
        """Who met an outcome in both worlds, or in one alone."""
        return individuals([one.outcomes for one in self.partings], self.citizens)

    @property
    def first_days(self) -> dict[str, float | int | None]:
        """In how many replicates anybody's lives parted, and the first day of it: least, median, greatest."""
        days = sorted(one.first_day for one in self.partings if one.first_day is not None)
        if not days:
            return {"parted": 0, "min": None, "median": None, "max": None}
        return {"parted": len(days), "min": days[0], "median": median(days), "max": days[-1]}

    @cached_property
    def divergence(self) -> dict[str, tuple[Mean, ...]]:
        """Citizens whose rows differ at the end of each day, and those whose rows differed on any day so far."""
        return {
            name: tuple(
                self.mean_of(list(of_day))
                for of_day in zip(*(getattr(p, name) for p in self.partings), strict=True)
            )
            for name in ("differing", "parted")
        }

    @property
    def unhelped(self) -> dict[str, Effect]:
        """The totals that the same luck made no less noisy than separate luck would."""
        return {key: one for key, one in self.effects.items() if one.pairing_helped is False}

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `compare --json` prints it."""
        first = self.parting
        return {
            "base": self.names[0],
            "variant": self.names[1],
            "citizens": self.citizens,
            "days": self.days,
            "seed": self.seed,
            "replicates": self.replicates,
            "coupling": self.coupling,
            "absent": list(self.absent),
            "interval": self.interval,
            "uncertainty": self.uncertainty,
            "drawn": list(self.drawn),
            "affected_share": self.affected_share,
            "affected": self.affected.as_dict(1 / self.citizens),
            "outwardly_affected": self.outward.as_dict(1 / self.citizens),
            "first_day": first.first_day,
            "first_citizen": first.first_citizen,
            "first_days": self.first_days,
            "effects": {key: effect.as_dict() for key, effect in self.effects.items()},
            "individuals": {
                "note": sentence(self.coupling),
                "outcomes": {key: one.as_dict() for key, one in self.individuals.items()},
            },
            "divergence": {
                name + end: [getattr(mean, part) for mean in means]
                for name, means in self.divergence.items()
                for end, part in (("", "mean"), ("_low", "low"), ("_high", "high"))
            },
        }

    def table(self) -> pa.Table:
        """Return the effects on every total in every place as an Arrow table, of the schema `tables.SCHEMA`."""
        from glasshouse.compare.tables import effects_table

        return effects_table(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from glasshouse.compare.tables import html

        return html(self)


def compare(
    base: str | Loaded,
    variant: str | Loaded | None = None,
    *,
    without: Sequence[str] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    replicates: int = REPLICATES,
    threads: int | None = None,
    workers: int | None = None,
    coupling: Coupling = "same",
    absent: Sequence[int] = (),
    uncertainty: bool = False,
    kept: Kept | None = None,
    progress: Callable[[int, int, int, int], None] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Comparison:
    """Compare two scenarios, or one scenario with itself after a change.

    Args:
        base: Preset id, path or loaded scenario.
        variant: The other scenario; or None, with `without` or `set`.
        without: Rules, lists, behaviours or platforms to switch off in the variant.
        set: Numbers to change in the variant, by dotted path.
        citizens: Citizens of each world; the base's by default, at most what takes about a minute.
        days: Days of each world; the base's by default.
        seed: Seed of the first replicate; the others follow it.
        replicates: How many seeds.
        threads: Threads in all; they change no result.
        workers: Processes that share the replicates; as is quickest by default. They change no result.
        coupling: `same` luck in both worlds, or `complement`, every bit of it the other one: what both
            agree on does not hang on the coupling.
        absent: Citizens who are not there in the variant, at most 8.
        uncertainty: Whether each replicate draws the assumed numbers from their ranges, the same for both worlds;
            effects then come with the 5 % and 95 % points of what was found, not with an interval of their mean.
        kept: Where finished replicates are kept, and those that are there already.
        progress: Called while days pass with (replicate, replicates, day, days).
        should_stop: Asked while days pass whether to stop there.

    Raises:
        UsageError: nothing to compare, or the societies differ.
        Interrupted: `should_stop` said so.
    """
    if not 1 <= replicates <= MAX_REPLICATES:
        raise UsageError(f"{replicates} replicates, expected 1 to {MAX_REPLICATES:,}")
    here, there = worlds_of(
        base, variant, without=without, set=set, beside_itself=bool(absent) or coupling != "same"
    )
    size = size_of(here, citizens, days, replicates)
    first = here.scenario.society.seed if seed is None else seed
    vacant = places_to_leave(absent, size[0])
    drawn = drawable(here, there) if uncertainty else ()
    task = Task(here.scenario, there.scenario, *size, coupling, vacant, drawn)
    seeds = [(first + k) % 2**64 for k in range(replicates)]
    partings = all_lived(task, seeds, threads, workers, kept, progress, should_stop)
    paths = tuple(one.path for one in drawn)
    return Comparison(here, there, *size, first, partings, coupling, vacant, paths)


def all_lived(
    task: Task,
    seeds: Sequence[int],
    threads: int | None,
    workers: int | None,
    kept: Kept | None,
    progress: Callable[[int, int, int, int], None] | None,
    should_stop: Callable[[], bool],
) -> tuple[Parting, ...]:
    """Return what the replicate of each seed came to: lived now, or kept from before.

    Raises:
        UsageError: the societies differ.
        Interrupted: `should_stop` said so; the text says what is kept.
    """
    from glasshouse.run import default_threads

    pair_of_plans(
        task.base, task.variant, seed=seeds[0], citizens=task.citizens, days=task.days
    )  # says what is wrong at once
    total = len(seeds)
    threads = default_threads(threads)
    count = workers_for(threads, total, task.citizens, task.days) if workers is None else workers
    told = None if progress is None else lambda k, day, of: progress(k, total, day, of)
    found = dict(kept.found) if kept else {}
    todo = [(k, seed) for k, seed in enumerate(seeds) if k not in found]
    try:
        for number, parting in lived(
            task, todo, threads=threads, workers=count, progress=told, should_stop=should_stop
        ):
            found[number] = parting
            if kept is not None:
                kept.keep(number, parting)
            if told is not None:
                told(number, task.days, task.days)
    except Interrupted as error:
        raise stopped(sum(k in found for k in range(total)), total, kept) from error
    return tuple(found[k] for k in range(total))


def stopped(done: int, replicates: int, kept: Kept | None) -> Interrupted:
    """Return what is said when a comparison is stopped."""
    where = f"stopped after {done} of {replicates} replicates"
    if kept is None:
        return Interrupted(f"{where}; nothing is kept without an output folder")
    return Interrupted(
        f"{where}, which are kept in {clean(kept.folder, 200)}; the same command with --resume goes on"
    )


def size_of(base: Loaded, citizens: int | None, days: int | None, replicates: int) -> tuple[int, int]:
    """Return citizens and days: what is asked for, else the scenario's, in at most about a minute."""
    society = base.scenario.society
    horizon = days or society.days
    return citizens or min(society.citizens, size_for_a_minute(replicates, horizon)), horizon


def worlds_of(
    base: str | Loaded,
    variant: str | Loaded | None = None,
    *,
    without: Sequence[str] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - as in compare
    named: str | None = None,
    beside_itself: bool = False,
) -> tuple[Loaded, Loaded]:
    """Return the two scenarios to compare; `named` is a variant of the base's own.

    With `beside_itself` the base may be its own variant: something else than the scheme differs.

    Raises:
        UsageError: there is no second one, or one too many.
    """
    changed = bool(without) or bool(set)
    given = [variant is not None, changed, named is not None]
    if beside_itself and not any(given):
        here = load(base) if isinstance(base, str) else base
        return here, here
    if not any(given):
        raise UsageError(
            "nothing to compare with",
            help="give a second scenario, or change this one with --without, --set or --variant",
        )
    if sum(given) > 1:
        words = ("a second scenario", "a change", "a variant")
        both = " and ".join(word for word, one in zip(words, given, strict=True) if one)
        raise UsageError(f"{both} are both given", help="give one of the two")
    here = load(base) if isinstance(base, str) else base
    if variant is not None:
        return here, load(variant) if isinstance(variant, str) else variant
    source = base if isinstance(base, str) else here.path
    if here.changes:
        raise UsageError(
            f"{name_of(here)} is changed already; a further change would begin from the file as it is",
            help="load the other scenario with all of its changes and give it as the second",
        )
    if named is not None:
        pick({"variant": here.scenario.variant}, named, here.name)
        return here, load(source, variant=named)
    return here, load(source, set=set, without=without)


def variants_of(base: Loaded) -> dict[str, str]:
    """Return the scenario's own variants and their labels."""
    return {name: one.label for name, one in base.scenario.variant.items()}


def name_of(loaded: Loaded) -> str:
    """Return what a world is called: its scenario and what was changed in it."""
    return clean(" ".join([loaded.name, *loaded.changes]), 80)
