"""What the phases of one day hand to each other for the 64 citizens of a block, and where they report.

One set per worker, used again for every block. Columns of `w` are named by W_* and valid for active citizens;
`records`, `lost`, `sanction` and `files` hold one row per behaviour (three for records) or list and are cleaned
after use.
"""

from __future__ import annotations

import numpy as np

from glasshouse.model.kernels.draw import ONE, U, kernel
from glasshouse.model.kernels.people import group_of, province_of
from glasshouse.model.layout import BEHAVIOURS, FLOWS, GROUPS, LISTS, P_BEHAVIOURS, P_LISTS, PROVINCES, SLOTS
from glasshouse.society.columns import RECORD

(
    W_DETAINED,  # barred today
    W_SUSPENDED,
    W_OFFLINE,
    W_LISTS,  # lists that count today
    W_COUNTS,  # month_counts before the reset of the 1st
    W_ACCESS,
    W_RECORDS,  # records arriving today
    W_POINTS,  # sum of points of rules, liability, association
    W_WON,  # points returned
    W_LOSS,  # largest single loss
    W_LOSS_ORIGIN,
    W_LOSS_BEHAVIOUR,  # + 1, 0 none
    W_LIABLE,
    W_COMPANY_ON,
    W_COMPANY_OFF,
    W_GROUP,
    W_PROVINCE,
    N_W,
) = range(18)
OUT_COLUMNS = 5  # due, target, kind, arg, value
N_OUT, N_FLIPS, N_PULSES, N_ACTIVE, N_COUNTERS = range(5)
M_ACTIVE, M_MEMBER, M_ONLINE, M_PUNISHED, N_MASKS = range(5)  # bit j: the citizen in row j
SANCTION_FINED, SANCTION_DAYS = 1, 2  # sanction[b] = fined, or 2 * (days detained + 1)


OUT_ROWS = 40_960
ID_ROWS = 16_384

# Arrays of one worker.
SCRATCH = np.dtype(
    [
        ("w", np.int64, (64, N_W)),
        ("records", np.int64, (3 * BEHAVIOURS, 64)),  # own, false, identity of each
        ("lost", np.int64, (BEHAVIOURS, 64)),  # points lost by rules on it
        ("sanction", np.int64, (BEHAVIOURS, 64)),
        ("files", np.int64, (LISTS, 64)),  # behaviour + 1 that today's entry rests on, 0 no file
        ("did", np.uint64, (BEHAVIOURS,)),  # masks
        ("hits", np.uint64, (SLOTS,)),  # masks
        ("words", np.uint64, (8, SLOTS)),
        ("masks", np.uint64, (N_MASKS,)),
        ("active", np.int64, (64,)),  # rows of the active citizens, N_ACTIVE of them
        ("friends", np.int64, (512,)),
        ("flows", np.int64, (PROVINCES, GROUPS, FLOWS)),
        ("out", np.int64, (OUT_ROWS, OUT_COLUMNS)),
        ("flips", np.int64, (ID_ROWS,)),
        ("pulses", np.int64, (ID_ROWS,)),
        ("counters", np.int64, (N_COUNTERS,)),
    ],
    align=True,
)
ROOM = 64 * BEHAVIOURS * (4 + LISTS)  # the most messages that one block can post on one day
assert ROOM < OUT_ROWS


def make_scratch(workers: int) -> np.recarray:
    """Return fresh scratch, one record of type SCRATCH per worker."""
    return np.zeros(workers, SCRATCH).view(np.recarray)


@kernel
def activate(tables, planes, s, base, j):
    """Give the citizen in row j fresh rows and a turn in every phase."""
    for column in range(N_W):
        s.w[j, column] = 0
    locate(tables, planes, s, base, j)
    s.active[s.counters[N_ACTIVE]] = j
    s.counters[N_ACTIVE] += 1
    s.masks[M_ACTIVE] |= ONE << U(j)


@kernel
def locate(tables, planes, s, base, j):
    """Note province and group of the citizen in row j, where its flows are counted."""
    s.w[j, W_PROVINCE] = province_of(tables.province_start, base + j)
    s.w[j, W_GROUP] = group_of(planes, base + j)


@kernel
def clean(tables, s):
    """Leave the rows of records and sanctions empty for the next block."""
    for q in range(s.counters[N_ACTIVE]):
        j = s.active[q]
        if s.w[j, W_RECORDS]:
            for b in range(tables.scalars[P_BEHAVIOURS]):
                s.records[3 * b, j] = 0
                s.records[3 * b + 1, j] = 0
                s.records[3 * b + 2, j] = 0
                s.lost[b, j] = 0
                s.sanction[b, j] = 0
        for k in range(tables.scalars[P_LISTS]):
            s.files[k, j] = 0


@kernel
def count(s, j, flow, amount):
    """Add to a flow at the place and group of the citizen in row j."""
    s.flows[s.w[j, W_PROVINCE], s.w[j, W_GROUP], flow] += amount


@kernel
def post(s, due, target, kind, arg, value):
    """Put a message into the outbox; the caller of the block made sure that it fits."""
    at = s.counters[N_OUT]
    s.out[at, 0] = due
    s.out[at, 1] = target
    s.out[at, 2] = kind
    s.out[at, 3] = arg
    s.out[at, 4] = value
    s.counters[N_OUT] = at + 1


@kernel
def post_record(s, due, target, behaviour, origin):
    """Post a record that lands later, or on another citizen."""
    post(s, due, target, RECORD, behaviour, origin)


@kernel
def origin_of(s, b, j):
    """Return the origin code of the records of a behaviour today: own before false before identity."""
    if s.records[3 * b, j]:
        return 1
    if s.records[3 * b + 1, j]:
        return 2
    return 5


@kernel
def records_of(s, b, j):
    """Return the number of records of a behaviour that arrived today."""
    return s.records[3 * b, j] + s.records[3 * b + 1, j] + s.records[3 * b + 2, j]
