"""What a visitor looks for first: five figures of each world, and citizens worth meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.life.pick import fitting
from glasshouse.life.telling import who_is
from glasshouse.records.crossings import may_be_kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.life.pick import Tally
    from glasshouse.views.studio.living import Counted

__all__ = ["highlights", "lost_most", "picks"]

IN_THIS = "in this synthetic society"
FITTING = {
    "most_affected": "most-affected",
    "association": "punished-by-association",
    "silent": "silent",
}


def highlights(counted: Sequence[Counted], tally: Tally) -> list[dict[str, Any]]:
    """Return the five figures of each world: id, world, value, unit, sentence; the value is None where nobody fits."""
    out = []
    for world, one in enumerate(counted):
        assert one.result is not None
        for id, value, unit, sentence, more in _figures(one, tally, world):
            out.append({"id": id, "world": world, "value": value, "unit": unit, "sentence": sentence, **more})
    return out


def picks(tally: Tally) -> dict[str, int | None]:
    """Return citizens worth meeting by how they were picked; none of a society too small for it."""
    if not may_be_kept(tally.plans[0]):
        return dict.fromkeys([*FITTING, "lost_most"])
    return {name: fitting(tally, pick) for name, pick in FITTING.items()} | {"lost_most": lost_most(tally, 0)}


def lost_most(tally: Tally, world: int) -> int | None:
    """Return who was under a sanction for most days of a world, those last who were before day 0; None if nobody."""
    days = tally.days_sanctioned[world]
    weight = np.where(tally.sanctioned_before, days > 0, days + 1) * (days > 0)
    citizen = int(weight.argmax())
    return citizen if days[citizen] else None


def _figures(one: Counted, tally: Tally, world: int) -> Iterator[tuple[str, Any, str, str, dict[str, Any]]]:
    """Yield id, value, unit, sentence and more of each figure of one world."""
    totals, days = one.result.totals if one.result else {}, one.plan.days
    yield _loss(one, tally, world)
    refused = totals["refused.plane"] + totals["refused.high_speed_rail"]
    words = (
        f"{refused:,} plane and high-speed rail tickets were refused, to {totals['refused_persons']:,} people"
    )
    yield "refused", refused, "tickets", f"{words}, {IN_THIS}.", {}
    withheld, written = totals["posts.withheld"], totals["posts.written"]
    words = f"{withheld:,} posts were never written, out of fear; {written:,} were"
    yield "withheld", withheld, "posts", f"{words}, {IN_THIS}.", {}
    punished = totals["punished.association"]
    words = f"{punished:,} people were punished for what others did"
    yield "association", punished, "people", f"{words}, {IN_THIS}.", {}
    yield _recovery(one, days)


def _loss(one: Counted, tally: Tally, world: int) -> tuple[str, Any, str, str, dict[str, Any]]:
    """Return who lost most: under a sanction for most days."""
    unit = "days under a sanction"
    citizen = lost_most(tally, world)
    if citizen is None:
        return "lost_most", None, unit, f"Nobody was under a sanction on any evening, {IN_THIS}.", {}
    days = int(tally.days_sanctioned[world][citizen])
    if not may_be_kept(one.plan):  # nothing is told of a single one
        words = (
            f"Somebody was listed, detained, suspended or offline on {days:,} of {one.plan.days:,} evenings"
        )
        return "lost_most", days, unit, f"{words}, {IN_THIS}.", {}
    who = who_is([one.plan], citizen)
    place = "in town" if who["place"] == "town" else "in the country"
    words = (
        f"Citizen {citizen:,} ({who['sex']}, {who['age']}, {place}, {who['province']}) was listed, detained, suspended"
        f" or offline on {days:,} of {one.plan.days:,} evenings"
    )
    return "lost_most", days, unit, f"{words}, {IN_THIS}.", {"citizen": citizen}


def _recovery(one: Counted, days: int) -> tuple[str, Any, str, str, dict[str, Any]]:
    """Return after how many days half of those first punished are clean again."""
    found = one.recovery
    if found is None or not found.people:
        return "recovery", None, "days", f"Nobody was punished for the first time, {IN_THIS}.", {}
    if found.median_days.value is None:
        words = f"Of {found.people:,} people first punished, fewer than half were clear of it within {days:,} days"
        return "recovery", None, "days", f"{words}, {IN_THIS}.", {}
    value = round(found.median_days.value)
    words = f"Half of {found.people:,} people first punished were clear of it after {value:,} days"
    return "recovery", value, "days", f"{words}, {IN_THIS}.", {}
