"""Where each key and value of a TOML text stands: path -> line and columns.

Values always come from tomllib, which gives no positions; this module reads the same
text with tree-sitter and knows places only. If tree-sitter is missing or fails, the
answer is empty and diagnostics are shown without a code frame.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Duplicate", "Path", "Place", "Positions", "Span", "positions"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line, counted in characters from 1; `end_column` is the first column after it.

    Something that runs over several lines is marked on its first line only.
    """

    line: int
    column: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key is written and where its value is written.

    For a table with a header both are the header's key; an array element has no key of its own,
    so both are its value.
    """

    key: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key or table that is written twice: its path and both places."""

    path: Path
    first: Span
    second: Span


@dataclass(slots=True)
class Positions:
    """Places of one text: `places` by path, and `duplicates` in file order."""

    places: dict[Path, Place] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)

    def nearest(self, path: Path) -> Place | None:
        """Return the place of `path` or of its closest ancestor that is written down, else None."""
        for length in range(len(path), 0, -1):
            place = self.places.get(path[:length])
            if place is not None:
                return place
        return None


@lru_cache(maxsize=16)
def positions(text: str) -> Positions:
    """Return the places of every key path of a TOML text; empty when it cannot be read so.

    Text with syntax errors gives the places of the parts that can be understood.
    """
    try:
        return _Walk(text).run()
    except Exception:  # noqa: BLE001 - places are a courtesy: a fault here must not hide the real message
        return Positions()


class _Walk:
    """One pass over the syntax tree. Dotted keys are at most 16 deep here: `reading` has refused others."""

    def __init__(self, text: str) -> None:
        import tree_sitter
        import tree_sitter_toml

        language = tree_sitter.Language(tree_sitter_toml.language())
        self.source = text.encode()
        self.lines = self.source.split(b"\n")
        self.root = tree_sitter.Parser(language).parse(self.source).root_node
        self.found = Positions()
        self.lengths: dict[Path, int] = {}  # elements seen so far of each array of tables
        self.written: dict[Path, Span] = {}  # what was written in full, to notice a second time

    def run(self) -> Positions:
        """Return the places of the whole text."""
        for node in self.root.named_children:
            if node.type == "pair":
                self.pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self.table(node)
        return self.found

    def table(self, node: Any) -> None:
        """Note a `[header]` or `[[header]]` and the pairs under it."""
        children = node.named_children
        if not children or "key" not in children[0].type:
            return
        parts = list(self.parts(children[0]))
        whole = self.span(children[0])
        path: Path = ()
        for name, span in parts[:-1]:
            path = self.last((*path, name))
            self.note(path, span, span)
        last = (*path, parts[-1][0])
        if node.type == "table":
            path = self.last(last)
            self.define(path, whole)
        else:
            path = (*last, self.lengths.get(last, 0))
            self.lengths[last] = path[-1] + 1
            self.note(last, whole, whole)
        self.found.places[path] = Place(whole, whole)
        for child in children[1:]:
            if child.type == "pair":
                self.pair(child, path)

    def last(self, path: Path) -> Path:
        """Return `path`, or the newest element under it when it is an array of tables."""
        count = self.lengths.get(path, 0)
        return (*path, count - 1) if count else path

    def pair(self, node: Any, base: Path) -> None:
        """Note `key = value`, where the key may be dotted."""
        children = node.named_children
        if len(children) < 2 or "key" not in children[0].type:
            return
        path = base
        parts = list(self.parts(children[0]))
        value = self.span(children[1])
        for name, span in parts[:-1]:
            path = (*path, name)
            self.note(path, span, span)
        path = (*path, parts[-1][0])
        self.define(path, parts[-1][1])
        self.found.places[path] = Place(parts[-1][1], value)
        self.value(children[1], path)

    def value(self, node: Any, path: Path) -> None:
        """Note what lies inside an array or an inline table."""
        children = [child for child in node.named_children if child.type != "comment"]
        if node.type == "inline_table":
            for child in children:
                if child.type == "pair":
                    self.pair(child, path)
        elif node.type == "array":
            for index, child in enumerate(children):
                span = self.span(child)
                self.note((*path, index), span, span)
                self.value(child, (*path, index))

    def note(self, path: Path, key: Span, value: Span) -> None:
        """Remember the first place where `path` is mentioned."""
        self.found.places.setdefault(path, Place(key, value))

    def define(self, path: Path, span: Span) -> None:
        """Remember that `path` is written in full here; the second time is a duplicate."""
        first = self.written.setdefault(path, span)
        if first is not span:
            self.found.duplicates.append(Duplicate(path, first, span))

    def parts(self, node: Any) -> Iterator[tuple[str, Span]]:
        """Yield each name of a key with its span; dotted keys nest to the left in the tree."""
        if node.type == "dotted_key":
            for child in node.named_children:
                yield from self.parts(child)
            return
        raw = self.source[node.start_byte : node.end_byte].decode()
        name = next(iter(tomllib.loads(f"{raw} = 0"))) if node.type == "quoted_key" else raw
        yield name, self.span(node)

    def span(self, node: Any) -> Span:
        """Return the node's place in characters; tree-sitter counts bytes."""
        row, start = node.start_point
        end_row, end = node.end_point
        line = self.lines[row]
        if end_row > row:
            end = len(line.rstrip())
        column = len(line[:start].decode()) + 1
        return Span(row + 1, column, max(len(line[:end].decode()) + 1, column + 1))
