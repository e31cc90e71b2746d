"""Oracle and kernels are equal uncompiled, too, where coverage sees every branch of the model.

Small societies, few days: everything here also runs compiled, where it costs little.
"""

from __future__ import annotations

import datetime as dt
import importlib
from dataclasses import replace
from fractions import Fraction

import numba
import numpy as np
import pytest
from scenarios import EVERYTHING, GRAPHS, compare, everything, plan_of, same_cells, same_world, with_rare
from test_equal import VARIANTS, with_weights

from glasshouse import streams
from glasshouse.errors import ScenarioError
from glasshouse.model import day, kernels
from glasshouse.model import part as part_module
from glasshouse.model.engine import Engine
from glasshouse.model.kernels import ties
from glasshouse.model.kernels.people import province_of
from glasshouse.model.layout import PAGE
from glasshouse.model.oracle import World
from glasshouse.model.pack import pack, padded, record
from glasshouse.model.plan_decisions import Decisions
from glasshouse.model.plan_learn import optimal_act
from glasshouse.model.state import State
from glasshouse.model.warm import apart, main, warm_up

pytestmark = pytest.mark.jit_off

FEW = 30
ALSO = {
    "no members",
    "nothing learned from friends",
    "nothing learned from chats",
    "no restraint",
}  # no branch of their own


def test_everything_at_once_after_every_phase():
    compare(plan_of(EVERYTHING, citizens=FEW, days=3))


def test_everything_at_once():
    compare(plan_of(EVERYTHING, citizens=60, days=14), phases=())


def test_other_luck_and_vacant_places():
    plan = plan_of(EVERYTHING, citizens=70, days=16, seed=4)
    vacant = tuple(range(2, 70, 9))  # in both blocks
    fired = compare(replace(plan, mirrored=True, vacant=vacant), phases=())
    assert fired["punished_days"] > 0


def test_provinces_are_found_on_both_sides_of_a_border():
    plan = plan_of(EVERYTHING, citizens=10_000)
    tables, people = pack(plan)[0], plan.population
    for border in people.province_start[1:-1]:
        for i in (border - 1, border):
            assert province_of(tables, i) == people.province(i)


def test_what_crossed_on_the_last_day():
    engine = Engine(plan_of(EVERYTHING, citizens=FEW, days=6), threads=1)
    assert engine.crossings().size == 0
    found = []
    for _ in range(6):
        engine.step()
        found.append(engine.crossings().size)
    assert sum(found) > 0


MORE = {
    "nobody is restrained": everything(behaviour={k: {"restrained": False} for k in EVERYTHING["behaviour"]}),
    "no tie is cut": everything(ties={"cut_share": 0.0}),
    "a list is off": everything(list={"late": {"disabled": True}}),
    "everybody is old enough": everything(score={"min_age": 0}),
    "nobody is old enough": everything(score={"min_age": 100}),
    "no recovery, no decay": everything(score={"recovery_points": 0, "decay_points": 0}),
    "one length of detention": everything(police={"detention_days": [3], "detention_shares": [1.0]}),
    "weighted, without ties": with_weights(circle=None, ring=None),
    "weighted, always the base": with_weights(
        score={
            "base_points": 650,
            "factor": {"same": {"weight": 1.0}, **dict.fromkeys(("friends", "means", "none", "record"))},
        }
    ),
    "weights beyond 1 are clamped": with_weights(
        score={"factor": {"same": {"weight": 1.0, "levels": [1.0]}}}
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_more_variants(name):
    compare(plan_of(MORE[name], citizens=FEW, days=13), phases=())


def test_companies_of_a_society_of_one_group():
    firms = {"company": {"companies_per_citizen": 0.5, "default_per_day": 0.3, "performed_per_day": 0.2}}
    tables = {k: EVERYTHING[k] for k in ("glasshouse", "title")} | firms | {"society": {"citizens": FEW}}
    assert compare(plan_of(tables, citizens=FEW, days=6), phases=())["entered.companies"] > 0


def test_draws_in_the_byte_of_a_threshold():
    """Screening lets a whole byte through; the full draw decides."""
    cards = {"forged_share": 0.004, "login": {"check": "id"}, "offline_days": 1}
    tables = {k: EVERYTHING[k] for k in ("glasshouse", "title", "society")} | {"identity": cards}
    assert compare(plan_of(tables, citizens=130, days=10, seed=3), phases=())["failed_checks.id"] > 0


def test_a_failed_check_never_shortens_a_longer_spell():
    plan = plan_of(everything(identity={"new_line": {"per_day": 1.0}, "forged_share": 1.0}), citizens=FEW)
    engine, world = Engine(plan, threads=1), World(plan)
    engine = with_rare(engine, "offline", [9] * FEW)
    for state in world.states:
        state.offline = 9
    engine.stocks = engine.census()
    world.step()
    counts = engine.step()
    same_cells(engine.flow_names, counts.flows, world.flows, "day 0")
    same_world(engine, world, "day 0")
    assert set(engine.columns["offline"][:FEW].tolist()) == {8}


@pytest.mark.skipif(not numba.config.DISABLE_JIT, reason="compiled code has its constants inside")
@pytest.mark.parametrize(("rows", "size"), [("OUT_ROWS", day.ROOM), ("ID_ROWS", 256)])
def test_an_outbox_that_is_full_is_emptied_between_blocks(monkeypatch, rows, size):
    monkeypatch.setattr(day, rows, size)
    compare(plan_of(EVERYTHING, citizens=600, days=2), phases=(), threads=2, chunk_quads=2)


@pytest.mark.parametrize(
    "name", [name for name in VARIANTS if not name.startswith("graph") and name not in ALSO]
)
def test_variants(name):
    compare(plan_of(VARIANTS[name], citizens=FEW, days=13), phases=())


def test_a_graph():
    graph = {"kind": "erdos-renyi", **GRAPHS["erdos-renyi"]}
    compare(plan_of(everything(graph=graph), citizens=FEW, days=6), phases=())


def test_parts_come_to_the_same_bits():
    """With a 1st among the days, so that ties are cut across the borders."""
    society = {"start_date": dt.date(2019, 1, 30), "citizens": 520, "days": 4}
    compare(plan_of(everything(society=society, ties={"cut_share": 0.5})), phases=(), parts=3, threads=2)


def test_the_pages_grow_when_there_are_not_enough(monkeypatch):
    monkeypatch.setattr(State, "_fresh_pages", lambda _, n: np.zeros(n, PAGE).view(np.recarray))
    compare(plan_of(EVERYTHING, citizens=300, days=1), phases=())


@pytest.mark.parametrize("citizens", [1, 2, 65])
def test_other_sizes(citizens):
    compare(plan_of(EVERYTHING, citizens=citizens, days=5), phases=(), threads=2)


def test_two_months_with_ties_cut():
    society = {"start_date": dt.date(2019, 1, 30), "citizens": 30, "days": 33}
    tables = everything(society=society, ties={"cut_share": 0.5})
    assert compare(plan_of(tables), phases=())["ties_cut"] > 0


def test_scores_by_province():
    """The histogram of scores holds every member once, whatever the scheme."""
    for tables in (EVERYTHING, with_weights(), everything(score=None, rule=None, initial=None)):
        engine = Engine(plan_of(tables, citizens=FEW), threads=1)
        engine.step()
        members = engine.stocks[..., engine.stock_names.index("members")].sum()
        assert engine.score_histogram().sum() == members


def test_looking_at_a_world():
    """What a life is replayed from: rows, degrees, the inbox of one citizen."""
    engine = Engine(plan_of(EVERYTHING, citizens=FEW), threads=1)
    for _ in range(3):
        engine.step()
    columns = engine.columns
    assert all(engine.row(7)[name] == column[7] for name, column in columns.items())
    assert len(engine.all_columns) == len(columns) + len(engine.company)
    assert all(engine.all_columns[name] is array for name, array in engine.company.items())
    assert engine.degree(7) > 0
    assert engine.state_bytes() > engine.states[0].nbytes()
    letters = engine.inbox()
    assert len(letters) > 0
    target = int(letters[0, 1])
    assert np.array_equal(engine.inbox(target), letters[letters[:, 1] == target])


def test_warming_up():
    warm_up()
    apart()
    assert main() == 0


def test_days_without_checks():
    engine = Engine(plan_of(EVERYTHING, citizens=FEW), threads=1, checks=False)
    assert engine.step().flows.any()


def test_many_look_ups_at_once(monkeypatch):
    """From FEW look-ups on the parallel twins are called; here always."""
    monkeypatch.setattr(part_module, "FEW", 0)
    monkeypatch.setattr(part_module, "BATCH", 5)
    compare(plan_of(EVERYTHING, citizens=FEW, days=14), phases=())


# ---- what is refused, and what no scenario reaches


def test_two_decisions_with_one_id_are_refused(monkeypatch):
    ids = Decisions()
    monkeypatch.setattr(streams, "decision_id", lambda _: 4711)
    ids("behaviour.a:act")
    with pytest.raises(ScenarioError) as raised:
        ids("behaviour.b:act")
    assert [d.code for d in raised.value.diagnostics] == ["GH211"]


def test_too_large_tables_are_refused():
    with pytest.raises(ValueError, match="33 rules, at most 32"):
        record(rules=[[0] * 5] * 33)
    with pytest.raises(ValueError, match="9 entries, at most 8"):
        padded([0] * 9, 8)


def test_no_tie_is_cut_where_ties_are_never_cut():
    engine = Engine(plan_of(everything(ties={"cut_share": 0.0}), citizens=FEW), threads=1)
    assert not ties.is_cut(engine.tables[0], 0, 1, 0xFFF, 0xFFF, 12)


def test_under_full_surveillance_only_the_bold_act():
    desire, tolerance, severity = Fraction(1, 2), Fraction(1, 4), Fraction(3, 5)
    for boldness, act in ((Fraction(1), desire), (Fraction(1, 2), tolerance)):
        assert optimal_act(desire, boldness, Fraction(1), tolerance, severity, proportional=True) == act


def test_the_oracle_can_be_looked_at():
    world = World(plan_of(EVERYTHING, citizens=FEW))
    world.run(2)
    assert world.total("acts.games") > 0
    columns = world.columns()
    result = world.step(3)
    assert set(result.columns()) == columns.keys() - {"company_until", "company_ever"}
    assert world.columns() == columns
    assert world.t == 2
    result.count_at(world, 0, "nothing", 1)
    result.count_at(world, 0, "nothing", -1)
    assert not any(name == "nothing" for name, _, _ in result.flows)
    assert World(plan_of(everything(company=None), citizens=2)).representatives == []


# ---- where compiled code is kept


def test_the_cache_folder_is_private_or_temporary(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = kernels.cache_folder()
    assert folder.is_relative_to(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(kernels.os, "access", lambda *_: False)
    assert not kernels.cache_folder().is_relative_to(tmp_path / "cache")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert kernels.cache_folder().name.startswith("glasshouse-kernels-")


@pytest.mark.parametrize("chosen", ["", "elsewhere"])
def test_a_cache_folder_of_ones_own_is_left_alone(monkeypatch, tmp_path, chosen):
    monkeypatch.setenv("NUMBA_CACHE_DIR", chosen)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "as it was")
    importlib.reload(kernels)
    assert (numba.config.CACHE_DIR == "as it was") == bool(chosen)


@pytest.mark.parametrize("fewer", [0, 1])
def test_a_day_leaves_the_number_of_threads_as_it_was(fewer):
    there_are = numba.get_num_threads()
    engine = Engine(plan_of(EVERYTHING, citizens=FEW), threads=max(1, there_are - fewer))
    assert engine.step().flows.any()
    assert numba.get_num_threads() == there_are
