"""Which worker lives which chunk of citizens: whoever is free takes the next. No result depends on it."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload


def claim(counter):
    """Return the number in counter[0] (int64) and raise it by one; of two workers no two get the same."""
    number = counter[0]
    counter[0] += 1
    return number


@intrinsic
def raised(typing, counter):
    """Twin of `claim` as one indivisible instruction."""

    def code(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.atomic_rmw("add", data, ir.Constant(ir.IntType(64), 1), "monotonic")

    return types.int64(counter), code


@overload(claim, inline="always")
def _claim(counter):
    return lambda counter: raised(counter)  # noqa: PLW0108 - Numba copies a body
