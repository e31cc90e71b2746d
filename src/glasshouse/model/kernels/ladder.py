"""Screened draws, compiled: who of four blocks of 64 stands on which rung. Twin: `glasshouse.ladder`, word for word."""

from __future__ import annotations

import numpy as np

from glasshouse import ladder
from glasshouse.model.kernels.draw import ALWAYS, I64, MASK32, ONE, S32, ZERO, U, kernel, philox, private
from glasshouse.model.kernels.lanes import FLIGHT, lowest, mask_reach, ones
from glasshouse.model.kernels.scratch import N_CANDIDATES, N_MORE
from glasshouse.model.layout import P_CITIZENS, P_STEPS

S6, SIX, SIX32 = U(6), U(63), np.uint32(63)
STARTS, SHIFTS, TIMES, LESS = (np.array(column, np.uint64) for column in zip(*ladder.FORM, strict=True))
LAST, RUNGS = ladder.RUNGS - 1, ladder.RUNGS
EACH_BLOCK = U(0x0001000100010001)  # times the mask of some steps of one block: these steps of all four
FEW = 6  # the first member, and the five places of half a further word
FIRST_COUNTER, MORE_COUNTER = ladder.FIRST_COUNTER, U(ladder.MORE_COUNTER)


@kernel
def climb(tables, s, quad, day):
    """Append the citizens of four blocks who stand alone on a rung that matters: s.who, s.step, s.decision.

    Rungs on which several of a block stand are noted in s.more_*; `climb_together` appends these.
    """
    steps, n = tables.scalars[P_STEPS], tables.scalars[P_CITIZENS]
    shared_words(tables, steps, quad, day, s.words)
    at, more = s.counters[N_CANDIDATES], s.counters[N_MORE]
    for start in range(0, steps, FLIGHT):
        here = mask_reach(s.words, start, tables.step_limits)
        if steps - start < FLIGHT:
            here &= ((ONE << U(steps - start)) - ONE) * EACH_BLOCK
        while here != ZERO:
            lane = lowest(here)
            here &= here - ONE
            four, step = lane // FLIGHT, start + lane % FLIGHT
            block, word = 4 * quad + four, s.words[four, step]
            who = 64 * block + I64(word & SIX32)
            alone = word < tables.step_seconds[step]
            # Both lists are written and one is kept: no branch, since nobody can foretell it.
            s.who[at] = who
            s.step[at] = step
            s.decision[at] = tables.step_first_decisions[step]
            s.more_block[more] = block
            s.more_step[more] = step
            s.more_word[more] = U(word)
            at += I64(alone & (who < n))
            more += I64(not alone)
    s.counters[N_CANDIDATES], s.counters[N_MORE] = at, more


@kernel
def climb_together(tables, s, day):
    """Append every citizen of the rungs noted in s.more_*; the first further words are drawn side by side."""
    n, at = s.counters[N_MORE], s.counters[N_CANDIDATES]
    for q in range(n):
        step = I64(s.more_step[q])
        s.more_counter[q] = MORE_COUNTER + U(I64(tables.step_rungs[step]))
        s.more_decision[q] = tables.step_decisions[step]
    draw_more(tables.luck, s, n, day)
    place_more(tables, s, n)
    for q in range(n):
        at = append_few(tables, s, q, at) if s.more_size[q] else append_members(tables, s, q, day, at)
    s.counters[N_CANDIDATES] = at


@kernel
def draw_more(key, s, n, day):
    """Fill s.more_low and s.more_high with the first further words; a loop that becomes vector instructions."""
    c2, k0, k1, mirror = U(day), key[0], key[1], key[2]
    for q in range(n):
        lo, hi = philox(U(s.more_block[q]), s.more_counter[q], c2, s.more_decision[q], k0, k1)
        s.more_low[q], s.more_high[q] = lo ^ mirror, hi ^ mirror


@kernel
def place_more(tables, s, n):
    """Note how many stand on each rung, if at most FEW and on different places, else 0, and their places.

    Places take six bits each, lowest first. A loop that becomes vector instructions.
    """
    for q in range(n):
        word, rung = s.more_word[q], I64(tables.step_rungs[I64(s.more_step[q])])
        places = (word & SIX) | s.more_low[q] << S6
        size, mask = 0, ZERO
        for m in range(FEW + 1):
            size += I64((word >> S6) >= tables.ladder[rung, m])
        for k in range(FEW):
            mask |= U(k < size) << ((places >> U(6 * k)) & SIX)
        s.more_places[q] = places
        s.more_size[q] = size * I64(ones(mask) == size)


@kernel
def shared_words(tables, steps, quad, day, words):
    """Fill words[b, step] with the word of each of the four blocks; steps side by side, for vector instructions."""
    c0, c2, k0, k1 = U(quad), U(day), tables.luck[0], tables.luck[1]
    mirror = tables.luck[2] & MASK32
    for d in range((steps + 7) & ~7):  # no rest of single steps; what lies beyond is not read
        lo, hi = philox(c0, tables.step_counters[d], c2, tables.step_decisions[d], k0, k1)
        words[0, d] = (lo & MASK32) ^ mirror
        words[1, d] = (lo >> S32) ^ mirror
        words[2, d] = (hi & MASK32) ^ mirror
        words[3, d] = (hi >> S32) ^ mirror


@kernel
def append_few(tables, s, q, at):
    """Append the few citizens of the q-th rung, whose places are noted; return the new end."""
    step, base, places = I64(s.more_step[q]), 64 * s.more_block[q], s.more_places[q]
    size, n = s.more_size[q], tables.scalars[P_CITIZENS]
    for k in range(FEW):  # no end to foretell
        who = base + I64((places >> U(6 * k)) & SIX)
        s.who[at] = who
        s.step[at] = step
        s.decision[at] = tables.step_first_decisions[step]
        at += I64((k < size) & (who < n))
    return at


@kernel
def append_members(tables, s, q, day, at):
    """Append the citizens of the q-th rung, however many and whatever places are told twice; return the new end."""
    step, base, word = I64(s.more_step[q]), 64 * s.more_block[q], s.more_word[q]
    rung = I64(tables.step_rungs[step])
    size = size_of(tables.ladder, word, rung)
    mask, have = ALWAYS, 64
    if rung != LAST:
        mask, have = add_members(ONE << (word & SIX), 1, size, s.more_low[q], s.more_high[q])
    if have < size:
        mask = members(tables.luck, tables.ladder, s.more_decision[q], word, base >> 6, day, rung)
    while mask != ZERO:
        who = base + lowest(mask)
        mask &= mask - ONE
        s.who[at] = who
        s.step[at] = step
        s.decision[at] = tables.step_first_decisions[step]
        at += I64(who < tables.scalars[P_CITIZENS])
    return at


@kernel
def members(key, counts, decision, word, block, day, rung):
    """Return the mask of a block's citizens on a rung, whose shared word is given."""
    if rung == LAST:
        return ALWAYS
    size = size_of(counts, word, rung)
    if size == 0:
        return ZERO
    mask, have, times = ONE << (word & SIX), 1, 0
    while have < size:
        c1 = MORE_COUNTER + U(RUNGS * times + rung)
        lo, hi = philox(U(block), c1, U(day), U(decision), key[0], key[1])
        mask, have = add_members(mask, have, size, lo ^ key[2], hi ^ key[2])
        times += 1
    return mask


@kernel
def size_of(counts, word, rung):
    """Return how many of a block stand on a rung, told by its shared word."""
    size, w = 0, word >> S6
    for m in range(8):  # nearly always fewer: one vector instruction
        size += I64(w >= counts[rung, m])
    if size == 8:
        while size < 64 and w >= counts[rung, size]:
            size += 1
    return size


@kernel
def add_members(mask, have, size, lo, hi):
    """Add the places that two further words tell to a mask of `have` members, up to `size`; return both."""
    for part in range(4):
        w = lo if part < 2 else hi
        w = w >> S32 if part % 2 else w
        for _ in range(5):
            one = ONE << (w & SIX)
            w >>= S6
            if have < size and mask & one == ZERO:
                mask |= one
                have += 1
        if have == size:
            break
    return mask, have


@kernel
def on_rung(rung, u):
    """Return the draw that a uniform u picks on a rung. Twin: ladder.on_rung."""
    return STARTS[rung] + (((u >> SHIFTS[rung]) * TIMES[rung]) >> LESS[rung])


@kernel
def on_step(tables, step, u):
    """Return the draw that a uniform u picks on the rung of a step."""
    above = ((u >> tables.step_shifts[step]) * tables.step_times[step]) >> tables.step_less[step]
    return tables.step_starts[step] + above


@kernel
def screened(key, counts, decision, citizen, day):
    """Return the screened draw of one citizen, from nothing. Twin: ladder.screened."""
    block, place = citizen // 64, U(citizen % 64)
    rung, mask = -1, ZERO
    while (mask >> place) & ONE == ZERO:  # on the last rung stands everybody
        rung += 1
        c1 = U(FIRST_COUNTER + rung)
        lo, hi = philox(U(block // 4), c1, U(day), U(decision), key[0], key[1])
        both = (lo if block % 4 < 2 else hi) ^ key[2]
        word = both >> S32 if block % 2 else both & MASK32
        mask = members(key, counts, decision, word, block, day, rung)
    return on_rung(rung, private(key, decision, citizen, day, 0))
