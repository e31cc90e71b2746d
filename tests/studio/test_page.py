"""Every screen in Chromium, in both languages: the command line's numbers, keys enough, nothing objected to."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CITIZENS, DAYS, SEED = 5_000, 60, 3
LANGUAGES = ("en", "zh")
COUNTED = {  # counter of the page: what makes it in the totals of `glasshouse run --json`
    "refused": ("refused.plane", "refused.high_speed_rail"),
    "listed": ("listed.persons",),
    "summoned": ("summonses",),
    "by_association": ("punished.association",),
    "by_error": ("punished.false",),
    "posts_withheld": ("posts.withheld",),
}


@pytest.fixture(scope="module")
def told() -> dict[int, dict[str, int]]:
    """Return what the command line counts for both worlds."""
    import contextlib
    import io

    totals = {}
    for world, preset in enumerate(("as-documented", "as-reported")):
        out = io.StringIO()
        wish = ["run", preset, "--citizens", CITIZENS, "--days", DAYS, "--seed", SEED, "--json", "--quiet"]
        with contextlib.redirect_stdout(out):
            assert guarded(cli, [str(one) for one in wish]) == 0
        totals[world] = json.loads(out.getvalue())["totals"]
    return totals


@pytest.fixture
def lived(asked: Callable[..., Any]) -> str:
    """Return the id of a pair of worlds that have lived all their days."""
    for one in asked("worlds"):
        if (one["citizens"], one["days"], one["seed"], one["state"]) == (CITIZENS, DAYS, SEED, "done"):
            return one["id"]
    twin = {"preset": "as-reported"}
    wish = {"preset": "as-documented", "twin": twin, "citizens": CITIZENS, "days": DAYS, "seed": SEED}
    made = asked("worlds", wish)["id"]
    for _ in range(600):
        if asked(f"worlds/{made}")["state"] == "done":
            return made
        time.sleep(0.1)
    raise AssertionError("the worlds did not end")


def seen(page: Page, name: str, world: int) -> int:
    """Return a counter as the page shows it, and check that its text says the same as its value."""
    found = page.locator(f"#counter-{name}-{world}")
    value = int(found.get_attribute("value") or "")
    assert re.sub(r"\D", "", found.inner_text()) == str(value)
    return value


def until(page: Page, expression: str, seconds: float = 90.0) -> None:
    """Wait until an expression is true in a page; the page's policy forbids Playwright's own way of waiting."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def wait_for_end(page: Page, days: int) -> None:
    """Wait until the last day is shown and the world is over."""
    until(page, "document.querySelector('#pause') === null && document.querySelector('#state') !== null")
    until(page, f"document.querySelector('#scrubber').max === '{days - 1}'")


def wide(page: Page) -> int:
    """Return how far the content of a page reaches beyond its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_opens_on_the_record_and_marks_the_press_version(
    open_page: Callable[..., Page], language: str
) -> None:
    page = open_page(language=language)
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[language]
    first, press = page.locator(".presets h3").first, page.locator(".presets .press")
    assert {"en": "As documented", "zh": "有据可查"}[language] in first.inner_text()
    assert press.count() == 1
    assert {"en": "no such national score exists", "zh": "并不存在"}[language] in press.inner_text()
    assert "token" not in page.url


def test_another_language_is_one_key_away_and_kept(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("button", name="中文").press("Enter")
    page.wait_for_selector("html[lang=zh-Hans]")
    assert "规则" in page.locator("h1").inner_text()
    page.reload()
    page.wait_for_selector("html[lang=zh-Hans]")
    page.wait_for_selector(".presets")  # the token outlived the reload


@pytest.mark.parametrize("language", LANGUAGES)
def test_look_shows_the_numbers_of_the_command_line(
    open_page: Callable[..., Page], told: dict[int, dict[str, int]], language: str
) -> None:
    page = open_page("look", language=language)
    page.wait_for_selector("#begin")
    assert page.locator(".band").count() == 1
    page.select_option("#citizens", str(CITIZENS))
    page.fill("#days", str(DAYS))
    page.fill("#seed", str(SEED))
    assert page.locator("#begin").is_disabled()  # a guess comes first
    page.locator("input[name=refuses]").first.check()
    page.locator("#association").press("ArrowRight")
    page.locator("#begin").press("Enter")
    page.select_option("#speed", "null")
    wait_for_end(page, DAYS)
    page.wait_for_selector("#five-refused-1")
    for world, totals in told.items():
        for name, sums in COUNTED.items():
            assert seen(page, name, world) == sum(totals[one] for one in sums), (world, name)
    assert page.locator("#five-association-1").get_attribute("value") == str(told[1]["punished.association"])
    assert page.locator("#five-withheld-1").get_attribute("value") == str(told[1]["posts.withheld"])
    assert page.locator("#guessed").count() == 1
    assert "11" in page.locator("#guessed").inner_text()


def test_the_scrubber_goes_back_by_keyboard(
    open_page: Callable[..., Page], asked: Callable[..., Any], lived: str
) -> None:
    series = asked(f"worlds/{lived}")["series"]
    page = open_page(f"look/{lived}")
    page.wait_for_selector("#counter-refused-1")
    scrubber = page.locator("#scrubber")
    scrubber.press("Home")
    until(page, "document.querySelector('#date').textContent.includes('1 Jan')")
    assert seen(page, "refused", 1) == series["refused"][1][0]
    for _ in range(9):
        scrubber.press("ArrowRight")
    until(page, "document.querySelector('#date').textContent.includes('10 Jan')")
    assert seen(page, "listed", 0) == series["listed"][0][9]


def test_pause_and_one_day(open_page: Callable[..., Page], asked: Callable[..., Any]) -> None:
    made = asked(
        "worlds", {"preset": "classroom", "citizens": 1_000, "days": 60, "seed": 1, "pace": {"paused": True}}
    )
    page = open_page(f"look/{made['id']}")
    # the button can be pressed once the page knows that the world stands still
    until(page, "document.querySelector('#step')?.disabled === false")
    for days in (1, 2):
        page.locator("#step").press("Enter")
        until(
            page,
            f"document.querySelector('#scrubber').max === '{days - 1}'"
            " && !document.querySelector('#scrubber').disabled",
        )
    assert asked(f"worlds/{made['id']}")["day"] == 2
    page.locator("#pause").press("Enter")
    page.select_option("#speed", "null")
    wait_for_end(page, 60)


@pytest.mark.parametrize("by", ["province", "household"])
def test_the_table_counts_every_dot(open_page: Callable[..., Page], lived: str, by: str) -> None:
    page = open_page(f"look/{lived}")
    page.select_option("#by", by)
    page.wait_for_selector(".dots[data-renderer=webgl2] canvas")
    page.locator("details.twin summary").first.press("Enter")
    page.wait_for_selector("details.twin tbody tr")
    cells = page.locator("details.twin").first.locator("tbody tr td:nth-child(2) data")
    values = [int(cells.nth(k).get_attribute("value") or 0) for k in range(cells.count())]
    assert len(values) == 31
    assert sum(values) == CITIZENS


def inked(page: Page) -> int:
    """Return how many pixels of the first picture are not paper."""
    script = """async () => {
      const canvas = document.querySelector('.dots canvas');
      const copy = document.createElement('canvas');
      copy.width = canvas.width; copy.height = canvas.height;
      const pen = copy.getContext('2d');
      await new Promise(requestAnimationFrame);
      const shot = await createImageBitmap(canvas);
      pen.drawImage(shot, 0, 0);
      const seen = pen.getImageData(0, 0, copy.width, copy.height).data;
      let n = 0;
      for (let k = 0; k < seen.length; k += 4) n += seen[k + 2] < 235 && seen[k + 3] > 0;
      return n;
    }"""
    return page.evaluate(script)


def test_without_webgl_the_dots_are_drawn_all_the_same(open_page: Callable[..., Page], lived: str) -> None:
    page = open_page("start")
    page.evaluate(
        "() => { const get = HTMLCanvasElement.prototype.getContext;"
        " HTMLCanvasElement.prototype.getContext = function (kind, ...rest)"
        " { return kind === 'webgl2' ? null : get.call(this, kind, ...rest); }; }"
    )
    page.evaluate(f"location.hash = '#/look/{lived}'")
    page.wait_for_selector(".dots[data-renderer='2d'] canvas")
    page.wait_for_selector("#counter-refused-1")
    page.wait_for_timeout(300)
    assert inked(page) > CITIZENS


def test_a_rule_is_switched_off_a_number_moved_and_the_scheme_saved(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page("change?from=as-reported")
    assert "no such national score" in page.locator(".band").inner_text()
    page.locator("input[data-rule='rule.friends']").press(" ")
    page.wait_for_selector(".changes li")
    page.fill("#sought", "rule.games.points")
    field = page.locator("input[id='value-rule.games.points']")
    field.fill("-7")
    until(page, "document.querySelector('.changes').innerText.includes('-7')")
    with page.expect_download() as download:
        page.locator("#save").click()
    saved = tmp_path / "scheme.toml"
    download.value.save_as(saved)
    assert 'extends = "as-reported"' in saved.read_text("utf-8")
    assert guarded(cli, ["check", str(saved)]) == 0
    # and back in again, as a file and as a link
    other = open_page("change")
    other.set_input_files("#file", saved)
    until(other, "document.querySelector('.changes')?.innerText.includes('-7')")
    page.locator("#share").click()
    link = page.locator("#link").input_value()
    shared = open_page(link.split("#/")[1])
    until(shared, "document.querySelector('.changes')?.innerText.includes('-7')")
    assert page.locator(".changes li").count() == shared.locator(".changes li").count()


def test_a_number_beyond_its_bounds_gets_the_checkers_words(open_page: Callable[..., Page]) -> None:
    page = open_page("change?from=as-reported")
    page.fill("#sought", "behaviour.games.caught_share")
    page.locator("input[id='value-behaviour.games.caught_share']").fill("7")
    page.wait_for_selector(".findings li.error")
    assert "GH" in page.locator(".findings li.error").first.inner_text()
    assert page.locator("#live").is_disabled()
    assert page.locator("input[id='value-behaviour.games.caught_share']").input_value() == "7"


def test_a_changed_scheme_lives_after_a_guess(open_page: Callable[..., Page]) -> None:
    page = open_page("change?from=as-documented")
    page.wait_for_selector("#skip:not([disabled])")
    assert page.locator("#live").is_disabled()
    page.locator("input[name=refuses]").first.check()
    assert page.locator("#skip").count() == 0
    page.locator("#live").click()
    page.wait_for_url(re.compile("#/look/[^/]+$"))
    page.locator("#pause").click()
    page.wait_for_selector(".dots canvas")
    assert page.locator(".worldname").count() == 2


def test_words_with_markup_stay_text(open_page: Callable[..., Page], tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.toml"
    title = "<img src=x onerror=document.title='taken'></script>"
    hostile.write_text(
        f'glasshouse = 1\nextends = "classroom"\ntitle = "{title}"\n'
        'notice = "# Large\\n\\n**bold** <b>no</b> [link](javascript:alert(1)) ![picture](//example.org/x.png)"\n',
        "utf-8",
    )
    page = open_page("change")
    page.set_input_files("#file", hostile)
    until(page, "document.querySelector('.band')?.innerText.includes('onerror')")
    assert page.locator("main img").count() == 0
    band = page.locator(".band", has_text="bold")
    assert "**bold** <b>no</b> [link](javascript:alert(1))" in band.inner_text()
    assert band.locator("a, img, h1, b:not(:first-child)").count() == 0
    assert page.title() != "taken"


@pytest.mark.parametrize("language", LANGUAGES)
def test_meet_tells_a_life_beside_the_twins(
    open_page: Callable[..., Page], asked: Callable[..., Any], lived: str, language: str
) -> None:
    citizen = asked(f"worlds/{lived}/picks")["most_affected"]
    life = asked(f"worlds/{lived}/citizens/{citizen}")["life"]
    page = open_page(f"meet/{lived}/{citizen}", language=language)
    page.wait_for_selector(".who")
    assert str(life["who"]["age"]) in page.locator(".who").inner_text()
    assert life["parting"]["by"] in page.locator(".parting").inner_text()
    assert page.locator(".diary thead th").count() == 3
    assert page.locator(".diary li.alone").count() > 0
    page.locator(".ties a").first.press("Enter")
    until(page, f"!document.querySelector('h1').innerText.includes('{citizen}')")


def test_a_click_on_a_dot_meets_that_citizen(open_page: Callable[..., Page], lived: str) -> None:
    page = open_page(f"look/{lived}")
    page.wait_for_selector("#counter-refused-1")
    page.locator(".dots canvas").first.click(position={"x": 300, "y": 300})
    page.wait_for_url(re.compile(rf"#/meet/{lived}/\d+"))
    page.wait_for_selector(".who")


def test_export_gives_every_file(open_page: Callable[..., Page], lived: str, tmp_path: Path) -> None:
    page = open_page(f"export/{lived}")
    page.wait_for_selector(".downloads .button:not([disabled])")
    starts = {
        "report.html": b"<!doctype html>",
        "daily.csv": b"",
        "scenario.toml": b"",
        "command.txt": b"glasshouse ",
    }
    for name, start in starts.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=name).first.click()
        path = tmp_path / name
        download.value.save_as(path)
        assert path.stat().st_size > 40
        assert path.read_bytes().lower().startswith(start), name
    assert f"--seed={SEED}" in page.locator("pre.toml").inner_text()
    for kind, magic in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind).click()
        path = tmp_path / kind
        download.value.save_as(path)
        assert path.read_bytes().startswith(magic)


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("en", 1280),
        ("zh", 390),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in (("en", 390), ("zh", 1280))),
    ],
)
def test_every_screen_fits_and_axe_finds_nothing(
    open_page: Callable[..., Page], asked: Callable[..., Any], objections: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], Path], lived: str, language: str, width: int,
) -> None:  # fmt: skip
    citizen = asked(f"worlds/{lived}/picks")["most_affected"]
    screens = {
        "start": ("start", ".presets"),
        "guess": ("look", "#begin"),
        "look": (f"look/{lived}", "#five-refused-1"),
        "change": ("change?from=as-reported", ".group"),
        "meet": (f"meet/{lived}/{citizen}", ".diary"),
        "export": (f"export/{lived}", "pre.toml"),
    }
    found = []
    for name, (path, ready) in screens.items():
        page = open_page(path, width=width, language=language, bypass=True)
        page.wait_for_selector(ready)
        page.wait_for_timeout(400)
        shoot(page, f"{name}-{language}-{width}")
        found += [f"{name}: {one}" for one in objections(page)]
        found += [f"{name} is {wide(page)} pixels too wide"] if wide(page) > 0 else []
        page.context.close()
    assert found == []


def test_without_the_token_the_page_says_what_to_do(chromium: Any, studio: str) -> None:
    page = chromium.new_page()
    page.goto(studio.split("#", maxsplit=1)[0])
    page.wait_for_selector(".trouble")
    assert "#" in page.locator(".trouble").inner_text()
    page.close()
