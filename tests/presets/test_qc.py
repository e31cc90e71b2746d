"""The presets against a second transcription of their sources, made without looking at them.

`qc/<id>.toml` holds `[[fact]]` tables. A fact names a field by `path` (dotted; the elements of an array by number
or by name, `*` for all of them) or the entries of a table by `find` (field = value, an array = it holds all these,
`{ between = [low, high] }`, `words` = a pattern in id or label, `has` = fields that are given). It expects one of
`equals`, `between`, `present`, `absent` (with `some = true` one match of a `*` is enough), or `count_at_least` and
`count_at_most` entries. A `grade` says how well the number is known: the preset may claim less, not more, unless
it names a source with an address, an author or a date.
"""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from functools import cache
from math import isclose
from pathlib import Path

import pytest

from glasshouse.scenario.evidence import GRADES, STRUCTURAL
from glasshouse.scenario.load import load

QC = Path(__file__).parent / "qc"
IDS = (
    "as-documented",
    "as-reported",
    "classroom",
    "court-list",
    "no-scheme",
    "rewards-only",
    "rongcheng",
    "sesame-2015",
    "suining-2010",
)
EXPECTATIONS = ("equals", "between", "present", "absent")
KEYS = {
    *EXPECTATIONS,
    "path",
    "find",
    "field",
    "some",
    "count_at_least",
    "count_at_most",
    "grade",
    "source",
    "why",
}
MISSING = object()

loaded = cache(load)


@cache
def facts(preset):
    return tomllib.loads((QC / f"{preset}.toml").read_text("utf-8"))["fact"]


def missing(value):
    return value is MISSING or value is None or (isinstance(value, (dict, tuple)) and not value)


def children(value):
    """Return the named parts of a table, map or array."""
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, tuple):
        return {str(index): item for index, item in enumerate(value)}
    fields = getattr(type(value), "model_fields", {})
    return {name: getattr(value, name) for name in fields}


def resolve(value, path, at=()):
    """Return (path with numbers for names, value) of everything that `path` stands for."""
    if not path:
        return [(".".join(at), value)]
    head, parts = path[0], children(value)
    if head == "*":
        found = [resolve(item, path[1:], (*at, key)) for key, item in parts.items()]
        return [pair for pairs in found for pair in pairs]
    if head not in parts and isinstance(value, tuple):
        head = next((key for key, item in parts.items() if getattr(item, "name", None) == head), head)
    if head not in parts:
        return [(".".join((*at, *path)), MISSING)]
    return resolve(parts[head], path[1:], (*at, head))


def same(value, wanted):
    """Compare a value of the scenario with one of a fact."""
    if isinstance(wanted, dict):
        low, high = wanted["between"]
        return not missing(value) and low <= value <= high
    if isinstance(wanted, list):
        return isinstance(value, tuple) and set(wanted) <= set(value)
    if isinstance(wanted, float) and isinstance(value, (int, float)):
        return isclose(value, wanted, rel_tol=1e-9)
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def meets(value, fact):
    """Return whether one value is as the fact expects."""
    if "absent" in fact:
        return missing(value)
    if "present" in fact:
        return not missing(value)
    if missing(value):
        return False
    if "between" in fact:
        return same(value, {"between": fact["between"]})
    wanted = fact["equals"]
    return list(value) == wanted if isinstance(wanted, list) else same(value, wanted)


def matches(key, entry, find):
    """Return whether an entry of a table is one that `find` looks for."""
    words = f"{key} {getattr(entry, 'label', '')} {getattr(entry, 'behaviour', '')}".lower()
    wanted = {name: item for name, item in find.items() if name not in ("table", "words", "has")}
    return (
        re.search(find.get("words", ""), words) is not None
        and all(not missing(getattr(entry, name)) for name in find.get("has", ()))
        and all(same(getattr(entry, name), item) for name, item in wanted.items())
    )


def evidence_of(preset, path):
    """Return what a number rests on; an array may carry one evidence for all its elements."""
    found = loaded(preset).evidence
    while path and path not in found and path.rpartition(".")[2].isdigit():
        path = path.rpartition(".")[0]
    return found.get(path)


def too_sure(preset, path, grade):
    """Return why the grade of a number is better than the sources allow, or None."""
    held = evidence_of(preset, path)
    if held is None or held.grade is None:
        return f"{path} carries no evidence; {grade} at best"
    if GRADES.index(held.grade) >= GRADES.index(grade):
        return None
    source = loaded(preset).scenario.source.get(held.source or "")
    if source is not None and (source.url or source.author or source.date):
        return None
    return f"{path} is called {held.grade} without a source; {grade} at best"


def check(preset, fact):
    """Return the disagreements of a preset with one fact, as lines."""
    scenario = loaded(preset).scenario
    if "path" in fact:
        found = resolve(scenario, fact["path"].split("."))
        good = [meets(value, fact) for _, value in found]
        holds = any(good) if fact.get("some") else all(good) and bool(good)
        numbers = [path for (path, _), fine in zip(found, good, strict=True) if fine]
        what, shown = fact["path"], {path: "nothing" if missing(value) else value for path, value in found}
    else:
        find = fact["find"]
        [(table, entries)] = resolve(scenario, find["table"].split("."))
        hits = [key for key, entry in children(entries).items() if matches(key, entry, find)]
        holds = fact.get("count_at_least", 0) <= len(hits) <= fact.get("count_at_most", len(hits))
        numbers = [f"{table}.{key}.{fact['field']}" for key in hits] if "field" in fact else []
        what, shown = str(find), hits
    expected = {key: fact[key] for key in (*EXPECTATIONS, "count_at_least", "count_at_most") if key in fact}
    if not holds:
        return [f"{preset}: {what}: expected {expected}, found {shown} ({fact['why']} {fact['source']})"]
    if "grade" not in fact:
        return []
    return [f"{preset}: {line}" for path in numbers if (line := too_sure(preset, path, fact["grade"]))]


def test_every_preset_has_its_second_transcription():
    assert sorted(path.stem for path in QC.glob("*.toml")) == list(IDS)
    assert {preset: len(facts(preset)) for preset in IDS if len(facts(preset)) < 5} == {}


@pytest.mark.parametrize("preset", IDS)
def test_facts_are_well_formed(preset):
    for fact in facts(preset):
        assert set(fact) <= KEYS, fact
        assert fact["source"], fact
        assert fact["why"].endswith("."), fact
        assert fact.get("grade", "assumed") in GRADES, fact
        if "path" in fact:
            assert len([key for key in EXPECTATIONS if key in fact]) == 1, fact
            assert not {"find", "field", "count_at_least", "count_at_most"} & set(fact), fact
        else:
            assert {"count_at_least", "count_at_most"} & set(fact), fact
            assert not {*EXPECTATIONS, "some"} & set(fact), fact
            assert ("grade" in fact) == ("field" in fact), fact
        assert fact.get("present", True) is True, fact
        assert fact.get("absent", True) is True, fact


@pytest.mark.parametrize("preset", IDS)
def test_a_preset_agrees_with_every_fact(preset):
    verdicts = [check(preset, fact) for fact in facts(preset)]
    assert len(verdicts) == (QC / f"{preset}.toml").read_text("utf-8").count("[[fact]]")
    lines = [line for verdict in verdicts for line in verdict]
    assert not lines, "\n" + "\n".join(lines)


@pytest.mark.parametrize("preset", IDS)
def test_documented_numbers_have_a_source_and_assumed_ones_a_range_around_them(preset):
    here = loaded(preset)
    for path, exact in here.exact.items():
        if path in STRUCTURAL:
            continue
        held = evidence_of(preset, path)
        assert held is not None, f"{preset}: {path} carries no evidence"
        assert held.grade in GRADES, f"{preset}: {path} has no grade"
        if held.grade == "assumed":
            assert held.range is not None, f"{preset}: {path} is assumed without a range"
            low, high = held.range
            assert low <= Fraction(exact) <= high, f"{preset}: {path} = {exact} lies outside {low} to {high}"
        else:
            assert held.source in here.scenario.source, f"{preset}: {path} is {held.grade} without a source"


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        ({"path": "score", "present": True}, "found {'score': 'nothing'}"),
        ({"path": "society.citizens", "between": [1, 2]}, "expected {'between': [1, 2]}"),
        ({"path": "society.age_from.*", "equals": 0}, "'society.age_from.0': 0"),
        ({"path": "society.height", "equals": 0}, "nothing"),
        ({"path": "society.days", "equals": 365, "grade": "derived"}, "carries no evidence"),
        ({"find": {"table": "behaviour"}, "count_at_most": 0}, "expected {'count_at_most': 0}"),
        ({"find": {"table": "list", "closes": ["plane"]}, "count_at_least": 1}, "found []"),
    ],
)
def test_the_comparer_sees_what_is_wrong(fact, line):
    [found] = check("no-scheme", {**fact, "source": "a test", "why": "To be wrong."})
    assert found.startswith("no-scheme: ")
    assert line in found
