"""Phase 11: what others will see tomorrow. Twin: oracle phase 11."""

from __future__ import annotations

import numpy as np

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, bit, kernel, lowest
from glasshouse.model.kernels.people import is_flagged
from glasshouse.model.kernels.scratch import M_MEMBER, M_PUNISHED, N_FLIPS, N_PULSES, count, locate
from glasshouse.model.layout import FLOW, P_FLAG_LISTED, P_LOW_CUTOFF, P_SANCTION_LISTS
from glasshouse.society.columns import MARK_FLAG

FLAGGED, UNFLAGGED, PUNISHED_DAYS = FLOW["flagged"], FLOW["unflagged"], FLOW["punished_days"]


@kernel
def differs(scalars, state, member):
    """Say whether the flag of anybody in the block may have changed; without branches, for vector instructions."""
    some = 0
    if scalars[P_FLAG_LISTED]:
        for j in range(64):
            on = np.int32((state.lists[j] & scalars[P_SANCTION_LISTS]) != 0)
            some |= on ^ (np.int32(state.marks[j]) & MARK_FLAG)
    else:
        cutoff = np.int32(scalars[P_LOW_CUTOFF])
        for j in range(64):
            low = np.int32(state.score[j] < cutoff) & np.int32((member >> U(j)) & ONE)
            some |= low ^ (np.int32(state.marks[j]) & MARK_FLAG)
    return some != 0


@kernel
def publish(tables, state, planes, s, base, rows):
    """Run phase 11 for the `rows` citizens of a block."""
    for j in range(rows if differs(tables.scalars, state, s.masks[M_MEMBER]) else 0):
        marks = I64(state.marks[j])
        flagged = is_flagged(
            tables.scalars, bit(s.masks[M_MEMBER], j), I64(state.score[j]), I64(state.lists[j])
        )
        if flagged != ((marks & MARK_FLAG) != 0):
            locate(tables, planes, s, base, j)
            state.marks[j] = marks ^ MARK_FLAG
            s.flips[s.counters[N_FLIPS]] = base + j
            s.counters[N_FLIPS] += 1
            count(s, j, FLAGGED if flagged else UNFLAGGED, 1)
    punished = s.masks[M_PUNISHED]
    while punished != ZERO:
        j = lowest(punished)
        punished &= punished - ONE
        s.pulses[s.counters[N_PULSES]] = base + j
        s.counters[N_PULSES] += 1
        count(s, j, PUNISHED_DAYS, 1)
