"""The offline tour in Chromium, from a file and from a web host: eight guesses by keyboard, in both languages."""

from __future__ import annotations

import functools
import http.server
import os
import re
import threading
from importlib.resources import files
from pathlib import Path

import pytest

from glasshouse.views.explain import write_explainer
from glasshouse.views.explain.words import filled, steps, texts

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the tour."""
    write_explainer(tmp_path / "tour")
    return tmp_path / "tour"


@pytest.fixture
def hosted(folder):
    """Return the address of the tour on a plain web host."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A web host that says nothing."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def page(chromium, folder):
    """Return a function that opens a page of the tour; any complaint of the page fails the test."""
    complaints, contexts = [], []

    def open_at(address, *, width=1280, language="en", bypass=False):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            bypass_csp=bypass,
            offline=address.startswith("file:"),
            reduced_motion="reduce",
        )
        contexts.append(context)
        one, home = context.new_page(), address.rpartition("/")[0]
        one.on("console", lambda message: complaints.append(message.text))
        one.on("pageerror", lambda error: complaints.append(str(error)))
        one.on("request", lambda asked: None if asked.url.startswith(home) else complaints.append(asked.url))
        one.goto(address)
        return one

    yield open_at
    for context in contexts:
        context.close()
    assert [one for one in complaints if "favicon" not in one] == []


def shoot(page, name):
    """Keep a picture where $GLASSHOUSE_SCREENSHOTS says."""
    kept = os.environ.get("GLASSHOUSE_SCREENSHOTS")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(kept) / f"{name}.png", full_page=True)


def objections(page):
    """Return what axe objects to."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES!r}}})")
    assert found["passes"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


def by_keyboard(page, language, look=lambda _: None):
    """Answer all eight questions with keys alone; return the findings that were shown."""
    found = []
    page.locator("#tour-guess").focus()
    for _ in steps():
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        look("guess")
        page.keyboard.press("Enter")
        found.append(page.locator(".tour-answer h3").inner_text())
        assert page.evaluate("document.activeElement.tagName") == "H3"
        look("found")
        for _ in range(4):  # the table does not take the keyboard: back, then on
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") == "tour-main":
                break
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "H2"
        page.keyboard.press("Tab")
    assert page.locator("h2").inner_text() == texts(language)["end"]["title"]
    look("end")
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_eight_questions_from_a_file_by_keyboard_alone(page, folder, language):
    one = page((folder / "index.html").as_uri(), language=language)
    found = by_keyboard(one, language)
    assert found == [filled(texts(language)["steps"][step["id"]]["found"]) for step in steps()]
    assert one.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-Hans"}[language]
    rows = one.locator(".tour-sum tbody tr")
    assert rows.count() == len(steps())


def test_a_web_host_serves_it_as_well_and_the_language_keeps_the_place(page, hosted):
    one = page(hosted)
    one.locator("#tour-guess").focus()
    one.keyboard.press("End")
    one.keyboard.press("Enter")
    shown = one.locator(".tour-table tbody tr").first.locator("td").first.inner_text()
    assert re.sub(r"\D", "", shown.partition("of")[0]) == "50000"
    one.locator("#language").click()
    assert one.locator("h2").inner_text() == texts("zh")["steps"]["record"]["title"]
    assert one.locator(".tour-answer").count() == 1, "the answer stays open"
    assert one.title() == texts("zh")["title"]
    one.locator("#lesson").click()
    assert one.url.endswith("lesson.zh.html")
    one.go_back()


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("en", 390),
        ("zh", 1280),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in (("en", 1280), ("zh", 390))),
    ],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(page, folder, language, width):
    one = page((folder / "index.html").as_uri(), language=language, width=width, bypass=True)
    seen = []

    def look(what):
        seen.append(what)
        place = f"explain-{len(seen)}-{what}-{language}-{width}"
        if len(seen) <= 2 or what == "end" or len(seen) % 5 == 0:
            assert objections(one) == [], place
        assert one.evaluate("document.documentElement.scrollWidth") <= width, place
        shoot(one, place)

    by_keyboard(one, language, look)
    assert len(seen) == 2 * len(steps()) + 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["lesson.html", "lesson.zh.html"])
def test_axe_finds_nothing_in_the_lesson(page, folder, name, width):
    one = page((folder / name).as_uri(), width=width, bypass=True)
    assert objections(one) == []
    assert one.evaluate("document.documentElement.scrollWidth") <= width
    shoot(one, f"{name.replace('.', '-')}-{width}")


def test_without_scripts_the_page_leads_to_the_lesson(chromium, folder):
    context = chromium.new_context(java_script_enabled=False)
    one = context.new_page()
    one.goto((folder / "index.html").as_uri())
    one.locator("noscript a, main a").first.click()
    assert one.locator("article").count() == 7
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_studio_shows_the_same_tour(open_page, shoot, language):
    one = open_page("explain", language=language)
    one.locator("#tour-guess").focus()
    one.keyboard.press("ArrowRight")
    one.keyboard.press("Enter")
    assert one.locator(".tour-answer h3").inner_text() == filled(texts(language)["steps"]["record"]["found"])
    shoot(one, f"studio-explain-{language}-1280")


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_the_studios_tour(open_page, objections, shoot, width):
    one = open_page("explain", width=width, bypass=True)
    assert objections(one) == []
    one.locator(".tour-question button").click()
    assert objections(one) == []
    assert one.evaluate("document.documentElement.scrollWidth") <= width
    shoot(one, f"explain-en-{width}")
