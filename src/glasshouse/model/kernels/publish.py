"""Phase 11: what others will see tomorrow. Twin: oracle phase 11."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, bit, kernel
from glasshouse.model.kernels.people import is_flagged
from glasshouse.model.kernels.scratch import M_MEMBER, M_PUNISHED, N_FLIPS, N_PULSES, count, locate
from glasshouse.model.layout import FLOW
from glasshouse.society.columns import MARK_FLAG

FLAGGED, UNFLAGGED, PUNISHED_DAYS = FLOW["flagged"], FLOW["unflagged"], FLOW["punished_days"]


@kernel
def publish(tables, state, planes, s, base, rows):
    """Run phase 11 for the `rows` citizens of a block."""
    for j in range(rows):
        i = base + j
        marks = I64(state[i].marks)
        flagged = is_flagged(tables.scalars, bit(s.masks[M_MEMBER], j), I64(state[i].score), I64(state[i].lists))
        if flagged != ((marks & MARK_FLAG) != 0):
            locate(tables, planes, s, base, j)
            state[i].marks = marks ^ MARK_FLAG
            s.flips[s.counters[N_FLIPS]] = i
            s.counters[N_FLIPS] += 1
            count(s, j, FLAGGED if flagged else UNFLAGGED, 1)
        if bit(s.masks[M_PUNISHED], j):
            s.pulses[s.counters[N_PULSES]] = i
            s.counters[N_PULSES] += 1
            count(s, j, PUNISHED_DAYS, 1)
