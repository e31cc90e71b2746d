"""Where two lives part: the first rule that did it, or what friends or the institutions did, and what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.life.telling import Diary, Line

__all__ = ["GRAVE", "TOLD", "Parting", "consequences", "what_parted"]

# What changes nothing that is kept of a citizen; something else that day did.
IDLE = (
    "did",
    "travelled",
    "withheld",
    "passed on",
    "seen",
    "record",
    "removed",
    "summoned",
    "owner liable",
    "blamed on another",
    "substituted",
    "asks again",
    "pledge",
    "reprimand",
    "appeal",
    "appeal won",
)
# What weighs in a life, told as the consequence of a parting.
GRAVE = ("listed", "delisted", "refused", "offline", "suspended", "liable", "detention", "fine", "stopped")
TOLD = 6  # consequences told one by one
COLUMN_WORDS = {
    "score": "the two schemes move the score differently, without an event of this citizen",
    "risk": "perceived risk fades differently in the two schemes",
}


@dataclass(frozen=True)
class Parting:
    """Where two lives part.

    Attributes:
        day: First day at whose end the two rows differ, -1 before day 0.
        date: The same in the calendar.
        by: Table key of the first rule or number that parted them, or empty.
        world: The world in which it happened alone, or empty.
        text: What happened then, in words.
        kind: `own` for the citizen's own day, `others` for what friends or chat members did, `institutions` for the
            bulletin, `start` before day 0, `scheme` without an event.
        grade: Grade of the number behind it.
        source: Its source in words.
    """

    day: int
    date: str
    by: str
    world: str
    text: str
    kind: str
    grade: str = ""
    source: str = ""


def what_parted(base: Diary, variant: Diary, day: int, start: dt.date, column: str) -> Parting:
    """Return what parted two lives.

    Args:
        base: One world's diary, lines marked that it has alone.
        variant: The other's.
        day: First day at whose end the rows differ, -1 before day 0.
        start: Date of day 0.
        column: A column that differs then.
    """
    date = (start + dt.timedelta(days=max(day, 0))).isoformat()
    if day < 0:
        text = "the two worlds begin differently for this citizen"
        return Parting(day, date, "initial", "", text, "start")
    diaries = (base, variant)
    alone = [
        (place, line)
        for place, diary in enumerate(diaries)
        for line in diary.lines
        if line.day == day and line.alone
    ]
    if not alone:
        text = COLUMN_WORDS.get(column, f"the two schemes keep different things of a citizen ({column})")
        return Parting(day, date, column, "", text, "scheme")
    place, line = min(alone, key=lambda one: (one[1].what in IDLE, one[1].phase, one[0]))
    return Parting(day, date, line.key, diaries[place].world, line.text, _kind(line), line.grade, line.source)


def _kind(line: Line) -> str:
    """Return who parted the lives."""
    if line.what == "bulletin":
        return "institutions"
    return "others" if line.phase == 12 else "own"


def consequences(base: Diary, variant: Diary, parting: Parting) -> list[str]:
    """Return what a parting led to: the first grave things that one twin alone met, and the scores at the end."""
    after = [
        (line.day, line.phase, diary.world, line)
        for diary in (base, variant)
        for line in diary.lines
        if line.alone and line.what in GRAVE and line.day >= max(parting.day, 0) and line.text != parting.text
    ]
    after.sort(key=lambda one: one[:2])
    told = [f"{line.date}, only in {world}: {line.text}" for _, _, world, line in after[:TOLD]]
    if len(after) > TOLD:
        told.append(f"and {len(after) - TOLD} more of this kind by the end")
    told += [*_posts(base, variant), *_scores(base, variant)]
    return told or ["nothing that is counted as a sanction"]


def _posts(base: Diary, variant: Diary) -> Sequence[str]:
    """Return how many posts were withheld, if that differs."""
    counts = [diary.counts.get("posts.withheld", 0) for diary in (base, variant)]
    if counts[0] == counts[1]:
        return []
    return [f"posts withheld: {counts[0]:,} in {base.world}, {counts[1]:,} in {variant.world}"]


def _scores(base: Diary, variant: Diary) -> Sequence[str]:
    """Return how the scores end, if they differ."""
    if not base.score or not variant.score or base.score[-1] == variant.score[-1]:
        return []
    return [f"score at the end: {base.score[-1]:,} in {base.world}, {variant.score[-1]:,} in {variant.world}"]
