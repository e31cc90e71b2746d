"""The year of one citizen, told day by day, beside the twin's in the other world.

The worlds are run again from what the manifest keeps. Each day the citizen's row, messages and ties are given
to the oracle, which lives the same day in plain ints and says why; it must end in the row that the engine found.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.twins import Twins, refuse_other_society
from glasshouse.errors import InvariantError, RefusedError, UsageError
from glasshouse.life.pick import candidates
from glasshouse.model.oracle import CitizenState, Event, Message, Traits, live_day, traits_of
from glasshouse.society.columns import COLUMNS, TERM_SLOTS
from glasshouse.society.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

__all__ = ["Diary", "Life", "Line", "live_again", "refuse_small"]

SMALLEST_SOCIETY = 1_000
BEFORE = -1  # the day before day 0
OF_OTHERS = ("low_friends", "risk", "history")  # what the end of a day writes


@dataclass(frozen=True)
class Line:
    """One thing that happened to the citizen; `date` is its day in the calendar."""

    day: int
    date: str
    phase: int
    what: str
    key: str
    origin: str
    value: int
    text: str


@dataclass
class Diary:
    """One world's year of the citizen.

    Attributes:
        world: What the world is called.
        notice: The scenario's notice.
        lines: Everything that happened, in order.
        counts: Flows of this citizen over the run.
        score: Score at the end of each day; empty without a score.
    """

    world: str
    notice: str = ""
    lines: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    score: list[int] = field(default_factory=list)


@dataclass
class Life:
    """A citizen and one diary, or two beside each other.

    Attributes:
        citizen: Id.
        who: Age, sex, town or country, province, group, online, member.
        picked: How the citizen was chosen, or empty.
        diaries: One per world.
        parted_day: First day at whose end the two rows differ, -1 before day 0; None when they never do.
        parted_by: Table key of the first rule that parted them, or empty.
        parted_text: What happened then, in words.
    """

    citizen: int
    who: dict[str, Any]
    picked: str
    diaries: list[Diary]
    parted_day: int | None = None
    parted_by: str = ""
    parted_text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return asdict(self)


class _Replay:
    """One world that is lived again, and the citizens whose days are told."""

    def __init__(
        self, plan: Plan, world: str, notice: str, citizens: Sequence[int], threads: int | None
    ) -> None:
        from glasshouse.model.engine import Engine
        from glasshouse.run import default_threads

        self.plan = plan
        self.engine = Engine(plan, threads=default_threads(threads))
        self.ties = Ties(plan.ties, plan.population)
        self.traits: dict[int, Traits] = {i: traits_of(plan, i) for i in citizens}
        self.diaries = {i: Diary(world, notice) for i in citizens}

    def step(self) -> None:
        """Live a day twice, compiled and in plain ints, and compare the rows."""
        t, engine = self.plan_day(), self.engine
        before = {i: row_of(engine, i) for i in self.diaries}
        inboxes = {i: [Message(*map(int, row)) for row in engine.inbox(i)] for i in self.diaries}
        degrees = {i: engine.degree(i) for i in self.diaries}
        news = engine.bulletin(t)
        engine.step()
        for i, diary in self.diaries.items():
            told = live_day(
                self.plan, self.traits[i], i, t, before[i], inboxes[i],
                bulletin=news, degree=degrees[i], ties=self.ties,
            )  # fmt: skip
            must_agree(i, t, told.state, row_of(engine, i))
            self._write(diary, told.story, told.flows, told.state.score)

    def plan_day(self) -> int:
        """Return the number of the day to come."""
        return self.engine.t

    def _write(self, diary: Diary, story: Sequence[Event], flows: Mapping[str, int], score: int) -> None:
        """Add a day to a diary."""
        for event in story:
            date = (self.plan.start_date + dt.timedelta(days=event.day)).isoformat()
            diary.lines.append(
                Line(
                    event.day, date, event.phase, event.what, event.key, event.origin, event.value, event.text
                )
            )
        for name, amount in flows.items():
            diary.counts[name] = diary.counts.get(name, 0) + amount
        if self.plan.score:
            diary.score.append(score)


def live_again(
    plans: Sequence[Plan],
    worlds: Sequence[tuple[str, str]],
    citizen: int | None = None,
    *,
    pick: str | None = None,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Life:
    """Live one or two worlds again and tell the life of one citizen.

    Args:
        plans: One plan, or base and variant of the same society.
        worlds: Name and notice of each.
        citizen: Whose life; or None with `pick`.
        pick: `most-affected`, `punished-by-association` or `silent`.
        threads: Threads; they change nothing.
        progress: Called after each day with (what is being done, day, days).

    Raises:
        RefusedError: the society is too small.
        UsageError: there is no such citizen, or nobody fits the pick.
        InvariantError: oracle and engine differ.
    """
    refuse_small(plans[0].citizens)
    if (citizen is None) == (pick is None):
        raise UsageError("give a citizen or --pick, one of the two")
    if citizen is not None and not 0 <= citizen < plans[0].citizens:
        raise UsageError(f"citizen {citizen}: this society has the citizens 0 to {plans[0].citizens - 1}")
    if len(plans) == 2:
        refuse_other_society(plans[0], plans[1])
    chosen = [citizen] if citizen is not None else candidates(plans, str(pick), threads, progress)
    lives = _lives(plans, worlds, chosen, threads, progress)
    if pick == "silent":
        return silent_of(lives, pick)
    best = lives[chosen[0]]
    best.picked = pick or ""
    return best


def silent_of(lives: Mapping[int, Life], pick: str) -> Life:
    """Return the citizen who withheld most posts, of those looked at; ties go to the smaller id."""
    best = min(lives.values(), key=lambda life: (-withheld(life), life.citizen))
    if withheld(best) == 0:
        raise UsageError(
            f"--pick {pick}: nobody looked at withheld a post", help="try another pick or a longer run"
        )
    best.picked = pick
    return best


def withheld(life: Life) -> int:
    """Return the most posts that the citizen withheld in a world."""
    return max(diary.counts.get("posts.withheld", 0) for diary in life.diaries)


def _lives(
    plans: Sequence[Plan],
    worlds: Sequence[tuple[str, str]],
    chosen: Sequence[int],
    threads: int | None,
    progress: Callable[[str, int, int], None] | None,
) -> dict[int, Life]:
    """Live the worlds again and tell the lives of some citizens."""
    replays = [_Replay(plan, *world, chosen, threads) for plan, world in zip(plans, worlds, strict=True)]
    twins = Twins(plans[0], plans[1]) if len(plans) == 2 else None
    parted = {i: BEFORE for i in chosen if twins is not None and differ(twins, replays, i)}
    for day in range(plans[0].days):
        for replay in replays:
            replay.step()
        for i in chosen:
            if twins is not None and i not in parted and differ(twins, replays, i):
                parted[i] = day
        if progress is not None:
            progress("telling the year", day + 1, plans[0].days)
    lives = {}
    for i in chosen:
        diaries = [replay.diaries[i] for replay in replays]
        lives[i] = Life(i, who_is(plans, i), "", diaries, parted.get(i))
        if len(diaries) == 2 and i in parted:
            lives[i].parted_by, lives[i].parted_text = what_parted(*diaries, parted[i])
    return lives


def differ(twins: Twins, replays: Sequence[_Replay], i: int) -> bool:
    """Say whether a citizen's row differs from the twin's now."""
    base, variant = (
        {c.name: np.array([one.engine.row(i)[c.name]], c.dtype) for c in COLUMNS} for one in replays
    )
    return bool(twins.differing(base, variant)[0])


def what_parted(base: Diary, variant: Diary, day: int) -> tuple[str, str]:
    """Return the key and the words of the first thing that happened in one world only, up to the day they parted."""
    if day == BEFORE:
        return "initial", "the two worlds begin differently for this citizen"
    for t in range(day + 1):
        here, there = ([line for line in diary.lines if line.day == t] for diary in (base, variant))
        one = first_of(here, there)
        other = first_of(there, here)
        if one is None and other is None:
            continue
        if one is not None and (other is None or one.phase <= other.phase):
            return one.key, f"only in {base.world}: {one.text}"
        assert other is not None
        return other.key, f"only in {variant.world}: {other.text}"
    return "", "something that friends or the institutions did, not the citizen"


def first_of(here: Sequence[Line], there: Sequence[Line]) -> Line | None:
    """Return the first line of a day that the other world's day does not have."""
    seen = {(line.phase, line.text) for line in there}
    return next((line for line in here if (line.phase, line.text) not in seen), None)


def refuse_small(citizens: int) -> None:
    """Raise RefusedError for a society in which one citizen could stand for somebody."""
    if citizens < SMALLEST_SOCIETY:
        raise RefusedError(
            f"the life of one citizen is told in societies of at least {SMALLEST_SOCIETY:,}, this one has {citizens:,}:"
            " Glasshouse studies rules, and a small society could stand for a household or an office",
            help=f"run it with --citizens {SMALLEST_SOCIETY} or more",
        )


def who_is(plans: Sequence[Plan], i: int) -> dict[str, Any]:
    """Return the coarse traits of a citizen; the society knows no others."""
    people = plans[0].population
    return {
        "age": people.age(i),
        "sex": "male" if people.male(i) else "female",
        "place": "countryside" if people.rural(i) else "town",
        "province": people.province_names[people.province(i)],
        "group": people.group_names[people.group(i)],
        "online": people.online(i),
        "scored": [plan.population.member(i) for plan in plans],
    }


def row_of(engine: Engine, i: int) -> CitizenState:
    """Return one citizen's state as the oracle keeps it."""
    row = engine.row(i)
    return CitizenState(until=[row.pop(f"until_{slot}") for slot in range(TERM_SLOTS)], **row)


def must_agree(i: int, t: int, told: CitizenState, found: CitizenState) -> None:
    """Raise InvariantError unless the oracle's row is the engine's, apart from what friends do after the day."""
    one, other = told.columns(), found.columns()
    wrong = [name for name in one if name not in OF_OTHERS and one[name] != other[name]]
    wrong += ["risk"] if one["risk"] > other["risk"] else []  # others only raise it
    if wrong:
        name = wrong[0]
        raise InvariantError(
            f"citizen {i}, day {t}: {name} is {one[name]} in the oracle and {other[name]} in the engine"
        )
