"""One pass over a scheme and its twin, seed by seed: the error audit, the recovery clock, and what fear held back.

Each replicate lives two worlds side by side: the scheme, and its twin. Unless another scheme is given, the twin is the
same scheme among people who are not afraid (`learn.restraint = "none"`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from glasshouse.compare.twins import refuse_other_society
from glasshouse.compare.worlds import name_of
from glasshouse.errors import RefusedError, UsageError
from glasshouse.harm.audit import Audit, audit
from glasshouse.harm.chilling import Chilling, Silence, chilling
from glasshouse.harm.records import ErrorsMade, Watch
from glasshouse.harm.recovery import Clock, Recovered, Recovery, recovery
from glasshouse.harm.replay import Replay
from glasshouse.harm.traps import Confirmed, confirmed, daily_drift, sinking, traps_of
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from glasshouse.harm.chilling import Chilled
    from glasshouse.harm.people import People
    from glasshouse.harm.replay import Day
    from glasshouse.model.engine import DayCounts, Engine
    from glasshouse.model.plan import Plan
    from glasshouse.scenario.load import Loaded
    from glasshouse.scenario.schema import Scenario

__all__ = ["MAX_REPLICATES", "SMALLEST_SOCIETY", "Beside", "Harm", "Lived", "Scheme", "harm", "live_both"]

MAX_REPLICATES = 10_000
SMALLEST_SOCIETY = 1_000
FEARLESS = ", people unafraid"


@dataclass(frozen=True)
class Scheme:
    """A scenario and what it is called."""

    scenario: Scenario = field(repr=False)
    name: str

    @classmethod
    def of(cls, what: str | Loaded | Scheme) -> Scheme:
        """Return the scheme of a preset id, a path or a loaded scenario."""
        if isinstance(what, Scheme):
            return what
        loaded = load(what) if isinstance(what, str) else what
        return cls(loaded.scenario, name_of(loaded))

    def unafraid(self) -> Scheme:
        """Return the same scheme among people who are not afraid."""
        learn = self.scenario.learn.model_copy(update={"restraint": "none"})
        return Scheme(self.scenario.model_copy(update={"learn": learn}), f"{self.name}{FEARLESS}")


class Beside(Protocol):
    """One more watcher of a world."""

    def begin(self, engine: Engine) -> None:
        """Look at the world before day 0."""

    def morning(self, engine: Engine) -> None:
        """Look at it before a day is lived."""

    def add(self, engine: Engine, day: Day, counts: DayCounts) -> None:
        """Look at it after a day was lived."""


@dataclass(frozen=True)
class Lived:
    """What one seed brought: counts that can be added up over seeds.

    Attributes:
        errors: Right and wrong records.
        recovered: How long people took to be clean again.
        chilled: What was said and not said.
        flows: Sum of each flow.
        stocks: Stocks at the end.
        person_days: Sum of each stock over the evenings.
        sinking: Members whose score is expected to sink.
        members: Members.
    """

    errors: ErrorsMade
    recovered: Recovered
    chilled: Chilled
    flows: dict[str, int]
    stocks: dict[str, int]
    person_days: dict[str, int]
    sinking: int
    members: int


@dataclass(frozen=True)
class Harm:
    """What a scheme does wrong, for how long, and what it silences, in one synthetic society.

    Attributes:
        scheme: The scenario.
        twin: What chilling is measured against.
        citizens: Citizens of each world.
        days: Days of each.
        seed: First seed.
        replicates: Seeds.
        audit: The error audit.
        recovery: The recovery clock: all, then each group.
        traps: States with no way out, and what the run says about them.
        chilling: What people did not say.
    """

    scheme: Scheme
    twin: Scheme
    citizens: int
    days: int
    seed: int
    replicates: int
    audit: Audit
    recovery: tuple[Recovery, ...]
    traps: tuple[Confirmed, ...]
    chilling: Chilling

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `harm --json` prints it."""
        return {
            "scheme": self.scheme.name,
            "twin": self.twin.name,
            "notice": self.scheme.scenario.notice,
            "citizens": self.citizens,
            "days": self.days,
            "seed": self.seed,
            "replicates": self.replicates,
            "scope": "in this synthetic society",
            "audit": self.audit.as_dict(),
            "recovery": {
                "people": [one.as_dict() for one in self.recovery],
                "traps": [one.as_dict() for one in self.traps],
            },
            "chilling": self.chilling.as_dict(),
        }

    def tables(self) -> dict[str, pa.Table]:
        """Return the audit, the long table for Fairlearn and the curves as Arrow tables, by the names of their files.

        Their schemas are in `glasshouse.harm.tables`.
        """
        from glasshouse.harm.tables import audit_table, judged_table, recovery_table

        return {
            "audit": audit_table(self.audit),
            "judged": judged_table(self.audit),
            "recovery": recovery_table(self.recovery),
        }

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from glasshouse.harm.tables import html

        return html(self)


def harm(
    scheme: str | Loaded | Scheme,
    against: str | Loaded | Scheme | None = None,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    replicates: int = 8,
    threads: int | None = None,
    progress: Callable[[int, int, int, int], None] | None = None,
) -> Harm:
    """Measure what a scheme does wrong, how long people need to recover, and what they do not say.

    Args:
        scheme: Preset id, path or loaded scenario.
        against: The twin for chilling; by default the same scheme among people who are not afraid.
        citizens: Citizens of each world; the scheme's by default.
        days: Days of each world; the scheme's by default.
        seed: Seed of the first replicate; the others follow it.
        replicates: How many seeds.
        threads: Threads; they change no result.
        progress: Called after each day with (replicate, replicates, day, days).

    Raises:
        RefusedError: the society is so small that a group could stand for a household.
        UsageError: the two schemes have other societies.
        InvariantError: what was worked out for each citizen is not what the engine counted.
    """
    if not 1 <= replicates <= MAX_REPLICATES:
        raise UsageError(f"{replicates} replicates, expected 1 to {MAX_REPLICATES:,}")
    here = Scheme.of(scheme)
    there = here.unafraid() if against is None else Scheme.of(against)
    society = here.scenario.society
    size = {"citizens": citizens or society.citizens, "days": days or society.days}
    refuse_small(size["citizens"])
    first = society.seed if seed is None else seed
    found = []
    for r in range(replicates):
        plans = [compile_plan(one.scenario, seed=(first + r) % 2**64, **size) for one in (here, there)]
        told = None if progress is None else lambda day, of, r=r: progress(r, replicates, day, of)
        found.append(live_both(plans[0], plans[1], threads=threads, progress=told))
    return told_of(here, there, found, plans[0], seed=first)


def told_of(here: Scheme, there: Scheme, found: Sequence[Lived], plan: Plan, *, seed: int) -> Harm:
    """Return what the replicates say together; `plan` is that of any of them."""
    recovered = reduce(add, (one.recovered for one in found))
    members = sum(one.members for one in found)
    sinks = sum(one.sinking for one in found) / members if members else None
    return Harm(
        scheme=here,
        twin=there,
        citizens=plan.citizens,
        days=plan.days,
        seed=seed,
        replicates=len(found),
        audit=audit(reduce(add, (one.errors for one in found))),
        recovery=recovery(recovered),
        traps=confirmed(
            traps_of(plan, sinks),
            summed([one.flows for one in found]),
            summed([one.stocks for one in found]),
            plan.citizens * len(found),
            recovered,
        ),
        chilling=chilling([one.chilled for one in found]),
    )


def summed(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return the sum of counts of the same names."""
    return {name: sum(one[name] for one in counts) for name in counts[0]}


def refuse_small(citizens: int) -> None:
    """Raise RefusedError for a society in which a row of a table could stand for somebody."""
    if citizens < SMALLEST_SOCIETY:
        raise RefusedError(
            f"harms are told of societies of at least {SMALLEST_SOCIETY:,}, this one has {citizens:,}:"
            " a row of a smaller one could stand for a household or an office",
            help=f"run it with --citizens {SMALLEST_SOCIETY} or more",
        )


def live_both(
    plan: Plan,
    twin: Plan,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    beside: Callable[[People], Beside] | None = None,
) -> Lived:
    """Live a world and its twin day by day and count what happens to everybody; `beside` makes one more watcher."""
    from glasshouse.model.engine import Engine
    from glasshouse.run import default_threads

    refuse_other_society(plan, twin)
    engine, other = (Engine(one, threads=default_threads(threads)) for one in (plan, twin))
    replay, replay_of_twin = Replay(plan), Replay(twin)
    people = replay.people
    watch, clock, silence = Watch(plan, people), Clock(plan, people), Silence(plan, twin, people)
    more = None if beside is None else beside(people)
    for one in (watch, clock, silence, *([] if more is None else [more])):
        one.begin(engine)
    flows: np.ndarray = np.zeros(len(engine.flow_names), np.int64)
    stocks: np.ndarray = np.zeros(len(engine.stock_names), np.int64)
    for t in range(plan.days):
        news = engine.bulletin(t)
        if more is not None:
            more.morning(engine)
        day, counts = replay.live(engine)
        if more is not None:
            more.add(engine, day, counts)
        flows += counts.flows.sum(axis=(0, 1))
        stocks += counts.stocks.sum(axis=(0, 1))
        watch.add(day)
        silence.add(day, replay_of_twin.live(other)[0])
        clock.evening(engine, t)
        silence.evening(engine, t, news)
        if progress is not None:
            progress(t + 1, plan.days)
    sinks = sinking(plan, daily_drift(plan, people, replay.thresholds)) & people.member
    return Lived(
        errors=watch.end(engine),
        recovered=clock.end(sinks),
        chilled=silence.end(engine),
        flows=dict(zip(engine.flow_names, flows.tolist(), strict=True)),
        stocks=dict(zip(engine.stock_names, engine.stocks.sum(axis=(0, 1)).tolist(), strict=True)),
        person_days=dict(zip(engine.stock_names, stocks.tolist(), strict=True)),
        sinking=int(np.count_nonzero(sinks)),
        members=int(np.count_nonzero(people.member)) if plan.score else 0,
    )
