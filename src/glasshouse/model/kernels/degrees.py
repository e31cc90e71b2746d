"""How many uncut friends those have whose score depends on it: looked up before the day, and sent to them as messages.

During the day the pages of others, which hold the history that cuts ties, are being written.
"""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import I64, ONE, ZERO, kernel
from glasshouse.model.kernels.lanes import lowest, mask_bits
from glasshouse.model.kernels.pages import share_of
from glasshouse.model.kernels.people import PLANE_MEMBER
from glasshouse.model.kernels.ties import uncut_friends
from glasshouse.model.layout import DEGREE, P_MIN_FRIENDS, P_SCORE, POINTS


@kernel
def depends(tables, low_friends):
    """Say whether the degree of a member matters who has so many flagged friends."""
    return tables.scalars[P_SCORE] != POINTS or low_friends < tables.scalars[P_MIN_FRIENDS]


@kernel
def degrees_of_share(tables, graph, world, planes, s, worker, workers, month, rows, start):
    """Return how many of a worker's citizens are asked; fill rows[start..] with their messages, if there is room."""
    core, count = world[0], 0
    first, last = share_of(world, worker, workers)
    for block in range(4 * first, min(4 * last, planes.shape[0])):
        asked = mask_bits(core[block].low_friends, 255) & planes[block, PLANE_MEMBER]
        while asked != ZERO:
            j = lowest(asked)
            asked &= asked - ONE
            if not depends(tables, I64(core[block].low_friends[j])):
                continue
            if rows.shape[0]:
                i = 64 * block + j
                rows[start + count, 1] = i
                rows[start + count, 2] = DEGREE
                rows[start + count, 4] = uncut_friends(tables, graph, world, i, month, s.friends, s.room)
            count += 1
    return count


@numba.njit(cache=True, parallel=True, error_model="numpy")
def degrees(tables, graph, world, planes, scratch, month, rows, starts, counts):
    """Count on all workers those who are asked, in counts; fill `rows` (k, 5), each worker from starts[worker] on."""
    workers = counts.size
    for k in numba.prange(workers):
        counts[k] = degrees_of_share(
            tables[0], graph, world, planes, scratch[k], k, workers, month, rows, starts[k]
        )  # fmt: skip
