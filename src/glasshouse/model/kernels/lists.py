"""Phase 6: on and off the lists; a change today counts from tomorrow. Twin: oracle phase 6."""

from __future__ import annotations

from glasshouse.model.kernels.calendar import clear_stops, leave
from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, bit, chance, kernel
from glasshouse.model.kernels.lanes import lowest, mask_below, mask_bits
from glasshouse.model.kernels.people import get_until, set_until
from glasshouse.model.kernels.sanction import punish
from glasshouse.model.kernels.scratch import (
    M_ACTIVE,
    M_MEMBER,
    N_ACTIVE,
    W_COMPANY_OFF,
    W_COMPANY_ON,
    W_LISTS,
    W_LOSS_BEHAVIOUR,
    W_LOSS_ORIGIN,
    W_RECORDS,
    W_WIN_LISTS,
    count,
    origin_of,
    wake,
)
from glasshouse.model.kernels.sieve import hit_of
from glasshouse.model.layout import (
    FLOW,
    L_BY_SCORE,
    L_COMPANY,
    L_D_ENTRY,
    L_ENTRY_AT_LEAST,
    L_ENTRY_BEHAVIOURS,
    L_ENTRY_BELOW,
    L_EXIT_AT_LEAST,
    L_EXIT_BELOW,
    L_FLOW,
    L_PERK,
    L_SLOT,
    L_TERM,
    LT_ENTRY,
    NO_LINE_AT_LEAST,
    NO_LINE_BELOW,
    P_FIRST_AT_LEAST,
    P_FIRST_BELOW,
    P_LISTS,
    P_SCORE,
    P_SCORE_LISTS,
)
from glasshouse.model.layout import PERFORMED as LIST_PERFORMED
from glasshouse.model.layout import REPAIRED as LIST_REPAIRED
from glasshouse.society.columns import (
    LOSS_SHIFT,
    MARK_LISTED,
    NO_TERM,
    OWN,
    REPRESENTATION,
)

FIRST_LISTED, PERKS = FLOW["first_listed"], FLOW["perks"]
PERFORMED, REPAIRED = FLOW["debts_performed"], FLOW["repaired"]


@kernel
def lists(tables, state, s, base, day):
    """Run phase 6 for a block; quiet citizens wake only when a line, performance or repair concerns them."""
    concerned = over_a_line(tables, state) & s.masks[M_MEMBER]
    four = (base >> 6) & 3
    concerned |= ending(tables, state, s, LIST_PERFORMED, four)
    concerned |= ending(tables, state, s, LIST_REPAIRED, four)
    concerned &= ~s.masks[M_ACTIVE]
    while concerned != ZERO:
        j = lowest(concerned)
        concerned &= concerned - ONE
        wake(tables, state, s, base, j)
    for n in range(s.counters[N_ACTIVE]):
        j = I64(s.active[n])
        i = base + j
        if is_settled(tables, state, s, j):
            continue
        for k in range(tables.scalars[P_LISTS]):
            if tables.lists[k, L_COMPANY]:
                follow_company(tables, state, s, i, j, k)
            elif (s.w[j, W_LISTS] >> k) & 1:
                if not leaves(tables, state, s, i, j, k):
                    extend(tables, state, s, i, j, k, day)
            else:
                enter(tables, state, s, i, j, k, day)
        clear_stops(tables, state, j)


@kernel
def over_a_line(tables, state):
    """Return the mask of those whose score leads onto a list that they are not on, or off one that they are on.

    Only scores beyond the outermost lines of entry, and people on a list that follows the score, are looked at.
    """
    scalars = tables.scalars
    near = mask_below(state.score, scalars[P_FIRST_BELOW])
    near |= ~mask_below(state.score, scalars[P_FIRST_AT_LEAST]) | mask_bits(
        state.lists, scalars[P_SCORE_LISTS]
    )
    mask = ZERO
    while near != ZERO:
        j = lowest(near)
        near &= near - ONE
        if crosses(tables, I64(state.score[j]), I64(state.lists[j])):
            mask |= ONE << U(j)
    return mask


@kernel
def crosses(tables, points, on):
    """Say whether a score leads onto a list that is not in the set `on`, or off one that is."""
    for k in range(tables.scalars[P_LISTS]):
        row = tables.lists[k]
        if row[L_BY_SCORE]:
            if (on >> k) & 1:
                low, high = row[L_EXIT_BELOW], row[L_EXIT_AT_LEAST]
            else:
                low, high = row[L_ENTRY_BELOW], row[L_ENTRY_AT_LEAST]
            if points < low or (high != NO_LINE_AT_LEAST and points >= high):
                return True
    return False


@kernel
def ending(tables, state, s, kind, four):
    """Return the mask of those whose listing performance, or repair, ends today."""
    mask = ZERO
    for x in range(s.n_of_kind[four, kind]):
        h = I64(s.of_kind[four, kind, x])
        j = I64(s.hit_place[four, h])
        if (I64(state.lists[j]) >> I64(tables.slot_of[I64(s.hit_slot[four, h])])) & 1:
            mask |= ONE << U(j)
    return mask


@kernel
def is_settled(tables, state, s, j):
    """Say whether nothing in this phase can concern the citizen in row j: no list, record, line, company."""
    if s.w[j, W_LISTS] or s.w[j, W_RECORDS] or s.w[j, W_COMPANY_ON] or s.w[j, W_COMPANY_OFF]:
        return False
    points = I64(state.score[j])
    return points >= tables.scalars[P_FIRST_BELOW] and points < tables.scalars[P_FIRST_AT_LEAST]


@kernel
def follow_company(tables, state, s, i, j, k):
    """Put a representative on the list with the company, and take them off with it."""
    on = (I64(state.lists[j]) >> k) & 1
    if s.w[j, W_COMPANY_ON] and not on:
        state.lists[j] = I64(state.lists[j]) | (1 << k)
        note_entry(tables, state, s, i, j, k, REPRESENTATION)
        on = 1
    if s.w[j, W_COMPANY_OFF] and on:
        leave(tables, state, s, i, j, k)


@kernel
def leaves(tables, state, s, i, j, k):
    """Take a citizen off list k if something ends it today; say whether it did."""
    row = tables.lists[k]
    if (s.w[j, W_WIN_LISTS] >> k) & 1:
        leave(tables, state, s, i, j, k)
        return True
    four = (i >> 6) & 3
    if hit_of(tables, s, four, LIST_PERFORMED, k, j) >= 0:
        count(s, j, PERFORMED, 1)
        leave(tables, state, s, i, j, k)
        return True
    if hit_of(tables, s, four, LIST_REPAIRED, k, j) >= 0:
        count(s, j, REPAIRED, 1)
        leave(tables, state, s, i, j, k)
        return True
    if not bit(s.masks[M_MEMBER], j):
        return False
    points = I64(state.score[j])
    by_height = row[L_EXIT_AT_LEAST] != NO_LINE_AT_LEAST and points >= row[L_EXIT_AT_LEAST]
    by_depth = row[L_EXIT_BELOW] != NO_LINE_BELOW and points < row[L_EXIT_BELOW]
    if by_height or by_depth:
        leave(tables, state, s, i, j, k)
        return True
    return False


@kernel
def record_entry(tables, s, i, j, k, day):
    """Return the first behaviour whose record leads onto list k today, -1 if none does."""
    leading = U(s.w[j, W_RECORDS] & tables.lists[k, L_ENTRY_BEHAVIOURS])
    if leading == ZERO:
        return -1
    hit = chance(tables.luck, tables.lists[k, L_D_ENTRY], i, day, 0, tables.list_thresholds[k, LT_ENTRY])
    return lowest(leading) if hit else -1


@kernel
def extend(tables, state, s, i, j, k, day):
    """Prolong the term of someone on the list who earns an entry again."""
    if tables.lists[k, L_SLOT] >= 0 and record_entry(tables, s, i, j, k, day) >= 0:
        until = get_until(s, tables.lists[k, L_SLOT], j)
        set_until(s, tables.lists[k, L_SLOT], j, max(until, day + tables.lists[k, L_TERM]))


@kernel
def score_entry(tables, state, s, i, j, k):
    """Say whether the score alone leads onto list k."""
    if tables.scalars[P_SCORE] == 0 or not bit(s.masks[M_MEMBER], j):
        return False
    row = tables.lists[k]
    points = I64(state.score[j])
    below = row[L_ENTRY_BELOW] != NO_LINE_BELOW and points < row[L_ENTRY_BELOW]
    return below or (row[L_ENTRY_AT_LEAST] != NO_LINE_AT_LEAST and points >= row[L_ENTRY_AT_LEAST])


@kernel
def enter(tables, state, s, i, j, k, day):
    """Put a citizen on list k if a record or the score leads there."""
    b = record_entry(tables, s, i, j, k, day)
    if b >= 0:
        origin, file = origin_of_entry(tables, s, j, k), b + 1
    elif score_entry(tables, state, s, i, j, k):
        origin, file = s.w[j, W_LOSS_ORIGIN], s.w[j, W_LOSS_BEHAVIOUR]
        if origin == 0:
            origin = I64(state.marks[j]) >> LOSS_SHIFT
        if origin == 0:
            origin = OWN
    else:
        return
    state.lists[j] = I64(state.lists[j]) | (1 << k)
    if tables.lists[k, L_SLOT] >= 0:
        set_until(s, tables.lists[k, L_SLOT], j, min(NO_TERM - 1, day + tables.lists[k, L_TERM]))
    s.files[k, j] = file if not tables.lists[k, L_PERK] else 0
    note_entry(tables, state, s, i, j, k, origin)


@kernel
def origin_of_entry(tables, s, j, k):
    """Return the origin of an entry by records: own if any own record is among them, then false, then identity."""
    best = 5
    leading = U(s.w[j, W_RECORDS] & tables.lists[k, L_ENTRY_BEHAVIOURS])
    while leading != ZERO:
        best = min(best, origin_of(s, lowest(leading), j))
        leading &= leading - ONE
    return best


@kernel
def note_entry(tables, state, s, i, j, k, origin):
    """Count an entry; a sanction list punishes."""
    count(s, j, tables.lists[k, L_FLOW], 1)
    if tables.lists[k, L_PERK]:
        count(s, j, PERKS, 1)
        return
    marks = I64(state.marks[j])
    if not marks & MARK_LISTED:
        state.marks[j] = marks | MARK_LISTED
        count(s, j, FIRST_LISTED, 1)
    punish(state, s, i, j, origin)
