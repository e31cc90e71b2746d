"""A comparison as tables: Arrow for programs, HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pyarrow as pa

from glasshouse.records.measures import TOTALS, describe_total

if TYPE_CHECKING:
    from glasshouse.compare.effects import Effect
    from glasshouse.compare.worlds import Comparison

__all__ = ["SCHEMA", "effects_table", "html"]

PER = 100_000
SCHEMA = pa.schema(
    [
        pa.field("place", pa.string(), nullable=False),  # nation, province or group
        pa.field("name", pa.string(), nullable=False),  # of the province or group; empty for the nation
        pa.field("citizens", pa.float64(), nullable=False),  # of the place, mean over replicates
        pa.field("measure", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("base", pa.float64(), nullable=False),
        pa.field("variant", pa.float64(), nullable=False),
        pa.field("mean", pa.float64(), nullable=False),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("sd", pa.float64()),
        pa.field("sd_unpaired", pa.float64()),
        pa.field("pairing_helped", pa.bool_()),
        pa.field("replicates", pa.int32(), nullable=False),
    ]
)


def effects_table(comparison: Comparison) -> pa.Table:
    """Return the effect on every total in the nation, each province and each group, one row each.

    Counts are as in `Effect`, not per 100,000; citizens whose two lives differed have the measures `affected` and
    `outwardly_affected` (in more than what they fear), differences by their nature: `base` is 0, `variant` the mean.
    """
    rows = []
    for place in comparison.parting.places:
        kind, name = place
        head = {
            "place": kind,
            "name": name,
            "citizens": comparison.people_in(place),
            "replicates": comparison.replicates,
        }
        for measure, mean in (
            ("affected", comparison.affected_in(place).as_dict()),
            ("outwardly_affected", comparison.outward_in(place).as_dict()),
        ):
            rows.append(
                {**head, "measure": measure, "unit": "persons", "base": 0.0, "variant": mean["mean"], **mean}
            )
        rows += [
            {**head, "measure": key, "unit": describe_total(key).unit, **one.as_dict()}
            for key, one in comparison.effects_in(place).items()
        ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def html(comparison: Comparison) -> str:
    """Return the totals that are not zero in both worlds as a table, per 100,000 citizens."""
    c, one = comparison, comparison.replicates == 1
    base, variant = (escape(name) for name in c.names)
    ends = "5 to 95 % of the worlds drawn" if c.drawn else "95 % interval"
    seeds = (
        f"seed {c.seed}: one pair of worlds shows no effect" if one else f"{c.replicates} seeds from {c.seed}"
    )
    head = (
        f"<caption>In this synthetic society of {c.citizens:,} citizens, over {c.days} days, {seeds}; "
        "per 100,000 citizens</caption>"
        f"<thead><tr><th>measure</th><th>{base}</th><th>{variant}</th><th>{'difference' if one else 'effect'}</th>"
        f"{'' if one else f'<th>{ends}</th>'}</tr></thead>"
    )
    rows = [
        f"<tr><th>{escape(key)}</th>{cells(found, PER / c.citizens)}</tr>"
        for key, found in ((key, c.effects[key]) for key in TOTALS)
        if found.base or found.variant
    ]
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"


def cells(effect: Effect, factor: float) -> str:
    """Return the numbers of one row."""
    words = [
        f"{effect.base * factor:,.4g}",
        f"{effect.variant * factor:,.4g}",
        f"{effect.mean * factor:+,.4g}",
    ]
    if effect.low is not None and effect.high is not None:
        words.append(f"{effect.low * factor:+,.4g} to {effect.high * factor:+,.4g}")
    return "".join(f'<td style="text-align:right">{word}</td>' for word in words)
