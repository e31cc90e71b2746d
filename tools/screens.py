"""Make the two pictures of all screens of the studio that the README shows, from the pictures that the tests take.

Run by `make screens`, which needs Chromium: the tests open every screen at 1280 and at 390 pixels and keep a picture of
each in $GLASSHOUSE_SCREENSHOTS; here the English ones are laid side by side.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

HOME = Path(__file__).parents[1] / "docs" / "img"
SCREENS = {
    "start": "Start",
    "guess": "Look: a guess first",
    "look": "Look",
    "change": "Change",
    "meet": "Meet",
    "live-begin": "Live",
    "live-month": "Live: a month",
    "live-end": "Live: the end",
    "explain": "Explain",
    "export": "Export",
}
SHEETS = {1280: (3, 420, 300), 390: (5, 240, 430)}  # columns, and what is shown of each screen, in pixels
STYLE = """body{margin:12px;font:600 15px system-ui;color:#222;background:#fff;display:grid;gap:12px}
figure{margin:0}figcaption{padding:3px 0}img{display:block;object-fit:cover;object-position:top;border:1px solid #bbb}
"""


def sheet(folder: Path, width: int) -> str:
    """Return a page that lays the pictures of one width side by side."""
    columns, wide, high = SHEETS[width]
    cells = []
    for name, title in SCREENS.items():
        picture = folder / f"{name}-en-{width}.png"
        if not picture.is_file():
            raise SystemExit(f"glasshouse: {picture.name} is not there; run the tests of tests/studio first")
        source, size = picture.resolve().as_uri(), f"width:{wide}px;height:{high}px"
        cells.append(
            f"<figure><figcaption>{escape(title)}</figcaption><img src='{source}' style='{size}'></figure>"
        )
    grid = f"grid-template-columns:repeat({columns},{wide}px)"
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body style='{grid}'>{''.join(cells)}"


def main(folder: Path, browser: str) -> None:
    """Write docs/img/studio-1280.png and docs/img/studio-390.png."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for width, (columns, wide, _) in SHEETS.items():
            page = chromium.new_page(viewport={"width": columns * (wide + 14) + 24, "height": 400})
            laid = folder / f"sheet-{width}.html"
            laid.write_text(sheet(folder, width), encoding="utf-8")
            page.goto(laid.as_uri())
            page.screenshot(path=HOME / f"studio-{width}.png", full_page=True)
            print(f"glasshouse: wrote docs/img/studio-{width}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
