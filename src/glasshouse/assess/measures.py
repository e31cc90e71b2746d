"""What the sheet counts in one world, from the table of person-days by sanction and cause.

Each function takes the ledger's account and the labels and returns plain sums, so that shares can be taken over seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from glasshouse.assess.causes import context_of, gravity_of
from glasshouse.scenario.labels import UNKNOWN, unrelated
from glasshouse.society.columns import ASSOCIATION, FALSE, IDENTITY, REPRESENTATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.assess.causes import Cause
    from glasshouse.assess.ledger import Account
    from glasshouse.harm.study import Lived
    from glasshouse.model.plan import Plan
    from glasshouse.scenario.labels import Labels

__all__ = [
    "ONCE",
    "Seen",
    "cells",
    "costs",
    "lighter_costs_more",
    "of_origin",
    "pairs",
    "person_days",
    "weighted",
]

ONCE = frozenset({"fine", "reprimand", "pledge"})  # counted once, not by the day
NOT_OWN = {"others": (ASSOCIATION, REPRESENTATION), "false": (FALSE,), "identity": (IDENTITY,)}


@dataclass(frozen=True)
class Seen:
    """What one seed brought: the study of harms, and the ledger of detriment."""

    lived: Lived
    account: Account


def cells(account: Account, *, once: bool = False) -> Iterator[tuple[str, Cause, float]]:
    """Yield (sanction, cause, person-days), of fines and the like only if asked for."""
    for sanction, days in account.days.items():
        if once or sanction not in ONCE:
            for cause, number in zip(account.causes, days.tolist(), strict=True):
                if number:
                    yield sanction, cause, number


def person_days(account: Account) -> float:
    """Return the person-days under a sanction; somebody under two counts twice."""
    return sum(number for _, _, number in cells(account))


def pairs(account: Account, labels: Labels) -> dict[tuple[str, str], float]:
    """Return person-days by the part of life that data comes from and the one that the sanction bars."""
    out: dict[tuple[str, str], float] = {}
    for sanction, cause, number in cells(account):
        pair = context_of(cause, labels), labels.effects[sanction]
        out[pair] = out.get(pair, 0.0) + number
    return out


def in_unrelated(account: Account, labels: Labels) -> float:
    """Return the person-days that rest on data of another part of life."""
    return sum(number for pair, number in pairs(account, labels).items() if unrelated(*pair))


def not_known(account: Account, labels: Labels) -> float:
    """Return the person-days of which it is not known what they rest on."""
    return sum(number for (data, _), number in pairs(account, labels).items() if data == UNKNOWN)


def of_origin(account: Account, who: str) -> float:
    """Return person-days that rest on what `others` did, on `false` records, or on the `identity` checks and cards."""
    return sum(number for _, cause, number in cells(account) if cause.origin in NOT_OWN[who])


def weighted(account: Account, labels: Labels) -> float:
    """Return the person-days times how heavy each is, fines and the like once."""
    return sum(labels.weights[sanction] * number for sanction, _, number in cells(account, once=True))


def costs(account: Account, labels: Labels, plan: Plan) -> Mapping[str, float]:
    """Return the weighted person-days that rest on the records of each behaviour."""
    about = {f"behaviour.{b.id}": b.id for b in plan.behaviours}
    for rule in plan.score.rules if plan.score else ():
        about[f"rule.{rule.id}"] = plan.behaviours[rule.behaviour].id
    out = {b.id: 0.0 for b in plan.behaviours}
    for sanction, cause, number in cells(account, once=True):
        if cause.key in about:
            out[about[cause.key]] += labels.weights[sanction] * number
    return out


def on_acts(account: Account, labels: Labels, plan: Plan, *, harmless: bool = False) -> float:
    """Return the weighted person-days that rest on records of acts, or of acts of gravity 0 alone."""
    return sum(
        labels.weights[sanction] * number
        for sanction, cause, number in cells(account, once=True)
        if (grave := gravity_of(cause, labels, plan)) is not None and (grave == 0 or not harmless)
    )


def gravity_recorded(account: Account, labels: Labels) -> float:
    """Return the gravity of everything that was recorded, added up."""
    return sum(number * labels.gravity[name] for name, number in account.records.items())


def lighter_costs_more(
    per_record: Mapping[str, float], gravity: Mapping[str, float]
) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the pairs (lighter, graver) of which the lighter costs more a record, and how many pairs there are.

    Pairs of the same gravity are left out.

    >>> lighter_costs_more({"a": 2.0, "b": 1.0, "c": 3.0}, {"a": 0, "b": 1, "c": 1})
    ((('a', 'b'),), 2)
    """
    found, of = [], 0
    for one, other in combinations(sorted(per_record), 2):
        light, grave = sorted((one, other), key=lambda name: gravity[name])
        if gravity[light] < gravity[grave]:
            of += 1
            if per_record[light] > per_record[grave]:
                found.append((light, grave))
    return tuple(found), of


def per_record(account: Account, labels: Labels, plan: Plan, watched: set[str]) -> dict[str, float]:
    """Return what a record of each behaviour cost, in weighted person-days, of those with records that can cost."""
    told = costs(account, labels, plan)
    return {name: told[name] / account.records[name] for name in sorted(watched) if account.records.get(name)}
