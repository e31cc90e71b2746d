"""One compilation for the whole session, and one browser for each file that opens pages.

Tests that give a process an empty home must not compile anew. While Playwright runs, no other Playwright and no
loop of asyncio can run in the process.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# The kernels' folder below it is named after their source, so an old one is never used.
os.environ.setdefault("XDG_CACHE_HOME", str(Path("~/.cache").expanduser()))

# CUDA kernels run in numba's simulator, where there is no device; numba reads this once, when it is imported.
os.environ.setdefault("NUMBA_ENABLE_CUDASIM", "1")

# `make verify-long` asks for `long`; the suite keeps Hypothesis' own numbers, without its clock.
settings.register_profile("suite", deadline=None)
settings.register_profile(
    "long", deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# ---- pages

FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def chromium_path() -> str:
    """Return the browser; skip the test where there is none, and fail it where CI is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is needed where CI is set")
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser that draws WebGL in software."""
    from playwright.sync_api import sync_playwright

    path = chromium_path()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
