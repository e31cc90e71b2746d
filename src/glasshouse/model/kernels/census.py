"""The census: a fresh count of the people at the end of a day, to be held against the flows."""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import I64, bit, kernel
from glasshouse.model.kernels.people import PLANE_MEMBER, group_of, province_of
from glasshouse.model.layout import P_CITIZENS, P_GRADES, P_LISTS
from glasshouse.society.columns import MARK_FLAG, MARK_LISTED, MARK_REFUSED

MEMBERS, SCORE_SUM, RISK_SUM, FLAGGED, DETAINED, SUSPENDED, OFFLINE, EVER_LISTED, EVER_REFUSED, PUNISHED = range(10)
ON_LIST = PUNISHED + 5
ORIGIN_BITS = 0b111110


@kernel
def census_block(tables, state, planes, stocks, block):
    """Add the citizens of one block to the stocks."""
    base = block * 64
    rows = min(64, tables.scalars[P_CITIZENS] - base)
    grade = ON_LIST + tables.scalars[P_LISTS]
    province = province_of(tables.province_start, base)
    for j in range(rows):
        i = base + j
        while i >= tables.province_start[province + 1]:
            province += 1
        cell = stocks[province, group_of(planes, i)]
        cell[RISK_SUM] += I64(state.risk[j])
        if bit(planes[block, PLANE_MEMBER], j):
            points = I64(state.score[j])
            cell[MEMBERS] += 1
            cell[SCORE_SUM] += points
            if tables.scalars[P_GRADES]:
                cell[grade + grade_of(tables, points)] += 1
        marks, lists = I64(state.marks[j]), I64(state.lists[j])
        if marks or lists:
            count_marks(tables, cell, marks, lists)
        if state.detained[j]:
            cell[DETAINED] += 1
        if state.suspended[j]:
            cell[SUSPENDED] += 1
        if state.offline[j]:
            cell[OFFLINE] += 1


@kernel
def grade_of(tables, points):
    """Return the number of the grade of a score; below the lowest band counts as the lowest."""
    g = tables.scalars[P_GRADES] - 1
    while g > 0 and points < tables.grade_from[g]:
        g -= 1
    return g


@kernel
def count_marks(tables, cell, marks, lists):
    """Add one citizen's marks and lists to a cell of the stocks."""
    if marks & MARK_FLAG:
        cell[FLAGGED] += 1
    if marks & MARK_LISTED:
        cell[EVER_LISTED] += 1
    if marks & MARK_REFUSED:
        cell[EVER_REFUSED] += 1
    if marks & ORIGIN_BITS:
        for origin in range(1, 6):
            if (marks >> origin) & 1:
                cell[PUNISHED + origin - 1] += 1
    if lists:
        for k in range(tables.scalars[P_LISTS]):
            if (lists >> k) & 1:
                cell[ON_LIST + k] += 1


@numba.njit(cache=True, parallel=True, error_model="numpy")
def census(tables, world, planes, stocks):
    """Count all citizens into stocks[worker, province, group, stock]; workers share the blocks evenly."""
    workers = stocks.shape[0]
    blocks = planes.shape[0]
    for k in numba.prange(workers):
        for block in range(k * blocks // workers, (k + 1) * blocks // workers):
            census_block(tables[0], world[block], planes, stocks[k], block)


@kernel
def histogram(tables, world, planes, low, out):
    """Count members by province and score: out[province, score - low] += 1."""
    starts, n = tables[0].province_start, tables[0].scalars[P_CITIZENS]
    for block in range(planes.shape[0]):
        base = block * 64
        for j in range(min(64, n - base)):
            if bit(planes[block, PLANE_MEMBER], j):
                i = base + j
                out[province_of(starts, i), max(0, min(out.shape[1] - 1, I64(world[block].score[j]) - low))] += 1
