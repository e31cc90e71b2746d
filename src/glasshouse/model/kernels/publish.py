"""Phase 11: what others will see tomorrow. Twin: oracle phase 11."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, bit, kernel
from glasshouse.model.kernels.lanes import lowest, mask_below, mask_bits
from glasshouse.model.kernels.scratch import (
    M_MEMBER,
    M_PUNISHED,
    N_FLIPS,
    N_PULSES,
    count,
    locate,
    shift_stock,
)
from glasshouse.model.layout import FLOW, P_FLAG_LISTED, P_LOW_CUTOFF, P_SANCTION_LISTS, STOCK
from glasshouse.society.columns import MARK_FLAG

FLAGGED, UNFLAGGED, PUNISHED_DAYS = FLOW["flagged"], FLOW["unflagged"], FLOW["punished_days"]
FLAGS = STOCK["flagged"]


@kernel
def publish(tables, state, s, base):
    """Run phase 11 for a block."""
    flags = flagged(tables.scalars, state, s.masks[M_MEMBER])
    flips = flags ^ mask_bits(state.marks, MARK_FLAG)
    while flips != ZERO:
        j = lowest(flips)
        flips &= flips - ONE
        locate(tables, s, base, j)
        state.marks[j] = I64(state.marks[j]) ^ MARK_FLAG
        s.flips[s.counters[N_FLIPS]] = base + j
        s.counters[N_FLIPS] += 1
        on = bit(flags, j)
        count(s, j, FLAGGED if on else UNFLAGGED, 1)
        shift_stock(s, j, FLAGS, 1 if on else -1)
    punished = s.masks[M_PUNISHED]
    while punished != ZERO:
        j = lowest(punished)
        punished &= punished - ONE
        s.pulses[s.counters[N_PULSES]] = base + j
        s.counters[N_PULSES] += 1
        count(s, j, PUNISHED_DAYS, 1)


@kernel
def flagged(scalars, state, member):
    """Return the mask of those whose status others see: on a sanction list, or a low score."""
    if scalars[P_FLAG_LISTED]:
        return mask_bits(state.lists, scalars[P_SANCTION_LISTS])
    return mask_below(state.score, scalars[P_LOW_CUTOFF]) & member
