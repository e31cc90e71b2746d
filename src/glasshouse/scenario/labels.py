"""The labels of a scheme that the impact sheet reads: contexts, gravity, weights; and defaults where none is given.

Labels say where data comes from (`data_context`), where a sanction bites (`effect_context`), how heavy a day of it is
(`weight`, a day of detention is 1) and how grave an act is (`gravity`). They are no part of the plan: they change no
day and no digest. What is not given gets a default by kind, which the sheet names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.scenario import schema

__all__ = ["PENALTY", "RELATED", "UNKNOWN", "Labels", "labelled", "labels_of", "missing", "unrelated"]

PENALTY = "penalty"  # an answer to the act itself, in no part of life of its own
UNKNOWN = "unknown"  # what a sanction that began before day 0 rests on
RELATED = frozenset({("speech", "internet"), ("identity", "internet")})  # the account that it was done with

CONTEXT_BY_KIND = {
    "speech": "speech",
    "purchase": "purchases",
    "site": "internet",
    "offence": "conduct",
    "prosocial": "civic",
    "default": "finance",
    "other": "conduct",
}
GRAVE_KINDS = {"offence": 1.0, "default": 1.0}
SANCTIONS: Mapping[str, tuple[str, float]] = {
    "detention": (PENALTY, 1.0),
    "suspension": ("internet", 0.05),
    "offline": ("internet", 0.1),
    "fine": (PENALTY, 2.0),
    "reprimand": (PENALTY, 0.2),
    "pledge": (PENALTY, 0.2),
}
LIST_WEIGHT = 0.05


@dataclass(frozen=True)
class Labels:
    """The labels of a scheme, by id.

    Attributes:
        behaviours: Behaviour -> part of life that its records come from.
        gravity: Behaviour -> how grave one act is, 0 to 10.
        rules: Rule -> part of life that it looks at.
        effects: Sanction list, or kind of sanction -> part of life that it bars.
        weights: The same -> how heavy one day of it is.
        defaults: Keys of the labels that the scenario does not give, of what is watched or sanctions.
    """

    behaviours: Mapping[str, str]
    gravity: Mapping[str, float]
    rules: Mapping[str, str]
    effects: Mapping[str, str]
    weights: Mapping[str, float]
    defaults: tuple[str, ...]


def labels_of(s: schema.Scenario) -> Labels:
    """Return the labels of a scenario, with defaults where it gives none."""
    behaviours = {name: b.data_context or CONTEXT_BY_KIND[b.kind] for name, b in s.behaviour.items()}
    gravity = {
        name: GRAVE_KINDS.get(b.kind, 0.0) if b.gravity is None else b.gravity
        for name, b in s.behaviour.items()
    }
    rules = {
        name: r.data_context or ("ties" if r.behaviour is None else behaviours.get(r.behaviour, UNKNOWN))
        for name, r in s.rule.items()
    }
    effects, weights = {}, {}
    for kind, (context, weight) in SANCTIONS.items():
        given = getattr(s.sanction, kind)
        effects[kind] = given.effect_context or context
        weights[kind] = weight if given.weight is None else given.weight
    for name, one in s.list.items():
        effects[name] = one.effect_context or ("travel" if one.closes else "services")
        weights[name] = LIST_WEIGHT if one.weight is None else one.weight
    return Labels(behaviours, gravity, rules, effects, weights, tuple(missing(s)))


def missing(s: schema.Scenario) -> Iterator[str]:
    """Yield the dotted keys of labels that a scenario does not give, of what it watches and how it sanctions."""
    for name in sorted(watched(s)):
        for label in ("data_context", "gravity"):
            if getattr(s.behaviour[name], label) is None:
                yield f"behaviour.{name}.{label}"
    for name, one in s.list.items():
        if one.kind == "sanction" and not one.disabled:
            for label in ("effect_context", "weight"):
                if getattr(one, label) is None:
                    yield f"list.{name}.{label}"
    for kind in met(s):
        for label in ("effect_context", "weight"):
            if getattr(getattr(s.sanction, kind), label) is None:
                yield f"sanction.{kind}.{label}"


def watched(s: schema.Scenario) -> set[str]:
    """Return the behaviours that can cost anything."""
    rules = {r.behaviour for r in s.rule.values() if r.behaviour and not r.disabled and r.points < 0}
    lists = {
        b
        for one in s.list.values()
        if one.kind == "sanction" and not one.disabled
        for b in one.entry_records_of
    }
    acts = {name for name, b in s.behaviour.items() if b.summons_share or b.suspended_share}
    return {name for name in rules | lists | acts if name in s.behaviour and not s.behaviour[name].disabled}


def met(s: schema.Scenario) -> Iterator[str]:
    """Yield the kinds of sanctions other than lists that the scheme knows."""
    if s.police is not None:
        yield from (
            kind for kind in ("detention", "fine", "reprimand", "pledge") if getattr(s.police.outcomes, kind)
        )
    liable = s.police is not None and s.police.owner_liable_share > 0 and s.police.owner_suspension_days > 0
    if liable or any(b.suspended_share and b.suspension_days for b in s.behaviour.values()):
        yield "suspension"
    if any(check.check != "none" for check in (s.identity.new_line, s.identity.renewal, s.identity.login)):
        yield "offline"


def labelled(s: schema.Scenario) -> bool:
    """Say whether a scenario gives any label, and so is meant to be assessed."""
    acts = any(b.data_context is not None or b.gravity is not None for b in s.behaviour.values())
    lists = any(one.effect_context is not None or one.weight is not None for one in s.list.values())
    return acts or lists or bool(s.sanction.model_fields_set)


def unrelated(data: str, effect: str) -> bool:
    """Say whether a sanction bites in another part of life than its data comes from.

    A penalty for the act itself is never unrelated, nor is what rests on something unknown.

    >>> unrelated("finance", "travel"), unrelated("travel", "travel"), unrelated("speech", "penalty")
    (True, False, False)
    """
    return (
        data != effect
        and UNKNOWN not in (data, effect)
        and effect != PENALTY
        and (data, effect) not in RELATED
    )
