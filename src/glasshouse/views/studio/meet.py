"""One citizen: the year beside the twin's, told by the oracle from the records, ties, and why in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import UsageError
from glasshouse.life.telling import live_again, refuse_small
from glasshouse.society.ties import Ties
from glasshouse.views.studio.answers import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.life import Life
    from glasshouse.model.plan import Plan
    from glasshouse.views.studio.job import Job

__all__ = ["meeting", "ties_of"]

MOST_KEPT = 64  # lives that are not told anew
MOST_TOLD = 6  # grave things of one diary in plain sentences
GRAVE = ("listed", "refused", "offline", "suspended", "detention", "fine", "withheld", "liable")


def meeting(job: Job, citizen: int) -> dict[str, Any]:
    """Return the life of a citizen, the ties, and plain sentences.

    Raises:
        Refused: the worlds are not lived to their end.
        RefusedError: the society is too small.
        UsageError: there is no such citizen.
    """
    plan = job.order.plan
    refuse_small(plan.citizens)
    if not 0 <= citizen < plan.citizens:
        raise UsageError(f"there is no citizen {citizen:,}: they are numbered 0 to {plan.citizens - 1:,}")
    if not job.done:
        raise Refused(409, "a life is told when the year is over", help="wait for the last day")
    kept = job.answers.setdefault("lives", {})
    if citizen not in kept:
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        life = live_again(job.recorded, citizen)
        kept[citizen] = {"life": life.as_dict(), "ties": ties_of(plan, citizen), "plain": list(plainly(life))}
    return kept[citizen]


def ties_of(plan: Plan, citizen: int) -> list[dict[str, Any]]:
    """Return everybody a citizen is tied to: who, by which circle or as a friend, and whether they are friends."""
    ties = Ties(plan.ties, plan.population)
    friends = set(ties.friends(citizen)) - {citizen}
    out, seen = [], set()
    for number, circle in enumerate(plan.ties.circles):
        for other in ties.members(number, citizen):
            if other != citizen:
                out.append({"citizen": other, "kind": circle.id, "friend": other in friends})
                seen.add(other)
    return out + [{"citizen": other, "kind": "friend", "friend": True} for other in sorted(friends - seen)]


def plainly(life: Life) -> Iterator[str]:
    """Yield what a life comes to, in plain sentences."""
    who = life.who
    place = "a town" if who["place"] == "town" else "the countryside"
    online = "uses the internet" if who["online"] else "does not use the internet"
    yield (
        f"Citizen {life.citizen:,} is {who['age']} years old, {who['sex']}, lives in {place} in {who['province']},"
        f" belongs to group {who['group']} and {online}. Nobody in this synthetic society exists."
    )
    parting = life.parting
    if parting is not None:
        by = f" The rule behind it: {parting.by}." if parting.by else ""
        where = f" in {parting.world}" if parting.world else ""
        rests = f" The number behind it is {parting.grade}." if parting.grade else ""
        yield f"On {parting.date} the two lives part{where}: {parting.text}.{by}{rests}"
        yield from (f"After that: {one}." for one in life.led_to)
    elif len(life.diaries) == 2:
        yield "The two lives are the same on every day: nothing that differs between the worlds reached this citizen."
    for diary in life.diaries:
        grave = [line for line in diary.lines if line.what in GRAVE]
        if not grave:
            yield f"In {diary.world} nothing was closed to this citizen all year, and no post was held back."
        for line in grave[:MOST_TOLD]:
            because = (
                f" ({', '.join(part for part in (line.label or line.key, line.grade) if part)})"
                if line.key
                else ""
            )
            yield f"In {diary.world} on {line.date}: {line.text}{because}."
        if len(grave) > MOST_TOLD:
            yield f"In {diary.world} {len(grave) - MOST_TOLD:,} more of this kind followed."
