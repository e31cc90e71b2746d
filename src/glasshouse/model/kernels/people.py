"""Traits of citizens and the state before day 0, compiled. Twins: society.population, oracle day 0."""

from __future__ import annotations

from glasshouse.model.kernels.draw import (
    ALWAYS,
    I64,
    ONE,
    ZERO,
    U,
    category,
    chance,
    event,
    kernel,
    pick,
    private,
)
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
    P_FLAG_LISTED,
    P_GROUPS,
    P_LISTS,
    P_LOW_CUTOFF,
    P_MEMBER_MIN_AGE,
    P_NEAR_SHIFT,
    P_SANCTION_LISTS,
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
    V_UNTIL,
)
from glasshouse.society.columns import (
    MARK_BORROWING,
    MARK_FLAG,
    MARK_LISTED,
    MARK_PUNISHED_OWN,
    NO_TERM,
)
from glasshouse.streams import BUILTIN

GROUP, AGE, MALE, RURAL = (BUILTIN[f"people.{name}"] for name in ("group", "age", "male", "rural"))
ONLINE, MEMBER = BUILTIN["people.online"], BUILTIN["people.member"]
BORROWED, CARD = BUILTIN["identity.borrowed"], BUILTIN["identity.card"]
START = BUILTIN["initial.score"]
N_PLANES = 5
PLANE_MEMBER, PLANE_ONLINE = 3, 4


@kernel
def age_of(key, traits, i):
    """Return the age of a citizen in years. Twin: Population.age."""
    u = private(key, AGE, i, 0, 0)
    low, high = 0, 99
    while low < high:
        middle = (low + high) // 2
        if event(u, traits[TR_AGE, middle]):
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def is_online(key, traits, i, age):
    """Say whether a citizen uses the internet. Twin: Population.online."""
    return chance(key, ONLINE, i, 0, 0, traits[TR_ONLINE, age])


@kernel
def is_member(key, scalars, thresholds, i, age):
    """Say whether a citizen is scored. Twin: Population.member."""
    if scalars[P_SCORE] == 0 or age < scalars[P_MEMBER_MIN_AGE]:
        return False
    return chance(key, MEMBER, i, 0, 0, thresholds[T_MEMBER])


@kernel
def card_owner(key, i, n):
    """Return the citizen on whose card a borrowed account runs."""
    return (i + 1 + pick(private(key, CARD, i, 0, 0), n - 1)) % n


@kernel
def group_drawn(tables, i):
    """Return the group number of any citizen. Twin: Population.group."""
    groups = tables.scalars[P_GROUPS]
    if groups == 1:
        return 0
    return category(private(tables.key, GROUP, i, 0, 0), tables.traits[TR_GROUP], groups)


@kernel
def is_vacant(tables, i):
    """Say whether nobody lives at a place. Twin: Traits.here."""
    for k in range(tables.scalars[P_VACANT]):
        if tables.vacant[k] == i:
            return True
    return False


@kernel
def make_planes(tables, block, planes):
    """Fill the five bit planes of a block: three of the group, membership, online; absent ids stay 0."""
    key, traits, scalars = tables.key, tables.traits, tables.scalars
    for p in range(N_PLANES):
        planes[block, p] = ZERO
    for place in range(64):
        i = block * 64 + place
        if i >= scalars[P_CITIZENS]:
            break
        one = ONE << U(place)
        group = group_drawn(tables, i)
        age = age_of(key, traits, i)
        for p in range(3):
            if (group >> p) & 1:
                planes[block, p] |= one
        if is_vacant(tables, i):
            continue
        if is_member(key, scalars, tables.thresholds, i, age):
            planes[block, PLANE_MEMBER] |= one
        if is_online(key, traits, i, age):
            planes[block, PLANE_ONLINE] |= one


@kernel
def first_score(tables, i):
    """Return the score that a member starts at. Twin: oracle_start.first_score."""
    scalars = tables.scalars
    if scalars[P_START_CLASSES] == 0:
        return I64(scalars[P_BASE])
    u = private(tables.key, scalars[P_START_DECISION], i, 0, 0)
    number = category(u, tables.traits[TR_START], scalars[P_START_CLASSES])
    spread = tables.start_spread[number]
    place = pick(private(tables.key, START, i, 0, 1), spread + 1) if spread > 0 else 0
    return I64(tables.start_points[number]) + place


@kernel
def is_listed_at_first(tables, k, i, member, score):
    """Say whether a citizen is on list k before day 0. Twin: oracle_start.is_listed_at_first."""
    if member and score < tables.lists[k, L_START_BELOW]:
        return True
    threshold = tables.list_thresholds[k, LT_INITIAL]
    if threshold == ZERO or is_vacant(tables, i) or age_of(tables.key, tables.traits, i) < 18:
        return False
    return chance(tables.key, tables.lists[k, L_D_INITIAL], i, 0, 0, threshold)


@kernel
def begin(tables, state, s, i, j, member, online):
    """Write the state of one citizen before day 0, flag included, friends not."""
    key, scalars, thresholds = tables.key, tables.scalars, tables.thresholds
    score = first_score(tables, i) if member else I64(scalars[P_BASE])
    marks = 0
    lists = 0
    for k in range(scalars[P_LISTS]):
        if not is_listed_at_first(tables, k, i, member, score):
            continue
        lists |= 1 << k
        if not tables.lists[k, L_PERK]:
            marks |= MARK_LISTED | MARK_PUNISHED_OWN
        if tables.lists[k, L_SLOT] >= 0:
            until = 0
            if tables.lists[k, L_TERM] > 0:
                until = pick(
                    private(key, tables.lists[k, L_D_INITIAL_TERM], i, 0, 0), tables.lists[k, L_TERM]
                )
            set_until(s, tables.lists[k, L_SLOT], j, until)
    if scalars[P_BORROWERS] and online and chance(key, BORROWED, i, 0, 0, thresholds[T_BORROWED]):
        marks |= MARK_BORROWING
    state.score[j] = score
    state.lists[j] = lists
    if is_flagged(scalars, member, score, lists):
        marks |= MARK_FLAG
    state.marks[j] = marks


@kernel
def is_flagged(scalars, member, score, lists):
    """Say whether friends see a bad status: on a sanction list, or a low score."""
    if scalars[P_FLAG_LISTED]:
        return (lists & scalars[P_SANCTION_LISTS]) != 0
    return member and score < scalars[P_LOW_CUTOFF]


@kernel
def set_until(s, slot, j, value):
    """Write the last day of a term into the slot of its list."""
    s.rare[j, V_UNTIL + slot] = value


@kernel
def get_until(s, slot, j):
    """Return the last day of a term from the slot of its list; NO_TERM without a slot."""
    return I64(s.rare[j, V_UNTIL + slot]) if slot >= 0 else NO_TERM


@kernel
def settle_block(tables, state, planes, s, block):
    """Make one block. Rows beyond the last citizen keep the base score and are never members."""
    make_planes(tables, block, planes)
    n = tables.scalars[P_CITIZENS]
    for place in range(64):
        i = block * 64 + place
        if i >= n:
            state.score[place] = tables.scalars[P_BASE]
            continue
        one = ONE << U(place)
        member = planes[block, PLANE_MEMBER] & one != ZERO
        online = planes[block, PLANE_ONLINE] & one != ZERO
        begin(tables, state, s, i, place, member, online)


@kernel
def province_of(tables, i):
    """Return the province number of a citizen. Twin: Population.province."""
    province = I64(tables.province_near[i >> tables.scalars[P_NEAR_SHIFT]])
    while tables.province_start[province + 1] <= i:
        province += 1
    return province


@kernel
def group_of(planes, i):
    """Return the group number of a citizen from the planes."""
    block, place = i // 64, U(i % 64)
    code = 0
    for p in range(3):
        if (planes[block, p] >> place) & ONE != ZERO:
            code |= 1 << p
    return code


@kernel
def rows_of(start, end):
    """Return the mask of rows start..end-1 of a block."""
    upto = ALWAYS if end == 64 else (ONE << U(end)) - ONE
    return upto & ~((ONE << U(start)) - ONE)


@kernel
def of_group(planes, g):
    """Return the mask of the citizens of a block whose group planes spell the number g; `planes` are the block's."""
    mask = ALWAYS
    for p in range(3):
        mask &= planes[p] if (g >> p) & 1 else ~planes[p]
    return mask
