"""One citizen's days, lived again by the oracle alone from what crossed between citizens.

Ties are derived from the citizen's number, luck from the seed; of everybody else the log tells when a flag was
published, who was punished and what landed. So a life of a huge run costs what one citizen costs, and it is exact:
the log says of the citizen too when the flag flipped and when others saw a punishment, and that must agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.errors import InvariantError
from glasshouse.model.oracle import CitizenState, Event, Message, live_day, traits_of
from glasshouse.model.oracle_end import FULL, MONTHS, cuts, who_cuts
from glasshouse.model.oracle_start import first_state
from glasshouse.society.columns import MARK_FLAG
from glasshouse.society.crossings import FLAG_OFF, FLAG_ON, PUNISHED
from glasshouse.society.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from glasshouse.model.oracle import DayResult
    from glasshouse.model.plan import Plan
    from glasshouse.records.crossings import CrossingsLog

__all__ = ["NIGHT", "ReplayedDay", "first_row", "replay", "with_bulletin"]

NIGHT = 12  # after the eleven phases of a day: what others were seen to be, and what became of ties
BULLETIN = 10  # the phase in which it raises perceived risk


@dataclass(frozen=True)
class ReplayedDay:
    """A day of the citizen.

    Attributes:
        t: Day number.
        state: The row at the end of the day, with what friends did overnight.
        flows: Count of each flow that is not zero.
        story: What happened and why, the night last.
    """

    t: int
    state: CitizenState
    flows: dict[str, int]
    story: list[Event]


def first_row(plan: Plan, citizen: int) -> CitizenState:
    """Return a citizen's row before day 0."""
    return _Neighbourhood(plan, citizen).state


def replay(plan: Plan, citizen: int, log: CrossingsLog) -> Iterator[ReplayedDay]:
    """Yield the days of a citizen.

    Args:
        plan: What was lived.
        citizen: Id.
        log: What crossed between citizens.

    Raises:
        InvariantError: the log and the oracle tell different lives.
    """
    here = _Neighbourhood(plan, citizen)
    days, rows, pulses = log.of(here.watched)
    ends = np.searchsorted(days, np.arange(plan.days + 1))
    news = _bulletins(plan, pulses)
    for t in range(plan.days):
        crossed = _Night.of(rows[ends[t] : ends[t + 1]].tolist())
        lived = here.live(t, news[t])
        must_agree(citizen, t, lived, crossed)
        story = [*with_bulletin(lived.story, t, citizen, news[t]), *here.sleep(t, lived, crossed)]
        yield ReplayedDay(t, here.state.copy(), lived.flows, story)


def _bulletins(plan: Plan, pulses: Iterable[int]) -> list[int]:
    """Return for each day what the bulletin adds to perceived risk, in 2^-16."""
    by_month: Counter[int] = Counter()
    for t, number in enumerate(pulses):
        by_month[plan.month(t)] += int(number)
    return [
        plan.learn.bulletin * by_month[plan.month(t) - 1] // plan.citizens if plan.is_first(t) else 0
        for t in range(plan.days)
    ]


def with_bulletin(story: list[Event], t: int, citizen: int, rise: int) -> list[Event]:
    """Return a day's story with the bulletin in its place."""
    if not rise:
        return story
    text = f"the monthly bulletin of punishments raises perceived risk by {rise / 65536:.4f}"
    told = Event(t, citizen, BULLETIN, "bulletin", "learn.bulletin_weight", "", rise, text)
    before = [event for event in story if event.phase < BULLETIN]
    return [*before, told, *story[len(before) :]]


def must_agree(citizen: int, t: int, lived: DayResult, crossed: _Night) -> None:
    """Raise InvariantError unless the log says of the citizen what the oracle says."""
    flag = lived.state.marked(MARK_FLAG)
    for what, oracle, log in (
        ("flag", {citizen: flag} if lived.flip else {}, crossed.flags),
        ("punishment", {citizen: True} if lived.pulse else {}, dict.fromkeys(crossed.punished, True)),
    ):
        if oracle.get(citizen) != log.get(citizen):
            raise InvariantError(
                f"citizen {citizen}, day {t}: the oracle and the log of crossings differ in the {what} that others see"
            )


@dataclass(frozen=True)
class _Night:
    """What crossed on a day: flags as they are now, who was punished, messages for tomorrow."""

    flags: dict[int, bool]
    punished: list[int]
    messages: list[tuple[int, int, int, int]]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, int]]) -> _Night:
        """Return the rows (citizen, kind, arg, value) of a day sorted out."""
        night = cls({}, [], [])
        for citizen, kind, arg, value in rows:
            if kind in {FLAG_ON, FLAG_OFF}:
                night.flags[citizen] = kind == FLAG_ON
            elif kind == PUNISHED:
                night.punished.append(citizen)
            else:
                night.messages.append((citizen, kind, arg, value))
        return night


class _Neighbourhood:
    """A citizen, and of the friends what others see: the flag, and its history of twelve months.

    Attributes:
        state: The citizen's row.
        friends: Friends; a pair tied twice comes twice.
        chat: Other members of every chat group, likewise.
    """

    def __init__(self, plan: Plan, citizen: int) -> None:
        self.plan = plan
        self.i = citizen
        self.ties = Ties(plan.ties, plan.population)
        self.traits = traits_of(plan, citizen)
        self.friends = self.ties.friends(citizen)
        self.chat = self.ties.chat_members(citizen)
        self._rows = {j: first_state(plan, traits_of(plan, j), j) for j in {citizen, *self.friends}}
        self._cut: set[int] = set()
        self._coming: dict[int, list[Message]] = defaultdict(list)
        self._count_low()

    @property
    def state(self) -> CitizenState:
        """The citizen's row."""
        return self._rows[self.i]

    @property
    def watched(self) -> set[int]:
        """Everybody whose flag, punishment or messages reach the citizen, and the citizen."""
        return {self.i, *self.friends, *self.chat}

    def live(self, t: int, bulletin: int) -> DayResult:
        """Live the phases of day t."""
        lived = live_day(
            self.plan, self.traits, self.i, t, self.state, self._coming.pop(t, []),
            bulletin=bulletin, degree=len(self._uncut()), ties=self.ties,
        )  # fmt: skip
        for message in lived.outbox:
            if message.target == self.i:
                self._coming[message.due].append(message)
        return lived

    def sleep(self, t: int, lived: DayResult, crossed: _Night) -> list[Event]:
        """End day t (`docs/day.md` section 6); return what others did, as far as it reaches the citizen."""
        told: list[Event] = []
        flags_before = {j: row.marked(MARK_FLAG) for j, row in self._rows.items()}
        self._rows[self.i] = lived.state
        if self.plan.is_first(t):
            self._remember(t, flags_before)
            told += self._cut_ties(t)
        told += self._see_flags(t, crossed)
        told += self._see_punished(t, crossed)
        for citizen, kind, arg, value in crossed.messages:
            if citizen == self.i:
                self._coming[t + 1].append(Message(t + 1, citizen, kind, arg, value))
        return told

    def _uncut(self) -> list[int]:
        """Return the friends whose tie is not cut now."""
        return [j for j in self.friends if j not in self._cut]

    def _remember(self, t: int, flags: dict[int, bool]) -> None:
        """On the 1st, write the flags before today's flips into the history."""
        bit = 1 << self.plan.month(t) % MONTHS
        for j, row in self._rows.items():
            row.history = row.history | bit if flags[j] else row.history & ~bit

    def _cut_ties(self, t: int) -> list[Event]:
        """On the 1st, find anew which ties are cut."""
        if self.plan.ties.cut_threshold == 0:
            return []
        before, self._cut, told = self._cut, set(), []
        for j in dict.fromkeys(self.friends):
            decider = who_cuts(partial(cuts, self.plan), self._rows, self.i, j, self.plan.month(t))
            if decider is not None:
                self._cut.add(j)
            if decider is not None and j not in before:
                text = f"cuts the tie to friend {j}" if decider == self.i else f"friend {j} cuts the tie"
                told.append(self._event(t, "cut", "ties.cut_share", j, f"{text}, for a published flag"))
            elif decider is None and j in before:
                told.append(self._event(t, "mended", "ties.cut_share", j, f"the tie to friend {j} is mended"))
        return told

    def _see_flags(self, t: int, crossed: _Night) -> list[Event]:
        """Let friends' flags be seen as they are now."""
        told, uncut = [], set(self._uncut())
        for j, flag in crossed.flags.items():
            if j in self._rows and j != self.i:
                (self._rows[j].mark if flag else self._rows[j].unmark)(MARK_FLAG)
                if j in uncut:
                    words = "is published" if flag else "is taken back"
                    what = "friend flagged" if flag else "friend unflagged"
                    told.append(self._event(t, what, "ties.flag", j, f"the flag of friend {j} {words}"))
        self._count_low()
        return told

    def _count_low(self) -> None:
        """Count the uncut friends whose flag is published."""
        self.state.low_friends = sum(self._rows[j].marked(MARK_FLAG) for j in self._uncut())

    def _see_punished(self, t: int, crossed: _Night) -> list[Event]:
        """Let the punishment of friends and chat members raise perceived risk."""
        learn, told = self.plan.learn, []
        for who, weight, tied in (
            ("friend", learn.friend, Counter(self._uncut())),
            ("chat", learn.chat, Counter(self.chat)),
        ):
            for j in crossed.punished:
                rise = weight * tied[j]
                if rise:
                    self.state.risk = min(FULL, self.state.risk + rise)
                    name = f"friend {j}" if who == "friend" else f"chat member {j}"
                    text = f"{name} is punished: perceived risk rises by {rise / 65536:.4f}"
                    told.append(self._event(t, f"{who} punished", f"learn.{who}_weight", j, text))
        return told

    def _event(self, t: int, what: str, key: str, value: int, text: str) -> Event:
        """Return a line of the story."""
        return Event(t, self.i, NIGHT, what, key, "", value, text)
