"""Every way Glasshouse can stop: the error family, its exit codes, and `Diagnostic`.

Nothing here imports the rest of the package, so any module may raise these errors.
A message states fact, value, unit and place; `help` proposes what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "PATH_CHARACTERS",
    "Diagnostic",
    "GlasshouseError",
    "InputOutputError",
    "Interrupted",
    "InvariantError",
    "RefusedError",
    "ScenarioError",
    "Severity",
    "UsageError",
    "WorkerLostError",
    "clean",
]

Severity = Literal["error", "warning", "note"]
PATH_CHARACTERS = 4096  # a place must be one that an editor can open: paths are escaped, not shortened


def clean(text: object, limit: int = 80) -> str:
    r"""Return `text` safe to echo: unsafe characters escaped, at most `limit` characters.

    Control characters, bidi overrides and surrogates become `\x1b`, `\u202e` and the like;
    shortened text ends in `…`, and an escape is never cut in two. Cost does not grow
    with the input, only with `limit`.

    Raises:
        ValueError: `limit` is below 1.

    >>> clean("red\x1b[31m")
    'red\\x1b[31m'
    >>> clean("abcdef", limit=4)
    'abc…'
    """
    if limit < 1:
        raise ValueError(f"limit is {limit}, expected 1 or more")
    source = text if isinstance(text, str) else _as_text(text)
    pieces = [_escape(character) for character in source[: limit + 1]]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    kept: list[str] = []
    room = limit - 1  # one character for the ellipsis
    for piece in pieces:
        if len(piece) > room:
            break
        kept.append(piece)
        room -= len(piece)
    return "".join(kept) + "…"


def _as_text(value: object) -> str:
    """Return `str(value)`, or the size of an integer that Python refuses to print."""
    if isinstance(value, int) and value.bit_length() > 4096:  # str() stops at 4,300 digits and is slow before
        return f"an integer of {value.bit_length()} bits"
    return str(value)


def _escape(character: str) -> str:
    r"""Return one character as it is, or as `\xNN`, `\uNNNN` or `\UNNNNNNNN` when unsafe."""
    # not printable: control, format (bidi, joiners), surrogate, private use, any blank but the space
    if character.isprintable():
        return character
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a scenario: what is wrong, where, and how to mend it.

    `code` is a number that is given once and never reused (`GH012`). `field` is the dotted
    key the finding is about, empty when it concerns the whole file. `line`, `column` and
    `end_column` count from 1; `end_column` is the first column after the marked text.
    Texts hold no unescaped input: pass what is echoed through `clean` first.
    """

    code: str
    severity: Severity
    field: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    notes: tuple[str, ...] = ()
    help: str | None = None

    @property
    def place(self) -> str:
        """`file:line:column` as far as known; empty when no file is known."""
        if self.file is None:
            return ""
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        """Return the one-line form, `file:line:column: error[GH012] field: what is wrong`."""
        place = f"{self.place}: " if self.place else ""
        field = f" {self.field}:" if self.field else ""
        return f"{place}{self.severity}[{self.code}]{field} {self.message}"


class GlasshouseError(Exception):
    """The root of the family. Raised itself, it means a fault in Glasshouse (exit code 1).

    `help` says what the reader can do, or is None.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(GlasshouseError):
    """The command line or a function call is not one Glasshouse knows (exit code 2)."""

    exit_code: ClassVar[int] = 2


class ScenarioError(GlasshouseError):
    """A scenario is invalid (exit code 3); `diagnostics` holds every finding, in file order.

    The message is the findings' one-line forms unless `message` is given.
    """

    exit_code: ClassVar[int] = 3

    def __init__(
        self, diagnostics: Iterable[Diagnostic], message: str | None = None, *, help: str | None = None
    ) -> None:
        self.diagnostics = tuple(diagnostics)
        text = "\n".join(map(str, self.diagnostics)) if message is None else message
        super().__init__(text, help=help)

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the diagnostics, so that a worker process can hand the error back."""
        return type(self), (self.diagnostics, self.message), {"help": self.help}


class RefusedError(GlasshouseError):
    """Refused before the start: memory, disk, size or a guard (exit code 4)."""

    exit_code: ClassVar[int] = 4


class InputOutputError(GlasshouseError):
    """A file cannot be read or written, or is not what it should be (exit code 5)."""

    exit_code: ClassVar[int] = 5


class InvariantError(GlasshouseError):
    """An invariant, a verification or a replication failed (exit code 6)."""

    exit_code: ClassVar[int] = 6


class WorkerLostError(GlasshouseError):
    """A worker process was lost beyond retry (exit code 7)."""

    exit_code: ClassVar[int] = 7


class Interrupted(GlasshouseError):  # noqa: N818 - it is no error that the user stops a run
    """The user stopped the run, which can be resumed; `code` tells the signal (exit code 130, 143)."""

    exit_code: ClassVar[int] = 130
    code = 130
