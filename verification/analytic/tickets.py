"""Checks of refused tickets: how many, how they scatter, asking again, giving up, taking another train."""

from __future__ import annotations

import math

import numpy as np

from verification.analytic.check import Check, Finding, of_share
from verification.analytic.worlds import ADULTS, Lived, live

LISTED = (
    ADULTS
    + """
[initial.listed_share]
ban = 0.2
[behaviour.never]
kind = "other"
per_day = 0.0
[list.ban]
entry_records_of = ["never"]
closes = ["plane"]
[travel.plane]
requests_per_day = 0.3
"""
)


def blocked(seed: int) -> list[Finding]:
    """With a fixed list the refusals of a day are binomial; over the days they scatter by 1 - m times their mean."""
    days, m = 365, 0.3
    lived = live(LISTED, citizens=20_000, days=days, seed=seed)
    listed, refused, requested = on_list(lived), lived.daily("refused.plane"), lived.daily("requested.plane")
    variance = listed * m * (1 - m)
    error = math.sqrt(variance * (1 - 6 * m * (1 - m)) / days + 2 * variance**2 / days)
    squares = float(((refused - listed * m) ** 2).mean())
    others = int((requested - refused).sum())
    return [
        of_share("refused, of days of the listed", m, int(refused.sum()), days * listed),
        of_share("sold, of days of the others", m, others, days * (lived.citizens - listed)),
        Finding("index of dispersion", 1 - m, squares / (listed * m), error / (listed * m)),
    ]


def on_list(lived: Lived) -> int:
    """Return how many are on the list, which never changes."""
    stock = lived.stock("on.ban")
    assert (stock == stock[0]).all()
    return int(stock[0])


def again(seed: int) -> list[Finding]:
    """Each refusal is followed by another try with probability r, at most three times."""
    days, m, r = 100, 0.3, 0.5
    settings = {"travel.plane.retry_share": r, "travel.plane.retries_max": 3}
    lived = live(LISTED, citizens=50_000, days=days, seed=seed, changes=settings)
    tries = np.array([1, 2, 3, 4])
    law = np.array([1 - r, r * (1 - r), r**2 * (1 - r), r**3])
    mean, square = m * float(law @ tries), m * float(law @ tries**2)
    asked = days * on_list(lived)
    refused = lived.total("refused.plane")
    return [
        Finding("refusals a day of the listed", mean, refused / asked, math.sqrt((square - mean**2) / asked))
    ]


def giving_up(seed: int) -> list[Finding]:
    """Who stops with probability s after a refusal still asks after t days with probability (1 - m s)^t."""
    days, m, s = 40, 0.3, 0.1
    lived = live(LISTED, citizens=200_000, days=days, seed=seed, changes={"travel.plane.stop_share": s})
    listed, refused = on_list(lived), lived.daily("refused.plane")
    return [
        *(
            of_share(
                f"refused on day {t}, of the listed", m * (1 - m * s) ** t, int(refused[t]), listed, at=t
            )
            for t in range(0, days, 3)
        ),
        of_share("refusals that stop", s, lived.total("stopped"), int(refused.sum())),
    ]


def other_trains(seed: int) -> list[Finding]:
    """A refused traveller takes an ordinary train with the share of that."""
    lived = live(LISTED, citizens=50_000, days=40, seed=seed, changes={"travel.plane.substitute_share": 0.4})
    refused = lived.total("refused.plane")
    return [of_share("refusals that end on an ordinary train", 0.4, lived.total("substituted"), refused)]


CHECKS = (
    Check(
        "blocked-tickets",
        "model",
        "refused on a day ~ binomial(B, m); index of dispersion 1 - m",
        "20 % listed, nobody enters or leaves, m = 0.3, 365 days",
        "binomial law",
        blocked,
        smoke=True,
    ),
    Check(
        "asking-again",
        "model",
        "refusals of a day: m E[A], A = 1 + min(3, geometric(r))",
        "m = 0.3, r = 0.5",
        "geometric law, cut off",
        again,
        smoke=True,
    ),
    Check(
        "giving-up",
        "model",
        "refused on day t, of the listed: m (1 - m s)^t",
        "m = 0.3, s = 0.1",
        "geometric law",
        giving_up,
        smoke=True,
        axis="day",
    ),
    Check(
        "other-trains",
        "model",
        "substituted ~ binomial(refused, share)",
        "m = 0.3, share 0.4",
        "binomial law",
        other_trains,
        smoke=True,
    ),
)
