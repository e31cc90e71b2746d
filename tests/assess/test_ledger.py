"""The ledger: every person-day is booked once, and adds up to what the engine counted."""

from __future__ import annotations

import numpy as np
import pytest
from known_towns import ALARMS, CERTAIN, CITIZENS, DAYS, FRIENDS, account_of
from scenarios import EVERYTHING, plan_of

from glasshouse.assess.ledger import Ledger, must_equal
from glasshouse.errors import InvariantError
from glasshouse.harm.study import live_both

WEIGHTS = dict.fromkeys(
    ("court", "late", "reps", "score", "detention", "suspension", "offline", "fine", "reprimand", "pledge"),
    1.0,
)


@pytest.fixture(scope="module", params=[(900, 45, 7), (500, 30, 1)], ids=str)
def everything(request):
    citizens, days, seed = request.param
    plan = plan_of(EVERYTHING, citizens=citizens, days=days, seed=seed)
    kept = []

    def beside(people):
        kept.append(Ledger(plan, people, WEIGHTS))
        return kept[0]

    lived = live_both(plan, plan, threads=1, beside=beside)
    return plan, lived, kept[0].end()


def test_person_days_are_the_engines(everything):
    plan, lived, account = everything
    for one in plan.lists:
        if not one.perk:
            assert account.days[one.id].sum() == pytest.approx(lived.person_days[f"on.{one.id}"])
    assert account.days["detention"].sum() == lived.person_days["detained"] > 0
    assert account.days["suspension"].sum() == lived.person_days["suspended"] > 0
    offline = lived.flows["offline_days.face"] + lived.flows["offline_days.id"]
    assert account.days["offline"].sum() == offline > 0
    for sanction, flow in (("fine", "fines"), ("reprimand", "reprimands"), ("pledge", "pledges")):
        assert account.days[sanction].sum() == lived.flows[flow]


def test_groups_and_people_add_up_to_the_same_days(everything):
    _, _, account = everything
    for name, days in account.days.items():
        assert account.by_group[name].sum() == pytest.approx(days.sum())
        assert np.all(days >= -1e-6)
    assert account.hit <= sum(account.people)
    assert 0 < account.longest <= 45
    assert 0 < account.reviewed < account.sanctions


def test_every_kind_of_cause_is_found(everything):
    _, _, account = everything
    total = sum(account.days.values())
    found = {
        (one.key.partition(".")[0], one.origin)
        for one, days in zip(account.causes, total, strict=True)
        if days > 0
    }
    assert found >= {
        ("rule", 1), ("rule", 2), ("rule", 5), ("behaviour", 1), ("behaviour", 2), ("company", 4), ("identity", 5),
        ("police", 3),
    }  # fmt: skip


def test_a_certain_listing_is_booked_to_the_day():
    _, _, account = account_of(CERTAIN)
    days = {one.key: d for one, d in zip(account.causes, account.days["debtors"].tolist(), strict=True) if d}
    assert days == {"behaviour.arrears": CITIZENS * DAYS}
    assert (account.hit, account.longest, account.without_fast_travel) == (CITIZENS, DAYS, CITIZENS * DAYS)
    assert account.heaviest == pytest.approx(0.5 * DAYS)
    assert (account.sanctions, account.reviewed) == (CITIZENS, 0)
    assert account.records == {"arrears": CITIZENS * DAYS}


def test_false_alarms_and_friends_are_the_only_causes_where_nothing_else_is():
    for tree, name, origin in ((ALARMS, "debtors", 2), (FRIENDS, "low", 3)):
        _, _, account = account_of(tree)
        booked = {
            one.origin: d for one, d in zip(account.causes, account.days[name].tolist(), strict=True) if d
        }
        assert set(booked) == {origin}
        assert booked[origin] > 0


def test_appeals_against_every_record_review_every_listing():
    redress = {"filed_share": 1.0, "decision_days": 2, "won_if_false_share": 0.0, "won_if_true_share": 0.0}
    _, lived, account = account_of(CERTAIN | {"redress": redress})
    assert account.sanctions == account.reviewed == lived.flows["appeals.filed"] == CITIZENS


def test_a_ledger_that_differs_from_the_engine_is_an_error():
    with pytest.raises(InvariantError, match="day 3: fines is 2 worked out again and 1 in the engine"):
        must_equal("fines", 3, 2, {"fines": 1})
