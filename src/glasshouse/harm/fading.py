"""How fast perceived risk, and what it holds back, fades after the last punishment that somebody saw.

Everybody's risk is the sum of a background, which the bulletin gives to all alike, and what punishments near them
added. Only the second part is watched: from each evening on which it rose until it rises again or the run ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.harm.replay import WHOLE, factors_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.model.engine import Engine
    from glasshouse.model.plan import Plan

__all__ = ["Faded", "Fading", "half_life"]

FULL = 65535


@dataclass
class Faded:
    """Sums by days since the last rise, each (days + 1,): what was left, and what there was at the rise.

    Attributes:
        risk: Perceived risk above the background, over everybody watched for so long.
        risk_before: The same on the evening of the rise, of the same people.
        held: Share of restrained acts held back above the background.
        held_before: The same on the evening of the rise.
        watched: People watched for so long, int64.
    """

    risk: NDArray[np.float64]
    risk_before: NDArray[np.float64]
    held: NDArray[np.float64]
    held_before: NDArray[np.float64]
    watched: NDArray[np.int64]

    def __add__(self, other: Faded) -> Faded:
        return Faded(
            *(mine + theirs for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True))
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the shares left by days since the last rise, while anybody is watched."""
        end = int(np.count_nonzero(self.watched))
        return {
            "risk_half_life_days": half_life(self.risk, self.risk_before),
            "withholding_half_life_days": half_life(self.held, self.held_before),
            "longest_watched_days": max(0, end - 1),
            "watched": self.watched[:end].tolist(),
            "risk_left": left(self.risk, self.risk_before)[:end].tolist(),
            "withholding_left": left(self.held, self.held_before)[:end].tolist(),
        }


def left(now: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is left of what there was; 0 where there was nothing."""
    return np.divide(now, before, out=np.zeros_like(now), where=before > 0)


def half_life(now: NDArray[np.float64], before: NDArray[np.float64]) -> int | None:
    """Return the first number of days after which half or less is left; None where nobody was watched so long."""
    reached = np.flatnonzero((before > 0) & (now <= before / 2))
    return int(reached[0]) if reached.size else None


class Fading:
    """Watches perceived risk evening by evening.

    Args:
        plan: The world's plan.
        people: Its people.
    """

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan, self._people = plan, people
        self._factors = np.array(plan.learn.factors, np.uint64)
        self._risk = np.zeros(plan.citizens, np.int64)
        self._background = 0
        self._since = np.full(plan.citizens, -1, np.int64)  # days since the last rise, -1 before any
        self._peak, self._peak_held = np.zeros(plan.citizens), np.zeros(plan.citizens)
        size = plan.days + 1
        self.sums = Faded(*(np.zeros(size) for _ in range(4)), np.zeros(size, np.int64))

    def evening(self, engine: Engine, news: int) -> None:
        """Watch the end of a day; `news` is what the bulletin added today, in 2^-16."""
        risk = engine.columns["risk"][: self.plan.citizens].astype(np.int64)
        rose = risk > self._decayed(np.minimum(FULL, self._risk + news))
        self._background = int(self._decayed(np.array(min(FULL, self._background + news))))
        self._risk = risk
        excess = np.maximum(0, risk - self._background)
        held = self._held(risk) - self._held(np.full_like(risk, self._background))
        self._since[self._since >= 0] += 1
        self._since[rose] = 0
        self._peak[rose], self._peak_held[rose] = excess[rose], held[rose]
        who = np.flatnonzero(self._since >= 0)
        days, size = self._since[who], self.sums.watched.size
        self.sums.watched += np.bincount(days, minlength=size)
        for name, values in (
            ("risk", excess), ("risk_before", self._peak), ("held", held), ("held_before", self._peak_held),
        ):  # fmt: skip
            sums = np.bincount(days, weights=values[who], minlength=size)
            setattr(self.sums, name, getattr(self.sums, name) + sums)

    def _decayed(self, risk: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what a day leaves of a risk (phase 10)."""
        return risk - (risk * self.plan.learn.decay + (1 << 15) >> 16)

    def _held(self, risk: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share of restrained acts that everybody holds back at some risk."""
        return 1 - factors_of(self._factors, self._people.temper, risk.astype(np.uint16)) / WHOLE
