"""The way in for published aggregates, and everything that does not get through it (bad input, part H 129 to 133)."""

from __future__ import annotations

import csv
import io
import os

import pytest

from glasshouse.calibrate.guards import PURPOSE
from glasshouse.calibrate.series import COLUMNS, SHIPPED, read_series
from glasshouse.calibrate.statistics import BY_QUANTITY, NO_COUNTERPART
from glasshouse.errors import InputOutputError, RefusedError

GOOD = {
    "date_from": "2019-07-01",
    "date_to": "2019-07-31",
    "quantity": "jspe_added",
    "value": "330000",
    "unit": "listings",
    "kind": "monthly",
    "grade": "S",
    "source_url": "https://example.org/report",
    "note": "a press conference",
}


def written(tmp_path, *rows, columns=COLUMNS):
    """Return the path of a table with these rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(column, "x") for column in columns])
    path = tmp_path / "counts.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def refused(tmp_path, *rows, **ways):
    """Return the message with which such a table is refused."""
    with pytest.raises(RefusedError) as caught:
        read_series(written(tmp_path, *rows, **ways))
    assert caught.value.exit_code == 4
    assert caught.value.help == PURPOSE
    return caught.value.message


def test_the_series_that_comes_with_glasshouse_gets_through(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # where no such file lies
    found = read_series("published_series.csv")
    assert len(found) == 73
    assert {row.quantity for row in found} == {*BY_QUANTITY, *NO_COUNTERPART}
    july = [row for row in found if row.quantity == "hsr_blocked" and row.kind == "monthly"]
    assert [(row.value, str(row.first), str(row.last)) for row in july] == [
        (90_000, "2019-07-01", "2019-07-31")
    ]
    assert [row.line for row in found if not row.source] == [24, 36]  # from memory
    assert found == read_series(SHIPPED)


def test_a_table_of_its_own_gets_through_with_a_mark_at_its_start(tmp_path):
    path = written(tmp_path, GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (row,) = read_series(path)
    assert (row.line, row.value, row.source) == (2, 330_000, "https://example.org/report")


def test_columns_may_stand_in_any_order(tmp_path):
    (row,) = read_series(written(tmp_path, GOOD, columns=tuple(reversed(COLUMNS))))
    assert row.quantity == "jspe_added"


# ---- persons


@pytest.mark.parametrize(
    "column",
    ["name", "phone", "id", "email", "address", "Name", "full_name", "firstName", "mobile no", "ID card", "wechat_id",
     "user", "姓名", "手机号", "身份证号码", "电子邮件", "家庭地址", "出生日期", "年龄", "得分", "credit_score"],
)  # fmt: skip
def test_a_column_of_a_table_of_persons_is_refused(tmp_path, column):
    message = refused(tmp_path, GOOD, columns=(*COLUMNS, column))
    assert message.startswith("counts.csv:1: column `")
    assert message.endswith("` is one of a table of persons")


@pytest.mark.parametrize("column", ["text", "comment", "place", "unit2", ""])
def test_any_other_column_is_refused(tmp_path, column):
    assert "unknown column" in refused(tmp_path, GOOD, columns=(*COLUMNS, column))


def test_every_column_must_be_there_once(tmp_path):
    assert "column `grade` is missing" in refused(
        tmp_path, GOOD, columns=[c for c in COLUMNS if c != "grade"]
    )
    assert "a column stands there twice" in refused(tmp_path, GOOD, columns=(*COLUMNS, "unit"))


SECRETS = ["11010519491231002X", "110105194912310021", "13812345678", "138 1234 5678", "someone@example.org"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("column", ["note", "quantity", "unit", "kind", "grade", "date_from", "date_to"])
def test_what_looks_like_the_number_of_a_person_is_refused_and_never_echoed(tmp_path, column, secret):
    message = refused(tmp_path, GOOD, {**GOOD, column: f"see {secret}"})
    assert message.startswith(f"counts.csv:3: column `{column}` holds what looks like ")
    assert secret not in message


@pytest.mark.parametrize("value", ["0", "1", "9"])
def test_a_cell_below_ten_is_refused(tmp_path, value):
    assert refused(tmp_path, {**GOOD, "value": value}).endswith("a count below 10 could be about somebody")


def test_ten_is_enough(tmp_path):
    assert read_series(written(tmp_path, {**GOOD, "value": "10"}))[0].value == 10


def test_more_rows_than_aggregates_have_are_refused(tmp_path):
    assert "holds 5,001 rows, expected at most 5,000" in refused(tmp_path, *[GOOD] * 5_001)


# ---- what is no published aggregate


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"quantity": "hsr_block"}, "`quantity` is none of the closed list; did you mean `hsr_blocked`"),
        ({"quantity": "Zhang San"}, "`quantity` is none of the closed list"),
        ({"unit": "points"}, "`unit` is none of the closed list"),
        ({"kind": "weekly"}, "`kind` is none of the closed list"),
        ({"grade": "X"}, "`grade` is none of the closed list"),
        ({"source_url": ""}, "the source is missing"),
        ({"source_url": "", "grade": "D"}, "the source is missing"),
        ({"source_url": "somewhere"}, "`source_url` is no address"),
        ({"source_url": "https://someone@example.org/x"}, "`source_url` is no address"),
        ({"source_url": "ftp://example.org/counts"}, "`source_url` is no address"),
        ({"source_url": "https://example.org/" + "x" * 500}, "`source_url` is no address"),
        ({"value": "12.5"}, "`value` is no count"),
        ({"value": "-50"}, "`value` is no count"),
        ({"value": "330,000"}, "`value` is no count"),
        ({"value": "nan"}, "`value` is no count"),
        ({"value": "9" * 5000}, "`value` is no count"),
        ({"date_to": "2019-02-30"}, "`date_to` is no date"),
        ({"date_to": "31.07.2019"}, "`date_to` is no date"),
        ({"date_from": "2020-01-01"}, "`date_from` is after `date_to`"),
        ({"date_from": ""}, "`date_from` is missing"),
        ({"note": "x" * 401}, "the note is longer than 400 characters"),
    ],
)
def test_a_row_that_is_none_is_refused_with_its_line(tmp_path, change, told):
    message = refused(tmp_path, GOOD, {**GOOD, **change})
    assert message.startswith("counts.csv:3: ")
    assert told in message


def test_a_figure_from_memory_needs_no_source(tmp_path):
    assert read_series(written(tmp_path, {**GOOD, "grade": "M", "source_url": ""}))[0].source == ""


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00a", "is not UTF-8 text"),
        (b"a\0b\n", "holds a NUL character"),
        (b"x" * (2**20 + 1), "is larger than 1,024 KiB"),
        (b'"unclosed\n', "is not a table"),
        (",".join(COLUMNS).encode() + b"\na,b\n", "holds 2 cells, expected 9"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, raw, told):
    path = tmp_path / "counts.csv"
    path.write_bytes(raw)
    with pytest.raises(RefusedError, match=told):
        read_series(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(InputOutputError, match="no such file"):
        read_series(tmp_path / "counts.csv")
    with pytest.raises(InputOutputError, match="not a regular file"):
        read_series(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputOutputError, match="not a regular file"):
        read_series(tmp_path / "pipe")
