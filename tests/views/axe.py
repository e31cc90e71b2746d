"""What axe finds wrong with a page, in Debian's Chromium: on a screen, on a telephone, and in print."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

__all__ = ["violations"]

WAYS = (("screen", 1280), ("screen", 390), ("print", 1280))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(chromium: Browser, page: Path) -> list[str]:
    """Return what axe objects to, each with medium, width, rule, and the first element."""
    return [line for media, width in WAYS for line in seen(chromium, page, media, width)]


def seen(chromium: Browser, page: Path, media: str, width: int) -> list[str]:
    """Return what axe objects to in one medium at one width."""
    view = chromium.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    view.emulate_media(media=media)
    view.goto(page.as_uri())
    view.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = view.evaluate(f"axe.run(document, {{runOnly: {RULES!r}, resultTypes: ['violations']}})")
    view.close()
    assert found["passes"], "axe looked at nothing"
    return [
        f"{media} {width}: {one['id']}: {one['help']}: {one['nodes'][0]['html'][:150]}"
        for one in found["violations"]
    ]
