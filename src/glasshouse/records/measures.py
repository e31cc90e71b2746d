"""Every reported quantity: its name, unit, kind, formula in words, denominator, and where it is counted.

Flows are added up over the people of a province and group during a day; stocks are counted at its end; totals
are taken over the whole run and have keys that scripts may rely on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from glasshouse.records.catalogue import FLOWS, STOCKS
from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from glasshouse.model.plan import Plan

Kind = Literal["flow", "stock", "total"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One reported quantity.

    Attributes:
        name: Name in records and totals.
        unit: Unit of the count.
        kind: `flow` (during a day), `stock` (at its end) or `total` (over the run).
        formula: How it is counted, in words.
        denominator: What it is fairly divided by, in words.
        origin: Phase of the day that counts it, as `docs/day.md` names them.
    """

    name: str
    unit: str
    kind: Kind
    formula: str
    denominator: str
    origin: str


def describe(name: str, kind: Literal["flow", "stock"]) -> Measure:
    """Return what a flow or stock of any plan means.

    Raises:
        KeyError: there is no such measure.
    """
    table = FLOWS if kind == "flow" else STOCKS
    if name in table:
        unit, formula, denominator, origin = table[name]
        return Measure(name, unit, kind, formula, denominator, origin)
    stem, _, rest = name.partition(".")
    if stem == "points_lost_by_rule":
        return _by_rule(name, rest)
    pattern = f"{stem}.<id>"
    if not rest or pattern not in table:
        raise KeyError(name)
    unit, formula, denominator, origin = table[pattern]
    return Measure(name, unit, kind, formula.replace("<id>", rest), denominator, origin)


def _by_rule(name: str, rest: str) -> Measure:
    """Describe the points of one rule and origin."""
    rule, _, origin = rest.rpartition(".")
    if not rule or origin not in ORIGINS:
        raise KeyError(name)
    return Measure(
        name,
        "points",
        "flow",
        f"points lost by the rule {rule} through {_BY_ORIGIN[origin]}",
        "members",
        "score",
    )


def catalogue(flows: Iterable[str], stocks: Iterable[str]) -> tuple[Measure, ...]:
    """Return the measures of a plan with these flows and stocks, and all totals."""
    return (
        *(describe(name, "flow") for name in flows),
        *(describe(name, "stock") for name in stocks),
        *(describe_total(key) for key in TOTALS),
    )


_BY_ORIGIN = {
    "own": "own acts",
    "false": "false records",
    "association": "the acts of others",
    "representation": "a company's debts",
    "identity": "a borrowed or failed identity",
}

_POINTS = ("games", "junk_food", "association", "unauthorised_sites", "false_news", "police_criticism", "all")
_SAME = (  # totals that are the sum of the flow of the same name
    "points_gained.all",
    "records.true",
    "records.false",
    "records.misattributed",
    "passed_on.domestic",
    "passed_on.foreign",
    "summonses",
    "interrogations",
    "pledges",
    "detention_days",
    "listed.companies",
    "delisted.persons",
    "requested.plane",
    "requested.high_speed_rail",
    "refused.plane",
    "refused.high_speed_rail",
    "offline_days.face",
    "offline_days.id",
    "offline_days.suspension",
    "offline_days.detention",
    "posts.written",
    "posts.removed",
    "posts.withheld",
    "group_owner_liable",
    "perks",
    "ties_cut",
    "appeals.filed",
    "appeals.won",
    "debts_performed",
)
_PERSONS = {  # totals that are a count of people at the end
    "listed.persons": "ever_listed",
    "refused_persons": "ever_refused",
    **{f"punished.{origin}": f"punished_ever.{origin}" for origin in ORIGINS},
}

# Key -> (kind of its source, name of its source). The keys and their order are stable.
TOTALS: Mapping[str, tuple[Literal["flow", "stock"], str]] = {
    **{f"points_lost.{what}": ("flow", f"points_lost.{what}") for what in _POINTS},
    **{key: ("flow", key) for key in _SAME},
    **{key: ("stock", source) for key, source in _PERSONS.items()},
}


def describe_total(key: str) -> Measure:
    """Return what a total means.

    Raises:
        KeyError: there is no such total.
    """
    kind, source = TOTALS[key]
    one = describe(source, kind)
    when = "sum over the run of: " if kind == "flow" else "at the end of the last day: "
    return Measure(key, one.unit, "total", when + one.formula, one.denominator, one.origin)


def totals(flow_sums: Mapping[str, int], end_stocks: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """Return the totals of a run under their stable keys; what a scheme does not have is 0.

    Args:
        flow_sums: Sum of each flow over all days and people.
        end_stocks: Stocks of the nation at the end of the last day.
        plan: The compiled scenario; its behaviours may be written with `-` where the key has `_`.
    """
    ours = {f"points_lost.{b.id.replace('-', '_')}": f"points_lost.{b.id}" for b in plan.behaviours}
    out = {}
    for key, (kind, source) in TOTALS.items():
        if kind == "stock":
            out[key] = int(end_stocks.get(source, 0))
        else:
            own = flow_sums.get(source)
            out[key] = int(flow_sums.get(ours.get(source, ""), 0) if own is None else own)
    return out


def markdown() -> str:
    """Return the catalogue as a table for the documentation."""
    rows = ["| measure | unit | kind | formula | denominator | phase |", "|---|---|---|---|---|---|"]
    for kind, table in (("flow", FLOWS), ("stock", STOCKS)):
        for name, (unit, formula, denominator, origin) in table.items():
            rows.append(f"| `{name}` | {unit} | {kind} | {formula} | {denominator} | {origin} |")
    return "\n".join(rows) + "\n"
