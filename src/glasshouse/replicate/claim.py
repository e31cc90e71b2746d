"""One row of a replication: what a paper says, what is found here, and whether the two agree.

Chance is judged at a false-alarm rate of one in a million for each row, by the exact law where there is one (binomial,
Student's t), so that a correct program fails a whole paper less often than once in ten thousand calls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING, Any, Literal

from glasshouse.compare.effects import t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "FALSE_ALARM",
    "By",
    "Row",
    "as_printed",
    "equal",
    "known",
    "mean",
    "noted",
    "share",
    "tail",
    "within",
]

FALSE_ALARM = 1e-6  # of one row, both sides together
Z = -NormalDist().inv_cdf(FALSE_ALARM / 2)

By = Literal["engine", "function", "formula"]


@dataclass(frozen=True, slots=True)
class Row:
    """What a paper says and what is found.

    Attributes:
        what: Which figure.
        claim: What the paper says of it, or the formula that follows from it.
        expected: The paper's figure, or the formula's; None where it gives a direction or nothing.
        found: The figure found here.
        error: Standard error of `found` where it rests on chance, else None.
        by: Who found it: the shipped engine living a scenario, a shipped function that the model uses, or the paper's
            own model, worked out beside it.
        agrees: The verdict; None where the row is there to be looked at and is not judged.
    """

    what: str
    claim: str
    expected: float | None
    found: float
    error: float | None
    by: By
    agrees: bool | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "what": self.what,
            "claim": self.claim,
            "expected": self.expected,
            "found": self.found,
            "standard_error": self.error,
            "by": self.by,
            "agrees": self.agrees,
        }


def equal(what: str, claim: str, expected: float, found: float, by: By = "engine") -> Row:
    """Return a row whose two figures must be equal."""
    return Row(what, claim, expected, found, None, by, found == expected)


def as_printed(what: str, claim: str, printed: str, found: float, by: By = "engine") -> Row:
    """Return a row whose figure must round to what is printed, to as many decimals."""
    decimals = len(printed.partition(".")[2])
    return Row(what, claim, float(printed), found, None, by, f"{found:.{decimals}f}" == printed)


def within(
    what: str, claim: str, found: float, low: float = -math.inf, high: float = math.inf, by: By = "engine"
) -> Row:
    """Return a row of which the paper gives the direction: the figure must lie strictly between two others."""
    return Row(what, claim, None, found, None, by, low < found < high)


def noted(what: str, claim: str, found: float, by: By = "engine") -> Row:
    """Return a row that is not judged."""
    return Row(what, claim, None, found, None, by, None)


def share(what: str, claim: str, probability: float, count: int, tries: int, by: By = "engine") -> Row:
    """Return a row about a share: `count` of `tries` independent events of one probability, judged by its tail."""
    error = math.sqrt(probability * (1 - probability) / tries)
    agrees = tail(count, tries, probability) >= FALSE_ALARM / 2
    return Row(what, claim, probability, count / tries, error, by, agrees)


def mean(
    what: str,
    claim: str,
    expected: float,
    values: Sequence[float],
    by: By = "engine",
    *,
    fitted: bool = False,
) -> Row:
    """Return a row about the mean of independent values, at least two, judged by Student's t.

    `fitted` says that one more such value was brought to `expected`, so that its luck counts, too.
    """
    found, error = fmean(values), stdev(values) * math.sqrt(1 / len(values) + fitted)
    limit = t_quantile(len(values) - 1, 1 - FALSE_ALARM)
    return Row(what, claim, expected, found, error, by, abs(found - expected) <= limit * error)


def known(what: str, claim: str, expected: float, found: float, error: float, by: By = "engine") -> Row:
    """Return a row about a sum of very many independent parts whose standard error is known exactly."""
    return Row(what, claim, expected, found, error, by, abs(found - expected) <= Z * error)


def tail(count: int, tries: int, probability: float) -> float:
    """Return the probability of a binomial count as far out as this one, or farther, on its side of the mean.

    >>> tail(0, 10, 0.5) == tail(10, 10, 0.5) == 0.5**10
    True
    """
    if probability in {0.0, 1.0}:
        return float(count == tries * probability)
    below = count <= tries * probability
    counts = range(count + 1) if below else range(count, tries + 1)
    return math.fsum(chance(k, tries, probability) for k in counts)


def chance(count: int, tries: int, probability: float) -> float:
    """Return the binomial probability of a count; `probability` lies strictly between 0 and 1."""
    ways = math.lgamma(tries + 1) - math.lgamma(count + 1) - math.lgamma(tries - count + 1)
    return math.exp(ways + count * math.log(probability) + (tries - count) * math.log1p(-probability))
