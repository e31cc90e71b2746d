"""A part of a society whose state lies on a device and whose citizens live there.

It differs from `model.part` in who does the work, in nothing else: workers are threads of the device; what each has
ready to send is counted, given its places and put in order, so that which worker it was means nothing. What stays on
the machine is the post, the order of crowds, companies' messages, and the one count of scores a month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import cuda

from glasshouse.model.cuda import kernels
from glasshouse.model.cuda.held import Held
from glasshouse.model.kernels.scratch import SCRATCH
from glasshouse.model.layout import STOCK
from glasshouse.model.part import Part
from glasshouse.model.state import State
from glasshouse.society.columns import MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from glasshouse.model.plan import Plan

__all__ = ["DevicePart"]

MOST_WORKERS = 4096
FREE_SHARE = 4  # one part in so many of the memory that is free goes to the scratch of workers


class DevicePart(Part):
    """The citizens of a range of quads, on a device. The arguments are those of Part; `threads` means nothing here."""

    def __init__(
        self,
        plan: Plan,
        threads: int = 2,
        chunk_quads: int | None = None,
        number: int = 0,
        parts: int = 1,
        beside: Part | None = None,
    ) -> None:
        self.held = beside.held if isinstance(beside, DevicePart) else Held()
        super().__init__(plan, threads, chunk_quads, number, parts, beside)
        if beside is None:
            self.tables = self.held.copy(self.tables)
            self.graph = self.held.copy(self.graph[0]), self.held.copy(self.graph[1])
        self._night = np.zeros((self.threads, *self._places), np.int64)  # risks, by worker

    def _make_state(self, number: int, parts: int) -> None:
        """Make the state and the scratch of as many workers as there is memory and work for."""
        self.state = State(self.plan.citizens, number, parts, self.held.zeros)
        self.threads = workers_for(self.quads)
        self._scratch = self.held.empty(self.threads, SCRATCH).view(np.recarray)
        self._plain = self._scratch.view(np.ndarray)
        self._launch(kernels.tidy_all, self.threads, self._scratch)

    # The day

    def _begin_day(self) -> None:
        """Set the counts of the day to 0."""
        sizes = (*self._places, *map(len, self._names))
        self._launch(kernels.begin_all, self.threads, self._scratch, *sizes)
        self._night[:] = 0

    def _collected(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield the messages, flips and pulses that the workers have ready, each in order."""
        totals, at = np.zeros(3, np.int64), np.zeros((self.threads, 3), np.int64)
        self._launch(kernels.count_outgoing, self.threads, self._scratch, totals, at)
        messages = np.zeros((int(totals[0]), 5), np.int64)
        flips, pulses = np.zeros(int(totals[1]), np.int64), np.zeros(int(totals[2]), np.int64)
        self._launch(kernels.gather_outgoing, self.threads, self._scratch, at, messages, flips, pulses)
        yield messages[np.lexsort(messages.T[::-1])], np.sort(flips), np.sort(pulses)

    def _flows(self) -> np.ndarray:
        """Return the flows of the day, summed over the workers."""
        return self._summed()[0]

    def evening(self) -> np.ndarray:
        """Return what the day and the night changed of each stock, and the sum of risks itself."""
        stocks = self._summed()[1]
        stocks[:, :, STOCK["risk_sum"]] += self._night.sum(axis=0)
        return stocks

    def _summed(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the flows and the changes of stocks that the workers counted, summed over them."""
        flows, stocks = (np.zeros((*self._places, len(names)), np.int64) for names in self._names)
        cells = self._places[0] * self._places[1]
        self._launch(kernels.add_up_all, cells, self._scratch, flows, stocks)
        return flows, stocks

    def risks_of_night(self) -> np.ndarray:
        """Return the cells where what is seen overnight is added, (workers, provinces, groups)."""
        return self._night

    # Flags and histories

    def signs(self, flips: np.ndarray) -> np.ndarray:
        """Return 1 for each citizen whose flag went up, -1 for each whose flag went down."""
        flags = np.zeros(flips.size, np.int64)
        self._launch(kernels.flags_of, self.threads, self.state.core, flips, flags)
        return np.where(flags == MARK_FLAG, 1, -1)

    def _turn_flags(self, ids: np.ndarray) -> None:
        """Turn the published flags of distinct citizens."""
        self._launch(kernels.turn_flags, self.threads, self.state.core, ids)

    def histories(self, ids: np.ndarray) -> np.ndarray:
        """Return the months in which citizens were flagged on the 1st, (k,) uint16."""
        out = np.zeros(ids.size, np.uint16)
        self._launch(kernels.histories, self.threads, self.state.world, ids, out)
        return out

    def flagged(self) -> np.ndarray:
        """Return the part's citizens whose flag is published, ascending."""
        counts, found = np.zeros(self.threads, np.int64), np.zeros(0, np.int64)
        for _ in range(2):  # count, then list
            starts = np.cumsum(counts) - counts
            found = np.zeros(int(counts.sum()), np.int64)
            self._launch(kernels.flagged_all, self.threads, self.state.world, found, starts, counts)
        return found

    # The device

    def _with_threads(self, function: Callable[..., None], *arguments: object) -> None:
        """Launch the twin of a parallel kernel."""
        self._launch(kernels.TWINS[function], self.threads, *arguments)

    def _launch(self, function: Any, workers: int, *arguments: object) -> None:
        """Launch a kernel with the device's view of what is held there; other arrays travel there and back."""
        kernels.launch(function, workers, self.held.of_device(arguments))


def workers_for(quads: int) -> int:
    """Return how many threads of the device work at once: as many as there are quads and memory for their scratch."""
    free = cuda.current_context().get_memory_info().free  # bytes; infinite in the simulator
    return int(max(1, min(MOST_WORKERS, quads, free / FREE_SHARE / SCRATCH.itemsize)))
