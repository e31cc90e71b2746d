"""The sieve before the day: of all screened draws of a share of citizens, those that hit.

What citizens would do depends on draws and on constant traits alone, so it is found out for a few thousand of
them at a time, in loops over candidates that become vector instructions: first the trait that turns away most, then
the draw itself, then the class and its rate, then who does such a thing at all, then the age. Only what passes is
handed to the phases, which say whether today's circumstances let it happen. In which order they are found means
nothing.
"""

from __future__ import annotations

from glasshouse.model.kernels.draw import (
    ALWAYS,
    I64,
    ONE,
    ZERO,
    U,
    chance,
    kernel,
    philox,
)
from glasshouse.model.kernels.ladder import climb, climb_together, on_step
from glasshouse.model.kernels.people import AGE, MALE, RURAL, is_vacant
from glasshouse.model.kernels.scratch import CANDIDATES, MORE, N_CANDIDATES, N_MORE, QUAD_CANDIDATES, QUADS
from glasshouse.model.layout import A_CLASSES, CLASSES, N_KINDS, P_SLOTS, P_VACANT, STEPS, T_MALE, T_RURAL

FOUR, AGE_DECISION = U(4), U(AGE)


@kernel
def sift(tables, s, quad, last, day):
    """Find the hits among the blocks of quads quad..last-1, or of fewer if they are many; return where it stopped."""
    s.counters[N_CANDIDATES] = 0
    s.counters[N_MORE] = 0
    first, last = quad, min(last, quad + QUADS)
    while quad < last and has_room(s):
        climb(tables, s, quad, day)
        quad += 1
    climb_together(tables, s, day)
    n = s.counters[N_CANDIDATES]
    draw(tables.key, s, n, 0)
    n = keep_first(tables, s, n)
    draw(tables.luck, s, n, day)
    n = keep_low(tables, s, n)
    draw(tables.key, s, n, 0)
    n = keep_likely(tables, s, n)
    draw(tables.key, s, n, 0)
    n = keep_doers(tables, s, n)
    draw(tables.key, s, n, 0)
    n = keep_of_age(tables, s, n)
    draw(tables.luck, s, n, day)
    line_up(s, n, first, quad)
    return quad


@kernel
def has_room(s):
    """Say whether the candidates of one more quad fit, whatever the draws, with those who stand together."""
    more = s.counters[N_MORE]
    fits = s.counters[N_CANDIDATES] + 64 * more + QUAD_CANDIDATES <= CANDIDATES
    return fits and more + 4 * STEPS <= MORE


@kernel
def line_up(s, n, first, last):
    """Chain the n hits by quad, from s.head on, in the order in which they were found."""
    for k in range(last - first):
        s.head[k] = -1
    for q in range(n - 1, -1, -1):
        k = (s.who[q] >> 8) - first
        s.next[q] = s.head[k]
        s.head[k] = q


@kernel
def draw(key, s, n, day):
    """Fill s.draw with the private draw of every candidate in s.decision: today's, or a trait with day 0.

    Nothing is looked up in the loop, so that it becomes vector instructions.
    """
    c2, k0, k1, mirror = U(day), key[0], key[1], key[2]
    for q in range(n):
        lo, _ = philox(U(s.who[q]), FOUR, c2, s.decision[q], k0, k1)
        s.draw[q] = lo ^ mirror


@kernel
def keep_first(tables, s, n):
    """Keep the candidates who pass the first test of their step; return how many."""
    kept = 0
    for q in range(n):
        step, u = I64(s.step[q]), s.draw[q]
        high = tables.step_first_high[step]
        s.who[kept] = s.who[q]
        s.step[kept] = step
        s.decision[kept] = tables.step_decisions[step]
        kept += I64((u >= tables.step_first_low[step]) & ((u < high) | (high == ALWAYS)))
    return kept


@kernel
def keep_low(tables, s, n):
    """Keep those whose draw is below the largest threshold of their slot; return how many."""
    kept = 0
    for q in range(n):
        step = I64(s.step[q])
        slot = I64(tables.step_slots[step])
        u, top = on_step(tables, step, s.draw[q]), tables.slot_tops[slot]
        s.who[kept] = s.who[q]
        s.what[kept] = slot
        s.u[kept] = u
        s.rate[kept] = top
        s.decision[kept] = tables.slot_class_decisions[slot]
        kept += I64((u < top) | (top == ALWAYS))
    return kept


@kernel
def move(s, q, kept):
    """Move a candidate forward to the end of those kept."""
    s.who[kept] = s.who[q]
    s.what[kept] = s.what[q]
    s.u[kept] = s.u[q]
    s.rate[kept] = s.rate[q]


@kernel
def keep_likely(tables, s, n):
    """Keep those whose draw is below the rate of their class, sex and place, and note it; return how many."""
    kept = 0
    for q in range(n):
        slot, u = I64(s.what[q]), s.u[q]
        a = tables.slot_activities[slot]
        rate = s.rate[q] if a < 0 else rate_of(tables, a, s.draw[q], s.who[q])
        move(s, q, kept)
        s.rate[kept] = rate
        s.decision[kept] = tables.slot_doer_decisions[slot]
        kept += I64((u < rate) | (rate == ALWAYS))  # no branch: nobody can foretell it
    return kept


@kernel
def keep_doers(tables, s, n):
    """Keep the candidates who do such a thing at all; return how many."""
    kept = 0
    for q in range(n):
        share = tables.slot_doers[I64(s.what[q])]
        hit = (s.draw[q] < share) | (share == ALWAYS)
        move(s, q, kept)
        s.decision[kept] = AGE_DECISION
        kept += I64(hit)
    return kept


@kernel
def rate_of(tables, a, draw, i):
    """Return the threshold of activity `a` for one of its doers, whose class is drawn. Twin: oracle Traits."""
    level = 0
    for k in range(CLASSES):  # all, however few there are: no end to foretell, and vector instructions
        level += I64(draw >= tables.classes[a, k])
    rates = tables.rates[a, min(level, tables.activities[a, A_CLASSES] - 1)]
    place = 0
    by_sex = rates[0] != rates[2] or rates[1] != rates[3]
    if by_sex and chance(tables.key, MALE, i, 0, 0, tables.thresholds[T_MALE]):
        place = 2
    if rates[place] != rates[place + 1] and chance(tables.key, RURAL, i, 0, 0, tables.thresholds[T_RURAL]):
        place += 1
    return rates[place]


@kernel
def keep_of_age(tables, s, n):
    """Keep those neither too young nor too old, and turn to the draw that follows on a hit; return how many."""
    kept = 0
    for q in range(n):
        slot, u = I64(s.what[q]), s.draw[q]
        young, old = tables.slot_too_young[slot], tables.slot_old_enough[slot]
        move(s, q, kept)
        s.decision[kept] = tables.slot_next_decisions[slot]
        fits = ((u < old) | (old == ALWAYS)) & ((u >= young) & (young != ALWAYS))
        kept += I64(fits)
    return kept


@kernel
def hand_out(tables, s, k):
    """Give the four blocks of the k-th quad their hits; of two draws of one citizen the lower one counts."""
    for b in range(4):
        for slot in range(tables.scalars[P_SLOTS]):
            s.stood[b, slot] = ZERO
        s.n_hits[b] = 0
        for kind in range(N_KINDS):
            s.n_of_kind[b, kind] = 0
    q = s.head[k]
    while q >= 0:
        if tables.scalars[P_VACANT] and is_vacant(tables, s.who[q]):
            q = s.next[q]
            continue
        b, place, slot = (s.who[q] >> 6) & 3, s.who[q] & 63, I64(s.what[q])
        one = ONE << U(place)
        if s.stood[b, slot] & one == ZERO:
            s.stood[b, slot] |= one
            at = s.n_hits[b]
            s.hit_slot[b, at] = slot
            s.hit_place[b, at] = place
            s.hit_u[b, at] = s.u[q]
            s.hit_rate[b, at] = s.rate[q]
            s.hit_next[b, at] = s.draw[q]
            s.n_hits[b] = at + 1
            kind = I64(tables.slot_kinds[slot])
            s.of_kind[b, kind, s.n_of_kind[b, kind]] = at
            s.n_of_kind[b, kind] += 1
        else:
            lower(s, b, slot, place, s.u[q])
        q = s.next[q]


@kernel
def lower(s, b, slot, place, u):
    """Let the lower of two draws count: a citizen can stand on two rungs, and the lower rung holds the draw."""
    for h in range(s.n_hits[b]):
        if s.hit_slot[b, h] == slot and s.hit_place[b, h] == place:
            s.hit_u[b, h] = min(s.hit_u[b, h], u)


@kernel
def hit_of(tables, s, b, kind, number, j):
    """Return which of block b's hits is of a kind, on behaviour, mode, list or check `number`, on row j; -1 if none."""
    for x in range(s.n_of_kind[b, kind]):
        h = I64(s.of_kind[b, kind, x])
        if s.hit_place[b, h] == j and tables.slot_of[I64(s.hit_slot[b, h])] == number:
            return h
    return -1
