"""Pages opened in Chromium, where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out

from axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable


def chromium() -> str:
    """Return the browser; skip the test where there is none, and fail it where CI is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is needed where CI is set")
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Path, int], tuple[int, int]]:
    """Return a function that opens a page at some width: how wide its content is, how many drawings it shows.

    The probe, a page around a copy without its policy, measures the width that the copy's content takes.
    """

    def measure(page: Path, width: int) -> tuple[int, int]:
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
        script = "<script>onload=()=>parent.postMessage([document.documentElement.scrollWidth,"
        script += "document.querySelectorAll('svg').length],'*')</script>"
        (tmp_path / "copy.html").write_text(text.replace("</body>", f"{script}</body>"), "utf-8")
        probe = tmp_path / "probe.html"
        probe.write_text(
            "<title>waiting</title><script>onmessage=e=>document.body.dataset.found=e.data.join()</script>"
            f"<body><iframe src='copy.html' style='width:{width}px;height:800px;border:0'></iframe>"
        )
        command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
                   "--disable-background-networking", "--disable-component-update",
                   f"--user-data-dir={tmp_path / 'profile'}",
                   "--virtual-time-budget=5000",
                   "--window-size=1400,900", "--dump-dom", probe.as_uri()]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        found = re.search(r'data-found="(\d+),(\d+)"', done.stdout)
        assert found, done.stderr[-500:]
        return int(found[1]), int(found[2])

    return measure


@pytest.fixture
def objections() -> Callable[[Path], list[str]]:
    """Return a function that says what axe objects to in a page."""
    return lambda page: violations(chromium(), page)
