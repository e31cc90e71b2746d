"""Kaplan-Meier curves from counts: how long until something happens, where the watching may end first.

Sources: Kaplan and Meier, JASA 53 (1958) 457; Greenwood's variance; the interval on the log(-log) scale, and that of
a quantile by Brookmeyer and Crowley, Biometrics 38 (1982) 29: the times at which the interval of the curve holds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.harm.intervals import Estimate, Z, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

__all__ = ["Curve", "kaplan_meier"]


@dataclass(frozen=True)
class Curve:
    """The share still waiting after each number of days.

    Attributes:
        events: How many it happened to after d days, (days,) int64.
        censored: How many were last seen, still waiting, after d days, (days,) int64.
        at_risk: How many were still watched and waiting just before day d, (days,) int64.
        waiting: Share still waiting after d days, (days,).
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    events: Counts
    censored: Counts
    at_risk: Counts
    waiting: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def n(self) -> int:
        """How many were watched."""
        return int(self.events.sum() + self.censored.sum())

    def quantile(self, share: float) -> Estimate:
        """Return after how many days this share has got there; None where the watching ended before.

        The ends are the first days on which the lower and the upper curve are down to the rest.
        """
        rest = 1 - share

        def first(values: NDArray[np.float64]) -> float | None:
            """Return the first time at which so few are left, or None."""
            reached = np.flatnonzero(values <= rest + 1e-12)
            return float(reached[0]) if reached.size else None

        return Estimate(first(self.waiting), first(self.low), first(self.high))

    def left_at_end(self) -> Estimate:
        """Return the share still waiting when the watching ends: at the longest time anybody was watched."""
        watched = np.flatnonzero(self.at_risk)
        if not watched.size:
            return Estimate(None)
        last = int(watched[-1])
        return Estimate(float(self.waiting[last]), float(self.low[last]), float(self.high[last]))

    def as_dict(self) -> dict[str, Any]:
        """Return the steps as plain lists, from day 0 to the longest time anybody was watched."""
        watched = np.flatnonzero(self.at_risk)
        end = int(watched[-1]) + 1 if watched.size else 0
        return {
            name: getattr(self, name)[:end].tolist()
            for name in ("events", "censored", "at_risk", "waiting", "low", "high")
        }


def kaplan_meier(events: Counts, censored: Counts) -> Curve:
    """Return the curve of counts by number of days; on equal days events come before the end of watching.

    Args:
        events: How many it happened to after 0, 1, ... days.
        censored: How many were last seen, still waiting, after 0, 1, ... days.

    Raises:
        ValueError: the arrays are not of one length.
    """
    if events.shape != censored.shape:
        raise ValueError(f"{events.size} days of events, {censored.size} of ends")
    gone = events + censored
    at_risk = gone.sum() - np.concatenate([[0], np.cumsum(gone)[:-1]]) if gone.size else gone
    waiting, low, high = (np.ones(gone.size) for _ in range(3))
    left, spread = 1.0, 0.0
    for day, (hit, n) in enumerate(zip(events.tolist(), at_risk.tolist(), strict=True)):
        if hit:
            left *= 1 - hit / n
            spread += hit / (n * (n - hit)) if n > hit else math.inf
        waiting[day] = left
        if 0 < left < 1:
            low[day], high[day] = log_log_interval(left, spread)
        elif left == 0:  # where the logarithms end: no lower than it is, and no higher than the day before
            low[day], high[day] = 0.0, high[day - 1] if day else wilson(0, n)[1]
        elif n:  # nobody so far: Wilson's interval of those still watched
            low[day] = wilson(n, n)[0]
    return Curve(events, censored, at_risk, waiting, low, high)


def log_log_interval(left: float, spread: float) -> tuple[float, float]:
    """Return the interval of a share still waiting, above 0 and below 1; `spread` is Greenwood's sum."""
    step = Z * math.sqrt(spread) / math.log(left)  # below 0
    return left ** math.exp(-step), left ** math.exp(step)
