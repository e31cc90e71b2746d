"""Checks of how often people do something: every probability, classes of activity, who they are."""

from __future__ import annotations

from glasshouse.society.activity import sixteenths
from verification.analytic.check import Check, Finding, of_share
from verification.analytic.laws import binomial, moments, of_law, of_mean, of_variance
from verification.analytic.worlds import ADULTS, DEBTS, live

RARE_RATES = (1e-5, 1e-4, 2.4e-4, 1e-3, 3e-3, 1e-2)
COMMON_RATES = (0.03, 0.06, 0.12, 0.2, 0.4, 0.7, 0.95, 1.0)


def doing(rates: tuple[float, ...]) -> str:
    """Return adults with one behaviour for each daily probability."""
    return ADULTS + "".join(
        f'[behaviour.b{k}]\nkind = "other"\nper_day = {p!r}\n' for k, p in enumerate(rates)
    )


def rungs(seed: int) -> list[Finding]:
    """Events happen as often as their probability says, on every rung of the ladder that screens them."""
    found = []
    for rates, citizens, days in ((RARE_RATES, 1_000_000, 100), (COMMON_RATES, 20_000, 20)):
        lived = live(doing(rates), citizens=citizens, days=days, seed=seed)
        found += [
            of_share(f"probability {p:g}", p, lived.total(f"acts.b{k}"), lived.citizens * days)
            for k, p in enumerate(rates)
        ]
    return found


CLASSES = (
    DEBTS
    + """
[behaviour.act]
kind = "other"
per_day = 0.02
seen_share = 1.0
activity_cv = "1"
doer_share = 0.7
[rule.act]
behaviour = "act"
points = -1
"""
)


def classes(seed: int) -> list[Finding]:
    """With doers and gamma classes the number of acts is a mixture of binomials over the classes."""
    days, p, doers = 200, 0.02, 0.7
    parts = [binomial(days, p * float(multiplier)) for multiplier in sixteenths("1")]
    law = doers * sum(parts) / 16
    law[0] += 1 - doers
    lived = live(CLASSES, citizens=60_000, days=days, seed=seed)
    acts = -lived.column("score")
    mean, variance, cumulant = moments(law)
    return [
        of_mean("acts, mean", mean, variance, acts),
        of_variance("acts, variance", variance, cumulant, acts),
        *of_law(law, acts, "acts"),
    ]


WHO = (
    ADULTS
    + """
[behaviour.aged]
kind = "other"
per_day = 0.1
min_age = 30
max_age = 49
[behaviour.connected]
kind = "other"
per_day = 0.1
online = true
[behaviour.placed]
kind = "other"
per_day = 0.1
male_multiplier = 2.0
rural_multiplier = 0.5
"""
)


def who(seed: int) -> list[Finding]:
    """Ages, sexes, town and country, and being online weigh a rate as the shares of the society say."""
    p, women, urban, online = 0.1, 0.4877, 0.6389, 0.6
    expected = {
        "aged": p * 20 / 82,  # of the ages 18 to 99
        "connected": p * online,
        "placed": p * (women + 2 * (1 - women)) * (urban + 0.5 * (1 - urban)),
    }
    lived = live(WHO, citizens=1_000_000, days=1, seed=seed, changes={"society.online_shares": [online]})
    return [
        of_share(f"share that did {name}", share, lived.total(f"acts.{name}"), lived.citizens)
        for name, share in expected.items()
    ]


CHECKS = (
    Check(
        "every-rung",
        "model",
        "events in n citizen-days with probability p each: binomial(n, p)",
        "fourteen behaviours, p from 0.00001 to 1",
        "binomial law",
        rungs,
        smoke=True,
    ),
    Check(
        "activity-classes",
        "model",
        "acts in n days ~ (1 - doers) [0] + doers / 16 sum_k binomial(n, p m_k)",
        "gamma classes with coefficient of variation 1, 70 % doers, 200 days",
        "law of total probability",
        classes,
        axis="acts of a citizen",
    ),
    Check(
        "who-does-it",
        "model",
        "P(act) = p x share of the ages; x share online; x (women + m men)(urban + r rural)",
        "three behaviours, one day",
        "law of total probability",
        who,
        smoke=True,
    ),
)
