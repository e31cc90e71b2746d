"""The line that Glasshouse does not cross: no way in for real people, and no result without its notice.

[INTENDED_USE.md](../INTENDED_USE.md) says why. A change that makes one of these fail is not merged.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest

import glasshouse as gh
from glasshouse.calibrate import question as calibration
from glasshouse.errors import RefusedError, ScenarioError
from glasshouse.life import live_again
from glasshouse.life.telling import refuse_small
from glasshouse.records.manifest import LINE
from glasshouse.scenario.json_schema import scenario_json_schema
from glasshouse.scenario.load import PRESETS, load
from glasshouse.scenario.schema import Scenario
from glasshouse.society import population
from glasshouse.society.population import compile_population
from glasshouse.streams import private
from glasshouse.verify import verify
from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded

# ---- no function, option or field takes people, their records, faces or words

# Words of which a parameter's name may not be made: what someone would bring along to score a real person.
PEOPLE = {
    *(
        "account",
        "accounts",
        "address",
        "addresses",
        "camera",
        "case",
        "cases",
        "classifier",
        "csv",
        "database",
    ),
    *(
        "edge",
        "edges",
        "edgelist",
        "email",
        "face",
        "faces",
        "fingerprint",
        "image",
        "images",
        "initial",
        "keyword",
    ),
    *(
        "keywords",
        "lat",
        "lon",
        "mobile",
        "names",
        "passport",
        "patient",
        "person",
        "persons",
        "phone",
        "photo",
    ),
    *(
        "photos",
        "prompt",
        "pupil",
        "regex",
        "register",
        "resident",
        "residents",
        "roster",
        "state",
        "suspect",
    ),
    *("table", "template", "user", "users", "username", "voice", "wordlist", "words"),
}
ASKED = [getattr(gh, name) for name in gh.__all__ if inspect.isfunction(getattr(gh, name))]


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", name.lower()))


@pytest.mark.parametrize("asked", [*ASKED, verify, live_again, calibration], ids=lambda one: one.__qualname__)
def test_no_public_function_takes_people_or_their_records(asked):
    signature = inspect.signature(asked)
    kinds = {one.kind for one in signature.parameters.values()}
    assert inspect.Parameter.VAR_KEYWORD not in kinds  # what is not named is refused
    assert not [name for name in signature.parameters if _words(name) & PEOPLE]


def test_the_public_functions_are_these():
    assert {one.__name__ for one in ASKED} == {
        "assess",
        "attribute",
        "compare",
        "harm",
        "load",
        "presets",
        "resume",
        "simulate",
    }


@pytest.mark.parametrize(
    "given",
    [
        {"initial_state": [[1, 2, 3]]},
        {"state": {"score": [500]}},
        {"population": []},
        {"people": "people.csv"},
        {"records": []},
        {"scores": [1]},
        {"ties": [(0, 1)]},
    ],
    ids=lambda given: next(iter(given)),
)
@pytest.mark.parametrize("asked", [gh.simulate, gh.load], ids=["simulate", "load"])
def test_there_is_no_such_parameter(asked, given):
    with pytest.raises(TypeError, match=next(iter(given))):
        asked("classroom", **given)


@pytest.mark.parametrize(
    "given", [[{"name": "x"}], {"citizens": [1]}, b"x", 4711], ids=["rows", "dict", "bytes", "int"]
)
def test_a_scenario_is_a_preset_or_a_file_and_never_a_table(given):
    with pytest.raises((TypeError, AttributeError, gh.GlasshouseError)):
        gh.simulate(given, citizens=1_000, days=1)


def test_no_option_takes_people_or_their_records():
    options = [(name, one) for name, command in cli.commands.items() for one in command.params]
    assert not [
        (name, one.name)
        for name, one in options
        if isinstance(one, click.Option) and _words(" ".join([*one.opts, one.name])) & PEOPLE
    ]
    arguments = {one.name for _, one in options if isinstance(one, click.Argument)}
    assert arguments == {"base", "citizen", "file", "folder", "paper", "scenario", "variant"}


def _names(schema, seen):
    """Yield every property name of a JSON Schema."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                seen.update(value)
            _names(value, seen)
    elif isinstance(schema, list):
        for one in schema:
            _names(one, seen)
    return seen


def test_no_field_of_a_scenario_takes_people_faces_or_words_to_look_for():
    names = _names(scenario_json_schema(), set())
    assert "false_non_match_share" in names  # the walk comes everywhere
    taken = {
        name for name in names if _words(name.replace("_", " ")) & (PEOPLE | {"pattern", "patterns", "words"})
    }
    assert taken == {"initial"}  # shares on a list and start scores by class, of nobody in particular


def test_what_a_scenario_says_of_day_0_is_shares_and_classes():
    schema = scenario_json_schema()["$defs"]
    assert set(schema["Initial"]["properties"]) == {"listed_below_points", "listed_share", "score"}
    assert set(schema["InitialScore"]["properties"]) == {"class_of", "points", "spread_points", "weights"}
    assert (
        json.dumps(schema["InitialScore"]).count('"maxItems": 16') >= 3
    )  # classes, not a row for each person


def test_a_friend_graph_is_drawn_never_given():
    fields = set(scenario_json_schema()["$defs"]["Graph"]["properties"])
    assert fields == {
        "kind",
        "mean_friends",
        "k",
        "rewired_share",
        "m",
        "within_share",
        "degrees",
        "degree_shares",
    }


def test_groups_are_a_to_h_and_firms_domestic_or_foreign(tmp_path):
    assert scenario_json_schema()["$defs"]["Platform"]["properties"]["kind"]["enum"] == [
        "domestic",
        "foreign",
    ]
    for label in ("i", "A", "north", "1", "believers"):
        path = tmp_path / "town.toml"
        path.write_text(
            f'glasshouse = 1\ntitle = "t"\n[society]\ngroup_shares = {{ "{label}" = 1.0 }}\n',
            encoding="utf-8",
        )
        with pytest.raises(ScenarioError, match="group_shares"):
            load(path)


@pytest.mark.parametrize(
    "line",
    [
        'keywords = ["x"]',
        'regex = ".*"',
        'word_list = ["x"]',
        'classifier = "x"',
        'phone = "x"',
        'face_images = ["x"]',
        "edges = [[0, 1]]",
    ],
)
def test_a_scenario_that_brings_them_is_refused_with_the_reason(tmp_path, capsys, line):
    path = tmp_path / "town.toml"
    text = (
        f'glasshouse = 1\ntitle = "t"\n[society]\n[behaviour.posts]\nkind = "speech"\nper_day = 0.1\n{line}\n'
    )
    path.write_text(text, encoding="utf-8")
    assert guarded(cli, ["check", str(path)]) == 4
    told = capsys.readouterr()
    assert "GH50" in told.out + told.err
    assert "synthetic" in told.out + told.err


def test_nothing_reads_a_table_or_a_picture_from_outside():
    """Only published aggregates, and the census and the like of the package itself, are read as tables."""
    package = importlib.import_module("glasshouse")
    readers = re.compile(
        r"read_csv|csv\.reader|DictReader|read_table|imread|\bPIL\b|cv2|face_recognition|sklearn|openai"
    )
    found = set()
    for module in pkgutil.walk_packages(package.__path__, "glasshouse."):
        spec = importlib.util.find_spec(module.name)
        if spec and spec.origin and readers.search(Path(spec.origin).read_text(encoding="utf-8")):
            found.add(module.name)
    assert found <= {
        "glasshouse.calibrate.series",  # published aggregates: a closed list, cells of at least 10, sources
        "glasshouse.compare.folder",  # its own table of effects, of one schema: totals by place
        "glasshouse.records.reader",  # files that the manifest of a run names
        "glasshouse.society.activity",  # data of the package
        "glasshouse.society.population",
        "glasshouse.views.report.published",
    }


# ---- citizens are a pure function of scenario, seed and index

TRAITS = ("province", "group", "age", "male", "rural", "online", "member")
CITIZENS = 10_000


def _traits(people, i):
    return [int(getattr(people, trait)(i)) for trait in TRAITS]


@cache
def _people(preset="as-reported", seed=7, citizens=CITIZENS):
    return compile_population(load(preset).scenario, citizens, seed)


def test_a_citizen_is_the_same_in_whatever_order_one_asks():
    asked = [0, 1, 63, 64, 4711, CITIZENS - 1]
    forward = {i: _traits(_people(), i) for i in asked}
    people = _people.__wrapped__()  # made anew
    assert {i: _traits(people, i) for i in reversed(range(CITIZENS)) if i in forward} == forward


def test_a_citizen_is_the_same_in_another_process():
    code = (
        "import json; from glasshouse.scenario.load import load\n"
        "from glasshouse.society.population import compile_population as make\n"
        f"p = make(load('as-reported').scenario, {CITIZENS}, 7)\n"
        f"print(json.dumps([[int(getattr(p, t)(i)) for t in {TRAITS}] for i in (4711, 3, 9999)]))"
    )
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert json.loads(done.stdout) == [_traits(_people(), i) for i in (4711, 3, 9999)]


def test_a_citizen_is_nobody_without_seed_and_index():
    """Another seed gives other people, another number of citizens the same draws; nothing else goes in."""
    assert [_traits(_people(seed=8), i) for i in range(200)] != [_traits(_people(), i) for i in range(200)]
    smaller = _people(citizens=2_000)
    same = [trait for trait in TRAITS if trait != "province"]  # provinces are ranges of ids
    for i in range(0, 2_000, 97):
        assert [getattr(smaller, t)(i) for t in same] == [getattr(_people(), t)(i) for t in same]
    assert list(inspect.signature(private).parameters) == ["seed", "decision", "citizen", "day", "index"]
    fields = set(population.Population.__slots__)
    assert not [name for name in fields if _words(name.replace("_", " ")) & (PEOPLE - {"names"})]


def test_two_worlds_of_the_presets_hold_the_same_people():
    base = _people("no-scheme")
    for name in ("as-reported", "as-documented", "court-list"):
        other = _people(name)
        for i in range(0, CITIZENS, 997):
            assert _traits(other, i)[:-1] == _traits(base, i)[:-1]  # whether one is scored is the scheme's


# ---- nothing about single citizens from a handful; every output says what it is


@pytest.mark.parametrize("citizens", [1, 50, 999])
def test_no_life_is_told_of_a_household_or_an_office(citizens):
    with pytest.raises(RefusedError, match="at least 1,000"):
        refuse_small(citizens)


def test_a_life_is_told_from_a_thousand_on():
    refuse_small(1_000)


def test_every_output_says_that_the_society_is_synthetic(tmp_path, capsys):
    folder = tmp_path / "run"
    arguments = [
        "run",
        "as-reported",
        "-o",
        str(folder),
        "--citizens",
        "1000",
        "--days",
        "3",
        "--threads",
        "1",
    ]
    assert guarded(cli, arguments) == 0
    assert "In this synthetic society of 1,000 citizens" in capsys.readouterr().out
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["line"] == LINE
    assert "this synthetic society" in LINE
    assert "synthetic society" in (folder / "bulletin.txt").read_text(encoding="utf-8")
    assert guarded(cli, ["report", str(folder)]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert re.search(r"In this synthetic society of 1\W000 citizens", page)
    assert "no such national score exists" in page.lower()
    capsys.readouterr()
    assert guarded(cli, ["life", str(folder), "4", "--threads", "1"]) == 0
    assert "synthetic citizen" in capsys.readouterr().out


def test_the_press_version_says_so_wherever_it_is_shown(capsys):
    assert "no such national score exists" in load("as-reported").scenario.notice.lower()
    assert guarded(cli, ["presets"]) == 0
    assert "no such national score exists" in " ".join(capsys.readouterr().out.lower().split())


def test_every_preset_speaks_of_nobody_real():
    assert Scenario.model_config["extra"] == "forbid"
    for path in PRESETS.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        keys = re.findall(r"^\[(?:platform|company|society)\.?([^\]]*)\]", text, re.MULTILINE)
        assert not [
            key for key in keys if re.search(r"tencent|wechat|alibaba|huawei|apple|google|zoom", key)
        ], path
