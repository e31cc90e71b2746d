"""Relations between runs that hold to the bit: what must not matter does not."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from glasshouse.scenario.load import load
from glasshouse.verify import digest_of_pieces
from verification.analytic.check import Check, Finding, exact
from verification.analytic.forms import (
    TOWN,
    Tree,
    backwards,
    changed,
    digest,
    planned,
    redone,
    same,
    town,
    without,
)
from verification.analytic.worlds import ADULTS, BLINKING, live_plan, loaded, size_of


def other_order(seed: int) -> list[Finding]:
    """Threads, chunks and parts: who is lived first, by whom, and with whom together."""
    plan = planned(town(), seed)
    ways = ((1, 16, 1), (2, 1, 1), (2, 64, 1), (1, 3, 7), (2, 16, 2), (2, 2, 5))
    return [same("digests of six ways to share the work", [digest(plan, *way) for way in ways])]


def split(seed: int) -> list[Finding]:
    """A run that is stopped on some days and gone on with."""
    sizes = {"citizens": size_of(1_000), "days": 12, "seed": seed}
    read, ways = load(TOWN), {"threads": 2, "chunk_quads": 16, "partitions": 1}
    digests = []
    for stops in ((), (1,), (7, 8), (3, 6, 9)):
        with tempfile.TemporaryDirectory() as folder:
            digests.append(digest_of_pieces(read, sizes, ways, stops, Path(folder) / "run"))
    return [same("digests of a run in one, two, three and four pieces", digests)]


def labels(seed: int) -> list[Finding]:
    """Titles and labels, and the order of the tables in the file."""

    def renamed(tree: Tree) -> Tree:
        tree |= {"title": "Another name", "summary": "", "notice": ""}
        for kind in ("behaviour", "rule", "list"):
            tree[kind] = {key: one | {"label": f"the other {key}"} for key, one in tree[kind].items()}
        return tree

    plans = [planned(redone(town(), change), seed) for change in (dict, renamed, backwards)]
    return [same("digests with labels changed, with tables backwards", [digest(plan) for plan in plans])]


def absent(seed: int) -> list[Finding]:
    """A rule, list, circle or ring that is disabled, one that moves no points, and one that is not there."""
    reported, found = load("as-reported").scenario, []
    for kind in ("rule", "list", "circle", "ring"):
        for name in getattr(reported, kind):
            forms = [
                redone(reported, lambda tree, k=kind, n=name: without(tree, k, n)),
                redone(reported, lambda tree, k=kind, n=name: changed(tree, k, n, disabled=True)),
            ]
            if kind == "rule":
                forms.append(redone(reported, lambda tree, n=name: changed(tree, "rule", n, points=0)))
            digests = [digest(planned(form, seed, citizens=600, days=8)) for form in forms]
            found.append(same(f"digests without {kind} {name}", digests))
    return found


ALONE = (
    BLINKING
    + """
[behaviour.act]
kind = "offence"
per_day = 0.05
activity_cv = "1"
seen_share = 1.0
false_alarm_per_day = 0.01
summons_share = 0.3
[list.ban]
entry_score_below = 0
term_days = 9
closes = ["plane"]
[travel.plane]
requests_per_day = 0.2
stop_share = 0.2
[police]
outcomes = { pledge = 0.2, reprimand = 0.2, fine = 0.3, detention = 0.3 }
[redress]
filed_share = 0.5
decision_days = 2
won_if_false_share = 0.8
won_if_true_share = 0.2
[learn]
restraint = "proportional"
own_weight = 0.2
"""
)


def doubled(seed: int) -> list[Finding]:
    """Where nobody touches anybody, twice as many people leave the first half as they were."""
    scenario = loaded(ALONE).scenario
    few, many = (live_plan(planned(scenario, seed, citizens=n, days=30)) for n in (2_000, 4_000))
    return [
        exact(
            f"citizens whose {name} differs",
            0,
            int((few.column(name) != many.column(name)[: few.citizens]).sum()),
        )
        for name in ("score", "marks", "lists", "risk", "detained", "until_0")
    ]


TURNED = ADULTS + '[behaviour.act]\nkind = "other"\nper_day = 1.0\nseen_share = 1.0\ncaught_share = 0.5\n'


def turned_luck(seed: int) -> list[Finding]:
    """In a world of complemented luck what was caught with probability 1/2 is not, and what was not is: exactly."""
    plan = planned(loaded(TURNED).scenario, seed, citizens=100_000, days=5)
    here, there = live_plan(plan), live_plan(replace(plan, mirrored=True))
    records = here.daily("records.true") + there.daily("records.true")
    return [
        exact("days on which not all are caught in one of the two", 0, int((records != plan.citizens).sum()))
    ]


CHECKS = (
    Check(
        "other-order",
        "metamorphic",
        "digest does not depend on threads, chunks, parts",
        "the town, 3,000 citizens, 24 days, six ways",
        "docs/architecture.md, Luck",
        other_order,
    ),
    Check(
        "split-at-a-day",
        "metamorphic",
        "digest(0..n) = digest(0..d, d..n)",
        "the town, 1,000 citizens, 12 days, in one to four pieces",
        "docs/records.md",
        split,
    ),
    Check(
        "labels-and-order-of-tables",
        "metamorphic",
        "digest does not depend on labels or on the order of tables",
        "the town, 3,000 citizens, 24 days",
        "docs/records.md",
        labels,
    ),
    Check(
        "disabled-is-absent",
        "metamorphic",
        "disabled = absent, and for a rule = 0 points",
        "every rule, list, circle and ring of as-reported, 600 citizens, 8 days",
        "CONTRIBUTING.md",
        absent,
    ),
    Check(
        "doubled-population",
        "metamorphic",
        "people 0..n-1 of 2 n = people of n, where nobody touches anybody",
        "2,000 and 4,000 citizens, 30 days",
        "docs/day.md, section 1",
        doubled,
        smoke=True,
    ),
    Check(
        "turned-luck",
        "metamorphic",
        "a private draw of probability 1/2 hits in exactly one of a world and its complement",
        "100,000 citizens, 5 days",
        "docs/day.md, section 1",
        turned_luck,
        smoke=True,
    ),
)
