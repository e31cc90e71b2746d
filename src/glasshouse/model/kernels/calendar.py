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
from glasshouse.model.layout import (
    FLOW,
    L_CLOSES,
    L_FLOW,
    L_PERK,
    L_SLOT,
    P_LISTS,
    V_DETAINED,
    V_OFFLINE,
    V_SUSPENDED,
)
from glasshouse.society.columns import NO_TERM, STOP_SHIFT

DELISTED = FLOW["delisted.persons"]


@kernel
def calendar(tables, state, s, base, day, first_of_month):
    """Run phase 1 for a block; `inbox.take_in` has released those who won an appeal."""
    if first_of_month:
        for q in range(s.counters[N_ACTIVE]):
            j = I64(s.active[q])
            s.w[j, W_COUNTS] = I64(state.month_counts[j])
        for j in range(64):
            state.month_counts[j] = 0
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        i = base + j
        count_down(s, j)
        if state.lists[j]:
            end_terms(tables, state, s, i, j, day)
            clear_stops(tables, state, j)
            s.w[j, W_LISTS] = I64(state.lists[j])


@kernel
def count_down(s, j):
    """Note which spells bar today and take a day off each."""
    left = I64(s.rare[j, V_DETAINED])
    if left > 0:
        s.w[j, W_DETAINED] = 1
        s.rare[j, V_DETAINED] = left - 1
    left = I64(s.rare[j, V_SUSPENDED])
    if left > 0:
        s.w[j, W_SUSPENDED] = 1
        s.rare[j, V_SUSPENDED] = left - 1
    left = I64(s.rare[j, V_OFFLINE])
    if left > 0:
        s.w[j, W_OFFLINE] = 1
        s.rare[j, V_OFFLINE] = left - 1


@kernel
def end_terms(tables, state, s, i, j, day):
    """Take a citizen off every list whose term is over."""
    for k in range(tables.scalars[P_LISTS]):
        slot = tables.lists[k, L_SLOT]
        if slot < 0 or not (I64(state.lists[j]) >> k) & 1:
            continue
        until = get_until(s, slot, j)
        if until != NO_TERM and day > until:
            leave(tables, state, s, i, j, k)


@kernel
def leave(tables, state, s, i, j, k):
    """Take a citizen off list k and count it."""
    state.lists[j] = I64(state.lists[j]) & ~(1 << k)
    if tables.lists[k, L_SLOT] >= 0:
        set_until(s, tables.lists[k, L_SLOT], j, 0)
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
def clear_stops(tables, state, j):
    """Let a citizen ask again for what no list closes any more."""
    marks = I64(state.marks[j])
    stops = (marks >> STOP_SHIFT) & 7
    if stops:
        state.marks[j] = marks & ~((stops & ~closed_modes(tables, I64(state.lists[j]))) << STOP_SHIFT)
