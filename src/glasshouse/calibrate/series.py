"""Read a table of published aggregates, strictly: every cell is looked at before anything is done with it.

Columns: `date_from`, `date_to` (ISO dates; the first may be empty), `quantity`, `value`, `unit`, `kind`, `grade`,
`source_url`, `note`, as in `society/data/published_series.csv`. Grades are `S` (read on the page named), `D`
(derived from such figures) and `M` (from memory, not confirmed); the first two need a source, the last is never
fitted.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from glasshouse.calibrate.guards import LEAST, MOST_ROWS, refuse_columns, refuse_text, refused
from glasshouse.calibrate.statistics import KINDS, QUANTITIES, UNITS
from glasshouse.errors import InputOutputError, clean
from glasshouse.scenario.explain import meant

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COLUMNS", "GRADES", "SHIPPED", "Published", "read_series"]

COLUMNS = (
    "date_from", "date_to", "quantity", "value", "unit", "kind", "grade", "source_url", "note",
)  # fmt: skip
GRADES = ("S", "D", "M")
SHIPPED = Path(__file__).parents[1] / "society" / "data" / "published_series.csv"
MAX_BYTES = 2**20
MAX_NOTE, MAX_URL = 400, 500
CLOSED = {"quantity": QUANTITIES, "unit": UNITS, "kind": KINDS, "grade": GRADES}


@dataclass(frozen=True, slots=True)
class Published:
    """One published count.

    Attributes:
        line: Line of the table.
        first: First day that it covers, or None.
        last: Last day.
        quantity: What was counted.
        value: The count.
        unit: In what.
        kind: Over what time: `cumulative`, `monthly` and so on.
        grade: `S`, `D` or `M`.
        source: Address of the page.
        note: What to keep in mind.
    """

    line: int
    first: dt.date | None
    last: dt.date
    quantity: str
    value: int
    unit: str
    kind: str
    grade: str
    source: str
    note: str


def read_series(path: str | Path) -> list[Published]:
    """Return the published counts of a table; `published_series.csv` alone means the one that comes with Glasshouse.

    Raises:
        InputOutputError: the file cannot be read.
        RefusedError: it is not such a table, or could be about somebody.
    """
    place = Path(path)
    if str(path) == SHIPPED.name and not place.exists():
        place = SHIPPED
    shown = clean(place.name, 200)
    text = decoded(read_bytes(place, clean(path, 200)), shown)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise refused(shown, "is not a table of comma-separated values") from None
    if not rows:
        raise refused(shown, "is empty")
    columns = [cell.strip() for cell in rows[0]]
    refuse_columns(f"{shown}:1", columns, COLUMNS)
    if len(rows) - 1 > MOST_ROWS:
        raise refused(shown, f"holds {len(rows) - 1:,} rows, expected at most {MOST_ROWS:,}")
    return [published(columns, cells, f"{shown}:{n}", n) for n, cells in enumerate(rows[1:], 2) if cells]


def read_bytes(path: Path, shown: str) -> bytes:
    """Return the bytes of a regular file of at most one MiB.

    Raises:
        InputOutputError: missing, unreadable, or not a regular file.
        RefusedError: it is larger.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise InputOutputError(f"{shown}: is not a regular file")
        with os.fdopen(handle, "rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputOutputError(
            f"{shown}: no such file", help=f"--to {SHIPPED.name} is the table that comes with Glasshouse"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise InputOutputError(f"{shown}: cannot be read ({clean(reason).lower()})") from None
    if len(raw) > MAX_BYTES:
        raise refused(shown, f"is larger than {MAX_BYTES // 1024:,} KiB")
    return raw


def decoded(raw: bytes, shown: str) -> str:
    """Return the text of a table.

    Raises:
        RefusedError: it is no UTF-8, or holds NUL.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused(shown, "is not UTF-8 text") from None
    if "\0" in text:
        raise refused(shown, "holds a NUL character")
    return text


def published(columns: Sequence[str], cells: Sequence[str], place: str, line: int) -> Published:
    """Return one row, every cell checked.

    Raises:
        RefusedError: the text says what is wrong, and never the value of a cell that could be about somebody.
    """
    if len(cells) != len(columns):
        raise refused(place, f"holds {len(cells)} cells, expected {len(columns)}")
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    for column in ("quantity", "unit", "kind", "grade", "note", "date_from", "date_to"):
        refuse_text(place, column, row[column])
    for column, allowed in CLOSED.items():
        if row[column] not in allowed:
            near = meant(row[column], allowed)
            known = f"did you mean `{near}`" if near else f"there are {', '.join(allowed)}"
            raise refused(place, f"`{column}` is none of the closed list; {known}")
    if len(row["note"]) > MAX_NOTE:
        raise refused(place, f"the note is longer than {MAX_NOTE} characters")
    found = Published(
        line=line,
        first=date_of(row["date_from"], place, "date_from") if row["date_from"] else None,
        last=date_of(row["date_to"], place, "date_to"),
        value=count_of(row["value"], place),
        source=source_of(row["source_url"], place, row["grade"]),
        quantity=row["quantity"],
        unit=row["unit"],
        kind=row["kind"],
        grade=row["grade"],
        note=row["note"],
    )
    if found.first is not None and found.first > found.last:
        raise refused(place, "`date_from` is after `date_to`")
    if found.first is None and found.kind != "stock":
        raise refused(place, f"`date_from` is missing; a {found.kind} count covers some time")
    return found


def date_of(text: str, place: str, column: str) -> dt.date:
    """Return a date.

    Raises:
        RefusedError: it is none.
    """
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return dt.date.fromisoformat(text)
    except ValueError:
        raise refused(place, f"`{column}` is no date such as 2019-07-31") from None


def count_of(text: str, place: str) -> int:
    """Return a count of at least 10.

    Raises:
        RefusedError: it is none, or too small to be of nobody in particular.
    """
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise refused(place, "`value` is no count: a whole number without signs, blanks and separators")
    count = int(text)
    if count < LEAST:
        raise refused(place, f"a count below {LEAST} could be about somebody")
    return count


def source_of(text: str, place: str, grade: str) -> str:
    """Return the address of a source; a figure from memory may have none.

    Raises:
        RefusedError: it is missing, or no public page.
    """
    if not text:
        if grade == "M":
            return ""
        raise refused(place, "the source is missing: `source_url` names the page that published the count")
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    good = parts.scheme in ("http", "https") and "." in parts.netloc and "@" not in parts.netloc
    if not good or len(text) > MAX_URL or re.search(r"\s", text):
        raise refused(place, "`source_url` is no address of a public page (http or https)")
    return text
