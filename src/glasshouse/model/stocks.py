"""The stocks of a day: what a fresh count of the people finds at its end, by name, in a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from glasshouse.model.plan import Plan

BUILTIN = (
    "members",
    "score_sum",  # of members, points
    "risk_sum",  # of all citizens, 2^-16
    "flagged",
    "detained",  # days still to come
    "suspended",
    "offline",
    "ever_listed",
    "ever_refused",
)


def stock_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of all stocks of a plan, in the order in which the census numbers them."""
    names = list(BUILTIN)
    names += [f"punished_ever.{origin}" for origin in ORIGINS]
    names += [f"on.{one.id}" for one in plan.lists]
    if plan.score:
        names += [f"grade.{name}" for name in plan.score.grade_names]
    return tuple(names)
