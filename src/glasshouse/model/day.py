"""The order of a day. Newcomers start here; `docs/day.md` says exactly what each phase means.

A day runs block by block, 64 citizens at a time, in any order and on any number of threads:

| phase | file | what happens |
|---|---|---|
| 1 calendar | kernels/calendar.py | spells and terms end; on the 1st counts start anew |
| 2 access | kernels/access.py | identity checks; who gets online |
| 3 act | kernels/act.py | behaviours, done or withheld |
| 4 observe | kernels/observe.py | seen, passed on, caught; false alarms; records land |
| 5 score | kernels/score.py | points, association, recovery, one clamp |
| 6 list | kernels/lists.py | on and off the lists, from tomorrow |
| 7 travel | kernels/travel.py | tickets asked for and refused |
| 8 police | kernels/police.py | summons, outcome, the group's owner |
| 9 redress | kernels/redress.py | appeals |
| 10 learn | kernels/learn.py | perceived risk |
| 11 publish | kernels/publish.py | flags and punishments that others see tomorrow |

Before phase 1 a block is screened: eight shared words per decision tell which citizens may be hit at all, and
the others pass through the few lines that concern everybody (recovery, risk, flags). What lands on another
citizen goes into an outbox; `model.engine` delivers it after the day.
"""

from __future__ import annotations

import numba

from glasshouse.model.kernels.access import access
from glasshouse.model.kernels.act import act
from glasshouse.model.kernels.calendar import calendar
from glasshouse.model.kernels.draw import ALWAYS, I64, ONE, ZERO, U, at_most, block_words, kernel, lowest
from glasshouse.model.kernels.learn import learn
from glasshouse.model.kernels.lists import lists
from glasshouse.model.kernels.observe import observe
from glasshouse.model.kernels.people import PLANE_MEMBER, PLANE_ONLINE
from glasshouse.model.kernels.police import police
from glasshouse.model.kernels.publish import publish
from glasshouse.model.kernels.redress import redress
from glasshouse.model.kernels.score import score
from glasshouse.model.kernels.scratch import (
    ID_ROWS,
    M_ACTIVE,
    M_MEMBER,
    M_ONLINE,
    M_PUNISHED,
    N_ACTIVE,
    N_FLIPS,
    N_OUT,
    N_PULSES,
    OUT_ROWS,
    ROOM,
    activate,
    clean,
)
from glasshouse.model.kernels.travel import travel
from glasshouse.model.layout import (
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_CITIZENS,
    P_LOGIN_FACE,
    P_LOGIN_FROM,
    P_SCORE,
    P_SLOTS,
    WEIGHTED,
)
from glasshouse.society.columns import MARK_BORROWING, STOP_SHIFT

MARK_STOPS = I64(7 << STOP_SHIFT)
PHASES = (
    "calendar",
    "access",
    "act",
    "observe",
    "score",
    "list",
    "travel",
    "police",
    "redress",
    "learn",
    "publish",
)


@kernel
def live_block(
    tables, graph, world, planes, s, inbox, block, day, first_of_month, month, bulletin, last_phase
):
    """Run phases 1..last_phase of a day for the 64 citizens of a block."""
    state = world[block]
    base = block * 64
    rows = min(64, tables.scalars[P_CITIZENS] - base)
    first, last = messages_of(inbox, base)
    screen(tables, s, block, day)
    prepare(tables, state, planes, s, inbox, first, last, block, rows, day, first_of_month)
    calendar(tables, state, s, inbox, first, last, base, rows, day, first_of_month)
    if last_phase >= 2:
        access(tables, state, s, base, day)
    if last_phase >= 3:
        act(tables, state, s, base, day)
    if last_phase >= 4:
        observe(tables, state, s, inbox, first, last, base, day)
    if last_phase >= 5:
        ties_of = month - I64(
            first_of_month
        )  # until the evening of the 1st ties stand as in the month before
        score(
            tables,
            graph,
            world,
            state,
            planes,
            s,
            inbox,
            first,
            last,
            base,
            rows,
            day,
            first_of_month,
            ties_of,
        )
    if last_phase >= 6:
        lists(tables, state, planes, s, inbox, first, last, base, rows, day)
    if last_phase >= 7:
        travel(tables, state, s, base, day)
    if last_phase >= 8:
        police(tables, state, s, base, day)
    if last_phase >= 9:
        redress(tables, state, s, base, day)
    if last_phase >= 10:
        learn(tables, state, s, bulletin)
    if last_phase >= 11:
        publish(tables, state, planes, s, base, rows)
    clean(tables, s)


@kernel
def messages_of(inbox, base):
    """Return the range of the sorted inbox that concerns the block starting at citizen `base`."""
    return lower_bound(inbox, base), lower_bound(inbox, base + 64)


@kernel
def lower_bound(inbox, target):
    """Return the first row of the inbox whose target is at least `target`."""
    low, high = 0, inbox.shape[0]
    while low < high:
        middle = (low + high) // 2
        if inbox[middle, 1] < target:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def screen(tables, s, block, day):
    """Find out which citizens of the block each screened decision may hit."""
    slots = tables.scalars[P_SLOTS]
    block_words(tables.key, tables.slot_decisions, slots, block, day, s.words)
    at_most(s.words, tables.slot_bounds, slots, s.hits)


@kernel
def prepare(tables, state, planes, s, inbox, first, last, block, rows, day, first_of_month):
    """Find out who of the block is active, that is, needs more than the lines for everybody."""
    base = block * 64
    valid = ALWAYS if rows == 64 else (ONE << U(rows)) - ONE
    active = ZERO
    if rows < 64:
        for d in range(tables.scalars[P_SLOTS]):
            s.hits[d] &= valid
    for d in range(tables.scalars[P_SLOTS]):
        active |= s.hits[d]
    for q in range(first, last):
        active |= ONE << U(inbox[q, 1] - base)
    active |= busy(tables, state, day, first_of_month)
    s.masks[M_MEMBER] = planes[block, PLANE_MEMBER]
    s.masks[M_ONLINE] = planes[block, PLANE_ONLINE]
    s.masks[M_PUNISHED] = ZERO
    s.masks[M_ACTIVE] = ZERO
    if first_of_month and tables.scalars[P_SCORE] == WEIGHTED:
        active |= planes[block, PLANE_MEMBER]
    active &= valid
    s.counters[N_ACTIVE] = 0
    while active != ZERO:
        j = lowest(active)
        active &= active - ONE
        activate(tables, planes, s, base, j)


@kernel
def busy(tables, state, day, first_of_month):
    """Return the mask of citizens with a spell, a list, a friend to answer for, or a borrowed account to check."""
    scalars = tables.scalars
    association = scalars[P_ASSOCIATION_POINTS] != 0 and (first_of_month or scalars[P_ASSOCIATION_DAILY] != 0)
    login = scalars[P_LOGIN_FACE] != 0 and day >= scalars[P_LOGIN_FROM]
    friends = I64(255 if association else 0)
    account = I64(MARK_BORROWING if login else 0) | MARK_STOPS
    mask = ZERO
    for j in range(64):
        some = I64(state.lists[j] | state.detained[j] | state.suspended[j] | state.offline[j])
        some |= (I64(state.low_friends[j]) & friends) | (I64(state.marks[j]) & account)
        mask |= U(some != 0) << U(j)
    return mask


@kernel
def live_share(
    tables,
    graph,
    world,
    planes,
    s,
    inbox,
    worker,
    workers,
    chunk,
    done,
    day,
    first_of_month,
    month,
    bulletin,
    last_phase,
):
    """Live the blocks of one worker until they are through or its outbox may overflow; return how many are done.

    Chunks of `chunk` blocks go round the workers in turn.
    """
    blocks = planes.shape[0]
    while True:
        block = ((done // chunk) * workers + worker) * chunk + done % chunk
        if (done // chunk) * workers * chunk + worker * chunk >= blocks:
            return -1
        if s.counters[N_OUT] + ROOM > OUT_ROWS:
            return done
        if max(s.counters[N_FLIPS], s.counters[N_PULSES]) + 64 > ID_ROWS:
            return done
        if block < blocks:
            live_block(
                tables,
                graph,
                world,
                planes,
                s,
                inbox,
                block,
                day,
                first_of_month,
                month,
                bulletin,
                last_phase,
            )
        done += 1


@numba.njit(cache=True, parallel=True, error_model="numpy")
def live(
    tables, graph, world, planes, scratch, inbox, chunk, progress, day, first, month, bulletin, last_phase
):
    """Live a day on all workers; progress[k] becomes -1 for a worker that is through."""
    workers = progress.size
    for k in numba.prange(workers):
        if progress[k] >= 0:
            progress[k] = live_share(
                tables[0], graph, world, planes, scratch[k], inbox, k, workers, chunk, progress[k],
                day, first, month, bulletin, last_phase,
            )  # fmt: skip
