"""What a check is: a statement with a formula, held against what the shipped program does, with an exact error.

A finding compares one expected with one observed number. Its error is the exact standard error of the observed one
under the formula (binomial, Poisson, or derived in the check), or 0.0 where the two must be equal.

The limit: a finding fails when |z| > 4.9, which happens to a true one about once in a million times (9.6e-7, both
sides). All checks together make at most 1,000 findings that rest on chance (`MOST`, kept by a test), so a run in which
everything is true shows a failure with a probability below 1e-3, however the findings hang together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FALSE_ALARMS = 1e-3  # probability that a run of all checks fails although everything is true
MOST = 1_000  # findings that rest on chance, in all checks together
LIMIT = 4.9  # 2 * (1 - Phi(4.9)) = 9.58e-7 <= FALSE_ALARMS / MOST

Family = Literal["model", "library", "metamorphic"]


@dataclass(frozen=True)
class Finding:
    """One number that was expected and one that was observed.

    Attributes:
        what: Which number, in a few words.
        expected: What the formula says.
        observed: What the program did.
        error: Exact standard error of `observed` under the formula; 0.0 where the two must be equal.
        at: Where it stands on the axis of the check's figure, if the findings of a check make a curve.
    """

    what: str
    expected: float
    observed: float
    error: float
    at: float | None = None

    @property
    def z(self) -> float:
        """How many standard errors `observed` lies above `expected`; 0 or infinite where they must be equal."""
        gap = self.observed - self.expected
        if gap == 0:
            return 0.0
        return gap / self.error if self.error > 0 else math.copysign(math.inf, gap)

    def passed(self, limit: float = LIMIT) -> bool:
        """Return whether the two agree; a number that is not one never does."""
        return abs(self.z) <= limit


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        name: Stable name in kebab-case.
        family: A scenario lived by the shipped engine; a shipped function called directly; or a relation between runs.
        formula: The statement, in plain text.
        setting: What it is tried on.
        source: Where the formula comes from.
        run: Seed -> findings.
        smoke: Whether it is quick enough for the suite.
        axis: What `Finding.at` counts, if the findings make a curve.
    """

    name: str
    family: Family
    formula: str
    setting: str
    source: str
    run: Callable[[int], Sequence[Finding]]
    smoke: bool = False
    axis: str = ""


def exact(what: str, expected: float, observed: float, at: float | None = None) -> Finding:
    """Return a finding whose two numbers must be equal."""
    return Finding(what, expected, observed, 0.0, at)


def of_share(what: str, probability: float, count: int, tries: int, at: float | None = None) -> Finding:
    """Return a finding about a share: `count` of `tries` independent events of one probability."""
    error = math.sqrt(probability * (1.0 - probability) / tries)
    return Finding(what, probability, count / tries, error, at)


def of_count(
    what: str, mean: float, count: int, variance: float | None = None, at: float | None = None
) -> Finding:
    """Return a finding about a count with this mean; its variance is Poisson's unless given."""
    return Finding(what, mean, count, math.sqrt(mean if variance is None else variance), at)
