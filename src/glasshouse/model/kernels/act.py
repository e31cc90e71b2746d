"""Phase 3: what citizens do, and what they keep from doing. Twin: oracle phase 3."""

from __future__ import annotations

from glasshouse.model.kernels.draw import ALWAYS, I64, ONE, S17, ZERO, U, bit, event, kernel, private
from glasshouse.model.kernels.scratch import (
    M_ACTIVE,
    M_DONE,
    M_ONLINE,
    N_DONE,
    W_ACCESS,
    W_DETAINED,
    count,
    locate,
)
from glasshouse.model.layout import (
    ACT,
    B_FLOW,
    B_ONLINE,
    B_RESTRAINED,
    B_SPEECH,
    FLOW,
    P_STRATEGIC,
)
from glasshouse.streams import BUILTIN

WRITTEN, WITHHELD, OFFENCES = FLOW["posts.written"], FLOW["posts.withheld"], FLOW["offences_withheld"]
DESIRE, BOLDNESS = BUILTIN["learn.desire"], BUILTIN["learn.boldness"]
WHOLE = 65536


@kernel
def act(tables, state, s, base):
    """Run phase 3 for a block: did[b] becomes the mask of who did behaviour b. Nobody wakes for it."""
    four = (base >> 6) & 3
    for x in range(s.n_of_kind[four, ACT]):
        h = I64(s.of_kind[four, ACT, x])
        b, j = I64(tables.slot_of[I64(s.hit_slot[four, h])]), I64(s.hit_place[four, h])
        if not bit(s.masks[M_ACTIVE], j):
            locate(tables, s, base, j)
        if act_one(tables, state, s, b, base + j, j, s.hit_u[four, h], s.hit_rate[four, h]):
            if not bit(s.masks[M_DONE], b):
                s.did[b] = ZERO
            s.masks[M_DONE] |= ONE << U(b)
            s.did[b] |= ONE << U(j)
            s.done[s.counters[N_DONE]] = h
            s.counters[N_DONE] += 1


@kernel
def is_barred(tables, s, b, j):
    """Say whether a citizen cannot do behaviour b today: detained, or without access where it needs it."""
    if not bit(s.masks[M_ACTIVE], j):
        return tables.behaviours[b, B_ONLINE] != 0 and not bit(s.masks[M_ONLINE], j)
    return s.w[j, W_DETAINED] != 0 or (tables.behaviours[b, B_ONLINE] != 0 and s.w[j, W_ACCESS] == 0)


@kernel
def act_one(tables, state, s, b, i, j, u, rate):
    """Say whether a citizen whose draw u is below the rate does behaviour b; count writing, doing and withholding."""
    if is_barred(tables, s, b, j):
        return False
    row, speech = tables.behaviours[b, B_FLOW], tables.behaviours[b, B_SPEECH]
    if tables.behaviours[b, B_RESTRAINED] and not event(u, restrained(tables, state, rate, i, j)):
        count(s, j, row + 1, 1)
        count(s, j, WITHHELD if speech else OFFENCES, 1)
        return False
    count(s, j, row, 1)
    if speech:
        count(s, j, WRITTEN, 1)
    return True


@kernel
def restrained(tables, state, rate, i, j):
    """Return the rate left at the citizen's perceived risk, in steps of 2^-17 of the whole."""
    row = 0
    if tables.scalars[P_STRATEGIC]:
        desire = I64(private(tables.key, DESIRE, i, 0, 0) >> U(60))
        row = 16 * desire + I64(private(tables.key, BOLDNESS, i, 0, 0) >> U(60))
    factor = tables.restraint[row, I64(state.risk[j]) >> 8]
    if factor == WHOLE:
        return rate
    return ((rate >> S17) * U(factor)) << ONE


assert ALWAYS >> S17 < U(1) << U(47)  # the product with a factor below 2^16 stays below 2^63
