"""The vector instructions behind `lanes.py`: LLVM code for 64 rows at once, lowered to whatever the machine has."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from glasshouse.model.kernels import lanes

ROWS = 64
BIT, BYTE, HALF, WORD, LONG = (ir.IntType(n) for n in (1, 8, 16, 32, 64))


def load(context, builder, kind, column):
    """Return (vector of the 64 rows, pointer to them)."""
    vector = ir.VectorType(ir.IntType(kind.dtype.bitwidth), ROWS)
    data = context.make_array(kind)(context, builder, column).data
    pointer = builder.bitcast(data, vector.as_pointer())
    return builder.load(pointer, align=1), pointer


def splat(builder, value, width):
    """Return a vector with an int64 value, cut to `width`, in every lane."""
    if width != LONG:
        value = builder.trunc(value, width)
    vector = ir.VectorType(width, ROWS)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(WORD, 0))
    zeros = ir.Constant(ir.VectorType(WORD, ROWS), [0] * ROWS)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)


def zero(width):
    """Return a vector of zeros."""
    return ir.Constant(ir.VectorType(width, ROWS), [0] * ROWS)


def as_mask(builder, truths):
    """Return 64 truth values as a 64-bit integer."""
    return builder.bitcast(truths, LONG)


@intrinsic
def some(typing, first, second, third, fourth):
    """Twin of lanes.mask_some."""

    def code(context, builder, signature, arguments):
        joined = zero(BYTE)
        for kind, column in zip(signature.args, arguments, strict=True):
            joined = builder.or_(joined, load(context, builder, kind, column)[0])
        return as_mask(builder, builder.icmp_unsigned("!=", joined, zero(BYTE)))

    return types.uint64(first, second, third, fourth), code


@intrinsic
def bits_of(typing, column, bits):
    """Twin of lanes.mask_bits."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        width = rows.type.element
        found = builder.and_(rows, splat(builder, arguments[1], width))
        return as_mask(builder, builder.icmp_unsigned("!=", found, zero(width)))

    return types.uint64(column, types.int64), code


@intrinsic
def below(typing, column, limit):
    """Twin of lanes.mask_below."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        return as_mask(builder, builder.icmp_signed("<", rows, splat(builder, arguments[1], HALF)))

    return types.uint64(column, types.int64), code


@intrinsic
def other(typing, column, usual):
    """Twin of lanes.mask_other."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        return as_mask(builder, builder.icmp_signed("!=", rows, splat(builder, arguments[1], HALF)))

    return types.uint64(column, types.int64), code


@intrinsic
def faded(typing, column, news, decay):
    """Twin of lanes.fade."""

    def code(context, builder, signature, arguments):
        rows, pointer = load(context, builder, signature.args[0], arguments[0])
        wide = ir.VectorType(WORD, ROWS)
        risk = builder.add(builder.zext(rows, wide), splat(builder, arguments[1], WORD))
        most = splat(builder, ir.Constant(LONG, lanes.MOST), WORD)
        risk = builder.select(builder.icmp_unsigned("<", risk, most), risk, most)
        loss = builder.add(
            builder.mul(risk, splat(builder, arguments[2], WORD)),
            splat(builder, ir.Constant(LONG, 32768), WORD),
        )
        loss = builder.lshr(loss, splat(builder, ir.Constant(LONG, 16), WORD))
        left = builder.trunc(builder.sub(risk, loss), ir.VectorType(HALF, ROWS))
        builder.store(left, pointer, align=1)
        return context.get_dummy_value()

    return types.void(column, types.int64, types.int64), code


@intrinsic
def summed(typing, column, mask):
    """Twin of lanes.sum_of."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        chosen = builder.bitcast(arguments[1], ir.VectorType(BIT, ROWS))
        kept = builder.select(chosen, rows, zero(HALF))
        wide = ir.VectorType(WORD, ROWS)
        add = ir.FunctionType(WORD, [wide])
        reduce = cgutils.get_or_insert_function(builder.module, add, f"llvm.vector.reduce.add.v{ROWS}i32")
        return builder.zext(builder.call(reduce, [builder.zext(kept, wide)]), LONG)

    return types.int64(column, types.uint64), code


# Numba copies the body of an overload, so it must be a function of its own and not the intrinsic.
# ruff: noqa: PLW0108


@overload(lanes.mask_some, inline="always")
def _mask_some(first, second, third, fourth):
    return lambda first, second, third, fourth: some(first, second, third, fourth)


@overload(lanes.mask_bits, inline="always")
def _mask_bits(column, bits):
    return lambda column, bits: bits_of(column, bits)


@overload(lanes.mask_below, inline="always")
def _mask_below(column, limit):
    return lambda column, limit: below(column, limit)


@overload(lanes.mask_other, inline="always")
def _mask_other(column, usual):
    return lambda column, usual: other(column, usual)


@overload(lanes.fade, inline="always")
def _fade(column, news, decay):
    return lambda column, news, decay: faded(column, news, decay)


@overload(lanes.sum_of, inline="always")
def _sum_of(column, mask):
    return lambda column, mask: summed(column, mask)
