"""Checks of what citizens decide: crowds with thresholds, ties cut, posts weighed, and a lender's line."""

from __future__ import annotations

import numpy as np

from glasshouse.replicate.crowd import acting_by_month, recursion, seed_of_crowd, thresholds
from glasshouse.replicate.dissent import expected_acts, levels_of_days
from glasshouse.replicate.formation import FIRSTS, lived
from glasshouse.replicate.lending import GROUPS, ONE_CHANCE, accepted, after
from glasshouse.replicate.lives import flow, scenario, stock, world
from glasshouse.scenario.load import load
from verification.analytic.check import Check, Finding, exact, of_share
from verification.analytic.worlds import live, size_of


def crowds(seed: int) -> list[Finding]:
    """A crowd on a complete graph acts month by month as Granovetter's recursion on its thresholds says."""
    found = []
    for k in range(6):
        engine = world(scenario("crowd"), 6 * seed + k)
        due, acting = recursion(thresholds(engine.plan)), acting_by_month(engine)
        found.append(
            exact(
                f"crowd {k}: months unlike the recursion",
                0,
                sum(a != b for a, b in zip(due, acting, strict=False)) + abs(len(due) - len(acting)),
            )
        )
        found.append(exact(f"crowd {k}: how many act in the end", due[-1], acting[-1], k))
    return found


def dominoes(seed: int) -> list[Finding]:
    """Thresholds 0, 1, .., 7: all act. One 2 for the 1: one acts."""
    found = []
    for crowd, due in (([0, 1, 2, 3, 4, 5, 6, 7], 8), ([0, 2, 2, 3, 4, 5, 6, 7], 1)):
        engine = world(scenario("eight"), seed_of_crowd(crowd, 10_000 * seed))
        found.append(exact(f"thresholds {crowd}: how many act", due, acting_by_month(engine)[-1]))
    return found


def cut_ties(seed: int) -> list[Finding]:
    """On each 1st a tie to a flagged friend is cut with one chance, from each end that sees a flag."""
    kept, cut = (lived(seed, cutting=side) for side in (False, True))
    last = (1 - scenario("formation").ties.cut_share) ** FIRSTS
    return [
        exact("ties between two unflagged that are cut", 0, kept.between(0) - cut.between(0)),
        of_share("ties with one flagged end that last", last, cut.between(1), kept.between(1)),
        of_share("ties with two flagged ends that last", last * last, cut.between(2), kept.between(2)),
    ]


def weighed_posts(seed: int) -> list[Finding]:
    """Strategic restraint: posts are the rate times a*/d over 256 kinds of people, unwatched and watched."""
    found = []
    for punishment in ("uniform", "proportional"):
        one = scenario("dissent", {"learn.punishment": punishment, "learn.bulletin_weight": 0.8})
        engine = world(one, seed, citizens=size_of(20_000))
        posts = [flow(engine, engine.step().flows, "acts.post") for _ in range(engine.plan.days)]
        levels = levels_of_days(engine.plan, engine.plan.learn.bulletin)
        start = next(t for t, level in enumerate(levels) if level)
        for days, words in ((range(start), "unwatched"), (range(start, len(posts)), "watched")):
            mean, sd = expected_acts(engine.plan, levels, days, one.behaviour["post"].per_day)
            found.append(Finding(f"{punishment}, {words}: posts", mean, sum(posts[t] for t in days), sd))
    return found


def lender(seed: int) -> list[Finding]:
    """Who was never below the line of a lender: an absorbing chain on seven clusters, worked out in fractions."""
    found = []
    for name, start in GROUPS.items():
        engine = world(scenario("lending", {"initial.score.weights": [float(part) for part in start]}), seed)
        for t in range(engine.plan.days):
            engine.step()
            if t + 1 in {1, 2, 5, 10, 30, 100}:
                due, citizens = float(accepted(after(start, ONE_CHANCE, t + 1))), engine.plan.citizens
                count = citizens - stock(engine, "on.refused")
                found.append(of_share(f"{name}: accepted after {t + 1} steps", due, count, citizens, t + 1))
    return found


def shaken_hands(seed: int) -> list[Finding]:
    """Every evening the counts of flagged friends sum to the uncut friends of the flagged: each such tie seen once."""
    gaps: list[int] = []

    def look(engine) -> None:
        """Note the gap of an evening."""
        month = engine.plan.month(engine.t) - engine.plan.is_first(engine.t)
        part = engine.parts[0]
        friends = sum(int(ties.counts.sum()) for ties in part.friends_of(part.flagged(), month))
        counted = engine.columns["low_friends"][: engine.plan.citizens].astype(np.int64)
        gaps.append(abs(friends - int(counted.sum())))

    done = live(load("as-reported"), citizens=4_000, days=70, seed=seed, each=look)
    return [
        exact("evenings on which the two sums differ", 0, sum(gap > 0 for gap in gaps)),
        exact(
            "somebody was flagged, and some tie was cut",
            1,
            int(done.stock("flagged").max() > 0 and done.total("ties_cut") > 0),
        ),
    ]


CHECKS = (
    Check(
        "crowd-thresholds",
        "model",
        "r(t + 1) = number of thresholds <= r(t)",
        "six crowds of 100 on a complete graph, thresholds drawn from 0 to 99 as two traits of a weighted score",
        "Granovetter, Am. J. Sociology 83 (1978) 1420",
        crowds,
    ),
    Check(
        "crowd-dominoes",
        "model",
        "thresholds 0, 1, .., n - 1: all n act; a 2 for the 1: one acts",
        "eight citizens, the first seeds that give these thresholds",
        "Granovetter 1978, the first example",
        dominoes,
        smoke=True,
    ),
    Check(
        "ties-that-last",
        "model",
        "(1 - c)^firsts for one flagged end, (1 - c)^(2 firsts) for two",
        "random graph of 6,000, three tenths flagged throughout, c = 1/2, three firsts of a month",
        "independent draws on each tie, month and end",
        cut_ties,
    ),
    Check(
        "weighed-posts",
        "model",
        "mean posts = rate x mean a*/d; variance within and between 256 kinds of people",
        "20,000 citizens, both punishments, a month at surveillance 0 and one at about 0.8",
        "Daymude, Axelrod and Forrest, PNAS 2025: the closed form of the best act",
        weighed_posts,
    ),
    Check(
        "lender-chain",
        "model",
        "shares of seven clusters, up with 0.65 and down with 0.35, absorbed below 3",
        "40,000 citizens, two starts; a default costs two points and every day gives one",
        "exact chain in fractions, after the example of D'Amour et al. 2020",
        lender,
        axis="step",
    ),
    Check(
        "flagged-friends",
        "metamorphic",
        "sum of counts of flagged friends = sum over the flagged of their uncut friends",
        "as-reported, 4,000 citizens, seventy evenings",
        "each tie to a flagged citizen is seen by one friend",
        shaken_hands,
        smoke=True,
    ),
)
