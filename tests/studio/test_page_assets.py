"""The built page: what is committed is what the sources give, and nothing in it comes from elsewhere."""

from __future__ import annotations

import filecmp
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "studio"
BUILT = ROOT / "src" / "glasshouse" / "views" / "studio" / "assets"


def test_the_page_has_no_inline_script_or_style_and_names_no_other_host() -> None:
    page = (BUILT / "index.html").read_text("utf-8")
    assert '<script type="module" crossorigin src="/assets/studio.js"></script>' in page
    assert re.findall(r"<style|style=|onload=|https?://", page) == []


def test_styles_ask_for_nothing_from_elsewhere() -> None:
    style = (BUILT / "studio.css").read_text("utf-8")
    assert style
    assert re.findall(r"@import|url\(\s*[\"']?(?!data:)\S+", style) == []


def test_the_page_is_small() -> None:
    assert sum(path.stat().st_size for path in BUILT.iterdir()) < 512_000


def test_the_lock_file_names_no_registry() -> None:
    lock = (SOURCES / "package-lock.json").read_text("utf-8")
    assert '"integrity": "sha512-' in lock
    assert re.findall(r'"resolved"|https?://registry', lock) == []


def test_a_build_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    if shutil.which("npm") is None or not (SOURCES / "node_modules").is_dir():
        pytest.skip("no npm, or its packages are not in studio/; `make studio-assets` builds and compares")
    copy = tmp_path / "another" / "studio"
    shutil.copytree(SOURCES, copy, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
    explained = Path("src/glasshouse/views/explain")  # the tour is shared with `glasshouse explain`
    shutil.copytree(ROOT / explained, tmp_path / "another" / explained)
    (copy / "node_modules").symlink_to(SOURCES / "node_modules")
    subprocess.run(
        ["npm", "run", "--silent", "build"], cwd=copy, check=True, timeout=120, capture_output=True
    )
    again = tmp_path / "another" / "src" / "glasshouse" / "views" / "studio" / "assets"
    names = sorted(path.name for path in BUILT.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert filecmp.cmpfiles(BUILT, again, names, shallow=False) == (names, [], [])
