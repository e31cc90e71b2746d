"""The vector instructions behind `lanes.py`: LLVM code for 64 rows at once, lowered to whatever the machine has."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from glasshouse.model.kernels import claims, lanes

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
def bits_of(typing, column, bits):
    """Twin of lanes.mask_bits."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        width = rows.type.element
        found = builder.and_(rows, splat(builder, arguments[1], width))
        return as_mask(builder, builder.icmp_unsigned("!=", found, zero(width)))

    return types.uint64(column, types.int64), code


@intrinsic
def many(typing, column, least):
    """Twin of lanes.mask_many."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        limit = splat(builder, builder.sub(arguments[1], ir.Constant(LONG, 1)), BYTE)
        return as_mask(builder, builder.icmp_unsigned(">", rows, limit))

    return types.uint64(column, types.int64), code


@intrinsic
def below(typing, column, limit):
    """Twin of lanes.mask_below."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        return as_mask(builder, builder.icmp_signed("<", rows, splat(builder, arguments[1], HALF)))

    return types.uint64(column, types.int64), code


@intrinsic
def above(typing, column, limit):
    """Twin of lanes.mask_above."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        return as_mask(builder, builder.icmp_signed(">", rows, splat(builder, arguments[1], HALF)))

    return types.uint64(column, types.int64), code


@intrinsic
def other(typing, column, usual):
    """Twin of lanes.mask_other."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        return as_mask(builder, builder.icmp_signed("!=", rows, splat(builder, arguments[1], HALF)))

    return types.uint64(column, types.int64), code


@intrinsic
def within(typing, column, low, width):
    """Twin of lanes.mask_within."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        above = builder.sub(rows, splat(builder, arguments[1], HALF))
        return as_mask(builder, builder.icmp_unsigned("<", above, splat(builder, arguments[2], HALF)))

    return types.uint64(column, types.int64, types.int64), code


@intrinsic
def reach(typing, words, start, limits):
    """Twin of lanes.mask_reach."""

    def code(context, builder, signature, arguments):
        table, column = (
            context.make_array(signature.args[k])(context, builder, arguments[k]) for k in (0, 2)
        )
        some, start = ir.VectorType(WORD, lanes.FLIGHT).as_pointer(), arguments[1]
        limit = builder.load(builder.bitcast(builder.gep(column.data, [start]), some), align=1)
        mask = ir.Constant(LONG, 0)
        for b in range(4):
            at = [ir.Constant(LONG, b), start]
            first = cgutils.get_item_pointer(context, builder, signature.args[0], table, at)
            reached = builder.icmp_unsigned(">=", builder.load(builder.bitcast(first, some), align=1), limit)
            bits = builder.zext(builder.bitcast(reached, HALF), LONG)
            mask = builder.or_(mask, builder.shl(bits, ir.Constant(LONG, lanes.FLIGHT * b)))
        return mask

    return types.uint64(words, types.int64, limits), code


@intrinsic
def trailing_zeros(typing, mask):
    """Twin of lanes.lowest."""

    def code(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(BIT, 1))

    return types.int64(types.uint64), code


@intrinsic
def population(typing, mask):
    """Twin of lanes.ones."""

    def code(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), code


@intrinsic
def faded(typing, column, news, decay):
    """Twin of lanes.fade."""

    def code(context, builder, signature, arguments):
        rows, pointer = load(context, builder, signature.args[0], arguments[0])
        narrow, wide = ir.VectorType(HALF, ROWS), ir.VectorType(WORD, ROWS)
        saturating = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(narrow, [narrow, narrow]), f"llvm.uadd.sat.v{ROWS}i16"
        )
        risk = builder.call(saturating, [rows, splat(builder, arguments[1], HALF)])
        # rounded product = its high half, and one more where the low half is 32768 or above: no wide sums
        decay = splat(builder, arguments[2], HALF)
        product = builder.mul(builder.zext(risk, wide), builder.zext(decay, wide))
        high = builder.trunc(builder.lshr(product, splat(builder, ir.Constant(LONG, 16), WORD)), narrow)
        more = builder.lshr(builder.mul(risk, decay), splat(builder, ir.Constant(LONG, 15), HALF))
        builder.store(builder.sub(builder.sub(risk, high), more), pointer, align=1)
        return context.get_dummy_value()

    return types.void(column, types.int64, types.int64), code


@intrinsic
def settled(typing, column, moved, mask, usual, recovery, decay):
    """Twin of lanes.settle."""

    def code(context, builder, signature, arguments):
        rows, pointer = load(context, builder, signature.args[0], arguments[0])
        _, moved_pointer = load(context, builder, signature.args[1], arguments[1])
        chosen = builder.bitcast(arguments[2], ir.VectorType(BIT, ROWS))
        usual, recovery, decay = (splat(builder, x, HALF) for x in arguments[3:])
        # what saturates is far above recovery and decay: no wide differences
        narrow = ir.VectorType(HALF, ROWS)
        minus = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(narrow, [narrow, narrow]), f"llvm.ssub.sat.v{ROWS}i16"
        )
        up, down = builder.call(minus, [usual, rows]), builder.call(minus, [rows, usual])
        up = builder.select(builder.icmp_signed("<", up, recovery), up, recovery)
        down = builder.select(builder.icmp_signed("<", down, decay), down, decay)
        step = builder.select(builder.icmp_signed("<", rows, usual), up, builder.neg(down))
        step = builder.select(chosen, step, zero(HALF))
        builder.store(step, moved_pointer, align=1)
        builder.store(builder.add(rows, step), pointer, align=1)
        return context.get_dummy_value()

    long = types.int64
    return types.void(column, moved, types.uint64, long, long, long), code


def prefetch(builder, address):
    """Ask for the cache line of an address, to be written to."""
    place = ir.IntType(8).as_pointer()
    kinds = ir.FunctionType(ir.VoidType(), [place, WORD, WORD, WORD])
    ask = cgutils.get_or_insert_function(builder.module, kinds, "llvm.prefetch.p0")
    builder.call(ask, [builder.inttoptr(address, place), *(ir.Constant(WORD, n) for n in (1, 3, 1))])


@intrinsic
def fetched(typing, world, block):
    """Twin of lanes.fetch."""

    def code(context, builder, signature, arguments):
        kind = signature.args[0]
        data = context.make_array(kind)(context, builder, arguments[0]).data
        start = builder.ptrtoint(builder.gep(data, [arguments[1]]), LONG)
        for offset in range(0, kind.dtype.size, 64):
            prefetch(builder, builder.add(start, ir.Constant(LONG, offset)))
        return context.get_dummy_value()

    return types.void(world, types.int64), code


@intrinsic
def line_fetched(typing, array, offset):
    """Twin of lanes.fetch_line."""

    def code(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        prefetch(builder, builder.add(builder.ptrtoint(data, LONG), arguments[1]))
        return context.get_dummy_value()

    return types.void(array, types.int64), code


@intrinsic
def summed(typing, column, mask):
    """Twin of lanes.sum_of."""

    def code(context, builder, signature, arguments):
        rows, _ = load(context, builder, signature.args[0], arguments[0])
        chosen = builder.bitcast(arguments[1], ir.VectorType(BIT, ROWS))
        kept = builder.select(chosen, rows, zero(HALF))
        # two neighbours lie in one word: taken apart by shifts, they need no wider vector
        wide = ir.VectorType(WORD, ROWS // 2)
        pairs, sixteen = builder.bitcast(kept, wide), ir.Constant(wide, [16] * (ROWS // 2))
        down = builder.ashr if signature.args[0].dtype.signed else builder.lshr
        both = builder.add(down(builder.shl(pairs, sixteen), sixteen), down(pairs, sixteen))
        add = ir.FunctionType(WORD, [wide])
        reduce = cgutils.get_or_insert_function(
            builder.module, add, f"llvm.vector.reduce.add.v{ROWS // 2}i32"
        )
        return builder.sext(builder.call(reduce, [both]), LONG)

    return types.int64(column, types.uint64), code


@intrinsic
def raised(typing, counter):
    """Twin of claims.claim."""

    def code(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.atomic_rmw("add", data, ir.Constant(LONG, 1), "monotonic")

    return types.int64(counter), code


# Numba copies the body of an overload, so it must be a function of its own and not the intrinsic.
# ruff: noqa: PLW0108


@overload(lanes.mask_bits, inline="always")
def _mask_bits(column, bits):
    return lambda column, bits: bits_of(column, bits)


@overload(lanes.mask_many, inline="always")
def _mask_many(column, least):
    return lambda column, least: many(column, least)


@overload(lanes.mask_below, inline="always")
def _mask_below(column, limit):
    return lambda column, limit: below(column, limit)


@overload(lanes.mask_above, inline="always")
def _mask_above(column, limit):
    return lambda column, limit: above(column, limit)


@overload(lanes.mask_other, inline="always")
def _mask_other(column, usual):
    return lambda column, usual: other(column, usual)


@overload(lanes.mask_within, inline="always")
def _mask_within(column, low, width):
    return lambda column, low, width: within(column, low, width)


@overload(lanes.mask_reach, inline="always")
def _mask_reach(words, start, limits):
    return lambda words, start, limits: reach(words, start, limits)


@overload(lanes.lowest, inline="always")
def _lowest(mask):
    return lambda mask: trailing_zeros(mask)


@overload(lanes.ones, inline="always")
def _ones(mask):
    return lambda mask: population(mask)


@overload(lanes.fade, inline="always")
def _fade(column, news, decay):
    return lambda column, news, decay: faded(column, news, decay)


@overload(lanes.settle, inline="always")
def _settle(column, moved, mask, usual, recovery, decay):
    return lambda column, moved, mask, usual, recovery, decay: settled(
        column, moved, mask, usual, recovery, decay
    )


@overload(lanes.fetch, inline="always")
def _fetch(world, block):
    return lambda world, block: fetched(world, block)


@overload(lanes.fetch_line, inline="always")
def _fetch_line(array, offset):
    return lambda array, offset: line_fetched(array, offset)


@overload(lanes.sum_of, inline="always")
def _sum_of(column, mask):
    return lambda column, mask: summed(column, mask)


@overload(claims.claim, inline="always")
def _claim(counter):
    return lambda counter: raised(counter)
