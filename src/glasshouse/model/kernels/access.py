"""Phase 2: who gets online today, and which identity checks fail. Twin: oracle phase 2."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, bit, chance, event, kernel, private
from glasshouse.model.kernels.ladder import screened
from glasshouse.model.kernels.sanction import punish
from glasshouse.model.kernels.scratch import (
    M_ONLINE,
    N_ACTIVE,
    W_ACCESS,
    W_DETAINED,
    W_OFFLINE,
    W_SUSPENDED,
    count,
)
from glasshouse.model.kernels.sieve import hit_of
from glasshouse.model.layout import (
    C_D_FACE,
    C_D_ID,
    C_FACE,
    C_FROM,
    CHECK,
    FLOW,
    LOGIN_CARD,
    LOGIN_FACE,
    N_KINDS,
    P_LOGIN_FACE,
    P_LOGIN_FROM,
    P_OFFLINE_DAYS,
    T_FACE_BORROWED,
    T_FORGED,
    V_OFFLINE,
)
from glasshouse.society.columns import IDENTITY, MARK_BORROWING, MARK_OFFLINE_BY_CARD
from glasshouse.streams import BUILTIN

LOGIN_FACE_DECISION = BUILTIN["identity.login.face"]
DAYS_FACE, DAYS_ID = FLOW["offline_days.face"], FLOW["offline_days.id"]
DAYS_SUSPENSION, DAYS_DETENTION = FLOW["offline_days.suspension"], FLOW["offline_days.detention"]
DETENTION_DAYS = FLOW["detention_days"]
FAILED_FACE, FAILED_ID = FLOW["failed_checks.face"], FLOW["failed_checks.id"]
LOGIN = 2  # number of the check at login; 0 is a new line, 1 a renewal


@kernel
def access(tables, state, s, base, day):
    """Run phase 2 for the active citizens of a block."""
    checked = checked_today(s, (base >> 6) & 3)
    login = tables.scalars[P_LOGIN_FACE] != 0 and day >= tables.scalars[P_LOGIN_FROM]
    for q in range(s.counters[N_ACTIVE]):
        j = I64(s.active[q])
        spells = s.w[j, W_DETAINED] | s.w[j, W_SUSPENDED] | s.w[j, W_OFFLINE]
        if spells or bit(checked, j) or (login and I64(state.marks[j]) & MARK_BORROWING):
            access_one(tables, state, s, base + j, j, day)
        else:
            s.w[j, W_ACCESS] = I64(bit(s.masks[M_ONLINE], j))


@kernel
def checked_today(s, four):
    """Return the mask of citizens whom an event of a check, or a failure at login, may hit today."""
    mask = ZERO
    for kind in range(CHECK, N_KINDS):
        for x in range(s.n_of_kind[four, kind]):
            mask |= ONE << U(s.hit_place[four, I64(s.of_kind[four, kind, x])])
    return mask


@kernel
def access_one(tables, state, s, i, j, day):
    """Run the checks of one citizen and count what keeps them offline."""
    w = s.w
    if w[j, W_DETAINED]:
        count(s, j, DETENTION_DAYS, 1)
    if not bit(s.masks[M_ONLINE], j):
        w[j, W_ACCESS] = 0
        return
    failed = False
    if not w[j, W_DETAINED]:
        for c in range(2):
            failed |= check_event(tables, state, s, i, j, day, c)
        if not (failed or w[j, W_SUSPENDED] or w[j, W_OFFLINE]) and day >= tables.scalars[P_LOGIN_FROM]:
            failed = check_login(tables, state, s, i, j, day)
    offline = failed or w[j, W_OFFLINE] != 0
    w[j, W_ACCESS] = I64(not (offline or w[j, W_DETAINED] or w[j, W_SUSPENDED]))
    if offline:
        count(s, j, DAYS_ID if I64(state.marks[j]) & MARK_OFFLINE_BY_CARD else DAYS_FACE, 1)
    if w[j, W_SUSPENDED]:
        count(s, j, DAYS_SUSPENSION, 1)
    if w[j, W_DETAINED]:
        count(s, j, DAYS_DETENTION, 1)


@kernel
def face_threshold(tables, state, s, i, j):
    """Return the threshold at which all tries reject the face of this citizen."""
    if I64(state.marks[j]) & MARK_BORROWING:
        return tables.thresholds[T_FACE_BORROWED]
    return tables.faces[s.group[j]]


@kernel
def check_event(tables, state, s, i, j, day, c):
    """Run the check at a new line (c = 0) or a renewal (c = 1); say whether it failed."""
    if day < tables.checks[c, C_FROM] or hit_of(tables, s, (i >> 6) & 3, CHECK, c, j) < 0:
        return False
    if chance(tables.luck, tables.checks[c, C_D_ID], i, day, 0, tables.thresholds[T_FORGED]):
        fail(tables, state, s, i, j, True)
        return True
    if tables.checks[c, C_FACE]:
        u = private(tables.luck, tables.checks[c, C_D_FACE], i, day, 0)
        if event(u, face_threshold(tables, state, s, i, j)):
            fail(tables, state, s, i, j, False)
            return True
    return False


@kernel
def check_login(tables, state, s, i, j, day):
    """Run the check at login; say whether it failed."""
    four = (i >> 6) & 3
    if hit_of(tables, s, four, LOGIN_CARD, LOGIN, j) >= 0:
        fail(tables, state, s, i, j, True)
        return True
    if not tables.scalars[P_LOGIN_FACE]:
        return False
    threshold = face_threshold(tables, state, s, i, j)
    if I64(state.marks[j]) & MARK_BORROWING:
        failed = event(screened(tables.luck, tables.ladder, LOGIN_FACE_DECISION, i, day), threshold)
    else:
        h = hit_of(tables, s, four, LOGIN_FACE, LOGIN, j)
        failed = h >= 0 and event(s.hit_u[four, h], threshold)
    if failed:
        fail(tables, state, s, i, j, False)
    return failed


@kernel
def fail(tables, state, s, i, j, by_card):
    """Put a citizen offline from today; a borrowed account dies of it."""
    old = I64(s.rare[j, V_OFFLINE])
    new = tables.scalars[P_OFFLINE_DAYS] - 1
    marks = I64(state.marks[j]) & ~MARK_BORROWING
    if new >= old:
        marks = marks | MARK_OFFLINE_BY_CARD if by_card else marks & ~MARK_OFFLINE_BY_CARD
        s.rare[j, V_OFFLINE] = new
    state.marks[j] = marks
    count(s, j, FAILED_ID if by_card else FAILED_FACE, 1)
    punish(state, s, i, j, IDENTITY)
