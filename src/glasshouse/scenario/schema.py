"""The scenario language: every table and field a scheme may hold, with unit, bounds and meaning.

Strict and frozen: unknown keys, wrong types and values outside the bounds are refused at the edge, so
that nothing further in has to check again. Shares and probabilities lie in [0, 1]; `_per_day` is the
probability that something happens to one citizen on one day; `_points` are whole points of the score;
`_days` are whole days. A number may carry its evidence (`scenario.evidence`); that is taken off before
these models see it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from glasshouse.scenario.schema_acts import (
    Behaviour,
    Check,
    Classes,
    Company,
    Identity,
    Platform,
    Travel,
    TravelMode,
)
from glasshouse.scenario.schema_scheme import (
    Factor,
    Grade,
    Learn,
    ListRule,
    Outcomes,
    Police,
    Redress,
    Rule,
    Sanction,
    Sanctions,
    Score,
)
from glasshouse.scenario.schema_society import (
    Circle,
    Graph,
    Initial,
    InitialScore,
    Ring,
    Society,
    Source,
    Ties,
)
from glasshouse.scenario.schema_types import (
    GROUPS,
    MAX_ALLOWANCES,
    MAX_BEHAVIOURS,
    MAX_CIRCLES,
    MAX_CITIZENS,
    MAX_FACTORS,
    MAX_FRIENDS,
    MAX_LISTS,
    MAX_PLATFORMS,
    MAX_RINGS,
    MAX_RULES,
    MAX_TERMED_LISTS,
    MODES,
    Id,
    Table,
    Text,
    array,
)

__all__ = [
    "GROUPS",
    "MAX_ALLOWANCES",
    "MAX_BEHAVIOURS",
    "MAX_CIRCLES",
    "MAX_CITIZENS",
    "MAX_FACTORS",
    "MAX_FRIENDS",
    "MAX_LISTS",
    "MAX_PLATFORMS",
    "MAX_RINGS",
    "MAX_RULES",
    "MAX_TERMED_LISTS",
    "MODES",
    "Behaviour",
    "Check",
    "Circle",
    "Classes",
    "Company",
    "Factor",
    "Grade",
    "Graph",
    "Identity",
    "Initial",
    "InitialScore",
    "Learn",
    "ListRule",
    "Outcomes",
    "Platform",
    "Police",
    "Redress",
    "Ring",
    "Rule",
    "Sanction",
    "Sanctions",
    "Scenario",
    "Score",
    "Society",
    "Source",
    "Table",
    "Ties",
    "Travel",
    "TravelMode",
    "Variant",
]


class Variant(Table):
    """Another form of the scheme to compare it with, as --without and --set make one; no part of the plan."""

    label: Text = Field(default="", description="Words for people.")
    without: array(Id, 0, 64) = Field(
        default=(), description="Rules, lists, behaviours or platforms that are switched off."
    )
    set: dict[str, Any] = Field(
        default={}, description="Dotted key -> value, with its evidence or without: `rule.games.points`."
    )


class Scenario(Table):
    """A scheme imposed on a society."""

    glasshouse: Literal[1] = Field(description="Version of the scenario language.")
    title: Annotated[str, Field(min_length=1, max_length=120)] = Field(description="Title in words.")
    summary: Text = Field(default="", description="One sentence.")
    notice: Text = Field(default="", description="Line shown wherever results of this scenario are shown.")
    limits: array(Text, 0, 20) = Field(default=(), description="Known limits of the scenario.")
    strict_sources: bool = Field(default=False, description="Every number must carry its evidence.")
    society: Society = Field(description="Who lives there and for how long.")
    initial: Initial = Field(default=Initial(), description="The state before day 0.")
    circle: dict[Id, Circle] = Field(default={}, description="Household, work, chat groups.")
    ring: dict[Id, Ring] = Field(default={}, description="Rings of friends.")
    graph: Graph | None = Field(default=None, description="Explicit friend graph.")
    behaviour: dict[Id, Behaviour] = Field(default={}, description="What citizens do.")
    platform: dict[Id, Platform] = Field(default={}, description="Companies that see it.")
    score: Score | None = Field(default=None, description="The score, if the scheme has one.")
    rule: dict[Id, Rule] = Field(default={}, description="Points.")
    list: dict[Id, ListRule] = Field(default={}, description="Lists that close or open doors.")
    travel: Travel = Field(default=Travel(), description="Tickets.")
    police: Police | None = Field(default=None, description="Summons and outcomes.")
    redress: Redress | None = Field(default=None, description="Appeals.")
    learn: Learn = Field(default=Learn(), description="Perceived risk and restraint.")
    ties: Ties = Field(default=Ties(), description="What friends see and do.")
    identity: Identity = Field(default=Identity(), description="Real-name and face checks.")
    company: Company | None = Field(default=None, description="Companies.")
    sanction: Sanctions = Field(
        default=Sanctions(), description="What sanctions do; labels, no part of the plan."
    )
    variant: dict[Id, Variant] = Field(default={}, description="Forms of the scheme to compare it with.")
    source: dict[Id, Source] = Field(default={}, description="Sources by key.")
