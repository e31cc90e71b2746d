"""How people differ: the conditional means of a distribution's sixteen equally likely parts.

A citizen's class is the top four bits of one draw. The gamma table is committed text
(`tools/gamma_table.py` makes it); the exponential ones are worked out in decimal arithmetic. Both are exact to 12
decimal places and the same on every machine.
"""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from glasshouse.streams import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES = 16
PLACES = Decimal("1e-12")


def sixteenths(cv: str) -> tuple[Fraction, ...]:
    """Return the means of the sixteenths of a gamma distribution of mean 1, from low to high; they sum to 16.

    Args:
        cv: Coefficient of variation, as the text in the table ("0.25" to "3").

    Raises:
        KeyError: the table has no such coefficient.
    """
    return _table()[cv]


def exponential_sixteenths(mean: float | Fraction) -> tuple[Fraction, ...]:
    """Return the means of the sixteenths of an exponential distribution, from low to high.

    Between quantiles with tails y > z the mean is 16 m ((1 - ln y) y - (1 - ln z) z).
    """
    return _exponential(mean, truncated=False)


def truncated_exponential_sixteenths(mean: float | Fraction) -> tuple[Fraction, ...]:
    """Return the means of the sixteenths of an exponential distribution cut off at 1, from low to high.

    `mean` is the scale of the distribution before it is restricted to [0, 1]; what is left has a lower mean.
    """
    return _exponential(mean, truncated=True)


def _exponential(mean: float | Fraction, *, truncated: bool) -> tuple[Fraction, ...]:
    scale = exact(mean)
    if scale <= 0:
        raise ValueError(f"the mean is {mean}, expected above 0")
    with localcontext() as context:
        context.prec = 50
        m = Decimal(scale.numerator) / Decimal(scale.denominator)
        inside = 1 - (-1 / m).exp() if truncated else Decimal(1)
        tails = [1 - inside * k / CLASSES for k in range(CLASSES + 1)]
        parts = [_partial_mean(tail) for tail in tails]
        means = [m * CLASSES * (parts[k] - parts[k + 1]) / inside for k in range(CLASSES)]
        return tuple(Fraction(value.quantize(PLACES, rounding=ROUND_HALF_EVEN)) for value in means)


def _partial_mean(tail: Decimal) -> Decimal:
    """Return the integral of x e^-x from the point that leaves `tail` above it."""
    return tail * (1 - tail.ln()) if tail > 0 else Decimal(0)


@cache
def _table() -> Mapping[str, tuple[Fraction, ...]]:
    source = files("glasshouse.society") / "data" / "gamma_sixteenths.csv"
    lines = source.read_text(encoding="utf-8").splitlines()
    rows = csv.reader(line for line in lines if not line.startswith("#"))
    next(rows)  # the header
    return MappingProxyType({cv: tuple(Fraction(value) for value in values) for cv, *values in rows})
