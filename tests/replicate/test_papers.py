"""The papers: each agrees under a fixed seed, says what it leaves out, and differs when something is wrong."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from glasshouse.errors import InvariantError, UsageError
from glasshouse.replicate import (
    PAPERS,
    Replication,
    authority,
    chilling,
    crowd,
    dissent,
    lending,
    paper,
    replicate,
    watts,
)
from glasshouse.replicate.claim import equal, noted
from glasshouse.replicate.lives import SCENARIOS, scenario, settled, uncut_ties, world

IDS = [one.id for one in PAPERS]
NAMES = {
    *("damour-2020", "daymude-2025", "genevsky-2025", "granovetter-1978", "penney-2016", "watts-2002"),
    "wei-2016",
}


def test_there_are_seven_in_order_of_name():
    assert sorted(NAMES) == IDS


@pytest.mark.parametrize("one", PAPERS, ids=IDS)
def test_a_paper_says_what_it_leaves_out(one):
    assert one.left_out
    assert all(len(text) > 20 for text in (one.citation, one.question, one.setting, *one.left_out))


def test_every_scenario_belongs_to_a_paper_and_is_sound():
    used = {name for one in PAPERS for name in one.scenarios}
    assert used == {path.stem for path in SCENARIOS.glob("*.toml")}
    assert all(scenario(name).notice for name in used)


def test_an_unknown_paper_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="no paper of this name: wats-2002") as caught:
        paper("wats-2002")
    assert caught.value.help == "did you mean watts-2002?"


@pytest.mark.parametrize("name", ["damour-2020", "genevsky-2025", "granovetter-1978", "wei-2016"])
def test_a_quick_paper_agrees(name):
    found = replicate(name, seed=7)
    assert [row.what for row in found.rows if row.agrees is False] == []
    assert found.agrees
    assert any(row.by == "engine" and row.agrees for row in found.rows)


def test_watts_agrees_in_few_worlds(monkeypatch):
    monkeypatch.setattr(watts, "RUNS", 12)
    found = replicate("watts-2002", seed=1)
    assert [row.what for row in found.rows if row.agrees is False] == []


def test_daymude_agrees_in_one_run_each(monkeypatch):
    monkeypatch.setattr(dissent, "TRIALS", 1)
    monkeypatch.setattr(authority, "SHARES", 48)
    found = replicate("daymude-2025", seed=1)
    assert [row.what for row in found.rows if row.agrees is False] == []


def test_penney_agrees_after_few_halvings(monkeypatch):
    monkeypatch.setattr(chilling, "CITIZENS", 4_000)
    monkeypatch.setattr(chilling, "HALVINGS", 7)
    monkeypatch.setattr(chilling, "FRESH", 4)
    monkeypatch.setattr(chilling, "YEAR", 90)
    found = replicate("penney-2016", seed=1)
    assert [row.what for row in found.rows if row.agrees is False] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", IDS)
def test_every_paper_agrees_under_other_seeds(name):
    for seed in (2, 3):
        found = replicate(name, seed=seed)
        assert [row.what for row in found.rows if row.agrees is False] == []


# ---- what is wrong is seen


def test_another_chance_of_repayment_differs(monkeypatch):
    monkeypatch.setattr(lending, "ONE_CHANCE", (lending.REPAID[3],) * 7)
    found = replicate("damour-2020")
    assert not found.agrees
    assert found.differing >= 4


def test_a_crowd_that_acts_one_too_early_differs(monkeypatch):
    drawn = crowd.thresholds
    early = lambda plan: drawn(plan) if plan.citizens == 8 else [x + 1 for x in drawn(plan)]  # noqa: E731
    monkeypatch.setattr(crowd, "thresholds", early)
    assert replicate("granovetter-1978").differing == 1


def test_another_threshold_in_the_engine_differs(monkeypatch):
    monkeypatch.setattr(watts, "RUNS", 12)
    real = watts.scenario
    monkeypatch.setattr(
        watts, "scenario", lambda name, changes: real(name, changes | {"rule.friends.min_share": 0.3})
    )
    assert replicate("watts-2002").differing >= 3


def test_a_replication_of_notes_alone_does_not_agree():
    one = dataclasses.replace(PAPERS[0])
    assert not Replication(one, 1, (noted("x", "", 1),)).agrees
    assert Replication(one, 1, (equal("x", "", 1, 1),)).agrees
    assert Replication(one, 1, (equal("x", "", 1, 2), equal("y", "", 1, 1))).differing == 1


# ---- worlds


def test_a_world_without_seeds_is_settled_at_once():
    one = scenario("cascade", {"initial.score.weights": [1.0, 0.0]})
    assert settled(world(one, 1, citizens=500)) == [0, 0]


def test_a_world_that_goes_on_is_told():
    one = scenario("cascade", {"initial.score.weights": [0.99, 0.01]})
    with pytest.raises(InvariantError, match="flags still change after 1 days"):
        settled(world(one, 1, citizens=2_000, days=1))


def test_ties_before_any_cut_are_those_of_the_graph():
    engine = world(scenario("formation"), 1, citizens=400)
    low, high = uncut_ties(engine)
    owner = np.repeat(np.arange(400), np.diff(engine.plan.ties.indptr))
    due = {(int(a), int(b)) for a, b in zip(owner, engine.plan.ties.indices, strict=True) if a < b}
    assert set(zip(low.tolist(), high.tolist(), strict=True)) == due
    assert low.size == len(due)


def test_single_starts_begin_with_one():
    one = scenario("cascade")
    seeds = watts.single_starts(one, 10_000, 5)
    assert [settled(world(one, next(seeds), citizens=10_000))[0] for _ in range(3)] == [1, 1, 1]
