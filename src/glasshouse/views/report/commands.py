"""The commands that make a study anew, as a shell takes them: recorded, or put together from its settings."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.scenario.load import PRESETS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["attribute_command", "recorded_command", "then_report"]

WISHES = {"--resume", "--replace", "--yes", "--quiet", "--json"}  # they change no result
THREADS = "--threads"
LONGEST = 4000  # characters; a longer line is cut, and says so by its ellipsis


def recorded_command(tree: Mapping[str, Any]) -> str:
    """Return the command line that a manifest or study keeps, without wishes that change no result; or nothing."""
    words = tree.get("command")
    if not isinstance(words, (list, tuple)) or not words:
        return ""
    kept = [str(word) for word in words]
    return _line(
        [word for k, word in enumerate(kept) if not _is_wish(word) and (not k or kept[k - 1] != THREADS)]
    )


def _is_wish(word: str) -> bool:
    """Say whether a word of a command line changes no result."""
    return word in WISHES or word.split("=", maxsplit=1)[0] == THREADS


def attribute_command(tree: Mapping[str, Any]) -> str:
    """Return the command line of an attribution, from its settings."""
    name = str(tree["scenario"])
    known = {path.stem for path in PRESETS.glob("*.toml")}
    words = ["glasshouse", "attribute", name if name in known else f"{name}.toml"]
    for change in map(str, tree["changes"]):
        without = change.removeprefix("without ")
        words += ["--without", without] if without != change else ["--set", change.replace(" = ", "=", 1)]
    words += ["--over", ",".join(map(str, tree["players"]))]
    for option in ("citizens", "days", "seed", "replicates", "permutations"):
        words += [f"--{option}", str(tree[option])] if tree[option] else []
    return _line([*words, "-o", "DIR"])


def then_report(command: str) -> str:
    """Return a command followed by the one that makes the page, with the folder that it wrote."""
    if not command:
        return ""
    try:
        words = shlex.split(command)
    except ValueError:  # it was cut within quotes
        return command
    given = next((words[k + 1] for k, word in enumerate(words[:-1]) if word in ("-o", "--output")), None)
    if given is None:
        return command
    return f"{command} && glasshouse report {shlex.quote(given)}"


def _line(words: Sequence[str]) -> str:
    """Return words as one line for a shell."""
    return clean(shlex.join(words), LONGEST)
