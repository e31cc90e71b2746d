"""Chilling: what people did not say, by topic, group and distance to somebody punished, against the twin world.

*Withheld* is counted in one world: the draw of the day would have been an act at perceived risk 0 and was not. *Lost*
is counted between worlds: what the same citizens, with the same luck, said more where nobody is afraid (or under
another scheme). The first is what fear does on that day; the second adds what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.effects import t_quantile
from glasshouse.harm.distance import DISTANCES, Distances
from glasshouse.harm.fading import Faded, Fading
from glasshouse.harm.intervals import Estimate
from glasshouse.society.columns import MARK_PUNISHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.harm.replay import Day
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

    Counts = NDArray[np.int64]

__all__ = ["Chilled", "Chilling", "Line", "Silence", "chilling"]

ALL = "all"


@dataclass
class Chilled:
    """What was said and not said in one world and its twin.

    Attributes:
        topics: Ids of the restrained behaviours.
        speech: Which of them are speech.
        groups: Names of the groups.
        written: Acts, (2, topics, groups, distances) int64: [0] of all, [1] of those never punished in the run.
        withheld: Acts withheld, alike.
        twin: Acts of the same people in the twin world, alike.
        people: People by (group, distance at the end), (2, groups, distances) int64.
        faded: How what holds them back faded.
    """

    topics: tuple[str, ...]
    speech: tuple[bool, ...]
    groups: tuple[str, ...]
    written: Counts
    withheld: Counts
    twin: Counts
    people: Counts
    faded: Faded


class Silence:
    """Watches what is said and not said in a world and its twin.

    Args:
        plan: The world's plan.
        twin: The twin world's plan, of the same society.
        people: Its people.
    """

    def __init__(self, plan: Plan, twin: Plan, people: People) -> None:
        self.plan, self._people = plan, people
        names = {b.id: k for k, b in enumerate(twin.behaviours)}
        self._topics = [(k, names.get(b.id)) for k, b in enumerate(plan.behaviours) if b.restrained]
        self._distances = Distances(plan.citizens)
        self._fading = Fading(plan, people)
        # Counts by [topic], citizen and distance of the day: who was never punished is known at the end only.
        shape = len(self._topics), plan.citizens, len(DISTANCES)
        self._counts = {name: np.zeros(shape, np.uint16) for name in ("written", "withheld", "twin")}

    def begin(self, engine: Engine) -> None:
        """Note who is under a sanction before day 0."""
        self._distances.begin(engine)

    def add(self, day: Day, twin: Day) -> None:
        """Add a day of both worlds, at the distances of its morning."""
        for row, (here, there) in enumerate(self._topics):
            deeds = day.deeds[here]
            others = twin.deeds[there].did if there is not None else deeds.did[:0]
            for name, ids in (("written", deeds.did), ("withheld", deeds.withheld), ("twin", others)):
                self._counts[name][row, ids, self._distances.now[ids]] += 1

    def evening(self, engine: Engine, t: int, news: int) -> None:
        """Watch the end of day t of the world itself."""
        self._distances.evening(engine, self.plan.month(t))
        self._fading.evening(engine, news)

    def end(self, engine: Engine) -> Chilled:
        """Return the counts."""
        spared = (engine.columns["marks"][: self.plan.citizens] & MARK_PUNISHED) == 0
        whom = (np.ones(self.plan.citizens, bool), spared)
        behaviours = [self.plan.behaviours[k] for k, _ in self._topics]
        groups = len(self.plan.population.group_names)
        cell = self._people.group * len(DISTANCES) + self._distances.now
        people = [
            np.bincount(cell[who], minlength=groups * len(DISTANCES)).reshape(groups, len(DISTANCES))
            for who in whom
        ]
        return Chilled(
            topics=tuple(b.id for b in behaviours),
            speech=tuple(b.speech for b in behaviours),
            groups=self.plan.population.group_names,
            **{
                name: np.stack([self._by_group(counts, who) for who in whom])
                for name, counts in self._counts.items()
            },
            people=np.stack(people),
            faded=self._fading.sums,
        )

    def _by_group(self, counts: NDArray[np.uint16], who: NDArray[np.bool_]) -> Counts:
        """Sum counts of some citizens by group: (topics, groups, distances) int64."""
        groups = range(len(self.plan.population.group_names))
        chosen = [who & (self._people.group == g) for g in groups]
        sums = [counts[:, rows].sum(axis=1, dtype=np.int64) for rows in chosen]
        return np.stack(sums, axis=1)


@dataclass(frozen=True)
class Line:
    """One row of the table: a topic, group and distance, or all of one kind.

    Attributes:
        topic: Id of a behaviour; `speech` for all posts.
        group: Name of a group, or `all`.
        distance: Words of `DISTANCES`, or `all`.
        written: Acts, the mean over replicates.
        withheld: Acts withheld, the mean over replicates.
        withheld_share: Of those written and withheld, the share withheld.
        lost: Acts in the twin world less acts here, the mean over replicates.
        lost_share: That, divided by the acts in the twin world.
    """

    topic: str
    group: str
    distance: str
    written: float
    withheld: float
    withheld_share: Estimate
    lost: Estimate
    lost_share: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "topic": self.topic,
            "group": self.group,
            "distance": self.distance,
            "written": self.written,
            "withheld": self.withheld,
            "withheld_share": self.withheld_share.as_dict(),
            "lost": self.lost.as_dict(),
            "lost_share": self.lost_share.as_dict(),
        }


@dataclass(frozen=True)
class Chilling:
    """The whole table, and how fast it fades.

    Attributes:
        lines: Of people never punished: speech at all, by distance, by group; then each topic.
        everybody: The same of all people.
        faded: What is left of risk and withholding by days since the last punishment seen.
        replicates: Over how many.
    """

    lines: tuple[Line, ...]
    everybody: tuple[Line, ...]
    faded: Faded
    replicates: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "never_punished": [one.as_dict() for one in self.lines],
            "everybody": [one.as_dict() for one in self.everybody],
            "fading": self.faded.as_dict(),
            "interval": "95 % (Student's t over replicates)" if self.replicates > 1 else None,
        }


def chilling(worlds: Sequence[Chilled]) -> Chilling:
    """Return the table of one or more replicates; intervals need two."""
    faded = worlds[0].faded
    for one in worlds[1:]:
        faded += one.faded
    return Chilling(tuple(lines_of(worlds, 1)), tuple(lines_of(worlds, 0)), faded, len(worlds))


def lines_of(worlds: Sequence[Chilled], who: int) -> list[Line]:
    """Return the rows for all people (0), or those never punished (1)."""
    first = worlds[0]
    topics = [("speech", [k for k, speech in enumerate(first.speech) if speech])]
    topics += [(name, [k]) for k, name in enumerate(first.topics)]
    groups = [(ALL, slice(None))]
    if len(first.groups) > 1:
        groups += [(name, slice(k, k + 1)) for k, name in enumerate(first.groups)]
    distances = [(ALL, slice(None)), *((name, slice(k, k + 1)) for k, name in enumerate(DISTANCES))]
    out = []
    for topic, rows in topics:
        if not rows:
            continue
        for group, columns in groups:
            for distance, depth in distances:
                if who == 1 and distance == DISTANCES[0]:
                    continue
                cells = [
                    [int(getattr(one, name)[who][rows][:, columns, depth].sum()) for one in worlds]
                    for name in ("written", "withheld", "twin")
                ]
                out.append(line(topic, group, distance, *cells))
    return out


def line(
    topic: str, group: str, distance: str, written: list[int], withheld: list[int], twin: list[int]
) -> Line:
    """Return one row from the counts of each replicate."""
    return Line(
        topic=topic,
        group=group,
        distance=distance,
        written=fmean(written),
        withheld=fmean(withheld),
        withheld_share=ratio_of_sums(withheld, [w + h for w, h in zip(written, withheld, strict=True)]),
        lost=mean([t - w for t, w in zip(twin, written, strict=True)]),
        lost_share=ratio_of_sums([t - w for t, w in zip(twin, written, strict=True)], twin, lost=True),
    )


def mean(values: Sequence[float]) -> Estimate:
    """Return a mean over replicates with the interval of Student's t; none from one replicate."""
    middle = fmean(values)
    if len(values) < 2:
        return Estimate(middle)
    half = t_quantile(len(values) - 1) * stdev(values) / len(values) ** 0.5
    return Estimate(middle, middle - half, middle + half)


def ratio_of_sums(parts: Sequence[int], wholes: Sequence[int], *, lost: bool = False) -> Estimate:
    """Return a share over replicates, sum by sum, with the interval of its linearised mean (Cochran 1977, 6.3).

    A share of what is lost may lie below 0: more may be said than in the twin world.
    """
    whole = sum(wholes)
    if whole == 0:
        return Estimate(None)
    value, n = sum(parts) / whole, len(wholes)
    if n < 2:
        return Estimate(value)
    residuals = [part - value * of for part, of in zip(parts, wholes, strict=True)]
    half = t_quantile(n - 1) * (sum(r * r for r in residuals) / (n - 1)) ** 0.5 / n**0.5 / (whole / n)
    return Estimate(value, value - half if lost else max(0.0, value - half), min(1.0, value + half))
