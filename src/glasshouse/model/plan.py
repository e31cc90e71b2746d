"""The plan: a scenario compiled into plain integers, the only thing the day ever reads.

Probabilities become 64-bit thresholds, dates become day numbers, ids become positions (sorted by id, so
that the order of tables in a file never matters). Disabled and inert tables are left out, which is why
they cannot change a bit. Both implementations of the day read this; `model.pack` lays it out flat for the
kernels.
"""

from __future__ import annotations

import datetime as dt

from glasshouse import streams
from glasshouse.model.plan_acts import compile_behaviours, compile_modes
from glasshouse.model.plan_decisions import Decisions
from glasshouse.model.plan_learn import LearnPlan, compile_learn
from glasshouse.model.plan_parts import (
    NEVER,
    Activity,
    AssociationPlan,
    BehaviourPlan,
    CheckPlan,
    CompanyPlan,
    FactorPlan,
    IdentityPlan,
    ListPlan,
    ModePlan,
    Plan,
    PolicePlan,
    RedressPlan,
    RulePlan,
    ScorePlan,
)
from glasshouse.model.plan_scheme import compile_lists, compile_score
from glasshouse.scenario import schema
from glasshouse.society.population import compile_population
from glasshouse.society.ties import TiesPlan, compile_ties

__all__ = [
    "NEVER",
    "Activity",
    "AssociationPlan",
    "BehaviourPlan",
    "CheckPlan",
    "CompanyPlan",
    "FactorPlan",
    "IdentityPlan",
    "LearnPlan",
    "ListPlan",
    "ModePlan",
    "Plan",
    "PolicePlan",
    "RedressPlan",
    "RulePlan",
    "ScorePlan",
    "compile_plan",
    "smallest_plan",
]


def compile_plan(
    scenario: schema.Scenario,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
) -> Plan:
    """Compile a checked scenario into a plan; size, days and seed may be given here.

    Raises:
        ScenarioError: two decision ids collide, or ties cannot be drawn.
    """
    society = scenario.society
    n = society.citizens if citizens is None else citizens
    horizon = society.days if days is None else days
    key = society.seed if seed is None else seed
    ids = Decisions()
    population = compile_population(scenario, citizens=n, seed=key)
    behaviours = compile_behaviours(scenario, ids)
    positions = {b.id: k for k, b in enumerate(behaviours)}
    return Plan(
        citizens=n,
        days=horizon,
        seed=key,
        start_date=society.start_date,
        population=population,
        ties=register_ties(compile_ties(scenario, population), ids),
        behaviours=behaviours,
        platform_ids=tuple(sorted(scenario.platform)),
        platform_foreign=tuple(scenario.platform[p].kind == "foreign" for p in sorted(scenario.platform)),
        platform_passed_on=tuple(passed_on(scenario.platform[p]) for p in sorted(scenario.platform)),
        score=compile_score(scenario, positions, ids),
        lists=compile_lists(scenario, positions, ids),
        modes=compile_modes(scenario, ids),
        police=compile_police(scenario.police),
        redress=compile_redress(scenario.redress),
        learn=compile_learn(scenario.learn),
        flag_listed=scenario.ties.flag == "listed",
        identity=compile_identity(scenario, population.group_names),
        company=compile_company(scenario.company, n),
        first_days=frozenset(first_days(society.start_date, horizon)),
    )


def first_days(start: dt.date, days: int) -> list[int]:
    """Return the day numbers in 0..days-1 that are the 1st of a month."""
    return [t for t in range(days) if (start + dt.timedelta(days=t)).day == 1]


def register_ties(ties: TiesPlan, ids: Decisions) -> TiesPlan:
    """Enter the decisions of circles and rings so that collisions are seen."""
    for circle in ties.circles:
        ids.aspects(f"circle.{circle.id}", ("order", "friends"))
    return ties


def passed_on(platform: schema.Platform) -> int:
    """Return the threshold of a platform; a disabled one passes nothing on."""
    return 0 if platform.disabled else streams.threshold(platform.passed_on_share)


def compile_police(police: schema.Police | None) -> PolicePlan | None:
    """Compile what follows a summons."""
    if police is None:
        return None
    o = police.outcomes
    return PolicePlan(
        interrogated=streams.threshold(police.interrogated_share),
        outcome_cumulative=streams.cumulative((o.pledge, o.reprimand, o.fine, o.detention)),
        detention_days=police.detention_days,
        detention_cumulative=streams.cumulative(police.detention_shares),
        owner_liable=streams.threshold(police.owner_liable_share),
        owner_suspension=police.owner_suspension_days,
        owner_points=police.owner_points,
    )


def compile_redress(redress: schema.Redress | None) -> RedressPlan | None:
    """Compile appeals."""
    if redress is None:
        return None
    return RedressPlan(
        filed=streams.threshold(redress.filed_share),
        decision_days=redress.decision_days,
        won_if_false=streams.threshold(redress.won_if_false_share),
        won_if_true=streams.threshold(redress.won_if_true_share),
    )


def compile_identity(scenario: schema.Scenario, groups: tuple[str, ...]) -> IdentityPlan:
    """Compile identity checks: k independent tries multiply exactly."""
    identity = scenario.identity
    start = scenario.society.start_date
    wrong = (1 - streams.exact(identity.false_match_share)) ** identity.tries
    return IdentityPlan(
        borrowed=streams.threshold(identity.borrowed_share),
        forged=streams.threshold(identity.forged_share),
        face_by_group=tuple(
            streams.threshold(streams.exact(identity.false_non_match_share.get(g, 0.0)) ** identity.tries)
            for g in groups
        ),
        face_borrowed=streams.threshold(wrong),
        offline_days=identity.offline_days,
        checks=tuple(
            compile_check(name, getattr(identity, name), identity.offline_days, start)
            for name in ("new_line", "renewal", "login")
        ),
    )


def compile_check(name: str, check: schema.Check, offline_days: int, start: dt.date) -> CheckPlan:
    """Compile one check; one that is never live costs no draw."""
    live = check.check != "none" and offline_days > 0
    day = max(0, (check.from_date - start).days) if check.from_date else 0
    event = streams.ALWAYS if name == "login" else streams.threshold(check.per_day or 0)
    return CheckPlan(
        name=name,
        event=event if live else 0,
        from_day=min(day, NEVER) if live else NEVER,
        face=check.check == "id_and_face",
    )


def compile_company(company: schema.Company | None, citizens: int) -> CompanyPlan | None:
    """Compile companies; none when the society is too small for one."""
    if company is None:
        return None
    count = min(citizens, round(streams.exact(company.companies_per_citizen) * citizens))
    if count == 0:
        return None
    return CompanyPlan(
        count=count,
        default=streams.threshold(company.default_per_day),
        term=company.term_days,
        performed=streams.threshold(company.performed_per_day),
    )


def smallest_plan() -> Plan:
    """Return the plan of 64 citizens whom nothing happens to: what kernels are warmed up on."""
    society = schema.Society(citizens=64, days=2)
    return compile_plan(schema.Scenario(glasshouse=1, title="nothing happens", society=society))
