"""Companies: default and listing, performance and delisting, at the end of a day. Twin: oracle companies."""

from __future__ import annotations

import numpy as np

from glasshouse.model.kernels.draw import I64, U, event, kernel, philox, private
from glasshouse.model.kernels.people import group_drawn, province_of
from glasshouse.model.kernels.ties import forward
from glasshouse.model.layout import (
    FLOW,
    P_CITIZENS,
    P_COMPANIES,
    P_COMPANY_LIST,
    P_COMPANY_TERM,
    P_REPRESENTATIVES,
    T_COMPANY_DEFAULT,
    T_COMPANY_PERFORMED,
)
from glasshouse.society.columns import COMPANY_OFF, COMPANY_ON
from glasshouse.streams import BUILTIN

DEFAULT, PERFORMED = BUILTIN["company.default"], BUILTIN["company.performed"]
FOUR, ROOM = U(4), 256
FIRST, ENTERED, LEFT = FLOW["listed.companies"], FLOW["entered.companies"], FLOW["left.companies"]


@kernel
def companies(all_tables, until, ever, flows, day, out):
    """Live a day of every company; fill `out` with messages to representatives and return how many."""
    n_out, tables = 0, all_tables[0]
    draws = np.empty(ROOM, np.uint64)  # a few at a time: the room stays in the cache however many there are
    for first in range(0, tables.scalars[P_COMPANIES], ROOM):
        draw_defaults(tables.luck, day, first, draws)
        for c in range(first, min(first + ROOM, tables.scalars[P_COMPANIES])):
            listed = I64(until[c])
            if listed or event(draws[c - first], tables.thresholds[T_COMPANY_DEFAULT]):
                kind = change(tables, c, listed, day)
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
def draw_defaults(key, day, first, draws):
    """Fill draws[k] with the draw of company first + k's default today; a loop that becomes vector instructions."""
    c0, c2, c3, k0, k1, mirror = U(first), U(day), U(DEFAULT), key[0], key[1], key[2]
    for k in range(draws.size):
        lo, _ = philox(c0 + U(k), FOUR, c2, c3, k0, k1)
        draws[k] = lo ^ mirror


@kernel
def change(tables, c, listed, day):
    """Return what becomes of a company listed or in default: COMPANY_ON, COMPANY_OFF, 0 for nothing."""
    if not listed:
        return COMPANY_ON
    performed = private(tables.luck, PERFORMED, c, day, 0)
    if day >= listed or event(performed, tables.thresholds[T_COMPANY_PERFORMED]):
        return COMPANY_OFF
    return 0
