"""Who is tied to whom, compiled: permutations, circles, rings, friends, cut ties. Twin: society.ties."""

from __future__ import annotations

import numba
import numpy as np

from glasshouse.model.kernels.draw import ALWAYS, I64, ZERO, bit, event, kernel, pair, philox
from glasshouse.model.kernels.lanes import fetch_line
from glasshouse.model.kernels.pages import rare_of
from glasshouse.model.kernels.people import is_vacant, province_of
from glasshouse.model.layout import (
    K_CHAT,
    K_FRIENDS,
    K_KEYS,
    K_PERIOD,
    K_PROVINCIAL,
    K_SIZES,
    K_START,
    P_CIRCLES,
    P_CITIZENS,
    P_CUT_DECISION,
    P_GRAPH,
    P_RINGS,
    P_VACANT,
    T_CUT,
    V_HISTORY,
)

U = np.uint64
MASK32 = U(0xFFFFFFFF)
MIX0, MIX1 = U(0x85EBCA6B), U(0xC2B2AE35)
S7, S15 = U(7), U(15)
ROUNDS = 6
YEAR = 12
ALL_YEAR = U(2**YEAR - 1)
MEMBERS, DRAWS, WALKERS, PLACES = range(4)  # rows of the room that one look-up needs


@kernel
def half_bits(n):
    """Return the bits of one half of the Feistel block of a permutation of n numbers."""
    bits = 2
    while bits < 62 and (n - 1) >> bits:
        bits += 2
    return bits // 2


@kernel
def mix(x, key):
    """Return the round value of a half; the product is taken in two parts so that it never wraps."""
    x = times32((x ^ key) & MASK32, MIX0)  # the mask tells the compiler that both are 32-bit words
    x ^= x >> S15
    return times32(x, MIX1) >> S7


@kernel
def times32(x, y):
    """Return x * y modulo 2^32 for two 32-bit words; the full product fits in 64 bits."""
    return (x * y) & MASK32


@kernel
def forward(keys, row, n, x):
    """Return the position of number x in the order `row`. Twin: Permutation.forward."""
    h = U(half_bits(n))
    mask = (U(1) << h) - U(1)
    y = U(x)
    while True:
        left, right = y >> h, y & mask
        for r in range(ROUNDS):
            left, right = right, left ^ (mix(right, keys[row, r]) & mask)
        y = (left << h) | right
        if y < U(n):
            return I64(y)


@kernel
def inverse(keys, row, n, x):
    """Return the number at position x in the order `row`. Twin: Permutation.inverse."""
    h = U(half_bits(n))
    mask = (U(1) << h) - U(1)
    y = U(x)
    while True:
        y = step_back(keys[row], h, mask, y)
        if y < U(n):
            return I64(y)


@numba.njit(cache=True, error_model="numpy", nogil=True, inline="always")
def step_back(keys, h, mask, y):
    """Undo the six rounds once, written out so that a loop over positions becomes vector instructions."""
    left, right = y >> h, y & mask
    left, right = right ^ (mix(left, keys[5]) & mask), left
    left, right = right ^ (mix(left, keys[4]) & mask), left
    left, right = right ^ (mix(left, keys[3]) & mask), left
    left, right = right ^ (mix(left, keys[2]) & mask), left
    left, right = right ^ (mix(left, keys[1]) & mask), left
    left, right = right ^ (mix(left, keys[0]) & mask), left
    return (left << h) | right


@kernel
def members_at(tables, row, base, n, first, end, room):
    """Fill room[MEMBERS] with the citizens at positions first..end-1 of an order, at most 64, side by side.

    Those who fall outside the order after a step back go on alone, until nobody does.
    """
    keys, size, limit = tables.permutations[row], end - first, U(n)
    h = U(half_bits(n))
    mask = (U(1) << h) - U(1)
    members, walkers, places = room[MEMBERS], room[WALKERS], room[PLACES]
    for p in range(size):
        walkers[p] = U(first + p)
        places[p] = U(p)
    left = size
    while left > 0:
        for q in range(left):
            walkers[q] = step_back(keys, h, mask, walkers[q])
        still = 0
        for q in range(left):
            x, p = walkers[q], places[q]
            members[I64(p)] = x + U(base)
            walkers[still] = x
            places[still] = p
            still += I64(x >= limit)
        left = still


@kernel
def group(tables, circle, i):
    """Return (key row, first id, size of the order, first position, end) of the group of citizen i."""
    c = tables.circles[circle]
    row, base, n = c[K_KEYS], 0, tables.scalars[P_CITIZENS]
    if c[K_PROVINCIAL]:
        province = province_of(tables, i)
        row += province
        base = tables.province_start[province]
        n = tables.province_start[province + 1] - base
    q = forward(tables.permutations, row, n, i - base)
    place = q % c[K_PERIOD]
    slot = c[K_SIZES] - 1
    while c[K_START + slot] > place:
        slot -= 1
    first = q - place + c[K_START + slot]
    stop = c[K_PERIOD] if slot == c[K_SIZES] - 1 else c[K_START + slot + 1]
    return row, base, n, first, min(q - place + stop, n)


@kernel
def member_at(tables, row, base, n, position):
    """Return the citizen at a position of an order."""
    return base + inverse(tables.permutations, row, n, position)


@kernel
def friends(tables, graph, i, found, room):
    """Fill `found` with the friends of citizen i, repeats kept; return how many. Twin: Ties.friends."""
    count = 0
    n = tables.scalars[P_CITIZENS]
    for k in range(tables.scalars[P_CIRCLES]):
        threshold = tables.circle_friends[k]
        if threshold == ZERO:
            continue
        count = circle_friends(tables, k, i, found, count, room)
    if n >= 3:
        for ring in range(tables.scalars[P_RINGS]):
            position = forward(tables.permutations, ring, n, i)
            found[count] = inverse(tables.permutations, ring, n, (position + 1) % n)
            found[count + 1] = inverse(tables.permutations, ring, n, (position + n - 1) % n)
            count += 2
    if tables.scalars[P_GRAPH]:
        for q in range(graph[0][i], graph[0][i + 1]):
            found[count] = graph[1][q]
            count += 1
    return who_are_there(tables, found, count)


@kernel
def who_are_there(tables, found, count):
    """Keep those of found[0..count-1] who are no vacant place; return how many."""
    if tables.scalars[P_VACANT] == 0:
        return count
    kept = 0
    for q in range(count):
        if not is_vacant(tables, found[q]):
            found[kept] = found[q]
            kept += 1
    return kept


@kernel
def circle_friends(tables, k, i, found, count, room):
    """Add the friends of citizen i in circle k to `found`, up to 64 members of the group at a time."""
    row, base, size, first, end = group(tables, k, i)
    members, draws = room[MEMBERS], room[DRAWS]
    c3, k0, k1, me = U(tables.circles[k, K_FRIENDS]), tables.key[0], tables.key[1], U(i)
    for start in range(first, end, 64):
        stop = min(start + 64, end)
        members_at(tables, row, base, size, start, stop, room)
        for p in range(stop - start):
            draws[p], _ = philox(min(me, members[p]), max(me, members[p]), ZERO, c3, k0, k1)
        for p in range(stop - start):
            if members[p] != me and event(draws[p], tables.circle_friends[k]):
                found[count] = I64(members[p])
                count += 1
    return count


@kernel
def history_of(world, j):
    """Return the months in which citizen j was flagged on the 1st."""
    if not bit(world[3][j >> 6], j & 63):
        return 0
    return rare_of(world[1], world[2], j, V_HISTORY)


@kernel
def cuts(tables, i, j, months, month):
    """Say whether citizen i has cut the tie to j, who was flagged in `months`, on some 1st of the last twelve."""
    if months == 0:
        return False
    for residue in range(12):
        if (months >> residue) & 1:
            then = month - (month - residue) % 12
            u = pair(tables.luck, tables.scalars[P_CUT_DECISION], i, j, then)
            if event(u, tables.thresholds[T_CUT]):
                return True
    return False


@kernel
def is_cut(tables, i, j, months_i, months_j, month):
    """Say whether the tie between i and j, flagged on the 1st of such months, is cut."""
    return cuts(tables, i, j, months_j, month) or cuts(tables, j, i, months_i, month)


@kernel
def uncut_friends(tables, graph, world, i, month, found, room):
    """Fill `found` with the current uncut friends of citizen i; return how many."""
    count = friends(tables, graph, i, found, room)
    if tables.thresholds[T_CUT] == ZERO:
        return count
    for q in range(count):  # all of them on their way from memory at once
        fetch_line(world[3], (found[q] >> 6) * 8)
    kept, mine = 0, history_of(world, i)
    for q in range(count):
        theirs = history_of(world, found[q])
        if not is_cut(tables, i, found[q], mine, theirs, month):
            found[kept] = found[q]
            kept += 1
    return kept


@kernel
def chat_members(tables, i, found, room):
    """Fill `found` with the other members of every chat circle of citizen i; return how many."""
    count = 0
    for k in range(tables.scalars[P_CIRCLES]):
        if tables.circles[k, K_CHAT]:
            count = others_of_group(tables, k, i, found, count, room)
    return who_are_there(tables, found, count)


@kernel
def others_of_group(tables, k, i, found, count, room):
    """Add the other members of citizen i's group in circle k to `found`."""
    row, base, n, first, end = group(tables, k, i)
    members = room[MEMBERS]
    for start in range(first, end, 64):
        stop = min(start + 64, end)
        members_at(tables, row, base, n, start, stop, room)
        for p in range(stop - start):
            if members[p] != U(i):
                found[count] = I64(members[p])
                count += 1
    return count


def friends_of_all(tables, graph, world, ids, month, uncut, found, counts, room):
    """Fill found[q] with the friends of citizen ids[q], only the uncut ones if `uncut`; counts[q] = how many."""
    for k in numba.prange(room.shape[0]):
        for q in range(k * ids.size // room.shape[0], (k + 1) * ids.size // room.shape[0]):
            counts[q] = friends_of(tables, graph, world, ids[q], month, uncut, found[q], room[k])


gather_friends = numba.njit(cache=True, parallel=True, error_model="numpy")(friends_of_all)
gather_few_friends = kernel(friends_of_all)  # waking the threads costs more than a few look-ups


@kernel
def friends_of(tables, graph, world, i, month, uncut, found, room):
    """Fill `found` with all friends or the uncut friends of citizen i; return how many."""
    if uncut:
        return uncut_friends(tables[0], graph, world, i, month, found, room)
    return friends(tables[0], graph, i, found, room)


def chat_of_all(tables, ids, found, counts, room):
    """Fill found[q] with the other chat members of citizen ids[q], counts[q] with how many."""
    for k in numba.prange(room.shape[0]):
        for q in range(k * ids.size // room.shape[0], (k + 1) * ids.size // room.shape[0]):
            counts[q] = chat_members(tables[0], ids[q], found[q], room[k])


gather_chat = numba.njit(cache=True, parallel=True, error_model="numpy")(chat_of_all)
gather_few_chat = kernel(chat_of_all)


@kernel
def aged(months, month):
    """Return a history by age: bit 0 is the 1st of a year ago, bit 11 that of last month."""
    now, months = U(month % YEAR), U(months)
    return ((months >> now) | (months << (U(YEAR) - now))) & ALL_YEAR


@kernel
def would_cut(tables, i, j, month):
    """Return the months in which citizen i cuts the tie to j if j is flagged, by age; bit 12 is tonight."""
    c3, k0, k1, mirror = U(tables.scalars[P_CUT_DECISION]), tables.luck[0], tables.luck[1], tables.luck[2]
    threshold, mask = tables.thresholds[T_CUT], ZERO
    for age in range(
        YEAR + 4
    ):  # no rest of single months, for vector instructions; what is later is not read
        lo, _ = philox(U(i), U(j), U(max(month + age - YEAR, 0)), c3, k0, k1)
        mask |= U((lo ^ mirror < threshold) | (threshold == ALWAYS)) << U(age)
    return mask
