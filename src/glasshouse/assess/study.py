"""Assess a scheme: the impact sheet over some seeds, and levers compared with it over the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.assess.ledger import Ledger
from glasshouse.assess.levers import levers_of
from glasshouse.assess.measures import Seen
from glasshouse.assess.sheet import sheet
from glasshouse.assess.variants import counts_of, lever_rows, lived
from glasshouse.errors import RefusedError, UsageError
from glasshouse.harm.study import MAX_REPLICATES, SMALLEST_SOCIETY, Scheme, live_both
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.labels import Labels, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from glasshouse.assess.figures import Row
    from glasshouse.assess.levers import Lever
    from glasshouse.assess.variants import Counts
    from glasshouse.harm.people import People
    from glasshouse.scenario.load import Loaded

__all__ = ["EVIDENCE", "REPLICATES", "Assessment", "assess", "worlds_of"]

REPLICATES = 8
EVIDENCE = "evidence from a synthetic society, not legal advice"


@dataclass(frozen=True)
class Assessment:
    """The impact sheet of a scheme.

    Attributes:
        scheme: The scenario.
        citizens: Citizens of each world.
        days: Days of each.
        seed: First seed.
        replicates: Seeds.
        labels: Contexts, gravity and weights that the sheet counts with.
        levers: What was changed in the scheme.
        rows: The sheet; the rows of levers are the last.
    """

    scheme: Scheme
    citizens: int
    days: int
    seed: int
    replicates: int
    labels: Labels
    levers: tuple[Lever, ...]
    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, as `assess --json` prints it."""
        return {
            "scheme": self.scheme.name,
            "notice": self.scheme.scenario.notice,
            "citizens": self.citizens,
            "days": self.days,
            "seed": self.seed,
            "replicates": self.replicates,
            "scope": "in this synthetic society",
            "is": EVIDENCE,
            "interval": "95 % (Student's t over replicates)" if self.replicates > 1 else None,
            "labels_by_default": list(self.labels.defaults),
            "levers": [one.as_dict() for one in self.levers],
            "rows": [one.as_dict() for one in self.rows],
        }

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        from glasshouse.assess.tables import sheet_table

        return sheet_table(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from glasshouse.assess.tables import html

        return html(self, EVIDENCE)


def worlds_of(levers: tuple[Lever, ...], replicates: int) -> int:
    """Return how many worlds are lived: the scheme, its twin and each lever, for every seed."""
    return replicates * (2 + sum(one.scenario is not None for one in levers))


def assess(
    scheme: str | Loaded | Scheme,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    replicates: int = REPLICATES,
    threads: int | None = None,
    progress: Callable[[int, int, int, int], None] | None = None,
) -> Assessment:
    """Measure what legal yardsticks ask of a scheme, what it claims, and what milder forms of it would change.

    Args:
        scheme: Preset id, path or loaded scenario.
        citizens: Citizens of each world; the scheme's by default.
        days: Days of each world; the scheme's by default.
        seed: Seed of the first replicate; the others follow it.
        replicates: How many seeds.
        threads: Threads; they change no result.
        progress: Called after each day with (replicate, replicates, day, days).

    Raises:
        RefusedError: the society is so small that a row could stand for a household.
        UsageError: there is no such number of replicates.
        InvariantError: what was worked out for each citizen is not what the engine counted.
    """
    from glasshouse.run import default_threads

    if not 1 <= replicates <= MAX_REPLICATES:
        raise UsageError(f"{replicates} replicates, expected 1 to {MAX_REPLICATES:,}")
    here = Scheme.of(scheme)
    society = here.scenario.society
    n, horizon = citizens or society.citizens, days or society.days
    refuse_small(n)
    first = society.seed if seed is None else seed
    labels, levers = labels_of(here.scenario), levers_of(here.scenario)
    asked = default_threads(threads)
    found, base = [], []
    milder: dict[str, list[Counts]] = {one.key: [] for one in levers}
    for r in range(replicates):
        told = None if progress is None else lambda day, of, r=r: progress(r, replicates, day, of)
        size = {"citizens": n, "days": horizon, "seed": (first + r) % 2**64}
        plan = compile_plan(here.scenario, **size)
        one = seen(here, labels, size, asked, told)
        found.append(one)
        base.append(counts_of(plan, one.lived.flows, one.lived.person_days))
        for lever in levers:
            if lever.scenario is not None:
                milder[lever.key].append(lived(lever.scenario, threads=asked, **size))
    rows = sheet(here.scenario, plan, labels, found)
    more = (row for one in levers for row in lever_rows(one, base, milder[one.key], n))
    return Assessment(here, n, horizon, first, replicates, labels, levers, (*rows, *more))


def seen(
    here: Scheme, labels: Labels, size: dict[str, int], threads: int, told: Callable[[int, int], None] | None
) -> Seen:
    """Live the scheme and its twin for one seed, and keep the ledger beside them."""
    plan, twin = (compile_plan(one.scenario, **size) for one in (here, here.unafraid()))
    kept: list[Ledger] = []

    def beside(people: People) -> Ledger:
        """Keep a ledger of the people of the base world."""
        kept.append(Ledger(plan, people, labels.weights))
        return kept[0]

    one = live_both(plan, twin, threads=threads, progress=told, beside=beside)
    return Seen(one, kept[0].end())


def refuse_small(citizens: int) -> None:
    """Raise RefusedError for a society in which a row of the sheet could stand for somebody."""
    if citizens < SMALLEST_SOCIETY:
        raise RefusedError(
            f"impacts are told of societies of at least {SMALLEST_SOCIETY:,}, this one has {citizens:,}:"
            " a row of a smaller one could stand for a household or an office",
            help=f"run it with --citizens {SMALLEST_SOCIETY} or more",
        )
