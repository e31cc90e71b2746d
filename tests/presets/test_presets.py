"""The nine presets: they load, say what they are, cite what they use, and hold the same people."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from glasshouse.scenario.load import load, presets

DOCS = Path(__file__).parents[2] / "docs" / "presets.md"
IDS = (
    "no-scheme",
    "as-reported",
    "as-documented",
    "court-list",
    "rongcheng",
    "suining-2010",
    "sesame-2015",
    "rewards-only",
    "classroom",
)
OTHERS = tuple(preset for preset in IDS if preset not in ("no-scheme", "classroom"))
HABITS = (
    "kind",
    "per_day",
    "doer_share",
    "classes",
    "activity_cv",
    "min_age",
    "max_age",
    "male_multiplier",
    "rural_multiplier",
    "online",
    "chat",
    "restrained",
)

loaded = cache(load)


def rows():
    """Return the cells of the table in docs/presets.md, by preset."""
    found = re.findall(r"^\| \[`([^`]+)`\]\(#([^)]+)\) \|(.*)\|$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert all(preset == anchor for preset, anchor, _ in found)
    return {preset: [cell.strip() for cell in cells.split("|")] for preset, _, cells in found}


def test_the_package_has_the_documented_presets_sorted_by_id():
    assert [info.id for info in presets()] == sorted(IDS)


def test_the_page_tells_of_each_in_one_order():
    sections = re.findall(r"^## (\S+)$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert list(rows()) == sections == list(IDS)


@pytest.mark.parametrize("preset", IDS)
def test_the_page_gives_the_scale_of_the_score(preset):
    score, told = loaded(preset).scenario.score, rows()[preset][1].replace(",", "")
    numbers = [int(number) for number in re.findall(r"\d+", told)]
    if score is None:
        assert told == "none"
    elif score.kind == "weighted":
        assert numbers == [score.floor_points, score.ceiling_points]
    else:
        assert numbers == [score.floor_points, score.ceiling_points, score.base_points]


@pytest.mark.parametrize("preset", IDS)
def test_a_preset_says_what_it_is_and_what_it_is_not(preset):
    here = loaded(preset)
    scenario = here.scenario
    assert here.name == preset
    assert scenario.title
    assert scenario.summary.endswith(".")
    assert scenario.limits
    assert all(limit.endswith(".") for limit in scenario.limits)
    assert not scenario.notice or scenario.notice.endswith(".")
    [info] = [info for info in presets() if info.id == preset]
    assert (info.title, info.summary, info.notice) == (scenario.title, scenario.summary, scenario.notice)


def test_the_press_version_carries_its_notice():
    assert "no such national score exists" in loaded("as-reported").scenario.notice
    assert "no such national score exists" in DOCS.read_text("utf-8").lower()


@pytest.mark.parametrize("preset", IDS)
def test_every_file_cites_its_numbers_and_uses_its_sources(preset):
    tree = tomllib.loads(loaded(preset).text)
    assert tree["strict_sources"] is True
    assert loaded(preset).scenario.strict_sources
    named = set(re.findall(r'\bsource = "([^"]+)"', loaded(preset).text))
    for key, source in tree.get("source", {}).items():
        # A date carries no evidence: its source says in the locator which table it is for.
        for_a_date = any(f"[{table}]" in source.get("locator", "") for table in tree)
        assert key in named or for_a_date, f"{preset}: nothing rests on [source.{key}]"
        assert source["title"], f"{preset}: [source.{key}] has no title"
        assert {"author", "date", "url"} & set(source), f"{preset}: [source.{key}] cannot be found again"


@pytest.mark.parametrize("preset", OTHERS)
def test_the_same_people_live_in_every_preset(preset):
    here, base = loaded(preset).scenario, loaded("no-scheme").scenario
    assert here.society == base.society
    assert (here.circle, here.ring, here.graph) == (base.circle, base.ring, base.graph)


@pytest.mark.parametrize("preset", OTHERS)
def test_the_same_people_have_the_same_habits(preset):
    here, base = loaded(preset).scenario, loaded("no-scheme").scenario
    for key, behaviour in base.behaviour.items():
        for name in HABITS:
            assert getattr(here.behaviour[key], name) == getattr(behaviour, name), f"{preset}: {key}.{name}"
    for mode in ("plane", "high_speed_rail", "rail"):
        ours, theirs = getattr(here.travel, mode), getattr(base.travel, mode)
        for name in ("requests_per_day", "traveller_share", "activity_cv", "min_age", "max_age"):
            assert getattr(ours, name) == getattr(theirs, name), f"{preset}: {mode}.{name}"


def test_nothing_is_seen_or_closed_without_a_scheme():
    scenario = loaded("no-scheme").scenario
    assert (scenario.score, scenario.police, scenario.redress, scenario.company) == (None,) * 4
    assert (scenario.rule, scenario.list, scenario.initial.listed_share) == ({}, {}, {})
    assert all(platform.passed_on_share == 0 for platform in scenario.platform.values())
    checks = (scenario.identity.new_line, scenario.identity.renewal, scenario.identity.login)
    assert [check.check for check in checks] == ["none"] * 3
    for key, behaviour in scenario.behaviour.items():
        assert not behaviour.seen_on, key
        assert not behaviour.seen_share, key
        assert behaviour.false_alarm_per_day == 0, key
        assert behaviour.removed_share == 0, key
    assert scenario.learn.restraint == "none"
