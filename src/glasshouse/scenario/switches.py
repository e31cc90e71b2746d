"""What `--without` can switch off: entries of tables by their id, and mechanisms by the names given here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.scenario.explain import Problem, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["MECHANISMS", "TABLES", "found", "switch_off"]

TABLES = ("rule", "list", "behaviour", "platform", "circle", "ring")
# Mechanism -> the keys that make it; without them their defaults hold, under which it does nothing.
MECHANISMS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "police": (("behaviour", "*", "summons_share"),),
    "owners": (("police", "owner_liable_share"),),
    "removal": (("behaviour", "*", "removed_share"), ("behaviour", "*", "suspended_share")),
    "identity": (
        ("identity", "new_line", "check"),
        ("identity", "renewal", "check"),
        ("identity", "login", "check"),
    ),
}


def switch_off(tree: dict[str, Any], name: str) -> Problem | None:
    """Switch off in `tree` what is called `name`: an id, `table.id`, or a mechanism, in this order.

    Tables on the way are copied, so that what the tree shares with others stays as it is.
    """
    place = found(tree, name)
    if place is None:
        known = [*(key for table in TABLES for key in entries(tree, table)), *mechanisms(tree)]
        near = meant(name, known)
        help = (
            f"did you mean `{near}`?" if near else f"there are: {clean(', '.join(known))}" if known else None
        )
        message = f"the counterfactual removes a rule that does not exist: `{clean(name)}`"
        return Problem("GH212", (), message, help)
    table, key = place
    if table:
        tree[table] = {**tree[table], key: {**tree[table][key], "disabled": True}}
    else:
        for path in MECHANISMS[key]:
            take_out(tree, path)
    return None


def found(tree: Mapping[str, Any], name: str) -> tuple[str, str] | None:
    """Return (table, id) of what `name` switches off, ("", mechanism), or None if there is nothing of this name."""
    table, dot, key = name.partition(".")
    if dot and table in TABLES and key in entries(tree, table):
        return table, key
    for one in TABLES:
        if name in entries(tree, one):
            return one, name
    return ("", name) if name in mechanisms(tree) else None


def entries(tree: Mapping[str, Any], table: str) -> dict[str, Any]:
    """Return the entries of a table by id."""
    there = tree.get(table)
    return {k: v for k, v in there.items() if isinstance(v, dict)} if isinstance(there, dict) else {}


def mechanisms(tree: Mapping[str, Any]) -> list[str]:
    """Return the mechanisms of which the tree has a key."""
    return [name for name, paths in MECHANISMS.items() if any(has(tree, path) for path in paths)]


def has(tree: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """Say whether a key is there; `*` stands for every key."""
    return any(True if len(path) == 1 else has(tree[key], path[1:]) for key in steps(tree, path))


def steps(tree: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys of `tree` that the first part of `path` means, tables only where the path goes on."""
    for key in tree if path[0] == "*" else (path[0],):
        if key in tree and (len(path) == 1 or isinstance(tree[key], dict)):
            yield key


def take_out(tree: dict[str, Any], path: tuple[str, ...]) -> None:
    """Take a key out of a tree whose tables are copied on the way."""
    for key in list(steps(tree, path)):
        if len(path) == 1:
            del tree[key]
        else:
            tree[key] = dict(tree[key])
            take_out(tree[key], path[1:])
