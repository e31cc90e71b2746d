"""The table of columns agrees with the reference page, and its bits do not overlap."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from glasshouse.society import columns
from glasshouse.society.columns import (
    COLUMNS,
    COMPANY_COLUMNS,
    CORE,
    RARE,
    allocate_companies,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "day.md"
PHASES = (
    "calendar",
    "access",
    "act",
    "observe",
    "score",
    "list",
    "travel",
    "police",
    "redress",
    "learn",
    "publish",
)


def test_names_and_types_are_those_of_the_page():
    section = PAGE.read_text(encoding="utf-8").split("\n## 3.")[1].split("\n## ")[0]
    found = {}
    for names, dtype in re.findall(r"^\| ([a-z_0-9., ]+) \| (u?int\d+) \|", section, re.MULTILINE):
        spelled = names.replace("until_0..2", "until_0, until_1, until_2")
        found |= dict.fromkeys(spelled.split(", "), dtype)
    assert found == {column.name: column.dtype for column in COLUMNS}


@pytest.mark.parametrize("column", [*COLUMNS, *COMPANY_COLUMNS], ids=lambda column: column.name)
def test_a_column_holds_its_range(column):
    info = np.iinfo(column.dtype)
    assert info.min <= column.low <= 0 <= column.high <= info.max
    assert column.unit
    assert column.meaning.endswith(".")
    assert column.phases
    assert set(column.phases) <= {*PHASES, "end"}
    assert column.bytes == info.bits // 8


def test_the_bits_of_marks_cover_sixteen_once():
    single = [
        value for name, value in vars(columns).items() if name.startswith("MARK_") and name != "MARK_PUNISHED"
    ]
    assert sorted(single) == [1 << bit for bit in range(13)]
    assert sum(single) + columns.LOSS_MASK == 0xFFFF
    assert sum(1 << code for code in range(1, 6)) == columns.MARK_PUNISHED
    assert columns.MARK_STOP_RAIL == 1 << columns.STOP_SHIFT + 2


def test_codes():
    assert columns.ORIGINS[columns.ASSOCIATION - 1] == "association"
    assert columns.ORIGINS[columns.IDENTITY - 1] == "identity"
    kinds = ("RECORD", "LIABLE", "WIN", "WIN_DETENTION", "WIN_LIST", "COMPANY_ON", "COMPANY_OFF")
    assert [getattr(columns, kind) for kind in kinds] == list(range(1, 8))
    assert columns.NO_TERM == 65535


def test_sizes():
    assert sum(column.bytes for column in CORE) == 10
    assert (*CORE, *RARE) != COLUMNS
    assert {*CORE, *RARE} == {*COLUMNS}
    assert {name: values.size for name, values in allocate_companies(5).items()} == {
        "company_until": 5,
        "company_ever": 5,
    }
    with pytest.raises(ValueError, match="-1 rows"):
        allocate_companies(-1)
