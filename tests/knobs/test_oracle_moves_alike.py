"""The oracle moves by the same amount: in both worlds of every knob it counts what the kernels count."""

from __future__ import annotations

import pytest
from knobs import KNOBS
from living import counts_of, oracle_counts_of

SIZE = {"seed": 7, "citizens": 120, "days": 9}  # a 1st on day 7


SOME = [
    pytest.param(knob, id=str(knob), marks=() if k % 6 == 0 else pytest.mark.slow)
    for k, knob in enumerate(KNOBS)
]


@pytest.mark.parametrize("knob", SOME)
def test_the_oracle_moves_by_the_same_amount(knob):
    for changes in (knob.extra, {**knob.extra, **knob.also, knob.path: knob.value}):
        assert oracle_counts_of(knob.base, changes, **SIZE) == counts_of(knob.base, changes, **SIZE)
