"""Phase 9: appeals against the records of the day. Twin: oracle phase 9."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, chance, kernel
from glasshouse.model.kernels.lanes import lowest
from glasshouse.model.kernels.people import get_until
from glasshouse.model.kernels.scratch import (
    N_ACTIVE,
    SANCTION_DAYS,
    W_RECORDS,
    count,
    post,
)
from glasshouse.model.layout import (
    D_APPEAL,
    D_APPEAL_WON,
    FLOW,
    L_SLOT,
    P_DECISION_DAYS,
    P_LISTS,
    P_REDRESS,
    T_FILED,
    T_WON_FALSE,
    T_WON_TRUE,
)
from glasshouse.society.columns import WIN, WIN_DETENTION, WIN_LIST

FILED = FLOW["appeals.filed"]


@kernel
def redress(tables, state, s, base, day):
    """Run phase 9 for a block."""
    if not tables.scalars[P_REDRESS]:
        return
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        kinds = U(s.w[j, W_RECORDS])
        while kinds != ZERO:
            b = lowest(kinds)
            kinds &= kinds - ONE
            if costs(tables, s, b, j):
                appeal(tables, state, s, b, base + j, j, day)


@kernel
def costs(tables, s, b, j):
    """Say whether the day's records of behaviour b cost the citizen anything."""
    if s.lost[b, j] > 0 or s.sanction[b, j] > 0:
        return True
    for k in range(tables.scalars[P_LISTS]):
        if s.files[k, j] == b + 1:
            return True
    return False


@kernel
def appeal(tables, state, s, b, i, j, day):
    """File an appeal, perhaps; a win is posted for the day after the decision."""
    if not chance(tables.luck, tables.behaviours[b, D_APPEAL], i, day, 0, tables.thresholds[T_FILED]):
        return
    count(s, j, FILED, 1)
    won = tables.thresholds[T_WON_TRUE] if s.records[3 * b, j] else tables.thresholds[T_WON_FALSE]
    if not chance(tables.luck, tables.behaviours[b, D_APPEAL_WON], i, day, 0, won):
        return
    due = day + tables.scalars[P_DECISION_DAYS] + 1
    post(s, due, i, WIN, b, s.lost[b, j])
    days = s.sanction[b, j] // SANCTION_DAYS
    if days:  # one more than the days of detention
        post(s, due, i, WIN_DETENTION, 0, day + days - 1)
    for k in range(tables.scalars[P_LISTS]):
        if s.files[k, j] == b + 1:
            post(s, due, i, WIN_LIST, k, get_until(s, tables.lists[k, L_SLOT], j))
