"""Run a base world and a variant side by side, replicate by replicate."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.effects import Effect, effects
from glasshouse.compare.twins import Twins, refuse_other_society
from glasshouse.errors import UsageError, clean
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.measures import totals
from glasshouse.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from glasshouse.model.plan import Plan
    from glasshouse.scenario.load import Loaded

__all__ = ["Comparison", "Parting", "compare", "live_side_by_side", "worlds_of"]

MAX_REPLICATES = 10_000


@dataclass(frozen=True)
class Parting:
    """How two worlds of one seed came apart.

    Attributes:
        totals: Totals of both worlds.
        affected_share: Share of citizens whose two lives differed on any day.
        first_day: First day on which anybody's did; None if nobody's.
        first_citizen: The first of them by id.
        differing: Citizens whose rows differ at the end of each day.
        parted: Citizens whose rows differed on any day so far, at the end of each day.
    """

    totals: tuple[dict[str, int], dict[str, int]]
    affected_share: float
    first_day: int | None
    first_citizen: int | None
    differing: tuple[int, ...]
    parted: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """Two worlds over all replicates; `parting` is that of the first replicate."""

    base: Loaded = field(repr=False)
    variant: Loaded = field(repr=False)
    citizens: int
    days: int
    seed: int
    replicates: int
    effects: Mapping[str, Effect]
    affected_share: float
    parting: Parting = field(repr=False)

    @property
    def names(self) -> tuple[str, str]:
        """What the two worlds are called."""
        return name_of(self.base), name_of(self.variant)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `compare --json` prints it."""
        first = self.parting
        return {
            "base": name_of(self.base),
            "variant": name_of(self.variant),
            "citizens": self.citizens,
            "days": self.days,
            "seed": self.seed,
            "replicates": self.replicates,
            "interval": "95 % (Student's t, paired)" if self.replicates > 1 else None,
            "affected_share": self.affected_share,
            "first_day": first.first_day,
            "first_citizen": first.first_citizen,
            "effects": {key: effect.as_dict() for key, effect in self.effects.items()},
            "divergence": {"differing": list(first.differing), "parted": list(first.parted)},
        }


def compare(
    base: str | Loaded,
    variant: str | Loaded | None = None,
    *,
    without: Sequence[str] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    replicates: int = 8,
    threads: int | None = None,
    progress: Callable[[int, int, int, int], None] | None = None,
) -> Comparison:
    """Compare two scenarios, or one scenario with itself after a change.

    Args:
        base: Preset id, path or loaded scenario.
        variant: The other scenario; or None, with `without` or `set`.
        without: Rules, lists, behaviours or platforms to switch off in the variant.
        set: Numbers to change in the variant, by dotted path.
        citizens: Citizens of each world; the base's by default.
        days: Days of each world; the base's by default.
        seed: Seed of the first replicate; the others follow it.
        replicates: How many seeds.
        threads: Threads; they change no result.
        progress: Called after each day with (replicate, replicates, day, days).

    Raises:
        UsageError: nothing to compare, or the societies differ.
    """
    if not 1 <= replicates <= MAX_REPLICATES:
        raise UsageError(f"{replicates} replicates, expected 1 to {MAX_REPLICATES:,}")
    here, there = worlds_of(base, variant, without=without, set=set)
    society = here.scenario.society
    first = society.seed if seed is None else seed
    size = {"citizens": citizens or society.citizens, "days": days or society.days}
    partings = []
    for r in range(replicates):
        plans = tuple(compile_plan(one.scenario, seed=(first + r) % 2**64, **size) for one in (here, there))
        told = None if progress is None else lambda day, of, r=r: progress(r, replicates, day, of)
        partings.append(live_side_by_side(*plans, threads=threads, progress=told))
    return Comparison(
        base=here,
        variant=there,
        seed=first,
        replicates=replicates,
        effects=effects([p.totals[0] for p in partings], [p.totals[1] for p in partings]),
        affected_share=fmean(p.affected_share for p in partings),
        parting=partings[0],
        **size,
    )


def worlds_of(
    base: str | Loaded,
    variant: str | Loaded | None,
    *,
    without: Sequence[str] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - as in compare
) -> tuple[Loaded, Loaded]:
    """Return the two scenarios to compare.

    Raises:
        UsageError: there is no second one, or one too many.
    """
    changed = bool(without) or bool(set)
    if variant is None and not changed:
        raise UsageError(
            "nothing to compare with",
            help="give a second scenario, or change this one with --without or --set",
        )
    if variant is not None and changed:
        raise UsageError("a second scenario and a change are both given", help="give one of the two")
    here = load(base) if isinstance(base, str) else base
    if variant is None:
        source = base if isinstance(base, str) else here.path
        return here, load(source, set=set, without=without)
    return here, load(variant) if isinstance(variant, str) else variant


def live_side_by_side(
    base: Plan,
    variant: Plan,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Parting:
    """Let two worlds of one society live day by day, and watch where they part."""
    from glasshouse.model.engine import Engine
    from glasshouse.run import default_threads

    refuse_other_society(base, variant)
    twins = Twins(base, variant)
    worlds = [_World(plan, Engine(plan, threads=default_threads(threads))) for plan in (base, variant)]
    parted = np.zeros(base.citizens, bool)
    differing_by_day, parted_by_day = [], []
    first: tuple[int | None, int | None] = (None, None)
    for t in range(base.days):
        for world in worlds:
            world.step()
        differing = twins.differing(worlds[0].engine.columns, worlds[1].engine.columns)
        if first[0] is None and differing.any():
            first = t, int(differing.argmax())
        parted |= differing
        differing_by_day.append(int(np.count_nonzero(differing)))
        parted_by_day.append(int(np.count_nonzero(parted)))
        if progress is not None:
            progress(t + 1, base.days)
    return Parting(
        (worlds[0].totals(), worlds[1].totals()),
        parted_by_day[-1] / base.citizens,
        *first,
        tuple(differing_by_day),
        tuple(parted_by_day),
    )


class _World:
    """One engine and the sums of what it counted."""

    def __init__(self, plan: Plan, engine: Any) -> None:
        self.plan = plan
        self.engine = engine
        self._flows = np.zeros(len(flow_names(plan)), np.int64)
        self._stocks = np.zeros(len(stock_names(plan)), np.int64)

    def step(self) -> None:
        """Live a day and add its counts."""
        counts = self.engine.step()
        self._flows += counts.flows.sum(axis=(0, 1))
        self._stocks = counts.stocks.sum(axis=(0, 1))

    def totals(self) -> dict[str, int]:
        """Return the totals so far."""
        flows = dict(zip(flow_names(self.plan), self._flows.tolist(), strict=True))
        stocks = dict(zip(stock_names(self.plan), self._stocks.tolist(), strict=True))
        return totals(flows, stocks, self.plan)


def name_of(loaded: Loaded) -> str:
    """Return what a world is called: its scenario and what was changed in it."""
    return clean(" ".join([loaded.name, *loaded.changes]), 80)
