"""Which assumptions of a scenario are moved: those with a range that change what is lived, or those that were named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.errors import GlasshouseError, UsageError, clean
from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.scenario.assumptions import assumptions, with_numbers
from glasshouse.scenario.explain import meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.scenario.assumptions import Assumption
    from glasshouse.scenario.load import Loaded
    from glasshouse.scenario.schema import Scenario

__all__ = ["chosen", "moving"]

NOT_LIVED = "no day hangs on it"
NO_SCENARIO = "moved alone to an end of its range it makes no scenario"


def moving(loaded: Loaded, citizens: int, days: int) -> tuple[list[Assumption], dict[str, str]]:
    """Return the assumptions that change what is lived, and why the others are held, by path.

    An assumption is moved alone to both ends of its range: where the plan of neither end differs from that of the
    scenario, no day can hang on it (labels of the impact sheet, tables that are switched off).
    """
    candidates, held = assumptions(loaded)
    here = digest(loaded.scenario, citizens, days)
    found = []
    for one in candidates:
        try:
            ends = [
                digest(with_numbers(loaded.scenario, {one.path: number}), citizens, days)
                for number in (one.at(0), one.at(1))
            ]
        except (GlasshouseError, ValueError):
            held[one.path] = NO_SCENARIO
            continue
        if ends == [here, here]:
            held[one.path] = NOT_LIVED
        else:
            found.append(one)
    return found, held


def digest(scenario: Scenario, citizens: int, days: int) -> str:
    """Return the digest of what a scenario means for its days."""
    return plan_digest(compile_plan(scenario, citizens=citizens, days=days))


def chosen(found: Sequence[Assumption], held: dict[str, str], names: Sequence[str]) -> list[Assumption]:
    """Return the assumptions under some dotted paths, each a number or a table of them, in the order of the scenario.

    Raises:
        UsageError: there is no assumption under a path, or it is one that is held.
    """
    for name in names:
        if any(under(one.path, name) for one in found):
            continue
        reasons = {held[path] for path in held if under(path, name)}
        if reasons:
            raise UsageError(
                f"--over {clean(name)}: {'; '.join(sorted(reasons))}, so that it cannot be moved"
            )
        near = meant(name, [one.path for one in found])
        raise UsageError(
            f"--over {clean(name)}: no assumption with a range is called so",
            help=f"did you mean `{near}`?" if near else "`glasshouse show SCENARIO` lists every number",
        )
    return [one for one in found if any(under(one.path, name) for name in names)]


def under(path: str, name: str) -> bool:
    """Say whether a number is that of a dotted path, or lies in its table."""
    return path == name or path.startswith(f"{name}.")
