"""Folders that hold one world, or two beside each other with a comparison."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputOutputError, clean

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COMPARISON", "NAMES", "comparison_of", "read_tree", "world_folders", "worlds_in"]

COMPARISON = "comparison.json"
NAMES = ("base", "variant")
PAIRS = (NAMES, ("as-reported", "as-documented"))  # the second pair is the demo's


def world_folders(folder: Path) -> list[Path]:
    """Return the run folders in `folder`: itself, or its two worlds.

    Raises:
        InputOutputError: it holds no run.
    """
    found = worlds_in(folder)
    if found:
        return found
    raise InputOutputError(
        f"{clean(folder, 200)} holds no run and no comparison",
        help="give the folder that `glasshouse run` or `glasshouse compare` wrote with -o",
    )


def worlds_in(folder: Path) -> list[Path]:
    """Return the run folders in `folder`: itself, or its two worlds; none where it holds no run."""
    if (folder / "manifest.json").is_file():
        return [folder]
    for names in PAIRS:
        worlds = [folder / name for name in names]
        if all((world / "manifest.json").is_file() for world in worlds):
            return worlds
    return []


def comparison_of(folder: Path) -> dict[str, Any] | None:
    """Return the comparison that lies in a folder, or None.

    Raises:
        InputOutputError: it is damaged.
    """
    path = folder / COMPARISON
    return read_tree(path) if path.is_file() else None


def read_tree(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Raises:
        InputOutputError: it holds no object, or figures that are no numbers.
    """

    def refuse(word: str) -> float:
        """Refuse NaN and infinities, which JSON does not know."""
        raise ValueError(word)

    try:
        tree = json.loads(path.read_bytes(), parse_constant=refuse)
    except (OSError, ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict):
        raise InputOutputError(
            f"{clean(path, 200)} is damaged or of another version",
            help="make it anew with the command that wrote it",
        )
    return tree
