"""The daily balance: it closes for everything at once, and a planted fault is named."""

from __future__ import annotations

import pytest
from scenarios import EVERYTHING, plan_of

from glasshouse.errors import InvariantError
from glasshouse.model.checks import Checks
from glasshouse.model.engine import Engine

SOME = 130  # citizens


@pytest.fixture(scope="module")
def lived():
    """A plan, and the stocks before, flows and stocks after its third day."""
    plan = plan_of(EVERYTHING, citizens=SOME)
    engine = Engine(plan, threads=1)
    for _ in range(3):
        before = engine.stocks.copy()
        counts = engine.step()
    return plan, before, counts.flows, counts.stocks


@pytest.mark.jit_off
def test_a_day_as_it_was_passes(lived):
    plan, before, flows, after = lived
    Checks(plan)(2, before, flows, after)


@pytest.mark.parametrize(
    ("flow", "stock"),
    [
        ("points_lost.all", "score_sum"),
        ("points_gained.all", "score_sum"),
        ("points_returned", "score_sum"),
        ("points_recovered", "score_sum"),
        ("points_decayed", "score_sum"),
        ("points_clamped", "score_sum"),
        ("points_reset", "score_sum"),
        ("flagged", "flagged"),
        ("unflagged", "flagged"),
        ("first_listed", "ever_listed"),
        ("first_refused", "ever_refused"),
        ("punished.own", "punished_ever.own"),
        ("punished.identity", "punished_ever.identity"),
        ("entered.court", "on.court"),
        ("left.good", "on.good"),
    ],
)
@pytest.mark.jit_off
def test_a_fault_in_a_flow_is_named_with_stock_and_day(lived, flow, stock):
    plan, before, flows, after = lived
    checks = Checks(plan)
    planted = flows.copy()
    planted[4, 1, checks.flows[flow]] += 1
    found = after[4, 1, checks.stocks[stock]]
    with pytest.raises(
        InvariantError, match=rf"^day 2: {stock} in province 4, group 1 is {found}, the flows say"
    ):
        checks(2, before, planted, after)


@pytest.mark.jit_off
def test_faults_that_cancel_between_provinces_are_seen(lived):
    plan, before, flows, after = lived
    checks = Checks(plan)
    planted = flows.copy()
    planted[4, 0, checks.flows["flagged"]] += 1
    planted[5, 0, checks.flows["flagged"]] -= 1
    with pytest.raises(InvariantError, match="day 7: flagged in province 4, group 0"):
        checks(7, before, planted, after)


@pytest.mark.jit_off
def test_a_fault_in_a_stock_is_named(lived):
    plan, before, flows, after = lived
    checks = Checks(plan)
    planted = after.copy()
    planted[0, 2, checks.stocks["members"]] += 1
    with pytest.raises(InvariantError, match="day 2: members in province 0, group 2"):
        checks(2, before, flows, planted)


@pytest.mark.jit_off
def test_more_refused_than_requested_is_seen(lived):
    plan, before, flows, after = lived
    checks = Checks(plan)
    planted = flows.copy()
    planted[..., checks.flows["refused.rail"]] = planted[..., checks.flows["requested.rail"]] + 1
    with pytest.raises(InvariantError, match="day 2: more rail tickets refused than requested"):
        checks(2, before, planted, after)


@pytest.mark.jit_off
def test_the_engine_stops_on_the_day_of_the_fault(monkeypatch):
    engine = Engine(plan_of(EVERYTHING, citizens=SOME), threads=1)
    engine.step()
    right = engine.parts[0]._flows
    where = engine.flow_names.index("entered.court")

    def wrong():
        flows = right()
        flows[0, 0, where] += 1
        return flows

    monkeypatch.setattr(engine.parts[0], "_flows", wrong)
    with pytest.raises(InvariantError, match=r"day 1: on\.court in province 0, group 0"):
        engine.step()


def test_the_balances_of_everything_at_once_close_every_day():
    engine = Engine(plan_of(EVERYTHING, citizens=5_000, days=41))
    for _ in range(41):
        assert engine.step().flows.any()
