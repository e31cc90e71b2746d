"""The order of a day. Newcomers start here; `docs/day.md` says exactly what each phase means.

Before the day the sieve (kernels/sieve.py) finds out, for a few thousand citizens at a time, whom the screened
draws hit at all. Then it runs block by block, 64 citizens at a time, in any order and on any number of threads:

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

Active are those with a spell, a message, an identity check or a term that is over; others wake when a record, a list
or a refusal concerns them, and the rest pass through the few lines that concern everybody (recovery, risk, flags),
64 at once. What lands on another citizen goes into an outbox; `model.engine` delivers it after the day.
"""

from __future__ import annotations

import numba

from glasshouse.model.kernels.access import access
from glasshouse.model.kernels.act import act
from glasshouse.model.kernels.calendar import calendar
from glasshouse.model.kernels.claims import claim
from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, kernel
from glasshouse.model.kernels.lanes import fetch, lowest, mask_bits
from glasshouse.model.kernels.learn import learn
from glasshouse.model.kernels.lists import lists
from glasshouse.model.kernels.observe import observe
from glasshouse.model.kernels.pages import close_block, close_quad, has_pages, open_block, open_quad
from glasshouse.model.kernels.people import PLANE_MEMBER, PLANE_ONLINE, province_of
from glasshouse.model.kernels.police import police
from glasshouse.model.kernels.publish import publish
from glasshouse.model.kernels.redress import redress
from glasshouse.model.kernels.score import score
from glasshouse.model.kernels.scratch import (
    ID_ROWS,
    M_ACTIVE,
    M_BUSY,
    M_MEMBER,
    M_ONLINE,
    M_PUNISHED,
    N_ACTIVE,
    N_FIRST_PROVINCE,
    N_FLIPS,
    N_INBOX,
    N_OUT,
    N_PROVINCE,
    N_PULSES,
    OUT_ROWS,
    ROOM,
    activate,
    clean,
)
from glasshouse.model.kernels.sieve import hand_out, sift
from glasshouse.model.kernels.tally import tally
from glasshouse.model.kernels.travel import travel
from glasshouse.model.layout import (
    CHECK,
    L_SLOT,
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_CITIZENS,
    P_LISTS,
    P_LOGIN_FACE,
    P_LOGIN_FROM,
    P_SCORE,
    V_UNTIL,
    WEIGHTED,
)
from glasshouse.society.columns import MARK_BORROWING

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
    """Run phases 1..last_phase of a day for the 64 citizens of a block whose hits have been handed out."""
    state = world[0][block]
    base = block * 64
    rows = min(64, tables.scalars[P_CITIZENS] - base)
    first, last = messages_of(inbox, s, base)
    place(tables, s, base, rows)
    open_block(world[2], s, block, day)
    prepare(tables, state, planes, s, inbox, first, last, block, day, first_of_month)
    calendar(tables, state, s, inbox, first, last, base, day, first_of_month)
    if last_phase >= 2:
        access(tables, state, s, base, day)
    if last_phase >= 3:
        act(tables, state, planes, s, base)
    if last_phase >= 4:
        observe(tables, state, planes, s, inbox, first, last, base, day)
    if last_phase >= 5:
        # until the evening of the 1st ties stand as in the month before
        ties_of = month - I64(first_of_month)
        score(
            tables, graph, world, state, planes, s, inbox, first, last, base, day, first_of_month, ties_of
        )  # fmt: skip
    if last_phase >= 6:
        lists(tables, state, planes, s, inbox, first, last, base, day)
    if last_phase >= 7:
        travel(tables, state, planes, s, base, day)
    if last_phase >= 8:
        police(tables, state, s, base, day)
    if last_phase >= 9:
        redress(tables, state, s, base, day)
    if last_phase >= 10:
        learn(tables, state, s, bulletin)
    if last_phase >= 11:
        publish(tables, state, planes, s, base)
        tally(tables, state, planes, s, block, rows)
    close_block(s, block, s.masks[M_ACTIVE])
    clean(tables, s)


@kernel
def turn_to(tables, s, inbox, quad):
    """Find the province and the first message of a quad; the blocks after it go on from there."""
    s.counters[N_FIRST_PROVINCE] = province_of(tables.province_start, quad * 256)
    s.counters[N_INBOX] = lower_bound(inbox, quad * 256)


@kernel
def messages_of(inbox, s, base):
    """Return the range of the sorted inbox that concerns the block starting at citizen `base`."""
    first = s.counters[N_INBOX]
    last = first
    while last < inbox.shape[0] and inbox[last, 1] < base + 64:
        last += 1
    s.counters[N_INBOX] = last
    return first, last


@kernel
def place(tables, s, base, rows):
    """Note the province of a block, -1 when it lies in several."""
    province = s.counters[N_FIRST_PROVINCE]
    while tables.province_start[province + 1] <= base:
        province += 1
    s.counters[N_FIRST_PROVINCE] = province
    whole = base + rows <= tables.province_start[province + 1]
    s.counters[N_PROVINCE] = province if whole else -1


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
def prepare(tables, state, planes, s, inbox, first, last, block, day, first_of_month):
    """Find out who of the block is active in the morning; others wake when something happens to them."""
    base = block * 64
    active = busy(tables, state, s, day, first_of_month)
    four = block & 3
    for h in range(s.n_hits[four]):
        if tables.slot_kinds[s.hit_slot[four, h]] >= CHECK:
            active |= ONE << U(s.hit_place[four, h])
    for q in range(first, last):
        active |= ONE << U(inbox[q, 1] - base)
    s.masks[M_MEMBER] = planes[block, PLANE_MEMBER]
    s.masks[M_ONLINE] = planes[block, PLANE_ONLINE]
    s.masks[M_PUNISHED] = ZERO
    s.masks[M_ACTIVE] = ZERO
    if first_of_month and tables.scalars[P_SCORE] == WEIGHTED:
        active |= planes[block, PLANE_MEMBER]
    s.counters[N_ACTIVE] = 0
    while active != ZERO:
        j = lowest(active)
        active &= active - ONE
        activate(tables, state, planes, s, base, j)


@kernel
def busy(tables, state, s, day, first_of_month):
    """Return the mask of citizens with a spell, a term that is over, a friend to answer for, or a borrowed account."""
    scalars = tables.scalars
    mask = s.masks[M_BUSY]
    if day <= 1:
        mask |= over_at_once(tables, state, s)
    if scalars[P_ASSOCIATION_POINTS] != 0 and (first_of_month or scalars[P_ASSOCIATION_DAILY] != 0):
        mask |= mask_bits(state.low_friends, 255)
    if scalars[P_LOGIN_FACE] != 0 and day >= scalars[P_LOGIN_FROM]:
        mask |= mask_bits(state.marks, MARK_BORROWING)
    return mask


@kernel
def over_at_once(tables, state, s):
    """Return the mask of those on a list whose last day is day 0, for which they need no row."""
    mask = ZERO
    for k in range(tables.scalars[P_LISTS]):
        slot = tables.lists[k, L_SLOT]
        if slot >= 0:
            on = mask_bits(state.lists, 1 << k)
            while on != ZERO:
                j = lowest(on)
                on &= on - ONE
                if s.rare[j, V_UNTIL + slot] == 0:
                    mask |= ONE << U(j)
    return mask


@kernel
def has_room(s):
    """Say whether four more blocks can post and publish whatever they may."""
    if s.counters[N_OUT] + ROOM > OUT_ROWS or not has_pages(s):
        return False
    return max(s.counters[N_FLIPS], s.counters[N_PULSES]) + 256 <= ID_ROWS


@kernel
def live_share(
    tables, graph, world, planes, s, inbox, chunks, chunk, share, day, first_of_month, month, bulletin, last_phase
):  # fmt: skip
    """Live chunks of `chunk` quads (four blocks each) of the part, until none is left or no room.

    share[0] is the next quad and share[1] the end of the chunk in hand; chunks[0] counts those taken by anybody.
    """
    blocks, first, end = planes.shape[0], world[4][0], world[4][1]
    while True:
        if share[0] >= share[1]:
            start = first + claim(chunks) * chunk
            if start >= end:
                return
            share[0], share[1] = start, min(start + chunk, end)
        quad = share[0]
        turn_to(tables, s, inbox, quad)
        sifted, stop = quad, sift(tables, s, quad, share[1], day)
        while quad < stop:
            if not has_room(s):
                return
            hand_out(s, quad - sifted)
            open_quad(world[1], s, quad)
            for block in range(4 * quad, min(4 * quad + 4, blocks)):
                fetch(world[0], min(block + 2, blocks - 1))
                live_block(
                    tables, graph, world, planes, s, inbox, block, day, first_of_month, month, bulletin,
                    last_phase,
                )  # fmt: skip
            close_quad(world[1], world[2], s, quad)
            quad += 1
            share[0] = quad


@numba.njit(cache=True, parallel=True, error_model="numpy")
def live(
    tables, graph, world, planes, scratch, inbox, chunks, chunk, shares, day, first, month, bulletin, last_phase
):  # fmt: skip
    """Live a day on all workers, or go on with it; shares[worker] and chunks are as in `live_share`."""
    for k in numba.prange(shares.shape[0]):
        live_share(
            tables[0], graph, world, planes, scratch[k], inbox, chunks, chunk, shares[k],
            day, first, month, bulletin, last_phase,
        )  # fmt: skip
