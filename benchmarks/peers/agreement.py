"""Whether a program lives W: its daily counts against those of the reference, in standard errors.

A count of n citizens is a sum over people who are alike and hardly depend on each other, so its share of n varies as
1 / sqrt(n). The reference gives, day by day, the mean m of a share and its standard deviation s between R worlds of N
citizens. The mean over the k runs of a program with n citizens each then has, about m, the standard error
s * sqrt(N / (k n) + 1 / R): the program's own luck, and that of the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALLOWED = 4.9  # standard errors
MEASURES = ("listed", "refused", "mean")


def worst(runs: Sequence[Mapping[str, Any]], reference: Mapping[str, Any]) -> tuple[float, str]:
    """Return the largest distance from the reference in standard errors, and of what: a measure and a day, or all days.

    Args:
        runs: Reports of one program, of one size and number of days, each with another seed.
        reference: What `reference.py` printed, of at least as many days.
    """
    citizens, worlds = reference["citizens"], len(reference["mean"])
    wider = np.sqrt(citizens / (len(runs) * runs[0]["citizens"]) + 1 / worlds)
    found = (0.0, "")
    for name in MEASURES:
        there = shares(reference[name], name, citizens)
        here = np.mean([shares(run[name], name, run["citizens"]) for run in runs], axis=0)
        there = there[:, : len(here)]
        for values, expected, label in (
            (here, there, "day"),
            (here.mean(keepdims=True), there.mean(axis=1, keepdims=True), "all days"),
        ):
            errors = (values - expected.mean(axis=0)) / (expected.std(axis=0, ddof=1) * wider)
            day = int(np.abs(errors).argmax())
            what = f"{name}, {label} {day}" if label == "day" else f"{name}, {label}"
            found = max(found, (float(abs(errors[day])), what))
    return found


def shares(counts: Any, name: str, citizens: int) -> np.ndarray:
    """Return counts as shares of the citizens; means are such already."""
    return np.asarray(counts, float) / (1 if name == "mean" else citizens)
