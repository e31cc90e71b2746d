"""The state of everybody before day 0, 64 rows side by side. Twins: society.population, oracle_start."""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import ALWAYS, I64, ONE, ZERO, U, category, kernel, philox, pick, private
from glasshouse.model.kernels.lanes import lowest, mask_below
from glasshouse.model.kernels.pages import close_block, close_quad, has_pages, open_block, open_quad, share_of
from glasshouse.model.kernels.people import (
    AGE,
    GROUP,
    N_PLANES,
    PLANE_MEMBER,
    PLANE_ONLINE,
    rows_of,
    set_until,
)
from glasshouse.model.kernels.publish import flagged
from glasshouse.model.kernels.whole import whole
from glasshouse.model.layout import (
    L_D_INITIAL,
    L_D_INITIAL_TERM,
    L_PERK,
    L_SLOT,
    L_START_BELOW,
    L_TERM,
    LT_INITIAL,
    P_BASE,
    P_BORROWERS,
    P_CITIZENS,
    P_GROUPS,
    P_LISTS,
    P_MEMBER_MIN_AGE,
    P_SCORE,
    P_START_CLASSES,
    P_START_DECISION,
    P_VACANT,
    T_BORROWED,
    T_MEMBER,
    TR_AGE,
    TR_GROUP,
    TR_ONLINE,
    TR_START,
)
from glasshouse.society.columns import MARK_BORROWING, MARK_FLAG, MARK_LISTED, MARK_PUNISHED_OWN
from glasshouse.streams import BUILTIN

ONLINE, MEMBER = BUILTIN["people.online"], BUILTIN["people.member"]
BORROWED, START = BUILTIN["identity.borrowed"], BUILTIN["initial.score"]
FOUR, OLDEST, ADULT = U(4), 99, 18


@numba.njit(cache=True, parallel=True, error_model="numpy")
def settle(tables, world, planes, scratch, progress):
    """Make the planes and the state before day 0; progress[k] becomes -1 for a worker that is through."""
    workers = progress.size
    for k in numba.prange(workers):
        if progress[k] >= 0:
            progress[k] = settle_share(tables[0], world, planes, scratch[k], k, workers, progress[k])


@whole
def settle_share(tables, world, planes, s, worker, workers, done):
    """Make the quads of one worker; return how many are done, -1 when all are."""
    state, first, pages = world[0], world[1], world[2]
    low, high = share_of(world, worker, workers)
    for quad in range(low + done, high):
        if not has_pages(s):
            return quad - low
        open_quad(first, pages, s, quad, 0)
        for block in range(4 * quad, min(4 * quad + 4, state.size)):
            open_block(s, block)
            settle_block(tables, state[block], planes[block], s, block)
            close_block(s, block, ALWAYS)
        close_quad(first, pages, s, quad)
    return -1


@kernel
def settle_block(tables, state, planes, s, block):
    """Make one block, friends apart. Rows beyond the last citizen keep the base score and are never members."""
    ages, draws = s.u[:64], s.draw[:64]
    draw_block(tables.key, AGE, block, ages)
    there = who_lives_there(tables, block)
    make_planes(tables, block, planes, ages, draws, there)
    begin_scores(tables, state, planes[PLANE_MEMBER], block)
    for j in range(64):
        state.marks[j] = 0
        state.lists[j] = 0
    adults = there & of_age(tables, ages, ADULT)
    for k in range(tables.scalars[P_LISTS]):
        begin_list(tables, state, s, k, adults, planes[PLANE_MEMBER], block, draws)
    if tables.scalars[P_BORROWERS]:
        draw_block(tables.key, BORROWED, block, draws)
        mark(state, planes[PLANE_ONLINE] & hits(draws, tables.thresholds[T_BORROWED]), MARK_BORROWING)
    mark(state, flagged(tables.scalars, state, planes[PLANE_MEMBER]), MARK_FLAG)


@kernel
def draw_block(key, decision, block, draws):
    """Fill draws[j] with what `private` draws for row j of a block; a loop that becomes vector instructions."""
    c3, k0, k1, mirror, first = U(decision), key[0], key[1], key[2], U(64 * block)
    for j in range(64):
        lo, _ = philox(first + U(j), FOUR, ZERO, c3, k0, k1)
        draws[j] = lo ^ mirror


@kernel
def hits(draws, threshold):
    """Return the mask of rows whose draw hits a threshold, as `event` says it."""
    if threshold == ALWAYS:
        return ALWAYS
    mask = ZERO
    for j in range(64):
        mask |= U(draws[j] < threshold) << U(j)
    return mask


@kernel
def who_exists(tables, block):
    """Return the mask of rows that are places of citizens."""
    return rows_of(0, max(0, min(64, tables.scalars[P_CITIZENS] - 64 * block)))


@kernel
def who_lives_there(tables, block):
    """Return the mask of rows where somebody lives."""
    there = who_exists(tables, block)
    for k in range(tables.scalars[P_VACANT]):
        if I64(tables.vacant[k]) // 64 == block:
            there &= ~(ONE << U(I64(tables.vacant[k]) % 64))
    return there


@kernel
def of_age(tables, ages, years):
    """Return the mask of rows at least so old. Twin: Population.age."""
    if years <= 0:
        return ALWAYS
    if years > OLDEST:
        return ZERO
    return ~hits(ages, tables.traits[TR_AGE, years - 1])


@kernel
def make_planes(tables, block, planes, ages, draws, there):
    """Fill the five bit planes of a block: three of the group, membership, online; absent ids stay 0."""
    group_planes(tables, block, planes, draws)
    planes[PLANE_MEMBER] = there & members_of(tables, block, ages, draws)
    draw_block(tables.key, ONLINE, block, draws)
    planes[PLANE_ONLINE] = there & online_of(tables, ages, draws)


@kernel
def group_planes(tables, block, planes, draws):
    """Fill the planes of the group with the binary digits of its number. Twin: Population.group."""
    for p in range(N_PLANES):
        planes[p] = ZERO
    if tables.scalars[P_GROUPS] == 1:
        return
    draw_block(tables.key, GROUP, block, draws)
    exists = who_exists(tables, block)
    for g in range(tables.scalars[P_GROUPS]):
        carry = exists & ~hits(draws, tables.traits[TR_GROUP, g])  # whose group has a greater number
        for p in range(3):
            planes[p], carry = planes[p] ^ carry, planes[p] & carry


@kernel
def members_of(tables, block, ages, draws):
    """Return the mask of those who are scored. Twin: Population.member."""
    if tables.scalars[P_SCORE] == 0:
        return ZERO
    draw_block(tables.key, MEMBER, block, draws)
    return of_age(tables, ages, tables.scalars[P_MEMBER_MIN_AGE]) & hits(draws, tables.thresholds[T_MEMBER])


@kernel
def online_of(tables, ages, draws):
    """Return the mask of those who use the internet, age band by age band. Twin: Population.online."""
    online, done = ZERO, ZERO
    for age in range(OLDEST + 1):
        share = tables.traits[TR_ONLINE, age]
        if age < OLDEST and tables.traits[TR_ONLINE, age + 1] == share:
            continue  # the band goes on
        band = ~done & ~of_age(tables, ages, age + 1)
        online |= band & hits(draws, share)
        done |= band
    return online


@kernel
def begin_scores(tables, state, members, block):
    """Write the score that each row starts at; who is no member has the base score."""
    for j in range(64):
        state.score[j] = tables.scalars[P_BASE]
    if tables.scalars[P_START_CLASSES]:
        while members != ZERO:
            j = lowest(members)
            members &= members - ONE
            state.score[j] = first_score(tables, 64 * block + j)


@kernel
def first_score(tables, i):
    """Return the score that a member starts at, drawn by class. Twin: oracle_start.first_score."""
    scalars = tables.scalars
    u = private(tables.key, scalars[P_START_DECISION], i, 0, 0)
    number = category(u, tables.traits[TR_START], scalars[P_START_CLASSES])
    spread = tables.start_spread[number]
    place = pick(private(tables.key, START, i, 0, 1), spread + 1) if spread > 0 else 0
    return I64(tables.start_points[number]) + place


@kernel
def begin_list(tables, state, s, k, adults, members, block, draws):
    """Put those on list k who are on it before day 0. Twin: oracle_start.is_listed_at_first, list_at_first."""
    on = members & mask_below(state.score, tables.lists[k, L_START_BELOW])
    threshold = tables.list_thresholds[k, LT_INITIAL]
    if threshold != ZERO:
        draw_block(tables.key, tables.lists[k, L_D_INITIAL], block, draws)
        on |= adults & hits(draws, threshold)
    while on != ZERO:
        j = lowest(on)
        on &= on - ONE
        state.lists[j] = I64(state.lists[j]) | (1 << k)
        if not tables.lists[k, L_PERK]:
            state.marks[j] = I64(state.marks[j]) | MARK_LISTED | MARK_PUNISHED_OWN
        if tables.lists[k, L_SLOT] >= 0:
            set_until(s, tables.lists[k, L_SLOT], j, first_until(tables, k, 64 * block + j))


@kernel
def first_until(tables, k, i):
    """Return the last day on list k of a citizen who is on it before day 0: part of the term is over."""
    term = tables.lists[k, L_TERM]
    return pick(private(tables.key, tables.lists[k, L_D_INITIAL_TERM], i, 0, 0), term) if term > 0 else 0


@kernel
def mark(state, rows, bits):
    """Set bits in the marks of some rows."""
    while rows != ZERO:
        j = lowest(rows)
        rows &= rows - ONE
        state.marks[j] = I64(state.marks[j]) | bits
