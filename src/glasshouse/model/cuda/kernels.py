"""What is launched on a device: thread k is worker k, and calls what the workers of the processor call.

`TWINS` says to which loop over workers a kernel is the twin; the kernels below it gather on the device what the
processor finds in its own memory. Every kernel takes its arguments as one tuple: there the simulator leaves arrays
as they are, so that a compiled function can be called with them.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from numba import config, cuda
from numba.core.errors import NumbaPerformanceWarning

from glasshouse.model import day
from glasshouse.model.cuda import lanes  # noqa: F401 - tells numba-cuda what lanes.py and claims.py compile to
from glasshouse.model.kernels import census as census_of
from glasshouse.model.kernels import companies, crowd, degrees, pages, settle, ties
from glasshouse.model.kernels.draw import I64, S32, ZERO, U, kernel
from glasshouse.model.kernels.scratch import N_FLIPS, N_OUT, N_PULSES, OUT_COLUMNS
from glasshouse.model.layout import BEHAVIOURS, LISTS, N_RARE, SLOTS
from glasshouse.society.columns import BLOCK, MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Callable

# Small arrays travel with a launch and small societies leave a device idle; neither is worth a word to the user.
warnings.filterwarnings("ignore", category=NumbaPerformanceWarning)

# Threads of a block: one warp, so that blocks spread over the device. Uncompiled workers must not meet in `claim`.
WARP = 1 if config.DISABLE_JIT else 32


def launch(function: Any, workers: int, arguments: tuple[Any, ...]) -> None:
    """Let `workers` threads of the device, and some that find nothing to do, do something; wait for them."""
    function[workers // WARP + 1, WARP](arguments)
    cuda.synchronize()


# ---------------------------------------------------------------- twins of loops over workers


@cuda.jit
def settle_all(arguments):
    """Twin of settle.settle."""
    tables, world, planes, scratch, progress = arguments
    k, workers = cuda.grid(1), progress.size
    if k < workers and progress[k] >= 0:
        progress[k] = settle.settle_share(tables[0], world, planes, scratch[k], k, workers, progress[k])


@cuda.jit
def live_all(arguments):
    """Twin of day.live."""
    tables, world, planes, scratch, inbox, chunks, chunk, shares, t, first, bulletin, last_phase = arguments
    k = cuda.grid(1)
    if k < shares.shape[0]:
        day.live_share(
            tables[0], world, planes, scratch[k], inbox, chunks, chunk, shares[k], t, first, bulletin, last_phase
        )  # fmt: skip


@cuda.jit
def note_history_all(arguments):
    """Twin of pages.note_history."""
    world, scratch, others, progress, month = arguments
    k, workers = cuda.grid(1), progress.size
    if k < workers and progress[k] >= 0:
        progress[k] = pages.note_share(world, scratch[k], others, k, workers, progress[k], month)


@cuda.jit
def degrees_all(arguments):
    """Twin of degrees.degrees."""
    tables, graph, world, planes, scratch, month, rows, starts, counts = arguments
    k, workers = cuda.grid(1), counts.size
    if k < workers:
        counts[k] = degrees.degrees_of_share(
            tables[0], graph, world, planes, scratch[k], k, workers, month, rows, starts[k]
        )  # fmt: skip


@cuda.jit
def add_steps_all(arguments):
    """Twin of crowd.add_steps."""
    world, ids, step, workers = arguments
    k = cuda.grid(1)
    if k < workers:
        low, high = pages.share_of(world, k, workers)
        start, end = crowd.first_at_least(ids, 256 * low), crowd.first_at_least(ids, 256 * high)
        crowd.add_step_between(world[0], ids, start, end, step)


@cuda.jit
def add_risk_all(arguments):
    """Twin of crowd.add_risk."""
    tables, world, planes, ids, weight, risks = arguments
    k, workers = cuda.grid(1), risks.shape[0]
    if k < workers:
        low, high = pages.share_of(world, k, workers)
        start, end = crowd.first_at_least(ids, 256 * low), crowd.first_at_least(ids, 256 * high)
        crowd.add_risk_between(tables[0], world[0], planes, ids, start, end, weight, risks[k])


@cuda.jit
def cut_ties_all(arguments):
    """Twin of crowd.cut_ties."""
    tables, world, planes, ids, months, pairs, month, cut = arguments
    k, workers = cuda.grid(1), cut.shape[0]
    if k < workers:
        low, high = pages.share_of(world, k, workers)
        start = crowd.first_at_least(pairs, U(256 * low) << S32)
        end = crowd.first_at_least(pairs, U(256 * high) << S32)
        crowd.cut_between(tables[0], world, planes, ids, months, pairs, start, end, month, cut[k])


@cuda.jit
def friends_of_all(arguments):
    """Twin of ties.friends_of_all."""
    tables, graph, world, ids, month, uncut, found, counts, room = arguments
    k, workers = cuda.grid(1), room.shape[0]
    if k < workers:
        for q in range(k * ids.size // workers, (k + 1) * ids.size // workers):
            counts[q] = ties.friends_of(tables, graph, world, ids[q], month, uncut, found[q], room[k])


@cuda.jit
def chat_of_all(arguments):
    """Twin of ties.chat_of_all."""
    tables, ids, found, counts, room = arguments
    k, workers = cuda.grid(1), room.shape[0]
    if k < workers:
        for q in range(k * ids.size // workers, (k + 1) * ids.size // workers):
            counts[q] = ties.chat_members(tables[0], ids[q], found[q], room[k])


@cuda.jit
def census_all(arguments):
    """Twin of census.census."""
    tables, world, planes, stocks = arguments
    k, workers = cuda.grid(1), stocks.shape[0]
    if k < workers:
        low, high = pages.share_of(world, k, workers)
        for block in range(4 * low, min(4 * high, planes.shape[0])):
            census_of.census_block(tables[0], world[0][block], planes, stocks[k], block)
        census_of.count_spells(tables[0], world, planes, stocks[k], k, workers)


@cuda.jit
def concerned_all(arguments):
    """Twin of companies.concerned."""
    tables, until, t, masks, draws = arguments
    k, workers = cuda.grid(1), draws.shape[0]
    if k < workers:
        for block in range(k * masks.size // workers, (k + 1) * masks.size // workers):
            masks[block] = companies.concerned_of(tables[0], until, t, 64 * block, draws[k])


TWINS: dict[Callable[..., None], Any] = {
    settle.settle: settle_all,
    day.live: live_all,
    pages.note_history: note_history_all,
    degrees.degrees: degrees_all,
    crowd.add_steps: add_steps_all,
    crowd.add_risk: add_risk_all,
    crowd.cut_ties: cut_ties_all,
    ties.gather_friends: friends_of_all,
    ties.gather_few_friends: friends_of_all,
    ties.gather_chat: chat_of_all,
    ties.gather_few_chat: chat_of_all,
    census_of.census: census_all,
    companies.concerned: concerned_all,
}

# ---------------------------------------------------------------- scratch


@cuda.jit
def tidy_all(arguments):
    """Make fresh scratch, which holds anything, fit for use."""
    (scratch,) = arguments
    k = cuda.grid(1)
    if k < scratch.shape[0]:
        tidy(scratch[k])


@kernel
def tidy(s):
    """Empty what a worker must find empty; all else is written before it is read."""
    s.n_free[0] = 0
    for four in range(4):
        s.n_hits[four] = 0
        for slot in range(SLOTS):
            s.stood[four, slot] = ZERO
    for j in range(BLOCK):
        for v in range(N_RARE):
            s.rare[j, v] = 0
        for b in range(BEHAVIOURS):
            s.lost[b, j] = 0
            s.sanction[b, j] = 0
        for row in range(3 * BEHAVIOURS):
            s.records[row, j] = 0
        for k in range(LISTS):
            s.files[k, j] = 0


@cuda.jit
def begin_all(arguments):
    """Set what the workers count on a day to 0."""
    scratch, provinces, groups, flows, stocks = arguments
    k = cuda.grid(1)
    if k < scratch.shape[0]:
        begin(scratch[k], provinces, groups, flows, stocks)


@kernel
def begin(s, provinces, groups, flows, stocks):
    """Set what a worker counts to 0."""
    for p in range(provinces):
        for g in range(groups):
            for x in range(flows):
                s.flows[p, g, x] = 0
            for x in range(stocks):
                s.stocks[p, g, x] = 0


@cuda.jit
def add_up_all(arguments):
    """Add up what the workers counted: thread k those of one province and group."""
    scratch, flows, stocks = arguments
    k, groups = cuda.grid(1), flows.shape[1]
    if k < flows.shape[0] * groups:
        add_up(scratch, k // groups, k % groups, flows, stocks)


@kernel
def add_up(scratch, p, g, flows, stocks):
    """Add up the counts of one province and group over the workers."""
    for k in range(scratch.shape[0]):
        for x in range(flows.shape[2]):
            flows[p, g, x] += scratch[k].flows[p, g, x]
        for x in range(stocks.shape[2]):
            stocks[p, g, x] += scratch[k].stocks[p, g, x]


# ---------------------------------------------------------------- what crosses


@cuda.jit
def count_outgoing(arguments):
    """Raise totals by how many messages, flips and pulses each worker has ready, and give each its places in `at`."""
    scratch, totals, at = arguments
    k = cuda.grid(1)
    if k < scratch.shape[0]:
        at[k, 0] = cuda.atomic.add(totals, 0, scratch[k].counters[N_OUT])
        at[k, 1] = cuda.atomic.add(totals, 1, scratch[k].counters[N_FLIPS])
        at[k, 2] = cuda.atomic.add(totals, 2, scratch[k].counters[N_PULSES])


@cuda.jit
def gather_outgoing(arguments):
    """Copy the messages, flips and pulses of each worker to its places."""
    scratch, at, messages, flips, pulses = arguments
    k = cuda.grid(1)
    if k < scratch.shape[0]:
        gather(scratch[k], at[k], messages, flips, pulses)


@kernel
def gather(s, at, messages, flips, pulses):
    """Copy what one worker has ready."""
    for q in range(s.counters[N_OUT]):
        for column in range(OUT_COLUMNS):
            messages[at[0] + q, column] = s.out[q, column]
    for q in range(s.counters[N_FLIPS]):
        flips[at[1] + q] = s.flips[q]
    for q in range(s.counters[N_PULSES]):
        pulses[at[2] + q] = s.pulses[q]


# ---------------------------------------------------------------- flags and histories


@cuda.jit
def flags_of(arguments):
    """Fill out[q] with 1 where the flag of citizen ids[q] is published, else 0."""
    core, ids, out = arguments
    for q in range(cuda.grid(1), ids.size, cuda.gridsize(1)):
        out[q] = I64(core[ids[q] >> 6].marks[ids[q] & 63]) & MARK_FLAG


@cuda.jit
def turn_flags(arguments):
    """Turn the published flag of every citizen of distinct ids."""
    core, ids = arguments
    for q in range(cuda.grid(1), ids.size, cuda.gridsize(1)):
        core[ids[q] >> 6].marks[ids[q] & 63] ^= MARK_FLAG


@cuda.jit
def histories(arguments):
    """Twin of crowd.histories."""
    world, ids, out = arguments
    for q in range(cuda.grid(1), ids.size, cuda.gridsize(1)):
        out[q] = ties.history_of(world, ids[q])


@cuda.jit
def flagged_all(arguments):
    """Twin of pages.list_flagged: count the flagged of each worker's share, or list them from starts[k] on."""
    world, out, starts, counts = arguments
    k, workers = cuda.grid(1), counts.size
    if k < workers:
        counts[k] = pages.list_share(world, out, starts[k], k, workers)
