"""The flows of a day: every count that the phases add to, by name, in a fixed order.

A flow is counted at the citizen it happens to (who writes, is refused, is listed), by province and group.
Kernels address flows by position, the oracle by name; `flow_names` is the only place that knows both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from glasshouse.model.plan import Plan

MODES = ("plane", "high_speed_rail", "rail")
OUTCOMES = ("pledge", "reprimand", "fine", "detention")

BUILTIN = (
    "offline_days.face",  # person-days
    "offline_days.id",
    "offline_days.suspension",
    "offline_days.detention",
    "detention_days",
    "failed_checks.face",
    "failed_checks.id",
    "posts.written",
    "posts.withheld",
    "posts.removed",
    "offences_withheld",  # restrained acts that are not speech
    "suspensions",  # by a platform
    "passed_on.domestic",
    "passed_on.foreign",
    "records.true",  # on arrival
    "records.false",  # on arrival; misattributed and borrowed ones included
    "records.misattributed",  # when posted, at the doer
    "records.borrowed",  # when posted, at the doer
    "points_lost.all",
    "points_lost.association",
    "points_lost.liability",
    "points_gained.all",
    "points_returned",  # by won appeals
    "points_recovered",
    "points_decayed",
    "points_clamped",  # signed: what the clamp added
    "points_reset",  # signed: change of a weighted score
    "appeals.filed",
    "appeals.won",
    "first_listed",  # persons, first time on any sanction list
    "delisted.persons",  # exits from sanction lists
    "perks",  # entries to perk lists
    "debts_performed",
    "repaired",
    "substituted",
    "stopped",
    "first_refused",  # persons
    "summonses",
    "interrogations",
    "pledges",
    "reprimands",
    "fines",
    "detentions",
    "group_owner_liable",
    "punished_days",  # persons punished that day
    "flagged",  # flag flips on
    "unflagged",
    "ties_cut",
    "listed.companies",  # first time
    "entered.companies",
    "left.companies",
)
PER_MODE = ("requested", "refused")
PER_ORIGIN = ("punished", "points_lost_by")  # punished: persons, first time with that origin
PER_BEHAVIOUR = ("acts", "withheld", "records_true", "records_false", "points_lost", "points_gained")
PER_LIST = ("entered", "left")
OUTCOME_FLOWS = dict(zip(OUTCOMES, ("pledges", "reprimands", "fines", "detentions"), strict=True))


def flow_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of all flows of a plan, in the order in which kernels number them."""
    names = list(BUILTIN)
    names += [f"{stem}.{mode}" for stem in PER_MODE for mode in MODES]
    names += [f"{stem}.{origin}" for stem in PER_ORIGIN for origin in ORIGINS]
    names += [f"{stem}.{b.id}" for b in plan.behaviours for stem in PER_BEHAVIOUR]
    names += [f"{stem}.{one.id}" for one in plan.lists for stem in PER_LIST]
    if plan.score:
        names += [f"points_lost_by_rule.{r.id}.{o}" for r in plan.score.rules for o in ORIGINS]
    return tuple(names)
