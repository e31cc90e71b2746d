"""The examples: they load, and what is said of the run of everybody is what its records say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.records.manifest import own_hash
from glasshouse.scenario.load import load

EXAMPLES = Path(__file__).parents[1] / "examples"
CHINA = EXAMPLES / "china"
SAID = (CHINA / "README.md").read_text(encoding="utf-8")


def read(name):
    return json.loads((CHINA / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.toml")), ids=lambda path: path.stem)
def test_an_example_loads(path):
    assert compile_plan(load(path).scenario, citizens=1_000, days=5).citizens == 1_000


def test_the_run_of_everybody_is_of_its_scenario_and_of_the_preset():
    manifest = read("manifest.json")
    plans = [compile_plan(load(one).scenario, seed=1, citizens=1_400_000_000, days=365)
             for one in (CHINA / "china.toml", "as-reported")]  # fmt: skip
    assert {plan_digest(plan) for plan in plans} == {manifest["scenario"]["plan_digest"]}
    assert (manifest["citizens"], manifest["days"], manifest["seed"]) == (1_400_000_000, 365, 1)


def test_its_records_agree_with_each_other_and_with_the_page():
    manifest, summary = read("manifest.json"), read("summary.json")
    assert manifest["blake2b"] == own_hash({k: v for k, v in manifest.items() if k != "blake2b"})
    assert len(manifest["day_digests"]) == 365
    assert manifest["digest"] in SAID
    assert manifest["digest"][:12] in (CHINA / "log.txt").read_text(encoding="utf-8")
    shown = SAID.split("## What it shows")[1]
    named = {int(one.replace(",", "")) for one in re.findall(r"\d{1,3}(?:,\d{3}){2,}", shown)}
    known = {*summary["totals"].values(), *summary["people"].values()}
    bulletin = (CHINA / "bulletin.txt").read_text(encoding="utf-8")
    known |= {int(one.replace(",", "")) for one in re.findall(r"[\d,]{9,}", bulletin)}
    assert named, "the page names figures"
    assert named <= known
