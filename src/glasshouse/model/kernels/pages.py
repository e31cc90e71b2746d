"""The rare columns: kept only for citizens who have any, in rows of pages, and spread out while somebody needs them.

The rows of a quad lie in a chain of pages, sorted by place. They are read once into `s.kept`; who becomes active has
theirs spread into `s.rare`, an ordinary table of the 64 citizens of a block, and back again when the block is closed.
A quad in which nothing changed is not written. A worker takes pages from its own stock, so that no two need to agree;
which page holds a row means nothing.
"""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import I64, ONE, ZERO, U, bit, kernel
from glasshouse.model.kernels.lanes import lowest, mask_bits, ones
from glasshouse.model.kernels.scratch import (
    FREE_PAGES,
    M_BUSY,
    M_RARE,
    N_CHANGED,
    N_FIRST_ROW,
    N_NEW_ROWS,
    N_ROWS,
    open_row,
    row_of,
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
def open_quad(first, pages, s, quad, day):
    """Read the rows of a quad; its blocks are opened and closed in order.

    Of each block s.has_row is the mask of who has one, and s.stirring that of those detained, suspended, offline, or on
    a list whose last day was before `day`.
    """
    for four in range(4):
        s.has_row[four] = ZERO
        s.stirring[four] = ZERO
    page, n = I64(first[quad]), 0
    while page != 0:
        for r in range(I64(pages[page].rows)):
            place = I64(pages[page].places[r])
            s.kept_places[n] = place
            for v in range(N_RARE):
                s.kept[n, v] = pages[page].values[r, v]
            s.has_row[place >> 6] |= ONE << U(place & 63)
            s.stirring[place >> 6] |= U(stirs(s.kept[n], day)) << U(place & 63)
            n += 1
        page = I64(pages[page].next)
    s.counters[N_ROWS], s.counters[N_FIRST_ROW] = n, 0
    s.counters[N_NEW_ROWS], s.counters[N_CHANGED] = 0, 0


@kernel
def open_block(s, block):
    """Turn to the rows of a block: M_RARE is the mask of who has one, M_BUSY that of those they make busy."""
    s.masks[M_RARE], s.masks[M_BUSY] = s.has_row[block & 3], s.stirring[block & 3]


@kernel
def stirs(values, day):
    """Return 1 if some rare values make a citizen's day: a spell, or a last day that is past; else 0."""
    spell = I64(values[V_DETAINED]) | I64(values[V_SUSPENDED]) | I64(values[V_OFFLINE])
    over = 0
    for slot in range(TERM_SLOTS):
        until = I64(values[V_UNTIL + slot])
        over |= I64(until != 0) & I64(until < day)
    return I64(spell | over != 0)


@kernel
def close_block(s, block, touched):
    """Put the rows of those touched back, or note them as new if they are not all 0; clean the table."""
    while touched != ZERO:
        j = lowest(touched)
        touched &= touched - ONE
        if bit(s.masks[M_RARE], j):
            put_back(s, j, row_of(s, j))
        else:
            note_new(s, j, 64 * (block & 3) + j)
    s.counters[N_FIRST_ROW] += ones(s.masks[M_RARE])


@kernel
def put_back(s, j, row):
    """Put a row of the table back where it came from."""
    changed = 0
    for v in range(N_RARE):
        changed |= I64(s.kept[row, v]) ^ I64(s.rare[j, v])
        s.kept[row, v] = s.rare[j, v]
        s.rare[j, v] = 0
    s.counters[N_CHANGED] |= changed


@kernel
def note_new(s, j, place):
    """Note the row of somebody who had none; they keep none if it is all 0."""
    some, n = 0, s.counters[N_NEW_ROWS]
    for v in range(N_RARE):
        some |= I64(s.rare[j, v])
        s.new[n, v] = s.rare[j, v]
        s.rare[j, v] = 0
    s.new_places[n] = place
    s.counters[N_CHANGED] |= some
    s.counters[N_NEW_ROWS] += I64(some != 0)


@kernel
def close_quad(first, pages, s, quad):
    """Write the rows of a quad into its pages, in order; take or give back the pages that it takes."""
    page, before = I64(first[quad]), 0
    n, row = merge(s), 0
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
def merge(s):
    """List the rows of the quad that are not all 0, old and new, by place, in s.written; return how many."""
    n, x = 0, 0
    for q in range(s.counters[N_ROWS]):
        while x < s.counters[N_NEW_ROWS] and s.new_places[x] < s.kept_places[q]:
            n += write(s, n, s.new[x], s.new_places[x])
            x += 1
        n += write(s, n, s.kept[q], s.kept_places[q])
    for rest in range(x, s.counters[N_NEW_ROWS]):
        n += write(s, n, s.new[rest], s.new_places[rest])
    return n


@kernel
def write(s, n, values, place):
    """Let some values be the n-th row that is written; return 1, or 0 if they are all 0."""
    some = 0
    for v in range(N_RARE):
        some |= I64(values[v])
        s.written[n, v] = values[v]
    s.written_places[n] = place
    return I64(some != 0)


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
    """Copy up to a page of rows, from `row`; return the next row."""
    size = min(PAGE_ROWS, n - row)
    for r in range(size):
        pages[page].places[r] = s.written_places[row + r]
        for v in range(N_RARE):
            pages[page].values[r, v] = s.written[row + r, v]
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
        open_quad(first, pages, s, quad, 0)
        for block in range(4 * quad, min(4 * quad + 4, state.size)):
            open_block(s, block)
            if span[0] <= quad < span[1]:
                flags = mask_bits(state[block].marks, MARK_FLAG)
            else:
                flags = others[block]
            noted[block] = note_flags(s, flags, month)
            close_block(s, block, s.masks[M_RARE] | flags)
        close_quad(first, pages, s, quad)
    return -1


@kernel
def note_flags(s, flags, month):
    """Set the month's bit in the history of those flagged, and take it off the others; return who has a history."""
    this = 1 << month % 12
    rows, noted = s.masks[M_RARE] | flags, ZERO
    while rows != ZERO:
        j = lowest(rows)
        rows &= rows - ONE
        open_row(s, j)
        months = I64(s.rare[j, V_HISTORY]) & ~this
        months |= this if bit(flags, j) else 0
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
