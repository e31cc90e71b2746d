"""Companies: default and listing, performance and delisting, at the end of a day. Twin: oracle companies."""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import ALWAYS, I64, ONE, ZERO, U, event, kernel, philox, private
from glasshouse.model.kernels.lanes import lowest
from glasshouse.model.kernels.people import group_drawn, province_of
from glasshouse.model.kernels.ties import forward
from glasshouse.model.layout import (
    FLOW,
    P_CITIZENS,
    P_COMPANY_LIST,
    P_COMPANY_TERM,
    P_REPRESENTATIVES,
    T_COMPANY_DEFAULT,
    T_COMPANY_PERFORMED,
)
from glasshouse.society.columns import COMPANY_OFF, COMPANY_ON
from glasshouse.streams import BUILTIN

DEFAULT, PERFORMED = BUILTIN["company.default"], BUILTIN["company.performed"]
FOUR = U(4)
FIRST, ENTERED, LEFT = FLOW["listed.companies"], FLOW["entered.companies"], FLOW["left.companies"]


@numba.njit(cache=True, parallel=True, error_model="numpy")
def concerned(tables, until, day, masks, draws):
    """Fill masks[b] with those of companies 64*b.. that are listed or in default today; draws (workers, 64) is room."""
    workers = draws.shape[0]
    for k in numba.prange(workers):
        for block in range(k * masks.size // workers, (k + 1) * masks.size // workers):
            masks[block] = concerned_of(tables[0], until, day, 64 * block, draws[k])


@kernel
def concerned_of(tables, until, day, first, draws):
    """Return the mask of those of 64 companies from `first` on that are listed or in default today."""
    c0, c2, c3, k0, k1, mirror = U(first), U(day), U(DEFAULT), tables.luck[0], tables.luck[1], tables.luck[2]
    for k in range(64):
        lo, _ = philox(c0 + U(k), FOUR, c2, c3, k0, k1)
        draws[k] = lo ^ mirror
    threshold, mask = tables.thresholds[T_COMPANY_DEFAULT], ZERO
    size = min(64, until.size - first)
    for k in range(size):
        mask |= U((until[first + k] != 0) | (draws[k] < threshold) | (threshold == ALWAYS)) << U(k)
    return mask


@kernel
def companies(all_tables, until, ever, masks, flows, day, out):
    """Live a day of the companies in `masks`; fill `out` with messages to representatives and return how many."""
    n_out, tables = 0, all_tables[0]
    for block in range(masks.size):
        mask = masks[block]
        while mask != ZERO:
            c = 64 * block + lowest(mask)
            mask &= mask - ONE
            kind = change(tables, c, I64(until[c]), day)
            if kind:
                n_out = take_effect(tables, c, kind, until, ever, flows, day, out, n_out)
    return n_out


@kernel
def take_effect(tables, c, kind, until, ever, flows, day, out, n_out):
    """List company c or take it off, and tell its representative; return how many messages there are now."""
    i = forward(tables.permutations, tables.scalars[P_REPRESENTATIVES], tables.scalars[P_CITIZENS], c)
    cell = flows[province_of(tables, i), group_drawn(tables, i)]
    if kind == COMPANY_OFF:
        until[c] = 0
        cell[LEFT] += 1
    else:
        until[c] = day + tables.scalars[P_COMPANY_TERM] + 1
        cell[ENTERED] += 1
        if not ever[c]:
            ever[c] = 1
            cell[FIRST] += 1
    if tables.scalars[P_COMPANY_LIST] == 0:
        return n_out
    out[n_out, 0] = day + 1
    out[n_out, 1] = i
    out[n_out, 2] = kind
    out[n_out, 3] = 0
    out[n_out, 4] = 0
    return n_out + 1


@kernel
def change(tables, c, listed, day):
    """Return what becomes of a company listed or in default: COMPANY_ON, COMPANY_OFF, 0 for nothing."""
    if not listed:
        return COMPANY_ON
    performed = private(tables.luck, PERFORMED, c, day, 0)
    if day >= listed or event(performed, tables.thresholds[T_COMPANY_PERFORMED]):
        return COMPANY_OFF
    return 0
