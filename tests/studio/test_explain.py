"""The offline tour: its numbers are those of the presets, its texts are whole, its pages ask for nothing."""

from __future__ import annotations

import importlib.util
import json
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from glasshouse.model.plan import compile_plan
from glasshouse.records.digest import plan_digest
from glasshouse.records.manifest import MODEL_VERSION
from glasshouse.scenario.load import load
from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded
from glasshouse.views.explain import pages, write_explainer
from glasshouse.views.explain.folder import INDEX, NUMBERS
from glasshouse.views.explain.lesson import findings
from glasshouse.views.explain.words import LANGUAGES, PLACE, filled, numbers, shown, steps, texts, tree

ROOT = Path(__file__).resolve().parents[2]
TWO_MB = 2 * 10**6


def _tool():
    spec = importlib.util.spec_from_file_location("explain", ROOT / "tools" / "explain.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _strings(part):
    if isinstance(part, dict):
        return [text for one in part.values() for text in _strings(one)]
    if isinstance(part, list):
        return [text for one in part for text in _strings(one)]
    return [part] if isinstance(part, str) else []


def _keys(part, path=""):
    if isinstance(part, dict):
        return [key for name, one in part.items() for key in _keys(one, f"{path}.{name}")]
    if isinstance(part, list):
        return [key for k, one in enumerate(part) for key in _keys(one, f"{path}[{k}]")]
    return [path]


# ---- the numbers


def test_the_numbers_are_of_this_model_and_of_the_presets_as_they_are():
    found = numbers()
    assert found["model_version"] == MODEL_VERSION, "run `make explain-numbers`"
    for name, one in found["worlds"].items():
        preset, _, rule = name.partition(" without ")
        loaded = load(preset, without=[rule] if rule else ())
        plan = compile_plan(
            loaded.scenario, citizens=found["citizens"], days=found["days"], seed=found["seeds"][-1]
        )
        assert plan_digest(plan) == one["plan_digest"], f"{name} has changed: run `make explain-numbers`"


def test_what_follows_from_the_presets_alone_is_worked_out_again():
    tool, values = _tool(), numbers()["values"]
    again = tool.arithmetic() | tool.evidence()
    assert {name: values[name] for name in again} == again


@pytest.mark.slow
def test_a_world_of_the_tour_lives_again_to_the_same_digest_and_numbers():
    from glasshouse.run import simulate

    tool, found = _tool(), numbers()
    run = simulate("as-documented", citizens=found["citizens"], days=found["days"], seed=found["seeds"][0])
    assert run.digest == found["worlds"]["as-documented"]["digests"][0]
    flows = dict(zip(run.flow_names, run.flows.sum(axis=0).tolist(), strict=True))
    value = found["values"]["record.documented"]
    assert value["low"] <= float(f"{tool.shut_out(flows):.4g}") <= value["high"]


def test_every_number_lies_between_its_ends():
    for name, one in numbers()["values"].items():
        assert one.get("low", one["value"]) <= one["value"] <= one.get("high", one["value"]), name


# ---- the texts


def test_both_languages_have_the_same_texts():
    for name in ("texts", "lesson"):
        assert sorted(_keys(tree(f"{name}.en.json"))) == sorted(_keys(tree(f"{name}.zh.json")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_in_a_text_is_a_number_that_there_is(language):
    words = texts(language)
    known = set(numbers()["values"])
    told = _strings([words["steps"], words["end"], tree(f"lesson.{language}.json")["plan"]])
    assert {found[1] for text in told for found in PLACE.finditer(text)} <= known
    assert len(words["steps"]) == len(steps()) == 8


def test_every_step_has_its_answer_its_words_and_its_command():
    for step in steps():
        assert {step["answer"], *(name for name, _ in step.get("others", ()))} <= set(numbers()["values"])
        command = step["command"].split()
        assert command[0] == "glasshouse"
        options = {flag for one in cli.commands[command[1]].params for flag in one.opts}
        assert {word for word in command if word.startswith("--")} <= options


def test_no_finding_holds_a_number_typed_by_hand():
    for language in LANGUAGES:
        for step in texts(language)["steps"].values():
            rest = re.sub(r"100,000|10 万|100", "", step["found"])  # of so many
            assert not re.search(r"\d", PLACE.sub("", rest))


def test_a_text_is_filled_with_numbers_for_people():
    assert shown(0) == "0"
    assert shown(61.128) == "61.1"
    assert shown(172_650.0) in {"172,600", "172,700"}
    assert filled("{no.such}") == "{no.such}"
    assert filled("{n} of {recovery.days}", {"n": "3"}) == "3 of 350"


# ---- the lesson


def test_the_teachers_page_is_made_from_the_numbers_and_current():
    made = _tool().page()
    assert (ROOT / "docs" / "lesson.md").read_text("utf-8") == made, "run `python tools/explain.py`"
    assert all(found in made for _, found, _ in findings("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lesson_takes_thirty_minutes_and_asks_every_question(language):
    parts = tree(f"lesson.{language}.json")["plan"]["parts"]
    ends = [tuple(map(int, re.findall(r"\d+", part["minutes"]))) for part in parts]
    assert (ends[0][0], ends[-1][1]) == (0, 30)
    assert all(one[1] == other[0] for one, other in pairwise(ends))
    assert [step for part in parts for step in part["steps"]] == [step["id"] for step in steps()]


# ---- the folder


def test_the_folder_is_small_and_asks_for_nothing():
    written = pages()
    assert set(written) == {INDEX, NUMBERS, "lesson.html", "lesson.zh.html"}
    assert sum(len(text.encode()) for text in written.values()) < TWO_MB
    for name, text in written.items():
        if name.endswith(".html"):
            assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
            assert set(re.findall(r'href="([^"#]*)', text)) - {""} <= set(written)
            assert "default-src 'none'" in text
            assert not re.search(r"\sstyle=|\son[a-z]+=\"", text)
            assert "$" not in re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)


def test_the_policy_lets_the_pages_own_script_and_style_pass_alone():
    text = pages()[INDEX]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    for tag, rule in (("style", "style-src"), ('script type="module"', "script-src")):
        inside = re.search(rf"<{tag}>(.*?)</{tag.split()[0]}>", text, re.DOTALL)[1]
        seal = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{rule} 'sha256-{seal}'" in policy
    assert "unsafe" not in policy
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    assert "<" not in data
    assert json.loads(data)["numbers"] == numbers()


def test_the_command_writes_the_folder_and_keeps_what_is_not_its_own(tmp_path, capsys):
    out = tmp_path / "tour"
    assert guarded(cli, ["explain", "-o", str(out)]) == 0
    assert "for teachers:" in capsys.readouterr().out
    assert sorted(one.name for one in out.iterdir()) == sorted(pages())
    (out / "mine.txt").write_text("mine")
    assert guarded(cli, ["explain", "-o", str(out)]) == 5
    assert "not empty" in capsys.readouterr().err
    assert guarded(cli, ["explain", "-o", str(out), "--replace", "--quiet"]) == 0
    assert (out / "mine.txt").read_text() == "mine"
    other = tmp_path / "site"
    other.mkdir()
    (other / INDEX).write_text("my own page")
    assert guarded(cli, ["explain", "-o", str(other), "--replace"]) == 5
    assert (other / INDEX).read_text() == "my own page"
    assert guarded(cli, ["explain"]) == 2


def test_the_files_are_the_same_whenever_they_are_written(tmp_path):
    write_explainer(tmp_path / "a")
    write_explainer(tmp_path / "b")
    for name in pages():
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
