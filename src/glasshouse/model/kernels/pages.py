"""The rare columns: kept only for citizens who have any, in rows of pages, and spread out while their block lives.

A block is opened into `s.rare` and closed again; in between its 64 rows are an ordinary table. The rows of a quad lie
in a chain of pages. A worker takes pages from its own stock, so that no two need to agree; which page holds a row
means nothing.
"""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, kernel
from glasshouse.model.kernels.lanes import lowest, mask_bits
from glasshouse.model.kernels.scratch import (
    FREE_PAGES,
    M_BUSY,
    M_RARE,
    N_KEPT,
    N_PAGE,
    N_PAGE_ROW,
)
from glasshouse.model.layout import (
    N_RARE,
    PAGE_ROWS,
    PAGES_OF_QUAD,
    V_DETAINED,
    V_HISTORY,
    V_OFFLINE,
    V_SUSPENDED,
    V_UNTIL,
)
from glasshouse.society.columns import MARK_FLAG, TERM_SLOTS


@kernel
def has_pages(s):
    """Say whether a worker can close one more quad, whatever it needs or gives back."""
    return PAGES_OF_QUAD <= s.n_free[0] <= FREE_PAGES - PAGES_OF_QUAD


@kernel
def share_of(world, worker, workers):
    """Return the quads of the part that fall to one worker: the first, and the one after the last."""
    low, quads = world[4][0], world[4][1] - world[4][0]
    return low + worker * quads // workers, low + (worker + 1) * quads // workers


@kernel
def open_quad(first, s, quad):
    """Turn to the rows of a quad; its blocks are opened and closed in order."""
    s.counters[N_PAGE] = first[quad]
    s.counters[N_PAGE_ROW] = 0
    s.counters[N_KEPT] = 0


@kernel
def open_block(pages, s, block, day):
    """Spread the rows of the next block of the quad; M_RARE is the mask of who has one.

    M_BUSY is the mask of those detained, suspended, offline, or on a list whose last day was before `day`.
    """
    mask, busy = ZERO, ZERO
    page, row = s.counters[N_PAGE], s.counters[N_PAGE_ROW]
    four = block & 3
    while page != 0:
        if row == I64(pages[page].rows):
            page, row = I64(pages[page].next), 0
            continue
        place = I64(pages[page].places[row])
        if place >> 6 != four:
            break
        for v in range(N_RARE):
            s.rare[place & 63, v] = pages[page].values[row, v]
        one = ONE << U(place & 63)
        mask |= one
        if stirs(s.rare[place & 63], day):
            busy |= one
        row += 1
    s.counters[N_PAGE], s.counters[N_PAGE_ROW] = page, row
    s.masks[M_RARE], s.masks[M_BUSY] = mask, busy


@kernel
def stirs(values, day):
    """Say whether some rare values make a citizen's day: a spell, or a last day that is past; 0 is none."""
    spell = I64(values[V_DETAINED]) | I64(values[V_SUSPENDED]) | I64(values[V_OFFLINE])
    over = 0
    for slot in range(TERM_SLOTS):
        until = I64(values[V_UNTIL + slot])
        over |= I64(until != 0) & I64(until < day)
    return spell | over != 0


@kernel
def close_block(s, block, touched):
    """Keep the rows of a block that are not all 0, of those who had one or were touched; clean the table."""
    mask = s.masks[M_RARE] | touched
    n = s.counters[N_KEPT]
    while mask != ZERO:
        j = lowest(mask)
        mask &= mask - ONE
        some = 0
        for v in range(N_RARE):
            some |= I64(s.rare[j, v])
            s.kept[n, v] = s.rare[j, v]
            s.rare[j, v] = 0
        s.kept_places[n] = 64 * (block & 3) + j
        if some:
            n += 1
    s.counters[N_KEPT] = n


@kernel
def close_quad(first, pages, s, quad):
    """Write the kept rows into the pages of the quad, in order; take or give back the pages that it takes."""
    page, before = I64(first[quad]), 0
    n, row = s.counters[N_KEPT], 0
    while row < n:
        if page == 0:
            page = take_page(pages, s)
            link(first, pages, quad, before, page)
        row = fill_page(pages, s, page, row, n)
        before, page = page, I64(pages[page].next)
    link(first, pages, quad, before, 0)
    while page != 0:
        s.free[s.n_free[0]] = page
        s.n_free[0] += 1
        page = I64(pages[page].next)


@kernel
def take_page(pages, s):
    """Return a page of the worker's stock, the last of its chain."""
    s.n_free[0] -= 1
    page = I64(s.free[s.n_free[0]])
    pages[page].next = 0
    return page


@kernel
def link(first, pages, quad, before, page):
    """Let a page follow the page `before`, or be the first of its quad."""
    if before == 0:
        first[quad] = page
    else:
        pages[before].next = page


@kernel
def fill_page(pages, s, page, row, n):
    """Copy up to a page of kept rows, from `row`; return the next row."""
    size = min(PAGE_ROWS, n - row)
    for r in range(size):
        pages[page].places[r] = s.kept_places[row + r]
        for v in range(N_RARE):
            pages[page].values[r, v] = s.kept[row + r, v]
    pages[page].rows = size
    return row + size


@kernel
def rare_of(first, pages, i, v):
    """Return one rare value of citizen i, looked up in the pages of the quad."""
    page, place = I64(first[i >> 8]), i & 255
    while page != 0:
        for r in range(I64(pages[page].rows)):
            if I64(pages[page].places[r]) == place:
                return I64(pages[page].values[r, v])
        page = I64(pages[page].next)
    return 0


@kernel
def note_share(world, s, others, worker, workers, done, month):
    """Note the flags of the 1st in the history of one worker's quads; return how many are done, -1 when all are.

    others[block] is the mask of the flagged of a block that belongs to another part.
    """
    state, first, pages, noted, span = world
    quads = first.size
    low, high = worker * quads // workers, (worker + 1) * quads // workers
    for quad in range(low + done, high):
        if not has_pages(s):
            return quad - low
        open_quad(first, s, quad)
        for block in range(4 * quad, min(4 * quad + 4, state.size)):
            open_block(pages, s, block, 0)
            if span[0] <= quad < span[1]:
                flags = mask_bits(state[block].marks, MARK_FLAG)
            else:
                flags = others[block]
            noted[block] = note_flags(s, flags, month)
            close_block(s, block, flags)
        close_quad(first, pages, s, quad)
    return -1


@kernel
def note_flags(s, flags, month):
    """Set the month's bit in the history of those flagged, and take it off the others; return who has a history."""
    bit = 1 << month % 12
    rows, noted = s.masks[M_RARE] | flags, ZERO
    while rows != ZERO:
        j = lowest(rows)
        rows &= rows - ONE
        months = I64(s.rare[j, V_HISTORY]) & ~bit
        months |= bit if (flags >> U(j)) & ONE else 0
        s.rare[j, V_HISTORY] = months
        if months:
            noted |= ONE << U(j)
    return noted


@numba.njit(cache=True, parallel=True, error_model="numpy")
def note_history(world, scratch, others, progress, month):
    """Note in everybody's history who is flagged on this 1st; progress[k] becomes -1 for a worker that is through."""
    workers = progress.size
    for k in numba.prange(workers):
        if progress[k] >= 0:
            progress[k] = note_share(world, scratch[k], others, k, workers, progress[k], month)


@numba.njit(cache=True, parallel=True, error_model="numpy")
def list_flagged(world, out, starts, counts):
    """Fill `out` with the part's citizens whose flag is published; starts[k] is where worker k begins, in its share.

    counts[k] becomes how many worker k has; what does not fit into `out` is only counted.
    """
    for k in numba.prange(counts.size):
        counts[k] = list_share(world, out, starts[k], k, counts.size)


@kernel
def list_share(world, out, start, worker, workers):
    """Do so for one worker; return how many."""
    n, state = start, world[0]
    low, high = share_of(world, worker, workers)
    for block in range(4 * low, min(4 * high, state.size)):
        flags = mask_bits(state[block].marks, MARK_FLAG)
        while flags != ZERO:
            if n < out.size:
                out[n] = 64 * block + lowest(flags)
            n += 1
            flags &= flags - ONE
    return n - start


@kernel
def count_rows(first, pages, low, high):
    """Return the number of rows of the quads low..high-1."""
    n = 0
    for quad in range(low, high):
        page = I64(first[quad])
        while page != 0:
            n += I64(pages[page].rows)
            page = I64(pages[page].next)
    return n


@kernel
def read_rows(first, pages, low, high, citizens, values):
    """Fill citizens[r] and values[r, v] with the rows of the quads low..high-1, in order of citizens."""
    n = 0
    for quad in range(low, high):
        page = I64(first[quad])
        while page != 0:
            for r in range(I64(pages[page].rows)):
                citizens[n] = 256 * quad + I64(pages[page].places[r])
                for v in range(N_RARE):
                    values[n, v] = pages[page].values[r, v]
                n += 1
            page = I64(pages[page].next)


@kernel
def write_rows(first, pages, citizens, values, page):
    """Put rows in order of citizens into the fresh pages after `page`; return the last one used.

    The quads must be empty.
    """
    quad = -1
    for q in range(citizens.size):
        i = I64(citizens[q])
        if i >> 8 != quad or pages[page].rows == PAGE_ROWS:
            pages[page + 1].rows = 0
            pages[page + 1].next = 0
            link(first, pages, i >> 8, page if i >> 8 == quad else 0, page + 1)
            page, quad = page + 1, i >> 8
        r = I64(pages[page].rows)
        pages[page].places[r] = i & 255
        for v in range(N_RARE):
            pages[page].values[r, v] = values[q, v]
        pages[page].rows = r + 1
    return page


@kernel
def note_rows(noted, citizens, values):
    """Set the bit of everybody with a history among some rows."""
    for q in range(citizens.size):
        if values[q, V_HISTORY]:
            i = I64(citizens[q])
            noted[i >> 6] |= ONE << U(i & 63)
