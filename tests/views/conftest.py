"""Pages opened in Chromium, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out

from axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser


@pytest.fixture
def opened(chromium: Browser) -> Callable[[Path, int], tuple[int, int]]:
    """Return a function that opens a page at some width: how wide its content is, how many drawings it shows."""

    def measure(page: Path, width: int) -> tuple[int, int]:
        view = chromium.new_page(viewport={"width": width, "height": 800})
        view.goto(page.as_uri())
        wide = view.evaluate("document.documentElement.scrollWidth")
        drawings = view.locator("svg").count()
        view.close()
        return wide, drawings

    return measure


@pytest.fixture
def objections(chromium: Browser) -> Callable[[Path], list[str]]:
    """Return a function that says what axe objects to in a page."""
    return lambda page: violations(chromium, page)
