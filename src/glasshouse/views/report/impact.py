"""The impact sheet on a page: each yardstick with its figures, what they are, and what they do not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glasshouse.errors import clean
from glasshouse.views.figures import Figure
from glasshouse.views.figures_style import rounded
from glasshouse.views.report.markup import esc, table
from glasshouse.views.report.parts import NONE, interval, percent, section
from glasshouse.views.report.sections import files_of

Tree = Mapping[str, Any]

__all__ = ["amount", "impact_section", "sheet_table"]

FIGURE = ("value", "low", "high", "count", "of")
TOLD = ("yardstick", "name", "unit", "definition", "does_not_show")
KNOWN = {"rows", "missing", "is"}


def sheet_table(tree: Tree) -> Figure:
    """Return the impact sheet as rows for files, with every field that its rows have."""
    rows = [{key: value for key, value in row.items() if _plain(value)} for row in tree["assess"]["rows"]]
    columns = {key: key for row in rows for key in row}
    return Figure("impact-sheet", "Impact sheet", columns, rows, [])


def _plain(value: Any) -> bool:
    """Say whether a value can stand in a cell of a file."""
    return value is None or isinstance(value, (str, int, float))


def impact_section(sheet: Tree, files: Figure | None) -> str:
    """Return the impact sheet; fields, rows and tables that this version does not know are shown as they are."""
    yardsticks = dict.fromkeys(str(row["yardstick"]) for row in sheet["rows"])
    parts = [
        f"<h3>{esc(clean(name, 120))}</h3>"
        + _rows([row for row in sheet["rows"] if str(row["yardstick"]) == name], name)
        for name in yardsticks
    ]
    others = [_other(key, value) for key, value in sheet.items() if key not in KNOWN]
    missing = "".join(f"<li>{esc(clean(line, 400))}</li>" for line in sheet.get("missing") or ())
    what = clean(sheet.get("is") or "", 200)
    return section(
        "impact",
        "Impact sheet",
        f"{esc(what[:1].upper() + what[1:])}. In brackets: 95 % interval over seeds.",
        "".join(parts)
        + files_of(files)
        + "".join(others)
        + (f"<h3>Not measured</h3><ul>{missing}</ul>" if missing else ""),
    )


def _rows(rows: Sequence[Tree], name: str) -> str:
    """Return the rows of one yardstick."""
    head = ["What is measured", "Figure", "How it is counted", "What it does not show"]
    cells = [
        [
            esc(clean(row["name"], 160)),
            f"<b>{amount(row)}</b><br><small>{esc(clean(row['unit'], 60))}</small>",
            esc(clean(row.get("definition") or "", 600)) + _more(row),
            esc(clean(row.get("does_not_show") or "", 600)),
        ]
        for row in rows
    ]
    return table(head, cells, kind="sheet", label=f"Impact sheet, {name}")


def amount(row: Tree) -> str:
    """Return the figure of a row with its interval."""
    if row["unit"] == "share":
        return percent(row)
    if row["value"] is None:
        return NONE
    told = rounded(float(row["value"]))
    ends = interval(row["low"], row["high"], sign=False)
    return told if ends == NONE else f"{told} ({ends})"


def _more(row: Tree) -> str:
    """Return the fields of a row that this version does not know."""
    known = {*FIGURE, *TOLD}
    told = [
        f"{words(key)}: {spelled(value)}"
        for key, value in row.items()
        if key not in known and value not in (None, "", [], {})
    ]
    return f"<br><small>{'; '.join(told)}</small>" if told else ""


def _other(key: str, value: Any) -> str:
    """Return a table, list or text that this version does not know."""
    head = f"<h3>{words(key)}</h3>"
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, Mapping) for one in value):
        keys = [*dict.fromkeys(key for one in value for key in one)]
        rows = [[spelled(one.get(key)) for key in keys] for one in value]
        return head + table([words(key) for key in keys], rows, kind="worded", label=clean(key, 60))
    return f"{head}<p>{spelled(value)}</p>" if value not in (None, "", [], {}) else ""


def words(key: object) -> str:
    """Return a key as a heading."""
    text = clean(key, 60).replace("_", " ")
    return esc(text[:1].upper() + text[1:])


def spelled(value: Any) -> str:
    """Return any value of JSON as words; a figure with its interval as such."""
    if isinstance(value, Mapping):
        if {"value", "low", "high"} <= set(value):
            return amount({"unit": "", **value})
        return "; ".join(f"{words(key)}: {spelled(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(spelled(one) for one in value)
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return rounded(float(value)) if isinstance(value, (int, float)) else esc(clean(value, 600))
