"""The benchmarks do not rot: W means the same in NumPy and in Glasshouse, and the tables are made from what was run."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

from glasshouse.model.day import PHASES
from glasshouse.model.plan import compile_plan
from glasshouse.run import simulate
from glasshouse.scenario.load import load
from glasshouse.verify import oracle_digest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
PEERS = BENCHMARKS / "peers"
CITIZENS, DAYS, WORLDS = 20_000, 8, 24


@pytest.fixture
def peers(monkeypatch):
    """Import a module of the two folders, which are no packages."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.syspath_prepend(str(PEERS))
    return importlib.import_module


@pytest.fixture
def reference(peers):
    """A small reference of W."""
    return peers("reference").reference(CITIZENS, DAYS, WORLDS)


def lived(peers, monkeypatch, capsys, name, citizens, seed):
    """Return the report of a program that lives W here."""
    monkeypatch.setattr(sys, "argv", [name, str(citizens), str(DAYS), "2", str(seed)])
    peers("program").live(name, peers(f"with_{name}").World)
    return json.loads(capsys.readouterr().out)


def test_w_is_the_same_in_numpy_and_in_glasshouse(peers, monkeypatch, capsys, reference):
    worst = peers("agreement").worst
    for name, citizens in (("numpy", 100_000), ("glasshouse", 200_000)):
        runs = [lived(peers, monkeypatch, capsys, name, citizens, seed) for seed in (1, 2)]
        assert worst(runs, reference)[0] <= peers("agreement").ALLOWED


def test_the_oracle_lives_w_to_the_digest_of_the_kernels():
    plan = compile_plan(load(PEERS / "w.toml").scenario, citizens=600, days=12)
    assert oracle_digest(plan) == simulate(PEERS / "w.toml", citizens=600, days=12).digest


def test_another_model_is_told_from_w(peers, monkeypatch, capsys, reference):
    monkeypatch.setattr(peers("with_numpy"), "REWARD", 8)
    runs = [lived(peers, monkeypatch, capsys, "numpy", 400_000, seed) for seed in (1, 2)]
    errors, where = peers("agreement").worst(runs, reference)
    assert errors > peers("agreement").ALLOWED
    assert where.startswith("mean")


def report(citizens, seconds, threads, reference):
    """Return the report of a run whose counts are those of the first world of the reference."""
    times = citizens // CITIZENS
    return {
        "version": "1",
        "citizens": citizens,
        "threads": threads,
        "day_s": [9.0] + [seconds] * (DAYS - 1),
        "processor_s": [9.0] + [seconds * threads] * (DAYS - 1),
        "listed": [x * times for x in reference["listed"][0]],
        "refused": [x * times for x in reference["refused"][0]],
        "mean": reference["mean"][0],
        "bytes": 50 * citizens,
    }


def test_the_table_has_speeds_ratios_and_reasons(peers, reference):
    table = peers("table")
    given = {
        "glasshouse": (0.1, 0.2, 0.4),
        "numpy": (2.0, 2.0, 2.0),
        "c-push": (0.05, 0.1, 0.2),
    }
    lines = [
        table.line(name, [report(CITIZENS, s, 1, reference) for s in seconds], reference)
        for name, seconds in given.items()
    ]
    assert [round(one.median) for one in lines] == [CITIZENS * 5, CITIZENS // 2, CITIZENS * 10]
    assert [round(one.best) for one in lines] == [CITIZENS * 10, CITIZENS // 2, CITIZENS * 20]
    assert [table.ratio(lines, one) for one in lines] == pytest.approx([1, 10, 0.5])
    machine, missing = {"runs": 3}, {"mesa": "does not install on Python 2.7"}
    page = table.markdown(lines, missing, machine, reference)
    assert "| numpy (1) | 1 | 20,000 | 0.01 | 0.01 | 0.01 | 10 × | 50 |" in page
    assert "does not install on Python 2.7 |" in page
    assert "10 times as fast as the fastest Python peer" in page
    assert "0.5 times as fast as the C program that pushes" in page
    assert len({line.count("|") for line in page.splitlines() if line.startswith("|")}) == 1
    assert json.loads(json.dumps(table.plain(lines, missing, machine)))["missing"] == missing


def test_a_program_that_does_not_live_w_is_marked(peers, reference):
    wrong = report(CITIZENS * 100, 1.0, 1, reference) | {"refused": [10**6] * DAYS}
    line = peers("table").line("numpy", [wrong], reference)
    assert not line.agrees
    assert "another model" in peers("table").row([line], line)


def test_a_program_that_fails_is_left_out_with_the_reason(peers, monkeypatch, reference):
    run = peers("run")

    def lived(command, threads):
        if command[0] == "mesa":
            raise run.MissingError("fails: no memory")
        return report(CITIZENS, 1.0, threads, reference)

    monkeypatch.setattr(run, "lived", lived)
    programs = [one for one in run.PROGRAMS if one.name in {"mesa", "numpy"}]
    missing = {}
    commands = {"mesa": ["mesa"], "numpy": ["numpy"]}
    runs, loads = run.side_by_side(run.arguments(["--runs", "2"]), programs, commands, missing)
    assert missing == {"mesa": "fails: no memory"}
    assert {key: len(found) for key, found in runs.items()} == {("numpy", 1): 2}
    assert len(loads) == 3


def test_the_reason_of_pip_is_one_line_without_addresses(peers):
    errors = (
        "WARNING: file:x is ignored\nERROR: No matching distribution for mesa==3.5.1 (from versions: 1, 2)\n"
    )
    assert peers("environments").reason(errors) == "No matching distribution for mesa==3.5.1"
    assert peers("environments").reason("") == "pip ended with an error"


def test_every_program_has_its_source_and_its_pins(peers):
    programs = {one.name for one in peers("run").PROGRAMS}
    written = {path.stem.removeprefix("with_") for path in PEERS.glob("with_*.py")}
    pinned = {path.stem for path in (PEERS / "requirements").glob("*.txt")}
    assert written == {name for name in programs if not name.startswith("c-")}
    assert pinned == written - {"glasshouse"}
    for path in (PEERS / "requirements").glob("*.txt"):
        assert all("==" in line for line in path.read_text().splitlines())


# ---- ceilings


def test_every_phase_of_a_day_is_timed_once(peers):
    found = dict(peers("phases").costs("classroom", 1_000))
    assert list(found) == ["the sieve", *PHASES[:-1], f"{PHASES[-1]}, evening"]
    assert sum(found.values()) > 0


def test_floors_are_what_bytes_and_draws_take(peers):
    ceilings = peers("ceilings")
    plan = compile_plan(load(PEERS / "w.toml").scenario, citizens=1_000, days=1)
    assert (
        sum(ceilings.bytes_by_phase(plan).values()) == 8
    )  # all ten but those of allowances and of risk, score twice
    draws = ceilings.draws_by_phase(plan)["the sieve"]
    assert 0.1 < draws < 0.3
    at_most = {"copy": 8e9, "philox": 1e9}
    measured = iter([("the sieve", 1e-6), ("score", 5e-6), ("act", 1e-6)])
    sieve, score, act, day = ceilings.fractions(plan, measured, at_most)
    assert sieve["floor_ns"] == pytest.approx(draws)
    assert score["floor_ns"] == pytest.approx(0.5)
    assert (sieve["reached"], score["reached"], act["reached"]) == pytest.approx((draws, 0.1, None))
    assert day["reached"] == pytest.approx((1 + draws) / 7)
    assert "| score | 5.00 | 4 | 0 | 0.50 | 10% |" in ceilings.markdown({}, {1: at_most}, [score])


def test_ceilings_are_measured(peers):
    found = peers("ceilings").copied(1, 1)
    assert set(found) <= set(peers("ceilings").UNITS)
    assert all(value > 1e6 for value in found.values())
    assert peers("ceilings").copied_by_numpy(1) > 1e6
    assert peers("ceilings").draws_per_s(1, 10_000) > 1e5
