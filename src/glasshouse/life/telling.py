"""The year of one citizen, told day by day, beside the twin's in the other world.

The oracle lives the citizen's days again from the log of what crossed between citizens (`life/replay.py`). Where a
run kept none, the worlds are lived again by the engine to find it, and the last rows of both must be equal.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.compare.twins import Twins, refuse_other_society
from glasshouse.errors import InvariantError, RefusedError, UsageError
from glasshouse.life.again import live_worlds
from glasshouse.life.basis import Bases
from glasshouse.life.parting import Parting, consequences, what_parted
from glasshouse.life.pick import picked, refuse_group
from glasshouse.life.replay import first_row, replay
from glasshouse.records.crossings import SMALLEST_SOCIETY
from glasshouse.society.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.life.again import LivedAgain
    from glasshouse.life.source import Recorded
    from glasshouse.model.oracle import CitizenState, Event
    from glasshouse.model.plan import Plan
    from glasshouse.records.crossings import CrossingsLog

__all__ = [
    "Diary",
    "Life",
    "Line",
    "differing",
    "line_of",
    "live_again",
    "mark_alone",
    "parted_day",
    "refuse_small",
]

BEFORE = -1  # the day before day 0
FROM_LOG = "the log of what crossed between citizens"
FROM_WORLDS = "the worlds, lived again, for no log was kept"


@dataclass(frozen=True)
class Line:
    """One thing that happened to the citizen.

    Attributes:
        day: Day number.
        date: Its day in the calendar.
        phase: Phase of the day, 1 to 11; 12 is what others did, seen overnight.
        what: The thing in one word.
        key: Table key of the rule, list, behaviour or number that caused it, or empty.
        origin: Name of the origin, or empty.
        value: Amount: points, days, records; of what another citizen did, who it was.
        text: A line for people.
        label: The scenario's words for what the key names, or empty.
        grade: Grade of the number behind it, or empty.
        source: Its source in words, or empty.
        alone: Whether it happened in this world only.
    """

    day: int
    date: str
    phase: int
    what: str
    key: str
    origin: str
    value: int
    text: str
    label: str = ""
    grade: str = ""
    source: str = ""
    alone: bool = False


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
        who: Age, sex, town or country, province, group, online, scored.
        picked: How the citizen was chosen, or empty.
        told_from: What the days were replayed from.
        diaries: One per world.
        parting: Where and by what the two lives part; None in a single world, and when they never do.
        led_to: What that led to, in words.
    """

    citizen: int
    who: dict[str, Any]
    picked: str
    told_from: str
    diaries: list[Diary]
    parting: Parting | None = None
    led_to: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return asdict(self)


def live_again(
    worlds: Sequence[Recorded],
    citizen: int | None = None,
    *,
    pick: str | None = None,
    group: str | None = None,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Life:
    """Tell the life of one citizen of one recorded world, or of two beside each other.

    Args:
        worlds: One world, or base and variant of the same society.
        citizen: Whose life; or None with `pick`.
        pick: One of `pick.PICKS`.
        group: Only citizens of this group are picked from.
        threads: Threads where the worlds are lived again; they change nothing.
        progress: Called after each day with (what is being done, day, days).

    Raises:
        RefusedError: the society is too small.
        UsageError: there is no such citizen, or nobody fits the pick.
        InputOutputError: the log of crossings is missing or damaged.
        InvariantError: the log, or the engine, tells another life than the oracle.
    """
    plans = [world.plan for world in worlds]
    refuse_small(plans[0].citizens)
    refuse_wishes(plans[0], citizen, pick, group)
    if len(plans) == 2:
        refuse_other_society(plans[0], plans[1])
    again: list[LivedAgain] = []
    if citizen is None:
        citizen, again = picked(plans, str(pick), group, threads, progress)
    elif any(world.log is None for world in worlds):
        again = live_worlds(plans, "living the worlds again", threads, progress)
    logs: list[CrossingsLog] = [
        again[number].crossings if world.log is None else world.log for number, world in enumerate(worlds)
    ]
    life, ends = _told(worlds, logs, citizen)
    life.picked = " of group ".join(part for part in (pick, group) if part)
    for lived, end in zip(again, ends, strict=False):
        must_end_alike(citizen, end, lived.engine.row(citizen))
    return life


def refuse_wishes(plan: Plan, citizen: int | None, pick: str | None, group: str | None) -> None:
    """Raise UsageError for a citizen, pick or group that there is not."""
    if (citizen is None) == (pick is None):
        raise UsageError("give a citizen or --pick, one of the two")
    if citizen is not None and group is not None:
        raise UsageError(
            "--group says whom to pick from; a citizen is given", help="leave out one of the two"
        )
    if citizen is not None and not 0 <= citizen < plan.citizens:
        raise UsageError(f"citizen {citizen}: this society has the citizens 0 to {plan.citizens - 1}")
    if pick is not None:
        refuse_group(plan, pick, group)


def refuse_small(citizens: int) -> None:
    """Raise RefusedError for a society in which one citizen could stand for somebody."""
    if citizens < SMALLEST_SOCIETY:
        raise RefusedError(
            f"the life of one citizen is told in societies of at least {SMALLEST_SOCIETY:,}, this one has {citizens:,}:"
            " Glasshouse studies rules, and a small society could stand for a household or an office",
            help=f"run it with --citizens {SMALLEST_SOCIETY} or more",
        )


def _told(
    worlds: Sequence[Recorded], logs: Sequence[CrossingsLog], citizen: int
) -> tuple[Life, list[CitizenState]]:
    """Return the life, and the row at its end in each world."""
    diaries, rows = [], []
    for world, log in zip(worlds, logs, strict=True):
        diary, states = _diary(world, log, citizen)
        diaries.append(diary)
        rows.append(states)
    plans = [world.plan for world in worlds]
    told_from = FROM_LOG if all(world.log for world in worlds) else FROM_WORLDS
    life = Life(citizen, who_is(plans, citizen), "", told_from, diaries)
    if len(diaries) == 2:
        mark_alone(*diaries)
        day = parted_day(plans, *rows)
        if day is not None:
            life.parting = what_parted(*diaries, day, plans[0].start_date, differing(plans, *rows, day))
            life.led_to = consequences(*diaries, life.parting)
    return life, [states[-1] for states in rows]


def _diary(world: Recorded, log: CrossingsLog, citizen: int) -> tuple[Diary, list[CitizenState]]:
    """Return one world's year, and the rows from the evening before day 0 on."""
    plan, bases = world.plan, Bases(world.scenario, world.evidence)
    diary, states = Diary(world.name, world.notice), [first_row(plan, citizen)]
    for day in replay(plan, citizen, log):
        states.append(day.state)
        diary.lines += [line_of(event, plan.start_date, bases) for event in day.story]
        for name, amount in day.flows.items():
            diary.counts[name] = diary.counts.get(name, 0) + amount
        if plan.score:
            diary.score.append(day.state.score)
    return diary, states


def line_of(event: Event, start: dt.date, bases: Bases) -> Line:
    """Return an event as a line of the diary."""
    date = (start + dt.timedelta(days=event.day)).isoformat()
    basis = bases.of(event)
    return Line(
        event.day, date, event.phase, event.what, event.key, event.origin, event.value, event.text,
        basis.label, basis.grade, basis.source,
    )  # fmt: skip


def mark_alone(base: Diary, variant: Diary) -> None:
    """Mark the lines that the other world's day does not have."""
    seen = [{(line.day, line.phase, line.text) for line in diary.lines} for diary in (base, variant)]
    for diary, others in ((base, seen[1]), (variant, seen[0])):
        diary.lines = [
            replace(line, alone=(line.day, line.phase, line.text) not in others) for line in diary.lines
        ]


def parted_day(
    plans: Sequence[Plan], base: Sequence[CitizenState], variant: Sequence[CitizenState]
) -> int | None:
    """Return the first day at whose end two rows differ, -1 for before day 0, None when they never do."""
    twins = Twins(plans[0], plans[1])
    rows = (as_columns(states) for states in (base, variant))
    apart = np.flatnonzero(twins.differing(*rows))
    return int(apart[0]) + BEFORE if apart.size else None


def as_columns(states: Sequence[CitizenState]) -> dict[str, np.ndarray]:
    """Return rows as columns, one entry per row."""
    rows = [state.columns() for state in states]
    return {one.name: np.array([row[one.name] for row in rows], one.dtype) for one in COLUMNS}


def differing(
    plans: Sequence[Plan], base: Sequence[CitizenState], variant: Sequence[CitizenState], day: int
) -> str:
    """Return the first column that differs at the end of a day, as its meaning says it."""
    one, other = (states[day - BEFORE].columns() for states in (base, variant))
    if plans[0].score and plans[1].score and one["score"] != other["score"]:
        return "score"
    return next((column.name for column in COLUMNS if one[column.name] != other[column.name]), "")


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


def must_end_alike(citizen: int, told: CitizenState, found: dict[str, int]) -> None:
    """Raise InvariantError unless the oracle's last row is the engine's."""
    for name, value in told.columns().items():
        if value != found[name]:
            raise InvariantError(
                f"citizen {citizen}, at the end: {name} is {value} in the oracle and {found[name]} in the engine"
            )
