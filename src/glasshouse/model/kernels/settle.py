"""The state of everybody before day 0, on all workers."""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import ALWAYS, kernel
from glasshouse.model.kernels.pages import close_block, close_quad, has_pages, open_block, open_quad, share_of
from glasshouse.model.kernels.people import settle_block


@kernel
def settle_share(tables, world, planes, s, worker, workers, done):
    """Make the quads of one worker; return how many are done, -1 when all are."""
    state, first, pages = world[0], world[1], world[2]
    low, high = share_of(world, worker, workers)
    for quad in range(low + done, high):
        if not has_pages(s):
            return quad - low
        open_quad(first, s, quad)
        for block in range(4 * quad, min(4 * quad + 4, state.size)):
            open_block(pages, s, block, 0)
            settle_block(tables, state[block], planes, s, block)
            close_block(s, block, ALWAYS)
        close_quad(first, pages, s, quad)
    return -1


@numba.njit(cache=True, parallel=True, error_model="numpy")
def settle(tables, world, planes, scratch, progress):
    """Make the planes and the state before day 0; progress[k] becomes -1 for a worker that is through."""
    workers = progress.size
    for k in numba.prange(workers):
        if progress[k] >= 0:
            progress[k] = settle_share(tables[0], world, planes, scratch[k], k, workers, progress[k])
