"""Compiling the scheme: score, rules, factors and lists."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from glasshouse import streams
from glasshouse.model.flows import MODES
from glasshouse.model.layout import NO_LINE_BELOW
from glasshouse.model.plan_acts import class_table
from glasshouse.model.plan_parts import AssociationPlan, FactorPlan, ListPlan, RulePlan, ScorePlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from glasshouse.model.plan_decisions import Decisions
    from glasshouse.scenario import schema


def compile_score(
    scenario: schema.Scenario, positions: Mapping[str, int], ids: Decisions
) -> ScorePlan | None:
    """Compile the score with its rules and factors, or None without a score."""
    score = scenario.score
    if score is None:
        return None
    slots = allowance_slots(scenario, positions)
    return ScorePlan(
        weighted=score.kind == "weighted",
        sanctions_follow=score.role == "output",
        base=score.base_points,
        floor=score.floor_points,
        ceiling=score.ceiling_points,
        recovery=score.recovery_points,
        recovery_every=score.recovery_every_days,
        decay=score.decay_points,
        decay_every=score.decay_every_days,
        low_cutoff=-32768 if score.low_cutoff_points is None else score.low_cutoff_points,
        grade_names=tuple(g.name for g in score.grade),
        grade_from=tuple(g.from_points for g in score.grade),
        rules=tuple(compile_rules(scenario, positions, slots)),
        association=compile_association(scenario),
        factors=tuple(compile_factors(score, slots, ids)),
        slots=len(slots),
        **compile_start(scenario, ids),
    )


def compile_start(scenario: schema.Scenario, ids: Decisions) -> dict[str, Any]:
    """Return the fields of a score's plan that tell where members start: the base without classes."""
    start = scenario.initial.score
    if start is None:
        return {"start_cumulative": (), "start_points": ()}
    fields: dict[str, Any] = {"start_points": start.points}
    if any(start.spread_points or ()):
        fields["start_spread"] = start.spread_points
    if start.class_of is None:
        return fields | {"start_cumulative": streams.cumulative(start.weights or ())}
    behaviour = scenario.behaviour[start.class_of]
    weights, _ = class_table(behaviour.classes, behaviour.activity_cv)
    decision = ids(f"behaviour.{start.class_of}:class")
    return fields | {"start_cumulative": streams.cumulative(weights), "start_decision": decision}


def live_rules(scenario: schema.Scenario) -> list[tuple[str, schema.Rule]]:
    """Return the rules that are on, sorted by id."""
    return [(k, r) for k, r in sorted(scenario.rule.items()) if not r.disabled]


def effective_rules(
    scenario: schema.Scenario, positions: Mapping[str, int]
) -> list[tuple[str, schema.Rule, int, bool]]:
    """Return (id, rule, behaviour, needs a monthly counter) of the rules on records that can change anything.

    Under points a rule without points is inert, under weights one that no factor reads; so is one whose behaviour
    is not lived. What is left out here takes no counter either, so that it cannot change a bit.
    """
    score = scenario.score
    weighted = score is not None and score.kind == "weighted"
    read = {f.rule for f in score.factor.values()} if score is not None and weighted else set()
    found = []
    for key, rule in live_rules(scenario):
        behaviour = positions.get(rule.behaviour or "")
        if rule.on != "record" or behaviour is None:
            continue
        counted = key in read if weighted else rule.allowance > 0
        if counted if weighted else rule.points:
            found.append((key, rule, behaviour, counted))
    return found


def allowance_slots(scenario: schema.Scenario, positions: Mapping[str, int]) -> dict[str, int]:
    """Number the rules that need a monthly counter: an allowance, or a factor that reads it."""
    named = [key for key, _, _, counted in effective_rules(scenario, positions) if counted]
    return {key: slot for slot, key in enumerate(named)}


def compile_rules(
    scenario: schema.Scenario, positions: Mapping[str, int], slots: Mapping[str, int]
) -> Iterable[RulePlan]:
    """Compile the rules on records; a weighted score counts records and gives no points for them."""
    weighted = scenario.score is not None and scenario.score.kind == "weighted"
    for key, rule, behaviour, _ in effective_rules(scenario, positions):
        yield RulePlan(key, behaviour, 0 if weighted else rule.points, rule.allowance, slots.get(key, -1))


def compile_association(scenario: schema.Scenario) -> AssociationPlan | None:
    """Compile the association rule, or None when there is none with points."""
    for key, rule in live_rules(scenario):
        if rule.on == "association" and rule.points:
            share = rule.min_share
            return AssociationPlan(
                id=key,
                points=rule.points,
                min_friends=256 if rule.min_friends is None else rule.min_friends,
                min_share32=-1 if share is None else max(1, round(streams.exact(share) * 2**32)),
                daily=rule.every == "day",
            )
    return None


def compile_factors(score: schema.Score, slots: Mapping[str, int], ids: Decisions) -> Iterable[FactorPlan]:
    """Compile the factors of a weighted score; weights in 2^-16 sum to 65536 (last takes the rest)."""
    items = sorted(score.factor.items())
    bounds = list(accumulate((streams.exact(f.weight) for _, f in items), initial=Fraction(0)))
    marks = [round(bound * 65536) for bound in bounds]
    for n, (key, f) in enumerate(items):
        yield FactorPlan(
            id=key,
            kind=f.of,
            weight=marks[n + 1] - marks[n],
            decision=ids(f"factor.{key}:class"),
            cumulative=streams.cumulative(f.weights),
            levels=tuple(round(streams.exact(level) * 65536) for level in f.levels),
            slot=slots.get(f.rule or "", -1),
            full_at=f.full_at,
        )


def start_line(scenario: schema.Scenario, key: str) -> int:
    """Return the start score below which members are on a list before day 0; none for a list of companies."""
    if scenario.score is None or scenario.list[key].entry_companies:
        return NO_LINE_BELOW
    return scenario.initial.listed_below_points.get(key, NO_LINE_BELOW)


LIST_ASPECTS = ("entry", "performed", "repaired", "initial", "initial_term")


def compile_lists(
    scenario: schema.Scenario, positions: Mapping[str, int], ids: Decisions
) -> tuple[ListPlan, ...]:
    """Compile the lists that are on, sorted by id; termed ones get an `until` slot."""
    out: list[ListPlan] = []
    slot = 0
    for key, one in sorted(scenario.list.items()):
        if one.disabled:
            continue
        termed = one.term_days is not None and not one.entry_companies
        share = scenario.initial.listed_share.get(key, 0.0)
        out.append(
            ListPlan(
                id=key,
                perk=one.kind == "perk",
                company=one.entry_companies,
                entry_below=-32768 if one.entry_score_below is None else one.entry_score_below,
                entry_at_least=32767 if one.entry_score_at_least is None else one.entry_score_at_least,
                entry_behaviours=tuple(sorted(positions[b] for b in one.entry_records_of if b in positions)),
                entry_threshold=streams.threshold(one.entry_share),
                term=(one.term_days or 0) if termed else -1,
                slot=slot if termed else -1,
                exit_at_least=32767 if one.exit_score_at_least is None else one.exit_score_at_least,
                exit_below=-32768 if one.exit_score_below is None else one.exit_score_below,
                performed=streams.threshold(one.performed_per_day),
                repaired=streams.threshold(one.repaired_per_day),
                closes=0 if one.kind == "perk" else sum(1 << MODES.index(m) for m in sorted(set(one.closes))),
                initial=0 if one.entry_companies else streams.threshold(share),
                decisions=ids.aspects(f"list.{key}", LIST_ASPECTS),
                start_below=start_line(scenario, key),
            )
        )
        slot += termed
    return tuple(out)
