"""Near the limits: ids beyond 2^31, as many citizens as ids allow, and days late in a run. Nothing wraps."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import EVERYTHING, plan_of

from glasshouse.model.kernels import ties
from glasshouse.model.oracle import CitizenState, live_day, traits_of
from glasshouse.model.oracle_start import first_state
from glasshouse.model.part import Part
from glasshouse.society.ties import Ties

MOST = 4_000_000_000
TREE = {key: value for key, value in EVERYTHING.items() if key != "company"}
TREE["list"] = {key: value for key, value in TREE["list"].items() if not value.get("entry_companies")}


@pytest.fixture(scope="module")
def last():
    """The last 512 of four billion citizens, on the evening before day 0."""
    plan = plan_of(TREE, citizens=MOST, days=2)
    quads = -(-MOST // 256)
    part = Part(plan, 1, 1, quads // 2 - 1, quads // 2)
    part.settle()
    return part


def own(part):
    low, high = (256 * part.state.span).tolist()
    return range(low, min(high, MOST))


def test_the_last_citizens_begin_as_the_oracle_says(last):
    assert own(last)[-1] == MOST - 1
    for i in own(last)[::7]:
        row = last.state.row(i)
        traits = traits_of(last.plan, i)
        begun = first_state(last.plan, traits, i).columns()
        assert {k: v for k, v in row.items() if k != "low_friends"} == {
            k: v for k, v in begun.items() if k != "low_friends"
        }


def test_the_last_citizens_have_the_friends_the_oracle_says(last):
    plain = Ties(last.plan.ties, last.plan.population)
    found, room = np.zeros(512, np.int64), np.zeros((4, 64), np.uint64)
    for i in (*own(last)[::50], MOST - 1, 0, 2**31 - 1, 2**31, 2**32 - 300_000_000):
        count = ties.friends(last.tables[0], last.graph, i, found, room)
        assert found[:count].tolist() == plain.friends(i)


def test_the_last_citizens_live_as_the_oracle_says(last):
    plan, before = last.plan, [CitizenState(**row_of(last, i)) for i in own(last)]
    out = last.live(0, np.zeros((0, 5), np.int64), 0)
    plain, changed = Ties(plan.ties, plan.population), 0
    for i, state in zip(own(last), before, strict=True):
        told = live_day(plan, traits_of(plan, i), i, 0, state.copy(), [], bulletin=0, degree=0, ties=plain)
        assert told.state.columns() == CitizenState(**row_of(last, i)).columns()
        changed += told.state.columns() != state.columns()
    assert changed > 20
    assert out.messages[:, 1].max(initial=0) < MOST
    assert (out.messages[:, 1] >= 0).all()


def row_of(part, i):
    row = part.state.row(i)
    return {"until": [row.pop(f"until_{k}") for k in range(3)], **row}
