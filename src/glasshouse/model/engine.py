"""The engine: the columns, the clock, and what crosses between citizens after each day.

Everything that crosses is rare: flag flips, pulses of punishment, and messages with a day they are due on.
All of it is added up in integers, so neither threads nor chunks can change a bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numba
import numpy as np

from glasshouse.model import day as day_kernels
from glasshouse.model import kernels  # noqa: F401 - sets the compile cache before anything compiles
from glasshouse.model.checks import Checks
from glasshouse.model.flows import flow_names
from glasshouse.model.kernels import ties as tie_kernels
from glasshouse.model.kernels.census import census, histogram
from glasshouse.model.kernels.companies import companies
from glasshouse.model.kernels.pages import list_flagged, note_history
from glasshouse.model.kernels.scratch import N_FLIPS, N_OUT, N_PULSES, make_scratch
from glasshouse.model.kernels.settle import settle
from glasshouse.model.layout import STOCK
from glasshouse.model.pack import pack, pack_graph
from glasshouse.model.plan import smallest_plan
from glasshouse.model.state import ROW, ROWS_AT_ONCE, Columns, State
from glasshouse.model.stocks import stock_names
from glasshouse.society.columns import BLOCK, MARK_FLAG, allocate_companies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from glasshouse.model.plan import Plan

LAST_PHASE = len(day_kernels.PHASES)
BATCH = 4096  # citizens whose ties are looked up at once
MOST_FRIENDS = 256  # columns of a batch; a scenario may have one less
FEW = 32  # below this one thread looks them up


@cache
def warm_up() -> None:
    """Compile, or load from the cache, every kernel of a day on a handful of citizens; once per process."""
    engine = Engine(smallest_plan(), threads=1)
    engine.step()
    provinces = len(engine.plan.population.province_names)
    histogram(engine.tables, engine.state.core, engine.planes, 0, np.zeros((provinces, 1), np.int64))
    engine.degree(0)
    ids, counts = np.zeros(1, np.int64), np.zeros(1, np.int64)
    found, room = np.zeros((1, 256), np.int64), np.zeros((1, 4, 64), np.uint64)
    tables, graph, world, core = engine.tables, engine.graph, engine.state.world, engine.state.core
    engine.note_history(0)
    engine.state.put_rows(engine.state.row_pieces())
    engine.row(0)
    tie_kernels.gather_friends(tables, graph, world, ids, 0, True, found, counts, room)
    tie_kernels.gather_few_friends(tables, graph, world, ids, 0, True, found, counts, room)
    tie_kernels.gather_chat(tables, ids, found, counts, room)
    tie_kernels.gather_few_chat(tables, ids, found, counts, room)
    tie_kernels.cut_ties(tables, world, engine.planes, ids, found, counts, 0, np.zeros((1, 1, 1), np.int64))
    tie_kernels.add_steps(core["low_friends"], found, counts, ids)
    tie_kernels.add_risk(tables, core, engine.planes, found, counts, 0, engine.risks_of_night())
    companies(
        tables,
        np.zeros(1, np.uint16),
        np.zeros(1, np.uint8),
        engine.planes,
        np.zeros(1, np.uint64),
        engine.stocks,
        0,
        np.zeros((1, 5), np.int64),
    )


class Source(Protocol):
    """Where a world is read from, array by array, in the order of `Engine.pieces`."""

    def into(self, name: str, array: np.ndarray) -> None:
        """Fill an array."""

    def pieces(self, name: str, dtype: Any, rows: int) -> Iterator[np.ndarray]:
        """Yield an array of any length in pieces of at most `rows`."""


@dataclass(frozen=True)
class DayCounts:
    """The counts of one day: int64 arrays (provinces, groups, names of flow_names / stock_names)."""

    flows: np.ndarray
    stocks: np.ndarray


class Engine:
    """A world: `step()` lives one day.

    Attributes:
        plan: What is lived.
        t: Number of the next day.
        state: The citizens' state.
        stocks: Stocks at the end of the last day (or before day 0).
    """

    def __init__(
        self,
        plan: Plan,
        threads: int = 2,
        chunk_quads: int = 16,
        *,
        checks: bool = True,
        settled: bool = True,
    ) -> None:
        self.plan = plan
        self.tables = pack(plan)
        self.threads = max(1, min(threads, numba.config.NUMBA_NUM_THREADS))
        self.chunk = chunk_quads
        self.t = 0
        self.graph = pack_graph(plan)
        self.state = State(plan.citizens)
        self.company = allocate_companies(plan.company.count if plan.company else 0)
        self.planes = self.state.planes
        self.flow_names = flow_names(plan)
        self.stock_names = stock_names(plan)
        self.pulses_this_month = 0
        self.pulses_last_month = 0
        self._calendar: dict[int, list[np.ndarray]] = {}
        self._flow_index = {name: k for k, name in enumerate(self.flow_names)}
        self._scratch = make_scratch(self.threads)
        self._room = np.empty(0, np.int64)
        self._rooms = np.empty((self.threads, 4, 64), np.uint64)
        people = plan.population
        shape = (len(people.province_names), len(people.group_names), len(self.stock_names))
        self.stocks = np.zeros(shape, np.int64)
        self._checks = Checks(plan) if checks else None
        if settled:
            self._settle()
            self._count_friends(month=0)
            self.stocks = self._census()

    # The day

    def step(self, last_phase: int = LAST_PHASE) -> DayCounts:
        """Live the next day. With last_phase < 11 stop after that phase: the world is then only good for looking at."""
        t, plan = self.t, self.plan
        self._scratch.flows[:] = 0
        self._scratch.stocks[:] = 0
        messages, flips, pulses = self._live(t, last_phase)
        flows = self._flows()
        if last_phase < LAST_PHASE:
            return DayCounts(flows, self.stocks)
        self._deliver(messages)
        self._exchange(t, flips, pulses, flows)
        if plan.company:
            self._companies(t, flows)
        if plan.is_first(t + 1):
            self.pulses_last_month, self.pulses_this_month = self.pulses_this_month + pulses.size, 0
        else:
            self.pulses_this_month += pulses.size
        stocks = self._running_stocks()
        if self._checks:
            self._checks(t, self.stocks, flows, stocks)
            if plan.is_first(t):
                self._checks.same_people(t, stocks, self._census())
        self.stocks = stocks
        self.t += 1
        return DayCounts(flows, stocks)

    @property
    def columns(self) -> Columns:
        """The state of the citizens as columns."""
        return Columns(self.state)

    @property
    def all_columns(self) -> Columns:
        """The state of citizens and companies as columns."""
        return Columns(self.state, self.company)

    def row(self, citizen: int) -> dict[str, int]:
        """Return the columns of one citizen."""
        return self.state.row(citizen)

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
        yield "core", [self.state.core]
        yield "planes", [self.planes]
        yield "rows", self.state.row_pieces()
        yield from ((name, [column]) for name, column in self.company.items())
        yield "messages", [self.pending()]
        yield "stocks", [self.stocks]

    @classmethod
    def restored(
        cls, plan: Plan, numbers: Mapping[str, int], source: Source, threads: int = 2, chunk_quads: int = 16
    ) -> Engine:
        """Return the world that gave `numbers` and `pieces`, under the same plan or one with the same society."""
        engine = cls(plan, threads, chunk_quads, settled=False)
        engine.t = numbers["t"]
        engine.pulses_this_month = numbers["pulses_this_month"]
        engine.pulses_last_month = numbers["pulses_last_month"]
        source.into("core", engine.state.core)
        source.into("planes", engine.planes)
        engine.state.put_rows(source.pieces("rows", ROW, ROWS_AT_ONCE))
        for name, column in engine.company.items():
            source.into(name, column)
        for messages in source.pieces("messages", np.int64, ROWS_AT_ONCE):
            engine._post(messages)
        source.into("stocks", engine.stocks)
        return engine

    def degree(self, citizen: int) -> int:
        """Return the number of current uncut friends of a citizen."""
        found = np.zeros(512, np.int64)
        month = self.plan.month(self.t) - self.plan.is_first(self.t)  # ties are cut in the evening
        return int(
            tie_kernels.uncut_friends(
                self.tables[0], self.graph, self.state.world, citizen, month, found, self._rooms[0]
            )
        )

    def score_histogram(self) -> np.ndarray:
        """Return the members by province and score, (provinces, ceiling - floor + 1) int64."""
        score = self.plan.score
        if score is None:
            return np.zeros((len(self.plan.population.province_names), 1), np.int64)
        out = np.zeros((len(self.plan.population.province_names), score.ceiling - score.floor + 1), np.int64)
        histogram(self.tables, self.state.core, self.planes, score.floor, out)
        return out

    def state_bytes(self) -> int:
        """Return the bytes held for state: columns, planes, companies and undelivered messages."""
        held = [*self.company.values(), *self.graph]
        held += [r for rows in self._calendar.values() for r in rows]
        return self.state.nbytes() + sum(a.nbytes for a in held)

    # Parts of the day

    def _live(self, t: int, last_phase: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
        """Run the phases; return the messages, the citizens whose flag flipped, and those punished."""
        s, plan = self._scratch, self.plan
        inbox = np.ascontiguousarray(self.inbox())
        quads = self.state.first.size
        chunks, shares = np.zeros(1, np.int64), np.zeros((self.threads, 2), np.int64)
        messages, flips, pulses = [], [], []
        while chunks[0] * self.chunk < quads or (shares[:, 0] < shares[:, 1]).any():
            s.counters[:] = 0
            self.state.lend(s)
            self._with_threads(
                day_kernels.live, self.tables, self.graph, self.state.world, self.planes, s, inbox, chunks,
                self.chunk, shares, t, plan.is_first(t), plan.month(t), self.bulletin(t), last_phase,
            )  # fmt: skip
            for k in range(self.threads):
                messages.append(s.out[k, : s.counters[k, N_OUT]].copy())
                flips.append(s.flips[k, : s.counters[k, N_FLIPS]].copy())
                pulses.append(s.pulses[k, : s.counters[k, N_PULSES]].copy())
        return messages, np.sort(np.concatenate(flips)), np.sort(np.concatenate(pulses))

    def _deliver(self, messages: list[np.ndarray]) -> None:
        """Put messages into the calendar by the day they are due, and forget those of today."""
        self._calendar.pop(self.t, None)
        self._post(np.concatenate(messages))

    def _post(self, rows: np.ndarray) -> None:
        """Put messages into the calendar by the day they are due."""
        for due in np.unique(rows[:, 0]).tolist():
            self._calendar.setdefault(due, []).append(rows[rows[:, 0] == due])

    def _exchange(self, t: int, flips: np.ndarray, pulses: np.ndarray, flows: np.ndarray) -> None:
        """Let friends and chat members see what was published today; on the 1st cut ties before."""
        month = self.plan.month(t)
        if self.plan.is_first(t):
            self._cut_ties(month, flips, flows)
        signs = self._signs(flips)
        for ids, found, counts in self._friends_of(flips, month):
            tie_kernels.add_steps(self.state.core["low_friends"], found, counts, signs[: ids.size])
            signs = signs[ids.size :]
        learn = self.plan.learn
        for _, found, counts in self._friends_of(pulses if learn.friend else pulses[:0], month):
            self._raise_risk(found, counts, learn.friend)
        for found, counts in self._chat_of(pulses if learn.chat else pulses[:0]):
            self._raise_risk(found, counts, learn.chat)

    def risks_of_night(self) -> np.ndarray:
        """Return the cells of the day's stocks where what is seen overnight is added, (workers, provinces, groups)."""
        return self._scratch["stocks"][:, :, :, STOCK["risk_sum"]]

    def _raise_risk(self, found: np.ndarray, counts: np.ndarray, weight: int) -> None:
        """Raise the risk that friends or chat members of the punished perceive."""
        risks = self.risks_of_night()
        shares = risks if counts.size >= FEW else risks[:1]
        self._with_threads(
            tie_kernels.add_risk, self.tables, self.state.core, self.planes, found, counts, weight, shares
        )

    def _friends_of(self, ids: np.ndarray, month: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield batches of (ids, their uncut friends, how many)."""
        for start in range(0, ids.size, BATCH):
            batch = ids[start : start + BATCH]
            found = self._found(batch.size, MOST_FRIENDS)
            counts = np.zeros(batch.size, np.int64)
            look_up = tie_kernels.gather_few_friends if batch.size < FEW else tie_kernels.gather_friends
            self._with_threads(
                look_up,
                self.tables,
                self.graph,
                self.state.world,
                batch,
                month,
                True,
                found,
                counts,
                self._rooms,
            )
            yield batch, found, counts

    def _chat_of(self, ids: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield batches of (other chat members, how many)."""
        width = 1 + sum(max(c.sizes) for c in self.plan.ties.circles if c.chat)
        for start in range(0, ids.size, BATCH):
            batch = ids[start : start + BATCH]
            found = self._found(batch.size, width)
            counts = np.zeros(batch.size, np.int64)
            look_up = tie_kernels.gather_few_chat if batch.size < FEW else tie_kernels.gather_chat
            self._with_threads(look_up, self.tables, batch, found, counts, self._rooms)
            yield found, counts

    def _found(self, rows: int, width: int) -> np.ndarray:
        """Return room for what a batch of citizens is tied to, (rows, width); used again for every batch."""
        if self._room.size < rows * width:
            self._room = np.empty(rows * width, np.int64)
        return self._room[: rows * width].reshape(rows, width)

    def _signs(self, flips: np.ndarray) -> np.ndarray:
        """Return 1 for each citizen whose flag went up, -1 for each whose flag went down."""
        up = self.state.core["marks"][flips // BLOCK, flips % BLOCK] & MARK_FLAG
        return np.where(up, 1, -1).astype(np.int64)

    def _flagged(self) -> np.ndarray:
        """Return the citizens whose flag is published, ascending."""
        found = np.empty(list_flagged(self.state.core, np.empty(0, np.int64)), np.int64)
        list_flagged(self.state.core, found)
        return found

    def _count_friends(self, month: int) -> None:
        """Count flagged friends, before day 0; from then on the counts follow flips and cuts."""
        for ids, found, counts in self._friends_of(self._flagged(), month):
            tie_kernels.add_steps(self.state.core["low_friends"], found, counts, np.ones(ids.size, np.int64))

    def _cut_ties(self, month: int, flips: np.ndarray, flows: np.ndarray) -> None:
        """On the 1st: cut ties to those flagged before today's flips, then write the flags into the history."""
        self.state.core["marks"][flips // BLOCK, flips % BLOCK] ^= MARK_FLAG
        flagged = self._flagged()
        if self.plan.ties.cut_threshold:
            self._let_friends_cut(month, flagged, flows)
        self.note_history(month)
        self.state.core["marks"][flips // BLOCK, flips % BLOCK] ^= MARK_FLAG

    def _let_friends_cut(self, month: int, flagged: np.ndarray, flows: np.ndarray) -> None:
        """Cut ties to the flagged, and count each at the citizen who cut it."""
        where = self._flow_index["ties_cut"]
        cut = np.zeros((self.threads, *flows.shape[:2]), np.int64)
        for start in range(0, flagged.size, BATCH):
            ids = flagged[start : start + BATCH]
            found = self._found(ids.size, MOST_FRIENDS)
            counts = np.zeros(ids.size, np.int64)
            self._with_threads(
                tie_kernels.gather_friends,
                self.tables,
                self.graph,
                self.state.world,
                ids,
                month,
                False,
                found,
                counts,
                self._rooms,
            )
            self._with_threads(
                tie_kernels.cut_ties,
                self.tables,
                self.state.world,
                self.planes,
                ids,
                found,
                counts,
                month,
                cut,
            )
        flows[:, :, where] += cut.sum(axis=0)

    def _companies(self, t: int, flows: np.ndarray) -> None:
        """Live the companies' day."""
        out = np.zeros((self.company["company_until"].size + 1, 5), np.int64)
        n = companies(
            self.tables,
            self.company["company_until"],
            self.company["company_ever"],
            self.planes,
            np.empty(self.company["company_until"].size, np.uint64),
            flows,
            t,
            out,
        )
        self._calendar.setdefault(t + 1, []).append(out[:n].copy())

    def _census(self) -> np.ndarray:
        """Count the people."""
        people = self.plan.population
        shape = (self.threads, len(people.province_names), len(people.group_names), len(self.stock_names))
        stocks = np.zeros(shape, np.int64)
        self._with_threads(census, self.tables, self.state.world, self.planes, stocks)
        return stocks.sum(axis=0)

    def _running_stocks(self) -> np.ndarray:
        """Return the stocks of the evening: those of the morning and what the day changed."""
        groups, names = len(self.plan.population.group_names), len(self.stock_names)
        today = self._scratch["stocks"][:, : self.stocks.shape[0], :groups, :names].sum(axis=0)
        risks = today[..., STOCK["risk_sum"]].copy()
        today += self.stocks
        today[..., STOCK["risk_sum"]] = risks
        return today

    def _flows(self) -> np.ndarray:
        """Return the flows of the day, summed over the workers."""
        groups = len(self.plan.population.group_names)
        return self._scratch["flows"][:, :, :groups, : len(self.flow_names)].sum(axis=0)

    def note_history(self, month: int) -> None:
        """Note who is flagged on this 1st."""
        progress = np.zeros(self.threads, np.int64)
        while (progress >= 0).any():
            self.state.lend(self._scratch)
            self._with_threads(note_history, self.state.world, self._scratch, progress, month)

    def _settle(self) -> None:
        """Make the state before day 0."""
        progress = np.zeros(self.threads, np.int64)
        while (progress >= 0).any():
            self.state.lend(self._scratch)
            self._with_threads(settle, self.tables, self.state.world, self.planes, self._scratch, progress)

    def _with_threads(self, function: Callable[..., None], *arguments: object) -> None:
        """Call a parallel kernel on the engine's number of threads."""
        before = numba.get_num_threads()
        numba.set_num_threads(self.threads)
        try:
            function(*arguments)
        finally:
            numba.set_num_threads(before)
