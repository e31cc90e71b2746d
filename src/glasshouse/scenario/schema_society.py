"""Who lives in a scenario: people, their start, and who is tied to whom."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from glasshouse.scenario.schema_types import (
    Age,
    Group,
    Id,
    ScorePoints,
    Share,
    Spread,
    Table,
    Text,
    Weight,
    Weights,
    array,
)


class Source(Table):
    """Where figures come from; numbers name it by its key."""

    title: Text = Field(description="Title of the page or document.")
    author: Text = Field(default="", description="Author or office.")
    date: Text = Field(default="", description="Date of the source as printed there.")
    url: Text = Field(default="", description="Public address.")
    locator: Text = Field(default="", description="Article, table, section or paragraph.")


class Society(Table):
    """Who lives there and for how long."""

    citizens: int = Field(default=100_000, ge=1, le=10**16, description="Number of citizens, all ages.")
    days: int = Field(default=365, ge=1, le=3_650, description="Days simulated.")
    start_date: dt.date = Field(default=dt.date(2019, 1, 1), description="Date of the first day.")
    seed: int = Field(default=1, ge=0, le=2**64 - 1, description="World seed; replicates differ in it.")
    female_share: Share = Field(default=0.4877, description="Share of women and girls.")
    urban_share: Share = Field(default=0.6389, description="Share living in towns.")
    age_from: array(Age, 1, 16) = Field(
        default=(0, 15, 60, 65),
        description="First age of each age band; the first is 0, the last ends at 99.",
    )
    age_shares: Weights = Field(
        default=(0.1795, 0.6335, 0.0520, 0.1350), description="Share of citizens in each age band; sum 1."
    )
    online_from: array(Age, 1, 16) = Field(default=(0,), description="First age of each online band.")
    online_shares: Weights = Field(default=(0.704,), description="Share of each online band that is online.")
    group_shares: dict[Group, Share] = Field(
        default={"a": 1.0}, description="Abstract groups a to h and their shares; sum 1."
    )


class InitialScore(Table):
    """Start scores by class: a class is drawn once per member, or is the activity class of a behaviour."""

    weights: Weights | None = Field(
        default=None, description="Share of members in each class; sum 1. Absent with `class_of`."
    )
    class_of: Id | None = Field(
        default=None, description="Behaviour whose activity classes, in their order, are the classes."
    )
    points: array(ScorePoints, 1, 16) = Field(description="Start score of each class, in points.")
    spread_points: array(Spread, 1, 16) | None = Field(
        default=None, description="Start scores of a class lie evenly between its points and so many more."
    )


class Initial(Table):
    """The state before day 0."""

    listed_share: dict[Id, Share] = Field(
        default={}, description="List id -> share of citizens within the list's ages already on it on day 0."
    )
    listed_below_points: dict[Id, ScorePoints] = Field(
        default={}, description="List id -> members whose start score is below are on it on day 0."
    )
    score: InitialScore | None = Field(default=None, description="Start scores other than the base.")


class Circle(Table):
    """A partition of the citizens into groups: household, work, chat group. Nothing is stored."""

    disabled: bool = Field(default=False, description="As if the table were absent.")
    scope: Literal["province", "nation"] = Field(description="Groups stay in a province, or span the nation.")
    sizes: array(Annotated[int, Field(ge=1, le=500)], 1, 16) = Field(
        description="Group sizes, repeated in this order over the permuted citizens."
    )
    friend_share: Share = Field(default=0.0, description="Probability that two members are friends.")
    chat: bool = Field(default=False, description="A messenger group with an owner; members see punishments.")


class Ring(Table):
    """A ring of all citizens in a keyed order: every citizen befriends the next and the previous one."""

    disabled: bool = Field(default=False, description="As if the table were absent.")


class Graph(Table):
    """An explicit friend graph, stored; for populations that can afford it."""

    kind: Literal[
        "erdos-renyi", "watts-strogatz", "barabasi-albert", "block", "configuration", "complete"
    ] = Field(description="How the graph is drawn.")
    mean_friends: float | None = Field(
        default=None, ge=0, le=200, description="Mean number of friends (erdos-renyi, block)."
    )
    k: int | None = Field(
        default=None, ge=1, le=200, description="Neighbours on the lattice, even (watts-strogatz)."
    )
    rewired_share: Share | None = Field(default=None, description="Share of ties rewired (watts-strogatz).")
    m: int | None = Field(
        default=None, ge=1, le=100, description="Ties each newcomer makes (barabasi-albert)."
    )
    within_share: Share | None = Field(
        default=None, description="Share of ties that stay inside the block of the province (block)."
    )
    degrees: array(Annotated[int, Field(ge=0, le=255)], 1, 64) | None = Field(
        default=None, description="Degrees of the published distribution (configuration)."
    )
    degree_shares: array(Weight, 1, 64) | None = Field(
        default=None, description="Share of citizens with each degree; sum 1 (configuration)."
    )


class Ties(Table):
    """What friends see of each other, and whether ties are cut."""

    flag: Literal["low_score", "listed"] = Field(
        default="low_score", description="Which published status of a friend counts as bad."
    )
    cut_share: Share = Field(
        default=0.0, description="Probability on the 1st to cut each tie to a flagged friend, for 12 months."
    )
