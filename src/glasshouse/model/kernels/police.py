"""Phase 8: summons, interrogation, outcome, and the group's owner. Twin: oracle phase 8."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, category, chance, kernel, private
from glasshouse.model.kernels.lanes import lowest
from glasshouse.model.kernels.sanction import punish
from glasshouse.model.kernels.scratch import (
    M_LIABLE,
    N_ACTIVE,
    SANCTION_DAYS,
    SANCTION_FINED,
    W_LIABLE,
    W_RECORDS,
    count,
    origin_of,
    post,
)
from glasshouse.model.kernels.ties import group, member_at
from glasshouse.model.layout import (
    B_CHAT,
    BT_SUMMONS,
    D_INTERROGATED,
    D_LENGTH,
    D_OUTCOME,
    D_OWNER,
    D_SUMMONS,
    FLOW,
    P_FIRST_CHAT,
    P_LENGTHS,
    P_OUTCOMES,
    P_OWNER_SUSPENSION,
    P_POLICE,
    T_INTERROGATED,
    T_OWNER,
    TR_LENGTH,
    TR_OUTCOME,
    V_DETAINED,
    V_SUSPENDED,
)
from glasshouse.society.columns import ASSOCIATION, LIABLE

SUMMONSES, INTERROGATIONS, PLEDGES = FLOW["summonses"], FLOW["interrogations"], FLOW["pledges"]
GROUP_OWNER = FLOW["group_owner_liable"]
FINE, DETENTION = 2, 3


@kernel
def police(tables, state, s, base, day):
    """Run phase 8 for a block."""
    if tables.scalars[P_POLICE]:
        for q in range(s.counters[N_ACTIVE]):
            j = I64(s.active[q])
            kinds = U(s.w[j, W_RECORDS])
            while kinds != ZERO:
                b = lowest(kinds)
                kinds &= kinds - ONE
                if tables.behaviour_thresholds[b, BT_SUMMONS] != ZERO:
                    summon(tables, state, s, b, base + j, j, day)
    liable = s.masks[M_LIABLE]
    while liable != ZERO:
        j = lowest(liable)
        liable &= liable - ONE
        hold_owner(tables, state, s, base + j, j)


@kernel
def hold_owner(tables, state, s, i, j):
    """Suspend the account of a group owner for what a member wrote."""
    count(s, j, GROUP_OWNER, s.w[j, W_LIABLE])
    days = tables.scalars[P_OWNER_SUSPENSION]
    if days:
        s.rare[j, V_SUSPENDED] = max(I64(s.rare[j, V_SUSPENDED]), days)
        punish(state, s, i, j, ASSOCIATION)


@kernel
def summon(tables, state, s, b, i, j, day):
    """Summon a citizen over the day's records of behaviour b, perhaps, and interrogate."""
    row = tables.behaviours[b]
    if not chance(tables.luck, row[D_SUMMONS], i, day, 0, tables.behaviour_thresholds[b, BT_SUMMONS]):
        return
    count(s, j, SUMMONSES, 1)
    if row[B_CHAT] and tables.thresholds[T_OWNER] != ZERO:
        report_owner(tables, s, b, i, day)
    if not chance(tables.luck, row[D_INTERROGATED], i, day, 0, tables.thresholds[T_INTERROGATED]):
        return
    count(s, j, INTERROGATIONS, 1)
    u = private(tables.luck, row[D_OUTCOME], i, day, 0)
    outcome = min(category(u, tables.traits[TR_OUTCOME], tables.scalars[P_OUTCOMES]), DETENTION)
    count(s, j, PLEDGES + outcome, 1)
    if outcome == FINE:
        s.sanction[b, j] = SANCTION_FINED
        punish(state, s, i, j, origin_of(s, b, j))
    elif outcome == DETENTION:
        detain(tables, state, s, b, i, j, day)


@kernel
def detain(tables, state, s, b, i, j, day):
    """Detain from tomorrow for a drawn number of days."""
    size = tables.scalars[P_LENGTHS]
    which = 0
    if size > 1:
        u = private(tables.luck, tables.behaviours[b, D_LENGTH], i, day, 0)
        which = min(category(u, tables.traits[TR_LENGTH], size), size - 1)
    days = tables.lengths[which]
    s.rare[j, V_DETAINED] = max(I64(s.rare[j, V_DETAINED]), days)
    s.sanction[b, j] = SANCTION_DAYS * (days + 1)
    punish(state, s, i, j, origin_of(s, b, j))


@kernel
def report_owner(tables, s, b, i, day):
    """Post the liability of the chat group's owner, unless it is the citizen or there is no group."""
    if tables.scalars[P_FIRST_CHAT] < 0:
        return
    order, base, n, first, _ = group(tables, tables.scalars[P_FIRST_CHAT], i)
    owner = member_at(tables, order, base, n, first)
    if owner != i and chance(
        tables.luck, tables.behaviours[b, D_OWNER], i, day, 0, tables.thresholds[T_OWNER]
    ):
        post(s, day + 1, owner, LIABLE, 0, 0)
