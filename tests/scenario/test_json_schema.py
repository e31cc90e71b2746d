"""The JSON Schema: it is one, it takes what the loader takes, and it refuses what editors should mark."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from glasshouse.scenario.json_schema import field_at, scenario_json_schema
from glasshouse.scenario.load import PRESETS

jsonschema = pytest.importorskip("jsonschema")
WARNED = sorted((Path(__file__).parent / "warned").glob("*.toml"))


def as_json(value: Any) -> Any:
    """Return a TOML tree as JSON has it: dates as text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def valid(tree: dict[str, Any]) -> bool:
    """Return whether the schema takes a tree."""
    return jsonschema.Draft202012Validator(scenario_json_schema()).is_valid(as_json(tree))


def test_is_a_schema() -> None:
    """It is a valid schema of its dialect, and keeps the models' descriptions."""
    schema = scenario_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$defs"]["Behaviour"]["properties"]["per_day"]["description"].startswith(
        "Probability on one day"
    )
    assert field_at(("behaviour", "games", "per_day"))["maximum"] == 1
    assert field_at(("no", "such", "field")) == {}


@pytest.mark.parametrize("path", [*WARNED, *sorted(PRESETS.glob("*.toml"))], ids=lambda path: path.stem)
def test_takes_good_scenarios(path: Path) -> None:
    """Scenarios that load are valid."""
    assert valid(tomllib.loads(path.read_text(encoding="utf-8")))


GOOD: dict[str, Any] = {
    "glasshouse": 1,
    "title": "Town",
    "society": {"citizens": 10, "female_share": {"percent": 48, "grade": "documented", "source": "census"}},
    "behaviour": {
        "games": {
            "kind": "other",
            "per_day": {"value": 3, "per": "month"},
            "seen_on": {"chats": {"value": 0.5}},
        }
    },
    "source": {"census": {"title": "Census"}},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("society", "citizens"), -1),
        (("society", "female_share"), {"percent": 48, "value": 0.48}),
        (("society", "female_share"), {"value": 0.48, "per": "day"}),
        (("society", "female_share"), {"value": 0.48, "grade": "guessed"}),
        (("society", "sead"), 1),
        (("behaviour", "games", "per_day"), {"value": 3, "per": "fortnight"}),
        (("behaviour", "games", "kind"), "gaming"),
        (("behaviour", "Games"), {"kind": "other", "per_day": 0.1}),
        (("glasshouse",), 2),
    ],
)
def test_marks_faults(path: tuple[str, ...], value: object) -> None:
    """What the loader refuses in form, the schema refuses too."""
    tree = copy.deepcopy(GOOD)
    assert valid(tree)
    table = tree
    for part in path[:-1]:
        table = table[part]
    table[path[-1]] = value
    assert not valid(tree)


def test_a_variant_needs_only_its_parent() -> None:
    """With `extends`, title and society may be left to the parent."""
    assert valid({"glasshouse": 1, "extends": "as-reported"})
    assert not valid({"glasshouse": 1})
