"""A scenario's own list of variants: other forms of the same scheme, to compare it with.

A `[variant.<id>]` table says what is switched off and which numbers are others, as `--without` and `--set` do. It is
no part of the scenario's plan, so that adding one changes no result, and it is not handed down by `extends`.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from glasshouse.errors import UsageError, clean
from glasshouse.scenario import changes
from glasshouse.scenario.evidence import is_evidence
from glasshouse.scenario.explain import Problem, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.scenario.positions import Path

__all__ = ["CHANGE", "lay_over", "moved", "pick", "problems", "settings"]

CHANGE = "variant "  # how the words of a change begin


def pick(tree: Mapping[str, Any], name: str, scenario: str) -> dict[str, Any]:
    """Return one variant of a scenario's tree.

    Raises:
        UsageError: there is none of this name; the help names those there are.
    """
    known = list(tree.get("variant", {}))
    if name in known:
        return tree["variant"][name]
    near = meant(name, known)
    listed = (
        f"it has {clean(', '.join(known), 200)}" if known else "it has none: [variant.<id>] tables give some"
    )
    help = f"did you mean {near}?" if near else listed
    raise UsageError(f"{clean(scenario)} has no variant `{clean(name)}`", help=help)


def settings(table: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[str, Any, Path]]:
    """Yield the dotted key, the value and the path of each setting; `rule.games.points` may be quoted or not."""
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, dict) and not is_evidence(value):
            yield from settings(value, here)
        else:
            yield ".".join(map(str, here)), value, here


def lay_over(tree: dict[str, Any], variant: Mapping[str, Any]) -> None:
    """Change `tree` in place into the variant's; what cannot be applied is left out."""
    chosen = {key: value for key, value, _ in settings(variant.get("set", {}))}
    changes.apply(tree, chosen, variant.get("without", ()))


def moved(name: str, variant: Mapping[str, Any]) -> dict[str, Path]:
    """Return where the file writes each number that a variant sets: dotted key -> path."""
    return {key: ("variant", name, "set", *path) for key, _, path in settings(variant.get("set", {}))}


def problems(tree: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the variants of a tree that is otherwise valid: names and keys that do not exist."""
    for name, variant in tree.get("variant", {}).items():
        path: Path = ("variant", name)
        if not variant.get("without") and not variant.get("set"):
            yield Problem(
                "GH307", path, "this variant changes nothing", "give `without` or `set`", severity="warning"
            )
        trial = deepcopy(dict(tree))
        for key, value, inside in settings(variant.get("set", {})):
            found, _ = changes.apply(trial, {key: value}, ())
            yield from (replace(one, path=(*path, "set", *inside), on_key=True) for one in found)
        for number, one in enumerate(variant.get("without", ())):
            found, _ = changes.apply(trial, {}, [one])
            yield from (replace(problem, path=(*path, "without", number)) for problem in found)
