"""Questions to the 64 rows of a column at once: masks with bit j for row j. Plain meaning, for reading and JIT off.

Compiled, each of these is a handful of vector instructions (`lanes_llvm.py`); tests hold the two equal.
"""

from __future__ import annotations

import numpy as np

U = np.uint64
I64 = np.int64
MOST = 65535
FLIGHT = 16  # steps of which four blocks fill a mask


def mask_bits(column, bits):
    """Return the mask of rows where a uint8 or uint16 column has any of `bits` (int64) set."""
    return mask_of((column & column.dtype.type(bits)) != 0)


def mask_many(column, least):
    """Return the mask of rows where a uint8 column is at least `least` (int64, 1..256)."""
    return mask_of(column >= least)


def mask_below(column, limit):
    """Return the mask of rows where an int16 column is below `limit` (int64, -32768..32767)."""
    return mask_of(column < limit)


def mask_above(column, limit):
    """Return the mask of rows where an int16 column is above `limit` (int64, -32768..32767)."""
    return mask_of(column > limit)


def mask_other(column, usual):
    """Return the mask of rows where an int16 column is not `usual` (int64)."""
    return mask_of(column != usual)


def mask_within(column, low, width):
    """Return the mask of rows where an int16 column is in low..low + width - 1 (int64, width 0..65535)."""
    return mask_of((column.astype(np.int64) - low) % 65536 < width)


def mask_reach(words, start, limits):
    """Return the mask of words[b, start + k] >= limits[start + k], both uint32: bit 16 b + k for b 0..3, k 0..15."""
    return mask_of((words[:, start : start + FLIGHT] >= limits[start : start + FLIGHT]).ravel())


def lowest(mask):
    """Return the place of the lowest set bit of a uint64 mask that is not 0."""
    mask = int(mask)
    return (mask & -mask).bit_length() - 1


def ones(mask):
    """Return the number of set bits of a uint64 mask."""
    return int(mask).bit_count()


def fade(column, news, decay):
    """Add `news` to the 64 rows of a uint16 column, saturating, then take r*decay off each, rounded, in 2^-16.

    Both are int64 in 0..65535.
    """
    risk = np.minimum(column.astype(np.int64) + news, MOST)
    column[:] = risk - ((risk * decay + 32768) >> 16)


def settle(column, moved, mask, usual, recovery, decay):
    """Move the masked rows of an int16 column towards `usual`: up by `recovery`, down by `decay`, never past it.

    moved (int16) becomes by how much each row moved, 0 outside the mask. Both steps are 0..32767.
    """
    score = column.astype(np.int64)
    up, down = np.minimum(usual - score, recovery), np.minimum(score - usual, decay)
    chosen = np.array([(int(mask) >> j) & 1 for j in range(64)], dtype=bool)
    moved[:] = np.where(chosen, np.where(score < usual, up, -down), 0)
    column[:] = score + moved


def fetch(world, block):
    """Tell the machine that a block of the state is needed soon; means nothing else."""


def fetch_line(array, offset):
    """Tell the machine that what lies `offset` bytes into an array is needed soon; means nothing else."""


def sum_of(column, mask):
    """Return the sum (int64) of an int16 or uint16 column over the rows of a mask."""
    return I64(sum(int(x) for j, x in enumerate(column) if (int(mask) >> j) & 1))


def mask_of(rows):
    """Return 64 truth values as a mask."""
    return U(sum(1 << j for j in range(64) if rows[j]))
