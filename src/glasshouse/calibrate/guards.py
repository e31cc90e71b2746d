"""What is refused because it could be about somebody: columns and texts of a table of persons.

Values are never echoed: what looks like the number of a person stays where it was.
"""

from __future__ import annotations

import re

from glasshouse.errors import RefusedError, clean

__all__ = ["LEAST", "MOST_ROWS", "PURPOSE", "refuse_columns", "refuse_text", "refused"]

LEAST = 10  # of a cell: smaller counts can be about somebody
MOST_ROWS = 5_000  # a table of published aggregates is far shorter
PURPOSE = (
    "calibrate takes published aggregates alone: a closed list of statistics, counts of at least 10, a source in each "
    "row; Glasshouse has no way in for records of people"
)
# Words of columns in tables of persons, whole words in English, parts of words in Chinese.
ENGLISH = frozenset(
    (
        "account", "address", "age", "birth", "birthdate", "birthday", "citizen", "cell", "cellphone", "dob", "email",
        "firstname", "fullname", "gender", "id", "idcard", "identity", "lastname", "mail", "mobile", "name", "names",
        "nationality", "openid", "passport", "patient", "person", "phone", "qq", "resident", "score", "sex", "surname",
        "tel", "telephone", "user", "userid", "username", "wechat",
    )
)  # fmt: skip
CHINESE = (
    "姓名", "名字", "姓", "电话", "手机", "身份证", "证件", "邮箱", "电子邮件", "地址", "住址", "出生", "生日",
    "性别", "年龄", "微信", "账号", "帐号", "公民", "户籍", "民族", "评分", "得分",
)  # fmt: skip
LOOKS_LIKE = (
    ("the number of an identity card", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")),
    ("a mobile number", re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("an e-mail address", re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")),
)


def refused(place: str, what: str) -> RefusedError:
    """Return the error for a table that is not taken in."""
    return RefusedError(f"{place}: {what}", help=PURPOSE)


def refuse_columns(place: str, columns: list[str], allowed: tuple[str, ...]) -> None:
    """Raise RefusedError unless the columns are the allowed ones, in any order."""
    for column in columns:
        if column not in allowed and of_persons(column):
            raise refused(place, f"column `{clean(column, 40)}` is one of a table of persons")
    strange = [clean(column, 40) for column in columns if column not in allowed]
    if strange:
        raise refused(place, f"unknown column `{strange[0]}`; the columns are {', '.join(allowed)}")
    if sorted(columns) != sorted(allowed):
        missing = [column for column in allowed if column not in columns]
        what = f"column `{missing[0]}` is missing" if missing else "a column stands there twice"
        raise refused(place, f"{what}; the columns are {', '.join(allowed)}")


def of_persons(column: str) -> bool:
    """Say whether a column has a name that tables of persons have."""
    words = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", column).lower())
    joined = "".join(words)
    return bool(ENGLISH & {*words, joined}) or any(word in column for word in CHINESE)


def refuse_text(place: str, column: str, text: str) -> None:
    """Raise RefusedError for a text that looks like the number or address of a person; it is not echoed."""
    for what, pattern in LOOKS_LIKE:
        if pattern.search(text):
            raise refused(place, f"column `{column}` holds what looks like {what}")
