"""A published result, and what became of it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glasshouse.replicate.claim import Row

__all__ = ["Paper", "Replication", "Told"]

Told = Callable[[int, int], object]  # parts done, parts in all
SCOPE = "in this synthetic society"


@dataclass(frozen=True)
class Paper:
    """A published result that can be replicated.

    Attributes:
        id: Name on the command line.
        citation: Authors, title, where and when.
        question: What is replicated, in one sentence.
        setting: How: which scenario the engine lives, or whose formulas are worked out.
        left_out: What of the paper is not replicated, and why, sentence by sentence.
        rows: Seed and a callback for progress -> the rows.
        scenarios: Files in `replicate/scenarios/` that the engine lives.
    """

    id: str
    citation: str
    question: str
    setting: str
    left_out: tuple[str, ...]
    rows: Callable[[int, Told], Sequence[Row]]
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replication:
    """What became of a paper's claims.

    Attributes:
        paper: The paper.
        seed: First seed of the worlds that were lived.
        rows: Claims and figures.
    """

    paper: Paper
    seed: int
    rows: tuple[Row, ...]

    @property
    def judged(self) -> int:
        """How many rows have a verdict."""
        return sum(row.agrees is not None for row in self.rows)

    @property
    def differing(self) -> int:
        """How many rows differ from the paper."""
        return sum(row.agrees is False for row in self.rows)

    @property
    def agrees(self) -> bool:
        """Whether no judged row differs, and something was judged."""
        return self.judged > 0 and self.differing == 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return {
            "paper": self.paper.id,
            "citation": self.paper.citation,
            "question": self.paper.question,
            "setting": self.paper.setting,
            "scope": SCOPE,
            "seed": self.seed,
            "verdict": "pass" if self.agrees else "differs",
            "judged": self.judged,
            "differing": self.differing,
            "rows": [row.as_dict() for row in self.rows],
            "not_replicated": list(self.paper.left_out),
        }
