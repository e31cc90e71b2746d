"""A scenario as the page shows it: findings, every value with what it rests on, every switch, what was changed."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from glasshouse.errors import GlasshouseError, clean
from glasshouse.scenario.json_schema import field_at
from glasshouse.scenario.load import load_text
from glasshouse.scenario.switches import MECHANISMS, TABLES, found
from glasshouse.scenario.units import unit_of
from glasshouse.views.studio.answers import findings, without_places
from glasshouse.views.studio.form import LABELS, OUTSIDE, in_words
from glasshouse.views.studio.wish import NAME, is_press, known_presets, preset_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.scenario.evidence import Evidence
    from glasshouse.scenario.load import Loaded
    from glasshouse.views.studio.wish import Wish

__all__ = ["checked"]

# The number that says most about an entry of a table, to tell what it rests on.
TELLING = (
    "points",
    "per_day",
    "entry_score_below",
    "entry_share",
    "passed_on_share",
    "friend_share",
    "term_days",
)
OF_MECHANISM = {
    "police": "police.interrogated_share",
    "owners": "police.owner_liable_share",
    "removal": "removed_share",
    "identity": "identity.new_line.per_day",
}


def checked(wish: Wish) -> dict[str, Any]:
    """Return what the page shows of a wish: findings, and, where it is valid, everything in it."""
    text = wish.text or ""
    try:
        text = wish.written
        loaded = load_text(text, name=NAME)
    except GlasshouseError as error:
        return _invalid(error, text)
    base = base_of(wish, loaded)
    return {
        "ok": True,
        "diagnostics": findings(loaded.warnings, loaded.texts),
        "text": text,
        "title": loaded.scenario.title,
        "notice": loaded.scenario.notice,
        "press": is_press(loaded),
        "preset": base,
        "values": list(values(loaded, flat_preset(base) if base else {})),
        "rules": list(switches(loaded)),
        "changes": list(changes(loaded, flat_preset(base))) if base else [],
    }


def _invalid(error: GlasshouseError, text: str) -> dict[str, Any]:
    """Return what the page shows of a scenario that is not valid."""
    found = findings(getattr(error, "diagnostics", ()), {NAME: text})
    if not found:
        words = {"message": without_places(error.message), "help": without_places(error.help or "")}
        place = dict.fromkeys(("line", "column", "end_column"))
        found = [
            {
                "severity": "error",
                "code": "",
                "title": "",
                "path": "",
                "notes": [],
                "file": "",
                "frame": "",
                **place,
                **words,
            }
        ]
    empty: dict[str, Any] = {"values": [], "rules": [], "changes": []}
    head = {"title": "", "notice": "", "press": False, "preset": None}
    return {"ok": False, "diagnostics": found, "text": text, **head, **empty}


def base_of(wish: Wish, loaded: Loaded) -> str | None:
    """Return the preset that a scenario begins from: the one asked for, or the one that its text extends."""
    if wish.preset is not None:
        return wish.preset
    parents = [name.removesuffix(".toml") for name, _ in loaded.chain[1:2]]
    return next((name for name in parents if name in known_presets()), None)


@lru_cache(maxsize=32)
def flat_preset(name: str) -> Mapping[str, Any]:
    """Return every value of a preset by dotted path."""
    return flat(preset_of(name))


def flat(loaded: Loaded) -> Mapping[str, Any]:
    """Return every value of a scenario by dotted path; an array is one value."""
    tree = loaded.scenario.model_dump()
    return dict(_leaves({key: value for key, value in tree.items() if key not in OUTSIDE}, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the values in a table that are no tables, and not the labels."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in LABELS:
                yield from _leaves(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{path}.{number}")
    elif value is not None:
        yield path, plain(value)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple) else value


def values(loaded: Loaded, before: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every value with its bounds, what it rests on, and what the preset has there."""
    for path, value in flat(loaded).items():
        field = bounds_at(path)
        yield {
            "path": path,
            "value": value,
            "default_of_preset": before.get(path),
            "unit": unit_of(path.rpartition(".")[2]) if is_number(value) else "",
            "minimum": field.get("minimum", field.get("exclusiveMinimum")),
            "maximum": field.get("maximum"),
            **basis(loaded, loaded.evidence.get(path)),
        }


def bounds_at(path: str) -> Mapping[str, Any]:
    """Return the schema of a number, or of the items of an array of numbers."""
    parts = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
    field = field_at(parts)
    return field_at((*parts, 0)) if field.get("type") == "array" else field


def is_number(value: Any) -> bool:
    """Say whether a value is a number, or an array of numbers."""
    one = value[0] if isinstance(value, list) and value else value
    return isinstance(one, int | float) and not isinstance(one, bool)


def basis(loaded: Loaded, evidence: Evidence | None) -> dict[str, Any]:
    """Return what a number rests on: grade, source in words, its address, the range of an assumption, a note."""
    source = loaded.scenario.source.get(evidence.source) if evidence and evidence.source else None
    words = ", ".join(part for part in (source.title, source.author, source.date) if part) if source else ""
    return {
        "grade": (evidence.grade or "") if evidence else "",
        "source": clean(words, 300),
        "source_url": web_address(source.url) if source else "",
        "range": [float(end) for end in evidence.range] if evidence and evidence.range else None,
        "note": clean(evidence.note, 400) if evidence else "",
        "written": clean(evidence.written, 80) if evidence else "",
    }


def web_address(url: str) -> str:
    """Return an address that a page may link to; nothing for any other kind of link."""
    return clean(url, 400) if url.startswith(("https://", "http://")) else ""


def switches(loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Yield everything that can be switched off, by the id that `--without` takes."""
    tree = loaded.scenario.model_dump(exclude_unset=True)
    whole = loaded.scenario.model_dump()
    for table in TABLES:
        for name, entry in (whole.get(table) or {}).items():
            yield {
                "id": f"{table}.{name}",
                "kind": table,
                "title": clean(entry.get("label") or in_words(name), 120),
                "on": not entry.get("disabled", False),
                **basis(loaded, telling(loaded, f"{table}.{name}")),
            }
    for name in MECHANISMS:
        if found(tree, name) == ("", name):
            evidence = next(
                (one for path, one in loaded.evidence.items() if path.endswith(OF_MECHANISM[name])), None
            )
            on = any(value not in (0, "none") for value in at_work(whole, name))
            yield {
                "id": name,
                "kind": "mechanism",
                "title": in_words(name),
                "on": on,
                **basis(loaded, evidence),
            }


def at_work(tree: Mapping[str, Any], mechanism: str) -> Iterator[Any]:
    """Yield the values that make a mechanism."""
    for path in MECHANISMS[mechanism]:
        nodes: list[Any] = [tree]
        for part in path:
            tables = [node for node in nodes if isinstance(node, dict)]
            nodes = [one for node in tables for key, one in node.items() if part in ("*", key)]
        yield from nodes


def telling(loaded: Loaded, place: str) -> Evidence | None:
    """Return the evidence of the number that says most about an entry, or of its first."""
    known = [f"{place}.{name}" for name in TELLING]
    inside = [path for path in loaded.evidence if path.startswith(f"{place}.")]
    return next((loaded.evidence[path] for path in (*known, *inside) if path in loaded.evidence), None)


def changes(loaded: Loaded, before: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a scenario has differently from the preset it begins from."""
    after = flat(loaded)
    for path in dict.fromkeys([*before, *after]):
        if before.get(path) != after.get(path):
            yield {"path": path, "from": before.get(path), "to": after.get(path)}
