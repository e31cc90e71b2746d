"""Places in a scenario file: every key that tomllib returns has one, in characters, and it holds the key."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.scenario import positions as module
from glasshouse.scenario.positions import Path, positions

if TYPE_CHECKING:
    import pytest

NAMES = st.text("abcxyz_-09", min_size=1, max_size=4) | st.sampled_from(["é", "a b", "q.r", "漢"])
LEAVES = st.integers(-99, 99) | st.booleans() | st.sampled_from(["é", "x # y", "[a]"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)


def key(name: str) -> str:
    """Return a key as TOML writes it."""
    return (
        name
        if name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        else json.dumps(name, ensure_ascii=False)
    )


def inline(value: object) -> str:
    """Return a value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key(name)} = {inline(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return a TOML text with headers, dotted keys, arrays of tables and inline tables."""
    lines = [f"{key(name)} = {inline(value)}" for name, value in draw(TABLES).items()]
    for number, table in enumerate(draw(st.lists(TABLES, max_size=3))):
        lines += [
            f'[t{number}."é".{key(draw(NAMES))}] # heading',
            *(f"d.{key(n)} = {inline(v)}" for n, v in table.items()),
        ]
    for table in draw(st.lists(TABLES, max_size=3)):
        lines += ["[[rows]]", *(f"{key(n)} = {inline(v)}" for n, v in table.items()), "[rows.sub]", "z = 1"]
    return "\n".join(lines)


def paths(value: object, path: Path = ()) -> list[Path]:
    """Return the path of everything below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, item in items for found in ((*path, name), *paths(item, (*path, name)))]


@given(documents())
def test_every_path_has_a_place(text: str) -> None:
    """Every path of the tree has a place, and the key's place holds the key's name."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # two draws gave one name
    found, lines = positions(text), text.split("\n")
    for path in paths(tree):
        place = found.places[path]
        span = place.key
        written = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        if isinstance(path[-1], str):
            assert path[-1] in written
    assert not found.duplicates


def test_columns_count_characters() -> None:
    """Columns are characters, not bytes; a value over several lines is marked on its first."""
    found = positions('"é" = { x = "漢", y = 2 }\nz = """a\nb"""')
    assert found.places[("é", "y")].key.column == 18
    assert found.places[("z",)].value.end_column == 9
    assert found.nearest(("é", "x", "nowhere")) == found.places[("é", "x")]
    assert found.nearest(("nowhere",)) is None


def test_duplicates_are_told() -> None:
    """A key and a table written twice are found with both places."""
    twice = positions("[a]\nb = 1\nb = 2\n[a]").duplicates
    assert [(one.path, one.first.line, one.second.line) for one in twice] == [
        (("a", "b"), 2, 3),
        (("a",), 1, 4),
    ]


def test_without_tree_sitter_there_are_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the parser costs the frame, not the message."""

    def broken(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(module, "_Walk", broken)
    assert positions("never = 'seen before'").places == {}
