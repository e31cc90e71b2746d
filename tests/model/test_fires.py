"""In the compared runs every mechanism happens often enough for the comparison to mean something."""

from __future__ import annotations

from collections import Counter

from scenarios import EVERYTHING, compare, plan_of
from test_equal import with_weights

from glasshouse.model.flows import flow_names

OFTEN = 20
EXCEPTIONS: tuple[str, ...] = ()  # flows that fire less often; none


def impossible(plan):
    """The names that only complete a table: no rule takes points for association or representation, and a rule
    that gives takes none."""
    names = {"points_lost_by.representation"}
    for rule in plan.score.rules:
        lost = f"points_lost_by_rule.{rule.id}"
        names |= {f"{lost}.association", f"{lost}.representation"}
        if rule.points > 0:
            names |= {f"{lost}.own", f"{lost}.false", f"{lost}.identity"}
    return names


def test_every_flow_fires_in_the_compared_runs():
    plan = plan_of(EVERYTHING, days=41)
    fired = compare(plan, phases=())
    weighted = compare(plan_of(with_weights(society={"citizens": 60, "days": 14})), phases=())
    fired += Counter({"points_reset": weighted["points_reset"]})
    names = set(flow_names(plan))
    assert impossible(plan) <= names
    rare = {name: fired[name] for name in names - impossible(plan) if fired[name] < OFTEN}
    assert sorted(rare) == sorted(EXCEPTIONS), rare
    assert not any(fired[name] for name in impossible(plan))
