"""The engine: the clock, the post, and what crosses between citizens after each day.

Everything that crosses is rare: flag flips, pulses of punishment, and messages with a day they are due on.
All of it is added up in integers, so neither threads nor chunks nor parts can change a bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from glasshouse.model import kernels  # noqa: F401 - sets the compile cache before anything compiles
from glasshouse.model.checks import Checks
from glasshouse.model.crowd import Crowd, Pairs
from glasshouse.model.flows import flow_names
from glasshouse.model.kernels.companies import companies
from glasshouse.model.part import LAST_PHASE, Part, joined
from glasshouse.model.state import ROW, ROWS_AT_ONCE, Columns
from glasshouse.model.stocks import stock_names
from glasshouse.society.columns import BLOCK, allocate_companies
from glasshouse.society.crossings import blank, crossings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from glasshouse.model.part import Outgoing
    from glasshouse.model.plan import Plan
    from glasshouse.model.state import State


class Source(Protocol):
    """Where a world is read from, array by array, in the order of `Engine.pieces`."""

    def into(self, name: str, *arrays: np.ndarray) -> None:
        """Fill arrays that follow each other."""

    def pieces(self, name: str, dtype: Any, rows: int) -> Iterator[np.ndarray]:
        """Yield an array of any length in pieces of at most `rows`."""


@dataclass(frozen=True)
class DayCounts:
    """The counts of one day: int64 arrays (provinces, groups, names of flow_names / stock_names)."""

    flows: np.ndarray
    stocks: np.ndarray


class Engine:
    """A world: `step()` lives one day.

    Args:
        plan: What is lived.
        threads: Threads.
        chunk_quads: Quads of 256 citizens that a thread takes at once; None: as many as suit the size.
        parts: Parts that the citizens are cut into, lived one after the other.
        backend: Who lives the days: "cpu", or "cuda", a device.
        checks: Whether the daily balances are checked.
        settled: Whether the state before day 0 is made.

    Attributes:
        plan: What is lived.
        t: Number of the next day.
        parts: Where the citizens live.
        stocks: Stocks at the end of the last day (or before day 0).

    Raises:
        RefusedError: the backend is "cuda" and there is no device.
    """

    def __init__(
        self,
        plan: Plan,
        threads: int = 2,
        chunk_quads: int | None = None,
        parts: int = 1,
        backend: str = "cpu",
        *,
        checks: bool = True,
        settled: bool = True,
    ) -> None:
        self.plan = plan
        self.t = 0
        kind = kind_of_part(backend)
        first = kind(plan, threads, chunk_quads, 0, parts)
        self.parts = [first, *(kind(plan, threads, chunk_quads, k, parts, first) for k in range(1, parts))]
        self.threads, self.tables = self.parts[0].threads, self.parts[0].tables
        self.company = allocate_companies(plan.company.count if plan.company else 0)
        self.flow_names = flow_names(plan)
        self.stock_names = stock_names(plan)
        self.pulses_this_month = 0
        self.pulses_last_month = 0
        self._calendar: dict[int, list[np.ndarray]] = {}
        self._sent: list[Outgoing] = []  # by the parts, on the last day
        self._of_companies = np.zeros((0, 5), np.int64)
        people = plan.population
        shape = (len(people.province_names), len(people.group_names), len(self.stock_names))
        self.stocks = np.zeros(shape, np.int64)
        self._checks = Checks(plan) if checks else None
        if settled:
            self._settle()

    # The day

    def step(self, last_phase: int = LAST_PHASE) -> DayCounts:
        """Live the next day. With last_phase < 11 stop after that phase: the world is then only good for looking at."""
        t, plan, news = self.t, self.plan, self.bulletin(self.t)
        inbox = np.ascontiguousarray(self.inbox())
        outs = [part.live(t, inbox, news, last_phase) for part in self.parts]
        flows = sum_of([out.flows for out in outs])
        if last_phase < LAST_PHASE:
            return DayCounts(flows, self.stocks)
        self._calendar.pop(t, None)
        self._post(np.concatenate([out.messages for out in outs]))
        self._exchange(t, outs, flows)
        if plan.company:
            self._companies(t, flows)
        self._count_pulses(t, sum(out.pulses.size for out in outs))
        stocks = self._evening()
        if self._checks:
            self._checks(t, self.stocks, flows, stocks)
            if plan.is_first(t):
                self._checks.same_people(t, stocks, self.census())
        self.stocks = stocks
        self._sent = outs
        self.t += 1
        return DayCounts(flows, stocks)

    def crossings(self) -> np.ndarray:
        """Return what crossed between citizens on the last day, (k,) of `crossings.CROSSING`; none before day 0."""
        if not self._sent:
            return blank(0)
        pairs = zip(self.parts, self._sent, strict=True)
        up = np.concatenate([part.signs(out.flips) > 0 for part, out in pairs])
        flips = np.concatenate([out.flips for out in self._sent])
        pulses = np.concatenate([out.pulses for out in self._sent])
        posted = [*(out.messages for out in self._sent), self._of_companies]
        return crossings(self.t - 1, flips, up, pulses, posted)

    @property
    def states(self) -> list[State]:
        """The states of the parts, in order of citizens."""
        return [part.state for part in self.parts]

    @property
    def columns(self) -> Columns:
        """The state of the citizens as columns."""
        return Columns(self.states)

    @property
    def all_columns(self) -> Columns:
        """The state of citizens and companies as columns."""
        return Columns(self.states, self.company)

    def row(self, citizen: int) -> dict[str, int]:
        """Return the columns of one citizen."""
        quad = citizen // (4 * BLOCK)
        return next(s for s in self.states if s.span[0] <= quad < s.span[1]).row(citizen)

    def bulletin(self, t: int) -> int:
        """Return what the bulletin adds to everybody's perceived risk on day t, in 2^-16."""
        if not self.plan.is_first(t):
            return 0
        return min(65535, self.plan.learn.bulletin * self.pulses_last_month // self.plan.citizens)

    def inbox(self, citizen: int | None = None) -> np.ndarray:
        """Return the messages due today, (k, 5) int64 sorted by target; of one citizen when given."""
        waiting = self._calendar.get(self.t)
        rows = np.concatenate(waiting) if waiting else np.zeros((0, 5), np.int64)
        rows = rows[np.lexsort((rows[:, 4], rows[:, 3], rows[:, 2], rows[:, 1]))]
        return rows if citizen is None else rows[rows[:, 1] == citizen]

    def pending(self) -> np.ndarray:
        """Return every message not yet delivered, (k, 5) int64 sorted by due, target, kind, arg, value."""
        rows = [r for due, group in sorted(self._calendar.items()) if due >= self.t for r in group]
        table = np.concatenate(rows) if rows else np.zeros((0, 5), np.int64)
        return table[np.lexsort(table.T[::-1])]

    def degree(self, citizen: int) -> int:
        """Return the number of current uncut friends of a citizen."""
        month = self.plan.month(self.t) - self.plan.is_first(self.t)  # ties are cut in the evening
        return self.parts[0].degree(citizen, month)

    def score_histogram(self) -> np.ndarray:
        """Return the members by province and score, (provinces, ceiling - floor + 1) int64."""
        score = self.plan.score
        if score is None:
            return np.zeros((len(self.plan.population.province_names), 1), np.int64)
        size = score.ceiling - score.floor + 1
        return sum_of([part.histogram(score.floor, size) for part in self.parts])

    def census(self) -> np.ndarray:
        """Count the people: (provinces, groups, stocks) int64."""
        return sum_of([part.census() for part in self.parts])

    def state_bytes(self) -> int:
        """Return the bytes held for state: columns, planes, companies and undelivered messages."""
        held = [*self.company.values(), *self.parts[0].graph]
        held += [r for rows in self._calendar.values() for r in rows]
        return sum(state.nbytes() for state in self.states) + sum(a.nbytes for a in held)

    # Between two days

    @property
    def numbers(self) -> dict[str, int]:
        """The single numbers that, with `pieces`, are the world between two days."""
        return {
            "t": self.t,
            "pulses_this_month": self.pulses_this_month,
            "pulses_last_month": self.pulses_last_month,
        }

    def pieces(self) -> Iterator[tuple[str, Iterable[np.ndarray]]]:
        """Yield the arrays of the world by name, each in pieces that follow each other; nothing is copied whole."""
        yield "core", [state.core[state.blocks] for state in self.states]
        yield "planes", [state.planes[state.blocks] for state in self.states]
        yield "rows", (piece for state in self.states for piece in state.row_pieces())
        yield from ((name, [column]) for name, column in self.company.items())
        yield "messages", [self.pending()]
        yield "stocks", [self.stocks]

    @classmethod
    def restored(
        cls,
        plan: Plan,
        numbers: Mapping[str, int],
        source: Source,
        threads: int = 2,
        chunk_quads: int | None = None,
        parts: int = 1,
        backend: str = "cpu",
    ) -> Engine:
        """Return the world that gave `numbers` and `pieces` under this plan, cut into parts however it was."""
        engine = cls(plan, threads, chunk_quads, parts, backend, settled=False)
        engine.t = numbers["t"]
        engine.pulses_this_month = numbers["pulses_this_month"]
        engine.pulses_last_month = numbers["pulses_last_month"]
        source.into("core", *(state.core[state.blocks] for state in engine.states))
        source.into("planes", *(state.planes[state.blocks] for state in engine.states))
        for piece in source.pieces("rows", ROW, ROWS_AT_ONCE):
            for state in engine.states:
                state.add_rows(piece)
        for name, column in engine.company.items():
            source.into(name, column)
        for messages in source.pieces("messages", np.int64, ROWS_AT_ONCE):
            engine._post(messages)
        source.into("stocks", engine.stocks)
        return engine

    # Parts of the day

    def _settle(self) -> None:
        """Make the world before day 0; from then on counts of flagged friends follow flips and cuts."""
        for part in self.parts:
            part.settle()
        for part in self.parts:
            flagged = Crowd(lambda ids: self._see_flags(ids, 1))
            for ties in part.friends_of(part.flagged(), month=0):
                flagged.add(ties, np.ones(ties.ids.size, bool))
            flagged.flush()
        self.stocks = self.census()

    def _post(self, rows: np.ndarray) -> None:
        """Put messages into the calendar by the day they are due."""
        if not rows.size:
            return
        for due in np.unique(rows[:, 0]).tolist():
            self._calendar.setdefault(due, []).append(rows[rows[:, 0] == due])

    def _exchange(self, t: int, outs: Sequence[Outgoing], flows: np.ndarray) -> None:
        """Let friends and chat members see what was published today; on the 1st cut ties before."""
        month, learn = self.plan.month(t), self.plan.learn
        if self.plan.is_first(t):
            self._cut_ties(month, outs, flows)
        for part, out in zip(self.parts, outs, strict=True):
            self._tell_friends(part, out, month)
            members = Crowd(lambda ids: self._see_punished(ids, learn.chat))
            for ties in part.chat_of(out.pulses if learn.chat else out.pulses[:0]):
                members.add(ties, np.ones(ties.ids.size, bool))
            members.flush()

    def _tell_friends(self, part: Part, out: Outgoing, month: int) -> None:
        """Let the uncut friends of a part's citizens see flags and punishments; who has both is looked up once."""
        weight = self.plan.learn.friend
        seen = out.pulses if weight else out.pulses[:0]
        ids = either(out.flips, seen)
        steps, punished = np.zeros(ids.size, np.int64), np.zeros(ids.size, bool)
        steps[np.searchsorted(ids, out.flips)] = part.signs(out.flips)
        punished[np.searchsorted(ids, seen)] = True
        crowds = (
            (Crowd(lambda some: self._see_flags(some, 1)), steps > 0),
            (Crowd(lambda some: self._see_flags(some, -1)), steps < 0),
            (Crowd(lambda some: self._see_punished(some, weight)), punished),
        )
        start = 0
        for ties in part.friends_of(ids, month):
            end = start + ties.ids.size
            for crowd, chosen in crowds:
                crowd.add(ties, chosen[start:end])
            start = end
        for crowd, _ in crowds:
            crowd.flush()

    def _see_flags(self, ids: np.ndarray, step: int) -> None:
        """Let every part count flagged friends: one more, or one less, as often as a citizen is named."""
        for part in self.parts:
            part.see_flags(ids, step)

    def _see_punished(self, ids: np.ndarray, weight: int) -> None:
        """Let every part raise the risk its citizens perceive, as often as they are named."""
        for part in self.parts:
            part.see_punished(ids, weight)

    def _cut_ties(self, month: int, outs: Sequence[Outgoing], flows: np.ndarray) -> None:
        """On the 1st: cut ties to those flagged before today's flips, then write the flags into the history."""
        flagged = [part.begin_first(out.flips) for part, out in zip(self.parts, outs, strict=True)]
        if self.plan.ties.cut_threshold:
            for part, ids in zip(self.parts, flagged, strict=True):
                self._cut_ties_to(part, ids, month, flows[:, :, self.flow_names.index("ties_cut")])
        everybody = joined(flagged)
        for part, out in zip(self.parts, outs, strict=True):
            part.end_first(out.flips, everybody, month)

    def _cut_ties_to(self, part: Part, ids: np.ndarray, month: int, cuts: np.ndarray) -> None:
        """Let friends of a part's flagged citizens cut ties, and count these by province and group."""
        months = part.histories(ids)

        def tell(pairs: np.ndarray) -> None:
            """Let every part's friends decide."""
            for other in self.parts:
                cuts[:] += other.cut(ids, months, pairs, month)

        friends, start = Pairs(tell), 0
        for ties in part.friends_of(ids, month, uncut=False):
            friends.add_all(ties, start)
            start += ties.ids.size
        friends.flush()

    def _count_pulses(self, t: int, pulses: int) -> None:
        """Count the day's punishments for the bulletin."""
        self.pulses_this_month += pulses
        if self.plan.is_first(t + 1):
            self.pulses_last_month, self.pulses_this_month = self.pulses_this_month, 0

    def _companies(self, t: int, flows: np.ndarray) -> None:
        """Live the companies' day."""
        until, ever = self.company["company_until"], self.company["company_ever"]
        masks = np.zeros(-(-until.size // BLOCK), np.uint64)
        self.parts[0].seek_companies(until, t, masks)
        out = np.zeros((int(np.bitwise_count(masks).sum()), 5), np.int64)
        n = companies(self.tables, until, ever, masks, flows, t, out)
        self._of_companies = out[:n].copy()
        self._calendar.setdefault(t + 1, []).append(self._of_companies)

    def _evening(self) -> np.ndarray:
        """Return the stocks of the evening: those of the morning and what the day changed."""
        today = sum_of([part.evening() for part in self.parts])
        risk_sum = self.stock_names.index("risk_sum")
        risks = today[..., risk_sum].copy()
        today += self.stocks
        today[..., risk_sum] = risks
        return today


def kind_of_part(backend: str) -> type[Part]:
    """Return what the parts of an engine are.

    Raises:
        RefusedError: there is no device.
        ValueError: no such backend.
    """
    if backend == "cpu":
        return Part
    if backend != "cuda":
        raise ValueError(f"backend {backend!r}, expected cpu or cuda")
    from glasshouse.model import cuda

    cuda.require()
    from glasshouse.model.cuda.part import DevicePart

    return DevicePart


def either(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the numbers that are in one of two ascending arrays, ascending and once each.

    `np.union1d` puts them into a hash table first: a hundred times slower for the hundred thousands of a large society.
    """
    both = np.concatenate((first, second))
    both.sort(kind="stable")  # two ascending runs are merged
    return both[np.flatnonzero(np.diff(both, prepend=-1))]


def sum_of(counts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the sum of equal arrays of counts."""
    return counts[0] if len(counts) == 1 else np.sum(counts, axis=0)
