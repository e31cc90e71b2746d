"""One part of a society: a range of citizens that lives its days, and what crosses its border.

A whole society is one part. Several parts, in one process or in many, come to the same bits: between them go only
messages, flips of flags, punishments, those flagged on a 1st, and whom these concern. `model.engine` carries that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from glasshouse.model import day as day_kernels
from glasshouse.model.flows import flow_names
from glasshouse.model.kernels import crowd as crowd_kernels
from glasshouse.model.kernels import degrees as degree_kernels
from glasshouse.model.kernels import ties as tie_kernels
from glasshouse.model.kernels.census import census, histogram
from glasshouse.model.kernels.companies import concerned
from glasshouse.model.kernels.pages import list_flagged, note_history
from glasshouse.model.kernels.scratch import N_FLIPS, N_OUT, N_PULSES, QUADS, make_scratch
from glasshouse.model.kernels.settle import settle
from glasshouse.model.layout import (
    BY_FRIENDS,
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_FACTORS,
    P_MIN_SHARE32,
    P_SCORE,
    STOCK,
    WEIGHTED,
    X_KIND,
)
from glasshouse.model.pack import pack, pack_graph
from glasshouse.model.state import State
from glasshouse.model.stocks import stock_names
from glasshouse.society.columns import BLOCK, MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from glasshouse.model.plan import Plan

LAST_PHASE = len(day_kernels.PHASES)
BATCH = 4096  # citizens whose ties are looked up at once
MOST_FRIENDS = 256  # columns of a batch; a scenario may have one less
FEW = 32  # below this one thread looks them up
FEW_SEEING = 512  # below this one thread tells them


@dataclass(frozen=True)
class Outgoing:
    """What a part's day sends to the others.

    Attributes:
        messages: (k, 5) int64: due, target, kind, arg, value.
        flips: Citizens whose flag flipped, ascending.
        pulses: Citizens who were punished, ascending.
        flows: Counts of the day, (provinces, groups, names) int64.
    """

    messages: np.ndarray
    flips: np.ndarray
    pulses: np.ndarray
    flows: np.ndarray


@dataclass(frozen=True)
class Ties:
    """Whom some citizens are tied to.

    Attributes:
        ids: The citizens, (k,) int64.
        found: found[q, : counts[q]] are those tied to ids[q], repeats kept.
        counts: How many, (k,) int64.
    """

    ids: np.ndarray
    found: np.ndarray
    counts: np.ndarray


class Part:
    """The citizens of a range of quads.

    Args:
        plan: What is lived.
        threads: Threads.
        chunk_quads: Quads of 256 citizens that a thread takes at once; None: as many as suit the size.
        number: Number of this part.
        parts: How many there are.
        beside: Another part of the same plan in this process, whose tables are used again.
    """

    def __init__(
        self,
        plan: Plan,
        threads: int = 2,
        chunk_quads: int | None = None,
        number: int = 0,
        parts: int = 1,
        beside: Part | None = None,
    ) -> None:
        self.plan = plan
        self.tables = beside.tables if beside else pack(plan)
        self.graph = beside.graph if beside else pack_graph(plan)
        self.threads = max(1, min(threads, numba.config.NUMBA_NUM_THREADS))
        self._make_state(number, parts)
        self.chunk = chunk_quads or suitable_chunk(self.quads, self.threads)
        people = plan.population
        self._names = flow_names(plan), stock_names(plan)
        self._places = len(people.province_names), len(people.group_names)
        self._room = np.empty(0, np.int64)
        self._rooms = np.empty((self.threads, 4, 64), np.uint64)

    def _make_state(self, number: int, parts: int) -> None:
        """Make the state and the workers' scratch."""
        self.state = State(self.plan.citizens, number, parts)
        self._scratch = make_scratch(self.threads)
        self._plain = self._scratch.view(np.ndarray)  # finds a field ten times faster than a record array

    @property
    def quads(self) -> int:
        """How many quads the part has."""
        return int(self.state.span[1] - self.state.span[0])

    # The day

    def settle(self) -> None:
        """Make the state before day 0, apart from friends."""
        progress = np.zeros(self.threads, np.int64)
        while (progress >= 0).any():
            self.state.lend(self._plain)
            self._with_threads(
                settle, self.tables, self.state.world, self.state.planes, self._scratch, progress
            )

    def live(self, t: int, inbox: np.ndarray, bulletin: int, last_phase: int = LAST_PHASE) -> Outgoing:
        """Run the phases of day t; `inbox` holds the messages due, sorted by target."""
        self._begin_day()
        inbox = self._with_degrees(inbox, t)
        chunks, shares = np.zeros(1, np.int64), np.zeros((self.threads, 2), np.int64)
        messages, flips, pulses = [np.zeros((0, 5), np.int64)], [], []
        while chunks[0] * self.chunk < self.quads or (shares[:, 0] < shares[:, 1]).any():
            self._plain["counters"][:] = 0
            self.state.lend(self._plain)
            self._with_threads(
                day_kernels.live, self.tables, self.state.world, self.state.planes, self._scratch, inbox, chunks,
                self.chunk, shares, t, self.plan.is_first(t), bulletin, last_phase,
            )  # fmt: skip
            for rows, flipped, punished in self._collected():
                messages.append(rows)
                flips.append(flipped)
                pulses.append(punished)
        return Outgoing(np.concatenate(messages), joined(flips), joined(pulses), self._flows())

    def _begin_day(self) -> None:
        """Set the counts of the day to 0."""
        flows, stocks = self._counted
        flows[:] = 0
        stocks[:] = 0

    def _collected(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield copies of the messages, flips and pulses that the workers have ready, in any order."""
        plain, counters = self._plain, self._plain["counters"]
        for k in range(self.threads):
            yield (
                plain["out"][k, : counters[k, N_OUT]].copy(),
                plain["flips"][k, : counters[k, N_FLIPS]].copy(),
                plain["pulses"][k, : counters[k, N_PULSES]].copy(),
            )

    def _with_degrees(self, inbox: np.ndarray, t: int) -> np.ndarray:
        """Return the inbox with what today's scores must know of ties, sorted by target."""
        first = self.plan.is_first(t)
        if not asks_degrees(self.tables[0], first_of_month=first):
            return inbox
        # until the evening of the 1st ties stand as in the month before
        both = np.concatenate((inbox, self.degrees(self.plan.month(t) - first)))
        return both[np.argsort(both[:, 1], kind="stable")]

    def degrees(self, month: int) -> np.ndarray:
        """Return messages that tell members with a flagged friend how many uncut friends they have, (k, 5) int64."""
        counts, rows = np.zeros(self.threads, np.int64), np.zeros((0, 5), np.int64)
        for _ in range(2):  # count, then fill
            starts = np.cumsum(counts) - counts
            rows = np.zeros((int(counts.sum()), 5), np.int64)
            self._with_threads(
                degree_kernels.degrees, self.tables, self.graph, self.state.world, self.state.planes, self._scratch,
                month, rows, starts, counts,
            )  # fmt: skip
        return rows

    def evening(self) -> np.ndarray:
        """Return what the day and the night changed of each stock, and the sum of risks itself."""
        return self._counted[1].sum(axis=0)

    # The night of a 1st

    def begin_first(self, flips: np.ndarray) -> np.ndarray:
        """Take today's flips back until `end_first`; return who was flagged before them, ascending."""
        self._turn_flags(flips)
        return self.flagged()

    def histories(self, ids: np.ndarray) -> np.ndarray:
        """Return the months in which citizens were flagged on the 1st, (k,) uint16."""
        out = np.empty(ids.size, np.uint16)
        crowd_kernels.histories(self.state.world, ids, out)
        return out

    def cut(self, ids: np.ndarray, months: np.ndarray, pairs: np.ndarray, month: int) -> np.ndarray:
        """Let the part's friends of flagged citizens cut ties; return the cuts by (province, group).

        `pairs` are friend << 32 | place in `ids`, ascending; `months` are the histories of `ids`.
        """
        cut = np.zeros((self.threads, *self._places), np.int64)
        self._with_threads(
            crowd_kernels.cut_ties, self.tables, self.state.world, self.state.planes, ids, months, pairs, month, cut,
        )  # fmt: skip
        return cut.sum(axis=0)

    def end_first(self, flips: np.ndarray, flagged: np.ndarray, month: int) -> None:
        """Note in everybody's history who is flagged on this 1st, and put today's flips back.

        `flagged` are those of all parts; the part's own it knows itself.
        """
        whole = self.state.span[1] - self.state.span[0] == self.state.first.size
        others = np.zeros(0 if whole else self.state.core.size, np.uint64)
        if not whole:
            np.bitwise_or.at(others, flagged // BLOCK, np.uint64(1) << (flagged % BLOCK).astype(np.uint64))
        progress = np.zeros(self.threads, np.int64)
        while (progress >= 0).any():
            self.state.lend(self._plain)
            self._with_threads(note_history, self.state.world, self._scratch, others, progress, month)
        self._turn_flags(flips)

    def _turn_flags(self, ids: np.ndarray) -> None:
        """Turn the published flags of distinct citizens."""
        self.state.core["marks"][ids // BLOCK, ids % BLOCK] ^= MARK_FLAG

    # What others see, and how it reaches the part's own

    def friends_of(self, ids: np.ndarray, month: int, *, uncut: bool = True) -> Iterator[Ties]:
        """Yield the friends of some citizens, all or the uncut ones, a few thousand at once.

        The room of one batch is used again for the next.
        """
        for start in range(0, ids.size, BATCH):
            batch = ids[start : start + BATCH]
            found, counts = self._found(batch.size, MOST_FRIENDS), np.zeros(batch.size, np.int64)
            look_up = tie_kernels.gather_few_friends if batch.size < FEW else tie_kernels.gather_friends
            self._with_threads(
                look_up, self.tables, self.graph, self.state.world, batch, month, uncut, found, counts, self._rooms
            )  # fmt: skip
            yield Ties(batch, found, counts)

    def chat_of(self, ids: np.ndarray) -> Iterator[Ties]:
        """Yield the other members of the chats of some citizens, a few thousand at once."""
        width = 1 + sum(max(c.sizes) for c in self.plan.ties.circles if c.chat)
        for start in range(0, ids.size, BATCH):
            batch = ids[start : start + BATCH]
            found, counts = self._found(batch.size, width), np.zeros(batch.size, np.int64)
            look_up = tie_kernels.gather_few_chat if batch.size < FEW else tie_kernels.gather_chat
            self._with_threads(look_up, self.tables, batch, found, counts, self._rooms)
            yield Ties(batch, found, counts)

    def see_flags(self, ids: np.ndarray, step: int) -> None:
        """Add 1 or -1 to the flagged friends of the part's citizens among ascending ids, as often as named."""
        workers = self.threads if ids.size >= FEW_SEEING else 1
        self._with_threads(crowd_kernels.add_steps, self.state.world, ids, step, workers)

    def see_punished(self, ids: np.ndarray, weight: int) -> None:
        """Raise the risk that the part's citizens among ascending ids perceive, as often as named."""
        risks = self.risks_of_night()
        shares = risks if ids.size >= FEW_SEEING else risks[:1]
        self._with_threads(
            crowd_kernels.add_risk, self.tables, self.state.world, self.state.planes, ids, weight, shares
        )

    def signs(self, flips: np.ndarray) -> np.ndarray:
        """Return 1 for each citizen whose flag went up, -1 for each whose flag went down."""
        up = self.state.core["marks"][flips // BLOCK, flips % BLOCK] & MARK_FLAG
        return np.where(up, 1, -1).astype(np.int64)

    def flagged(self) -> np.ndarray:
        """Return the part's citizens whose flag is published, ascending."""
        counts, found = np.zeros(self.threads, np.int64), np.zeros(0, np.int64)
        for _ in range(2):  # count, then fill
            starts = np.cumsum(counts) - counts
            found = np.zeros(int(counts.sum()), np.int64)
            self._with_threads(list_flagged, self.state.world, found, starts, counts)
        return found

    def risks_of_night(self) -> np.ndarray:
        """Return the cells of the day's stocks where what is seen overnight is added, (workers, provinces, groups)."""
        return self._plain["stocks"][:, :, :, STOCK["risk_sum"]]

    # What is asked of it

    def census(self) -> np.ndarray:
        """Count the people: (provinces, groups, stocks) int64."""
        stocks = np.zeros((self.threads, *self._places, len(self._names[1])), np.int64)
        self._with_threads(census, self.tables, self.state.world, self.state.planes, stocks)
        return stocks.sum(axis=0)

    def histogram(self, floor: int, size: int) -> np.ndarray:
        """Count members by province and score from `floor` on, (provinces, size) int64."""
        out = np.zeros((self.threads, self._places[0], size), np.int64)
        self._with_threads(histogram, self.tables, self.state.world, self.state.planes, floor, out)
        return out.sum(axis=0)

    def degree(self, citizen: int, month: int) -> int:
        """Return the number of uncut friends of a citizen."""
        found, room = np.zeros(512, np.int64), self._rooms[0]
        world = self.state.world
        return int(tie_kernels.uncut_friends(self.tables[0], self.graph, world, citizen, month, found, room))

    def seek_companies(self, until: np.ndarray, t: int, masks: np.ndarray) -> None:
        """Fill masks with the companies, 64 a word, that are listed or in default on day t."""
        self._with_threads(
            concerned, self.tables, until, t, masks, np.empty((self.threads, BLOCK), np.uint64)
        )

    def _found(self, rows: int, width: int) -> np.ndarray:
        """Return room for what a batch of citizens is tied to, (rows, width); used again for every batch."""
        if self._room.size < rows * width:
            self._room = np.empty(rows * width, np.int64)
        return self._room[: rows * width].reshape(rows, width)

    def _flows(self) -> np.ndarray:
        """Return the flows of the day, summed over the workers."""
        return self._counted[0].sum(axis=0)

    @property
    def _counted(self) -> tuple[np.ndarray, np.ndarray]:
        """The day's flows and changes of stocks: (workers, provinces, groups, names) of what the plan has."""
        provinces, groups = self._places
        return (
            self._plain["flows"][:, :provinces, :groups, : len(self._names[0])],
            self._plain["stocks"][:, :provinces, :groups, : len(self._names[1])],
        )

    def _with_threads(self, function: Callable[..., None], *arguments: object) -> None:
        """Call a parallel kernel on the part's number of threads."""
        before = numba.get_num_threads()
        if before == self.threads:  # setting takes longer than a small kernel
            function(*arguments)
            return
        numba.set_num_threads(self.threads)
        try:
            function(*arguments)
        finally:
            numba.set_num_threads(before)


def asks_degrees(tables: np.void, *, first_of_month: bool) -> bool:
    """Say whether somebody's score depends today on how many friends they have."""
    scalars = tables["scalars"]
    if scalars[P_SCORE] == WEIGHTED:
        return first_of_month and bool((tables["factors"][: scalars[P_FACTORS], X_KIND] == BY_FRIENDS).any())
    due = first_of_month or scalars[P_ASSOCIATION_DAILY]
    return bool(due and scalars[P_ASSOCIATION_POINTS] and scalars[P_MIN_SHARE32] >= 0)


def joined(ids: list[np.ndarray]) -> np.ndarray:
    """Return citizens in one array, ascending."""
    return np.sort(ids[0] if len(ids) == 1 else np.concatenate(ids)) if ids else np.zeros(0, np.int64)


def suitable_chunk(quads: int, workers: int) -> int:
    """Return as many quads as a worker sifts at once, or fewer, so that each takes several chunks."""
    return max(1, min(QUADS, quads // (4 * workers)))
