"""The little HTML that the sections are written with. Text goes in plain and comes out escaped."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from glasshouse.errors import clean
from glasshouse.views.figures_style import grouped, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_UNSAFE = re.compile(
    r"[^\S\n ]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def esc(text: object) -> str:
    """Return text to stand in HTML, in an element or in a quoted attribute; control characters become spaces."""
    return html.escape(
        _UNSAFE.sub(lambda found: found[0] if found[0] in "\u202f\u00a0\u2009" else " ", str(text))
    )


def number(value: float, *, measure: str, world: str, unit: str) -> str:
    """Return a number as written for people, with the exact value, measure and world for machines.

    Counts (`unit` without "per") keep all their digits, everything else has three.
    """
    shown = grouped(int(value)) if isinstance(value, int) else rounded(value)
    return (
        f'<data value="{value!r}" data-measure="{esc(measure)}" data-world="{esc(world)}" data-unit="{esc(unit)}">'
        f"{shown}</data>"
    )


def link(url: str, text: str) -> str:
    """Return a link to a public page; anything but http and https stays text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return esc(text)
    return f'<a href="{esc(url)}" rel="noreferrer">{esc(text)}</a>'


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", kind: str = "", label: str = ""
) -> str:
    """Return a table of ready HTML cells that scrolls by itself where it is too wide; the first cell heads its row."""
    body = "".join(_row(cells, head) for cells in rows)
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    top = f"<caption>{esc(caption)}</caption>" if caption else ""
    name = esc(label or caption or "Table")
    return (
        f'<div class="scroll {kind}" role="region" tabindex="0" aria-label="{name}"><table>{top}'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[str], head: Sequence[str]) -> str:
    """Return one row; each cell repeats its heading for narrow pages."""
    first, *others = cells
    labels = [re.sub(r"<[^>]+>", "", text) for text in head[1:]]
    rest = "".join(f'<td data-head="{label}">{cell}</td>' for cell, label in zip(others, labels, strict=True))
    return f'<tr><th scope="row">{first}</th>{rest}</tr>'


def data_table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], name: str) -> str:
    """Return the rows of a figure as a closed table under it."""
    cells = ([_plain(row.get(key)) for key in columns] for row in rows)
    inner = table([esc(head) for head in columns.values()], cells, kind="plain", label=f"Data of {name}")
    return f"<details><summary>The numbers behind this figure</summary>{inner}</details>"


def _plain(value: Any) -> str:
    """Return a value of a data table."""
    if value is None:
        return "\N{EN DASH}"
    if isinstance(value, int):
        return grouped(value)
    return rounded(value) if isinstance(value, float) else esc(clean(value, 300))


def paragraphs(*texts: str) -> str:
    """Return ready HTML texts as paragraphs, empty ones left out."""
    return "".join(f"<p>{text}</p>" for text in texts if text)
