"""Companies: default and listing, performance and delisting, at the end of a day. Twin: oracle companies."""

from __future__ import annotations

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
FOUR = U(4)
FIRST, ENTERED, LEFT = FLOW["listed.companies"], FLOW["entered.companies"], FLOW["left.companies"]


@kernel
def companies(all_tables, until, ever, draws, flows, day, out):
    """Live a day of every company; fill `out` with messages to representatives and return how many."""
    n_out = 0
    tables = all_tables[0]
    order = tables.scalars[P_REPRESENTATIVES]
    n = tables.scalars[P_CITIZENS]
    draw_defaults(tables.luck, day, draws)
    for c in range(tables.scalars[P_COMPANIES]):
        listed = I64(until[c])
        if not listed and not event(draws[c], tables.thresholds[T_COMPANY_DEFAULT]):
            continue
        kind = change(tables, c, listed, day)
        if kind == 0:
            continue
        i = forward(tables.permutations, order, n, c)
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
        if tables.scalars[P_COMPANY_LIST]:
            out[n_out, 0] = day + 1
            out[n_out, 1] = i
            out[n_out, 2] = kind
            out[n_out, 3] = 0
            out[n_out, 4] = 0
            n_out += 1
    return n_out


@kernel
def draw_defaults(key, day, draws):
    """Fill draws[c] with the draw of company c's default today; a loop that becomes vector instructions."""
    c2, c3, k0, k1, mirror = U(day), U(DEFAULT), key[0], key[1], key[2]
    for c in range(draws.size):
        lo, _ = philox(U(c), FOUR, c2, c3, k0, k1)
        draws[c] = lo ^ mirror


@kernel
def change(tables, c, listed, day):
    """Return what becomes of a company listed or in default: COMPANY_ON, COMPANY_OFF, 0 for nothing."""
    if not listed:
        return COMPANY_ON
    performed = private(tables.luck, PERFORMED, c, day, 0)
    if day >= listed or event(performed, tables.thresholds[T_COMPANY_PERFORMED]):
        return COMPANY_OFF
    return 0
