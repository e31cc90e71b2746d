"""What is asked of the citizen who is played: up to five questions a month, each done, not done, or left to luck.

Left to luck means what the model does anyway: the citizen's habits, today's draw, and perceived risk. The draws
stay where they are whatever is answered, so two years with other answers have the same luck.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from glasshouse.errors import UsageError, clean
from glasshouse.society.columns import MARK_FLAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from glasshouse.model.oracle import World
    from glasshouse.model.plan import BehaviourPlan, Plan

__all__ = [
    "ANSWERS",
    "APPEAL",
    "FLIGHT",
    "FRIEND",
    "GAMES",
    "POST",
    "QUESTIONS",
    "Orders",
    "asked",
    "checked",
]

POST, GAMES, FLIGHT, FRIEND, APPEAL = QUESTIONS = ("post", "games", "flight", "friend", "appeal")
USUAL, YES, NO = ANSWERS = ("usual", "yes", "no")

VOICE = "police_criticism"  # what is posted where the answer is yes
GAME = "games"
PLANE = "plane"
# From these days of the month on, one each, as soon as nothing is in the way (detention, an account suspended).
DATES = {POST: (10,), GAMES: (5, 12, 19, 26), FLIGHT: (15,)}


def asked(world: World, me: int) -> list[str]:
    """Return the questions that mean something in the coming month, in the order of QUESTIONS."""
    plan = world.plan
    has = {b.id for b in plan.behaviours}
    fits = {
        POST: VOICE in has,
        GAMES: GAME in has,
        FLIGHT: any(mode.id == PLANE for mode in plan.modes),
        FRIEND: flagged_friend(world, me) is not None,
        APPEAL: plan.redress is not None,
    }
    return [question for question in QUESTIONS if fits[question]]


def flagged_friend(world: World, me: int) -> int | None:
    """Return the friend whom the question is about: the first by id whose flag may part you on the coming 1st."""
    if world.plan.ties.cut_threshold == 0 or not world.plan.is_first(world.t):
        return None
    flagged = (j for j in sorted(set(world.uncut(me))) if world.states[j].marked(MARK_FLAG))
    return next(flagged, None)


def checked(answers: Mapping[str, object], questions: Iterable[str]) -> dict[str, str]:
    """Return an answer to each question; what is left out is left to luck.

    Raises:
        UsageError: a question was not asked, or an answer is none of ANSWERS.
    """
    questions = tuple(questions)
    for question, answer in answers.items():
        if question not in questions:
            raise UsageError(
                f"{clean(question)} is not asked this month",
                help=f"asked: {', '.join(questions) or 'nothing'}",
            )
        if answer not in ANSWERS:
            raise UsageError(
                f"{question}: {clean(answer)} is no answer", help=f"expected {', '.join(ANSWERS)}"
            )
    return {question: str(answers.get(question, USUAL)) for question in questions}


class Orders:
    """The answers of the current month, as the decisions that the day looks up.

    Args:
        plan: What is lived.

    Attributes:
        flows: Count of each flow of the citizen so far.
        appeals: Decisions about appealing, of every behaviour.
    """

    def __init__(self, plan: Plan) -> None:
        self.flows: Counter[str] = Counter()
        self.appeals = frozenset(b.decisions["appeal"] for b in plan.behaviours)
        self._plan = plan
        self._answers: dict[str, str] = {}
        self._done: Counter[str] = Counter()
        self._of = {question: _decisions(plan, question) for question in (POST, GAMES, FLIGHT)}
        self._keys = _keys(plan)

    def take(self, answers: Mapping[str, str]) -> None:
        """Take the answers of a new month."""
        self._answers = dict(answers)
        self._done.clear()

    def appeal(self) -> bool | None:
        """Say whether to appeal, None where it is left to luck."""
        return {YES: True, NO: False}.get(self._answers.get(APPEAL, USUAL))

    def due(self, t: int) -> dict[int, str]:
        """Return the decision to do something on day t -> its question."""
        date = (self._plan.start_date + dt.timedelta(days=t)).day
        owed = {}
        for question, dates in DATES.items():
            if (
                self._answers.get(question) == YES
                and sum(day <= date for day in dates) > self._done[question]
            ):
                owed |= dict.fromkeys(self._of[question][:1], question)
        return owed

    def did(self, question: str) -> None:
        """Note that something asked for was done."""
        self._done[question] += 1

    def barred(self, decision: int) -> str | None:
        """Return the table key of what a decision is about, if it is not to be done this month."""
        for question, decisions in self._of.items():
            if self._answers.get(question) == NO and decision in decisions:
                return self._keys[decision]
        return None


def _decisions(plan: Plan, question: str) -> tuple[int, ...]:
    """Return the decisions that a question is about; the first is the one that a yes does."""
    if question == FLIGHT:
        return tuple(mode.decisions["request"] for mode in plan.modes if mode.id == PLANE)
    named = VOICE if question == POST else GAME

    def is_meant(b: BehaviourPlan) -> bool:
        """Say whether a no leaves it undone: silence is about every post."""
        return b.speech if question == POST else b.id == GAME

    meant = sorted(filter(is_meant, plan.behaviours), key=lambda b: b.id != named)
    return tuple(b.decisions["act"] for b in meant)


def _keys(plan: Plan) -> dict[int, str]:
    """Return the table key of each decision to do something."""
    keys = {b.decisions["act"]: f"behaviour.{b.id}" for b in plan.behaviours}
    return keys | {mode.decisions["request"]: f"travel.{mode.id}" for mode in plan.modes}
