"""What others, or earlier days, send to the citizens of a block: taken in before the first phase, used by all."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, U, bit, kernel
from glasshouse.model.kernels.people import get_until, is_vacant
from glasshouse.model.kernels.scratch import (
    M_ACTIVE,
    M_LIABLE,
    N_INBOX,
    W_COMPANY_OFF,
    W_COMPANY_ON,
    W_DEGREE,
    W_LIABLE,
    W_WIN_LISTS,
    W_WINS,
    W_WON,
    activate,
    arrive,
)
from glasshouse.model.layout import L_SLOT, V_DETAINED
from glasshouse.society.columns import (
    COMPANY_OFF,
    COMPANY_ON,
    LIABLE,
    RECORD,
    WIN,
    WIN_DETENTION,
    WIN_LIST,
)


@kernel
def lower_bound(inbox, target):
    """Return the first row of the sorted inbox whose target is at least `target`."""
    low, high = 0, inbox.shape[0]
    while low < high:
        middle = (low + high) // 2
        if inbox[middle, 1] < target:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def take_in(tables, state, s, inbox, base, day):
    """Wake those of a block to whom messages come, and note what they say; the next block's messages follow."""
    q = s.counters[N_INBOX]
    while q < inbox.shape[0] and inbox[q, 1] < base + 64:
        j = inbox[q, 1] - base
        if not is_vacant(tables, inbox[q, 1]):
            if not bit(s.masks[M_ACTIVE], j):
                activate(tables, state, s, base, j)
            note(tables, s, j, inbox[q, 2], inbox[q, 3], inbox[q, 4], day)
        q += 1
    s.counters[N_INBOX] = q


@kernel
def note(tables, s, j, kind, arg, value, day):
    """Note one message for the citizen in row j."""
    if kind == RECORD:
        arrive(s, arg, j, value)
    elif kind == LIABLE:
        s.w[j, W_LIABLE] += 1
        s.masks[M_LIABLE] |= ONE << U(j)
    elif kind == WIN:
        s.w[j, W_WINS] += 1
        s.w[j, W_WON] += value
    elif kind == WIN_DETENTION:
        release(s, j, day, value)
    elif kind == WIN_LIST:
        if value == get_until(s, tables.lists[arg, L_SLOT], j):
            s.w[j, W_WIN_LISTS] |= 1 << arg
    elif kind == COMPANY_ON:
        s.w[j, W_COMPANY_ON] = 1
    elif kind == COMPANY_OFF:
        s.w[j, W_COMPANY_OFF] = 1
    else:  # DEGREE
        s.w[j, W_DEGREE] = value


@kernel
def release(s, j, day, last_day):
    """End a detention if it is still the one that was appealed."""
    left = I64(s.rare[j, V_DETAINED])
    if left > 0 and day + left - 1 == last_day:
        s.rare[j, V_DETAINED] = 0
