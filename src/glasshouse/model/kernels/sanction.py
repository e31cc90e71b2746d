"""Being punished: one place that marks the origin, counts the person once per origin, and pulses."""

from __future__ import annotations

from glasshouse.model.kernels.draw import I64, ONE, U, kernel
from glasshouse.model.kernels.scratch import M_PUNISHED, count
from glasshouse.model.layout import FLOW_PUNISHED


@kernel
def punish(state, s, i, j, origin):
    """Mark citizen i (row j) as punished today with an origin code; 0 adds no origin."""
    s.masks[M_PUNISHED] |= ONE << U(j)
    if origin:
        marks = I64(state.marks[j])
        if not (marks >> origin) & 1:
            state.marks[j] = marks | (1 << origin)
            count(s, j, FLOW_PUNISHED + origin, 1)
