"""A year lived in the studio's page: by keyboard alone, in both languages, with the twin at its end."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

MONTHS = 12


def begin(page, preset, twin, *, guess=2):
    """Choose scheme, twin and guess with keys alone, and begin."""
    page.locator(f"input[name=preset][value={preset}]").focus()
    page.keyboard.press("Space")
    page.locator(f"input[name=twin][value={twin}]").focus()
    page.keyboard.press("Space")
    page.locator("input[name=guess]").nth(guess).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".stands")


def live_month(page, number, answers):
    """Give the answers of a month with keys alone, and live it: Tab goes from question to question."""
    first = page.locator(".answers input").first
    first.wait_for()
    questions = page.locator(".sides form fieldset").count()
    page.locator("input[name=post]:checked").focus()
    for k in range(questions):
        name = page.evaluate("document.activeElement.name")
        for _ in range({"yes": 1, "no": 2}.get(answers.get(name, ""), 0)) if number == 0 else ():
            page.keyboard.press("ArrowRight")
        if k + 1 < questions:
            page.keyboard.press("Tab")
    before = page.locator("h1").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_a_whole_year_by_keyboard_alone(open_page, shoot, language):
    page = open_page("live", language=language)
    page.wait_for_selector("input[name=preset]")
    shoot(page, f"live-begin-{language}-1280")
    begin(page, "as-reported", "careful")
    assert page.locator(".band").count() == 1, "the press version is marked"
    shoot(page, f"live-first-{language}-1280")
    for number in range(MONTHS):
        live_month(page, number, {"post": "yes", "games": "yes", "flight": "yes", "appeal": "no"})
        if number == 3:
            page.locator(".happened details summary").first.focus()
            page.keyboard.press("Enter")
            assert page.locator(".happened details[open] code").first.inner_text()
            shoot(page, f"live-month-{language}-1280")
    page.wait_for_selector(".beside")
    shoot(page, f"live-end-{language}-1280")
    mine = {one.get_attribute("data-name"): one for one in page.locator(".beside data[data-name]").all()}
    assert int(mine["posts.written"].get_attribute("value")) >= 3, (
        "a post a month, unless detained or offline"
    )
    assert re.search(r"\d", page.locator(".parting .when").inner_text())
    assert page.locator(".beside").count() == 2, "the twin's counts, and the society's"


def test_under_the_public_record_there_is_no_score(open_page, shoot):
    page = open_page("live")
    begin(page, "as-documented", "usual")
    assert page.locator(".band").count() == 0
    assert page.locator(".stands dd").first.inner_text() == "no score"
    live_month(page, 0, {"post": "yes"})
    shoot(page, "live-documented-1280")


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("zh", 390),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in (("en", 1280), ("en", 390), ("zh", 1280))),
    ],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, objections, shoot, width, language):
    page = open_page("live", width=width, bypass=True, language=language)

    def look(what):
        assert objections(page) == [], what
        assert page.evaluate("document.documentElement.scrollWidth") <= width, what
        shoot(page, f"live-{what}-{language}-{width}")

    page.wait_for_selector("input[name=preset]")
    look("begin")
    begin(page, "as-reported", "usual")
    look("first")
    for number in range(MONTHS):
        live_month(page, number, {"post": "yes", "games": "yes"})
        if number == 4:
            page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
            look("month")
    look("end")
