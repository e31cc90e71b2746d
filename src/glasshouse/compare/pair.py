"""One replicate: two worlds of one society live day by day side by side, and somebody watches where they part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from glasshouse.compare.individuals import OUTCOMES, cross_counts
from glasshouse.compare.twins import refuse_other_society
from glasshouse.compare.watch import Watch
from glasshouse.errors import Interrupted, UsageError
from glasshouse.model.flows import flow_names
from glasshouse.model.layout import VACANT
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.measures import TOTALS, totals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan
    from glasshouse.scenario.schema import Scenario

__all__ = ["NATION", "Coupling", "Parting", "Place", "live_side_by_side", "pair_of_plans", "places_of"]

Coupling = Literal["same", "complement"]
Place = tuple[str, str]  # kind and name: ("nation", ""), ("province", name), ("group", name)
NATION: Place = ("nation", "")


@dataclass(frozen=True, eq=False)
class Parting:
    """What two worlds of one seed came to, and how they came apart.

    Attributes:
        seed: World seed of both.
        places: The nation, each province, each group.
        people: Citizens of each place, (places,) int64.
        counts: Totals of both worlds in each place, (2, places, totals) int64, totals in the order of `TOTALS`.
        affected: Citizens of each place whose two lives differed on any day, (places,) int64.
        outward: Of these, citizens whose two lives differed in more than what they fear, (places,) int64.
        outcomes: Citizens by outcome: in both worlds, in the base alone, in the variant alone, (outcomes, 3) int64.
        first_day: First day on which anybody's lives differed; None if nobody's.
        first_citizen: The first of them by id.
        differing: Citizens whose rows differ at the end of each day.
        parted: Citizens whose rows differed on any day so far, at the end of each day.
    """

    seed: int
    places: tuple[Place, ...] = field(repr=False)
    people: NDArray[np.int64] = field(repr=False)
    counts: NDArray[np.int64] = field(repr=False)
    affected: NDArray[np.int64] = field(repr=False)
    outward: NDArray[np.int64] = field(repr=False)
    outcomes: NDArray[np.int64] = field(repr=False)
    first_day: int | None
    first_citizen: int | None
    differing: tuple[int, ...] = field(repr=False)
    parted: tuple[int, ...] = field(repr=False)

    @cached_property
    def totals(self) -> tuple[dict[str, int], dict[str, int]]:
        """Totals of both worlds, nation-wide, under their stable keys."""
        base, variant = (dict(zip(TOTALS, world[0].tolist(), strict=True)) for world in self.counts)
        return base, variant

    @property
    def affected_share(self) -> float:
        """Share of citizens whose two lives differed on any day."""
        return int(self.affected[0]) / int(self.people[0])

    def as_tree(self) -> dict[str, Any]:
        """Return it as plain objects, for JSON."""
        return {
            "seed": str(self.seed),
            "places": [list(place) for place in self.places],
            "totals": list(TOTALS),
            "outcomes": list(OUTCOMES),
            "people": self.people.tolist(),
            "counts": self.counts.tolist(),
            "affected": self.affected.tolist(),
            "outward": self.outward.tolist(),
            "crossed": self.outcomes.tolist(),
            "first_day": self.first_day,
            "first_citizen": self.first_citizen,
            "differing": list(self.differing),
            "parted": list(self.parted),
        }

    @classmethod
    def of_tree(cls, tree: Mapping[str, Any]) -> Parting:
        """Return what `as_tree` gave.

        Raises:
            ValueError: it is of other totals or outcomes.
        """
        if tree["totals"] != list(TOTALS) or tree["outcomes"] != list(OUTCOMES):
            raise ValueError("counts of other measures")
        return cls(
            seed=int(tree["seed"]),
            places=tuple((kind, name) for kind, name in tree["places"]),
            people=np.array(tree["people"], np.int64),
            counts=np.array(tree["counts"], np.int64),
            affected=np.array(tree["affected"], np.int64),
            outward=np.array(tree["outward"], np.int64),
            outcomes=np.array(tree["crossed"], np.int64),
            first_day=tree["first_day"],
            first_citizen=tree["first_citizen"],
            differing=tuple(tree["differing"]),
            parted=tuple(tree["parted"]),
        )


def pair_of_plans(
    base: Scenario,
    variant: Scenario,
    *,
    seed: int,
    citizens: int,
    days: int,
    coupling: Coupling = "same",
    absent: Sequence[int] = (),
) -> tuple[Plan, Plan]:
    """Return the plans of a base world and of the variant laid beside it.

    `coupling` says which life of the variant is the twin of a life of the base: with `same` the one with the same luck,
    with `complement` the one whose every draw has the other bits. Both have the same law; people, ties and day 0 are
    the same. At the places of the `absent` nobody lives in the variant.

    Raises:
        UsageError: the two have not the same people, ties and days, or there is no such citizen.
    """
    plans = [compile_plan(one, seed=seed, citizens=citizens, days=days) for one in (base, variant)]
    refuse_other_society(*plans)
    vacant = places_to_leave(absent, citizens)
    return plans[0], replace(plans[1], mirrored=coupling == "complement", vacant=vacant)


def places_to_leave(absent: Sequence[int], citizens: int) -> tuple[int, ...]:
    """Return the absent in order, each once.

    Raises:
        UsageError: there is no such citizen, or there are too many.
    """
    wrong = [i for i in absent if not 0 <= i < citizens]
    if wrong:
        raise UsageError(f"there is no citizen {wrong[0]}: they are numbered 0 to {citizens - 1:,}")
    vacant = tuple(sorted(dict.fromkeys(absent)))
    if len(vacant) > VACANT:
        raise UsageError(f"{len(vacant)} absent citizens, expected at most {VACANT}")
    return vacant


def live_side_by_side(
    base: Plan,
    variant: Plan,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Parting:
    """Let two worlds of one society live day by day, and watch where they part.

    Raises:
        UsageError: they are not of one society.
        Interrupted: `should_stop`, asked after each day, said so.
    """
    from glasshouse.model.engine import Engine
    from glasshouse.run import default_threads

    refuse_other_society(base, variant)
    watch = Watch(base, variant)
    worlds = [_World(plan, Engine(plan, threads=default_threads(threads))) for plan in (base, variant)]
    parted, outward = np.zeros(base.citizens, bool), np.zeros(base.citizens, bool)
    differing_by_day, parted_by_day = [], []
    first: tuple[int | None, int | None] = (None, None)
    for t in range(base.days):
        for world in worlds:
            world.step()
        differing = watch.differing(worlds[0].engine, worlds[1].engine)
        differing_by_day.append(int(np.count_nonzero(differing)))
        if first[0] is None and differing_by_day[-1]:
            first = t, int(differing.argmax())
        parted |= differing
        outward |= watch.outward
        parted_by_day.append(int(np.count_nonzero(parted)))
        if progress is not None:
            progress(t + 1, base.days)
        if t + 1 < base.days and should_stop():
            raise Interrupted(f"stopped after day {t + 1} of {base.days}")
    groups = groups_of(worlds[0].engine)
    marks = [world.engine.columns["marks"][: base.citizens] for world in worlds]
    return Parting(
        base.seed,
        places_of(base),
        by_place(base, groups, np.ones(base.citizens, bool)),
        np.stack([world.totals() for world in worlds]),
        by_place(base, groups, parted),
        by_place(base, groups, outward),
        cross_counts(marks[0], marks[1]),
        *first,
        tuple(differing_by_day),
        tuple(parted_by_day),
    )


class _World:
    """One engine and the sums of what it counted, by province and group."""

    def __init__(self, plan: Plan, engine: Engine) -> None:
        self.plan = plan
        self.engine = engine
        places = engine.stocks.shape[:2]
        self._flows = np.zeros((*places, len(flow_names(plan))), np.int64)
        self._stocks = np.zeros((*places, len(stock_names(plan))), np.int64)

    def step(self) -> None:
        """Live a day and add its counts."""
        counts = self.engine.step()
        self._flows += counts.flows
        self._stocks = counts.stocks

    def totals(self) -> NDArray[np.int64]:
        """Return the totals so far, (places, totals) int64."""
        flows, stocks = spread_out(self._flows), spread_out(self._stocks)
        names = flow_names(self.plan), stock_names(self.plan)
        rows = []
        for flow, stock in zip(flows.tolist(), stocks.tolist(), strict=True):
            found = totals(
                dict(zip(names[0], flow, strict=True)), dict(zip(names[1], stock, strict=True)), self.plan
            )
            rows.append([found[key] for key in TOTALS])
        return np.array(rows, np.int64)


def spread_out(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts by province and group as counts of every place: the nation, provinces, groups."""
    return np.concatenate([counts.sum(axis=(0, 1))[None], counts.sum(axis=1), counts.sum(axis=0)])


def places_of(plan: Plan) -> tuple[Place, ...]:
    """Return the nation, the provinces and the groups of a society."""
    people = plan.population
    return (
        NATION,
        *(("province", name) for name in people.province_names),
        *(("group", name) for name in people.group_names),
    )


def groups_of(engine: Engine) -> NDArray[np.uint8]:
    """Return the group number of every citizen, (citizens,) uint8, from the bit planes of a world of one part."""
    planes = engine.states[0].planes
    bits = [np.unpackbits(planes[:, p].astype("<u8").view(np.uint8), bitorder="little") for p in range(3)]
    groups: NDArray[np.uint8] = bits[0] | bits[1] * np.uint8(2) | bits[2] * np.uint8(4)
    return groups[: engine.plan.citizens]


def by_place(plan: Plan, groups: NDArray[np.uint8], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many of the chosen citizens live in each place, (places,) int64; `groups` are those of everybody."""
    before = np.concatenate([[0], np.cumsum(chosen, dtype=np.int64)])
    provinces = np.diff(before[np.array(plan.population.province_start)])
    of_groups = np.bincount(groups[chosen], minlength=len(plan.population.group_names))
    return np.concatenate([before[-1:], provinces, of_groups.astype(np.int64)])
