"""The parts of a plan: frozen tables of plain ints, one class per mechanism.

A field with a default came later than the first digests: at its default it has no part in them (`records.digest`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.streams import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.model.plan_learn import LearnPlan
    from glasshouse.society.population import Population
    from glasshouse.society.ties import TiesPlan

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
    start_decision: int = BUILTIN["initial.score"]  # of the class: this, or that of a behaviour's classes
    start_spread: tuple[int, ...] = ()  # empty: every class has one score


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
    start_below: int = -32768  # start scores below it are on the list


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
    mirrored: bool = False  # every bit of luck of the days is the other one; people and ties are the same
    vacant: tuple[int, ...] = ()  # places at which nobody lives, ascending

    @property
    def luck(self) -> int:
        """What the draws of days take for a seed: `streams.four_words`."""
        return self.seed + streams.COMPLEMENT * self.mirrored

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
