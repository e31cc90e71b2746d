"""The fields of a form, made from the JSON Schema of the scenario language: page and language cannot drift apart."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from glasshouse.scenario.json_schema import field_at
from glasshouse.scenario.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.scenario.positions import Path

__all__ = ["LABELS", "OUTSIDE", "form"]

ANY = "*"  # stands in a path for every name, or number, of a table
OUTSIDE = ("glasshouse", "title", "summary", "notice", "limits", "strict_sources", "variant", "source")
LABELS = (
    "label",
    "data_context",
    "effect_context",
)  # words for people and for `assess`: no part of what is lived
KINDS = {"integer": "integer", "number": "number", "boolean": "boolean"}


@lru_cache(maxsize=1)
def form() -> dict[str, Any]:
    """Return the tables of the language as sections, each with its fields."""
    tables = field_at(())["properties"]
    sections = []
    for name in tables:
        if name not in OUTSIDE:
            table = field_at((name,))
            words = str(tables[name].get("description") or table.get("description", ""))
            fields = list(_fields((name,), name))
            sections.append({"id": name, "title": in_words(name), "description": words, "fields": fields})
    return {"sections": sections}


def _fields(path: Path, shown: str) -> Iterator[dict[str, Any]]:
    """Yield the fields at and below a path; `shown` is the path as the page has it."""
    schema = field_at(path)
    if schema.get("properties"):
        for name in schema["properties"]:
            if name not in LABELS:
                yield from _fields((*path, name), f"{shown}.{name}")
    elif schema.get("type") == "object":
        yield from _fields((*path, ANY), f"{shown}.{ANY}")
    elif schema.get("type") == "array" and field_at((*path, 0)).get("properties"):
        yield from _fields((*path, 0), f"{shown}.{ANY}")
    elif kind := kind_of(path, schema):
        yield _field(shown, kind, schema, field_at((*path, 0)) if kind in ("numbers", "words") else schema)


def kind_of(path: Path, schema: Mapping[str, Any]) -> str:
    """Return what a field takes: a number, a choice and the like; nothing for what a form cannot show."""
    if schema.get("enum"):
        return "choice"
    if schema.get("type") == "array":
        return "numbers" if field_at((*path, 0)).get("type") in ("integer", "number") else "words"
    if schema.get("type") == "string":
        return "date" if schema.get("format") == "date" else "text"
    return KINDS.get(str(schema.get("type")), "")


def _field(shown: str, kind: str, schema: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """Return one field; bounds and choices of a list are those of its items."""
    name = shown.rpartition(".")[2]
    low, above = item.get("minimum"), item.get("exclusiveMinimum")
    return {
        "path": shown,
        "title": in_words(name if name != ANY else shown.split(".")[-2]),
        "description": schema.get("description", ""),
        "unit": unit_of(shown.removesuffix(f".{ANY}").rpartition(".")[2])
        if kind in ("integer", "number", "numbers")
        else "",
        "type": kind,
        "minimum": above if low is None else low,
        "maximum": item.get("maximum"),
        "choices": [str(one) for one in item["enum"]] if item.get("enum") else None,
        "default": schema.get("default"),
    }


def in_words(name: str) -> str:
    """Return a key in words.

    >>> in_words("recovery_every_days")
    'Recovery every days'
    """
    return name.replace("_", " ").replace("-", " ").capitalize()
