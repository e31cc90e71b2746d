"""Checks of what friends do to each other: points for low neighbours, and ties that are cut."""

from __future__ import annotations

import math

from verification.analytic.check import Check, Finding, exact
from verification.analytic.worlds import ADULTS, BLINKING, live

RING = (
    BLINKING
    + """
[ring.one]
[behaviour.act]
kind = "offence"
per_day = 0.1
seen_share = 1.0
[rule.friends]
on = "association"
points = 1
min_friends = 1
every = "day"
"""
).replace("floor_points = -5", "floor_points = -5\nlow_cutoff_points = 0")


def friends(seed: int) -> list[Finding]:
    """Who has a neighbour on the ring that was low on the evening before gets a point, on no other day.

    The point is one upward, which the ceiling takes back, so that it moves no flag. Over the ring the sum has the
    variance n (q^2 (1 - q^2) + 2 (q^3 - q^4)) with q = 1 - p: people two places apart share a neighbour.
    """
    p, q = 0.1, 0.9
    lived = live(RING, citizens=200_000, days=8, seed=seed)
    gained, n = lived.daily("points_gained.all"), lived.citizens
    error = math.sqrt(n * (q**2 * (1 - q**2) + 2 * (q**3 - q**4)))
    found = [exact("points on the first day", 0, int(gained[0]))]
    found += [Finding(f"points on day {t}", n * (1 - q**2), int(gained[t]), error, at=t) for t in range(1, 8)]
    both = live(RING, citizens=200_000, days=8, seed=seed, changes={"rule.friends.min_friends": 2})
    error = math.sqrt(n * (p**2 * (1 - p**2) + 2 * (p**3 - p**4)))
    counts = both.daily("points_gained.all")
    return [*found, Finding("points on day 7, two friends asked for", n * p**2, int(counts[7]), error)]


CUT = (
    ADULTS
    + """
[ring.one]
[ties]
flag = "listed"
cut_share = 0.3
[initial.listed_share]
ban = 0.2
[behaviour.never]
kind = "other"
per_day = 0.0
false_alarm_per_day = 0.0
[list.ban]
entry_records_of = ["never"]
"""
)


def cut(seed: int) -> list[Finding]:
    """On each 1st a tie of a ring is cut by either side that sees the other flagged.

    Given both ends it is cut with 1 - (1 - c)^(flagged ends x months); two ties that meet share an end.
    """
    lived = live(CUT, citizens=200_000, days=32, seed=seed)
    counts, n, b = lived.daily("ties_cut").cumsum(), lived.citizens, 0.2
    found = []
    for t, months in ((0, 1), (31, 2)):
        c = 1 - 0.7**months
        of_flagged = (1 - b) * c + b * (1 - (1 - c) ** 2)
        of_others = b * c
        mean = b * of_flagged + (1 - b) * of_others
        variance = mean * (1 - mean) + 2 * b * (1 - b) * (of_flagged - of_others) ** 2
        found.append(Finding(f"ties cut by day {t}", n * mean, int(counts[t]), math.sqrt(n * variance)))
    return [*found, exact("ties cut between the two 1sts", 0, int(counts[30] - counts[0]))]


CHECKS = (
    Check(
        "friends-of-yesterday",
        "model",
        "with a low neighbour yesterday: 1 - (1 - p)^2 of all, nobody on the first day",
        "a ring, low with p = 0.1 on each evening",
        "binomial law; neighbours two apart share one",
        friends,
        smoke=True,
        axis="day",
    ),
    Check(
        "ties-cut",
        "model",
        "P(a tie is cut by the m-th 1st) = E[1 - (1 - c)^(m x flagged ends)]",
        "a ring, 20 % flagged, c = 0.3, two 1sts",
        "law of total probability",
        cut,
        smoke=True,
    ),
)
