"""What a sanction can rest on: a rule or a behaviour's records by origin, friends, a chat group, a company, a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.scenario.labels import UNKNOWN
from glasshouse.society.columns import ASSOCIATION, FALSE, IDENTITY, OWN, REPRESENTATION

if TYPE_CHECKING:
    from glasshouse.model.plan import Plan
    from glasshouse.scenario.labels import Labels

__all__ = [
    "BEFORE",
    "CHECK",
    "COMPANY",
    "LIABILITY",
    "OF_RECORDS",
    "SCORE",
    "Cause",
    "causes_of",
    "context_of",
    "gravity_of",
]

OF_RECORDS = (OWN, FALSE, IDENTITY)  # origins of records, in the order in which an allowance is used up
LIABILITY, COMPANY, CHECK, BEFORE, SCORE = (
    "police.owner_liable_share",
    "company",
    "identity",
    "before day 0",
    "score",
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that a sanction can rest on.

    Attributes:
        key: Table key: `rule.games`, `behaviour.train_conduct`, `company` ...; `before day 0` is not known.
        origin: Origin code, as in `society.columns`; 0 where it is not known.
    """

    key: str
    origin: int


def causes_of(plan: Plan) -> tuple[Cause, ...]:
    """Return every cause that a plan can have, in a fixed order: what costs points comes first."""
    rules = [Cause(f"rule.{r.id}", o) for r in (plan.score.rules if plan.score else ()) for o in OF_RECORDS]
    friends = plan.score.association if plan.score else None
    out = [*rules, *([Cause(f"rule.{friends.id}", ASSOCIATION)] if friends else [])]
    out.append(Cause(LIABILITY, ASSOCIATION))
    out += [Cause(f"behaviour.{b.id}", o) for b in plan.behaviours for o in OF_RECORDS]
    return (*out, Cause(COMPANY, REPRESENTATION), Cause(CHECK, IDENTITY), Cause(SCORE, 0), Cause(BEFORE, 0))


def context_of(cause: Cause, labels: Labels) -> str:
    """Return the part of life that a cause looks at."""
    table, _, name = cause.key.partition(".")
    if cause.key in {LIABILITY, COMPANY, CHECK}:
        return {LIABILITY: "ties", COMPANY: "business", CHECK: "identity"}[cause.key]
    of = {"rule": labels.rules, "behaviour": labels.behaviours}.get(table, {})
    return of.get(name, UNKNOWN)


def gravity_of(cause: Cause, labels: Labels, plan: Plan) -> float | None:
    """Return how grave the act is that a cause is about; None where it is about no act of anybody's that is known."""
    table, _, name = cause.key.partition(".")
    if table == "rule" and plan.score:
        about = {r.id: plan.behaviours[r.behaviour].id for r in plan.score.rules}
        return labels.gravity.get(about.get(name, ""))
    return labels.gravity.get(name) if table == "behaviour" else None
