"""Print `society/data/gamma_sixteenths.csv`: means of the equally likely sixteenths of gamma distributions.

Standard library only, 40 digits. With shape a = 1 / cv^2, mean 1 and quantiles x_k of the unit-scale gamma
distribution, P(a, x_k) = k / 16, the mean of part k is 16 (P(a + 1, x_(k+1)) - P(a + 1, x_k)), where P is the
regularized lower incomplete gamma function, by its series of positive terms
(NIST Digital Library of Mathematical Functions, 8.7.1 and 8.8.5).

    python tools/gamma_table.py > src/glasshouse/society/data/gamma_sixteenths.csv
"""

from __future__ import annotations

import sys
from decimal import ROUND_HALF_EVEN, Decimal, getcontext

COEFFICIENTS = ("0.25", "0.5", "0.75", "1", "1.5", "2", "3")
CLASSES = 16
PLACES = Decimal("1e-12")
FAR = Decimal(400)  # the tail above is below 1e-140 for every shape used
HEADER = "# Means of the equally likely sixteenths of a gamma distribution of mean 1. Made by tools/gamma_table.py."


def lower(a: Decimal, x: Decimal) -> Decimal:
    """Return the lower incomplete gamma function of shape `a` at `x`."""
    term = 1 / a
    total = term
    n = 0
    while term > total * Decimal("1e-38"):
        n += 1
        term *= x / (a + n)
        total += term
    return total * (a * x.ln() - x).exp() if x else Decimal(0)


def quantile(a: Decimal, gamma: Decimal, share: Decimal) -> Decimal:
    """Return where the distribution function reaches `share`, by bisection in the logarithm."""
    low, high = Decimal(-80), FAR.ln()
    while high - low > Decimal("1e-25"):
        middle = (low + high) / 2
        if lower(a, middle.exp()) < share * gamma:
            low = middle
        else:
            high = middle
    return low.exp()


def row(cv: str) -> list[Decimal]:
    """Return the sixteen means for a coefficient of variation; the last takes up the rounding, so they sum to 16."""
    a = 1 / Decimal(cv) ** 2
    gamma = lower(a, FAR)
    shares = [Decimal(0)]
    for k in range(1, CLASSES):
        x = quantile(a, gamma, Decimal(k) / CLASSES)
        shares.append(Decimal(k) / CLASSES - (a * x.ln() - x).exp() / (a * gamma))
    shares.append(Decimal(1))
    means = [
        (CLASSES * (shares[k + 1] - shares[k])).quantize(PLACES, rounding=ROUND_HALF_EVEN)
        for k in range(CLASSES)
    ]
    means[-1] = CLASSES - sum(means[:-1])
    return means


def main() -> None:
    """Write the table to standard output."""
    getcontext().prec = 40
    lines = [HEADER, ",".join(["cv", *(f"m{k}" for k in range(CLASSES))])]
    lines += [",".join([cv, *(f"{value:f}" for value in row(cv))]) for cv in COEFFICIENTS]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
