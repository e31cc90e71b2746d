"""Relations between runs with other points: in any order, on any scale, and more is never less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.model.engine import Engine
from verification.analytic.check import Check, Finding, exact
from verification.analytic.forms import (
    Tree,
    changed,
    planned,
    redone,
    town,
)
from verification.analytic.worlds import DEBTS, live_plan, loaded

if TYPE_CHECKING:
    from glasshouse.model.plan import Plan

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


NEAR = {"score.floor_points": -12, "score.ceiling_points": 3, "rule.two.points": 7, "rule.one.allowance": 0}


def swapped(seed: int) -> list[Finding]:
    """Two rules that add up are gone through in the other order."""

    def other_names(tree: Tree) -> Tree:
        return tree | {"rule": {"one": tree["rule"]["two"], "two": tree["rule"]["one"]}}

    found = []
    for words, changes in (("far from borders", {}), ("between near borders", NEAR)):
        scenario = loaded(TWO_RULES, changes).scenario
        both = scenario, redone(scenario, other_names)
        here, there = (live_plan(planned(one, seed, days=45)) for one in both)
        found += [
            exact(
                f"{words}: citizens whose {name} differs",
                0,
                int((here.column(name) != there.column(name)).sum()),
            )
            for name in ("score", "lists")
        ]
        refused = here.daily("refused.plane") - there.daily("refused.plane")
        found.append(exact(f"{words}: days whose refusals differ", 0, int((refused != 0).sum())))
    return found


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


CHECKS = (
    Check(
        "rules-swapped",
        "metamorphic",
        "rules add up in any order",
        "two rules and a list by the score, far from the borders and between near ones; 45 days",
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
)
