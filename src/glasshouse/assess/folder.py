"""The impact sheet on disk: the whole of it as JSON, and its rows as CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from glasshouse.harm.folder import table, write
from glasshouse.records import files

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.assess.study import Assessment

__all__ = ["ASSESSMENT", "ROWS", "write_assessment"]

ASSESSMENT, ROWS = "assessment.json", "assessment.csv"


def write_assessment(study: Assessment, folder: Path) -> None:
    """Write `assessment.json` and `assessment.csv` (the rows) into a folder.

    Raises:
        InputOutputError: they cannot be written.
    """
    with files.told("make the output folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    write(folder / ROWS, table(one.as_dict() for one in study.rows))
    text = json.dumps(study.as_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    write(folder / ASSESSMENT, text + "\n")
