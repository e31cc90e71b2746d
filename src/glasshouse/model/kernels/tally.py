"""The running stocks: what today changed for the active citizens of a block, and the risks of all.

`census.py` counts everybody afresh; the engine holds the two against each other on the 1st of every month.
"""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, kernel
from glasshouse.model.kernels.lanes import sum_of
from glasshouse.model.kernels.people import of_group, rows_of
from glasshouse.model.kernels.scratch import (
    N_ACTIVE,
    N_FIRST_PROVINCE,
    W_BEFORE,
    shift_stock,
    status,
)
from glasshouse.model.layout import P_CITIZENS, P_GROUPS, P_LISTS, STOCK, STOCK_ON, STOCK_PUNISHED
from glasshouse.society.columns import MARK_LISTED, MARK_REFUSED

RISK_SUM, DETAINED = STOCK["risk_sum"], STOCK["detained"]  # suspended and offline follow
EVER_LISTED, EVER_REFUSED = STOCK["ever_listed"], STOCK["ever_refused"]
LISTED_BIT, REFUSED_BIT = MARK_LISTED << 16, MARK_REFUSED << 16


@kernel
def tally(tables, state, s, block):
    """Note what changed for the active citizens of a block, and add up the risks of all."""
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        before, after = s.w[j, W_BEFORE], status(state, s, j)
        if before != after:
            note_changes(tables, s, j, before, after)
    rows = min(64, tables.scalars[P_CITIZENS] - 64 * block)
    province, start = s.counters[N_FIRST_PROVINCE], 0
    while start < rows:  # a block may reach into the next provinces
        end = min(rows, tables.province_start[province + 1] - 64 * block)
        everyone = rows_of(start, end)
        left = sum_of(state.risk, everyone)
        for g in range(1, tables.scalars[P_GROUPS]):
            risks = sum_of(state.risk, everyone & of_group(s.planes, g))
            s.stocks[province, g, RISK_SUM] += risks
            left -= risks
        s.stocks[province, 0, RISK_SUM] += left
        start, province = end, province + 1


@kernel
def note_changes(tables, s, j, before, after):
    """Shift every stock that the citizen in row j entered or left."""
    for k in range(tables.scalars[P_LISTS]):
        shift_stock(s, j, STOCK_ON + k, ((after >> k) & 1) - ((before >> k) & 1))
    for k in range(3):
        shift_stock(s, j, DETAINED + k, ((after >> (8 + k)) & 1) - ((before >> (8 + k)) & 1))
    new = after & ~before  # marks of what ever happened are never taken back
    for origin in range(1, 6):
        shift_stock(s, j, STOCK_PUNISHED + origin - 1, (new >> (16 + origin)) & 1)
    shift_stock(s, j, EVER_LISTED, 1 if new & LISTED_BIT else 0)
    shift_stock(s, j, EVER_REFUSED, 1 if new & REFUSED_BIT else 0)
