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
from glasshouse.model.kernels.draw import ALWAYS, I64, ONE, ZERO, U, at_most, bit, block_words, kernel
from glasshouse.model.kernels.learn import learn
from glasshouse.model.kernels.lists import lists
from glasshouse.model.kernels.observe import count_records, observe
from glasshouse.model.kernels.people import (
    PLANE_MEMBER,
    PLANE_ONLINE,
    group_of,
    province_of,
)
from glasshouse.model.kernels.police import police
from glasshouse.model.kernels.publish import publish
from glasshouse.model.kernels.redress import redress
from glasshouse.model.kernels.score import score
from glasshouse.model.kernels.scratch import (
    ID_ROWS,
    N_FLIPS,
    N_OUT,
    N_PULSES,
    OUT_ROWS,
    ROOM,
    W_ACCESS,
    W_ACTIVE,
    W_COMPANY_OFF,
    W_COMPANY_ON,
    W_GROUP,
    W_LIABLE,
    W_LOSS,
    W_LOSS_BEHAVIOUR,
    W_LOSS_ORIGIN,
    W_MEMBER,
    W_ONLINE,
    W_POINTS,
    W_PROVINCE,
    W_PUNISHED,
    W_RECORDS,
    W_WON,
)
from glasshouse.model.kernels.travel import travel
from glasshouse.model.layout import (
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_BEHAVIOURS,
    P_CITIZENS,
    P_LISTS,
    P_LOGIN_FACE,
    P_LOGIN_FROM,
    P_SLOTS,
)
from glasshouse.society.columns import MARK_BORROWING

PHASES = ("calendar", "access", "act", "observe", "score", "list", "travel", "police", "redress", "learn", "publish")


@kernel
def live_block(tables, graph, state, planes, s, inbox, block, day, first_of_month, month, bulletin, last_phase):
    """Run phases 1..last_phase of a day for the 64 citizens of a block."""
    base = block * 64
    rows = min(64, tables.scalars[P_CITIZENS] - base)
    first, last = messages_of(inbox, base)
    screen(tables, s, block, day, rows)
    prepare(tables, state, planes, s, inbox, first, last, base, rows, day, first_of_month)
    calendar(tables, state, s, inbox, first, last, base, day, first_of_month)
    if last_phase >= 2:
        access(tables, state, s, base, day)
    if last_phase >= 3:
        act(tables, state, s, base, day)
    if last_phase >= 4:
        observe(tables, state, s, inbox, first, last, base, day)
        for j in range(rows):
            if s.w[W_RECORDS, j]:
                count_records(tables, s, j)
    if last_phase >= 5:
        score(tables, graph, state, s, inbox, first, last, base, day, first_of_month, month)
    if last_phase >= 6:
        lists(tables, state, s, inbox, first, last, base, day)
    if last_phase >= 7:
        travel(tables, state, s, base, day)
    if last_phase >= 8:
        police(tables, state, s, base, day)
    if last_phase >= 9:
        redress(tables, state, s, base, day)
    if last_phase >= 10:
        learn(tables, state, s, base, rows, bulletin)
    if last_phase >= 11:
        publish(tables, state, s, base, rows)
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
def screen(tables, s, block, day, rows):
    """Find out which citizens of the block each screened decision may hit."""
    slots = tables.scalars[P_SLOTS]
    block_words(tables.key, tables.slot_decisions, slots, block, day, s.words)
    valid = ALWAYS if rows == 64 else (ONE << U(rows)) - ONE
    for d in range(slots):
        s.hits[d] = at_most(s.words, d, tables.slot_bounds[d]) & valid


@kernel
def prepare(tables, state, planes, s, inbox, first, last, base, rows, day, first_of_month):
    """Clear the rows of the block and find out who needs more than the lines for everybody."""
    w, scalars = s.w, tables.scalars
    block = base // 64
    hit = ZERO
    for d in range(scalars[P_SLOTS]):
        hit |= s.hits[d]
    association = scalars[P_ASSOCIATION_POINTS] != 0 and (first_of_month or scalars[P_ASSOCIATION_DAILY] != 0)
    login = scalars[P_LOGIN_FACE] != 0 and day >= scalars[P_LOGIN_FROM]
    province = province_of(tables.province_start, base)
    for j in range(64):
        i = base + j
        if j < rows:
            while i >= tables.province_start[province + 1]:
                province += 1
        w[W_PROVINCE, j] = province
        w[W_GROUP, j] = group_of(planes, i)
        w[W_MEMBER, j] = I64(bit(planes[block, PLANE_MEMBER], j))
        w[W_ONLINE, j] = I64(bit(planes[block, PLANE_ONLINE], j))
        busy = I64(state[i].lists) | I64(state[i].detained) | I64(state[i].suspended) | I64(state[i].offline)
        active = bit(hit, j) or busy != 0 or (association and I64(state[i].low_friends) > 0)
        w[W_ACTIVE, j] = I64(active or (login and (I64(state[i].marks) & MARK_BORROWING) != 0))
        w[W_ACCESS, j] = 0
        w[W_RECORDS, j] = 0
        w[W_POINTS, j] = 0
        w[W_WON, j] = 0
        w[W_LOSS, j] = 0
        w[W_LOSS_ORIGIN, j] = 0
        w[W_LOSS_BEHAVIOUR, j] = 0
        w[W_PUNISHED, j] = 0
        w[W_LIABLE, j] = 0
        w[W_COMPANY_ON, j] = 0
        w[W_COMPANY_OFF, j] = 0
    for q in range(first, last):
        w[W_ACTIVE, inbox[q, 1] - base] = 1


@kernel
def clean(tables, s):
    """Leave the rows of records and sanctions empty for the next block."""
    for j in range(64):
        if s.w[W_RECORDS, j]:
            for b in range(tables.scalars[P_BEHAVIOURS]):
                s.records[3 * b, j] = 0
                s.records[3 * b + 1, j] = 0
                s.records[3 * b + 2, j] = 0
                s.lost[b, j] = 0
                s.sanction[b, j] = 0
        if s.w[W_ACTIVE, j]:
            for k in range(tables.scalars[P_LISTS]):
                s.files[k, j] = 0


@kernel
def live_share(
    tables, graph, state, planes, s, inbox, worker, workers, chunk, done, day, first_of_month, month, bulletin, last_phase
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
                tables, graph, state, planes, s, inbox, block, day, first_of_month, month, bulletin, last_phase
            )
        done += 1


@numba.njit(cache=True, parallel=True, error_model="numpy")
def live(tables, graph, state, planes, scratch, inbox, chunk, progress, day, first, month, bulletin, last_phase):
    """Live a day on all workers; progress[k] becomes -1 for a worker that is through."""
    workers = progress.size
    for k in numba.prange(workers):
        if progress[k] >= 0:
            progress[k] = live_share(
                tables[0], graph, state, planes, scratch[k], inbox, k, workers, chunk, progress[k],
                day, first, month, bulletin, last_phase,
            )  # fmt: skip
