"""The numbers that are fitted: named by dotted path, each with the range in which it is looked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from glasshouse.errors import UsageError, clean
from glasshouse.scenario.assumptions import number_at, ranged
from glasshouse.scenario.explain import meant
from glasshouse.scenario.json_schema import field_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from glasshouse.scenario.assumptions import Assumption
    from glasshouse.scenario.load import Loaded

__all__ = ["DEFAULT", "named"]

# How often people are listed, and how soon they stop asking for trains that are closed to them.
DEFAULT = ("behaviour.court_default.per_day", "travel.high_speed_rail.stop_share")
AROUND = 2.0  # a number without a range is looked for from half of it to twice as much


def named(loaded: Loaded, keys: Iterable[str]) -> list[Assumption]:
    """Return numbers of a scenario with their ranges: given behind `=`, the evidence's, or around the number.

    Raises:
        UsageError: there is no such number, it stands there twice, or a range is none.
    """
    found: list[Assumption] = []
    for text in keys:
        path, equals, ends = text.partition("=")
        path = path.strip()
        if number_at(loaded.scenario, path) is None or path not in loaded.exact:
            near = meant(path, loaded.exact)
            help = f"did you mean `{near}`?" if near else "`glasshouse show SCENARIO` lists every number"
            raise UsageError(f"--fit {clean(path)}: this scenario has no such number", help=help)
        if path in (one.path for one in found):
            raise UsageError(f"--fit {clean(path)}: given twice")
        low, high = ends_of(path, ends) if equals else default_ends(loaded, path)
        if not low < high:
            raise UsageError(f"--fit {clean(path)}: its range is one point", help="give one: KEY=LOW:HIGH")
        # counts mostly follow a number in proportion, which a surface of their logarithms holds exactly then
        found.append(replace(ranged(loaded, path, low, high), ratio=1.0))
    return found


def ends_of(path: str, text: str) -> tuple[float, float]:
    """Return the range that was given.

    Raises:
        UsageError: it is none, or goes beyond what the field allows.
    """
    try:
        low, high = map(float, text.split(":"))
    except ValueError:
        low, high = 1.0, 0.0
    least, most = bounds(path)
    if not least <= low < high <= most:
        room = f"within {least:g} and {most:g}" if most < float("inf") else f"of at least {least:g}"
        raise UsageError(f"--fit {clean(path)}={clean(text)}: expected LOW:HIGH, two numbers {room}")
    return low, high


def default_ends(loaded: Loaded, path: str) -> tuple[float, float]:
    """Return the range of a number's evidence, or half to twice the number."""
    evidence = loaded.evidence.get(path)
    if evidence is not None and evidence.range is not None:
        return float(evidence.range[0]), float(evidence.range[1])
    least, most = bounds(path)
    ends = sorted(float(loaded.exact_of(path)) * by for by in (1 / AROUND, AROUND))
    return max(least, ends[0]), min(most, ends[1])


def bounds(path: str) -> tuple[float, float]:
    """Return what the field allows at least and at most."""
    field = field_at(tuple(path.split(".")))
    low = field.get("minimum", field.get("exclusiveMinimum", float("-inf")))
    return float(low), float(field.get("maximum", field.get("exclusiveMaximum", float("inf"))))
