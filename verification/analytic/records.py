"""Checks of how acts become records: thinning, false alarms, detectors and their errors, delays, wrong people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from glasshouse.society.activity import sixteenths
from verification.analytic.check import Check, Finding, exact, of_share
from verification.analytic.laws import binomial, moments, of_law, of_mean, of_variance
from verification.analytic.worlds import ADULTS, DEBTS, live

if TYPE_CHECKING:
    import numpy as np

    from glasshouse.model.engine import Engine

# ---- thinning

THINNED = (
    DEBTS
    + """
[behaviour.act]
kind = "offence"
per_day = 0.05
seen_share = 0.3
[rule.seen]
behaviour = "act"
points = -1
"""
)


def thinning(seed: int) -> list[Finding]:
    """Seen acts are binomial with the product of the two probabilities, and go with the unseen as they must."""
    days, p, d = 365, 0.05, 0.3
    lived = live(THINNED, citizens=50_000, days=days, seed=seed)
    seen = -lived.column("score")
    law = binomial(days, p * d)
    mean, variance, cumulant = moments(law)
    acts, records = lived.daily("acts.act"), lived.daily("records.true")
    return [
        of_mean("records of a citizen, mean", mean, variance, seen),
        of_variance("records of a citizen, variance", variance, cumulant, seen),
        of_share("acts that are seen", d, int(records.sum()), int(acts.sum())),
        together(records, acts - records, lived.citizens, p * d, p * (1 - d)),
        *of_law(law, seen, "records"),
    ]


def together(seen: np.ndarray, unseen: np.ndarray, n: int, p: float, q: float) -> Finding:
    """Return the covariance of two daily counts of n citizens, of whom one does at most one of the two: -n p q.

    Its error is that of two normal variables; what binomials of this size add is below a 10,000th of it.
    """
    product = (seen - n * p) * (unseen - n * q)
    error = math.sqrt(((n * p * (1 - p)) * (n * q * (1 - q)) + (n * p * q) ** 2) / seen.size)
    return Finding("covariance of seen and unseen by day", -n * p * q, float(product.mean()), error)


# ---- false alarms

ALARMED = (
    DEBTS
    + """
[behaviour.act]
kind = "offence"
per_day = 0.0
false_alarm_per_day = 0.0001
[rule.alarm]
behaviour = "act"
points = -1
"""
)


def false_flags(seed: int) -> list[Finding]:
    """Among the innocent the share with at least one false record after n days is 1 - (1 - f)^n."""
    days, f = 365, 1e-4
    counts: dict[int, int] = {}

    def note(engine: Engine) -> None:
        if engine.t in {30, 90, 180, 365}:
            counts[engine.t] = int((engine.columns["score"][: engine.plan.citizens] < 0).sum())

    lived = live(ALARMED, citizens=1_000_000, days=days, seed=seed, each=note)
    return [
        of_share(f"ever flagged after {t} days", 1 - (1 - f) ** t, count, lived.citizens, at=t)
        for t, count in counts.items()
    ]


# ---- detectors

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


# ---- rates

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


# ---- records on their way

DELAYED = (
    ADULTS
    + """
[behaviour.act]
kind = "offence"
per_day = 0.05
seen_share = 1.0
delay_days = [0, 3, 10]
delay_shares = [0.5, 0.3, 0.2]
"""
)


def delays(seed: int) -> list[Finding]:
    """A record arrives after each delay with its share: given the acts, each day's records are sums of binomials."""
    shares = {0: 0.5, 3: 0.3, 10: 0.2}
    lived = live(DELAYED, citizens=100_000, days=30, seed=seed)
    acts, records = lived.daily("acts.act"), lived.daily("records.true")
    found = []
    for t in range(30):
        due = [(share, int(acts[t - d])) for d, share in shares.items() if t >= d]
        mean = sum(share * count for share, count in due)
        error = math.sqrt(sum(share * (1 - share) * count for share, count in due))
        found.append(Finding(f"records on day {t}", mean, int(records[t]), error, at=t))
    return found


CHATTING = (
    ADULTS
    + """
[circle.chat]
scope = "nation"
sizes = [5]
chat = true
[behaviour.post]
kind = "speech"
per_day = 0.05
chat = true
seen_share = 1.0
misattributed_share = 0.3
"""
)


def misattribution(seed: int) -> list[Finding]:
    """A share of chat records is put on somebody else, and arrives there as a false one the next day."""
    lived = live(CHATTING, citizens=100_000, days=20, seed=seed)
    posts, moved = lived.daily("acts.post"), lived.daily("records.misattributed")
    right, wrong = lived.daily("records.true"), lived.daily("records.false")
    return [
        of_share("posts put on somebody else", 0.3, int(moved.sum()), int(posts.sum())),
        exact("days on which other posts are not their writer's", 0, int((right != posts - moved).sum())),
        exact("days whose false records are not yesterday's", 0, int((wrong[1:] != moved[:-1]).sum())),
        exact("false records on the first day", 0, int(wrong[0])),
    ]


CHECKS = (
    Check(
        "thinning",
        "model",
        "acts with rate L, seen with probability d: seen acts have rate L d; cov(seen, unseen) = -n p^2 d (1 - d)",
        "one behaviour, p = 0.05 a day, d = 0.3, 365 days",
        "Kingman, Poisson Processes (1993), chapter 5, with days in place of continuous time",
        thinning,
        axis="records of a citizen",
    ),
    Check(
        "false-flags",
        "model",
        "P(at least one false record in n days) = 1 - (1 - f)^n",
        "nobody offends; f = 0.0001 a day",
        "binomial law",
        false_flags,
        axis="days",
    ),
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
    Check(
        "delays",
        "model",
        "records of day t, given the acts ~ sum_d binomial(acts of day t - d, share of d)",
        "delays of 0, 3 and 10 days with shares 0.5, 0.3, 0.2",
        "binomial law",
        delays,
        smoke=True,
        axis="day",
    ),
    Check(
        "misattribution",
        "model",
        "records put on somebody else, given the posts ~ binomial(posts, m); they are false ones of the next day",
        "chats of five, m = 0.3",
        "binomial law",
        misattribution,
        smoke=True,
    ),
)
