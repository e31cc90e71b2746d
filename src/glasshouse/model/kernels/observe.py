"""Phase 4: who sees it, who passes it on, what becomes a record and of whom. Twin: oracle phase 4."""

from __future__ import annotations

from glasshouse.model.kernels.act import is_barred
from glasshouse.model.kernels.draw import (
    I64,
    ONE,
    ZERO,
    U,
    bit,
    category,
    chance,
    event,
    kernel,
    pick,
    private,
)
from glasshouse.model.kernels.lanes import lowest
from glasshouse.model.kernels.people import card_owner
from glasshouse.model.kernels.sanction import punish
from glasshouse.model.kernels.scratch import (
    M_DONE,
    N_ACTIVE,
    N_DONE,
    W_RECORDS,
    arrive,
    count,
    post_record,
    wake,
)
from glasshouse.model.kernels.ties import forward, group, member_at
from glasshouse.model.layout import (
    ALARM,
    B_CHAT,
    B_DELAYS,
    B_FLOW,
    B_ONLINE,
    B_SEEN,
    B_SUSPENSION,
    BT_CAUGHT,
    BT_DELAY,
    BT_MISATTRIBUTED,
    BT_OFFICE,
    BT_REMOVED,
    BT_SEEN,
    BT_SUSPENDED,
    D_CAUGHT,
    D_DELAY,
    D_MISATTRIBUTED,
    D_PASSED_ON,
    D_REMOVED,
    D_SUSPENDED,
    D_TARGET,
    FLOW,
    P_CITIZENS,
    P_FIRST_CHAT,
    P_PLATFORMS,
    V_SUSPENDED,
)
from glasshouse.society.columns import (
    FALSE,
    IDENTITY,
    MARK_BORROWING,
    OWN,
)

REMOVED, SUSPENSIONS = FLOW["posts.removed"], FLOW["suspensions"]
DOMESTIC = FLOW["passed_on.domestic"]  # foreign is the next
TRUE_RECORDS, FALSE_RECORDS = FLOW["records.true"], FLOW["records.false"]
MISATTRIBUTED, BORROWED = FLOW["records.misattributed"], FLOW["records.borrowed"]


@kernel
def observe(tables, state, s, base, day):
    """Run phase 4 for a block; records that were on their way have been taken in."""
    four = (base >> 6) & 3
    for q in range(s.counters[N_DONE]):
        h = I64(s.done[q])
        b, j = I64(tables.slot_of[I64(s.hit_slot[four, h])]), I64(s.hit_place[four, h])
        observe_act(tables, state, s, b, base + j, j, day, s.hit_next[four, h])
    alarms(tables, state, s, base)
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        if s.w[j, W_RECORDS]:
            count_records(tables, s, j)


@kernel
def observe_act(tables, state, s, b, i, j, day, u):
    """Follow one act from being seen, which its draw `u` tells, to being a record."""
    row, thresholds = tables.behaviours[b], tables.behaviour_thresholds[b]
    if row[B_SEEN]:
        platform = category(u, thresholds[BT_SEEN : BT_SEEN + 8], tables.scalars[P_PLATFORMS])
        if platform == tables.scalars[P_PLATFORMS]:
            return
        moderate(tables, state, s, b, i, j, day)
        if not chance(tables.luck, row[D_PASSED_ON], i, day, 0, tables.platforms[platform]):
            return
        count(s, j, DOMESTIC + tables.foreign[platform], 1)
    elif not event(u, thresholds[BT_OFFICE]):
        return
    if chance(tables.luck, row[D_CAUGHT], i, day, 0, thresholds[BT_CAUGHT]):
        file_record(tables, state, s, b, i, j, day)


@kernel
def moderate(tables, state, s, b, i, j, day):
    """Let the platform remove a seen post and suspend the account."""
    row, thresholds = tables.behaviours[b], tables.behaviour_thresholds[b]
    if not chance(tables.luck, row[D_REMOVED], i, day, 0, thresholds[BT_REMOVED]):
        return
    count(s, j, REMOVED, 1)
    if chance(tables.luck, row[D_SUSPENDED], i, day, 0, thresholds[BT_SUSPENDED]):
        wake(tables, state, s, i - j, j)
        s.rare[j, V_SUSPENDED] = max(I64(s.rare[j, V_SUSPENDED]), row[B_SUSPENSION])
        count(s, j, SUSPENSIONS, 1)
        punish(state, s, i, j, OWN)


@kernel
def file_record(tables, state, s, b, i, j, day):
    """Put a caught act on record: of another chat member, of the card's owner, or of the doer, now or later."""
    row, thresholds = tables.behaviours[b], tables.behaviour_thresholds[b]
    if row[B_CHAT] and thresholds[BT_MISATTRIBUTED] != ZERO and misattribute(tables, s, b, i, j, day):
        return
    if I64(state.marks[j]) & MARK_BORROWING and row[B_ONLINE]:
        post_record(s, day + 1, card_owner(tables.key, i, tables.scalars[P_CITIZENS]), b, IDENTITY)
        count(s, j, BORROWED, 1)
        return
    delay = 0
    if row[B_DELAYS] > 1 or tables.delays[b, 0] > 0:
        u = private(tables.luck, row[D_DELAY], i, day, 0)
        which = category(u, thresholds[BT_DELAY : BT_DELAY + 8], row[B_DELAYS])
        delay = tables.delays[b, min(which, row[B_DELAYS] - 1)]
    if delay:
        post_record(s, day + delay, i, b, OWN)
    else:
        wake(tables, state, s, i - j, j)
        arrive(s, b, j, OWN)


@kernel
def misattribute(tables, s, b, i, j, day):
    """Put the record on another member of the first chat circle, perhaps; say whether it happened."""
    if tables.scalars[P_FIRST_CHAT] < 0:
        return False
    row = tables.behaviours[b]
    u = private(tables.luck, row[D_MISATTRIBUTED], i, day, 0)
    if not event(u, tables.behaviour_thresholds[b, BT_MISATTRIBUTED]):
        return False
    order, base, n, first, end = group(tables, tables.scalars[P_FIRST_CHAT], i)
    if end - first < 2:
        return False
    position = first + pick(private(tables.luck, row[D_TARGET], i, day, 0), end - first - 1)
    if position >= forward(tables.permutations, order, n, i - base):
        position += 1
    post_record(s, day + 1, member_at(tables, order, base, n, position), b, FALSE)
    count(s, j, MISATTRIBUTED, 1)
    return True


@kernel
def alarms(tables, state, s, base):
    """Raise the false alarms of the block, on those who could have done it and did not."""
    four = (base >> 6) & 3
    for x in range(s.n_of_kind[four, ALARM]):
        h = I64(s.of_kind[four, ALARM, x])
        b, j = I64(tables.slot_of[I64(s.hit_slot[four, h])]), I64(s.hit_place[four, h])
        did = bit(s.masks[M_DONE], b) and bit(s.did[b], j)
        if not did and not is_barred(tables, s, b, j):
            wake(tables, state, s, base, j)
            arrive(s, b, j, FALSE)


@kernel
def count_records(tables, s, j):
    """Count the records that arrived for the citizen in row j, by behaviour and truth."""
    kinds = U(s.w[j, W_RECORDS])
    while kinds != ZERO:
        b = lowest(kinds)
        kinds &= kinds - ONE
        own = s.records[3 * b, j]
        wrong = s.records[3 * b + 1, j] + s.records[3 * b + 2, j]
        if own:
            count(s, j, TRUE_RECORDS, own)
            count(s, j, tables.behaviours[b, B_FLOW] + 2, own)
        if wrong:
            count(s, j, FALSE_RECORDS, wrong)
            count(s, j, tables.behaviours[b, B_FLOW] + 3, wrong)
