"""Phase 1: spells end, terms end, monthly counts start anew. Twin: oracle phase 1."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, kernel
from glasshouse.model.kernels.people import get_until, set_until
from glasshouse.model.kernels.scratch import (
    N_ACTIVE,
    W_COUNTS,
    W_DETAINED,
    W_LISTS,
    W_OFFLINE,
    W_SUSPENDED,
    count,
)
from glasshouse.model.layout import FLOW, L_CLOSES, L_FLOW, L_PERK, L_SLOT, P_LISTS
from glasshouse.society.columns import NO_TERM, STOP_SHIFT, WIN_DETENTION

DELISTED = FLOW["delisted.persons"]


@kernel
def calendar(tables, state, s, inbox, first, last, base, rows, day, first_of_month):
    """Run phase 1 for a block; messages first..last-1 of the inbox are the block's."""
    for q in range(first, last):
        if inbox[q, 2] == WIN_DETENTION:
            release(state, inbox[q, 1], day, inbox[q, 4])
    if first_of_month:
        for j in range(rows):
            s.w[W_COUNTS, j] = I64(state[base + j].month_counts)
            state[base + j].month_counts = 0
    for q in range(s.counters[N_ACTIVE]):
        j = s.active[q]
        i = base + j
        count_down(state, s, i, j)
        if state[i].lists:
            end_terms(tables, state, s, i, j, day)
            s.w[W_LISTS, j] = I64(state[i].lists)


@kernel
def release(state, i, day, last_day):
    """End a detention if it is still the one that was appealed."""
    left = I64(state[i].detained)
    if left > 0 and day + left - 1 == last_day:
        state[i].detained = 0


@kernel
def count_down(state, s, i, j):
    """Note which spells bar today and take a day off each."""
    left = I64(state[i].detained)
    if left > 0:
        s.w[W_DETAINED, j] = 1
        state[i].detained = left - 1
    left = I64(state[i].suspended)
    if left > 0:
        s.w[W_SUSPENDED, j] = 1
        state[i].suspended = left - 1
    left = I64(state[i].offline)
    if left > 0:
        s.w[W_OFFLINE, j] = 1
        state[i].offline = left - 1


@kernel
def end_terms(tables, state, s, i, j, day):
    """Take a citizen off every list whose term is over."""
    for k in range(tables.scalars[P_LISTS]):
        slot = tables.lists[k, L_SLOT]
        if slot < 0 or not (I64(state[i].lists) >> k) & 1:
            continue
        until = get_until(state, slot, i)
        if until != NO_TERM and day > until:
            leave(tables, state, s, i, j, k)
    clear_stops(tables, state, i)


@kernel
def leave(tables, state, s, i, j, k):
    """Take a citizen off list k and count it."""
    state[i].lists = I64(state[i].lists) & ~(1 << k)
    if tables.lists[k, L_SLOT] >= 0:
        set_until(state, tables.lists[k, L_SLOT], i, 0)
    count(s, j, tables.lists[k, L_FLOW] + 1, 1)
    if not tables.lists[k, L_PERK]:
        count(s, j, DELISTED, 1)


@kernel
def closed_modes(tables, lists):
    """Return the mask of ways of travel that a set of lists closes."""
    closed = 0
    for k in range(tables.scalars[P_LISTS]):
        if (lists >> k) & 1:
            closed |= tables.lists[k, L_CLOSES]
    return closed


@kernel
def clear_stops(tables, state, i):
    """Let a citizen ask again for what no list closes any more."""
    marks = I64(state[i].marks)
    stops = (marks >> STOP_SHIFT) & 7
    if stops:
        state[i].marks = marks & ~((stops & ~closed_modes(tables, I64(state[i].lists))) << STOP_SHIFT)
