"""What a lever changes: the scheme after it, lived over the same seeds, against the scheme itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.assess.figures import Row, counted, ratio
from glasshouse.assess.making import PER
from glasshouse.assess.yardsticks import MITIGATION
from glasshouse.harm.chilling import mean
from glasshouse.harm.intervals import Estimate
from glasshouse.model.plan import compile_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from glasshouse.assess.levers import Lever
    from glasshouse.model.plan import Plan
    from glasshouse.scenario.schema import Scenario

__all__ = ["Counts", "counts_of", "lever_rows", "lived"]


FEWEST = 10  # units of a benefit lost, over all seeds, below which their number is mostly luck


@dataclass(frozen=True, slots=True)
class Counts:
    """What one world came to, for one seed.

    Attributes:
        days: Person-days under a sanction.
        falsely: People first punished on false records.
        debts: Debts performed.
        offences: Acts of kinds offence and default.
        deeds: Acts of kind prosocial.
        reviews: Appeals filed.
        records: Records that arrived.
    """

    days: int
    falsely: int
    debts: int
    offences: int
    deeds: int
    reviews: int
    records: int


def counts_of(plan: Plan, flows: Mapping[str, int], person_days: Mapping[str, int]) -> Counts:
    """Return the counts of a world from its flows and person-days."""

    def acts(*kinds: str) -> int:
        """Return how many acts of some kinds there were."""
        return sum(flows[f"acts.{b.id}"] for b in plan.behaviours if b.kind in kinds)

    lists = sum(person_days[f"on.{one.id}"] for one in plan.lists if not one.perk)
    spells = person_days["detained"] + person_days["suspended"]
    return Counts(
        days=lists + spells + flows["offline_days.face"] + flows["offline_days.id"],
        falsely=flows["punished.false"],
        debts=flows["debts_performed"],
        offences=acts("offence", "default"),
        deeds=acts("prosocial"),
        reviews=flows["appeals.filed"],
        records=flows["records.true"] + flows["records.false"],
    )


def lived(
    scenario: Scenario,
    *,
    citizens: int,
    days: int,
    seed: int,
    threads: int,
) -> Counts:
    """Live a world and return its counts."""
    from glasshouse.model.engine import Engine

    plan = compile_plan(scenario, citizens=citizens, days=days, seed=seed)
    engine = Engine(plan, threads=threads)
    flows: np.ndarray = np.zeros(len(engine.flow_names), np.int64)
    stocks: np.ndarray = np.zeros(len(engine.stock_names), np.int64)
    for _ in range(days):
        counts = engine.step()
        flows += counts.flows.sum(axis=(0, 1))
        stocks += counts.stocks.sum(axis=(0, 1))
    named = (
        dict(zip(names, sums.tolist(), strict=True))
        for names, sums in ((engine.flow_names, flows), (engine.stock_names, stocks))
    )
    return counts_of(plan, *named)


def lever_rows(lever: Lever, base: Sequence[Counts], other: Sequence[Counts], citizens: int) -> Iterator[Row]:
    """Yield what a lever changes; `base` and `other` have one entry for each seed, in the same order."""
    if lever.scenario is None:
        yield Row(
            MITIGATION, f"lever.{lever.key}.days", f"{lever.key}: person-days avoided", "per 100,000 citizens",
            Estimate(None), lever.label, "", lever.why_not,
        )  # fmt: skip
        return
    told = {
        "days": ("person-days under a sanction avoided", "days", 1),
        "falsely": ("people spared a sanction on a false record", "falsely", 1),
        "debts": ("debts performed, lost", "debts", 1),
        "offences": ("offences and defaults, more", "offences", -1),
        "deeds": ("good deeds, lost", "deeds", 1),
        "reviews": ("appeals more", "reviews", -1),
    }
    gone: dict[str, list[float]] = {}
    for key, (label, name, sign) in told.items():
        gone[key] = [
            sign * PER / citizens * (getattr(a, name) - getattr(b, name))
            for a, b in zip(base, other, strict=True)
        ]
        yield Row(
            MITIGATION, f"lever.{lever.key}.{key}", f"{lever.key}: {label}", "per 100,000 citizens",
            counted(gone[key], signed=True),
            f"{lever.label}; the scheme less the changed scheme, same people, same luck",
            "what the lever itself costs those who run it",
        )  # fmt: skip
    if lever.key == "review":
        yield Row(
            MITIGATION, "lever.review.records", "review: records to be looked at", "per 100,000 citizens",
            counted([PER / citizens * one.records for one in base]), "records that arrive in the scheme as it is",
            "hours and mistakes of those who look",
        )  # fmt: skip
    for key, words in (
        ("debts", "debt performed lost"),
        ("offences", "offence or default more"),
        ("deeds", "good deed lost"),
    ):
        units = round(sum(gone[key]) * citizens / PER)
        yield per_benefit(lever, gone["days"], gone[key], units, key, words)


def per_benefit(
    lever: Lever, days: Sequence[float], lost: Sequence[float], units: int, key: str, words: str
) -> Row:
    """Return the person-days avoided for each unit of a benefit lost, where enough were lost to speak of a price."""
    cost = mean(lost)
    clear = cost.value is not None and (cost.value if cost.low is None else cost.low) > 0
    seen = clear and units >= FEWEST
    why = (
        f"fewer than {FEWEST} were lost in all seeds"
        if clear
        else "no clear loss: the interval of it holds 0"
    )
    return Row(
        MITIGATION, f"lever.{lever.key}.days_per_{key}", f"{lever.key}: person-days avoided per {words}", "person-days",
        ratio(days, lost) if seen else Estimate(None),
        f"{lever.label}; person-days avoided over the {units} lost in all seeds; same people, same luck",
        "whether one is worth the other",
        "" if seen else why,
    )  # fmt: skip
