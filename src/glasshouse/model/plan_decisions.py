"""Decision ids of a scenario, handed out once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.errors import Diagnostic, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Decisions:
    """Hands out decision ids and refuses two names with one id."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {number: name for name, number in streams.BUILTIN.items()}

    def __call__(self, key: str) -> int:
        """Return the id of `key`; raise ScenarioError when another name has it already."""
        number = streams.decision_id(key)
        other = self.names.setdefault(number, key)
        if other != key:
            raise ScenarioError(diagnostics=(collision(key, other, number),))
        return number

    def aspects(self, table: str, names: Iterable[str]) -> dict[str, int]:
        """Return the ids of several aspects of one table key."""
        return {name: self(f"{table}:{name}") for name in names}


def collision(key: str, other: str, number: int) -> Diagnostic:
    """Describe two decisions whose 32-bit ids are equal."""
    table = key.partition(":")[0]
    return Diagnostic(
        code="GH211",
        severity="error",
        field=table,
        message=f"the decisions '{key}' and '{other}' have the same 32-bit id {number:#010x}",
        file=None,
        line=None,
        column=None,
        end_column=None,
        notes=(),
        help=f"rename '{table}' or '{other.partition(':')[0]}'; labels do not matter, table keys do",
    )
