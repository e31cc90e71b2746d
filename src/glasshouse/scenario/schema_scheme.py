"""What a scheme does to people: points, score, lists, police, redress, and what they learn from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from glasshouse.scenario.schema_types import (
    Age,
    Context,
    Days,
    Effect,
    Id,
    Mode,
    PerDay,
    Points,
    ScorePoints,
    Severity,
    Share,
    ShortDays,
    Table,
    Text,
    Weight,
    Weights,
    array,
)


class Rule(Table):
    """Points for the records of a behaviour, or for having low-scoring friends."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    label: Text = Field(default="", description="Words for people.")
    on: Literal["record", "association"] = Field(default="record", description="What the points follow.")
    points: Points = Field(description="Points per record (or per evaluation); negative is a loss.")
    behaviour: Id | None = Field(default=None, description="Whose records (on = record).")
    allowance: int = Field(
        default=0, ge=0, le=30, description="Free records per calendar month; the next and later ones cost."
    )
    min_friends: int | None = Field(
        default=None, ge=1, le=255, description="Flagged friends needed (on = association)."
    )
    min_share: Share | None = Field(
        default=None, description="Share of flagged friends needed (on = association)."
    )
    every: Literal["month", "day"] = Field(default="month", description="When associations are evaluated.")
    data_context: Context | None = Field(
        default=None, description="Part of life it looks at; its behaviour's if absent. A label for `assess`."
    )


class Grade(Table):
    """A band of the score."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9+_-]{1,16}$")] = Field(description="Name of the band.")
    from_points: ScorePoints = Field(description="Lowest score of the band.")
    to_points: ScorePoints = Field(description="Highest score of the band.")


class Factor(Table):
    """One factor of a weighted score, a value from 0 to 1."""

    weight: Weight = Field(description="Weight of the factor; all weights sum to 1.")
    of: Literal["trait", "records", "friends"] = Field(description="What moves it.")
    weights: Weights = Field(default=(1.0,), description="Share of members in each class (trait); sum 1.")
    levels: array(Share, 1, 16) = Field(default=(1.0,), description="Value of each class (trait).")
    rule: Id | None = Field(
        default=None, description="Rule with an allowance whose records of the month lower it (records)."
    )
    full_at: int = Field(
        default=1, ge=1, le=31, description="Records in a month that take it to 0 (records)."
    )


class Score(Table):
    """The score of a scheme."""

    kind: Literal["points", "weighted"] = Field(
        default="points", description="Sum of points, or weighted factors."
    )
    role: Literal["output", "input_only"] = Field(
        default="output", description="output: sanctions follow from the score; input_only: it is only kept."
    )
    base_points: ScorePoints = Field(description="Score that members start at and recover to.")
    floor_points: ScorePoints = Field(description="Lowest score.")
    ceiling_points: ScorePoints = Field(description="Highest score.")
    min_age: Age = Field(default=18, description="Youngest member.")
    member_share: Share = Field(default=1.0, description="Share of those old enough who are scored.")
    recovery_points: int = Field(default=0, ge=0, le=1000, description="Points won back below the base.")
    recovery_every_days: int = Field(default=1, ge=1, le=365, description="Days between recoveries.")
    decay_points: int = Field(default=0, ge=0, le=1000, description="Points lost above the base.")
    decay_every_days: int = Field(default=1, ge=1, le=365, description="Days between decays.")
    low_cutoff_points: ScorePoints | None = Field(
        default=None, description="A score below this is published as low."
    )
    grade: array(Grade, 0, 16) = Field(default=(), description="Bands from low to high, without gaps.")
    factor: dict[Id, Factor] = Field(default={}, description="Factors of a weighted score.")


class ListRule(Table):
    """A list people are put on: sanctions close doors, perks open them."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    label: Text = Field(default="", description="Words for people.")
    kind: Literal["sanction", "perk"] = Field(default="sanction", description="Closes doors or opens them.")
    entry_score_below: ScorePoints | None = Field(default=None, description="Entry when the score is below.")
    entry_score_at_least: ScorePoints | None = Field(
        default=None, description="Entry when the score reaches it."
    )
    entry_records_of: array(Id, 0, 8) = Field(default=(), description="Entry on records of these behaviours.")
    entry_share: Share = Field(default=1.0, description="Probability that a day's records lead to entry.")
    entry_companies: bool = Field(
        default=False, description="Representatives are on it while their company is listed; no other entry."
    )
    term_days: Days | None = Field(default=None, description="Longest stay; absent: no term.")
    exit_score_at_least: ScorePoints | None = Field(
        default=None, description="Exit when the score reaches it."
    )
    exit_score_below: ScorePoints | None = Field(default=None, description="Exit when the score falls below.")
    performed_per_day: PerDay = Field(
        default=0.0, description="Daily probability to perform the debt and leave."
    )
    repaired_per_day: PerDay = Field(default=0.0, description="Daily probability to be repaired and leave.")
    closes: array(Mode, 0, 3) = Field(default=(), description="Ways of travel refused to those on it.")
    effect_context: Effect | None = Field(
        default=None, description="Part of life that being on it bars; a label for `assess`."
    )
    weight: Severity | None = Field(
        default=None, description="How heavy one day on it is; a day of detention is 1. A label for `assess`."
    )


class Sanction(Table):
    """What a sanction that is no list does to a life; labels for `assess`."""

    effect_context: Effect | None = Field(
        default=None, description="Part of life that it bars; `penalty` is an answer to the act itself."
    )
    weight: Severity | None = Field(
        default=None, description="How heavy one day of it, or one of it, is; a day of detention is 1."
    )


class Sanctions(Table):
    """Sanctions that are no lists."""

    detention: Sanction = Field(default=Sanction(), description="A day of detention.")
    suspension: Sanction = Field(default=Sanction(), description="A day of a suspended account.")
    offline: Sanction = Field(default=Sanction(), description="A day offline after a failed check.")
    fine: Sanction = Field(default=Sanction(), description="A fine.")
    reprimand: Sanction = Field(default=Sanction(), description="A reprimand.")
    pledge: Sanction = Field(default=Sanction(), description="A written pledge.")


class Outcomes(Table):
    """Exactly one outcome follows an interrogation; shares sum to 1."""

    pledge: Share = Field(description="A written pledge.")
    reprimand: Share = Field(description="A formal reprimand.")
    fine: Share = Field(description="A fine.")
    detention: Share = Field(description="Administrative detention.")


class Police(Table):
    """What follows a summons."""

    interrogated_share: Share = Field(
        default=1.0, description="Share of summonses that end in an interrogation."
    )
    outcomes: Outcomes = Field(description="Outcome of an interrogation.")
    detention_days: array(ShortDays, 1, 8) = Field(default=(5,), description="Lengths of detention.")
    detention_shares: array(Weight, 1, 8) = Field(default=(1.0,), description="Share of each length; sum 1.")
    owner_liable_share: Share = Field(
        default=0.0, description="Probability that a summons over a chat post reaches the group's owner."
    )
    owner_suspension_days: ShortDays = Field(default=0, description="Suspension of the owner's account.")
    owner_points: Points = Field(default=0, description="Points for the owner.")


class Redress(Table):
    """Appeals against the records of a day."""

    filed_share: Share = Field(description="Probability that a costly record is appealed.")
    decision_days: ShortDays = Field(description="Days from filing to decision, exactly.")
    won_if_false_share: Share = Field(description="Probability of winning when no record was true.")
    won_if_true_share: Share = Field(description="Probability of winning otherwise.")


class Learn(Table):
    """How people come to feel watched, and what they stop doing."""

    restraint: Literal["none", "proportional", "strategic"] = Field(
        default="none", description="none; proportional to perceived risk; strategic dissent."
    )
    strength: float = Field(default=1.0, ge=0, le=100, description="Restraint per unit of perceived risk.")
    own_weight: Share = Field(default=0.0, description="Rise of perceived risk on own punishment.")
    friend_weight: Share = Field(default=0.0, description="Rise for each friend punished the day before.")
    chat_weight: Share = Field(default=0.0, description="Rise for each chat member punished the day before.")
    bulletin_weight: float = Field(
        default=0.0, ge=0, le=1000, description="Rise per share of citizens sanctioned last month."
    )
    half_life_days: float = Field(default=90.0, ge=1, le=3650, description="Half-life of perceived risk.")
    tolerance: Share = Field(default=0.25, description="Dissent the scheme lets pass (strategic).")
    severity: float = Field(default=0.6, ge=0, le=100, description="Punishment feared (strategic).")
    punishment: Literal["uniform", "proportional"] = Field(
        default="uniform", description="Feared punishment: the same for all, or by excess (strategic)."
    )
    desire_mean: float = Field(default=0.25, gt=0, le=10, description="Mean desire to dissent (strategic).")
    boldness_mean: float = Field(default=2.0, gt=0, le=100, description="Mean boldness (strategic).")
