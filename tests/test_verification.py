"""The checks against formulas: the quick ones with a fixed seed, what they are made of, and two planted faults."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import json
import math
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from verification import mutants
from verification.analytic import __main__ as program
from verification.analytic.check import FALSE_ALARMS, LIMIT, MOST, Check, Finding, exact, of_count, of_share
from verification.analytic.collect import all_checks, as_tree, run
from verification.analytic.page import page

ROOT = Path(__file__).parents[1]
RESULTS = json.loads((ROOT / "verification" / "results" / "verify.json").read_text(encoding="utf-8"))
SMOKE = [one for one in all_checks() if one.smoke]


@pytest.mark.parametrize("check", SMOKE, ids=[one.name for one in SMOKE])
def test_quick_checks_hold(check):
    (outcome,) = run([check], seed=1)
    wrong = [one for one in outcome.findings if not one.passed()]
    assert outcome.passed, outcome.broke or wrong


# ---- what they are made of


def test_there_are_enough_checks_with_stable_names():
    names = [one.name for one in all_checks()]
    assert len(names) >= 45
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert len(SMOKE) >= 20


def test_the_results_are_of_these_checks_and_keep_the_false_alarm_rate():
    """`make verify` writes them anew; findings that rest on chance must stay within what the limit allows for."""
    assert [one["name"] for one in RESULTS["checks"]] == [one.name for one in all_checks()]
    assert RESULTS["passed"]
    by_chance = sum(finding["error"] > 0 for one in RESULTS["checks"] for finding in one["findings"])
    assert 100 < by_chance <= MOST
    assert math.erfc(LIMIT / math.sqrt(2)) * MOST <= FALSE_ALARMS


@pytest.mark.parametrize(
    ("finding", "passed"),
    [
        (exact("equal", 3, 3), True),
        (exact("not equal", 3, 3 + 1e-9), False),
        (of_share("as expected", 0.5, 5_100, 10_000), True),  # 2 standard errors
        (of_share("too many", 0.5, 5_300, 10_000), False),  # 6
        (of_count("as expected", 100.0, 120), True),  # 2
        (of_count("too few", 100.0, 40), False),  # 6
        (Finding("no number", 1.0, math.nan, 1.0), False),
        (Finding("no error", 1.0, 1.0, math.nan), True),  # equal whatever the error
        (Finding("no error", 1.0, 2.0, math.nan), False),
    ],
)
def test_a_finding_passes_within_the_limit(finding, passed):
    assert finding.passed() is passed


def failing(_: int) -> list[Finding]:
    return [exact("one and two", 1, 2), of_share("half", 0.5, 50, 100, at=1.0)]


def breaking(_: int) -> list[Finding]:
    raise ZeroDivisionError("nothing is left")


def checked(function) -> Check:
    return Check(f"made-{function.__name__}", "library", "1 = 2", "a <setting>", "nowhere", function)


def test_what_breaks_or_compares_nothing_has_failed():
    outcomes = run([checked(failing), checked(breaking), checked(lambda _: [])], seed=1)
    assert [one.passed for one in outcomes] == [False, False, False]
    assert outcomes[1].broke == "ZeroDivisionError: nothing is left"


def test_the_page_shows_what_fails_and_nothing_active():
    text = page(as_tree(run([checked(failing), checked(breaking)], seed=7), 7))
    assert "2 of 2 checks fail" in text
    assert "nothing is left" in text
    assert "a &lt;setting&gt;" in text
    assert "<script" not in text
    assert "differs" in text


@pytest.mark.parametrize(("function", "code"), [(failing, 6), (lambda _: [exact("one", 1, 1)], 0)])
def test_the_program_ends_with_6_when_a_check_fails(function, code, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(program, "all_checks", lambda: [checked(function)])
    monkeypatch.setattr(sys, "argv", ["verification.analytic", "-o", str(tmp_path), "--seed", "5"])
    assert program.main() == code
    assert json.loads((tmp_path / "verify.json").read_text())["passed"] is (code == 0)
    assert (tmp_path / "verify.html").exists()
    assert ("FAILS" in capsys.readouterr().out) is (code == 6)


def test_a_check_that_does_not_exist_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["verification.analytic", "--only", "no-such-check"])
    assert program.main() == 2
    assert "no check is called no-such-check" in capsys.readouterr().err


def test_the_page_of_evidence_is_made_from_the_results():
    spec = importlib.util.spec_from_file_location("evidence", ROOT / "tools" / "evidence.py")
    evidence = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(evidence)
    assert evidence.page() == evidence.PAGE.read_text(encoding="utf-8"), "run `make evidence`"
    assert {one["name"] for one in evidence.results("mutants")["faults"]} == {
        one.name for one in mutants.MUTANTS
    }


# ---- planted faults


@pytest.mark.parametrize("name", ["low-a-point-early", "decided-a-day-early"])
def test_a_planted_fault_is_noticed(name):
    (mutant,) = (one for one in mutants.MUTANTS if one.name == name)
    assert not mutants.sound([mutant])
    assert set(mutants.noticed(mutant)) == {name for name, _ in mutant.noticed_by}


def test_every_planted_fault_has_its_place_in_the_source():
    for mutant in mutants.MUTANTS:
        path = ROOT / "src" / Path(*mutant.module.split(".")).with_suffix(".py")
        changed = mutants.with_fault(mutant, path.read_text(encoding="utf-8"))
        assert not unknown_names(changed), mutant.name
        assert not (mutant.compiled and "kernels" in mutant.module)


def unknown_names(source):
    """The names that a module reads and neither it nor Python has."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [one for one in nodes if isinstance(one, ast.Name)]
    known = {one.id for one in names if not isinstance(one.ctx, ast.Load)} | set(dir(builtins))
    known |= {one.name for one in nodes if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    known |= {one.arg for one in nodes if isinstance(one, ast.arg)}
    known |= {one.asname or one.name for one in nodes if isinstance(one, ast.alias)}
    return {one.id for one in names} - known


def test_a_fault_that_breaks_on_its_own_text_is_not_noticed():
    assert unknown_names("import os\ndef f(a):\n    b = os\n    return len(a) + b + gone") == {"gone"}
    assert mutants.is_slip("NameError: name 'gone' is not defined")
    assert mutants.is_slip("TypingError: Failed in nopython mode pipeline")
    assert not mutants.is_slip("InvariantError: day 2: score_sum in province 23 is -3")


def test_a_fault_without_its_place_is_told():
    moved = mutants.Mutant("moved", "", "glasshouse.streams", [("no such text", "x")], [])
    with pytest.raises(ValueError, match="moved: 0 places"):
        mutants.with_fault(moved, "def event(): ...")
