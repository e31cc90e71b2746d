"""The impact sheet as tables: Arrow for programs, HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pyarrow as pa

from glasshouse.harm.tables import spelled

if TYPE_CHECKING:
    from glasshouse.assess.study import Assessment

__all__ = ["html", "sheet_table"]

SHEET = pa.schema(
    [
        pa.field("yardstick", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("low", pa.float64()),  # ends of the 95 % interval
        pa.field("high", pa.float64()),
        pa.field("definition", pa.string(), nullable=False),
        pa.field("does_not_show", pa.string(), nullable=False),
        pa.field("not_measured", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ]
)


def sheet_table(study: Assessment) -> pa.Table:
    """Return the rows of the sheet, those of the levers last."""
    return pa.Table.from_pylist([one.as_dict() for one in study.rows], schema=SHEET)


def html(study: Assessment, line: str) -> str:
    """Return the rows that have a figure as a table for notebooks; `line` says what they are."""
    where = f"{study.citizens:,} citizens, {study.days} days, {study.replicates} seeds from {study.seed}"
    caption = f"{study.scheme.name}: {line}; {where}"
    body = "".join(
        f"<tr><td>{escape(one.yardstick.name)}</td><th>{escape(one.label)}</th>"
        f'<td style="text-align:right">{spelled(one.figure)}</td><td>{escape(one.unit)}</td></tr>'
        for one in study.rows
        if one.figure.value is not None
    )
    head = "".join(f"<th>{word}</th>" for word in ("yardstick", "figure", "value (95 % interval)", "unit"))
    notice = study.scheme.scenario.notice
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        + (f"<p>{escape(notice)}</p>" if notice else "")
    )
