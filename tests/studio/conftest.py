"""The studio in a process of its own, and pages of it in Chromium that bear no console error and no outside request."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def studio() -> Iterator[str]:
    """Return the address, token included, of a studio that runs in a process of its own."""
    command = [sys.executable, "-c", "from glasshouse.views.cli import main; main()", "studio", "--port", "0"]
    command.append("--no-browser")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = None
        for line in process.stdout:
            found = re.search(r"http://\S+#token=\S+", line)
            if found:
                break
        assert found, "the studio printed no address"
        yield found[0]
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


@pytest.fixture
def open_page(chromium: Browser, studio: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the studio in a page of some width and language.

    After the test, any error on the console, any uncaught error and any request to elsewhere fails it.
    """
    complaints: list[str] = []
    contexts: list[Any] = []
    home = studio.split("#", maxsplit=1)[0]

    def heard(message: Any) -> None:
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def open_at(
        path: str = "start", *, width: int = 1280, language: str = "en", bypass: bool = False
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            bypass_csp=bypass,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
        page.on(
            "request", lambda one: None if ours(one.url, home) else complaints.append(f"request: {one.url}")
        )
        page.goto(f"{studio}&/{path}")
        page.wait_for_selector("main h1")
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


def ours(url: str, home: str) -> bool:
    """Say whether a request stays in this studio; blob and data addresses leave no page."""
    return url.startswith((home, home.replace("http:", "ws:"), "blob:", "data:"))


@pytest.fixture
def objections() -> Callable[[Page], list[str]]:
    """Return a function that says what axe objects to in an open page; it must have been opened with `bypass`."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def look(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate(f"axe.run(document, {{runOnly: {RULES!r}, resultTypes: ['violations']}})")
        assert found["passes"], "axe looked at nothing"
        return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]

    return look


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Return a function that keeps a picture of a whole page, in $GLASSHOUSE_SCREENSHOTS or a folder of the test."""
    folder = Path(os.environ.get("GLASSHOUSE_SCREENSHOTS") or tmp_path)

    def take(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def asked(chromium: Browser, studio: str) -> Iterator[Callable[..., Any]]:
    """Return a function that asks the studio's API as a page does: method, path and body give the JSON answer."""
    home, _, token = studio.partition("#token=")
    context = chromium.new_context(extra_http_headers={"X-Glasshouse-Token": token})

    def ask(path: str, body: object = None) -> Any:
        request = context.request
        answer = (
            request.get(f"{home}api/{path}") if body is None else request.post(f"{home}api/{path}", data=body)
        )
        assert answer.ok, answer.text()
        return answer.json()

    yield ask
    context.close()
