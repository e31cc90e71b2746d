"""The JSON Schema of the scenario language, for editors, forms and our own messages.

Files that begin with `#:schema ./glasshouse.schema.json` are checked while they are written, by
Tombi and by Taplo. It is made from the models and says the same; only meaning (`lint`) is beyond it.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glasshouse.scenario.positions import Path

__all__ = ["field_at", "scenario_json_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_GRADED = {
    "grade": {
        "enum": ["documented", "reported", "derived", "assumed"],
        "description": "How far the number is known; assumed numbers give a range, others a source.",
    },
    "range": {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 2,
        "maxItems": 2,
        "description": "[low, high], in the units of the number beside it.",
    },
    "source": {"type": "string", "description": "Key of a [source.<key>] table."},
    "note": {"type": "string", "description": "A word of explanation."},
}
_PER = {"enum": ["day", "week", "month", "year"], "description": "Unit of time of the rate as written."}


@lru_cache(maxsize=1)
def _plain() -> dict[str, Any]:
    """Return the models' own schema, without evidence."""
    from glasshouse.scenario.schema import MAX_CITIZENS, Scenario

    schema = Scenario.model_json_schema()
    # the model lets more through, so that a wish for too many can be answered with what it would need
    schema["$defs"]["Society"]["properties"]["citizens"]["maximum"] = MAX_CITIZENS
    return schema


def field_at(path: Path) -> dict[str, Any]:
    """Return the schema of the field at `path`, references followed; empty when there is no such field."""
    schema = _resolve(_plain())
    for part in path:
        if isinstance(part, int):
            schema = schema.get("items", {})
        elif part in schema.get("properties", {}):
            schema = schema["properties"][part]
        else:
            schema = _entry(schema)
        if not isinstance(schema, dict):
            return {}
        schema = _resolve(schema)
    return schema


def _entry(schema: dict[str, Any]) -> Any:
    """Return the schema of any entry of a table with free names; patterns stand under `patternProperties`."""
    for entry in schema.get("patternProperties", {}).values():
        return entry
    return schema.get("additionalProperties", {})


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref` and optional values to what they stand for; own titles and descriptions win."""
    for branch in [*schema.get("anyOf", ()), *schema.get("allOf", ())]:
        if branch.get("type") != "null":
            schema = {
                **branch,
                **{key: value for key, value in schema.items() if key not in ("anyOf", "allOf")},
            }
            break
    if "$ref" in schema:
        target = _plain()["$defs"][schema["$ref"].rpartition("/")[2]]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def scenario_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    Every number, and every array of numbers, may also be a table with its evidence.
    """
    schema = copy.deepcopy(_plain())
    for definition in [schema, *schema["$defs"].values()]:
        definition.pop("required", None)  # a variant may leave any key to the scenario it extends
        for name, field in definition.get("properties", {}).items():
            definition["properties"][name] = _with_evidence(_without_null(field), name)
    schema["properties"]["glasshouse"] = {**_plain()["properties"]["glasshouse"]}
    schema["$defs"].update(_evidence_tables())
    schema["properties"].update(_reading_keys())
    schema["required"] = ["glasshouse"]
    schema["anyOf"] = [{"required": ["extends"]}, {"required": ["title", "society"]}]
    return {
        "$schema": DIALECT,
        "title": "Glasshouse scenario",
        **{k: v for k, v in schema.items() if k != "title"},
    }


def _reading_keys() -> dict[str, Any]:
    """Return the keys that are dealt with before the models see the scenario."""
    return {
        "extends": {
            "type": "string",
            "description": "Preset id, or relative path, of the scenario this one changes.",
        },
        "normalise": {
            "type": "boolean",
            "default": False,
            "description": "Scale shares that do not sum to 1.",
        },
    }


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """Return a field without its null branch and default: TOML has no null."""
    branches = [branch for branch in field.get("anyOf", ()) if branch.get("type") != "null"]
    if not branches:
        return field
    rest = {
        key: value
        for key, value in field.items()
        if key != "anyOf" and not (key == "default" and value is None)
    }
    return {**branches[0], **rest} if len(branches) == 1 else {"anyOf": branches, **rest}


def _with_evidence(field: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a field that takes a number, or also the table that gives its evidence."""
    if isinstance(field.get("additionalProperties"), dict):
        return {**field, "additionalProperties": _with_evidence(field["additionalProperties"], name)}
    if "patternProperties" in field:
        entries = {
            pattern: _with_evidence(entry, name) for pattern, entry in field["patternProperties"].items()
        }
        return {**field, "patternProperties": entries, "additionalProperties": False}
    kind = _number_kind(field)
    if kind is None:
        return field
    table = f"{kind}Evidence{'PerDay' if name.endswith('per_day') else ''}"
    outer = {key: field[key] for key in ("title", "description", "default") if key in field}
    inner = {key: value for key, value in field.items() if key not in outer}
    return {**outer, "anyOf": [inner, {"$ref": f"#/$defs/{table}"}]}


def _number_kind(field: dict[str, Any]) -> str | None:
    """Return `Number` or `Array` when the field holds numbers, else None."""
    if field.get("type") in ("number", "integer"):
        return "Number"
    if field.get("type") == "array" and field.get("items", {}).get("type") in ("number", "integer"):
        return "Array"
    return None


def _evidence_tables() -> dict[str, Any]:
    """Return the definitions of the evidence tables: a number or an array, a rate or not."""
    number: dict[str, Any] = {"type": "number"}
    tables = {}
    for kind, value in (("Number", number), ("Array", {"type": "array", "items": number})):
        for suffix, more in (("", {}), ("PerDay", {"per": _PER})):
            tables[f"{kind}Evidence{suffix}"] = {
                "type": "object",
                "description": "A number with what it rests on.",
                "properties": {
                    "value": {**value, "description": "The value."},
                    "percent": {**value, "description": "The value in percent."},
                    **more,
                    **_GRADED,
                },
                "oneOf": [{"required": ["value"]}, {"required": ["percent"]}],
                "additionalProperties": False,
            }
    return tables
