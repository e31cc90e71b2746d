"""Checks of what concerns persons: faces, borrowed cards, appeals, perceived risk, companies and their people."""

from __future__ import annotations

import numpy as np

from glasshouse.streams import half_life_factor
from verification.analytic.check import Check, Finding, exact, of_share
from verification.analytic.terms import entries
from verification.analytic.worlds import ADULTS, DEBTS, live

# ---- identity

FACES = (
    DEBTS.replace("online_shares", "group_shares = { a = 0.6, b = 0.4 }\nonline_shares")
    + """
[identity]
forged_share = 0.01
false_non_match_share = { a = 0.1, b = 0.3 }
tries = 2
offline_days = 1
login = { check = "id_and_face" }
"""
)


def faces(seed: int) -> list[Finding]:
    """A right face fails a check of k tries with f^k; a card fails first."""
    days, forged = 20, 0.01
    lived = live(FACES, citizens=50_000, days=days, seed=seed)
    members = lived.stocks[-1, :, lived.engine.stock_names.index("members")]
    failed, cards = lived.by_group("failed_checks.face").sum(axis=0), lived.total("failed_checks.id")
    found = [of_share("cards that fail", forged, cards, lived.citizens * days)]
    for k, (group, miss) in enumerate((("a", 0.1), ("b", 0.3))):
        rate = (1 - forged) * miss**2
        found.append(
            of_share(f"faces that fail, group {group}", rate, int(failed[k]), int(members[k]) * days)
        )
    return [*found, of_share("group b", 0.4, int(members[1]), lived.citizens)]


BORROWED = (
    ADULTS
    + """
[behaviour.post]
kind = "speech"
per_day = 0.1
online = true
seen_share = 1.0
[identity]
borrowed_share = 0.2
false_match_share = 0.5
tries = 2
offline_days = 1
login = { check = "id_and_face" }
"""
)


def borrowed(seed: int) -> list[Finding]:
    """A borrowed account dies at the first check that no wrong face passes; until then the card's owner answers."""
    b, dies, p, days = 0.2, 0.25, 0.1, 10  # (1 - 0.5)^2: no try accepts a wrong face
    lived = live(BORROWED, citizens=200_000, days=days, seed=seed)
    failed, posted = lived.daily("failed_checks.face"), lived.daily("records.borrowed")
    wrong, alive = lived.daily("records.false"), 1 - dies
    return [
        *(
            of_share(
                f"accounts that die on day {t}", b * dies * alive**t, int(failed[t]), lived.citizens, at=t
            )
            for t in range(days)
        ),
        *(
            of_share(
                f"records on the card of another, day {t}",
                b * alive ** (t + 1) * p,
                int(posted[t]),
                lived.citizens,
            )
            for t in (0, 4, 8)
        ),
        exact("days whose false records are not yesterday's", 0, int((wrong[1:] != posted[:-1]).sum())),
    ]


# ---- appeals

APPEALS = (
    DEBTS
    + """
[behaviour.act]
kind = "offence"
per_day = 0.0
seen_share = 1.0
false_alarm_per_day = 0.05
[rule.act]
behaviour = "act"
points = -10
[redress]
filed_share = 0.4
decision_days = 5
won_if_false_share = 0.7
won_if_true_share = 0.2
"""
)
TRUE = {"behaviour.act.per_day": 0.05, "behaviour.act.false_alarm_per_day": 0.0}


def appeals(seed: int) -> list[Finding]:
    """Records are appealed, and appeals won, with their shares; a win gives the points back."""
    found = []
    for words, won_share, changes in (("false", 0.7, {}), ("true", 0.2, TRUE)):
        lived = live(APPEALS, citizens=50_000, days=40, seed=seed, changes=changes)
        records, filed, won = (
            lived.daily(flow) for flow in (f"records.{words}", "appeals.filed", "appeals.won")
        )
        found += [
            of_share(f"{words} records appealed", 0.4, int(filed.sum()), int(records.sum())),
            of_share(
                f"appeals against {words} records won", won_share, int(won.sum()), int(filed[:-6].sum())
            ),
            exact(f"points given back, {words}", 10 * int(won.sum()), lived.total("points_returned")),
        ]
    always = live(APPEALS, citizens=20_000, days=40, seed=seed, changes={"redress.won_if_false_share": 1.0})
    filed, won = always.daily("appeals.filed"), always.daily("appeals.won")
    late = np.concatenate((np.zeros(6, np.int64), filed))[:40]
    return [
        *found,
        exact("days whose wins are not the appeals of six days before", 0, int((won != late).sum())),
    ]


# ---- perceived risk

FEARED = (
    ADULTS
    + """
[behaviour.accused]
kind = "offence"
per_day = 0.0
false_alarm_per_day = 1.0
summons_share = 1.0
[behaviour.said]
kind = "speech"
per_day = 0.3
restrained = true
[police]
outcomes = { pledge = 0.0, reprimand = 0.0, fine = 1.0, detention = 0.0 }
[learn]
restraint = "proportional"
own_weight = 0.05
half_life_days = 30.0
"""
)


def restraint(seed: int) -> list[Finding]:
    """Everybody is fined every day: risk follows its recursion exactly, and what is said follows risk."""
    p, days = 0.3, 20
    lived = live(FEARED, citizens=50_000, days=days, seed=seed)
    own, fades = round(0.05 * 65536), half_life_factor(30.0)
    said, withheld, risks = lived.daily("acts.said"), lived.daily("withheld.said"), lived.stock("risk_sum")
    found, risk = [], 0
    for t in range(days):
        left = p * (1 - (risk >> 8) / 256)
        found.append(of_share(f"said on day {t}", left, int(said[t]), lived.citizens, at=t))
        risk = min(65535, risk + own)
        risk -= (risk * fades + 32768) >> 16
        found.append(exact(f"risk of everybody, evening {t}", lived.citizens * risk, int(risks[t + 1])))
    wished = int((said + withheld).sum())
    return [*found, of_share("said or withheld", p, wished, lived.citizens * days)]


# ---- companies

COMPANIES = (
    ADULTS
    + """
[company]
companies_per_citizen = 0.5
default_per_day = 0.01
term_days = 20
[list.reps]
entry_companies = true
"""
)


def companies(seed: int) -> list[Finding]:
    """Companies are listed for T + 1 evenings and then free for a day at least; their people follow a day later."""
    p, term, days = 0.01, 20, 150
    lived = live(COMPANIES, citizens=200_000, days=days, seed=seed)
    entered, left = lived.daily("entered.companies"), lived.daily("left.companies")
    law, count = entries(p, term + 1, days), lived.plan.company.count
    rows = [
        of_share(f"listed on day {t}", float(law[t]), int(entered[t]), count, at=t)
        for t in range(5, days, 12)
    ]
    listed = int((lived.engine.company["company_until"] > 0).sum())
    people, gone = lived.daily("entered.reps"), lived.daily("left.reps")
    return [
        *rows,
        of_share("listed on the last evening", float(law[-term - 1 :].sum()), listed, count),
        exact(
            "days whose exits are not the entries of T + 1 days before",
            0,
            int((left[term + 1 :] != entered[: -term - 1]).sum()),
        ),
        exact(
            "days whose people do not follow",
            0,
            int((people[1:] != entered[:-1]).sum() + (gone[1:] != left[:-1]).sum()),
        ),
    ]


CHECKS = (
    Check(
        "faces-by-group",
        "model",
        "failed checks of a group ~ binomial(checks, (1 - forged) f^tries)",
        "groups with f = 0.1 and 0.3, two tries, every day",
        "binomial law",
        faces,
        smoke=True,
    ),
    Check(
        "borrowed-accounts",
        "model",
        "accounts that die on day t: b q (1 - q)^t with q = (1 - false match)^tries",
        "b = 0.2, false match 0.5, two tries",
        "geometric law",
        borrowed,
        smoke=True,
        axis="day",
    ),
    Check(
        "appeals",
        "model",
        "filed ~ binomial(records, f); won ~ binomial(filed, w), the points back on day t + decision + 1",
        "f = 0.4, w = 0.7 for false and 0.2 for true records, decided in five days",
        "binomial law",
        appeals,
        smoke=True,
    ),
    Check(
        "restraint-follows-risk",
        "model",
        "r' = min(1, r + own) less its fading, in 2^-16; acts ~ binomial(n, p (1 - floor(256 r) / 256))",
        "everybody fined every day, own weight 0.05, half-life 30 days, p = 0.3",
        "recursion",
        restraint,
        smoke=True,
        axis="day",
    ),
    Check(
        "company-listings",
        "model",
        "listed on day t ~ binomial(companies, u_t), u_t = p (1 - u_{t-1} - .. - u_{t-T-1})",
        "p = 0.01, T = 20 days",
        "renewal equation",
        companies,
        smoke=True,
        axis="day",
    ),
)
