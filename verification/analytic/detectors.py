"""Checks of detectors with known errors: what a record is worth, by how common the act is."""

from __future__ import annotations

import math

from verification.analytic.check import Check, Finding, of_share
from verification.analytic.worlds import ADULTS, live

DETECTOR = (
    ADULTS
    + """
[behaviour.act]
kind = "offence"
per_day = 1.0
doer_share = 0.001
seen_share = 1.0
caught_share = 0.9
false_alarm_per_day = 0.01
"""
)
DETECTORS = ((1e-3, 0.9, 0.99), (1e-4, 0.99, 0.999), (0.01, 0.8, 0.95))


def base_rate(seed: int) -> list[Finding]:
    """Of the records of one pass a share se pi / (se pi + (1 - sp)(1 - pi)) is true."""
    found = []
    for share, caught, quiet in DETECTORS:
        settings = {
            "behaviour.act.doer_share": share,
            "behaviour.act.caught_share": caught,
            "behaviour.act.false_alarm_per_day": round(1 - quiet, 6),
        }
        lived = live(DETECTOR, citizens=4_000_000, days=1, seed=seed, changes=settings)
        right, wrong = lived.total("records.true"), lived.total("records.false")
        true = caught * share / (caught * share + (1 - quiet) * (1 - share))
        name = f"true among records: pi {share:g}, se {caught:g}, sp {quiet:g}"
        found.append(of_share(name, true, right, right + wrong))
        found.append(of_share(f"offenders: pi {share:g}", share, lived.total("acts.act"), lived.citizens))
    return found


TWO_GROUPS = (
    ADULTS
    + """
[behaviour.older]
kind = "offence"
per_day = 0.02
min_age = 59
seen_share = 1.0
caught_share = 0.8
false_alarm_per_day = 0.05
[behaviour.younger]
kind = "offence"
per_day = 0.1
max_age = 58
seen_share = 1.0
caught_share = 0.8
false_alarm_per_day = 0.05
"""
)


def groups(seed: int) -> list[Finding]:
    """One detector, two groups that differ in how common the act is: what a record is worth differs by Bayes."""
    caught, alarm, half = 0.8, 0.05, 0.5  # ages 18 to 58 and 59 to 99 have 41 years each
    lived = live(TWO_GROUPS, citizens=2_000_000, days=1, seed=seed)
    found, worth = [], []
    for name, share in (("older", 0.02), ("younger", 0.1)):
        acts, right, wrong = (
            lived.total(f"{flow}.{name}") for flow in ("acts", "records_true", "records_false")
        )
        true = caught * share / (caught * share + alarm * (1 - share))
        worth.append(of_share(f"{name}: true among records", true, right, right + wrong))
        found += [
            worth[-1],
            of_share(f"{name}: offenders missed", 1 - caught, acts - right, acts),
            of_share(f"{name}: innocent and flagged", half * (1 - share) * alarm, wrong, lived.citizens),
        ]
    rare, common = worth
    gap = common.expected - rare.expected
    error = math.hypot(rare.error, common.error)
    return [*found, Finding("difference of the two", gap, common.observed - rare.observed, error)]


CHECKS = (
    Check(
        "base-rate-fallacy",
        "model",
        "true share of records = se pi / (se pi + (1 - sp)(1 - pi))",
        "one pass of a detector over all, three settings of prevalence, sensitivity, specificity",
        "Bayes' theorem",
        base_rate,
        smoke=True,
    ),
    Check(
        "bayes-across-groups",
        "model",
        "equal se and sp, other prevalence: other true share of records in each group",
        "ages 59 to 99 with prevalence 0.02, ages 18 to 58 with 0.1; se 0.8, sp 0.95",
        "Chouldechova, Fair prediction with disparate impact, Big Data 5 (2017) 153",
        groups,
        smoke=True,
    ),
)
