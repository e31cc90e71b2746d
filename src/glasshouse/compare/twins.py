"""Tell a citizen from the twin: whose rows of the columns differ between two worlds.

Lists and monthly counters are numbered by each scheme for itself, so they are compared by name; a score is
compared as its distance from the base. What only one world keeps is bookkeeping and not compared: a monthly
counter, who was seen punished where nobody learns from it, and flags where they mean a low score in one world
and a listing in the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.errors import UsageError
from glasshouse.society.columns import COLUMNS, COUNT_BITS, COUNT_MAX, MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan

    Column = NDArray[Any]
    Columns = Mapping[str, Column]
    Rows = NDArray[np.bool_]

__all__ = ["FEAR", "Twins", "refuse_other_society"]

BY_NAME = ("score", "lists", "month_counts", "until_0", "until_1", "until_2")
FEAR = "risk"  # what nobody but the citizen knows of; news alone moves it
AS_IT_IS = tuple(column.name for column in COLUMNS if column.name not in BY_NAME)
SOCIETY = (
    "citizens",
    "seed",
    "province_start",
    "group_names",
    "group_cumulative",
    "age_cumulative",
    "male_threshold",
    "rural_threshold",
    "online_thresholds",
)


def refuse_other_society(base: Plan, variant: Plan) -> None:
    """Raise UsageError unless two plans have the same people, ties, days and luck."""
    for what, same in (
        ("number of days", base.days == variant.days),
        ("first day", base.start_date == variant.start_date),
        ("seed", base.seed == variant.seed),
        ("number of citizens", base.citizens == variant.citizens),
        ("society", all(getattr(base.population, n) == getattr(variant.population, n) for n in SOCIETY)),
        ("ties", base.ties.circles == variant.ties.circles and base.ties.rings == variant.ties.rings),
        ("friend graph", same_graph(base, variant)),
    ):
        if not same:
            raise UsageError(
                f"the two scenarios differ in their {what}; twins need the same people with the same luck",
                help="compare scenarios that differ in the scheme only, for example with --without or --set",
            )


def same_graph(base: Plan, variant: Plan) -> bool:
    """Say whether both plans store the same friend graph, or none."""
    one, other = base.ties, variant.ties
    if one.indptr is None or other.indptr is None or one.indices is None or other.indices is None:
        return one.indptr is None and other.indptr is None
    return np.array_equal(one.indptr, other.indptr) and np.array_equal(one.indices, other.indices)


class Twins:
    """Compares the rows of two worlds of the same society. The readable way; `watch.Watch` is the quick one.

    Args:
        base: One plan.
        variant: The other.

    Attributes:
        citizens: Citizens of each world.
        plain: Columns that are compared as they are.
        bases: Base of the score in each world; 0 without a score.
        scored: Whether each world has a score.
        bits: Bit of each list in both worlds; -1 where a world does not have it.
        terms: Slot of each list with a term in both worlds, likewise.
        counts: Slot of each monthly counter that both worlds keep.
        marks: Mask of the marks that are compared, uint16.
        one_table: Whether lists, terms and counters have the same places in both worlds.
    """

    def __init__(self, base: Plan, variant: Plan) -> None:
        self.citizens = base.citizens
        self.plain = tuple(name for name in AS_IT_IS if name not in unkept(base, variant))
        self.bases = tuple(plan.score.base if plan.score else 0 for plan in (base, variant))
        self.scored = tuple(plan.score is not None for plan in (base, variant))
        bits = [{one.id: k for k, one in enumerate(plan.lists)} for plan in (base, variant)]
        terms = [{one.id: one.slot for one in plan.lists if one.slot >= 0} for plan in (base, variant)]
        counts = [slots(plan) for plan in (base, variant)]
        self.bits = [(bits[0].get(k, -1), bits[1].get(k, -1)) for k in sorted({*bits[0], *bits[1]})]
        self.terms = [(terms[0].get(k, -1), terms[1].get(k, -1)) for k in sorted({*terms[0], *terms[1]})]
        self.counts = [(counts[0][k], counts[1][k]) for k in sorted(counts[0]) if k in counts[1]]
        self.marks = np.uint16(0xFFFF if one_flag(base, variant) else 0xFFFF & ~MARK_FLAG)
        self.one_table = bits[0] == bits[1] and terms[0] == terms[1] and counts[0] == counts[1]

    def differing(self, base: Columns, variant: Columns, *, fear: bool = True) -> Rows:
        """Return for each citizen whether the row differs from the twin's; without `fear` in more than FEAR."""
        n = min(self.citizens, len(base["score"]))  # columns may be those of a few citizens
        out = self._scores_differ(base["score"][:n], variant["score"][:n])
        out |= ((base["marks"][:n] ^ variant["marks"][:n]) & self.marks) != 0
        for name in (*self.plain, *(BY_NAME[1:] if self.one_table else ())):
            if name == FEAR and not fear:
                continue
            out |= base[name][:n] != variant[name][:n]
        if not self.one_table:
            self._by_name(out, base, variant)
        return out

    def _scores_differ(self, base: Column, variant: Column) -> Rows:
        """Compare scores as distances from the base; without a score the distance is 0."""
        here, there = (
            column.astype(np.int32) - start if scored else np.zeros(len(column), np.int32)
            for column, start, scored in zip((base, variant), self.bases, self.scored, strict=True)
        )
        return here != there

    def _by_name(self, out: Rows, base: Columns, variant: Columns) -> None:
        """Add to `out` what differs in lists, terms and counters, compared by name."""
        n = len(out)
        for one, other in self.bits:
            out |= bit(base["lists"], one, n) != bit(variant["lists"], other, n)
        for one, other in self.terms:
            out |= until(base, one, n) != until(variant, other, n)
        for one, other in self.counts:
            out |= counter(base, one, n) != counter(variant, other, n)


def unkept(*plans: Plan) -> set[str]:
    """Return the columns that cannot be compared as they are."""
    kept = {
        "low_friends": one_flag(*plans),
        "history": one_flag(*plans),
        "marks": False,  # compared without the flag
    }
    return {name for name, whole in kept.items() if not whole}


def one_flag(*plans: Plan) -> bool:
    """Say whether flags mean the same in all worlds."""
    return len({plan.flag_listed for plan in plans}) == 1


def slots(plan: Plan) -> dict[str, int]:
    """Return the monthly counter of each rule that has one."""
    return {rule.id: rule.slot for rule in plan.score.rules if rule.slot >= 0} if plan.score else {}


def bit(lists: Column, number: int, n: int) -> Column:
    """Return who is on a list; nobody when a world does not have it."""
    return lists[:n] >> number & 1 if number >= 0 else np.zeros(n, lists.dtype)


def until(columns: Columns, slot: int, n: int) -> Column:
    """Return until when people stay on a list; 0 when a world does not have it."""
    return columns[f"until_{slot}"][:n] if slot >= 0 else np.zeros(n, np.uint16)


def counter(columns: Columns, slot: int, n: int) -> Column:
    """Return one of the three counters of the month."""
    return columns["month_counts"][:n] >> COUNT_BITS * slot & COUNT_MAX
