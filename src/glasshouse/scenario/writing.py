"""A changed scheme as a TOML text that loads by itself: what it extends, and what differs from that.

`--set` and `--without` change the tree of a scenario (`changes`, `switches`); here the changed tree is laid beside the
tree it began as, and what differs is written. What was taken out is written as its default.
"""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any, TypeGuard

from glasshouse.scenario import changes
from glasshouse.scenario.evidence import is_evidence
from glasshouse.scenario.json_schema import field_at
from glasshouse.scenario.load import PRESETS, merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from glasshouse.scenario.explain import Problem
    from glasshouse.scenario.positions import Path

    Tree = Mapping[str, Any]

__all__ = ["changed_text", "differing", "written"]

WIDTH = 100  # a longer list has a line for each item
BARE = re.compile(r"[A-Za-z0-9_-]+")
READING = ("glasshouse", "extends")  # written first
OWN_CITATIONS = "strict_sources"  # a number set from outside has no citation to check


def changed_text(
    source: str, chosen: Mapping[str, object], without: Sequence[str], *, text: str | None = None
) -> tuple[str, list[Problem]]:
    """Return a preset, or a text called `source`, with changes, as a text of its own, and what cannot be changed.

    Args:
        source: Preset id, or name of the text.
        chosen: Numbers to change, by dotted path.
        without: Rules, lists, behaviours, platforms or mechanisms to switch off.
        text: The text; None for a preset.

    Raises:
        ScenarioError: the text cannot be read.
    """
    tree, parent = merged(source, text=text)
    changed = copy.deepcopy(tree)
    problems, _ = changes.apply(changed, chosen, without)
    if text is None:
        return written(changed, tree, source), problems
    changed.pop(OWN_CITATIONS, None)
    known = parent is not None and (PRESETS / f"{parent}.toml").is_file()
    under = merged(str(parent))[0] if known else {}
    under.pop(OWN_CITATIONS, None)
    return written(changed, under, parent if known else None), problems


def written(tree: Tree, under: Tree, extends: str | None) -> str:
    """Return the text of a tree that extends another: what it has differently, or all where it extends nothing."""
    head = ["glasshouse = 1"]
    if extends is not None:
        head.append(f"extends = {spelled(extends)}")
    own = {key: value for key, value in differing(tree, under).items() if key not in READING}
    return "\n".join([*head, *lines_of(own, ())]) + "\n"


def differing(tree: Tree, under: Tree, path: Path = ()) -> dict[str, Any]:
    """Return what a tree has differently from the one it is laid over; what it lacks stands at its default."""
    out: dict[str, Any] = {}
    for key, value in tree.items():
        before, here = under.get(key), (*path, key)
        if key not in under:
            out[key] = value
        elif is_table(value) and is_table(before) and not other_graph(here, value, before):
            inner = differing(value, before, here)
            if inner:
                out[key] = inner
        elif value != before or isinstance(value, bool) is not isinstance(before, bool):
            out[key] = value
    gone = (key for key in under if key not in tree)
    defaults = {key: field_at((*path, key)).get("default") for key in gone}
    return out | {key: default for key, default in defaults.items() if default is not None}


def is_table(value: object) -> TypeGuard[Tree]:
    """Say whether a value is a table and no number with its evidence."""
    return isinstance(value, dict) and not is_evidence(value)


def other_graph(path: Path, value: Tree, before: Tree) -> bool:
    """Say whether a friend graph is of another kind: then it replaces the one it is laid over."""
    return path == ("graph",) and value.get("kind") != before.get("kind")


def lines_of(table: Tree, path: Path) -> Iterator[str]:
    """Yield the lines of a table: its own settings, then the tables in it."""
    plain = {key: value for key, value in table.items() if not is_table(value)}
    if path and (plain or not table):
        yield ""
        yield f"[{'.'.join(key_of(part) for part in path)}]"
    for key, value in plain.items():
        yield f"{key_of(key)} = {spelled(value)}"
    for key, value in table.items():
        if is_table(value):
            yield from lines_of(value, (*path, key))


def key_of(name: object) -> str:
    """Return a key, in quotation marks where it needs them."""
    return str(name) if BARE.fullmatch(str(name)) else quoted(str(name))


def spelled(value: Any) -> str:
    """Return a value as TOML spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key_of(key)} = {spelled(one)}' for key, one in value.items())} }}"
    if isinstance(value, list):
        items = [spelled(one) for one in value]
        if sum(map(len, items)) > WIDTH:
            return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
        return f"[{', '.join(items)}]"
    if isinstance(value, float) or hasattr(value, "is_finite"):
        return decimal(str(value))
    return str(value)  # whole numbers, dates


def decimal(digits: str) -> str:
    """Return the digits of a number that is no whole one as TOML spells them."""
    special = {"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}
    return special.get(digits, digits)


def quoted(text: str) -> str:
    """Return text in quotation marks, control characters escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
