"""Ways to make a row of the sheet from counts of every seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.assess import measures
from glasshouse.assess.figures import Row, counted, share
from glasshouse.harm.intervals import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.assess.figures import Yardstick
    from glasshouse.assess.measures import Seen
    from glasshouse.model.plan import Plan
    from glasshouse.scenario.labels import Labels
    from glasshouse.scenario.schema import Scenario

__all__ = ["NOBODY", "PER", "Maker"]

PER = 100_000
PER_CITIZENS = "per 100,000 citizens"
NOBODY = "nobody was under a sanction"


def days_of(one: Seen) -> float:
    """Return all person-days under a sanction."""
    return measures.person_days(one.account)


class Maker:
    """Makes rows from what the seeds brought.

    Args:
        scenario: The scheme.
        plan: Its plan, with any of the seeds.
        labels: Contexts, gravity and weights.
        found: What each seed brought.
    """

    def __init__(self, scenario: Scenario, plan: Plan, labels: Labels, found: Sequence[Seen]) -> None:
        self.scenario, self.plan, self.labels, self.found = scenario, plan, labels, found

    # ---- ways to make a row

    def per(
        self,
        yardstick: Yardstick,
        key: str,
        label: str,
        count: Callable[[Seen], float],
        words: str,
        not_shown: str,
        *,
        signed: bool = False,
    ) -> Row:
        """Return a count per 100,000 citizens."""
        figure = counted([PER / self.plan.citizens * count(one) for one in self.found], signed=signed)
        return Row(yardstick, key, label, PER_CITIZENS, figure, words, not_shown)

    def part(
        self,
        yardstick: Yardstick,
        key: str,
        label: str,
        counts: tuple[Callable[[Seen], float], Callable[[Seen], float]],
        words: tuple[str, str, str],
    ) -> Row:
        """Return a share; `words` are its definition, what it does not show, and why there may be none."""
        some, of = ([count(one) for one in self.found] for count in counts)
        figure = share(some, of)
        why = words[2] if figure.value is None else ""
        return Row(yardstick, key, label, "share", figure, words[0], words[1], why)

    def of_days(
        self, yardstick: Yardstick, key: str, label: str, some: Callable[[Seen], float], words: str, no: str
    ) -> Row:
        """Return a share of the person-days under a sanction."""
        return self.part(
            yardstick,
            key,
            label,
            (some, days_of),
            (f"{words}, of all person-days under a sanction", no, NOBODY),
        )

    def cannot(self, yardstick: Yardstick, key: str, label: str, unit: str, why: str) -> Row:
        """Return a row without a figure."""
        return Row(yardstick, key, label, unit, Estimate(None), "", "", why)
