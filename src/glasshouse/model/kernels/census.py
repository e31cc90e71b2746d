"""The census: a fresh count of the people at the end of a day, to be held against the flows."""

from __future__ import annotations

import numba

from glasshouse.model.kernels.draw import I64, ONE, ZERO, kernel
from glasshouse.model.kernels.lanes import lowest, mask_below, mask_bits, mask_other, ones, sum_of
from glasshouse.model.kernels.pages import share_of
from glasshouse.model.kernels.people import PLANE_MEMBER, group_of, of_group, province_of, rows_of
from glasshouse.model.layout import (
    P_BASE,
    P_CITIZENS,
    P_GRADES,
    P_GROUPS,
    P_LISTS,
    STOCK,
    STOCK_ON,
    STOCK_PUNISHED,
    V_DETAINED,
    V_OFFLINE,
    V_SUSPENDED,
)
from glasshouse.society.columns import MARK_FLAG, MARK_LISTED, MARK_PUNISHED, MARK_REFUSED

(MEMBERS, SCORE_SUM, RISK_SUM, FLAGGED, DETAINED, SUSPENDED, OFFLINE, EVER_LISTED, EVER_REFUSED) = (
    STOCK[name]
    for name in (
        "members",
        "score_sum",
        "risk_sum",
        "flagged",
        "detained",
        "suspended",
        "offline",
        "ever_listed",
        "ever_refused",
    )
)
PUNISHED, ON_LIST = STOCK_PUNISHED, STOCK_ON
COUNTED_BITS = MARK_FLAG | MARK_LISTED | MARK_REFUSED | MARK_PUNISHED


@kernel
def census_block(tables, state, planes, stocks, block):
    """Add the citizens of one block to the stocks."""
    base = block * 64
    rows = min(64, tables.scalars[P_CITIZENS] - base)
    province = province_of(tables, base)
    start = 0
    while start < rows:  # a block may reach into the next provinces
        while base + start >= tables.province_start[province + 1]:
            province += 1
        end = min(rows, tables.province_start[province + 1] - base)
        everyone = rows_of(start, end)
        for g in range(tables.scalars[P_GROUPS]):
            people = everyone & of_group(planes[block], g)
            members = people & planes[block, PLANE_MEMBER]
            count_people(state, people, members, stocks[province, g])
        count_named(tables, state, planes[block], everyone, stocks[province])
        count_grades(tables, state, planes[block], everyone, stocks[province])
        start = end


@kernel
def count_people(state, people, members, cell):
    """Add the citizens of a mask to one cell: what they are worth, not what stands to their name."""
    cell[RISK_SUM] += sum_of(state.risk, people)
    cell[SCORE_SUM] += sum_of(state.score, members)
    cell[MEMBERS] += ones(members)


@kernel
def count_named(tables, state, planes, everyone, cells):
    """Count those of a mask with a mark, or on a list, by group."""
    if everyone & mask_bits(state.marks, COUNTED_BITS) != ZERO:
        add_groups(tables, planes, everyone & mask_bits(state.marks, MARK_FLAG), cells, FLAGGED)
        add_groups(tables, planes, everyone & mask_bits(state.marks, MARK_LISTED), cells, EVER_LISTED)
        add_groups(tables, planes, everyone & mask_bits(state.marks, MARK_REFUSED), cells, EVER_REFUSED)
        for origin in range(1, 6):
            struck = everyone & mask_bits(state.marks, 1 << origin)
            add_groups(tables, planes, struck, cells, PUNISHED + origin - 1)
    if everyone & mask_bits(state.lists, 255) != ZERO:
        for k in range(tables.scalars[P_LISTS]):
            add_groups(tables, planes, everyone & mask_bits(state.lists, 1 << k), cells, ON_LIST + k)


@kernel
def add_groups(tables, planes, people, cells, stock):
    """Add the citizens of a mask to a stock of their groups."""
    if people != ZERO:
        for g in range(tables.scalars[P_GROUPS]):
            cells[g, stock] += ones(people & of_group(planes, g))


@kernel
def count_grades(tables, state, planes, everyone, cells):
    """Count members by group and grade: who is below the end of a grade is in it or in one before."""
    grades, first = tables.scalars[P_GRADES], ON_LIST + tables.scalars[P_LISTS]
    for grade in range(grades):
        members = everyone & planes[PLANE_MEMBER]
        if grade + 1 < grades:
            members &= mask_below(state.score, tables.grade_from[grade + 1])
        for g in range(tables.scalars[P_GROUPS]):
            upto = ones(members & of_group(planes, g))
            cells[g, first + grade] += upto
            if grade + 1 < grades:
                cells[g, first + grade + 1] -= upto


@numba.njit(cache=True, parallel=True, error_model="numpy")
def census(tables, world, planes, stocks):
    """Count all citizens into stocks[worker, province, group, stock]; workers share the blocks evenly."""
    workers = stocks.shape[0]
    for k in numba.prange(workers):
        low, high = share_of(world, k, workers)
        for block in range(4 * low, min(4 * high, planes.shape[0])):
            census_block(tables[0], world[0][block], planes, stocks[k], block)
        count_spells(tables[0], world, planes, stocks[k], k, workers)


@kernel
def count_spells(tables, world, planes, stocks, worker, workers):
    """Add the spells in the rows of one worker's share of the quads."""
    first, pages = world[1], world[2]
    low, high = share_of(world, worker, workers)
    for quad in range(low, high):
        page = I64(first[quad])
        while page != 0:
            for r in range(I64(pages[page].rows)):
                i = 256 * quad + I64(pages[page].places[r])
                cell = stocks[province_of(tables, i), group_of(planes, i)]
                cell[DETAINED] += I64(pages[page].values[r, V_DETAINED] != 0)
                cell[SUSPENDED] += I64(pages[page].values[r, V_SUSPENDED] != 0)
                cell[OFFLINE] += I64(pages[page].values[r, V_OFFLINE] != 0)
            page = I64(pages[page].next)


@numba.njit(cache=True, parallel=True, error_model="numpy")
def histogram(tables, world, planes, floor, out):
    """Count members by province and score: out[worker, province, score - floor]; workers share the blocks evenly."""
    workers = out.shape[0]
    for k in numba.prange(workers):
        low, high = share_of(world, k, workers)
        for block in range(4 * low, min(4 * high, planes.shape[0])):
            count_block(tables[0], world[0][block], planes[block], block, floor, out[k])


@kernel
def count_block(tables, state, planes, block, floor, out):
    """Add the members of one block; a block may reach into the next provinces."""
    rows = min(64, tables.scalars[P_CITIZENS] - 64 * block)
    province, start = province_of(tables, 64 * block), 0
    while start < rows:
        end = min(rows, tables.province_start[province + 1] - 64 * block)
        members = rows_of(start, end) & planes[PLANE_MEMBER]
        count_scores(state, members, tables.scalars[P_BASE], floor, out[province])
        start, province = end, province + 1


@kernel
def count_scores(state, members, usual, floor, out):
    """Count the members of a mask by score, those at the base all at once; one beyond the ends counts at the end."""
    elsewhere = mask_other(state.score, usual) & members
    out[usual - floor] += ones(members) - ones(elsewhere)
    while elsewhere != ZERO:
        j = lowest(elsewhere)
        elsewhere &= elsewhere - ONE
        out[max(0, min(out.size - 1, I64(state.score[j]) - floor))] += 1
