"""Worlds whose output is a formula of the assumed numbers and of luck."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.scenario.assumptions import Assumption

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "listed.persons"  # some headline figure


@dataclass(frozen=True)
class FormulaWorlds:
    """Stands for the engine: the figure of a world is a formula of its numbers and of the uniform draw of its seed."""

    assumptions: tuple[Assumption, ...]
    formula: Callable[..., float]

    def __call__(self, tasks):
        for place, task in enumerate(tasks):
            numbers = [one.at(u) for one, u in zip(self.assumptions, task.places, strict=False)]
            written = [one.value for one in self.assumptions]
            luck = streams.private(task.seed, 1, 0, 0) / 2**64
            yield place, {KEY: self.formula(*(numbers or written), luck)}


def uniform(k: int, low: float, high: float) -> tuple[Assumption, ...]:
    return tuple(Assumption(f"x{i}", (low + high) / 2, low, high) for i in range(k))


def ishigami(x1: float, x2: float, x3: float, _luck: float = 0.0) -> float:
    """Ishigami and Homma (1990) with a = 7 and b = 0.1."""
    return math.sin(x1) + 7 * math.sin(x2) ** 2 + 0.1 * x3**4 * math.sin(x1)


ISHIGAMI = uniform(3, -math.pi, math.pi)
# a = 7, b = 0.1: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2, V1 = (1 + b pi^4/5)^2/2, V2 = a^2/8, V13 = 8 b^2 pi^8/225
VARIANCE = 49 / 8 + 0.1 * math.pi**4 / 5 + 0.01 * math.pi**8 / 18 + 0.5
V1, V2, V13 = (1 + 0.1 * math.pi**4 / 5) ** 2 / 2, 49 / 8, 8 * 0.01 * math.pi**8 / 225
FIRST = (V1 / VARIANCE, V2 / VARIANCE, 0.0)
TOTAL = ((V1 + V13) / VARIANCE, V2 / VARIANCE, V13 / VARIANCE)
