"""Checks of how acts become records: thinning, false alarms, records on their way, and on the wrong people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

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
