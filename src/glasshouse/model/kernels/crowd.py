"""What happens overnight to citizens in ascending order of their ids, on all workers: friends see, ties are cut."""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import I64, ONE, S32, ZERO, U, bit, kernel
from glasshouse.model.kernels.lanes import MOST, fetch_line
from glasshouse.model.kernels.pages import share_of
from glasshouse.model.kernels.people import N_PLANES, group_of, province_of
from glasshouse.model.kernels.ties import YEAR, aged, history_of, would_cut
from glasshouse.model.layout import STATE
from glasshouse.society.columns import MARK_FLAG

AHEAD = 24  # citizens whose state is on its way from memory
BLOCK_BYTES, PLANE_BYTES = STATE.itemsize, 8 * N_PLANES
PLACES = dict(STATE.fields or {})
RISK_PLACE, LOW_PLACE, MARKS_PLACE = (PLACES[name][1] for name in ("risk", "low_friends", "marks"))


@kernel
def pour(found, counts, out):
    """Write found[q, :counts[q]] of every q one after the other into `out`; return how many."""
    n = 0
    for q in range(counts.size):
        for p in range(counts[q]):
            out[n] = found[q, p]
            n += 1
    return n


@kernel
def pour_pairs(found, counts, first, out):
    """Write found[q, p] << 32 | first + q for every p < counts[q] into `out`; return how many."""
    n = 0
    for q in range(counts.size):
        for p in range(counts[q]):
            out[n] = (U(found[q, p]) << S32) | U(first + q)
            n += 1
    return n


@kernel
def first_at_least(values, limit):
    """Return the place of the first of ascending values that is at least `limit`."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) // 2
        if U(values[middle]) < U(limit):
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, parallel=True, error_model="numpy")
def add_steps(world, ids, step, workers):
    """Add `step` to low_friends of every citizen of the part in ascending ids; sums stay within 0..255."""
    for k in numba.prange(workers):
        low, high = share_of(world, k, workers)
        add_step_between(world[0], ids, first_at_least(ids, 256 * low), first_at_least(ids, 256 * high), step)


@kernel
def add_step_between(state, ids, start, end, step):
    """Do so for ids[start:end]."""
    for q in range(start, end):
        coming = I64(ids[min(q + AHEAD, end - 1)])
        fetch_line(state, (coming >> 6) * BLOCK_BYTES + LOW_PLACE + (coming & 63))
        j = I64(ids[q])
        state[j >> 6].low_friends[j & 63] = I64(state[j >> 6].low_friends[j & 63]) + step


@numba.njit(cache=True, parallel=True, error_model="numpy")
def add_risk(tables, world, planes, ids, weight, risks):
    """Raise the risk of every citizen of the part in ascending ids by a weight, saturating.

    risks[worker, province, group] grows with it. Each worker takes the citizens of its share of the quads, so that no
    two write to one.
    """
    workers = risks.shape[0]
    for k in numba.prange(workers):
        low, high = share_of(world, k, workers)
        start, end = first_at_least(ids, 256 * low), first_at_least(ids, 256 * high)
        add_risk_between(tables[0], world[0], planes, ids, start, end, weight, risks[k])


@kernel
def add_risk_between(tables, state, planes, ids, start, end, weight, risks):
    """Raise the risk of ids[start:end]."""
    for q in range(start, end):
        coming = I64(ids[min(q + AHEAD, end - 1)])
        fetch_line(state, (coming >> 6) * BLOCK_BYTES + RISK_PLACE + 2 * (coming & 63))
        fetch_line(planes, (coming >> 6) * PLANE_BYTES)
        j = I64(ids[q])
        before = I64(state[j >> 6].risk[j & 63])
        after = min(MOST, before + weight)
        state[j >> 6].risk[j & 63] = after
        risks[province_of(tables, j), group_of(planes, j)] += after - before


@kernel
def histories(world, ids, out):
    """Fill out[q] with the months in which citizen ids[q] was flagged on the 1st."""
    for q in range(ids.size):
        out[q] = history_of(world, ids[q])


@numba.njit(cache=True, parallel=True, error_model="numpy")
def cut_ties(tables, world, planes, ids, months, pairs, month, cut):
    """On a 1st: let friends of the flagged citizens `ids` cut ties, and keep low_friends right.

    `pairs` are a friend's id << 32 | the place in `ids` of the flagged one, ascending; months[q] is the history of
    ids[q]; histories and flags are those before tonight. cut[worker, province, group] counts ties by the citizen who
    cut them; one that both ends cut counts once, at the smaller id. Each worker takes the friends of its share of the
    part's quads, so that no two write to one.
    """
    workers = cut.shape[0]
    for k in numba.prange(workers):
        low, high = share_of(world, k, workers)
        start = first_at_least(pairs, U(256 * low) << S32)
        end = first_at_least(pairs, U(256 * high) << S32)
        cut_between(tables[0], world, planes, ids, months, pairs, start, end, month, cut[k])


@kernel
def cut_between(tables, world, planes, ids, months, pairs, start, end, month, cut):
    """Do so for pairs[start:end]."""
    for q in range(start, end):
        coming = I64(pairs[min(q + AHEAD, end - 1)] >> S32)
        fetch_line(world[3], (coming >> 6) * 8)
        fetch_line(world[0], (coming >> 6) * BLOCK_BYTES + MARKS_PLACE + 2 * (coming & 63))
        i, place = I64(pairs[q] >> S32), I64(pairs[q] & U(0xFFFFFFFF))
        if cut_tie(tables, world, i, I64(ids[place]), I64(months[place]), month):
            cut[province_of(tables, i), group_of(planes, i)] += 1


@kernel
def cut_tie(tables, world, i, j, theirs, month):
    """Let citizen i cut the tie to the flagged citizen j or not, and forget a cut of a year ago; say whether i cut it.

    low_friends of i falls with the tie cut, and rises if the cause of an earlier cut is forgotten tonight.
    """
    mine = aged(history_of(world, i), month)
    flagged = I64(world[0][i >> 6].marks[i & 63]) & MARK_FLAG != 0
    here = would_cut(tables, i, j, month)
    there = would_cut(tables, j, i, month) if flagged or mine != ZERO else ZERO
    cutting = (here & aged(theirs, month)) | (there & mine)
    if cutting & ~ONE != ZERO:
        return False  # cut it is, and cut it stays
    last_year = cutting != ZERO
    i_cut, j_cut = bit(here, YEAR), flagged and bit(there, YEAR)
    tonight = i_cut or j_cut
    if last_year != tonight:
        low = I64(world[0][i >> 6].low_friends[i & 63])
        world[0][i >> 6].low_friends[i & 63] = low + I64(last_year) - I64(tonight)
    return not last_year and i_cut and (not j_cut or i < j)
