"""Screened draws, compiled: who of four blocks of 64 stands on which rung. Twin: `glasshouse.ladder`, word for word."""

from __future__ import annotations

from glasshouse import ladder
from glasshouse.model.kernels.draw import (
    ALWAYS,
    I64,
    MASK32,
    ONE,
    S8,
    S32,
    ZERO,
    U,
    kernel,
    philox,
    private,
)
from glasshouse.model.kernels.scratch import N_CANDIDATES
from glasshouse.model.layout import P_CITIZENS, P_STEPS

S6, S12, SIX = U(6), U(12), U(63)
HEIGHT0, ABOVE0 = U(ladder.HEIGHTS[0]), U(1 << 64 - ladder.HEIGHTS[0])
LAST, RUNGS = ladder.RUNGS - 1, ladder.RUNGS
FIRST_COUNTER, MORE_COUNTER = ladder.FIRST_COUNTER, ladder.MORE_COUNTER


@kernel
def climb(tables, s, quad, day):
    """Append the citizens of four blocks who stand on a rung that matters: s.who, s.what (slot), s.rung."""
    steps = tables.scalars[P_STEPS]
    shared_words(tables, steps, quad, day, s.words)
    found = occupied(tables, steps, s.words, s.found, s.found_words)
    n = tables.scalars[P_CITIZENS]
    at = s.counters[N_CANDIDATES]
    for q in range(found):
        step, word = s.found[q] >> 2, s.found_words[q]
        base = quad * 256 + (s.found[q] & 3) * 64
        who = base + I64(word & SIX)
        s.who[at] = who
        s.what[at] = tables.step_slots[step]
        s.rung[at] = tables.step_rungs[step]
        if word < tables.step_seconds[step]:
            at += I64(who < n)
        else:
            at = climb_many(tables, s, step, word, base, day, at)
    s.counters[N_CANDIDATES] = at


@kernel
def shared_words(tables, steps, quad, day, words):
    """Fill words[b, step] with the word of each of the four blocks; steps side by side, for vector instructions."""
    c0, c2, k0, k1 = U(quad), U(day), tables.key[0], tables.key[1]
    for d in range(steps):
        lo, hi = philox(c0, tables.step_counters[d], c2, tables.step_decisions[d], k0, k1)
        words[0, d] = lo & MASK32
        words[1, d] = lo >> S32
        words[2, d] = hi & MASK32
        words[3, d] = hi >> S32


@kernel
def occupied(tables, steps, words, found, found_words):
    """List the rungs with a member: found = 4 * step + block, and their words; return how many. Without branches."""
    n = 0
    for d in range(steps):
        limit = tables.step_limits[d]
        for b in range(4):
            found[n] = 4 * d + b
            found_words[n] = words[b, d]
            n += I64(words[b, d] >= limit)
    return n


@kernel
def climb_many(tables, s, step, word, base, day, at):
    """Append every citizen on a rung with more than one member; return the new end."""
    rung = tables.step_rungs[step]
    mask = members(tables.key, tables.ladder, tables.step_decisions[step], word, base // 64, day, rung)
    for place in range(64):
        if (mask >> U(place)) & ONE != ZERO and base + place < tables.scalars[P_CITIZENS]:
            s.who[at] = base + place
            s.what[at] = tables.step_slots[step]
            s.rung[at] = rung
            at += 1
    return at


@kernel
def members(key, counts, decision, word, block, day, rung):
    """Return the mask of a block's citizens on a rung, whose shared word is given."""
    if rung == LAST:
        return ALWAYS
    size = 0
    while size < 64 and (word >> S6) >= counts[rung, size]:
        size += 1
    if size == 0:
        return ZERO
    mask, have, times = ONE << (word & SIX), 1, 0
    while have < size:
        c1 = U(MORE_COUNTER + RUNGS * times + rung)
        lo, hi = philox(U(block), c1, U(day), U(decision), key[0], key[1])
        for part in range(20):
            w = lo if part < 10 else hi
            shift = U(32 * ((part // 5) % 2) + 6 * (part % 5))
            one = ONE << ((w >> shift) & SIX)
            if have < size and mask & one == ZERO:
                mask |= one
                have += 1
        times += 1
    return mask


@kernel
def on_rung(rung, u):
    """Return the draw that a uniform u picks on a rung. Twin: ladder.on_rung."""
    if rung == 0:
        return u >> HEIGHT0
    if rung == 1:
        return ABOVE0 + (u >> S8) - (u >> S12)
    height = LAST - rung  # from rung 2 on the heights are 7, 6, ..., 0
    return (ONE << U(63 - height)) + (u >> U(height + 1))


@kernel
def screened(key, counts, decision, citizen, day):
    """Return the screened draw of one citizen, from nothing. Twin: ladder.screened."""
    block, place = citizen // 64, U(citizen % 64)
    for rung in range(RUNGS):
        c1 = U(FIRST_COUNTER + rung)
        lo, hi = philox(U(block // 4), c1, U(day), U(decision), key[0], key[1])
        both = lo if block % 4 < 2 else hi
        word = both >> S32 if block % 2 else both & MASK32
        if (members(key, counts, decision, word, block, day, rung) >> place) & ONE != ZERO:
            break
    return on_rung(rung, private(key, decision, citizen, day, 0))


assert ladder.HEIGHTS == (12, 8, *range(7, -1, -1))
