"""Phase 7: tickets asked for, refused, asked for again, given up. Twin: oracle phase 7."""

from __future__ import annotations

from glasshouse.model.kernels.calendar import closed_modes
from glasshouse.model.kernels.draw import I64, bit, chance, event, kernel, private
from glasshouse.model.kernels.sanction import punish
from glasshouse.model.kernels.scratch import M_ACTIVE, W_DETAINED, W_LISTS, count, locate, wake
from glasshouse.model.layout import (
    FLOW,
    FLOW_REFUSED,
    FLOW_REQUESTED,
    M_D_RETRY,
    M_D_STOP,
    M_D_SUBSTITUTE,
    M_MODE,
    M_RETRIES,
    MT_RETRY,
    MT_STOP,
    MT_SUBSTITUTE,
    REQUEST,
)
from glasshouse.society.columns import MARK_REFUSED, STOP_SHIFT

FIRST_REFUSED, STOPPED, SUBSTITUTED = FLOW["first_refused"], FLOW["stopped"], FLOW["substituted"]
RAIL = 2


@kernel
def travel(tables, state, s, base, day):
    """Run phase 7 for a block."""
    four = (base >> 6) & 3
    for x in range(s.n_of_kind[four, REQUEST]):
        h = I64(s.of_kind[four, REQUEST, x])
        m, j = I64(tables.slot_of[I64(s.hit_slot[four, h])]), I64(s.hit_place[four, h])
        stopped = (I64(state.marks[j]) >> (STOP_SHIFT + tables.modes[m, M_MODE])) & 1
        awake = bit(s.masks[M_ACTIVE], j)
        if stopped or (awake and s.w[j, W_DETAINED]):
            continue
        if awake or state.lists[j]:
            wake(tables, state, s, base, j)
            ask(tables, state, s, m, base + j, j, day)
        else:
            locate(tables, s, base, j)
            count(s, j, FLOW_REQUESTED + tables.modes[m, M_MODE], 1)


@kernel
def ask(tables, state, s, m, i, j, day):
    """Ask for a ticket and follow a refusal through."""
    mode = tables.modes[m, M_MODE]
    closed = closed_modes(tables, s.w[j, W_LISTS])
    attempts = 1
    if not (closed >> mode) & 1:
        count(s, j, FLOW_REQUESTED + mode, 1)
        return
    for r in range(1, tables.modes[m, M_RETRIES] + 1):
        u = private(tables.luck, tables.modes[m, M_D_RETRY], i, day, r)
        if not event(u, tables.mode_thresholds[m, MT_RETRY]):
            break
        attempts += 1
    count(s, j, FLOW_REQUESTED + mode, attempts)
    count(s, j, FLOW_REFUSED + mode, attempts)
    after_refusal(tables, state, s, m, mode, closed, i, j, day)


@kernel
def after_refusal(tables, state, s, m, mode, closed, i, j, day):
    """Stop asking, take an ordinary train, and be counted as refused."""
    thresholds = tables.mode_thresholds[m]
    marks = I64(state.marks[j])
    if not marks & MARK_REFUSED:
        marks |= MARK_REFUSED
        count(s, j, FIRST_REFUSED, 1)
    barred = (closed_modes(tables, I64(state.lists[j])) >> mode) & 1
    if barred and chance(tables.luck, tables.modes[m, M_D_STOP], i, day, 0, thresholds[MT_STOP]):
        marks |= 1 << (STOP_SHIFT + mode)
        count(s, j, STOPPED, 1)
    state.marks[j] = marks
    if not (closed >> RAIL) & 1 and chance(
        tables.luck, tables.modes[m, M_D_SUBSTITUTE], i, day, 0, thresholds[MT_SUBSTITUTE]
    ):
        count(s, j, SUBSTITUTED, 1)
    punish(state, s, i, j, 0)
