"""A played year: the visitor's world and the twin's, month by month, and what came of it.

Both worlds are the same synthetic society with the same luck, lived by the oracle; they differ in the answers of one
citizen. Only presets are played, of a size that is given here: there is no way in for a society of somebody's own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from threading import Lock
from typing import TYPE_CHECKING, Any

from glasshouse.errors import UsageError, clean
from glasshouse.life.basis import Bases
from glasshouse.life.parting import GRAVE, TOLD, what_parted
from glasshouse.life.telling import Diary, differing, line_of, mark_alone, parted_day, who_is
from glasshouse.model.plan import compile_plan
from glasshouse.play.choices import NO, USUAL, YES, asked, checked, flagged_friend
from glasshouse.play.figures import CITIZEN, SOCIETY, figures
from glasshouse.play.who import chosen, standing
from glasshouse.play.world import PlayedWorld
from glasshouse.scenario.load import load, presets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.life.telling import Line

__all__ = ["CITIZENS", "TWINS", "Game"]

CITIZENS = 256  # of each of the two worlds: a month takes about a second
DAYS = 365
YOU, TWIN = "your year", "your twin's year"
TWINS = {"usual": USUAL, "bold": YES, "careful": NO}  # what the twin answers, whatever is asked


class Game:
    """One citizen's year in a preset, played month by month.

    Args:
        preset: Id of a preset.
        seed: Seed of the society and its luck.
        citizen: Who is played; one is chosen if None.
        twin: What the twin does, a key of TWINS.
        citizens: Size of the society.
        days: Days of the year.

    Raises:
        UsageError: there is no such preset, citizen or twin.
    """

    def __init__(
        self,
        preset: str,
        *,
        seed: int = 1,
        citizen: int | None = None,
        twin: str = "usual",
        citizens: int = CITIZENS,
        days: int = DAYS,
    ) -> None:
        known = [one.id for one in presets()]
        if preset not in known:
            raise UsageError(f"{clean(preset)} is no preset", help=f"presets: {', '.join(known)}")
        if twin not in TWINS:
            raise UsageError(f"{clean(twin)} is no twin", help=f"expected {', '.join(TWINS)}")
        loaded = load(preset)
        self.preset = preset
        self.seed = seed
        self.twin = twin
        self.scenario = loaded.scenario
        self.plan = compile_plan(self.scenario, citizens=citizens, days=days, seed=seed)
        self.worlds = (PlayedWorld(self.plan, 0), PlayedWorld(self.plan, 0))
        self.me = chosen(self.worlds[0], citizen)
        for world in self.worlds:
            world.seat(self.me)
        notice = self.scenario.notice or ""
        self.diaries = (Diary(YOU, notice), Diary(TWIN, notice))
        self._bases = Bases(self.scenario, loaded.evidence)
        self._twins = Lock()
        self._given_up = False

    @property
    def t(self) -> int:
        """Number of the next day."""
        return self.worlds[0].t

    @property
    def over(self) -> bool:
        """Whether the year is lived."""
        return self.t >= self.plan.days

    def opening(self) -> dict[str, Any]:
        """Return who is played, how they stand, and what is asked first."""
        return {
            "preset": self.preset,
            "title": self.scenario.title,
            "notice": self.scenario.notice or "",
            "seed": self.seed,
            "citizens": self.plan.citizens,
            "twin": self.twin,
            "citizen": self.me,
            "who": who_is([self.plan], self.me),
            "you": standing(self.worlds[0], self.me, self.scenario),
            "next": self.questions(),
        }

    def questions(self) -> dict[str, Any] | None:
        """Return what is asked about the coming month, None at the end."""
        if self.over:
            return None
        mine = self.worlds[0]
        return {
            "month": self.date(self.t)[:7],
            "number": self.plan.month(self.t) + 1,
            "of": self.plan.month(self.plan.days - 1) + 1,
            "friend": flagged_friend(mine, self.me),
            "questions": asked(mine, self.me),
        }

    def month(self, answers: Mapping[str, object]) -> dict[str, Any]:
        """Live a month; return what happened and what is asked next, at the end the year beside the twin's.

        Args:
            answers: Question -> "usual", "yes" or "no"; what is left out is left to luck.

        Raises:
            UsageError: the year is over, or an answer is to no question that was asked.
        """
        if self.over:
            raise UsageError("the year is over", help="begin another")
        first, world = self.t, self.worlds[0]
        mine = checked(answers, asked(world, self.me))
        lines = self._lived(world, mine)
        self.diaries[0].lines += lines
        return {
            "month": self.date(first)[:7],
            "answers": mine,
            "lines": [asdict(line) for line in lines],
            "score": [row.score for row in world.rows[first + 1 :]] if self.plan.score else [],
            "you": standing(self.worlds[0], self.me, self.scenario),
            "next": self.questions(),
            "ending": self.ending() if self.over else None,
        }

    def live_twin(self) -> None:
        """Live the twin's year to its end, which waits for no answer; a server does so while the visitor thinks."""
        world = self.worlds[1]
        while world.t < self.plan.days and not self._given_up:
            with self._twins:
                if world.t < self.plan.days:
                    answers = dict.fromkeys(asked(world, self.me), TWINS[self.twin])
                    self.diaries[1].lines += self._lived(world, answers)

    def give_up(self) -> None:
        """Let the twin's year end after its current month: nobody will ask for it."""
        self._given_up = True

    def _lived(self, world: PlayedWorld, answers: Mapping[str, str]) -> list[Line]:
        """Live a month of one world; return the citizen's lines."""
        world.take(answers)
        lines, first = [], world.t
        while world.t < self.plan.days and (world.t == first or not self.plan.is_first(world.t)):
            lines += [line_of(event, self.plan.start_date, self._bases) for event in world.day()]
        return lines

    def ending(self) -> dict[str, Any]:
        """Return the year beside the twin's: counts, where the two part, what that led to, and both societies."""
        self.live_twin()
        mark_alone(*self.diaries)
        rows = [world.rows for world in self.worlds]
        for diary, world in zip(self.diaries, self.worlds, strict=True):
            diary.counts = dict(world.orders.flows)
            diary.score = [row.score for row in world.rows[1:]] if self.plan.score else []
        day = parted_day([self.plan, self.plan], *rows)
        return {
            "worlds": [
                {
                    "world": diary.world,
                    "you": standing(world, self.me, self.scenario),
                    "counts": figures(diary.counts, CITIZEN),
                    "score": diary.score,
                    "society": figures(world.totals, SOCIETY),
                }
                for diary, world in zip(self.diaries, self.worlds, strict=True)
            ],
            "parting": None if day is None else self._parting(day),
            "citizens": self.plan.citizens,
        }

    def _parting(self, day: int) -> dict[str, Any]:
        """Return where the two years part, the line that did it, and the first grave things that one alone met."""
        column = differing([self.plan, self.plan], *(world.rows for world in self.worlds), day)
        parting = what_parted(*self.diaries, day, self.plan.start_date, column)
        alone = [
            (line, number)
            for number, diary in enumerate(self.diaries)
            for line in diary.lines
            if line.alone and line.day >= day
        ]
        alone.sort(key=lambda one: (one[0].day, one[0].phase, one[1]))
        first = next(((line, number) for line, number in alone if line.text == parting.text), None)
        grave = [one for one in alone if one[0].what in GRAVE and one != first]
        return {
            **asdict(parting),
            "first": None if first is None else _of_world(*first),
            "led_to": [_of_world(*one) for one in grave[:TOLD]],
            "more": max(0, len(grave) - TOLD),
        }

    def date(self, t: int) -> str:
        """Return the date of a day."""
        return (self.plan.start_date + dt.timedelta(days=t)).isoformat()


def _of_world(line: Line, number: int) -> dict[str, Any]:
    """Return a line and in whose year it happened: 0 the visitor's, 1 the twin's."""
    return {"world": number, "line": asdict(line)}
