"""Who a citizen is, compiled: group, province, place in the bit planes. Twin: society.population."""

from __future__ import annotations

from glasshouse.model.kernels.draw import ALWAYS, I64, ONE, ZERO, U, category, kernel, pick, private
from glasshouse.model.layout import P_GROUPS, P_NEAR_SHIFT, P_VACANT, TR_GROUP, V_UNTIL
from glasshouse.society.columns import NO_TERM
from glasshouse.streams import BUILTIN

GROUP, AGE, MALE, RURAL = (BUILTIN[f"people.{name}"] for name in ("group", "age", "male", "rural"))
CARD = BUILTIN["identity.card"]
N_PLANES = 5
PLANE_MEMBER, PLANE_ONLINE = 3, 4


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
def set_until(s, slot, j, value):
    """Write the last day of a term into the slot of its list."""
    s.rare[j, V_UNTIL + slot] = value


@kernel
def get_until(s, slot, j):
    """Return the last day of a term from the slot of its list; NO_TERM without a slot."""
    return I64(s.rare[j, V_UNTIL + slot]) if slot >= 0 else NO_TERM


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
