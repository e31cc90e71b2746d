"""What fields of the scenario language may hold: bounds, names, and the strict table they all are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_CITIZENS = 4_000_000_000
MAX_BEHAVIOURS = 24
MAX_RULES = 32
MAX_LISTS = 8
MAX_PLATFORMS = 8
MAX_CIRCLES = 8
MAX_RINGS = 16
MAX_FACTORS = 16
MAX_TERMED_LISTS = 3
MAX_ALLOWANCES = 3
MAX_FRIENDS = 255
MODES = ("plane", "high_speed_rail", "rail")
GROUPS = ("a", "b", "c", "d", "e", "f", "g", "h")

Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
Text = Annotated[str, Field(max_length=2000)]
Share = Annotated[float, Field(ge=0, le=1)]
PerDay = Annotated[float, Field(ge=0, le=1)]
Multiplier = Annotated[float, Field(ge=0, le=1000)]
Points = Annotated[int, Field(ge=-10_000, le=10_000)]
ScorePoints = Annotated[int, Field(ge=-30_000, le=30_000)]
Spread = Annotated[int, Field(ge=0, le=60_000)]
Days = Annotated[int, Field(ge=0, le=3_650)]
ShortDays = Annotated[int, Field(ge=0, le=250)]
Age = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=1)]
Group = Literal["a", "b", "c", "d", "e", "f", "g", "h"]
Mode = Literal["plane", "high_speed_rail", "rail"]
ActivityCv = Literal["0.25", "0.5", "0.75", "1", "1.5", "2", "3"]
Gravity = Annotated[float, Field(ge=0, le=10)]
Severity = Annotated[float, Field(ge=0, le=1000)]
Context = Literal[
    "speech",
    "purchases",
    "internet",
    "finance",
    "travel",
    "ties",
    "identity",
    "conduct",
    "business",
    "civic",
    "employment",
    "education",
    "services",
]
Effect = Context | Literal["penalty"]


class Table(BaseModel):
    """A table of the scenario: strict, frozen, unknown keys refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def array(item: type, low: int, high: int):  # noqa: ANN201 - a pydantic annotation
    """An array of `low` to `high` items: TOML gives lists, the models keep tuples."""
    return Annotated[tuple[item, ...], Field(strict=False, min_length=low, max_length=high)]


Weights = array(Weight, 1, 16)
Multipliers = array(Multiplier, 1, 16)
