"""The error family: exit codes, one-line forms, pickling, and what `clean` lets through."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse import errors
from glasshouse.errors import Diagnostic, GlasshouseError, ScenarioError, clean

FINDING = Diagnostic(
    code="GH012",
    severity="error",
    field="rule.friends.above",
    message="rule can never fire",
    file="town.toml",
    line=31,
    column=9,
    end_column=13,
    notes=("the score ends at 1000 points (town.toml:9:11)",),
    help="choose a value from 0 to 999",
)


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("GlasshouseError", 1),
        ("UsageError", 2),
        ("ScenarioError", 3),
        ("RefusedError", 4),
        ("InputOutputError", 5),
        ("InvariantError", 6),
        ("WorkerLostError", 7),
        ("Interrupted", 130),
    ],
)
def test_every_error_has_its_exit_code(name: str, exit_code: int) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, GlasshouseError)
    assert kind.exit_code == exit_code


def test_a_message_and_its_help_survive_pickling() -> None:
    before = errors.RefusedError("needs 10 PB", help="choose a smaller society")
    after = pickle.loads(pickle.dumps(before))
    assert (type(after), str(after), after.message, after.help) == (
        errors.RefusedError,
        "needs 10 PB",
        "needs 10 PB",
        "choose a smaller society",
    )


def test_a_scenario_error_survives_pickling_with_all_findings() -> None:
    before = ScenarioError([FINDING, FINDING], help="see the notes")
    after = pickle.loads(pickle.dumps(before))
    assert isinstance(after, ScenarioError)
    assert (after.diagnostics, str(after), after.help) == ((FINDING, FINDING), str(before), "see the notes")


def test_a_scenario_error_lists_one_line_per_finding() -> None:
    line = "town.toml:31:9: error[GH012] rule.friends.above: rule can never fire"
    assert str(ScenarioError([FINDING, FINDING])) == f"{line}\n{line}"
    assert str(ScenarioError([FINDING], "two of them")) == "two of them"


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Diagnostic("GH001", "error", "", "no table"), "error[GH001] no table"),
        (Diagnostic("GH001", "note", "seed", "odd", file="a.toml"), "a.toml: note[GH001] seed: odd"),
        (Diagnostic("GH001", "warning", "", "odd", file="a.toml", line=2), "a.toml:2: warning[GH001] odd"),
        (Diagnostic("GH001", "error", "", "odd", line=2, column=3), "error[GH001] odd"),
    ],
)
def test_a_finding_shows_as_much_of_its_place_as_is_known(finding: Diagnostic, text: str) -> None:
    assert str(finding) == text


def test_a_finding_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        FINDING.code = "GH013"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, 诚信, é", "plain words, 诚信, é"),
        ("", ""),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc\x00", r"a\x0ab\x09c\x00"),
        ("abc\u202edef", r"abc\u202edef"),
        ("\u2066\u2069\u200f", r"\u2066\u2069\u200f"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("\x9b31m", r"\x9b31m"),
        (12.5, "12.5"),
    ],
)
def test_clean_escapes_what_a_terminal_would_act_on(text: object, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcd", 4, "abcd"),
        ("abcde", 4, "abc…"),
        ("ab\x1b", 6, r"ab\x1b"),
        ("abc\x1b", 6, "abc…"),
        ("\x1b\x1b", 1, "…"),
        ("x" * 1_000_000, 80, "x" * 79 + "…"),
    ],
)
def test_clean_shortens_and_never_cuts_an_escape_in_two(text: str, limit: int, expected: str) -> None:
    assert clean(text, limit) == expected


def test_clean_tells_the_size_of_an_integer_that_cannot_be_printed() -> None:
    assert clean(10**5000) == "an integer of 16610 bits"
    assert clean(2**64) == "18446744073709551616"


def test_clean_needs_room_for_one_character() -> None:
    with pytest.raises(ValueError, match="limit is 0"):
        clean("a", 0)


@given(st.text(st.characters(), max_size=200), st.integers(1, 100))
def test_clean_text_is_printable_short_and_encodable(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    shown.encode("utf-8")
    assert clean(shown, limit) == shown
