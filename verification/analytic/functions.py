"""Checks of shipped functions by themselves: thresholds, the keyed order of citizens, the sizes of provinces."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from importlib.resources import files

from glasshouse.model.plan import compile_plan
from glasshouse.society.permutation import Permutation
from glasshouse.streams import threshold
from verification.analytic.check import Check, Finding, exact
from verification.analytic.worlds import HEAD, loaded

PROBABILITIES = (2.0**-64, 1e-9, 1e-6, 1e-4, 0.01, 0.1, 1 / 3, 0.5, 0.9, 0.999)


def thresholds(seed: int) -> list[Finding]:  # noqa: ARG001 - nothing is drawn
    """A threshold is the probability times 2^64 of its shortest decimal, rounded half to even; 0 and 1 are certain."""
    found = [
        exact("threshold of 0", 0, threshold(0.0)),
        exact("threshold of 1, less 2^64 - 1", 0, threshold(1.0) - (2**64 - 1)),
    ]
    with localcontext() as context:
        context.prec = 60
        for p in PROBABILITIES:
            by_hand = (Decimal(repr(p)) * 2**64).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
            found.append(
                exact(f"threshold of {p:g}, less the one by decimals", 0, threshold(p) - int(by_hand))
            )
    return found


def sorted_people(seed: int) -> list[Finding]:
    """The keyed order of citizens is a permutation, and its inverse leads back."""
    found = []
    for n in (1, 2, 3, 64, 1_000, 4_097):
        order = Permutation(n, seed, 4711)
        places = [order.forward(x) for x in range(n)]
        wrong = sum(order.inverse(place) != x for x, place in enumerate(places))
        found.append(
            exact(f"places of {n} citizens that are not taken once", 0, n - len(set(places)) + wrong)
        )
    return found


def provinces(seed: int) -> list[Finding]:
    """Provinces hold their share of the citizens to less than one person, and everybody lives somewhere."""
    source = files("glasshouse.society") / "data" / "census2020_provinces.csv"
    census = [
        int(row["population"]) for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    ]
    found = []
    for n in (1_000, 99_991, 10_000_000):
        people = compile_plan(loaded(HEAD + "[society]\n").scenario, citizens=n, days=1, seed=seed).population
        off = [abs(people.province_size(p) - n * size / sum(census)) for p, size in enumerate(census)]
        found += [
            exact(
                f"provinces of {n} citizens that are off by one person or more",
                0,
                sum(gap >= 1 for gap in off),
            ),
            exact(f"citizens of {n}", n, sum(people.province_size(p) for p in range(len(census)))),
        ]
    return found


CHECKS = (
    Check(
        "thresholds",
        "library",
        "threshold(p) = p 2^64 rounded half to even, exactly",
        "twelve probabilities from 0 to 1, streams.threshold",
        "decimal arithmetic",
        thresholds,
        smoke=True,
    ),
    Check(
        "keyed-order",
        "library",
        "a bijection of 0..n-1 and its inverse",
        "six sizes, society.permutation",
        "counting",
        sorted_people,
        smoke=True,
    ),
    Check(
        "provinces",
        "library",
        "|citizens of a province - its share| < 1, sum n",
        "three sizes, society.population",
        "largest remainder",
        provinces,
        smoke=True,
    ),
)
