"""The impact sheet on disk: the whole of it as JSON, and its rows as CSV and Parquet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from glasshouse.harm.folder import write, write_table
from glasshouse.records import files

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.assess.study import Assessment

__all__ = ["ASSESSMENT", "write_assessment"]

ASSESSMENT = "assessment.json"


def write_assessment(study: Assessment, folder: Path) -> None:
    """Write `assessment.json` into a folder, and the rows as `assessment.csv` and `assessment.parquet`.

    Raises:
        InputOutputError: they cannot be written.
    """
    with files.told("make the output folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_table(folder, "assessment", study.table())
    text = json.dumps(study.as_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    write(folder / ASSESSMENT, text + "\n")
