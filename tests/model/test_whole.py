"""A function compiled with all that it calls as one program: nothing of it can be reached from elsewhere."""

from __future__ import annotations

import re

import numba
import pytest

from glasshouse.model import day
from glasshouse.model.kernels import settle
from glasshouse.model.kernels.draw import U, philox
from glasshouse.model.kernels.whole import WholeCompiler

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")


@numba.njit
def inner(a, b, unused):
    """Too long to be taken into its callers; what is not used may be left out where nobody else can call it."""
    low, high = philox(a, b, a, b, a, b)
    low, high = philox(low, high, low, high, a, b)
    return philox(low, high, high, low, b, a)[0]


def outer(a, unused):
    return inner(a, U(1), unused) ^ inner(U(2), a, unused) ^ inner(a, U(3), unused)


def defined(function):
    """Return the linkage of what the compiled code of a function defines."""
    (code,) = function.inspect_llvm().values()
    return re.findall(r"^define (private |internal |linkonce_odr |)", code, flags=re.MULTILINE)


def test_what_is_called_is_private_to_the_caller():
    apart, whole = numba.njit(outer), numba.njit(pipeline_class=WholeCompiler)(outer)
    assert apart(U(5), U(9)) == whole(U(5), U(9))
    assert "linkonce_odr " in defined(apart)
    assert set(defined(whole)) == {"private ", ""}


def test_others_can_still_call_it():
    whole = numba.njit(pipeline_class=WholeCompiler)(outer)
    before = whole(U(7), U(0))

    @numba.njit
    def other(a, unused):
        return inner(a, U(1), unused) ^ inner(U(2), a, unused) ^ inner(a, U(3), unused)

    assert other(U(7), U(0)) == before == other(U(7), U(8))


@pytest.mark.parametrize("function", [day.live_share, settle.settle_share])
def test_the_day_is_one_program(function):
    assert function._compiler.pipeline_class is WholeCompiler
