"""Checks of how long things last: terms on lists, stays that end by chance, detention, suspension, days offline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.scenario.load import load
from verification.analytic.check import Check, Finding, exact, of_share
from verification.analytic.worlds import ADULTS, BLINKING, Lived, live

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLANE = "[travel.plane]\nrequests_per_day = 0.1\n"
ACT = '[behaviour.act]\nkind = "offence"\nper_day = 0.01\nseen_share = 1.0\n'

# ---- lists with a term

# Entry by the score alone, which a record makes low for one evening: whoever is on the list already is not prolonged.
ONCE = BLINKING + ACT + PLANE + '[list.ban]\nentry_score_below = 0\nterm_days = 60\ncloses = ["plane"]\n'
RENEWED = (
    ADULTS + ACT + PLANE + '[list.ban]\nentry_records_of = ["act"]\nterm_days = 60\ncloses = ["plane"]\n'
)


def entries(p: float, closed: int, days: int) -> np.ndarray:
    """Return the probability of an entry by day: p on every morning without one in the `closed` days before."""
    law = np.zeros(days)
    for t in range(days):
        law[t] = p * (1 - law[max(0, t - closed) : t].sum())
    return law


def closed_share(lived: Lived, expected: float, words: str) -> Finding:
    """Return the share of refusals among the last day's requests, which binds who was on the list in the morning."""
    refused, requested = (int(lived.daily(f"{flow}.plane")[-1]) for flow in ("refused", "requested"))
    return of_share(words, expected, refused, requested)


def expiry(seed: int) -> list[Finding]:
    """A ban from tomorrow for T days holds T / (T + 1 / p); its evenings T' / (T' + (1 - p) / p) with T' = T + 1.

    After 360 days the law of the renewal process is within a 10,000th of that, which the recursion shows.
    """
    p, days, found = 0.01, 360, []
    for term in (59, 60):
        lived = live(ONCE, citizens=500_000, days=days, seed=seed, changes={"list.ban.term_days": term})
        law = entries(p, term, days)
        evening = (term + 1) / (term + 1 / p)
        assert math.isclose(law[-term - 1 :].sum(), evening, rel_tol=1e-4)
        found += [
            of_share(
                f"on the list in the evening, T = {term}",
                evening,
                int(lived.stock("on.ban")[-1]),
                lived.citizens,
            ),
            closed_share(lived, term / (term + 1 / p), f"tickets refused, T = {term}"),
        ]
    return found


def renewal(seed: int) -> list[Finding]:
    """A ban that every record renews holds who had a record in the T days before: 1 - (1 - p)^T."""
    found = []
    for p, term, citizens in ((0.01, 60, 1_000_000), (0.001, 365, 400_000)):
        settings = {"behaviour.act.per_day": p, "list.ban.term_days": term}
        lived = live(RENEWED, citizens=citizens, days=term + 15, seed=seed, changes=settings)
        evening, morning = 1 - (1 - p) ** (term + 1), 1 - (1 - p) ** term
        on = int(lived.stock("on.ban")[-1])
        found += [
            of_share(f"on the list in the evening, p = {p:g}, T = {term}", evening, on, lived.citizens),
            closed_share(lived, morning, f"tickets refused, p = {p:g}, T = {term}"),
        ]
    return found


def fixed_stays(seed: int) -> list[Finding]:
    """Who enters on a day stays for that evening and T more: the entries of the last T + 1 days, on every path."""
    term, days = 20, 120
    lived = live(ONCE, citizens=50_000, days=days, seed=seed, changes={"list.ban.term_days": term})
    on, entered = lived.stock("on.ban")[1:], lived.daily("entered.ban")
    window = np.convolve(entered, np.ones(term + 1, np.int64))[:days]
    after = sum(int(entered[days - k]) * (term + 1 - k) for k in range(1, term + 1))
    return [
        exact("evenings that do not hold the entries of the last T + 1 days", 0, int((on != window).sum())),
        exact("person-days on the list", (term + 1) * int(entered.sum()) - after, int(on.sum())),
        exact(
            "entries of the first day, of its records", int(lived.daily("records.true")[0]), int(entered[0])
        ),
    ]


def little(seed: int) -> list[Finding]:
    """Person-days on a list are the stays of all who entered, less what lies outside the days: on every single path."""
    found = []
    for preset in ("as-reported", "court-list"):
        lived = live(load(preset), citizens=20_000, days=100, seed=seed)
        found += [stays(lived, preset, one.id) for one in lived.plan.lists]
    return found


def stays(lived: Lived, preset: str, name: str) -> Finding:
    """Return the person-days on a list of a preset, against those of everybody who entered and left."""
    on = lived.stock(f"on.{name}")
    left_over = np.arange(len(on) - 1, 0, -1)  # evenings from an entry on, its own among them
    moves = (lived.daily(f"entered.{name}") - lived.daily(f"left.{name}")) * left_over
    return exact(
        f"{preset}: person-days on list {name}",
        int(on[0]) * (len(on) - 1) + int(moves.sum()),
        int(on[1:].sum()),
    )


FIRST_TERMS = (
    ADULTS + ACT.replace("0.01", "0.0") + "[initial.listed_share]\nban = 0.3\n"
    '[list.ban]\nentry_records_of = ["act"]\nterm_days = 100\n'
)


def first_terms(seed: int) -> list[Finding]:
    """Who is on a list before day 0 has served an evenly spread part of the term."""
    lived = live(FIRST_TERMS, citizens=300_000, days=101, seed=seed)
    on = lived.stock("on.ban")
    return [
        of_share("on the list before day 0", 0.3, int(on[0]), lived.citizens),
        *(
            of_share(
                f"of these on it on the evening of day {t}", (100 - t) / 100, int(on[t + 1]), int(on[0]), at=t
            )
            for t in range(0, 101, 10)
        ),
    ]


CHANCE_ENDS = FIRST_TERMS.replace("term_days = 100", "performed_per_day = 0.02\nrepaired_per_day = 0.01")


def ends(seed: int) -> list[Finding]:
    """Stays that end by one of two daily chances are geometric; performance comes first."""
    days, a, b = 60, 0.02, 0.01
    lived = live(CHANCE_ENDS, citizens=200_000, days=days, seed=seed)
    on, stay = lived.stock("on.ban"), (1 - a) * (1 - b)
    left = lived.total("left.ban")
    return [
        *(
            of_share(f"still on the list after {t} days", stay**t, int(on[t]), int(on[0]), at=t)
            for t in range(5, days + 1, 5)
        ),
        of_share("exits by performance", a / (1 - stay), lived.total("debts_performed"), left),
        exact(
            "exits by performance or repair", left, lived.total("debts_performed") + lived.total("repaired")
        ),
    ]


# ---- spells

DETAINED = (
    ADULTS + ACT.replace("0.01", "0.02") + "summons_share = 1.0\n"
    "[police]\noutcomes = { pledge = 0.0, reprimand = 0.0, fine = 0.0, detention = 1.0 }\n"
    "detention_days = [4]\ndetention_shares = [1.0]\n"
)


def detention(seed: int) -> list[Finding]:
    """Detention from tomorrow for d days: each day holds those of the last d days, and only the others act."""
    found = spells(
        live(DETAINED, citizens=50_000, days=40, seed=seed), "detentions", "detention_days", range(1, 5)
    )
    lengths = {"police.detention_days": [2, 7], "police.detention_shares": [0.6, 0.4]}
    lived = live(DETAINED, citizens=50_000, days=40, seed=seed, changes=lengths)
    days, begun, p = lived.daily("detention_days"), lived.daily("detentions"), 0.02
    acts, barred = lived.daily("acts.act"), int(days.sum())
    found.append(of_share("acts of those free", p, int(acts.sum()), lived.citizens * 40 - barred))
    found += [mixed(begun, int(days[t]), t, {2: 0.6, 7: 0.4}) for t in range(10, 40, 5)]
    return found


def spells(lived: Lived, begun: str, flow: str, lasts: range) -> list[Finding]:
    """Return the days on which a flow does not count exactly the spells begun so many days before."""
    starts, days = lived.daily(begun), lived.daily(flow)
    expected = sum(np.concatenate((np.zeros(k, np.int64), starts))[: starts.size] for k in lasts)
    return [
        exact(f"days whose {flow} are not the {begun} of the days before", 0, int((days != expected).sum())),
        exact(f"all {flow}", int(np.sum(expected)), int(days.sum())),
    ]


def mixed(begun: np.ndarray, observed: int, t: int, lengths: Mapping[int, float]) -> Finding:
    """Return the person-days of day t given the spells begun before, each of one of several lengths."""
    parts: Sequence[tuple[int, float]] = [
        (int(begun[t - k]), sum(share for length, share in lengths.items() if length >= k))
        for k in range(1, max(lengths) + 1)
    ]
    mean = sum(count * share for count, share in parts)
    error = math.sqrt(sum(count * share * (1 - share) for count, share in parts))
    return Finding(f"detained on day {t}, two lengths", mean, observed, error, at=t)


SUSPENDED = (
    ADULTS
    + """
[platform.here]
kind = "domestic"
passed_on_share = 0.0
[behaviour.post]
kind = "speech"
per_day = 0.05
online = true
seen_on = { here = 1.0 }
removed_share = 0.8
suspended_share = 0.5
suspension_days = 3
"""
)


def suspension(seed: int) -> list[Finding]:
    """A suspension bars the account on the next d days: exactly those, and posts come from the others alone."""
    lived = live(SUSPENDED, citizens=50_000, days=40, seed=seed)
    removed, posts = lived.total("posts.removed"), lived.total("acts.post")
    barred = lived.total("offline_days.suspension")
    return [
        *spells(lived, "suspensions", "offline_days.suspension", range(1, 4)),
        of_share("seen posts removed", 0.8, removed, posts),
        of_share("removed posts that suspend", 0.5, lived.total("suspensions"), removed),
        of_share("posts of those with access", 0.05, posts, lived.citizens * 40 - barred),
    ]


OFFLINE = (
    ADULTS
    + """
[behaviour.post]
kind = "speech"
per_day = 0.05
online = true
[identity]
forged_share = 0.02
offline_days = 4
login = { check = "id" }
"""
)


def offline(seed: int) -> list[Finding]:
    """A failed check at login bars today and the next d - 1 days; checks are made by the others alone."""
    lived = live(OFFLINE, citizens=50_000, days=40, seed=seed)
    failed, barred = lived.total("failed_checks.id"), lived.total("offline_days.id")
    n = lived.citizens * 40
    return [
        *spells(lived, "failed_checks.id", "offline_days.id", range(4)),
        of_share("checks that fail", 0.02, failed, n - barred + failed),
        of_share("posts of those with access", 0.05, lived.total("acts.post"), n - barred),
    ]


CHECKS = (
    Check(
        "bans-with-expiry",
        "model",
        "closed T / (T + 1 / p); on the list in the evening T' / (T' + (1 - p) / p), T' = T + 1",
        "p = 0.01 when free, T = 59 and 60, effective from tomorrow; day 360",
        "renewal reward theorem",
        expiry,
    ),
    Check(
        "bans-that-renew",
        "model",
        "closed 1 - (1 - p)^T",
        "p = 0.01, T = 60 and p = 0.001, T = 365; every record prolongs",
        "binomial law",
        renewal,
    ),
    Check(
        "fixed-stays",
        "model",
        "on the list on the evening of day t = entries of days t - T .. t",
        "entry with p = 0.01 by the score of the day, T = 20 days",
        "counting",
        fixed_stays,
        smoke=True,
    ),
    Check(
        "little-law",
        "model",
        "person-days on a list = sum over entries of the evenings until the exit",
        "every list of as-reported and court-list, 20,000 citizens, 100 days",
        "Little, A proof for the queuing formula L = lambda W, Operations Research 9 (1961) 383",
        little,
        smoke=True,
    ),
    Check(
        "first-terms",
        "model",
        "of those on a list before day 0, (T - t) / T are on it on the evening of day t",
        "30 % listed, T = 100 days",
        "uniform law",
        first_terms,
        smoke=True,
        axis="day",
    ),
    Check(
        "stays-that-end-by-chance",
        "model",
        "still listed after t days: ((1 - a)(1 - b))^t; exits by performance a / (1 - (1 - a)(1 - b))",
        "30 % listed, performed a = 0.02, repaired b = 0.01 a day",
        "geometric law",
        ends,
        smoke=True,
        axis="day",
    ),
    Check(
        "detention-spells",
        "model",
        "detained on day t = detentions of days t - d .. t - 1; acts ~ binomial(free, p)",
        "p = 0.02, d = 4; and 2 or 7 days with shares 0.6 and 0.4",
        "counting",
        detention,
        smoke=True,
        axis="day",
    ),
    Check(
        "suspension-spells",
        "model",
        "suspended on day t = suspensions of days t - d .. t - 1; posts ~ binomial(accounts, p)",
        "p = 0.05, removed 0.8, suspended 0.5 for d = 3 days",
        "counting",
        suspension,
        smoke=True,
    ),
    Check(
        "offline-spells",
        "model",
        "offline on day t = failed checks of days t - d + 1 .. t; failures ~ binomial(checks, f)",
        "f = 0.02 at every login, d = 4 days",
        "counting",
        offline,
        smoke=True,
    ),
)
