"""The plan: a scenario compiled into plain integers, the only thing the day ever reads.

Probabilities become 64-bit thresholds, dates become day numbers, ids become positions (sorted by id, so
that the order of tables in a file never matters). Disabled and inert tables are left out, which is why
they cannot change a bit. Both implementations of the day read this; `model.pack` lays it out flat for the
kernels.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.errors import Diagnostic, ScenarioError
from glasshouse.model.flows import MODES
from glasshouse.model.plan_learn import LearnPlan, compile_learn
from glasshouse.scenario import schema
from glasshouse.society.activity import sixteenths
from glasshouse.society.population import Population, compile_population
from glasshouse.society.ties import TiesPlan, compile_ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NEVER = 65535


@dataclass(frozen=True)
class Activity:
    """How a rate varies between citizens: doers, classes, sex and place."""

    doer_decision: int
    doer_threshold: int
    class_decision: int
    class_cumulative: tuple[int, ...]
    rates: tuple[tuple[int, ...], ...]  # [class][2 * male + rural] -> threshold
    min_age: int
    max_age: int


@dataclass(frozen=True)
class BehaviourPlan:
    """One behaviour; `decisions` maps an aspect to its decision id."""

    id: str
    kind: str
    speech: bool
    online: bool
    chat: bool
    restrained: bool
    activity: Activity
    decisions: Mapping[str, int]
    seen_cumulative: tuple[int, ...]  # over platforms in plan order; empty: an office sees it
    office_threshold: int
    caught: int
    false_alarm: int
    delay_days: tuple[int, ...]
    delay_cumulative: tuple[int, ...]
    misattributed: int
    removed: int
    suspended: int
    suspension_days: int
    summons: int


@dataclass(frozen=True)
class RulePlan:
    """Points for the records of one behaviour; slot is -1 without a monthly counter."""

    id: str
    behaviour: int
    points: int
    allowance: int
    slot: int


@dataclass(frozen=True)
class AssociationPlan:
    """Points for flagged friends; min_friends 256 and min_share32 -1 mean not given."""

    id: str
    points: int
    min_friends: int
    min_share32: int
    daily: bool


@dataclass(frozen=True)
class FactorPlan:
    """One factor of a weighted score, weights and levels in 2^-16."""

    id: str
    kind: str
    weight: int
    decision: int
    cumulative: tuple[int, ...]
    levels: tuple[int, ...]
    slot: int
    full_at: int


@dataclass(frozen=True)
class ScorePlan:
    """The score of a scheme in points; low_cutoff is floor when nothing is published as low."""

    weighted: bool
    sanctions_follow: bool
    base: int
    floor: int
    ceiling: int
    recovery: int
    recovery_every: int
    decay: int
    decay_every: int
    low_cutoff: int
    grade_names: tuple[str, ...]
    grade_from: tuple[int, ...]
    rules: tuple[RulePlan, ...]
    association: AssociationPlan | None
    factors: tuple[FactorPlan, ...]
    start_cumulative: tuple[int, ...]
    start_points: tuple[int, ...]
    slots: int


@dataclass(frozen=True)
class ListPlan:
    """One list; lines that are not given lie outside every score."""

    id: str
    perk: bool
    company: bool
    entry_below: int
    entry_at_least: int
    entry_behaviours: tuple[int, ...]
    entry_threshold: int
    term: int  # -1 without a term
    slot: int  # of until, -1 without a term
    exit_at_least: int
    exit_below: int
    performed: int
    repaired: int
    closes: int  # bit m: mode m
    initial: int  # threshold
    decisions: Mapping[str, int]


@dataclass(frozen=True)
class ModePlan:
    """Requests for one kind of ticket."""

    id: str
    mode: int
    activity: Activity
    retry: int
    retries_max: int
    stop: int
    substitute: int
    decisions: Mapping[str, int]


@dataclass(frozen=True)
class PolicePlan:
    """What follows a summons."""

    interrogated: int
    outcome_cumulative: tuple[int, ...]
    detention_days: tuple[int, ...]
    detention_cumulative: tuple[int, ...]
    owner_liable: int
    owner_suspension: int
    owner_points: int


@dataclass(frozen=True)
class RedressPlan:
    """Appeals."""

    filed: int
    decision_days: int
    won_if_false: int
    won_if_true: int


@dataclass(frozen=True)
class CheckPlan:
    """One identity check; from_day NEVER when it is never made."""

    name: str
    event: int  # threshold of the event; ALWAYS for login
    from_day: int
    face: bool


@dataclass(frozen=True)
class IdentityPlan:
    """Identity checks; face thresholds per group for the right face, one for a borrowed card."""

    borrowed: int
    forged: int
    face_by_group: tuple[int, ...]
    face_borrowed: int
    offline_days: int
    checks: tuple[CheckPlan, ...]  # new_line, renewal, login


@dataclass(frozen=True)
class CompanyPlan:
    """Companies: how many, their defaults and listings."""

    count: int
    default: int
    term: int
    performed: int


@dataclass(frozen=True)
class Plan:
    """Everything the day reads, in plain ints."""

    citizens: int
    days: int
    seed: int
    start_date: dt.date
    population: Population
    ties: TiesPlan
    behaviours: tuple[BehaviourPlan, ...]
    platform_ids: tuple[str, ...]
    platform_foreign: tuple[bool, ...]
    platform_passed_on: tuple[int, ...]
    score: ScorePlan | None
    lists: tuple[ListPlan, ...]
    modes: tuple[ModePlan, ...]
    police: PolicePlan | None
    redress: RedressPlan | None
    learn: LearnPlan
    flag_listed: bool
    identity: IdentityPlan
    company: CompanyPlan | None
    first_days: frozenset[int] = field(repr=False)  # day numbers that are the 1st of a month

    def is_first(self, day: int) -> bool:
        """Say whether day number `day` is the 1st of a month."""
        return day in self.first_days

    def month(self, day: int) -> int:
        """Return the number of the month of day number `day`, 0 for the month of day 0."""
        date = self.start_date + dt.timedelta(days=day)
        return (date.year - self.start_date.year) * 12 + date.month - self.start_date.month

    @property
    def company_list(self) -> bool:
        """True when a list takes in the representatives of listed companies."""
        return any(one.company for one in self.lists)


class Decisions:
    """Hands out decision ids and refuses two names with one id."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {number: name for name, number in streams.BUILTIN.items()}

    def __call__(self, key: str) -> int:
        """Return the id of `key`; raise ScenarioError when another name has it already."""
        number = streams.decision_id(key)
        other = self.names.setdefault(number, key)
        if other != key:
            raise ScenarioError(diagnostics=(collision(key, other, number),))
        return number

    def aspects(self, table: str, names: Iterable[str]) -> dict[str, int]:
        """Return the ids of several aspects of one table key."""
        return {name: self(f"{table}:{name}") for name in names}


def collision(key: str, other: str, number: int) -> Diagnostic:
    """Describe two decisions whose 32-bit ids are equal."""
    table = key.partition(":")[0]
    return Diagnostic(
        code="GH211",
        severity="error",
        field=table,
        message=f"the decisions '{key}' and '{other}' have the same 32-bit id {number:#010x}",
        file=None,
        line=None,
        column=None,
        end_column=None,
        notes=(),
        help=f"rename '{table}' or '{other.partition(':')[0]}'; labels do not matter, table keys do",
    )


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


ASPECTS = [
    "act",
    "false_alarm",
    "seen",
    "removed",
    "suspended",
    "passed_on",
    "caught",
    "misattributed",
    "target",
    "delay",
    "summons",
    "interrogated",
    "outcome",
    "length",
    "owner",
    "appeal",
    "appeal_won",
]


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
        decisions=ids.aspects(f"behaviour.{key}", ASPECTS),
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


def compile_score(
    scenario: schema.Scenario, positions: Mapping[str, int], ids: Decisions
) -> ScorePlan | None:
    """Compile the score with its rules and factors, or None without a score."""
    score = scenario.score
    if score is None:
        return None
    slots = allowance_slots(scenario)
    start = scenario.initial.score
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
        start_cumulative=streams.cumulative(start.weights) if start else (),
        start_points=start.points if start else (),
        slots=len(slots),
    )


def live_rules(scenario: schema.Scenario) -> list[tuple[str, schema.Rule]]:
    """Return the rules that are on, sorted by id."""
    return [(k, r) for k, r in sorted(scenario.rule.items()) if not r.disabled]


def allowance_slots(scenario: schema.Scenario) -> dict[str, int]:
    """Number the rules that need a monthly counter: an allowance, or a factor that reads it."""
    read = {f.rule for f in scenario.score.factor.values()} if scenario.score else set()
    named = [k for k, r in live_rules(scenario) if r.on == "record" and (r.allowance > 0 or k in read)]
    return {k: slot for slot, k in enumerate(named)}


def compile_rules(
    scenario: schema.Scenario, positions: Mapping[str, int], slots: Mapping[str, int]
) -> Iterable[RulePlan]:
    """Compile the rules on records; one without points and counter, or without its behaviour, is inert."""
    weighted = scenario.score is not None and scenario.score.kind == "weighted"
    for key, rule in live_rules(scenario):
        points = 0 if weighted else rule.points
        counts = points or (weighted and key in slots)
        if rule.on == "record" and rule.behaviour is not None and rule.behaviour in positions and counts:
            yield RulePlan(key, positions[rule.behaviour], points, rule.allowance, slots.get(key, -1))


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
            )
        )
        slot += termed
    return tuple(out)


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
                    table, mode.requests_per_day, mode.traveller_share, None, mode.activity_cv, mode, ids
                ),
                retry=streams.threshold(mode.retry_share),
                retries_max=mode.retries_max,
                stop=streams.threshold(mode.stop_share),
                substitute=0 if name == "rail" else streams.threshold(mode.substitute_share),
                decisions=ids.aspects(table, ("request", "retry", "stop", "substitute")),
            )
        )
    return tuple(out)


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
