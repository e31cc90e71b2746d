"""Rows in pages: they run out and are given back, they are read back as they were, for a whole and for parts."""

from __future__ import annotations

import datetime as dt

import numba
import numpy as np
import pytest
from scenarios import EVERYTHING, Saved, everything, plan_of

from glasshouse.model.engine import Engine
from glasshouse.model.kernels import pages, settle
from glasshouse.model.kernels.scratch import FREE_PAGES, make_scratch
from glasshouse.model.layout import PAGE_ROWS
from glasshouse.model.state import State, untouched
from glasshouse.society.columns import RARE

pytestmark = pytest.mark.jit_off
SOCIETY = {"start_date": dt.date(2019, 1, 30), "citizens": 520, "days": 6}


def refusing_once(monkeypatch, module):
    """Have the workers of a kernel ask for pages once more than they need to."""
    asked = []

    def has_pages(s):
        asked.append(s)
        return len(asked) > 1 and pages.has_pages(s)

    monkeypatch.setattr(module, "has_pages", has_pages)
    return asked


class Lived:
    """A society after five days, what is seen of it then, and its sixth day; uncompiled that takes a while."""

    def __init__(self):
        engine = Engine(plan_of(everything(society=SOCIETY)), threads=2)
        for _ in range(5):
            engine.step()
        self.plan, self.saved = engine.plan, Saved(engine)
        self.columns = {name: column.copy() for name, column in engine.columns.items()}
        self.rows = {i: engine.row(i) for i in (0, 255, 256, 519)}
        self.noted = engine.states[0].noted.copy()
        self.flows = engine.step().flows
        self.pending = engine.pending().tolist()

    def again(self, threads=1, parts=1):
        return Engine.restored(self.plan, self.saved.numbers, self.saved, threads, 1, parts)


@pytest.fixture(scope="module")
def lived():
    return Lived()


@pytest.mark.skipif(not numba.config.DISABLE_JIT, reason="compiled code has its functions inside")
def test_a_worker_that_lacks_pages_goes_on_when_it_has_some(monkeypatch):
    plan = plan_of(EVERYTHING, citizens=600)
    expected = Engine(plan, threads=1).columns
    asked = refusing_once(monkeypatch, settle)
    found = Engine(plan, threads=2).columns
    assert len(asked) == 4  # three quads, and one refusal
    assert all((found[name] == column).all() for name, column in expected.items())


@pytest.mark.skipif(not numba.config.DISABLE_JIT, reason="compiled code has its functions inside")
def test_the_history_is_noted_though_a_worker_lacks_pages(monkeypatch, lived):
    engine = lived.again(threads=2)
    part, before = engine.parts[0], engine.columns["history"].copy()
    flagged = part.begin_first(np.zeros(0, np.int64))
    has_pages, asked = pages.has_pages, []
    monkeypatch.setattr(pages, "has_pages", lambda s: asked.append(s) or (len(asked) > 1 and has_pages(s)))
    part.end_first(np.zeros(0, np.int64), flagged, month=5)
    after = engine.columns["history"]
    assert np.flatnonzero(after & 1 << 5).tolist() == flagged.tolist()
    assert (after & ~np.uint16(1 << 5) == before & ~np.uint16(1 << 5)).all()


def test_a_worker_with_too_many_pages_gives_some_back():
    state, scratch = State(600), make_scratch(1)
    state.lend(scratch)
    lent = int(scratch["n_free"][0, 0])
    scratch["n_free"][0, 0] = FREE_PAGES - 1
    scratch["free"][0] = np.arange(FREE_PAGES)
    state.lend(scratch)
    assert scratch["n_free"][0, 0] == lent
    assert state._take(3).tolist() == [lent, lent + 1, lent + 2]


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_world_read_back_is_the_same_however_it_is_cut(lived, parts):
    assert lived.saved.arrays["rows"]["values"][:, -1].any()  # somebody has a history
    again = lived.again(parts=parts)
    for name, column in lived.columns.items():
        assert (again.columns[name] == column).all(), name
    for state in again.states:
        assert (state.noted == lived.noted).all()
    assert all(again.row(i) == row for i, row in lived.rows.items())
    assert (again.columns.part("history", 256, 512) == lived.columns["history"][256:512]).all()
    assert (again.step().flows == lived.flows).all()
    assert again.pending().tolist() == lived.pending


@pytest.mark.parametrize("rows", [0, 1, PAGE_ROWS, PAGE_ROWS + 1, 256])
def test_pages_grow_and_shrink_with_the_rows_of_a_quad(rows):
    state, scratch = State(256), make_scratch(1)
    state.lend(scratch)
    s = scratch[0]
    for filled in (rows, 256, rows):
        pages.open_quad(state.first, state.pages, s, 0, 0)
        for block in range(4):
            pages.open_block(s, block)
            s.rare[:] = 0
            chosen = [i for i in range(64) if 64 * block + i < filled]
            s.rare[chosen] = np.arange(len(RARE)) + 1
            pages.close_block(s, block, np.uint64(2**64 - 1))
        pages.close_quad(state.first, state.pages, s, 0)
        citizens, values = state.rows()
        assert citizens.tolist() == list(range(filled))
        assert (values == np.arange(len(RARE)) + 1).all()
        held = int(scratch["n_free"][0, 0])
        assert held + -(-filled // PAGE_ROWS) == state._top - 1  # no page is lost


def test_a_part_far_beyond_the_memory_of_the_machine_holds_only_its_own():
    state = State(4_000_000_000, 999_999, 1_000_000)
    assert state.core.nbytes == 40_000_000_000
    assert state.span.tolist() == [15_624_984, 15_625_000]
    state.core["score"][-1, 63] = 7
    assert state.part("score", 4_000_000_000 - 256, 4_000_000_000).tolist() == [0] * 255 + [7]
    assert not State(256, 1, 2).core["score"][0].any()
    assert untouched((0, 5), np.uint64).shape == (0, 5)
