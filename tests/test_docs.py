"""What the pages say is what the program does: generated pages are current, names are all there, paths exist."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import click
import pytest

from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.model.stocks import stock_names
from glasshouse.records.catalogue import FLOWS, STOCKS
from glasshouse.records.measures import TOTALS, describe
from glasshouse.scenario.assumptions import number_at
from glasshouse.scenario.explain import CODES
from glasshouse.scenario.json_schema import scenario_json_schema
from glasshouse.scenario.load import PRESETS, load
from glasshouse.views.cli import cli

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *ROOT.glob("[a-z]*/README.md")])
IDS = sorted(path.stem for path in PRESETS.glob("*.toml"))


def _script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _made_pages():
    return _script("reference").PAGES


def _text(*names: str) -> str:
    return "\n".join((DOCS / name).read_text(encoding="utf-8") for name in names)


@pytest.mark.parametrize("name", ["options.md", "scenario.md", "measures.md", "diagnostics.md"])
def test_a_page_made_from_the_program_is_current(name):
    made = _made_pages()
    assert name in made
    assert made[name]() == _text(name), "run `make reference`"


def test_the_most_influential_assumptions_on_the_page_of_presets_are_those_that_were_found():
    made = _script("assumptions")
    results = json.loads(made.RESULTS.read_text(encoding="utf-8"))
    assert list(results["presets"]) == IDS
    assert made.page(_text("presets.md"), results) == _text("presets.md"), "run tools/assumptions.py"
    for preset, one in results["presets"].items():
        assert one is None or all(
            number_at(load(preset).scenario, rank["path"]) == rank["value"] for rank in one["ranking"]
        )


# ---- every name of the program stands in a page


def test_every_preset_has_its_section():
    text = _text("presets.md")
    assert not [one for one in IDS if f"\n## {one}\n" not in text or f"[`{one}`](#{one})" not in text]
    assert len(IDS) == 9


@pytest.mark.parametrize("preset", IDS)
def test_the_scale_in_the_table_of_presets_is_the_presets(preset):
    row = next(line for line in _text("presets.md").splitlines() if line.startswith(f"| [`{preset}`]"))
    told, scenario = row.split("|")[3].strip(), load(preset).scenario
    if scenario.score is None:
        assert told == "none"
    else:
        assert told.startswith(f"{scenario.score.floor_points:,} to {scenario.score.ceiling_points:,}")
        assert "from" not in told or f" from {scenario.score.base_points:,}" in told
    closed = any(one.closes for one in scenario.list.values() if not one.disabled)
    assert closed == bool(re.search("planes|trains", row.split("|")[4]))


def test_every_command_and_option_is_told():
    told, full = _text("cli.md"), _text("options.md")
    missing = [name for name in cli.commands if f"`{name}" not in told or f"\n## `{name}`\n" not in full]
    for name, command in cli.commands.items():
        part = full.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]
        options = [one for one in command.params if isinstance(one, click.Option)]
        missing += [f"{name} {flag}" for one in options for flag in one.opts if f"`{flag}`" not in part]
        missing += [f"{name} {one.name}: no help" for one in options if not one.help]
    assert not missing


def test_every_option_named_in_the_guide_exists():
    known = {flag for command in cli.commands.values() for one in command.params for flag in one.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _text("cli.md")))
    assert named <= known | {"--help", "--version"}


def test_every_diagnostic_code_is_told_once():
    text = _text("diagnostics.md")
    assert not [code for code in CODES if text.count(f"| `{code}` |") != 1]


def test_every_measure_and_total_is_told():
    text = _text("measures.md")
    assert not [name for name in (*FLOWS, *STOCKS, *TOTALS) if f"| `{name}` |" not in text]


@pytest.mark.parametrize("preset", IDS)
def test_every_count_of_a_preset_has_words(preset):
    plan = compile_plan(load(preset).scenario, citizens=1_000, days=1)
    assert [describe(name, "flow") for name in flow_names(plan)]
    assert [describe(name, "stock") for name in stock_names(plan)]


def test_every_field_of_the_language_has_words():
    schema, text = scenario_json_schema(), _text("scenario.md")
    for table in (schema, *schema["$defs"].values()):
        for name, field in table.get("properties", {}).items():
            assert "description" in field or "$ref" in field, name
            assert re.search(rf"\| `{name}` \||\[[^\]]*{name}[\].]", text), name


def test_every_origin_and_evidence_grade_is_in_the_glossary():
    text = _text("glossary.md")
    for word in ("own", "false", "association", "representation", "identity"):
        assert f"`{word}`" in text
    for word in ("documented", "reported", "derived", "assumed"):
        assert f"`{word}`" in text


def test_the_glossary_is_sorted_and_says_each_word_once():
    words = re.findall(r"^\| ([a-z][^|]*?) \|", _text("glossary.md"), re.MULTILINE)[1:]
    assert len(set(words)) == len(words)
    assert words == sorted(words, key=str.casefold)


# ---- what pages name exists

NAMED = re.compile(r"`([\w./*-]+(?:/|\.(?:py|toml|csv|json|md|txt|html|in)))`")
WRITTEN = {  # files of runs and of the demo, or of the reader's own
    *("bulletin.parquet", "bulletin.txt", "comparison.json", "daily.parquet", "manifest.json", "report.html"),
    *("audit.csv", "audit.parquet", "harm.json", "judged.csv", "judged.parquet"),
    *("recovery.csv", "recovery.parquet", "assessment.csv", "assessment.json", "assessment.parquet"),
    *("calibration.csv", "calibration.json", "calibration.parquet"),
    *("sensitivity.csv", "sensitivity.json", "sensitivity.parquet"),
    *(
        "attribution.csv",
        "attribution.json",
        "checkpoint/",
        "checkpoint-DAY.json",
        "command.txt",
        "daily.csv",
        "scenario.toml",
        "scores.parquet",
        "summary.json",
        "demo/",
        "DIR/report.html",
        "DIR/effects.parquet",
        "DIR/effects.csv",
        "effects.parquet",
        "effects.csv",
        "town.toml",
    ),
}
UNDER = ("", "src/glasshouse/", "src/glasshouse/records/", "docs/")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_that_a_page_names_exists(page):
    places = [*(ROOT / under for under in UNDER), page.parent]
    lost = {
        name
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
        if name not in WRITTEN and not any(any(place.glob(name.rstrip("/"))) for place in places)
    }
    assert not lost


OUTSIDE = {"tests/", "verification/", "benchmarks/", "tools/"}


def test_the_tree_in_the_architecture_is_the_tree():
    block = _text("architecture.md").partition("```\nsrc/glasshouse/\n")[2].partition("```")[0]
    named = set(re.findall(r"(?:^|  )(\w+(?:\.py|/))  ", block, re.MULTILINE)) - OUTSIDE
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "src" / "glasshouse").iterdir()
        if not path.name.startswith(("__pycache__", "__main__")) and path.name != "py.typed"
    }
    assert named == there


def test_the_layers_in_the_architecture_are_those_that_are_checked():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    checked = [re.findall(r"\w+", layer) for layer in contracts[0]["layers"]]
    listed = re.findall(r"^\d\. (.+)$", _text("architecture.md"), re.MULTILINE)
    assert [re.findall(r"`(\w+)`", line) for line in listed] == checked


def test_every_target_named_exists_and_is_explained():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", pages, re.MULTILINE)) <= targets
    assert set(re.findall(r"\n## .+(?:\n## .+)*\n([a-z-]+):", text)) >= targets - {"requirements"}


def test_the_exit_codes_are_the_same_on_both_pages_and_in_the_program():
    from glasshouse import errors

    family = [one for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "exit_code")]
    text = _text("architecture.md")
    assert not [one for one in family if f"| {one.exit_code} | `{one.__name__}` |" not in text]
    assert all(f"\n| {code} |" in _text("cli.md") for code in range(7))


def test_every_version_in_the_changelog_says_what_became_of_results():
    parts = re.split(r"^## \[", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1:]
    assert parts
    assert not [part.split("]")[0] for part in parts if "Results change:" not in part]
