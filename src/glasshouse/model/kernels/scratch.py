"""What the phases of one day hand to each other for the 64 citizens of a block, and where they report.

One set per worker, used again for every block. Columns of `w` are named by W_* and valid for active citizens;
`records`, `lost`, `sanction` and `files` hold one row per behaviour (three for records) or list and are cleaned
after use.
"""

from __future__ import annotations

import numpy as np

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, bit, kernel
from glasshouse.model.kernels.lanes import lowest, ones
from glasshouse.model.kernels.people import N_PLANES, province_of
from glasshouse.model.layout import (
    BEHAVIOURS,
    FLOWS,
    GROUPS,
    LISTS,
    N_KINDS,
    N_RARE,
    P_LISTS,
    PROVINCES,
    QUAD,
    RUNGS,
    SLOTS,
    STEPS,
    STOCKS,
    V_DETAINED,
    V_OFFLINE,
    V_SUSPENDED,
)
from glasshouse.society.columns import FALSE, OWN, RECORD

(
    W_DETAINED,  # barred today
    W_SUSPENDED,
    W_OFFLINE,
    W_LISTS,  # lists that count today
    W_COUNTS,  # month_counts before the reset of the 1st
    W_ACCESS,
    W_RECORDS,  # mask of the behaviours of which records arrive today
    W_POINTS,  # sum of points of rules, liability, association
    W_WON,  # points returned
    W_LOSS,  # largest single loss
    W_LOSS_ORIGIN,
    W_LOSS_BEHAVIOUR,  # + 1, 0 none
    W_LIABLE,
    W_WINS,  # appeals won
    W_WIN_LISTS,  # lists that an appeal takes the citizen off
    W_DEGREE,  # uncut friends, where that is asked
    W_COMPANY_ON,
    W_COMPANY_OFF,
    W_BEFORE,  # what the stocks count, as it was in the morning
    N_W,
) = range(20)
OUT_COLUMNS = 5  # due, target, kind, arg, value
(
    N_OUT,
    N_FLIPS,
    N_PULSES,
    N_ACTIVE,
    N_PROVINCE,  # of the whole block, -1 when it lies in several
    N_FIRST_PROVINCE,  # of the block
    N_INBOX,  # first message not yet delivered
    N_CANDIDATES,
    N_MORE,  # rungs on which several stand
    N_ROWS,  # of the quad
    N_FIRST_ROW,  # of the block
    N_NEW_ROWS,  # of citizens of the quad who had none
    N_CHANGED,  # not 0 when a row of the quad did
    N_DONE,  # hits that became acts
    N_RECOVERY,  # by how much scores recover today
    N_DECAY,
    N_COUNTERS,
) = range(17)
M_ACTIVE, M_MEMBER, M_ONLINE, M_PUNISHED, M_RARE = range(5)  # bit j: the citizen in row j
M_BUSY = 5
M_DONE = 6  # bit b: somebody does behaviour b, who is told by did[b]
M_LIABLE = 7  # group owners to be held liable
N_MASKS = 8
SANCTION_FINED, SANCTION_DAYS = 1, 2  # sanction[b] = fined, or 2 * (days detained + 1)


OUT_ROWS = 81_920
ID_ROWS = 16_384
QUAD_HITS = 64 * SLOTS  # of one block
QUAD_CANDIDATES = 4 * QUAD_HITS * RUNGS  # the most that four blocks can have
CANDIDATES = QUAD_CANDIDATES + 32_768
MORE = 4 * STEPS + 4_096
QUADS = 64  # sifted at once, at most
FREE_PAGES = 16_384  # that a worker can hold

# Arrays of one worker.
SCRATCH = np.dtype(
    [
        ("w", np.int64, (64, N_W)),
        ("records", np.int64, (3 * BEHAVIOURS, 64)),  # own, false, identity of each
        ("lost", np.int64, (BEHAVIOURS, 64)),  # points lost by rules on it
        ("sanction", np.int64, (BEHAVIOURS, 64)),
        ("files", np.int64, (LISTS, 64)),  # behaviour + 1 that today's entry rests on, 0 no file
        ("did", np.uint64, (BEHAVIOURS,)),  # masks
        ("words", np.uint32, (4, STEPS)),  # shared words of four blocks
        ("who", np.int64, (CANDIDATES + 1,)),
        ("step", np.uint16, (CANDIDATES + 1,)),
        ("what", np.uint8, (CANDIDATES + 1,)),  # slot
        ("decision", np.uint64, (CANDIDATES + 1,)),  # of the draw that comes next
        ("draw", np.uint64, (CANDIDATES + 1,)),
        ("u", np.uint64, (CANDIDATES + 1,)),
        ("rate", np.uint64, (CANDIDATES + 1,)),
        ("more_block", np.int64, (MORE + 1,)),
        ("more_step", np.uint16, (MORE + 1,)),
        ("more_word", np.uint64, (MORE + 1,)),
        ("more_counter", np.uint64, (MORE + 1,)),
        ("more_decision", np.uint64, (MORE + 1,)),
        ("more_low", np.uint64, (MORE + 1,)),
        ("more_high", np.uint64, (MORE + 1,)),
        ("more_places", np.uint64, (MORE + 1,)),
        ("more_size", np.int64, (MORE + 1,)),  # 0 where there are many, or a place is told twice
        ("head", np.int64, (QUADS,)),  # first candidate of each quad, -1 none; `next` names the one after it
        ("next", np.int64, (CANDIDATES + 1,)),
        ("n_hits", np.int64, (4,)),  # of each of four blocks
        ("hit_slot", np.uint8, (4, QUAD_HITS)),
        ("hit_place", np.uint8, (4, QUAD_HITS)),
        ("hit_u", np.uint64, (4, QUAD_HITS)),
        ("hit_rate", np.uint64, (4, QUAD_HITS)),
        ("hit_next", np.uint64, (4, QUAD_HITS)),  # the draw that follows on it
        ("n_of_kind", np.int64, (4, N_KINDS)),
        ("of_kind", np.uint16, (4, N_KINDS, QUAD_HITS)),  # numbers of the hits of each kind
        ("done", np.uint16, (QUAD_HITS,)),  # numbers of the hits that became acts
        ("room", np.uint64, (4, 64)),  # for looking up ties
        ("moved", np.int16, (64,)),  # by recovery or decay
        ("stood", np.uint64, (4, SLOTS)),  # masks: who has a hit of the slot
        ("masks", np.uint64, (N_MASKS,)),
        ("planes", np.uint64, (N_PLANES,)),  # of the block
        ("province", np.uint8, (64,)),  # of active citizens, and of those located
        ("group", np.uint8, (64,)),
        ("active", np.uint8, (64,)),  # rows of the active citizens, N_ACTIVE of them
        ("friends", np.int64, (512,)),
        ("flows", np.int64, (PROVINCES, GROUPS, FLOWS)),
        (
            "stocks",
            np.int64,
            (PROVINCES, GROUPS, STOCKS),
        ),  # changes of today; the sum of risks itself
        ("out", np.int64, (OUT_ROWS, OUT_COLUMNS)),
        ("flips", np.int64, (ID_ROWS,)),
        ("pulses", np.int64, (ID_ROWS,)),
        ("counters", np.int64, (N_COUNTERS,)),
        ("rare", np.uint16, (64, N_RARE)),  # rows of the block's active citizens
        ("has_row", np.uint64, (4,)),  # masks of the blocks of the quad
        ("stirring", np.uint64, (4,)),
        ("kept", np.uint16, (QUAD, N_RARE)),  # rows of the quad
        ("new", np.uint16, (QUAD + 1, N_RARE)),
        ("written", np.uint16, (QUAD + 1, N_RARE)),
        ("kept_places", np.uint8, (QUAD,)),
        ("new_places", np.uint8, (QUAD + 1,)),
        ("written_places", np.uint8, (QUAD + 1,)),
        ("free", np.uint32, (FREE_PAGES,)),  # pages that this worker may use, n_free of them
        ("n_free", np.int64, (1,)),
    ],
    align=True,
)
ROOM = 256 * BEHAVIOURS * (4 + LISTS)  # the most messages that four blocks can post on one day
assert ROOM < OUT_ROWS


def make_scratch(workers: int) -> np.recarray:
    """Return fresh scratch, one record of type SCRATCH per worker."""
    return np.zeros(workers, SCRATCH).view(np.recarray)


@kernel
def activate(tables, state, s, base, j):
    """Give the citizen in row j fresh rows and a turn in every phase."""
    for column in range(N_W):
        s.w[j, column] = 0
    locate(tables, s, base, j)
    open_row(s, j)
    s.w[j, W_BEFORE] = status(state, s, j)
    s.active[s.counters[N_ACTIVE]] = j
    s.counters[N_ACTIVE] += 1
    s.masks[M_ACTIVE] |= ONE << U(j)


@kernel
def wake(tables, state, s, base, j):
    """Make a citizen active in the middle of the day, if they are not: nothing bars them, their lists count."""
    if bit(s.masks[M_ACTIVE], j):
        return
    activate(tables, state, s, base, j)
    s.w[j, W_LISTS] = I64(state.lists[j])
    s.w[j, W_ACCESS] = I64(bit(s.masks[M_ONLINE], j))


@kernel
def locate(tables, s, base, j):
    """Note province and group of the citizen in row j, where its flows are counted."""
    province = s.counters[N_PROVINCE]
    s.province[j] = province if province >= 0 else province_of(tables, base + j)
    place, code = U(j), ZERO
    for p in range(3):
        code |= ((s.planes[p] >> place) & ONE) << U(p)
    s.group[j] = I64(code)


@kernel
def open_row(s, j):
    """Spread the rare values of the citizen in row j, if they have any."""
    if bit(s.masks[M_RARE], j):
        row = row_of(s, j)
        for v in range(N_RARE):
            s.rare[j, v] = s.kept[row, v]


@kernel
def row_of(s, j):
    """Return where the rare values of the citizen in row j are kept, who has some: rows are in order of places."""
    return s.counters[N_FIRST_ROW] + ones(s.masks[M_RARE] & ((ONE << U(j)) - ONE))


@kernel
def status(state, s, j):
    """Return what the stocks count of one citizen, as bits: lists 0-7, spells 8-10, marks from 16."""
    spells = I64(s.rare[j, V_DETAINED] != 0) << 8 | I64(s.rare[j, V_SUSPENDED] != 0) << 9
    spells |= I64(s.rare[j, V_OFFLINE] != 0) << 10
    return I64(state.lists[j]) | spells | I64(state.marks[j]) << 16


@kernel
def shift_stock(s, j, stock, amount):
    """Add to a stock at the place and group of the citizen in row j."""
    s.stocks[I64(s.province[j]), I64(s.group[j]), stock] += amount


@kernel
def clean(tables, s):
    """Leave the rows of records and sanctions empty for the next block."""
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        kinds = U(s.w[j, W_RECORDS])
        while kinds != ZERO:
            b = lowest(kinds)
            kinds &= kinds - ONE
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
    s.flows[I64(s.province[j]), I64(s.group[j]), flow] += amount


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
def arrive(s, b, j, origin):
    """Enter one record of today; flows tell true from false."""
    which = 0 if origin == OWN else (1 if origin == FALSE else 2)
    s.records[3 * b + which, j] += 1
    s.w[j, W_RECORDS] |= 1 << b


@kernel
def origin_of(s, b, j):
    """Return the origin code of the records of a behaviour today: own before false before identity."""
    if s.records[3 * b, j]:
        return 1
    if s.records[3 * b + 1, j]:
        return 2
    return 5
