"""Texts, steps and numbers of the tour, and texts filled with the numbers as the page's own script fills them."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "filled", "made", "numbers", "resource", "shown", "steps", "texts"]

LANGUAGES = {"en": "en", "zh": "zh-Hans"}  # as files are called -> as pages say it
PLACE = re.compile(r"\{([\w.]+)(:range)?\}")


def resource(name: str) -> str:
    """Return a file of this package."""
    return files("glasshouse.views.explain").joinpath(name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> Any:
    """Return a JSON file of this package."""
    return json.loads(resource(name))


def texts(language: str) -> dict[str, Any]:
    """Return the texts of the tour in a language of LANGUAGES."""
    return tree(f"texts.{language}.json")


def steps() -> list[dict[str, Any]]:
    """Return the steps of the tour, in order."""
    return tree("steps.json")


def numbers() -> dict[str, Any]:
    """Return the numbers that `tools/explain.py` found, and where they come from."""
    return tree("numbers.json")


def shown(value: float) -> str:
    r"""Return a number with as many digits as say something: one below 1, three below a thousand, then four.

    >>> shown(0.0289), shown(61.128), shown(349.6), shown(22.0), shown(166700.0)
    ('0.03', '61.1', '350', '22', '166,700')
    """
    if value == 0:
        return "0"
    size = abs(value)
    text = f"{value:.{1 if size < 1 else 3 if size < 1000 else 4}g}"
    number = float(text)
    return f"{number:,.0f}" if number.is_integer() else text


def filled(text: str, params: Mapping[str, str] | None = None) -> str:
    """Return a text with its `{name}` filled in; a name that there is not stays as it is."""
    values = numbers()["values"]

    def value(found: re.Match[str]) -> str:
        """Return what stands for a name."""
        name = found[1]
        if params and name in params:
            return params[name]
        if name not in values:
            return found[0]
        return shown(values[name]["value"])

    return PLACE.sub(value, text)


def made() -> dict[str, str]:
    """Return what the numbers were made with, for the foot of a page."""
    one = numbers()
    return {
        "made_by": one["made_by"],
        "version": one["version"],
        "citizens": f"{one['citizens']:,}",
        "days": str(one["days"]),
        "seeds": str(len(one["seeds"])),
    }
