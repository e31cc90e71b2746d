"""What the phases of one day hand to each other for the 64 citizens of a block, and where they report.

One set per worker, used again for every block. Rows of `w` are named by W_*; `records`, `lost`, `sanction`
and `files` hold one row per behaviour (three for records) or list and are cleaned after use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from glasshouse.model.kernels.draw import kernel
from glasshouse.model.layout import P_BEHAVIOURS, P_LISTS, P_SLOTS, Tables
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
    W_PUNISHED,  # 0 or 1
    W_LIABLE,
    W_COMPANY_ON,
    W_COMPANY_OFF,
    W_MEMBER,
    W_ONLINE,
    W_GROUP,
    W_PROVINCE,
    W_ACTIVE,
    N_W,
) = range(22)
FRESH = (W_RECORDS, W_POINTS, W_WON, W_LOSS, W_LOSS_ORIGIN, W_LOSS_BEHAVIOUR, W_PUNISHED, W_LIABLE)
OUT_COLUMNS = 5  # due, target, kind, arg, value
N_OUT, N_FLIPS, N_PULSES, N_COUNTERS = range(4)
SANCTION_FINED, SANCTION_DAYS = 1, 2  # sanction[b] = fined + 2 * days detained


class Scratch(NamedTuple):
    """Arrays of one worker."""

    w: np.ndarray  # (N_W, 64) int64
    records: np.ndarray  # (3 * behaviours, 64) int64: own, false, identity of each
    lost: np.ndarray  # (behaviours, 64) int64 points lost by rules on it
    sanction: np.ndarray  # (behaviours, 64) int64
    files: np.ndarray  # (lists, 64) int64: behaviour + 1 that today's entry rests on, -1 no file
    did: np.ndarray  # (behaviours,) uint64 masks
    hits: np.ndarray  # (slots,) uint64 masks
    words: np.ndarray  # (slots, 8) uint64
    friends: np.ndarray  # (512,) int64
    flows: np.ndarray  # (provinces, groups, flows) int64
    out: np.ndarray  # (capacity, 5) int64
    flips: np.ndarray  # (capacity,) int64
    pulses: np.ndarray  # (capacity,) int64
    counters: np.ndarray  # (N_COUNTERS,) int64


class State(NamedTuple):
    """The columns of `society.columns`, in their order."""

    score: np.ndarray
    risk: np.ndarray
    month_counts: np.ndarray
    low_friends: np.ndarray
    seen_friends: np.ndarray
    seen_chat: np.ndarray
    lists: np.ndarray
    detained: np.ndarray
    suspended: np.ndarray
    offline: np.ndarray
    marks: np.ndarray
    until_0: np.ndarray
    until_1: np.ndarray
    until_2: np.ndarray
    history: np.ndarray


def messages_per_block(tables: Tables) -> int:
    """Return the most messages that one block can post on one day."""
    behaviours, lists = int(tables.scalars[P_BEHAVIOURS]), int(tables.scalars[P_LISTS])
    return 64 * max(1, behaviours * (4 + lists))


def make_scratch(tables: Tables, n_flows: int, blocks: int = 4) -> Scratch:
    """Return fresh scratch; its outbox holds at least `blocks` blocks."""
    behaviours, lists = int(tables.scalars[P_BEHAVIOURS]), int(tables.scalars[P_LISTS])
    slots, provinces = int(tables.scalars[P_SLOTS]), tables.province_start.size - 1
    capacity = max(8192, blocks * messages_per_block(tables))
    return Scratch(
        w=np.zeros((N_W, 64), np.int64),
        records=np.zeros((3 * behaviours, 64), np.int64),
        lost=np.zeros((behaviours, 64), np.int64),
        sanction=np.zeros((behaviours, 64), np.int64),
        files=np.zeros((lists, 64), np.int64),
        did=np.zeros(behaviours, np.uint64),
        hits=np.zeros(slots, np.uint64),
        words=np.zeros((slots, 8), np.uint64),
        friends=np.zeros(512, np.int64),
        flows=np.zeros((provinces, max(1, tables.faces.size), n_flows), np.int64),
        out=np.zeros((capacity, OUT_COLUMNS), np.int64),
        flips=np.zeros(capacity, np.int64),
        pulses=np.zeros(capacity, np.int64),
        counters=np.zeros(N_COUNTERS, np.int64),
    )


@kernel
def count(s, j, flow, amount):
    """Add to a flow at the place and group of the citizen in row j."""
    s.flows[s.w[W_PROVINCE, j], s.w[W_GROUP, j], flow] += amount


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
