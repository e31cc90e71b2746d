"""Texts of the page: the languages say the same things, with the same numbers in them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

TEXTS = Path(__file__).parents[2] / "studio" / "src" / "texts"
PARTS = sorted(path.name.removesuffix("en.json") for path in TEXTS.glob("*en.json"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def flat(part: dict[str, object], path: str = "") -> dict[str, str]:
    """Return texts by their dotted keys."""
    out: dict[str, str] = {}
    for key, value in part.items():
        out |= flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": str(value)}
    return out


def texts(part: str, language: str) -> dict[str, str]:
    """Return the texts of a part in a language."""
    return flat(json.loads((TEXTS / f"{part}{language}.json").read_text("utf-8")))


def slots(text: str) -> set[str]:
    """Return the names of what is filled in; the choice between one and several words fills nothing in."""
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("part", PARTS)
def test_every_english_text_has_a_chinese_one_with_the_same_slots(part: str) -> None:
    english, chinese = texts(part, "en"), texts(part, "zh")
    assert english
    assert sorted(set(english) - set(chinese)) == []
    assert [key for key in english if slots(english[key]) != slots(chinese[key])] == []


@pytest.mark.parametrize("part", PARTS)
def test_chinese_texts_are_chinese(part: str) -> None:
    plain = {"app.name"}
    left = [
        key for key, text in texts(part, "zh").items() if text and not HAN.search(text) and key not in plain
    ]
    assert left == []


def test_every_key_that_the_page_asks_for_has_a_text() -> None:
    known = {key for part in PARTS for key in texts(part, "en")}
    sources = [*TEXTS.parent.rglob("*.svelte"), *TEXTS.parent.rglob("*.ts")]
    asked = {key for path in sources for key in re.findall(r"\bt\('([\w.]+)'", path.read_text("utf-8"))}
    assert asked
    assert sorted(asked - known) == []


def test_presets_labels_and_notices_have_chinese_words() -> None:
    from glasshouse.scenario.load import load, presets

    chinese = texts("", "zh")
    for one in presets():
        assert f"preset.{one.id}.title" in chinese
        assert f"preset.{one.id}.summary" in chinese
        scenario = load(one.id).scenario
        tables = (scenario.rule, scenario.list, scenario.behaviour)
        said = [scenario.notice, *(entry.label for table in tables for entry in table.values())]
        assert [words for words in said if words and f"said.{words}" not in chinese] == []
