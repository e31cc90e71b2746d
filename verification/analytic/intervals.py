"""Checks of intervals, curves and shares of blame: shipped functions against published tables and exact values."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from glasshouse.attribute.game import all_coalitions, everybody, leave_one_out, shapley
from glasshouse.compare import t_quantile
from glasshouse.harm.intervals import Z, difference, share, wilson
from glasshouse.harm.survival import kaplan_meier
from glasshouse.society.activity import exponential_sixteenths, sixteenths, truncated_exponential_sixteenths
from verification.analytic.check import Check, Finding, exact


def printed(what: str, due: float, found: float, digits: int) -> Finding:
    """Return a finding whose number must round to a printed one."""
    return exact(what, due, round(found, digits))


# ---------------------------------------------------------------- intervals


def wilsons(seed: int) -> list[Finding]:  # noqa: ARG001 - nothing is drawn
    """Wilson's ends as tabulated, and as the roots they are: (count / n - p)^2 = z^2 p (1 - p) / n."""
    found = []
    for count, low, high in ((0, 0.0, 0.277533), (1, 0.017876, 0.404150), (5, 0.236593, 0.763407)):
        ends = wilson(count, 10)
        found += [
            printed(f"{count} of 10, lower end", low, ends[0], 6),
            printed(f"{count} of 10, upper end", high, ends[1], 6),
        ]
    worst = 0.0
    for n in (3, 40, 1_000, 10**6):
        for count in {1, n // 3, n - 1}:
            for p in wilson(count, n):
                worst = max(worst, abs((count / n - p) ** 2 - Z * Z * p * (1 - p) / n))
    return [*found, printed("largest gap in the equation of its ends", 0.0, worst, 12)]


def differences(seed: int) -> list[Finding]:  # noqa: ARG001
    """Newcombe's interval of a difference, method 10, for 56 of 70 and 48 of 80 as he prints it."""
    gap = difference(share(56, 70), share(48, 80))
    assert gap.value is not None
    assert gap.low is not None
    assert gap.high is not None
    return [
        printed("difference", 0.2, gap.value, 12),
        printed("lower end", 0.0524, gap.low, 4),
        printed("upper end", 0.3339, gap.high, 4),
    ]


def students(seed: int) -> list[Finding]:  # noqa: ARG001
    """Quantiles of Student's t as every table has them; those of 1 and 2 degrees of freedom in closed form."""
    table = ((1, 12.7062), (2, 4.3027), (3, 3.1824), (5, 2.5706), (10, 2.2281), (29, 2.0452), (120, 1.9799))
    found = [
        printed(f"97.5 % of t with {df} degrees of freedom", due, t_quantile(df), 4) for df, due in table
    ]
    found.append(printed("tan(0.475 pi), df 1", 0.0, t_quantile(1) - math.tan(0.475 * math.pi), 9))
    return [*found, printed("closed form, df 2", 0.0, t_quantile(2) - 0.95 * math.sqrt(2 / (1 - 0.95**2)), 9)]


# ---------------------------------------------------------------- Kaplan and Meier

# Weeks in remission of 21 patients on 6-mercaptopurine (Freireich et al. 1963), the example of textbooks.
RELAPSED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
STILL_WELL = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def survival(seed: int) -> list[Finding]:  # noqa: ARG001
    """Kaplan and Meier's curve of the textbook example, and that without censoring it is the plain share."""
    events, ends = (np.bincount(days, minlength=36).astype(np.int64) for days in (RELAPSED, STILL_WELL))
    curve = kaplan_meier(events, ends)
    found = [
        printed(f"share in remission after {day} weeks", due, float(curve.waiting[day]), 3)
        for day, due in PRINTED.items()
    ]
    plain = kaplan_meier(np.array([0, 3, 2, 5], np.int64), np.zeros(4, np.int64))
    return [
        *found,
        printed(
            "nobody censored: largest gap to the plain share",
            0.0,
            float(np.abs(plain.waiting - [1, 0.7, 0.5, 0]).max()),
            12,
        ),
    ]


# ---------------------------------------------------------------- shares of blame


GLOVES = (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))


def council(members: int) -> int:
    """Return whether a coalition wins in the Security Council before 1965: 7 of 11, the first five among them."""
    return int(members & 0b11111 == 0b11111 and members.bit_count() >= 7)


def shares_of_blame(seed: int) -> list[Finding]:  # noqa: ARG001
    """Shapley values of games whose values are published or follow from symmetry, in exact fractions."""
    gloves = {m: int(bool(m & 1) and m != 1) for m in all_coalitions(3)}  # one left glove, two right ones
    power = shapley({m: council(m) for m in all_coalitions(11)}, 11)
    costs = [1, 4, 6, 10]  # of the runway that each of four aircraft needs
    runway = shapley(
        {m: max((c for i, c in enumerate(costs) if m >> i & 1), default=0) for m in all_coalitions(4)}, 4
    )
    steps = [Fraction(b - a, 4 - i) for i, (a, b) in enumerate(zip([0, *costs], costs, strict=False))]
    shared = shapley(gloves, 3)
    found = [
        *(exact(f"glove {i}", float(due), float(v)) for i, (due, v) in enumerate(zip(GLOVES, shared, strict=True))),
        exact("Security Council, one of the five", float(Fraction(76, 385)), float(power[0])),
        exact("Security Council, one of the six", float(Fraction(1, 462)), float(power[-1])),
    ]  # fmt: skip
    return [
        *found,
        *(exact(f"runway, aircraft {i}", float(sum(steps[: i + 1])), float(v)) for i, v in enumerate(runway)),
    ]


def axioms(seed: int) -> list[Finding]:
    """Efficiency, symmetry, the player who adds nothing, and adding two games, on games drawn from the seed."""
    k, found = 6, []
    one, other = (
        {m: (m * (2 * seed + 12_345 + j) * 40_503 >> 7) % 1_000 for m in all_coalitions(k)} for j in (0, 17)
    )
    one[0] = other[0] = 0
    values = shapley(one, k)
    found.append(exact("sum of the values, less the whole", 0.0, float(sum(values) - one[everybody(k)])))
    summed = shapley({m: one[m] + other[m] for m in one}, k)
    gap = max(abs(a + b - c) for a, b, c in zip(values, shapley(other, k), summed, strict=True))
    found.append(exact("value of a sum, less the sum of values", 0.0, float(gap)))
    dull = {m: one[m & ~0b100] for m in one}  # player 2 adds nothing
    found.append(exact("a player who adds nothing", 0.0, float(shapley(dull, k)[2])))
    alike = {
        m: one[min(m, m & ~0b11 | (m & 1) << 1 | (m >> 1) & 1)] for m in one
    }  # players 0 and 1 exchanged
    twins = shapley(alike, k)
    found.append(exact("two players who are alike", 0.0, float(twins[0] - twins[1])))
    added = {m: sum(3 * i + 1 for i in range(k) if m >> i & 1) for m in one}
    apart = max(abs(v - w) for v, w in zip(shapley(added, k), leave_one_out(added, k), strict=True))
    return [*found, exact("a game that only adds: Shapley less leave-one-out", 0.0, float(apart))]


# ---------------------------------------------------------------- how people differ, and what cannot be known


def classes(seed: int) -> list[Finding]:  # noqa: ARG001
    """The sixteen class means average to the mean of the law they cut up, to the twelve digits that are kept."""
    found = []
    for mean in (0.25, 1.0, 2.0):
        whole = sum(exponential_sixteenths(mean)) / 16
        found.append(printed(f"exponential, mean {mean}", mean, float(whole), 11))
        cut = sum(truncated_exponential_sixteenths(mean)) / 16
        found.append(
            printed(f"cut off at 1, scale {mean}", round(mean - 1 / math.expm1(1 / mean), 11), float(cut), 11)
        )
    found += [
        printed(f"gamma, coefficient of variation {cv}", 1.0, float(sum(sixteenths(cv)) / 16), 11)
        for cv in ("0.25", "0.5", "1", "2", "3")
    ]
    gap = max(abs(a - b) for a, b in zip(sixteenths("1"), exponential_sixteenths(1), strict=True))
    return [*found, printed("gamma with coefficient 1 less exponential", 0.0, float(gap), 11)]


CHECKS = (
    Check(
        "wilson-interval",
        "library",
        "(count / n - p)^2 = z^2 p (1 - p) / n at both ends",
        "harm.intervals.wilson, printed values and nine others",
        "Wilson, JASA 22 (1927) 209; values as statistical packages print them",
        wilsons,
        smoke=True,
    ),
    Check(
        "newcombe-interval",
        "library",
        "56/70 - 48/80: 0.0524 to 0.3339",
        "harm.intervals.difference",
        "Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10",
        differences,
        smoke=True,
    ),
    Check(
        "student-quantiles",
        "library",
        "tabulated quantiles; df 1: tan(pi (P - 1/2)), df 2: P sqrt(2 / (1 - P^2))",
        "compare.t_quantile, seven degrees of freedom",
        "Student's t in any table",
        students,
        smoke=True,
    ),
    Check(
        "kaplan-meier",
        "library",
        "product over days of 1 - events / at risk",
        "harm.survival.kaplan_meier on 21 remissions, printed to three digits",
        "Gehan, Biometrika 52 (1965) 203; Kaplan and Meier, JASA 53 (1958) 457",
        survival,
        smoke=True,
    ),
    Check(
        "shapley-games",
        "library",
        "gloves 2/3, 1/6, 1/6; Security Council 76/385 and 1/462; runway sum (c_j - c_(j-1)) / (n - j + 1)",
        "attribute.game.shapley, three published games",
        "Shapley 1953; Shapley and Shubik, APSR 48 (1954) 787; Littlechild and Owen 1973",
        shares_of_blame,
        smoke=True,
    ),
    Check(
        "shapley-axioms",
        "library",
        "efficiency, symmetry, null player, additivity",
        "attribute.game, games of six players made from the seed",
        "Shapley, A value for n-person games (1953)",
        axioms,
        smoke=True,
    ),
    Check(
        "class-means",
        "library",
        "sum of the sixteen means / 16 = mean of the law; cut off at 1: m - 1 / (e^(1/m) - 1)",
        "society.activity, three laws",
        "conditional means of equally likely parts",
        classes,
        smoke=True,
    ),
)
