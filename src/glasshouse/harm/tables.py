"""A study of harms as tables: Arrow for programs, HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from glasshouse.harm.audit import Audit, Detector
    from glasshouse.harm.intervals import Estimate
    from glasshouse.harm.recovery import Recovery
    from glasshouse.harm.study import Harm

__all__ = ["RATES", "audit_table", "html", "judged_table", "recovery_table"]

RATES = (
    *("precision", "sensitivity", "missed", "seen", "passed_on", "caught", "put_on_others"),
    *("false_alarm_per_day", "accused_innocent", "recorded_doers"),
)
SHOWN = ("precision", "missed", "put_on_others", "accused_innocent")  # in a notebook

AUDIT = pa.schema(
    [
        pa.field("behaviour", pa.string(), nullable=False),
        pa.field("group", pa.string(), nullable=False),  # `all`, or its name
        pa.field("rate", pa.string(), nullable=False),  # as in `Detector`
        pa.field("value", pa.float64()),
        pa.field("low", pa.float64()),  # ends of the 95 % interval
        pa.field("high", pa.float64()),
        pa.field("count", pa.int64()),  # numerator and denominator
        pa.field("of", pa.int64()),
    ]
)
JUDGED = pa.schema(
    [
        pa.field("unit", pa.string(), nullable=False),  # people or citizen-days
        pa.field("what", pa.string(), nullable=False),
        pa.field("group", pa.string(), nullable=False),
        pa.field("y_true", pa.int8(), nullable=False),
        pa.field("y_pred", pa.int8(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),  # a sample weight
    ]
)
RECOVERY = pa.schema(
    [
        pa.field("group", pa.string(), nullable=False),
        pa.field("days", pa.int32(), nullable=False),  # since the first sanction
        pa.field("events", pa.int64(), nullable=False),
        pa.field("censored", pa.int64(), nullable=False),
        pa.field("at_risk", pa.int64(), nullable=False),
        pa.field("waiting", pa.float64(), nullable=False),  # share not clean yet, and its 95 % interval
        pa.field("low", pa.float64(), nullable=False),
        pa.field("high", pa.float64(), nullable=False),
    ]
)


def audit_table(audit: Audit) -> pa.Table:
    """Return every rate of every detector in every group, one row each."""
    rows = [
        {
            "behaviour": one.behaviour,
            "group": one.group,
            "rate": rate,
            **getattr(one, rate).as_dict(),
        }
        for one in audit.detectors
        for rate in RATES
    ]
    return pa.Table.from_pylist(rows, schema=AUDIT)


def judged_table(audit: Audit) -> pa.Table:
    """Return the long table of who did it and who has a record of it, as Fairlearn reads it."""
    return pa.Table.from_pylist(list(audit.rows), schema=JUDGED)


def recovery_table(recovery: tuple[Recovery, ...]) -> pa.Table:
    """Return the curves of recovery, one row for each group and number of days."""
    rows = []
    for one in recovery:
        steps = one.curve.as_dict()
        rows += [
            {"group": one.group, "days": day, **{name: values[day] for name, values in steps.items()}}
            for day in range(len(steps["waiting"]))
        ]
    return pa.Table.from_pylist(rows, schema=RECOVERY)


def html(study: Harm) -> str:
    """Return how well each behaviour is recorded on everybody, as a table for notebooks."""
    where = f"{study.citizens:,} citizens, {study.days} days, {study.replicates} seeds from {study.seed}"
    caption = f"{study.scheme.name}: errors in this synthetic society of {where}; 95 % intervals"
    head = "".join(f"<th>{escape(word.replace('_', ' '))}</th>" for word in ("behaviour", *SHOWN))
    body = "".join(detector_row(one) for one in study.audit.detectors if one.group == "all")
    notice = study.scheme.scenario.notice
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        + (f"<p>{escape(notice)}</p>" if notice else "")
    )


def detector_row(one: Detector) -> str:
    """Return one line of the table for notebooks."""
    words = "".join(f'<td style="text-align:right">{spelled(getattr(one, rate))}</td>' for rate in SHOWN)
    return f"<tr><th>{escape(one.behaviour)}</th>{words}</tr>"


def spelled(one: Estimate) -> str:
    """Return a share and its interval in words."""
    if one.value is None:
        return "-"
    if one.low is None or one.high is None:
        return f"{one.value:.4g}"
    return f"{one.value:.4g} ({one.low:.4g} to {one.high:.4g})"
