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

from glasshouse.model.kernels.access import access, checked_today
from glasshouse.model.kernels.act import act
from glasshouse.model.kernels.calendar import calendar
from glasshouse.model.kernels.claims import claim
from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, bit, kernel
from glasshouse.model.kernels.inbox import lower_bound, take_in
from glasshouse.model.kernels.lanes import fetch, lowest, mask_bits, mask_many
from glasshouse.model.kernels.learn import learn
from glasshouse.model.kernels.lists import lists
from glasshouse.model.kernels.observe import observe
from glasshouse.model.kernels.pages import close_block, close_quad, has_pages, open_block, open_quad
from glasshouse.model.kernels.people import N_PLANES, PLANE_MEMBER, PLANE_ONLINE, province_of
from glasshouse.model.kernels.police import police
from glasshouse.model.kernels.publish import publish
from glasshouse.model.kernels.redress import redress
from glasshouse.model.kernels.score import moves_all, note_due, score
from glasshouse.model.kernels.scratch import (
    ID_ROWS,
    M_ACTIVE,
    M_BUSY,
    M_DONE,
    M_LIABLE,
    M_MEMBER,
    M_ONLINE,
    M_PUNISHED,
    M_RARE,
    N_ACTIVE,
    N_CHANGED,
    N_DONE,
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
    row_of,
)
from glasshouse.model.kernels.sieve import hand_out, sift
from glasshouse.model.kernels.tally import tally
from glasshouse.model.kernels.travel import travel
from glasshouse.model.kernels.whole import whole
from glasshouse.model.layout import (
    L_SLOT,
    P_ASSOCIATION_DAILY,
    P_ASSOCIATION_POINTS,
    P_CITIZENS,
    P_LISTS,
    P_LOGIN_FACE,
    P_LOGIN_FROM,
    P_MIN_FRIENDS,
    P_MIN_SHARE32,
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
def live_block(tables, state, s, block, day, first_of_month, bulletin, last_phase):
    """Run phases 1..last_phase of a day for the 64 citizens of a block, which has been opened and roused.

    Where nobody is active the phases that concern the active alone are passed over, and flags that nothing moved.
    """
    base, hits = block * 64, s.n_hits[block & 3] != 0
    if s.counters[N_ACTIVE] or first_of_month:
        calendar(tables, state, s, base, day, first_of_month)
    if last_phase >= 2 and s.counters[N_ACTIVE]:
        access(tables, state, s, base, day)
    if last_phase >= 3 and hits:
        act(tables, state, s, base)
    if last_phase >= 4 and (hits or s.counters[N_ACTIVE]):
        observe(tables, state, s, base, day)
    if last_phase >= 5 and (s.counters[N_ACTIVE] or moves_all(s)):
        score(tables, state, s, base, first_of_month)
    if last_phase >= 6:
        lists(tables, state, s, base, day)
    if last_phase >= 7 and hits:
        travel(tables, state, s, base, day)
    if last_phase >= 8 and s.counters[N_ACTIVE]:
        police(tables, state, s, base, day)
    if last_phase >= 9 and s.counters[N_ACTIVE]:
        redress(tables, state, s, base, day)
    if last_phase >= 10:
        learn(tables, state, s, bulletin)
    if last_phase >= 11:
        if s.counters[N_ACTIVE] or moves_all(s):
            publish(tables, state, s, base)
        tally(tables, state, s, block)
    close_block(s, block, s.masks[M_ACTIVE])
    if s.counters[N_ACTIVE]:
        clean(tables, s)


@kernel
def turn_to(tables, s, inbox, quad):
    """Find the province and the first message of a quad; the blocks after it go on from there."""
    s.counters[N_FIRST_PROVINCE] = province_of(tables, quad * 256)
    s.counters[N_INBOX] = lower_bound(inbox, quad * 256)


@kernel
def place(tables, s, base):
    """Note the province of a block, -1 when it lies in several."""
    province = s.counters[N_FIRST_PROVINCE]
    while tables.province_start[province + 1] <= base:
        province += 1
    s.counters[N_FIRST_PROVINCE] = province
    whole = min(base + 64, tables.scalars[P_CITIZENS]) <= tables.province_start[province + 1]
    s.counters[N_PROVINCE] = province if whole else -1


@kernel
def rouse(tables, state, s, block, day, first_of_month):
    """Find out who of the block is active in the morning; others wake when something happens to them."""
    active = busy(tables, state, s, day, first_of_month) | checked_today(s, block & 3)
    s.masks[M_MEMBER] = s.planes[PLANE_MEMBER]
    s.masks[M_ONLINE] = s.planes[PLANE_ONLINE]
    s.masks[M_PUNISHED] = ZERO
    s.masks[M_ACTIVE] = ZERO
    s.masks[M_DONE] = ZERO
    s.masks[M_LIABLE] = ZERO
    s.counters[N_DONE] = 0
    if first_of_month and tables.scalars[P_SCORE] == WEIGHTED:
        active |= s.masks[M_MEMBER]
    s.counters[N_ACTIVE] = 0
    while active != ZERO:
        j = lowest(active)
        active &= active - ONE
        activate(tables, state, s, block * 64, j)


@kernel
def busy(tables, state, s, day, first_of_month):
    """Return the mask of citizens with a spell, a term that is over, friends to answer for, or a borrowed account."""
    scalars = tables.scalars
    mask = s.masks[M_BUSY]
    if day <= 1:
        mask |= over_at_once(tables, state, s)
    if scalars[P_ASSOCIATION_POINTS] != 0 and (first_of_month or scalars[P_ASSOCIATION_DAILY] != 0):
        enough = scalars[P_MIN_FRIENDS] if scalars[P_MIN_SHARE32] < 0 else 1
        mask |= mask_many(state.low_friends, enough)
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
                if not bit(s.masks[M_RARE], j) or s.kept[row_of(s, j), V_UNTIL + slot] == 0:
                    mask |= ONE << U(j)
    return mask


@kernel
def has_room(s):
    """Say whether four more blocks can post and publish whatever they may."""
    if s.counters[N_OUT] + ROOM > OUT_ROWS or not has_pages(s):
        return False
    return max(s.counters[N_FLIPS], s.counters[N_PULSES]) + 256 <= ID_ROWS


@whole
def live_share(
    tables, world, planes, s, inbox, chunks, chunk, share, day, first_of_month, bulletin, last_phase
):  # fmt: skip
    """Live chunks of `chunk` quads (four blocks each) of the part, until none is left or no room.

    share[0] is the next quad and share[1] the end of the chunk in hand; chunks[0] counts those taken by anybody.
    """
    core, first_page, pages, span = world[0], world[1], world[2], world[4]
    blocks = planes.shape[0]
    note_due(tables.scalars, s, day)
    while True:
        if share[0] >= share[1]:
            start = span[0] + claim(chunks) * chunk
            if start >= span[1]:
                return
            share[0], share[1] = start, min(start + chunk, span[1])
        quad = share[0]
        turn_to(tables, s, inbox, quad)
        sifted, stop = quad, sift(tables, s, quad, share[1], day)
        while quad < stop:
            if not has_room(s):
                return
            hand_out(tables, s, quad - sifted)
            open_quad(first_page, pages, s, quad, day)
            fetch(pages, I64(first_page[min(quad + 2, first_page.size - 1)]))
            for block in range(4 * quad, min(4 * quad + 4, blocks)):
                fetch(core, min(block + 2, blocks - 1))
                for p in range(N_PLANES):
                    s.planes[p] = planes[block, p]
                place(tables, s, block * 64)
                open_block(s, block)
                rouse(tables, core[block], s, block, day, first_of_month)
                if s.counters[N_INBOX] < inbox.shape[0]:
                    take_in(tables, core[block], s, inbox, block * 64, day)
                live_block(tables, core[block], s, block, day, first_of_month, bulletin, last_phase)
            if s.counters[N_CHANGED]:
                close_quad(first_page, pages, s, quad)
            quad += 1
            share[0] = quad


@numba.njit(cache=True, parallel=True, error_model="numpy")
def live(
    tables, world, planes, scratch, inbox, chunks, chunk, shares, day, first, bulletin, last_phase
):  # fmt: skip
    """Live a day on all workers, or go on with it; shares[worker] and chunks are as in `live_share`."""
    for k in numba.prange(shares.shape[0]):
        live_share(
            tables[0], world, planes, scratch[k], inbox, chunks, chunk, shares[k], day, first, bulletin, last_phase
        )  # fmt: skip
