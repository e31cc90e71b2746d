"""What every citizen did, held back and was recorded for, from the same addressed draws that the engine used.

The engine keeps counts by province and group only. A citizen's acts follow from draws that have an address and
from the risk perceived that morning, so they are worked out again here (`docs/day.md` section 5, phases 2 to 4)
and must add up to the engine's counts, cell by cell, every day; anything else is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.errors import InvariantError
from glasshouse.harm.luck import Drawn, categories, hits, private_draws, screened_draws
from glasshouse.harm.morning import Doors
from glasshouse.harm.people import People
from glasshouse.society.columns import FALSE, IDENTITY, OWN, RECORD
from glasshouse.society.ties import Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.morning import Morning
    from glasshouse.model.engine import DayCounts, Engine
    from glasshouse.model.plan import BehaviourPlan, Plan

    Ids = NDArray[np.int64]
    Rows = NDArray[np.bool_]

__all__ = ["Day", "Deeds", "Replay", "factors_of"]

DRAWN_AT_ONCE = 4_000_000  # citizen-days whose draws are held at a time
WHOLE = 65536


@dataclass(frozen=True)
class Deeds:
    """One behaviour on one day. Arrays of ids are ascending and name each citizen once, unless said otherwise.

    Attributes:
        open: Who could have done it, one entry per citizen.
        did: Who did it.
        withheld: Who would have at perceived risk 0, and did not.
        seen: Of `did`: whose act was seen.
        passed: Of `did`: whose act reached the authorities.
        caught: Of `did`: whose act was recorded, on whomever.
        own: Of `caught`: who got the record themselves, today or later.
        misattributed: Of `caught`: whose record went to another member of the chat group.
        borrowed: Of `caught`: whose record went to the owner of the card.
        alarms: Who got a false alarm.
        blamed: Whose inbox held a record of another's act through a mix-up; repeats kept.
        carded: Whose inbox held a record of what another did with their card; repeats kept.
        arrived: Who got a record of an own act today; repeats kept.
    """

    open: Rows
    did: Ids
    withheld: Ids
    seen: Ids
    passed: Ids
    caught: Ids
    own: Ids
    misattributed: Ids
    borrowed: Ids
    alarms: Ids
    blamed: Ids
    carded: Ids
    arrived: Ids


@dataclass(frozen=True)
class Day:
    """One day of everybody: the morning, and the deeds of each behaviour of the plan in order."""

    t: int
    morning: Morning
    deeds: tuple[Deeds, ...]


class Replay:
    """Works out each day of a world beside its engine.

    Args:
        plan: What the engine lives.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.people = People(plan)
        self.doors = Doors(self.people)
        self.ties = Ties(plan.ties, plan.population)
        self.thresholds = [self.people.thresholds(b.activity) for b in plan.behaviours]
        self._of_age = [self.people.of_age(b.activity) for b in plan.behaviours]
        self._factors = np.array(plan.learn.factors, np.uint64)
        self._drawn: tuple[int, int] = (0, 0)  # first day held, and the one after the last
        self._acts: list[Drawn] = []
        self._alarms: list[Drawn] = []

    def live(self, engine: Engine) -> tuple[Day, DayCounts]:
        """Live the engine's next day and return it with what the engine counted.

        Raises:
            InvariantError: the two disagree.
        """
        t = engine.t
        self._draw(t)
        morning = self.doors.morning(engine, t)
        inbox = engine.inbox()
        inbox = inbox[inbox[:, 2] == RECORD]
        deeds = tuple(
            self._deeds(k, t, morning, inbox[inbox[:, 3] == k]) for k in range(len(self.plan.behaviours))
        )
        counts = engine.step()
        day = Day(t, morning, deeds)
        self._must_add_up(day, counts, engine)
        return day, counts

    # ---- one behaviour

    def _deeds(self, number: int, t: int, morning: Morning, inbox: NDArray[np.int64]) -> Deeds:
        """Work out one behaviour; `inbox` holds the records of it that were posted earlier."""
        b = self.plan.behaviours[number]
        open_ = morning.free & self._of_age[number] & (morning.access | (not b.online))
        did, withheld = self._acted(number, t, morning, open_)
        seen, passed, caught = self._observed(b, t, did)
        own, misattributed, borrowed = self._landed(b, t, caught, morning)
        today = own[self._delays(b, t, own) == 0]
        origins, targets = inbox[:, 4], inbox[:, 1]
        return Deeds(
            open=open_,
            did=did,
            withheld=withheld,
            seen=seen,
            passed=passed,
            caught=caught,
            own=own,
            misattributed=misattributed,
            borrowed=borrowed,
            alarms=self._alarmed(number, t, open_, did),
            blamed=targets[origins == FALSE],
            carded=targets[origins == IDENTITY],
            arrived=np.concatenate([today, targets[origins == OWN]]),
        )

    def _acted(self, number: int, t: int, morning: Morning, open_: Rows) -> tuple[Ids, Ids]:
        """Return who acts and who holds back (phase 3)."""
        ids, u = self._acts[number].on(t)
        keep = open_[ids] & hits(u, self.thresholds[number][ids])
        ids, u = ids[keep], u[keep]
        if not self.plan.behaviours[number].restrained:
            return ids, ids[:0]
        left = self.restrained(number, ids, morning.risk[ids])
        did = hits(u, left)
        return ids[did], ids[~did]

    def restrained(self, number: int, ids: Ids, risk: NDArray[np.uint16]) -> NDArray[np.uint64]:
        """Return the thresholds that are left to citizens at their perceived risk."""
        whole = self.thresholds[number][ids]
        factor = factors_of(self._factors, self.people.temper[ids], risk)
        return np.where(factor == WHOLE, whole, ((whole >> np.uint64(17)) * factor) << np.uint64(1))

    def _observed(self, b: BehaviourPlan, t: int, did: Ids) -> tuple[Ids, Ids, Ids]:
        """Return whose acts are seen, passed on and caught (phase 4)."""
        seed, plan = self.plan.seed, self.plan
        u = private_draws(seed, b.decisions["seen"], did, t)
        if b.seen_cumulative:
            platform = categories(u, b.seen_cumulative)
            on_one = platform < len(b.seen_cumulative)
            seen, platform = did[on_one], platform[on_one]
            limits = np.array(plan.platform_passed_on, np.uint64)[platform]
            passed = seen[hits(private_draws(seed, b.decisions["passed_on"], seen, t), limits)]
        else:
            seen = passed = did[hits(u, b.office_threshold)]
        caught = passed[hits(private_draws(seed, b.decisions["caught"], passed, t), b.caught)]
        return seen, passed, caught

    def _landed(self, b: BehaviourPlan, t: int, caught: Ids, morning: Morning) -> tuple[Ids, Ids, Ids]:
        """Return whose records land on themselves, on another member of the chat, on a card's owner."""
        mixed = np.zeros(caught.size, bool)
        if b.chat and b.misattributed and self.ties.first_chat is not None:
            drawn = hits(
                private_draws(self.plan.seed, b.decisions["misattributed"], caught, t), b.misattributed
            )
            first_chat = self.ties.first_chat
            for k in np.flatnonzero(drawn).tolist():
                mixed[k] = len(self.ties.members(first_chat, int(caught[k]))) > 1
        borrowed = ~mixed & morning.borrowing[caught] & b.online
        return caught[~mixed & ~borrowed], caught[mixed], caught[borrowed]

    def _delays(self, b: BehaviourPlan, t: int, own: Ids) -> NDArray[np.int64]:
        """Return after how many days records of own acts arrive."""
        if len(b.delay_days) == 1:
            return np.full(own.size, b.delay_days[0], np.int64)
        number = categories(private_draws(self.plan.seed, b.decisions["delay"], own, t), b.delay_cumulative)
        return np.array(b.delay_days)[np.minimum(number, len(b.delay_days) - 1)]

    def _alarmed(self, number: int, t: int, open_: Rows, did: Ids) -> Ids:
        """Return who gets a false alarm: those who could have acted and did not."""
        b = self.plan.behaviours[number]
        ids, u = self._alarms[number].on(t)
        ids = ids[hits(u, b.false_alarm) & open_[ids]]
        return ids[~np.isin(ids, did, assume_unique=True)]

    # ---- draws of some days at a time

    def _draw(self, t: int) -> None:
        """Draw the acts and alarms of the days from t on, if they are not at hand."""
        if self._drawn[0] <= t < self._drawn[1]:
            return
        days = max(1, min(DRAWN_AT_ONCE // self.plan.citizens, self.plan.days - t, 31))
        seed = self.plan.seed
        self._acts = [
            screened_draws(seed, b.decisions["act"], limits, t, days)
            for b, limits in zip(self.plan.behaviours, self.thresholds, strict=True)
        ]
        self._alarms = [
            screened_draws(
                seed, b.decisions["false_alarm"], np.where(of_age, np.uint64(b.false_alarm), 0), t, days
            )
            for b, of_age in zip(self.plan.behaviours, self._of_age, strict=True)
        ]
        self.doors.draw(t, days)
        self._drawn = t, t + days

    # ---- the check

    def _must_add_up(self, day: Day, counts: DayCounts, engine: Engine) -> None:
        """Raise InvariantError unless the day adds up to what the engine counted in every cell."""
        place = {name: k for k, name in enumerate(engine.flow_names)}
        for b, one in zip(self.plan.behaviours, day.deeds, strict=True):
            false = np.concatenate([one.alarms, one.blamed, one.carded])
            for stem, ids in (
                ("acts", one.did),
                ("withheld", one.withheld),
                ("records_true", one.arrived),
                ("records_false", false),
            ):
                self._must_equal(f"{stem}.{b.id}", day.t, self.people.count(ids), counts, place)
        for name, sums in (
            ("records.misattributed", [one.misattributed for one in day.deeds]),
            ("records.borrowed", [one.borrowed for one in day.deeds]),
        ):
            ids = np.concatenate([*sums, np.zeros(0, np.int64)])
            self._must_equal(name, day.t, self.people.count(ids), counts, place)

    def _must_equal(
        self, name: str, t: int, told: NDArray[np.int64], counts: DayCounts, place: dict[str, int]
    ) -> None:
        """Raise InvariantError unless a flow is what was worked out."""
        found = counts.flows[:, :, place[name]]
        if not np.array_equal(told, found):
            raise InvariantError(
                f"day {t}: {name} is {int(told.sum())} worked out again and {int(found.sum())} in the engine"
            )


def factors_of(table: NDArray[np.uint64], temper: Ids, risk: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Return what is left of a rate, 2^-16, for citizens of some temper at some perceived risk."""
    return table[temper, risk >> 8]
