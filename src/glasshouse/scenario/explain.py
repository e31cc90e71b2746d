"""Say what is wrong with a scenario in plain sentences, with place, code frame and help.

The message states the fact; only `help` proposes. `CODES` numbers every kind of finding once:
GH0xx text and syntax, GH1xx values, GH2xx meaning, GH3xx lint warnings, GH4xx evidence, GH5xx guards.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from glasshouse.errors import Diagnostic, RefusedError, ScenarioError, Severity, clean
from glasshouse.scenario.positions import Span, positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from glasshouse.scenario.positions import Path, Place

__all__ = [
    "CODES",
    "GuardError",
    "Problem",
    "Texts",
    "as_json",
    "dotted",
    "fail",
    "frame",
    "meant",
    "render",
]

AT_MOST = 20  # shown at once
MOST_PLACED = 2000  # looked up in the text: a hostile file can have tens of thousands

CODES: Mapping[str, str] = {
    "GH001": "nothing to simulate",
    "GH002": "not valid TOML",
    "GH003": "not UTF-8 text",
    "GH004": "character that is not allowed",
    "GH005": "too long or nested too deeply",
    "GH006": "key or table written twice",
    "GH007": "name that is not allowed",
    "GH008": "extends cannot be followed",
    "GH009": "version of the scenario language",
    "GH010": "number with too many digits",
    "GH011": "decimal comma",
    "GH101": "wrong kind of value",
    "GH102": "value out of range",
    "GH103": "unknown key",
    "GH104": "missing key",
    "GH105": "unknown choice",
    "GH106": "not a finite number",
    "GH107": "unknown unit of time",
    "GH108": "percent and fraction both given",
    "GH109": "date that does not exist",
    "GH110": "text of the wrong length or form",
    "GH111": "list of the wrong length",
    "GH112": "values that do not go together",
    "GH201": "grades that overlap or are out of order",
    "GH202": "gap between grades",
    "GH203": "no grades",
    "GH204": "reference to something that does not exist",
    "GH205": "too many rules with an allowance",
    "GH206": "too many lists with a term",
    "GH207": "too many friends",
    "GH208": "shares that do not sum to 1",
    "GH209": "start after end",
    "GH210": "friend graph that cannot be built",
    "GH211": "two names with the same decision number",
    "GH212": "nothing of this name to switch off",
    "GH213": "no such key to set",
    "GH214": "day outside the run",
    "GH215": "entry and exit at the same score",
    "GH216": "more than one rule on friends",
    "GH301": "can never fire",
    "GH302": "punished twice",
    "GH303": "feedback without bound",
    "GH304": "recovery outruns the penalties",
    "GH305": "no effect: length of zero",
    "GH306": "very small probability",
    "GH307": "setting without effect",
    "GH308": "label missing for assess",
    "GH401": "citation missing",
    "GH402": "range missing",
    "GH403": "value outside its own range",
    "GH404": "unknown source",
    "GH405": "range that is not [low, high]",
    "GH406": "unknown grade of evidence",
    "GH407": "unknown key in an evidence table",
    "GH408": "number without a grade",
    "GH409": "unit of time where none belongs",
    "GH501": "no way in for speech lists",
    "GH502": "no way in for real people",
    "GH503": "no way in for real places",
    "GH504": "more citizens than can be held",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding that knows its path in the tree, not yet its place in a file.

    `on_key` marks the key instead of the value. Texts are already safe to echo.
    """

    code: str
    path: Path
    message: str
    help: str | None = None
    notes: tuple[str, ...] = ()
    on_key: bool = False
    severity: Severity = "error"


class GuardError(RefusedError):
    """A scenario asks for something Glasshouse has no way in for (exit code 4)."""

    def __init__(self, diagnostics: Sequence[Diagnostic], message: str) -> None:
        super().__init__(message)  # the rendered text holds each finding's help
        self.diagnostics = tuple(diagnostics)

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the diagnostics, so that a worker process can hand the error back."""
        return type(self), (self.diagnostics, self.message)


class Texts:
    """The texts a scenario was read from, the youngest file first (it wins over those it extends).

    `chosen` are dotted paths that the user set from outside: no file shows their values. `moved` are dotted paths
    that a variant sets, and where the file says so.
    """

    def __init__(
        self, texts: Mapping[str, str], chosen: Iterable[str] = (), moved: Mapping[str, Path] | None = None
    ) -> None:
        self.texts = dict(texts)
        self.chosen = tuple(chosen)
        self.moved = dict(moved or {})

    def find(self, path: Path, *, on_key: bool = False) -> tuple[str | None, Span | None]:
        """Return file and span of `path`, or of its closest ancestor that is written in some file.

        A number with its evidence is found at its `value` or `percent`.
        """
        whole = f"{dotted(path)}."
        if any(whole.startswith(f"{name}.") for name in self.chosen):
            return "--set", None
        path = self._written(path, whole)
        for length in range(len(path), 0, -1):
            for name, text in self.texts.items():
                places = positions(text).places
                place = places.get(path[:length])
                if place is None and length == len(path):
                    place = _inside_evidence(places, path)
                if place is not None:
                    if on_key or length < len(path):
                        return name, place.key
                    return name, (_beside_evidence(places, path) or place).value
        return next(iter(self.texts), None), None

    def _written(self, path: Path, whole: str) -> Path:
        """Return where a variant sets the value of `path`; the path itself if none does."""
        for name, there in self.moved.items():
            if whole.startswith(f"{name}."):
                return *there, *path[name.count(".") + 1 :]
        return path

    def note(self, fact: str, path: Path) -> str:
        """Return a fact with the place where it is written, or with the word that it is a default."""
        name, span = self.find(path)
        if name == "--set":
            return f"{fact} (--set)"
        if span and any(path in positions(text).places for text in self.texts.values()):
            return f"{fact} ({name}:{span.line}:{span.column})"
        return f"{fact} (by default)"

    def diagnostic(self, problem: Problem) -> Diagnostic:
        """Return the problem with its place."""
        name, span = self.find(problem.path, on_key=problem.on_key)
        return Diagnostic(
            problem.code,
            problem.severity,
            dotted(problem.path),
            problem.message,
            name,
            span.line if span else None,
            span.column if span else None,
            span.end_column if span else None,
            problem.notes,
            problem.help,
        )

    def diagnostics(self, problems: Iterable[Problem]) -> tuple[Diagnostic, ...]:
        """Return all problems with their places, in file order and without repetition."""
        order = {name: index for index, name in enumerate(self.texts)}
        found = dict.fromkeys(self.diagnostic(problem) for problem in islice(problems, MOST_PLACED))
        return tuple(
            sorted(found, key=lambda d: (order.get(d.file or "", 0), d.line or 0, d.column or 0, d.code))
        )


def _beside_evidence(places: Mapping[Path, Place], path: Path) -> Place | None:
    """Return the place of the value inside an evidence table at `path`."""
    return places.get((*path, "value")) or places.get((*path, "percent"))


def _inside_evidence(places: Mapping[Path, Place], path: Path) -> Place | None:
    """Return the place of an array element whose array stands inside an evidence table."""
    if not path or not isinstance(path[-1], int):
        return None
    return places.get((*path[:-1], "value", path[-1])) or places.get((*path[:-1], "percent", path[-1]))


def fail(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> ScenarioError | GuardError:
    """Return the error to raise: a `GuardError` when a guard is among the findings, else a `ScenarioError`.

    Its message is the rendered text with code frames.
    """
    guards = [d for d in diagnostics if d.code.startswith("GH5")]
    if guards:
        return GuardError(guards, render(guards, texts))
    return ScenarioError(diagnostics, render(diagnostics, texts))


def dotted(path: Path) -> str:
    """Return `rule.friends.below` for a path, safe to echo."""
    return clean(".".join(map(str, path)))


def meant(word: object, choices: Iterable[str]) -> str | None:
    """Return the choice that `word` most resembles, or None."""
    close = difflib.get_close_matches(str(word)[:80], [str(choice) for choice in choices], n=1, cutoff=0.6)
    return clean(close[0]) if close else None


def render(diagnostics: Sequence[Diagnostic], text: str | Mapping[str, str]) -> str:
    """Return the findings as text: at most 20, each with its code frame, notes and help.

    `text` is what the file says, or the texts by file name when there are several.
    """
    blocks = []
    for diagnostic in diagnostics[:AT_MOST]:
        source = text.get(diagnostic.file or "", "") if isinstance(text, Mapping) else text
        lines = [str(diagnostic), *frame(diagnostic, source)]
        lines += [f"note: {note}" for note in diagnostic.notes]
        if diagnostic.help:
            lines.append(f"help: {diagnostic.help}")
        blocks.append("\n".join(lines))
    if len(diagnostics) > AT_MOST:
        blocks.append(f"and {len(diagnostics) - AT_MOST} more")
    return "\n\n".join(blocks)


def frame(diagnostic: Diagnostic, text: str) -> list[str]:
    """Return the line in question with `^^^^` under the marked part; nothing when the place is unknown."""
    if diagnostic.line is None or diagnostic.column is None:
        return []
    lines = text.split("\n")
    if diagnostic.line > len(lines) or not lines[diagnostic.line - 1].strip():
        return []
    line = lines[diagnostic.line - 1].replace("\t", " ")
    start = diagnostic.column - 1
    end = max(diagnostic.end_column or 0, start + 2) - 1
    skip = max(0, start - 40) if len(line) > 80 else 0
    before, marked = clean(line[skip:start], 80), clean(line[start:end], 40)
    after = clean(line[end : skip + 80], 80) if end < skip + 80 else ""
    number = str(diagnostic.line)
    margin = " " * len(number)
    return [
        f" {margin} |",
        f" {number} | {before}{marked}{after}".rstrip(),
        f" {margin} | {' ' * len(before)}{'^' * max(1, len(marked))}",
    ]


def as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return the findings as plain objects for `--json`, with the title of each code."""
    return [
        {
            "code": d.code,
            "title": CODES.get(d.code, ""),
            "severity": d.severity,
            "field": d.field,
            "message": d.message,
            "file": d.file,
            "line": d.line,
            "column": d.column,
            "end_column": d.end_column,
            "notes": list(d.notes),
            "help": d.help,
        }
        for d in diagnostics
    ]
