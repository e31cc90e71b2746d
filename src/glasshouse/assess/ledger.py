"""The ledger of detriment: every person-day under a sanction, booked to what it rests on.

A sanction list entered by records rests on the records of that day; one entered by score on the points that each rule
and origin had taken from that person so far; a company list on the company. A person-day is shared out if it rests on
several things. What was worked out must add up to what the engine counted, every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.assess.causes import BEFORE, CHECK, COMPANY, LIABILITY, OF_RECORDS, SCORE, Cause, causes_of
from glasshouse.assess.charges import NOTHING, Charges, records_of
from glasshouse.errors import InvariantError
from glasshouse.harm.luck import categories, hits, private_draws
from glasshouse.model.flows import OUTCOME_FLOWS, OUTCOMES
from glasshouse.society.columns import ASSOCIATION, IDENTITY, LIABLE, ORIGINS, OWN, REPRESENTATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from glasshouse.harm.people import People
    from glasshouse.harm.replay import Day
    from glasshouse.model.engine import DayCounts, Engine
    from glasshouse.model.plan import ListPlan, Plan

    Ids = NDArray[np.int64]
    Rows = NDArray[np.bool_]
    Table = NDArray[np.float64]

__all__ = ["Account", "Ledger"]

SPELLS = {"detention": "detained", "suspension": "suspended"}
ONCE = ("fine", "reprimand", "pledge")
FAST = 0b011  # bits of the ways of travel: plane, high-speed rail


@dataclass(frozen=True)
class Account:
    """What a world came to.

    Attributes:
        causes: What sanctions can rest on.
        days: Sanction -> person-days (for fines, reprimands and pledges: how many) by cause, (causes,) float64.
        groups: Names of the groups.
        people: Citizens of each group.
        by_group: Sanction -> person-days by group, (groups,) int64.
        without_fast_travel: Person-days on a list that closes planes or high-speed trains, each person once a day.
        heaviest: The heaviest sum of one person: days times weights.
        hit: People with any day under a sanction.
        longest: Longest unbroken stay of anybody under one sanction, in days of this run.
        sanctions: Sanctions imposed in the run.
        reviewed: Of these, those with an appeal against the records that they rest on.
        records: Behaviour -> records that arrived.
    """

    causes: tuple[Cause, ...]
    days: Mapping[str, Table]
    groups: tuple[str, ...]
    people: tuple[int, ...]
    by_group: Mapping[str, NDArray[np.int64]]
    without_fast_travel: int
    heaviest: float
    hit: int
    longest: int
    sanctions: int
    reviewed: int
    records: Mapping[str, int]


class Ledger:
    """Books a world day by day.

    Args:
        plan: The world's plan.
        people: Its people.
        weights: Sanction list or kind of sanction -> how heavy one day of it is.
    """

    def __init__(self, plan: Plan, people: People, weights: Mapping[str, float]) -> None:
        self.plan, self._people, self._weights = plan, people, weights
        self.causes = causes_of(plan)
        self._place = {one: k for k, one in enumerate(self.causes)}
        self._charges = Charges(plan, people)
        self._lists = [(k, one) for k, one in enumerate(plan.lists) if not one.perk]
        n = plan.citizens
        names = [*(one.id for _, one in self._lists), *SPELLS, "offline", *ONCE]
        self._days = {name: np.zeros(len(self.causes)) for name in names}
        self._now = {name: np.zeros(len(self.causes)) for name in names}  # of tonight
        self._by_group = {name: np.zeros(len(plan.population.group_names), np.int64) for name in names}
        self._basis: dict[str, dict[int, Table]] = {one.id: {} for _, one in self._lists}
        self._since = {name: np.zeros(n, np.int16) for name in names}
        self._on: dict[str, Rows] = {name: np.zeros(n, bool) for name in names}
        self._rests = {name: np.zeros(n, np.int16) for name in SPELLS}  # place of the cause
        self._sum = np.zeros(n)
        self._fast = self._longest = self._sanctions = self._reviewed = 0
        self._records = {b.id: 0 for b in plan.behaviours}
        self._liable: Ids = np.zeros(0, np.int64)
        self._left_early: dict[str, Rows] = {}

    # ---- before the day

    def begin(self, engine: Engine) -> None:
        """Note who is on a list before day 0."""
        lists = engine.columns["lists"][: self.plan.citizens]
        for k, one in self._lists:
            on = (lists >> np.uint8(k) & 1).astype(bool)
            shares = self._before(one)
            for i in np.flatnonzero(on).tolist():
                self._basis[one.id][i] = shares
            self._now[one.id] += shares * int(on.sum())
            self._on[one.id] = on

    def _before(self, one: ListPlan) -> Table:
        """Return what an entry before day 0 rests on: its behaviours alike, as own; behind a score it is not known."""
        causes = [Cause(f"behaviour.{self.plan.behaviours[b].id}", OWN) for b in one.entry_behaviours]
        return self._shares(dict.fromkeys(causes or [Cause(BEFORE, 0)], 1.0))

    def morning(self, engine: Engine) -> None:
        """Note what today's phases read, before the day is lived."""
        self._charges.morning(engine)
        inbox = engine.inbox()
        self._liable = inbox[inbox[:, 2] == LIABLE, 1]
        for _, one in self._lists:  # a stay that ends today may begin again today
            if one.slot >= 0:
                until = engine.columns[f"until_{one.slot}"][: self.plan.citizens]
                self._left_early[one.id] = self._on[one.id] & (until != 65535) & (engine.t > until)

    # ---- the day

    def add(self, engine: Engine, day: Day, counts: DayCounts) -> None:
        """Book a day that was lived."""
        self._charges.add(day, self._liable)
        for b, deeds in zip(self.plan.behaviours, day.deeds, strict=True):
            self._records[b.id] += sum(ids.size for ids in records_of(deeds))
        flows = dict(zip(engine.flow_names, counts.flows.sum(axis=(0, 1)).tolist(), strict=True))
        self._must_equal_points(day.t, flows)
        entered = self._on_lists(engine, day)
        summoned = self._summoned(day)
        suspended = self._suspended(day)
        for name, found in (*entered.items(), *summoned.items(), ("suspensions", suspended)):
            must_equal(name, day.t, sum(ids.size for ids, _, _ in found), flows)
        self._spells(engine, "detention", summoned["detentions"], day)
        self._spells(engine, "suspension", [*suspended, *self._held_liable()], day)
        self._once(summoned)
        self._offline(engine, counts, flows)
        self._evening()

    def _shares(self, weights: Mapping[Cause, float]) -> Table:
        """Return shares by cause that sum to 1."""
        out = np.zeros(len(self.causes))
        for cause, weight in weights.items():
            out[self._place[cause]] += weight
        return out / out.sum()

    # ---- lists

    def _on_lists(self, engine: Engine, day: Day) -> dict[str, list[tuple[Ids, int, int]]]:
        """Book who came on lists and off them; return the entries by flow."""
        lists = engine.columns["lists"][: self.plan.citizens]
        out = {}
        for k, one in self._lists:
            on = (lists >> np.uint8(k) & 1).astype(bool)
            was = self._on[one.id] & ~self._left_early.get(one.id, np.zeros(on.size, bool))
            for i in np.flatnonzero(self._on[one.id] & (~on | ~was)).tolist():
                self._now[one.id] -= self._basis[one.id].pop(i)
                self._longest = max(self._longest, day.t - int(self._since[one.id][i]))
            fresh = np.flatnonzero(on & ~was)
            files = self._enter(one, fresh, day)
            self._since[one.id][fresh] = day.t
            self._on[one.id] = on
            self._review(fresh, files, day.t)
            out[f"entered.{one.id}"] = [(fresh, 0, 0)]
        return out

    def _enter(self, one: ListPlan, fresh: Ids, day: Day) -> Ids:
        """Book the basis of new entries; return the behaviours that they rest on, -1 for none."""
        files: Ids = np.full(fresh.size, NOTHING, np.int64)
        if not fresh.size:
            return files
        records = {b: [set(ids.tolist()) for ids in records_of(day.deeds[b])] for b in one.entry_behaviours}
        for row, i in enumerate(fresh.tolist()):
            behind = self._records_behind(records, i)
            if one.company:
                shares = self._shares({Cause(COMPANY, REPRESENTATION): 1.0})
            elif behind:
                shares = self._shares(dict.fromkeys(behind, 1.0))
                files[row] = next(b for b in one.entry_behaviours if any(i in ids for ids in records[b]))
            else:
                shares = self._points_behind(i)
                files[row] = int(self._charges.file[i])
            self._basis[one.id][i] = shares
            self._now[one.id] += shares
        return files

    def _records_behind(self, records: Mapping[int, list[set[int]]], i: int) -> list[Cause]:
        """Return the records of today that can have put a citizen on a list."""
        return [
            Cause(f"behaviour.{self.plan.behaviours[b].id}", origin)
            for b, by_origin in records.items()
            for origin, ids in zip(OF_RECORDS, by_origin, strict=True)
            if i in ids
        ]

    def _points_behind(self, i: int) -> Table:
        """Return what the points were taken for that a citizen lost so far."""
        out = np.zeros(len(self.causes))
        if self._charges.on and self._charges.lost[i].any():
            out[: self._charges.lost.shape[1]] = self._charges.lost[i]
            return out / out.sum()
        return self._shares({Cause(SCORE, 0): 1.0})

    # ---- police, platforms, checks

    def _summoned(self, day: Day) -> dict[str, list[tuple[Ids, int, int]]]:
        """Return the outcomes of today's interrogations by flow: whose, the place of the cause, days; repeats kept."""
        plan = self.plan.police
        out: dict[str, list[tuple[Ids, int, int]]] = {flow: [] for flow in OUTCOME_FLOWS.values()}
        if plan is None:
            return out
        for number, b in enumerate(self.plan.behaviours):
            if not b.summons:
                continue
            by_origin = records_of(day.deeds[number])
            ids = np.unique(np.concatenate(by_origin))
            for name, limit in (("summons", b.summons), ("interrogated", plan.interrogated)):
                ids = ids[hits(self._draw(b.decisions[name], ids, day.t), limit)]
            outcome = categories(self._draw(b.decisions["outcome"], ids, day.t), plan.outcome_cumulative)
            length = categories(self._draw(b.decisions["length"], ids, day.t), plan.detention_cumulative)
            origins = origins_of(ids, by_origin)
            for k, name in enumerate(OUTCOMES):
                chosen = outcome == k
                if name in {"fine", "detention"}:
                    self._review(ids[chosen], np.full(int(chosen.sum()), number), day.t)
                for i, o, days in zip(ids[chosen], origins[chosen], length[chosen], strict=True):
                    cause = self._place[Cause(f"behaviour.{b.id}", int(o))]
                    out[OUTCOME_FLOWS[name]].append((np.array([i]), cause, plan.detention_days[int(days)]))
        return out

    def _suspended(self, day: Day) -> list[tuple[Ids, int, int]]:
        """Return whose account a platform suspended today, over what, for how long."""
        out = []
        for number, b in enumerate(self.plan.behaviours):
            if not (b.seen_cumulative and b.removed and b.suspended):
                continue
            ids = day.deeds[number].seen
            for name, limit in (("removed", b.removed), ("suspended", b.suspended)):
                ids = ids[hits(self._draw(b.decisions[name], ids, day.t), limit)]
            out.append((ids, self._place[Cause(f"behaviour.{b.id}", OWN)], b.suspension_days))
            if b.suspension_days:
                self._sanctions += ids.size
        return out

    def _held_liable(self) -> list[tuple[Ids, int, int]]:
        """Return the owners of chat groups suspended today for what a member wrote."""
        days = self.plan.police.owner_suspension if self.plan.police else 0
        if not days:
            return []
        self._sanctions += self._liable.size
        return [(self._liable, self._place[Cause(LIABILITY, ASSOCIATION)], days)]

    def _spells(self, engine: Engine, name: str, found: list[tuple[Ids, int, int]], day: Day) -> None:
        """Book who is under a spell tonight; the latest event of the length that stands is its cause."""
        left = engine.columns[SPELLS[name]][: self.plan.citizens]
        on = left > 0
        for ids, cause, days in found:
            self._rests[name][ids[left[ids] == days]] = cause
        fresh, over = on & ~self._on[name], self._on[name] & ~on
        if over.any():
            self._longest = max(self._longest, day.t - int(self._since[name][over].min()))
        self._since[name][fresh] = day.t
        self._on[name] = on
        self._now[name] = np.bincount(self._rests[name][on], minlength=len(self.causes)).astype(float)

    def _once(self, summoned: Mapping[str, list[tuple[Ids, int, int]]]) -> None:
        """Book fines, reprimands and pledges, each of them once."""
        for name in ONCE:
            self._now[name][:] = 0
            for ids, cause, _ in summoned[OUTCOME_FLOWS[name]]:
                self._now[name][cause] += 1
                self._sum[ids] += self._weights[name]
                self._by_group[name] += np.bincount(
                    self._people.group[ids], minlength=self._by_group[name].size
                )
                if name != "fine":
                    self._sanctions += 1

    def _offline(self, engine: Engine, counts: DayCounts, flows: Mapping[str, int]) -> None:
        """Book the days offline after failed checks, from the engine's own counts."""
        names = ("offline_days.face", "offline_days.id")
        self._now["offline"] = np.zeros(len(self.causes))
        self._now["offline"][self._place[Cause(CHECK, IDENTITY)]] = sum(flows[one] for one in names)
        self._sanctions += sum(flows[one] for one in ("failed_checks.face", "failed_checks.id"))
        for one in names:
            self._by_group["offline"] += counts.flows[:, :, engine.flow_names.index(one)].sum(axis=0)
        left = engine.columns["offline"][: self.plan.citizens]
        self._sum[left > 0] += self._weights["offline"]  # the day itself is not among them

    def _review(self, ids: Ids, files: Ids, t: int) -> None:
        """Count sanctions and those with an appeal against the records that they rest on."""
        self._sanctions += ids.size
        if self.plan.redress is None:
            return
        for number in np.unique(files[files != NOTHING]).tolist():
            whose = ids[files == number]
            drawn = self._draw(self.plan.behaviours[number].decisions["appeal"], whose, t)
            self._reviewed += int(np.count_nonzero(hits(drawn, self.plan.redress.filed)))

    def _draw(self, decision: int, ids: Ids, t: int) -> NDArray[np.uint64]:
        return private_draws(self.plan.seed, decision, ids, t)

    # ---- the evening

    def _evening(self) -> None:
        """Add the person-days of tonight."""
        fast: Rows = np.zeros(self.plan.citizens, bool)
        for name, now in self._now.items():
            self._days[name] += now
        for _, one in self._lists:
            self._people_on(one.id)
            if one.closes & FAST:
                fast |= self._on[one.id]
        for name in SPELLS:
            self._people_on(name)
        self._fast += int(np.count_nonzero(fast))

    def _people_on(self, name: str) -> None:
        on = self._on[name]
        self._sum[on] += self._weights[name]
        self._by_group[name] += np.bincount(self._people.group[on], minlength=self._by_group[name].size)

    def end(self) -> Account:
        """Return the sums."""
        for name, on in self._on.items():
            if on.any():
                self._longest = max(self._longest, self.plan.days - int(self._since[name][on].min()))
        groups = self.plan.population.group_names
        people = np.bincount(self._people.group, minlength=len(groups))
        return Account(
            causes=self.causes,
            days=self._days,
            groups=groups,
            people=tuple(people.tolist()),
            by_group=self._by_group,
            without_fast_travel=self._fast,
            heaviest=float(self._sum.max(initial=0.0)),
            hit=int(np.count_nonzero(self._sum)),
            longest=self._longest,
            sanctions=self._sanctions,
            reviewed=self._reviewed,
            records=self._records,
        )

    # ---- the check

    def _must_equal_points(self, t: int, flows: Mapping[str, int]) -> None:
        """Raise InvariantError unless the points of today are the engine's, rule by rule and origin by origin."""
        if not self._charges.on or self.plan.score is None:
            return
        told = iter(self._charges.today)
        for rule in self.plan.score.rules:
            for origin in OF_RECORDS:
                name = f"points_lost_by_rule.{rule.id}.{ORIGINS[origin - 1]}"
                must_equal(name, t, next(told), flows)
        names = ["points_lost.liability"] + ["points_lost.association"] * (
            self.plan.score.association is not None
        )
        for name, points in zip(names, reversed(self._charges.today_of_others), strict=True):
            must_equal(name, t, points, flows)


def origins_of(ids: Ids, by_origin: list[Ids]) -> Ids:
    """Return the origin of each citizen's records of a behaviour: own if any is, else false, else identity."""
    out: Ids = np.zeros(ids.size, np.int64)
    for origin, those in reversed(list(zip(OF_RECORDS, by_origin, strict=True))):
        out[np.isin(ids, those)] = origin
    return out


def must_equal(name: str, t: int, told: int, flows: Mapping[str, int]) -> None:
    """Raise InvariantError unless a flow is what was worked out."""
    if told != flows[name]:
        raise InvariantError(f"day {t}: {name} is {told} worked out again and {flows[name]} in the engine")
