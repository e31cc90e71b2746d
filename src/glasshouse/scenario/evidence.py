"""Take the evidence off a scenario: what each number rests on, and the plain numbers themselves.

Wherever the scenario language expects a number, or an array of numbers, a file may write a table:
`{ value = 0.05, per = "month", grade = "assumed", range = [0.01, 0.2] }`. `percent` may stand
for `value` and is divided by 100; `per` turns a rate into one per day. `range` is in the same
units as the number beside it. Grades: `documented`, `reported` and `derived` name a source,
`assumed` gives a range. Numbers stay exact fractions here, so that none passes through a binary float.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.scenario.explain import Problem, dotted, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.scenario.positions import Path

__all__ = ["GRADES", "STRUCTURAL", "UNITS", "Evidence", "Stripped", "is_evidence", "strip"]

GRADES = ("documented", "reported", "derived", "assumed")
UNITS: Mapping[str, Fraction] = {
    "day": Fraction(1),
    "week": Fraction(1, 7),
    "month": Fraction(12, 365),
    "year": Fraction(1, 365),
}
KEYS = ("value", "percent", "per", "grade", "range", "source", "note")
STRUCTURAL = frozenset({"glasshouse", "society.citizens", "society.days", "society.seed"})
MAX_EXPONENT = 40
SKIPPED = ("source",)  # tables that hold words only
LATER = ("variant",)  # tables whose numbers are looked at when they are put in their place


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a number rests on.

    `grade` is None when the table gives none; `range` is (low, high) in the units of the field;
    `written` is the number as the file has it, for instance `0.05 per month` or `10 percent`.
    """

    grade: str | None = None
    source: str | None = None
    range: tuple[Fraction, Fraction] | None = None
    note: str = ""
    written: str = ""


@dataclass(slots=True)
class Stripped:
    """A tree of plain values, the evidence and exact value of its numbers by dotted path, and what was wrong."""

    plain: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    exact: dict[str, Fraction] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def is_evidence(value: object) -> bool:
    """Return whether a value of the tree is a number with its evidence."""
    return isinstance(value, dict) and ("value" in value or "percent" in value)


def strip(tree: Mapping[str, Any], chosen: Mapping[str, str] | None = None) -> Stripped:
    """Return the plain tree, the evidence and the problems of a scenario tree.

    `chosen` maps dotted paths to a note: numbers that the user set, which need no citation.
    """
    stripping = _Stripping(tree, chosen or {})
    result = stripping.result
    result.plain = {key: stripping.node(value, (key,)) for key, value in tree.items()}
    if tree.get("strict_sources") is True:
        result.problems.extend(_uncited(result))
    return result


def _uncited(result: Stripped) -> Iterator[Problem]:
    """Yield a problem for every number without a grade, structural ones aside."""
    for path in dict.fromkeys(_whole(path) for path in result.exact):
        graded = path in result.evidence and result.evidence[path].grade is not None
        if not graded and path not in STRUCTURAL:
            parts = tuple(int(part) if part.isdigit() else part for part in path.split("."))
            message = "citation missing: this number has no grade, and `strict_sources` is on"
            help = 'write { value = ..., grade = "documented", source = "..." }, or grade = "assumed" with a range'
            yield Problem("GH408", parts, message, help)


def _whole(path: str) -> str:
    """Return the path of the array that a number is an element of, or the number's own."""
    while path.rpartition(".")[2].isdigit():
        path = path.rpartition(".")[0]
    return path


class _Stripping:
    """One walk over the tree."""

    def __init__(self, tree: Mapping[str, Any], chosen: Mapping[str, str]) -> None:
        sources = tree.get("source")
        self.sources = list(sources) if isinstance(sources, dict) else []
        self.chosen = chosen
        self.result = Stripped()

    def problem(
        self, code: str, path: Path, message: str, help: str | None = None, *, on_key: bool = False
    ) -> None:
        """Remember a problem."""
        self.result.problems.append(Problem(code, path, message, help, on_key=on_key))

    def node(self, value: Any, path: Path) -> Any:
        """Return the plain form of a value, noting exact numbers and evidence below it."""
        if path[0] in SKIPPED:
            return value
        if path[0] in LATER:
            return _as_floats(value)
        if is_evidence(value):
            return self.graded(value, path)
        if isinstance(value, dict):
            return {key: self.node(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return self.array([self.node(item, (*path, index)) for index, item in enumerate(value)], path)
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return value
        return self.number(value, path, path, Fraction(1))

    def array(self, items: list[Any], path: Path) -> list[Any]:
        """Note the evidence of an array that the user set, and return the array."""
        note = self.chosen.get(dotted(path))
        if note:
            self.result.evidence[dotted(path)] = Evidence("assumed", note=note)
        return items

    def number(self, value: Any, path: Path, place: Path, factor: Fraction) -> Any:
        """Return one number as int or float, times `factor`; the exact value is kept under `path`."""
        exact = self.fraction(value, place)
        if exact is None:
            return None
        exact *= factor
        key = dotted(path)
        self.result.exact[key] = exact
        if key in self.chosen:
            self.result.evidence[key] = Evidence("assumed", note=self.chosen[key], written=str(value))
        return value if isinstance(value, int) and factor == 1 else float(exact)

    def fraction(self, value: Any, place: Path) -> Fraction | None:
        """Return the exact value of a number, or None with a problem when it has none."""
        if isinstance(value, int):
            return Fraction(value)
        decimal = Decimal(repr(value)) if isinstance(value, float) else value
        if not decimal.is_finite():
            what = "not a number (nan)" if decimal.is_nan() else "infinite"
            self.problem("GH106", place, f"is {what}; a finite number is needed")
            return None
        if decimal and abs(decimal.adjusted()) > MAX_EXPONENT:
            size = "large" if decimal.adjusted() > 0 else "small"
            self.problem("GH010", place, f"number too {size} for {dotted(place)}")
            return None
        return Fraction(decimal)

    def graded(self, table: dict[str, Any], path: Path) -> Any:
        """Return the plain number of an evidence table, and note its evidence."""
        for key in table:
            if key not in KEYS:
                near = meant(key, KEYS)
                message = f"unknown key `{clean(key)}` beside a value"
                help = f"did you mean `{near}`?" if near else f"allowed: {', '.join(KEYS)}"
                self.problem("GH407", (*path, key), message, help, on_key=True)
        if "value" in table and "percent" in table:
            self.problem(
                "GH108",
                (*path, "percent"),
                "percent and fraction both given",
                "keep one of `value` and `percent`",
            )
            return None
        word = "percent" if "percent" in table else "value"
        factor = self.per(table, path) * (Fraction(1, 100) if word == "percent" else 1)
        plain = self.values(table[word], path, (*path, word), factor)
        if plain is not None:
            self.evidence(table, path, word, factor)
        return plain

    def values(self, value: Any, path: Path, place: Path, factor: Fraction) -> Any:
        """Return a number, or an array of numbers, times `factor`; anything else as it is, for the schema to refuse."""
        if isinstance(value, list):
            return [
                self.values(item, (*path, index), (*place, index), factor) for index, item in enumerate(value)
            ]
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return value
        return self.number(value, path, place, factor)

    def per(self, table: dict[str, Any], path: Path) -> Fraction:
        """Return the factor that turns the unit of time into days; 1 with a problem when it is not known."""
        if "per" not in table:
            return Fraction(1)
        unit, place = table["per"], (*path, "per")
        if not str(path[-1]).endswith("per_day"):
            what = f"`per` is for rates, whose names end in `per_day`; {dotted(path)} is not a rate"
            self.problem("GH409", place, what, "leave `per` out", on_key=True)
        elif not isinstance(unit, str) or unit not in UNITS:
            near = meant(unit, UNITS)
            units = f"units are {', '.join(UNITS)}"
            help = f"did you mean {near}? {units}" if near else units
            self.problem("GH107", place, f"unknown unit of time `{clean(unit)}`", help)
        else:
            return UNITS[unit]
        return Fraction(1)

    def evidence(self, table: dict[str, Any], path: Path, word: str, factor: Fraction) -> None:
        """Note the evidence of one table and check that it is complete."""
        grade, source, note = table.get("grade"), table.get("source"), table.get("note", "")
        if grade is not None and grade not in GRADES:
            near = meant(grade, GRADES)
            help = f"did you mean {near}?" if near else None
            what = f"unknown grade `{clean(grade)}`; grades are {', '.join(GRADES)}"
            self.problem("GH406", (*path, "grade"), what, help)
            grade = None
        self.cited(grade, source, path)
        span = self.range(table, path, word, factor)
        if grade == "assumed" and "range" not in table:
            what = "range missing for an assumed number"
            self.problem("GH402", (*path, "grade"), what, "add range = [low, high]")
        written = f"{_words(table[word])}{' percent' if word == 'percent' else ''}"
        if "per" in table:
            written += f" per {clean(table['per'])}"
        known = source if isinstance(source, str) else None
        self.result.evidence[dotted(path)] = Evidence(grade, known, span, str(note), written)

    def cited(self, grade: str | None, source: Any, path: Path) -> None:
        """Check that a source is named where one is needed, and that it exists."""
        if source is None:
            if grade in GRADES[:3]:
                what = f"citation missing for a {grade} number"
                help = "add source = a key of a [source.<key>] table"
                self.problem("GH401", (*path, "grade"), what, help)
        elif not isinstance(source, str) or source not in self.sources:
            near = meant(source, self.sources)
            help = f"did you mean `{near}`?" if near else f"add a table [source.{clean(source, 40)}]"
            self.problem("GH404", (*path, "source"), f"no source is called `{clean(source)}`", help)

    def range(
        self, table: dict[str, Any], path: Path, word: str, factor: Fraction
    ) -> tuple[Fraction, Fraction] | None:
        """Return the range in the field's units, checked to hold the value; None when there is none or it is wrong."""
        if "range" not in table:
            return None
        span, place = table["range"], (*path, "range")
        good = isinstance(span, list) and len(span) == 2 and all(_is_number(end) for end in span)
        ends = [self.fraction(end, place) for end in span] if good else [None]
        if None in ends:
            if not good:
                self.problem("GH405", place, "a range is two numbers, [low, high]")
            return None
        low, high = (end * factor for end in ends if end is not None)
        if low > high:
            what = f"the range begins at {_words(span[0])} and ends at {_words(span[1])}; the low end comes first"
            self.problem("GH405", place, what, f"write [{_words(span[1])}, {_words(span[0])}]")
            return None
        key = dotted(path)
        for where, value in self.result.exact.items():
            if (where == key or _whole(where) == key) and not low <= value <= high:
                what = f"{_words(table[word])} lies outside its own range, {_words(span[0])} to {_words(span[1])}"
                self.problem("GH403", (*path, word), what)
                break
        return low, high


def _as_floats(value: Any) -> Any:
    """Return a value with floats for decimals, nothing else looked at."""
    if isinstance(value, dict):
        return {key: _as_floats(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_floats(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


def _is_number(value: object) -> bool:
    """Return whether a value is a number and not true or false."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _words(value: object) -> str:
    """Return a number, or an array of them, as the file writes it."""
    if isinstance(value, list):
        return clean(f"[{', '.join(map(str, value))}]")
    return clean(value)
