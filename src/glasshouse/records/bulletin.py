"""The monthly bulletin, in the terms the planning commission used, and its text with the caution it needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from glasshouse.model.plan import Plan
    from glasshouse.records.layout import Layout

CAUTION = (
    "How to read this: the figures for planes and high-speed trains count refused purchases (person-times), not\n"
    "people; one person who asks five times counts five times. The published bulletins changed their way of\n"
    "counting in 2019, so that months before and after are not comparable. New listings and exits count entries,\n"
    "not people; a person on two lists counts twice. Every figure is of this synthetic society.\n"
)


@dataclass
class BulletinRow:
    """One month.

    Attributes:
        month: Month as `2019-07`.
        date: Last day covered.
        days: Days covered; a run may begin or end inside a month.
        new_listings: Entries of people to sanction lists.
        delistings: Exits of people from sanction lists.
        on_lists: Entries standing at the end; a person on two lists counts twice.
        debts_performed: Exits by performing the duty.
        refused_plane: Refused plane tickets, person-times.
        refused_high_speed_rail: Refused high-speed rail tickets, person-times.
        summonses: People called in by the police.
        posts_removed: Posts that platforms took down.
    """

    month: str
    date: dt.date
    days: int = 0
    new_listings: int = 0
    delistings: int = 0
    on_lists: int = 0
    debts_performed: int = 0
    refused_plane: int = 0
    refused_high_speed_rail: int = 0
    summonses: int = 0
    posts_removed: int = 0


_SUMMED = {
    "delistings": "delisted.persons",
    "debts_performed": "debts_performed",
    "refused_plane": "refused.plane",
    "refused_high_speed_rail": "refused.high_speed_rail",
    "summonses": "summonses",
    "posts_removed": "posts.removed",
}


class Bulletin:
    """Gathers the months of a run, day by day.

    Args:
        plan: The compiled scenario.
        layout: Names along the axes of the daily arrays.
    """

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self.rows: list[BulletinRow] = []
        self._start = plan.start_date
        sanctions = [one.id for one in plan.lists if not one.perk]
        flow = {name: k for k, name in enumerate(layout.flows)}
        stock = {name: k for k, name in enumerate(layout.stocks)}
        self._flows = {key: [flow[name]] for key, name in _SUMMED.items() if name in flow}
        self._flows["new_listings"] = [
            flow[f"entered.{key}"] for key in sanctions if f"entered.{key}" in flow
        ]
        self._stocks = [stock[f"on.{key}"] for key in sanctions if f"on.{key}" in stock]

    def day(self, t: int, flows: NDArray[np.int64], stocks: NDArray[np.int64]) -> None:
        """Add day `t`: the nation's flows and stocks."""
        date = self._start + dt.timedelta(days=t)
        month = f"{date:%Y-%m}"
        if not self.rows or self.rows[-1].month != month:
            self.rows.append(BulletinRow(month, date))
        row = self.rows[-1]
        row.date = date
        row.days += 1
        for key, columns in self._flows.items():
            setattr(row, key, getattr(row, key) + int(flows[columns].sum()))
        row.on_lists = int(stocks[self._stocks].sum())

    def columns(self) -> dict[str, list[object]]:
        """Return the months as columns."""
        names = [field.name for field in fields(BulletinRow)]
        return {name: [astuple(row)[k] for row in self.rows] for k, name in enumerate(names)}

    def text(self, title: str, notice: str) -> str:
        """Return the bulletin in words."""
        head = f"Monthly bulletin\n{title}\n"
        parts = [
            head
            + (f"{notice}\n" if notice else "")
            + "Figures of a synthetic society; nobody in it exists.\n"
        ]
        return "\n".join([*parts, *map(paragraph, self.rows), CAUTION])


def paragraph(row: BulletinRow) -> str:
    """Return one month in words."""
    return (
        f"{row.month} ({row.days} day{'s' * (row.days != 1)}, to {row.date.isoformat()})\n"
        f"  {row.new_listings:,} new listings, {row.delistings:,} delistings;"
        f" {row.on_lists:,} on the lists at the end.\n"
        f"  {row.debts_performed:,} performed their duty.\n"
        f"  Purchases refused: {row.refused_plane:,} person-times for planes,"
        f" {row.refused_high_speed_rail:,} person-times for high-speed trains.\n"
        f"  {row.summonses:,} summonses; {row.posts_removed:,} posts removed.\n"
    )
