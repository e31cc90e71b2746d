"""From a file's bytes to a TOML tree, with every refusal in our own words.

A file is looked at before it is opened, read once, and scanned (`scan`) before tomllib sees it.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from glasshouse.errors import PATH_CHARACTERS, Diagnostic, InputOutputError, ScenarioError, clean
from glasshouse.scenario.explain import fail
from glasshouse.scenario.positions import positions
from glasshouse.scenario.scan import MAX_LINE, key_before, located, scan

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_BYTES", "MINIMAL", "decode", "parse", "parse_value", "read_bytes", "refuse_large"]

MAX_BYTES = 256 * 1024

MINIMAL = """glasshouse = 1
[society]
citizens = 1000"""


def read_bytes(path: Path, shown: str) -> bytes:
    """Return the bytes of a regular file of at most 256 KiB; `shown` is how messages name it.

    Raises:
        InputOutputError: missing, unreadable, or not a regular file.
        ScenarioError: larger than the limit.
    """
    try:
        _regular(path.stat(), shown)
        # non-blocking: should the file be swapped for a pipe after the look, opening it must not hang
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            _regular(os.fstat(file.fileno()), shown)
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputOutputError(
            f"{clean(shown, PATH_CHARACTERS)}: no such file", help=_neighbours(path)
        ) from None
    except ValueError:  # a NUL inside the path
        raise InputOutputError(f"{clean(shown, PATH_CHARACTERS)}: not a file name") from None
    except OSError as error:
        raise InputOutputError(
            f"{clean(shown, PATH_CHARACTERS)}: cannot be read ({_reason(error)})"
        ) from None
    refuse_large(raw, shown)
    return raw


def refuse_large(raw: bytes, shown: str) -> None:
    """Raise ScenarioError where there are more bytes than a scenario may have."""
    if len(raw) > MAX_BYTES:
        text = f"the file is larger than {MAX_BYTES // 1024} KiB, the limit for a scenario"
        raise fail([Diagnostic("GH005", "error", "", text, clean(shown, PATH_CHARACTERS))], {})


def _regular(status: os.stat_result, shown: str) -> None:
    """Refuse everything but a regular file.

    Raises:
        InputOutputError: a folder, pipe, device or socket; the text says which.
    """
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        raise InputOutputError(
            f"{clean(shown, PATH_CHARACTERS)}: is {kinds.get(kind, 'a device')}, not a regular file"
        )


def _reason(error: OSError) -> str:
    """Return the system's own short text for an error, in lower case."""
    return clean((error.strerror or type(error).__name__).lower())


def _neighbours(path: Path) -> str | None:
    """Return a help line with the file names in the same folder that look most alike."""
    try:
        names = sorted(entry.name for entry in os.scandir(path.parent) if entry.name.endswith(".toml"))[:1000]
    except (OSError, ValueError):
        return None
    close = difflib.get_close_matches(path.name, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(clean(name) for name in close)}?" if close else None


def decode(raw: bytes, shown: str) -> str:
    """Return the text of a file, without byte order mark, its lines ended by line feeds alone.

    Raises:
        ScenarioError: another encoding, a NUL, or bare carriage returns; with line and column.
    """
    name = clean(shown, PATH_CHARACTERS)
    encoding = _other_encoding(raw)
    if encoding:
        help = f"save it as UTF-8, for instance: iconv -f {encoding} -t UTF-8 old.toml > new.toml"
        what = f"the file is {encoding} text, not UTF-8"
        raise fail([Diagnostic("GH003", "error", "", what, name, None, None, None, (), help)], {})
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8 text"
        raise located("GH003", what, name, before, None, "save the file as UTF-8") from None
    text = text.replace("\r\n", "\n")
    nul, bare = text.find("\0"), text.find("\r")
    if nul >= 0:
        raise located("GH004", "a NUL character stands here", name, text[:nul], None, "remove it")
    if bare >= 0:
        what = "a carriage return alone ends the line (old Mac line ends)"
        raise located("GH004", what, name, text[:bare], None, "save the file with LF or CRLF line ends")
    return text


def _other_encoding(raw: bytes) -> str | None:
    """Return the name of a UTF-16 or UTF-32 encoding that the bytes look like, else None."""
    if raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    head = raw[:400]
    if len(head) >= 4 and head[1::2].count(0) * 4 > len(head):
        return "UTF-16LE"
    if len(head) >= 4 and head[0::2].count(0) * 4 > len(head):
        return "UTF-16BE"
    return None


def _number(text: str) -> Decimal:
    """Return the exact decimal of a float literal; beyond what Decimal can hold is infinite."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def parse(text: str, shown: str) -> dict[str, Any]:
    """Return the tree of a TOML text, floats as exact `Decimal`.

    Raises:
        ScenarioError: the text is refused by the pre-scan or is not TOML.
    """
    scan(text, shown)
    try:
        return tomllib.loads(text, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise _syntax(error, text, clean(shown, PATH_CHARACTERS)) from None


def parse_value(text: str) -> Any:
    """Return the TOML value that `text` spells; text that spells none stands for itself.

    >>> parse_value("-10"), parse_value("watts-strogatz")
    (-10, 'watts-strogatz')
    """
    if len(text) > MAX_LINE or "\n" in text:
        return text
    try:
        return parse(f"value = {text}", "--set")["value"]
    except ScenarioError:
        return text


_REASONS: tuple[tuple[str, str, str, str | None], ...] = (
    ("Invalid date", "GH109", "there is no such date or time", None),
    (
        "Unterminated string",
        "GH002",
        "the text is not closed with a quotation mark",
        "add the closing quotation mark",
    ),
    (
        "Expected \"'\"|Expected '\"'",
        "GH002",
        "the text is not closed with a quotation mark",
        "add the closing quotation mark",
    ),
    (
        r"Illegal character '\\n'",
        "GH002",
        "the text is not closed with a quotation mark",
        "add the closing quotation mark",
    ),
    ("Illegal character|Found invalid character", "GH004", "a character that TOML does not allow here", None),
    ("Unclosed array", "GH002", "the list is not closed", "add `]`"),
    (
        "Unclosed inline table",
        "GH002",
        "the table is not closed",
        "add `}`; a `{ }` table stands on one line",
    ),
    ("Expected '=' after", "GH002", "no `=` after the key", "write: key = value"),
    ("Expected '\\]", "GH002", "the table heading is not closed", "add `]`"),
    ("Expected newline", "GH002", "more text follows where the line should end", "one setting to a line"),
    ("Invalid initial character for a key", "GH002", "a key cannot begin with this character", None),
    (
        "Unescaped|Escaped|Invalid hex",
        "GH002",
        "this is not an escape that TOML knows",
        "use '...' for text with backslashes",
    ),
    ("Invalid statement", "GH002", "this is neither a setting, a table heading nor a comment", None),
)
_TWICE = "Cannot declare|Cannot overwrite|Cannot mutate|Duplicate inline"


def _syntax(error: Exception, text: str, name: str) -> ScenarioError:
    """Return tomllib's error in our own words, with its place."""
    told = str(error)
    before = _before(told, text)
    if re.search(_TWICE, told):
        return _twice(text, name, before)
    if "Invalid value" in told:
        start = len(before)
        found = text[start:].split("\n", 1)[0].split("#", maxsplit=1)[0].strip()
        what = "no value after the `=`" if not found else f"{clean(found, 40)} is not a value"
        return located(
            "GH002",
            what,
            name,
            before,
            text,
            _value_help(found),
            key_before(text, start),
            max(1, len(found)),
        )
    rest = text[len(before) :].split("\n", 1)[0]
    field = key_before(text, len(before))
    if rest.lstrip().startswith("%") and "Expected newline" in told:
        number = re.search(r"[0-9._]+\s*$", before)
        help = f"write {{ percent = {number[0].strip() if number else '...'} }}"
        return located("GH002", "a percent sign after a number", name, before, text, help, field)
    for pattern, code, what, help in _REASONS:
        if re.search(pattern, told):
            width = len(rest.split("#")[0].rstrip()) if code == "GH109" else 1
            return located(code, what, name, before, text, help, field, max(width, 1))
    return located("GH002", "this is not valid TOML", name, before, text)


def _before(told: str, text: str) -> str:
    """Return the text before the place that tomllib names; all of it for the end of the document."""
    match = re.search(r"at line (\d+), column (\d+)", told)
    if not match:
        return text.rstrip("\n")
    lines = text.split("\n")
    line, column = int(match[1]), int(match[2])
    return "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]])


def _twice(text: str, name: str, before: str) -> ScenarioError:
    """Return the error for a key or table that is written a second time, naming both lines."""
    duplicates = positions(text).duplicates
    if not duplicates:
        return located("GH006", "this key or table was already given another value", name, before, text)
    twice = duplicates[0]
    field = clean(".".join(map(str, twice.path)))
    lines = (twice.first.line, twice.second.line)
    what = (
        f"written twice in line {lines[0]}"
        if lines[0] == lines[1]
        else f"written twice, in line {lines[0]} and in line {lines[1]}"
    )
    span = twice.second
    found = Diagnostic(
        "GH006", "error", field, what, name, span.line, span.column, span.end_column,
        (f"first written at {name}:{twice.first.line}:{twice.first.column}",), "keep one of them",
    )  # fmt: skip
    error = fail([found], {name: text})
    assert isinstance(error, ScenarioError)
    return error


def _value_help(found: str) -> str | None:
    """Return what to write instead of some common slips."""
    word = found.rstrip(",")
    if word.lower() in ("true", "yes", "on"):
        return "write true"
    if word.lower() in ("false", "no", "off"):
        return "write false"
    if re.fullmatch(r"[+-]?[0-9._]+ ?%", word):
        return f"write {{ percent = {word.rstrip('% ')} }}"
    if re.fullmatch(r"[+-]?\.[0-9]+", word):
        return f"write {word.replace('.', '0.')}"
    if re.fullmatch(r"[A-Za-z][\w \-]{0,60}", word):
        return f'put text in quotation marks: "{word}"'
    return None
