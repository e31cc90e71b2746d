"""What the questions of `kernels/lanes.py` compile to on a device: plain loops over the 64 rows.

A thread of a device has no vector instructions; 32 threads go through the loop side by side instead. The loops are
plain functions, which the suite compiles for the processor and holds to the meaning in `lanes.py`.
"""

from __future__ import annotations

from numba import cuda
from numba.extending import overload

from glasshouse.model.kernels import claims, lanes
from glasshouse.model.kernels.draw import I64, ONE, ZERO, U
from glasshouse.model.kernels.lanes import FLIGHT, MOST

ROWS = 64


def mask_bits(column, bits):
    """Twin of lanes.mask_bits."""
    mask = ZERO
    for j in range(ROWS):
        mask |= U((I64(column[j]) & bits) != 0) << U(j)
    return mask


def mask_many(column, least):
    """Twin of lanes.mask_many."""
    mask = ZERO
    for j in range(ROWS):
        mask |= U(I64(column[j]) >= least) << U(j)
    return mask


def mask_below(column, limit):
    """Twin of lanes.mask_below."""
    mask = ZERO
    for j in range(ROWS):
        mask |= U(I64(column[j]) < limit) << U(j)
    return mask


def mask_above(column, limit):
    """Twin of lanes.mask_above."""
    mask = ZERO
    for j in range(ROWS):
        mask |= U(I64(column[j]) > limit) << U(j)
    return mask


def mask_other(column, usual):
    """Twin of lanes.mask_other."""
    mask = ZERO
    for j in range(ROWS):
        mask |= U(I64(column[j]) != usual) << U(j)
    return mask


def mask_within(column, low, width):
    """Twin of lanes.mask_within."""
    mask = ZERO
    for j in range(ROWS):
        mask |= U(((I64(column[j]) - low) & MOST) < width) << U(j)
    return mask


def mask_reach(words, start, limits):
    """Twin of lanes.mask_reach."""
    mask = ZERO
    for b in range(4):
        for k in range(FLIGHT):
            mask |= U(words[b, start + k] >= limits[start + k]) << U(FLIGHT * b + k)
    return mask


def fade(column, news, decay):
    """Twin of lanes.fade."""
    for j in range(ROWS):
        risk = min(I64(column[j]) + news, MOST)
        column[j] = risk - ((risk * decay + 32768) >> 16)


def settle(column, moved, mask, usual, recovery, decay):
    """Twin of lanes.settle."""
    for j in range(ROWS):
        score = I64(column[j])
        step = min(usual - score, recovery) if score < usual else -min(score - usual, decay)
        if (mask >> U(j)) & ONE == ZERO:
            step = 0
        moved[j] = step
        column[j] = score + step


def fetch(world, block):
    """Twin of lanes.fetch: a device hides its wait for memory behind other threads."""


def fetch_line(array, offset):
    """Twin of lanes.fetch_line."""


def sum_of(column, mask):
    """Twin of lanes.sum_of."""
    total = 0
    for j in range(ROWS):
        total += I64(column[j]) * I64((mask >> U(j)) & ONE)
    return total


def lowest(mask):
    """Twin of lanes.lowest: six halvings."""
    place, width = 0, 32
    while width > 0:
        if mask & ((ONE << U(width)) - ONE) == ZERO:
            mask >>= U(width)
            place += width
        width //= 2
    return place


def ones(mask):
    """Twin of lanes.ones."""
    total = 0
    for j in range(ROWS):
        total += I64((mask >> U(j)) & ONE)
    return total


def claim(counter):
    """Twin of claims.claim: one indivisible addition."""
    return cuda.atomic.add(counter, 0, 1)


# Numba asks a function of the same parameters which one to compile.


@overload(lanes.mask_bits, target="cuda")
def _mask_bits(column, bits):
    return mask_bits


@overload(lanes.mask_many, target="cuda")
def _mask_many(column, least):
    return mask_many


@overload(lanes.mask_below, target="cuda")
def _mask_below(column, limit):
    return mask_below


@overload(lanes.mask_above, target="cuda")
def _mask_above(column, limit):
    return mask_above


@overload(lanes.mask_other, target="cuda")
def _mask_other(column, usual):
    return mask_other


@overload(lanes.mask_within, target="cuda")
def _mask_within(column, low, width):
    return mask_within


@overload(lanes.mask_reach, target="cuda")
def _mask_reach(words, start, limits):
    return mask_reach


@overload(lanes.fade, target="cuda")
def _fade(column, news, decay):
    return fade


@overload(lanes.settle, target="cuda")
def _settle(column, moved, mask, usual, recovery, decay):
    return settle


@overload(lanes.fetch, target="cuda")
def _fetch(world, block):
    return fetch


@overload(lanes.fetch_line, target="cuda")
def _fetch_line(array, offset):
    return fetch_line


@overload(lanes.sum_of, target="cuda")
def _sum_of(column, mask):
    return sum_of


@overload(lanes.lowest, target="cuda")
def _lowest(mask):
    return lowest


@overload(lanes.ones, target="cuda")
def _ones(mask):
    return ones


@overload(claims.claim, target="cuda")
def _claim(counter):
    return claim
