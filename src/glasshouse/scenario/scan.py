"""One linear pass over a scenario's text before tomllib sees it.

tomllib takes quadratic time for dotted keys and runs out of stack on brackets, so both are refused
here; so are endless lines and numbers, and the decimal comma, which tomllib explains badly.
"""

from __future__ import annotations

import re

from glasshouse.errors import PATH_CHARACTERS, Diagnostic, ScenarioError, clean
from glasshouse.scenario.explain import fail

__all__ = ["MAX_LINE", "key_before", "located", "scan"]

MAX_LINE = 10_000
MAX_DOTS = 16
MAX_NESTING = 32
MAX_DIGITS = 40


def located(
    code: str,
    what: str,
    name: str,
    before: str,
    text: str | None,
    help: str | None = None,
    field: str = "",
    width: int = 1,
) -> ScenarioError:
    """Return an error placed right after the text `before`."""
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    found = Diagnostic(code, "error", field, what, name, line, column, column + width, (), help)
    error = fail([found], {name: text or ""})
    assert isinstance(error, ScenarioError)
    return error


_TOKEN = re.compile(
    r"""(?P<skip>[ \t]++|\#[^\n]*+|\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?|'{3}(?:[^']|'(?!''))*+(?:'{3,5})?
       |"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?)
      |(?P<word>[A-Za-z0-9_+\-:]++)|(?P<mark>[\[\]{}.,=\n])|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?(?:0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|[0-9_]+(?:[eE][+-]?[0-9_]+)?)")


def scan(text: str, shown: str) -> None:
    """Refuse what would cost tomllib too much, and two common slips, in one linear pass.

    Raises:
        ScenarioError: a line, dotted key, nesting or number beyond its limit, or a decimal comma.
    """
    name = clean(shown, PATH_CHARACTERS)
    _Scan(text, name).run()
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            what = f"line {number} is {len(line):,} characters long; at most {MAX_LINE:,} are allowed"
            raise fail([Diagnostic("GH005", "error", "", what, name, number, 1, 2)], {})


class _Scan:
    """The state of the pre-scan: open brackets, dots of the current key, and the last two tokens."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.open: list[str] = []
        self.dots = 0
        self.in_value = False
        self.value_start = 0
        self.last = ""

    def run(self) -> None:
        """Walk over all tokens once."""
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup
            if kind == "word":
                self.word(match[0], match.start())
            elif kind == "mark":
                self.mark(match[0], match.start())
            if kind != "skip":
                self.last = match[0]

    def word(self, word: str, start: int) -> None:
        """Look at a bare word: too many digits?"""
        if len(word) > MAX_DIGITS and self.in_value and _NUMBER.fullmatch(word):
            if self.open and self.open[-1] == "{" and self.last != "=":
                return
            field = self.field(start)
            what = f"number too large for {field or 'any setting'}: {len(word):,} digits, at most {MAX_DIGITS} are read"
            raise located("GH010", what, self.name, self.text[:start], self.text, None, field, len(word))

    def mark(self, mark: str, start: int) -> None:
        """Look at a bracket, dot, comma, equals sign or line end."""
        if mark == ".":
            self.dots += 1
            if self.dots > MAX_DOTS:
                what = f"a key has more than {MAX_DOTS} dotted parts"
                raise located("GH005", what, self.name, self.text[:start], self.text)
            return
        self.dots = 0
        if mark in "[{":
            self.open.append(mark)
            if len(self.open) > MAX_NESTING:
                what = f"brackets are nested too deeply: more than {MAX_NESTING} levels"
                raise located("GH005", what, self.name, self.text[:start], self.text)
        elif mark in "]}":
            if self.open:
                self.open.pop()
        elif mark == "=":
            self.in_value, self.value_start = True, start + 1
        elif mark == ",":
            self.comma(start)
        elif not self.open:
            self.in_value = False

    def comma(self, start: int) -> None:
        """Look at a comma: is it a decimal comma?"""
        if not self.in_value or (self.open and self.open[-1] == "["):
            return
        after = re.compile(r"([0-9_]+)(?![0-9A-Za-z_\-]*[ \t]*[=.])").match(self.text, start + 1)
        if after and re.fullmatch(r"[+-]?[0-9_]+", self.last):
            begin = start - len(self.last)
            help = f"use {clean(self.last, 20)}.{clean(after[1], 20)}"
            what = "a decimal comma; TOML writes numbers with a point"
            width = len(self.last) + 1 + len(after[1])
            raise located(
                "GH011", what, self.name, self.text[:begin], self.text, help, self.field(start), width
            )

    def field(self, start: int) -> str:
        """Return the dotted key that the value at `start` belongs to, as well as it can be told."""
        return key_before(self.text, self.value_start or start)


def key_before(text: str, offset: int) -> str:
    """Return the dotted key written before the `=` at `offset`, with the table it stands in."""
    line_start = text.rfind("\n", 0, offset) + 1
    keys = re.findall(r"([A-Za-z0-9_.\-]{1,80})[ \t]*=", text[line_start:offset])
    headers = re.findall(r"^[ \t]*\[\[?[ \t]*([A-Za-z0-9_.\-]{1,80})", text[:line_start], re.MULTILINE)
    return clean(".".join([*headers[-1:], *keys[:1]]))
