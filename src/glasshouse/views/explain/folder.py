"""The folder that `glasshouse explain` writes: one page with its script, a lesson for teachers, and the numbers."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from string import Template
from typing import TYPE_CHECKING, Any

from glasshouse.harm.folder import refuse_taken, write
from glasshouse.records import files
from glasshouse.views.explain.lesson import as_html
from glasshouse.views.explain.words import LANGUAGES, made, numbers, resource, steps, texts
from glasshouse.views.report.markup import esc

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["INDEX", "pages", "write_explainer"]

INDEX, NUMBERS = "index.html", "glasshouse-numbers.json"
LESSONS = {"en": "lesson.html", "zh": "lesson.zh.html"}


def write_explainer(folder: Path, *, replace: bool = False) -> list[str]:
    """Write the explainer into a folder; return the names of its files.

    Args:
        folder: A new or empty folder, or one that holds an explainer.
        replace: Whether the explainer in it may be replaced.

    Raises:
        InputOutputError: the folder is taken or cannot be written.
    """
    refuse_taken(folder, replace=replace, mine=NUMBERS)
    with files.told("make the output folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = pages()
    for name, text in written.items():
        write(folder / name, text)
    return list(written)


def pages() -> dict[str, str]:
    """Return the files of the folder by name, first the one by which the folder is known, the page last."""
    style = resource("page.css")
    csp = f"default-src 'none'; style-src '{sealed(style)}'"
    lessons = {name: as_html(language, csp, style) for language, name in LESSONS.items()}
    return {NUMBERS: resource("numbers.json"), **lessons, INDEX: index()}


def index() -> str:
    """Return the page of the tour: one HTML file with its style, its script and its data."""
    style = resource("page.css") + resource("tour.css")
    script = resource("tour.js").replace("export function", "function") + resource("page.js")
    words = texts("en")
    data = {
        "steps": steps(),
        "numbers": numbers(),
        "made": made(),
        "lessons": LESSONS,
        "texts": {language: texts(language) for language in LANGUAGES},
    }
    return Template(resource("page.html")).substitute(
        csp=f"default-src 'none'; script-src '{sealed(script)}'; style-src '{sealed(style)}'",
        style=style,
        script=script,
        data=embedded(data),
        title=esc(words["title"]),
        plate=esc(words["page"]["plate"]),
        skip=esc(words["page"]["skip"]),
        lead=esc(words["lead"]),
        notice=esc(words["notice"]),
        language=esc(words["ui"]["language"]),
        lesson=esc(words["ui"]["lesson"]),
        noscript=esc(words["page"]["noscript"]),
    )


def sealed(text: str) -> str:
    """Return the digest by which a policy lets one inline text pass and no other."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def embedded(data: Any) -> str:
    """Return data as JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
