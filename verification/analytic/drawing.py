"""The small figure of a check: expected and observed along its axis, and every z on a line between the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glasshouse.views.figures_style import rounded
from glasshouse.views.report.markup import esc

Row = Mapping[str, Any]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 420, 150, 12, 12, 10, 22
STRIP = 44


def figure(check: Mapping[str, Any], limit: float) -> str:
    """Return the figures of a check as SVG: a curve where its findings make one, and the strip of z."""
    placed = [one for one in check["findings"] if one["at"] is not None]
    return (curve(placed, str(check["axis"])) if len(placed) > 1 else "") + strip(check["findings"], limit)


def curve(rows: Sequence[Row], axis: str) -> str:
    """Return what was expected as a line and what was observed as points."""
    rows = sorted(rows, key=lambda one: one["at"])
    ats = [one["at"] for one in rows]
    values = [value for one in rows for value in (one["expected"], one["observed"])]
    across = scale(min(ats), max(ats), LEFT, WIDTH - RIGHT)
    up = scale(min(*values, 0), max(values), HEIGHT - BOTTOM, TOP)
    line = " ".join(f"{across(one['at']):.1f},{up(one['expected']):.1f}" for one in rows)
    points = "".join(
        f'<circle cx="{across(one["at"]):.1f}" cy="{up(one["observed"]):.1f}" r="2.6"/>' for one in rows
    )
    told = (
        f"Expected as a line, observed as points, by {axis} from {rounded(min(ats))} to {rounded(max(ats))}; "
        f"highest value {rounded(max(values))}."
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{esc(told)}">'
        f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="#b3ab9a"/>'
        f'<polyline points="{line}" fill="none" stroke="var(--w0)" stroke-width="1.6"/>'
        f'<g fill="none" stroke="var(--w1)" stroke-width="1.4">{points}</g>'
        f'<g font-size="11" fill="#625d53"><text x="{LEFT}" y="{HEIGHT - 7}">{rounded(min(ats))}</text>'
        f'<text x="{WIDTH // 2}" y="{HEIGHT - 7}" text-anchor="middle">{esc(axis)}</text>'
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 7}" text-anchor="end">{rounded(max(ats))}</text></g></svg>'
    )


def strip(rows: Sequence[Row], limit: float) -> str:
    """Return every z as a mark between the limits; what is infinite stands outside."""
    across = scale(-limit, limit, 40, WIDTH - 40)
    marks = "".join(mark(one, across, limit) for one in rows)
    ticks = "".join(
        f'<path d="M{across(z):.1f} 8V30" stroke="#b3ab9a"/>'
        f'<text x="{across(z):.1f}" y="41" text-anchor="middle">{text}</text>'
        for z, text in ((-limit, f"\N{MINUS SIGN}{limit:g}"), (0, "0"), (limit, f"{limit:g}"))
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {STRIP}" role="img" aria-label="Standard errors of {len(rows)} findings '
        f'between the limits {-limit:g} and {limit:g}">'
        f'<path d="M40 19H{WIDTH - 40}" stroke="#b3ab9a"/><g font-size="11" fill="#625d53">{ticks}</g>{marks}</svg>'
    )


def mark(one: Row, across: Any, limit: float) -> str:
    """Return the mark of one finding: a bar, and a cross at the edge where it is outside."""
    if one["passed"]:
        return f'<path d="M{across(one["z"]):.1f} 12V26" stroke="var(--w0)" stroke-width="2" opacity=".7"/>'
    z = one["z"] if one["z"] is not None else one["observed"] - one["expected"]
    x = across(limit) + 18 if z > 0 else across(-limit) - 18
    cross = f"M{x - 5:.1f} 14L{x + 5:.1f} 24M{x - 5:.1f} 24L{x + 5:.1f} 14"
    return f'<path d="{cross}" stroke="#8d2f25" stroke-width="2.4"/>'


def scale(low: float, high: float, start: float, end: float) -> Any:
    """Return a function from values between low and high to places between start and end."""
    width = (high - low) or 1.0
    return lambda value: start + (value - low) / width * (end - start)
