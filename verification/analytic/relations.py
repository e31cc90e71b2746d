"""Relations between runs that need no formula and hold to the bit: what must not matter, and more is never less."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.model.engine import Engine
from glasshouse.model.flows import flow_names
from glasshouse.model.oracle import World
from glasshouse.model.plan import Plan, compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.digest import RunDigest
from glasshouse.records.layout import Layout
from glasshouse.scenario.load import load
from glasshouse.scenario.schema import Scenario
from glasshouse.verify import census, digest_of_pieces
from verification.analytic.check import Check, Finding, exact
from verification.analytic.worlds import ADULTS, BLINKING, DEBTS, live_plan, loaded, size_of

Tree = dict[str, Any]

TOWN = Path(__file__).parents[2] / "tests" / "knobs" / "town.toml"  # everything happens there, and often
CITIZENS, DAYS = 3_000, 24
FEW, FEW_DAYS = 300, 14  # for the oracle, which lives citizens one by one


# ---- two implementations

DAILY_FRIENDS = {"rule.friends.every": "day"}
LISTED_FRIENDS = {"ties.flag": "listed", "ties.cut_share": 0.4}


def oracle(seed: int) -> list[Finding]:
    """The kernels and the plain model agree in every count, column and message of every day."""
    found = []
    for words, changes in (
        ("town", {}),
        ("daily friends", DAILY_FRIENDS),
        ("listed friends", LISTED_FRIENDS),
    ):
        plan = compile_plan(load(TOWN, set=changes).scenario, citizens=size_of(FEW), days=FEW_DAYS, seed=seed)
        wrong = differences(plan)
        found += [exact(f"{words}: {what} that differ", 0, count) for what, count in wrong.items()]
    return found


def differences(plan: Plan) -> dict[str, int]:
    """Return how many cells of counts, of state and of the post differ between the two, over all days."""
    engine, world = Engine(plan, threads=1), World(plan)
    layout = Layout.of(plan, flow_names(plan), stock_names(plan))
    wrong = {"counts": 0, "rows": 0, "messages": 0}
    for _ in range(plan.days):
        counts = engine.step()
        world.step()
        flows, stocks = layout.arrays(world.flows, census(world))
        wrong["counts"] += int((counts.flows != flows).sum() + (counts.stocks != stocks).sum())
        columns = engine.all_columns
        wrong["rows"] += sum(
            int((columns[name][: len(column)].astype(np.int64) != np.asarray(column)).sum())
            for name, column in world.columns().items()
        )
        wrong["messages"] += int([tuple(row) for row in engine.pending().tolist()] != world.pending())
    return wrong


# ---- what must not matter


def digest(plan: Plan, threads: int = 2, chunk_quads: int = 16, parts: int = 1) -> str:
    """Return the digest of a run."""
    found = RunDigest(plan, Layout.of(plan, flow_names(plan), stock_names(plan)))
    engine = Engine(plan, threads, chunk_quads, parts)
    for t in range(plan.days):
        counts = engine.step()
        found.day(t, counts.flows, counts.stocks)
    return found.finish(engine.all_columns, plan.citizens, engine.pending())


@cache
def town() -> Scenario:
    """Return the town."""
    return load(TOWN).scenario


def planned(scenario: Scenario, seed: int, citizens: int = CITIZENS, days: int = DAYS) -> Plan:
    """Return the plan of a scenario."""
    return compile_plan(scenario, citizens=size_of(citizens), days=days, seed=seed)


def redone(scenario: Scenario, change: Callable[[Tree], Tree]) -> Scenario:
    """Return a scenario whose tables went through a change."""
    return Scenario.model_validate(change(scenario.model_dump(exclude_unset=True, by_alias=True)))


def same(words: str, digests: list[str]) -> Finding:
    """Return whether all digests are one."""
    return exact(words, 1, len(set(digests)))


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


def backwards(tree: Tree) -> Tree:
    """Return tables whose keys stand in the reverse order."""
    return {
        key: backwards(value) if isinstance(value, Mapping) else value
        for key, value in reversed([*tree.items()])
    }


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


def without(tree: Tree, kind: str, name: str) -> Tree:
    """Return tables without one."""
    return tree | {kind: {key: one for key, one in tree[kind].items() if key != name}}


def changed(tree: Tree, kind: str, name: str, **values: object) -> Tree:
    """Return tables with values of one changed."""
    return tree | {kind: tree[kind] | {name: tree[kind][name] | values}}


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


# ---- points

TWO_RULES = (
    DEBTS
    + """
recovery_points = 2
[behaviour.first]
kind = "offence"
per_day = 0.1
seen_share = 1.0
[behaviour.second]
kind = "offence"
per_day = 0.07
seen_share = 0.8
false_alarm_per_day = 0.02
[rule.one]
behaviour = "first"
points = -8
allowance = 1
[rule.two]
behaviour = "second"
points = -5
[list.low]
entry_score_below = -40
exit_score_at_least = -10
closes = ["plane"]
[travel.plane]
requests_per_day = 0.2
"""
)


def swapped(seed: int) -> list[Finding]:
    """Two rules that add up are gone through in the other order."""

    def other_names(tree: Tree) -> Tree:
        return tree | {"rule": {"one": tree["rule"]["two"], "two": tree["rule"]["one"]}}

    scenario = loaded(TWO_RULES).scenario
    here, there = (
        live_plan(planned(one, seed, days=45)) for one in (scenario, redone(scenario, other_names))
    )
    found = [
        exact(f"citizens whose {name} differs", 0, int((here.column(name) != there.column(name)).sum()))
        for name in ("score", "lists", "low_friends", "risk")
    ]
    refused = here.daily("refused.plane") - there.daily("refused.plane")
    return [*found, exact("days whose refusals differ", 0, int((refused != 0).sum()))]


LINES = ("entry_score_below", "entry_score_at_least", "exit_score_at_least", "exit_score_below")


def ten_times(tree: Tree) -> Tree:
    """Return tables with all points and lines times ten."""
    out: Tree = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            out[key] = ten_times(dict(value))
        elif key == "grade":
            out[key] = [ten_times(dict(one)) for one in value]
        elif (key.endswith("points") or key in LINES) and value is not None:
            out[key] = [10 * one for one in value] if isinstance(value, (list, tuple)) else 10 * value
        else:
            out[key] = value
    return out


def scaled(seed: int) -> list[Finding]:
    """All points, lines and borders times ten: the same people on the same lists, scores ten times as large."""
    here, there = (live_plan(planned(one, seed)) for one in (town(), redone(town(), ten_times)))
    found = [
        exact(f"citizens whose {name} differs", 0, int((here.column(name) != there.column(name)).sum()))
        for name in ("lists", "marks", "risk", "low_friends", "detained")
    ]
    off = int((10 * here.column("score") != there.column("score")).sum())
    return [*found, exact("citizens whose score is not ten times the other", 0, off)]


def harsher(seed: int) -> list[Finding]:
    """Where nothing feeds back, a higher penalty raises nobody's score on any evening, and lowers some."""
    scenario = loaded(TWO_RULES).scenario
    harsh = redone(scenario, lambda tree: changed(tree, "rule", "one", points=-16))
    raised, lowered = evening_by_evening(planned(scenario, seed, days=30), planned(harsh, seed, days=30))
    return [
        exact("evenings of citizens with a higher score", 0, raised),
        exact("whether anybody has a lower one", 1, int(lowered > 0)),
    ]


def likelier(seed: int) -> list[Finding]:
    """A higher probability keeps every event and adds some: no debt is smaller on any evening."""
    scenario = loaded(TWO_RULES).scenario
    often = redone(scenario, lambda tree: changed(tree, "behaviour", "first", per_day=0.15))
    raised, lowered = evening_by_evening(planned(scenario, seed, days=30), planned(often, seed, days=30))
    return [
        exact("evenings of citizens with a higher score", 0, raised),
        exact("whether anybody has a lower one", 1, int(lowered > 0)),
    ]


def evening_by_evening(mild: Plan, harsh: Plan) -> tuple[int, int]:
    """Return on how many evenings citizens of the second world have a higher, and a lower, score than in the first."""
    worlds, raised, lowered = [Engine(mild), Engine(harsh)], 0, 0
    for _ in range(mild.days):
        first, second = (scores_after_a_day(world) for world in worlds)
        raised += int((second > first).sum())
        lowered += int((second < first).sum())
    return raised, lowered


def scores_after_a_day(world: Engine) -> np.ndarray:
    """Live a day and return everybody's score."""
    world.step()
    return world.columns["score"][: world.plan.citizens].astype(np.int64)


# ---- luck

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
        "kernels-equal-oracle",
        "metamorphic",
        "compiled kernels = the day in plain Python integers, bit by bit",
        "a town where everything happens often, 300 citizens, 14 days, three forms",
        "docs/day.md",
        oracle,
    ),
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
        "rules-swapped",
        "metamorphic",
        "rules add up in any order",
        "two rules, one with an allowance, and a list by the score; 45 days",
        "docs/day.md, section 5",
        swapped,
        smoke=True,
    ),
    Check(
        "ten-times-the-points",
        "metamorphic",
        "all points, lines and borders x 10: scores x 10, everything else as it was",
        "the town, 3,000 citizens, 24 days",
        "dimensional analysis",
        scaled,
    ),
    Check(
        "harsher-is-never-higher",
        "metamorphic",
        "a larger penalty raises no score on any path, without feedback",
        "a penalty of 8 and of 16 points, 30 days",
        "coupling by common random numbers",
        harsher,
        smoke=True,
    ),
    Check(
        "likelier-only-adds",
        "metamorphic",
        "a higher probability keeps every event",
        "0.1 and 0.15 a day, 30 days",
        "coupling by common random numbers",
        likelier,
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
