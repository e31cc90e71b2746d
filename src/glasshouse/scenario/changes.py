"""Changes made to a scenario from outside its file: `--set`, `--without` and shares scaled to sum to 1."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.scenario.evidence import Stripped, is_evidence
from glasshouse.scenario.explain import Problem, dotted, meant
from glasshouse.scenario.reading import parse_value
from glasshouse.scenario.switches import switch_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from glasshouse.scenario.positions import Path

__all__ = ["apply", "normalise", "scaled", "share_lists", "spelled"]

MAX_PARTS = 16
# Lists (or tables) of shares that must sum to 1, by the last part of their path.
SHARES = (
    "weights",
    "age_shares",
    "degree_shares",
    "delay_shares",
    "detention_shares",
    "group_shares",
    "outcomes",
)


def apply(
    tree: dict[str, Any], chosen: Mapping[str, object], without: Sequence[str]
) -> tuple[list[Problem], tuple[str, ...]]:
    """Change `tree` in place; return the problems and the changes in words."""
    problems: list[Problem] = []
    notes: list[str] = []
    for key, value in chosen.items():
        given = parse_value(value) if isinstance(value, str) else _exact(value)
        problem = _put(tree, key, given)
        if problem:
            problems.append(problem)
        notes.append(f"{clean(key)} = {clean(value)}")
    for name in without:
        problem = switch_off(tree, name)
        if problem:
            problems.append(problem)
        notes.append(f"without {clean(name)}")
    return problems, tuple(notes)


def _exact(value: object) -> object:
    """Return a Python value as TOML would give it, floats as decimals and tuples as lists."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    return value


def _put(tree: dict[str, Any], key: str, value: object) -> Problem | None:
    """Put a value at a dotted path; tables and lists on the way are copied, so that files stay as read."""
    from glasshouse.scenario.json_schema import field_at

    parts: list[str | int] = []
    node: Any = tree
    names = key.split(".")
    if len(names) > MAX_PARTS:
        return Problem("GH213", (), f"no such key to set: `{clean(key)}`")
    for index, name in enumerate(names):
        last = index == len(names) - 1
        if isinstance(node, list):
            if not name.isdecimal() or int(name) >= len(node):
                return _no_key(key, parts, [str(number) for number in range(len(node))], names[index:])
            step: str | int = int(name)
        else:
            known = [*node, *field_at(tuple(parts)).get("properties", ())]
            if name not in known:
                return _no_key(key, parts, known, names[index:])
            step = name
        parts.append(step)
        if last:
            node[step] = value
            return None
        below = node.get(step, {}) if isinstance(node, dict) else node[step]
        below = _opened(below)
        if not isinstance(below, (dict, list)):
            return _no_key(key, parts, [], names[index + 1 :])
        below = below.copy()
        node[step] = below
        node = below
    return None


def _opened(value: Any) -> Any:
    """Return the plain list of an evidence table, so that one element can be set; anything else as it is."""
    if not is_evidence(value):
        return value
    numbers = value.get("value", value.get("percent"))
    if not isinstance(numbers, list) or "per" in value or ("value" in value and "percent" in value):
        return value
    scale = 1 if "value" in value else 100
    return [Decimal(n) / scale if isinstance(n, (int, Decimal)) and scale > 1 else n for n in numbers]


def _no_key(key: str, parts: Sequence[str | int], known: Sequence[str], rest: Sequence[str]) -> Problem:
    """Return the problem of a path that leads nowhere from `rest` on."""
    near = meant(rest[0], known)
    help = f"did you mean `{dotted((*parts, near, *rest[1:]))}`?" if near else None
    return Problem("GH213", (), f"no such key to set: `{clean(key)}`", help)


def share_lists(tree: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the path and value of every list, or table, of shares that must sum to 1."""
    for key, value in tree.items():
        here = (*path, key)
        if key in SHARES and isinstance(value, (list, dict)) and value:
            yield here, value
        elif isinstance(value, dict) and here not in (("source",), ("variant",)):
            yield from share_lists(value, here)


def normalise(stripped: Stripped) -> list[Problem]:
    """Scale every list of shares to sum to 1, exactly, and return a warning for each that was changed."""
    found = []
    for path, shares in share_lists(stripped.plain):
        places = list(shares) if isinstance(shares, dict) else range(len(shares))
        keys = [dotted((*path, place)) for place in places]
        if not all(key in stripped.exact and stripped.exact[key] >= 0 for key in keys):
            continue
        total = sum((stripped.exact[key] for key in keys), Fraction(0))
        if total in (0, 1):
            continue
        for place, key, share in zip(
            places, keys, scaled([stripped.exact[key] for key in keys]), strict=True
        ):
            stripped.exact[key] = share
            shares[place] = float(share)
        message = f"shares sum to {spelled(total)}; scaled to sum to 1, as `normalise` asks"
        found.append(Problem("GH208", path, message, severity="warning"))
    return found


def scaled(shares: Sequence[Fraction]) -> list[Fraction]:
    """Return shares that sum to exactly 1, in 12 decimals; the largest takes the rounding.

    Twelve decimals survive the way through a float, so that the sum is still 1 behind it.
    """
    total = sum(shares, Fraction(0))
    out = [Fraction(round(share / total * 10**12), 10**12) for share in shares]
    out[out.index(max(out))] += 1 - sum(out, Fraction(0))
    return out


def spelled(number: Fraction) -> str:
    """Return a fraction as a short decimal."""
    return f"{float(number):.10g}"
