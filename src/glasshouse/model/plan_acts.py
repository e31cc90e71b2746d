"""Compiling what citizens do: behaviours, their rates, and ways of travel."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.model.flows import MODES
from glasshouse.model.layout import DECISIONS
from glasshouse.model.plan_parts import Activity, BehaviourPlan, ModePlan
from glasshouse.society.activity import sixteenths

if TYPE_CHECKING:
    from glasshouse.model.plan_decisions import Decisions
    from glasshouse.scenario import schema


def compile_behaviours(scenario: schema.Scenario, ids: Decisions) -> tuple[BehaviourPlan, ...]:
    """Compile the behaviours that are on and can happen or be alleged, sorted by id."""
    live = {
        k: b
        for k, b in sorted(scenario.behaviour.items())
        if not b.disabled and (b.per_day > 0 or b.false_alarm_per_day > 0)
    }
    platforms = sorted(scenario.platform)
    return tuple(compile_behaviour(k, b, platforms, ids) for k, b in live.items())


def compile_behaviour(key: str, b: schema.Behaviour, platforms: list[str], ids: Decisions) -> BehaviourPlan:
    """Compile one behaviour."""
    seen = [b.seen_on.get(p, 0.0) for p in platforms] if b.seen_on else []
    return BehaviourPlan(
        id=key,
        kind=b.kind,
        speech=b.kind == "speech",
        online=b.online,
        chat=b.chat,
        restrained=b.restrained,
        activity=compile_activity(
            f"behaviour.{key}", b.per_day, b.doer_share, b.classes, b.activity_cv, b, ids
        ),
        decisions=ids.aspects(f"behaviour.{key}", DECISIONS),
        seen_cumulative=streams.cumulative(seen),
        office_threshold=streams.threshold(b.seen_share or 0),
        caught=streams.threshold(b.caught_share),
        false_alarm=streams.threshold(b.false_alarm_per_day),
        delay_days=b.delay_days,
        delay_cumulative=streams.cumulative(b.delay_shares),
        misattributed=streams.threshold(b.misattributed_share),
        removed=streams.threshold(b.removed_share),
        suspended=streams.threshold(b.suspended_share) if b.suspension_days else 0,
        suspension_days=b.suspension_days,
        summons=streams.threshold(b.summons_share),
    )


def compile_activity(
    table: str,
    per_day: float,
    doer_share: float,
    classes: schema.Classes | None,
    cv: str | None,
    who: schema.Behaviour | schema.TravelMode,
    ids: Decisions,
) -> Activity:
    """Compile the rate of every class, sex and place: base x class x factors, at most 1, as thresholds."""
    weights, multipliers = class_table(classes, cv)
    male = streams.exact(getattr(who, "male_multiplier", 1.0))
    rural = streams.exact(who.rural_multiplier)
    base = streams.exact(per_day)
    rates = tuple(
        tuple(
            streams.threshold(base * multiplier * (male if place & 2 else 1) * (rural if place & 1 else 1))
            for place in range(4)
        )
        for multiplier in multipliers
    )
    decisions = ids.aspects(table, ("doer", "class"))
    return Activity(
        doer_decision=decisions["doer"],
        doer_threshold=streams.threshold(doer_share),
        class_decision=decisions["class"],
        class_cumulative=streams.cumulative(weights),
        rates=rates,  # type: ignore[arg-type]
        min_age=who.min_age,
        max_age=who.max_age,
    )


def class_table(classes: schema.Classes | None, cv: str | None) -> tuple[list[Fraction], list[Fraction]]:
    """Return weights and multipliers of the activity classes: explicit, gamma sixteenths, or one class."""
    if classes is not None:
        return [streams.exact(w) for w in classes.weights], [streams.exact(m) for m in classes.multipliers]
    if cv is not None:
        return [Fraction(1, 16)] * 16, list(sixteenths(cv))
    return [Fraction(1)], [Fraction(1)]


def compile_modes(scenario: schema.Scenario, ids: Decisions) -> tuple[ModePlan, ...]:
    """Compile the ways of travel, in the order of MODES."""
    out = []
    for number, name in enumerate(MODES):
        mode: schema.TravelMode | None = getattr(scenario.travel, name)
        if mode is None or mode.requests_per_day == 0:
            continue
        table = f"travel.{name}"
        out.append(
            ModePlan(
                id=name,
                mode=number,
                activity=compile_activity(
                    table,
                    mode.requests_per_day,
                    mode.traveller_share,
                    mode.classes,
                    mode.activity_cv,
                    mode,
                    ids,
                ),
                retry=streams.threshold(mode.retry_share),
                retries_max=mode.retries_max,
                stop=streams.threshold(mode.stop_share),
                substitute=0 if name == "rail" else streams.threshold(mode.substitute_share),
                decisions=ids.aspects(table, ("request", "retry", "stop", "substitute")),
            )
        )
    return tuple(out)
