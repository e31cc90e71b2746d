"""The arithmetic of the sheet on hand-made tables."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.assess import measures
from glasshouse.assess.causes import Cause
from glasshouse.assess.figures import counted, ratio, share
from glasshouse.assess.ledger import Account
from glasshouse.compare.effects import t_quantile
from glasshouse.scenario.labels import Labels

CAUSES = (
    Cause("rule.posts", 1), Cause("rule.friends", 3), Cause("behaviour.arrears", 1), Cause("behaviour.arrears", 2),
    Cause("identity", 5), Cause("before day 0", 0),
)  # fmt: skip
LABELS = Labels(
    behaviours={"arrears": "finance", "posts": "speech"},
    gravity={"arrears": 2.0, "posts": 0.0},
    rules={"posts": "speech", "friends": "ties"},
    effects={
        "debtors": "travel",
        "detention": "penalty",
        "suspension": "internet",
        "offline": "internet",
        "fine": "penalty",
    },
    weights={"debtors": 0.5, "detention": 1.0, "suspension": 0.1, "offline": 0.1, "fine": 2.0},
    defaults=(),
)
ACCOUNT = Account(
    causes=CAUSES,
    days={
        "debtors": np.array([10.0, 5.0, 20.0, 4.0, 0.0, 1.0]),
        "detention": np.array([3.0, 0, 0, 0, 0, 0]),
        "suspension": np.array([7.0, 0, 0, 0, 0, 0]),
        "offline": np.array([0, 0, 0, 0, 2.0, 0]),
        "fine": np.array([6.0, 0, 0, 0, 0, 0]),
    },
    groups=("a",),
    people=(100,),
    by_group={},
    without_fast_travel=40,
    heaviest=9.0,
    hit=11,
    longest=12,
    sanctions=20,
    reviewed=5,
    records={"arrears": 6, "posts": 10},
)


def test_person_days_leave_out_what_is_counted_once():
    assert measures.person_days(ACCOUNT) == 40 + 3 + 7 + 2


def test_pairs_and_unrelated_contexts():
    assert measures.pairs(ACCOUNT, LABELS) == {
        ("speech", "travel"): 10, ("ties", "travel"): 5, ("finance", "travel"): 24, ("unknown", "travel"): 1,
        ("speech", "penalty"): 3, ("speech", "internet"): 7, ("identity", "internet"): 2,
    }  # fmt: skip
    assert measures.in_unrelated(ACCOUNT, LABELS) == 10 + 5 + 24  # the account of a post is no other context
    assert measures.not_known(ACCOUNT, LABELS) == 1


def test_origins():
    assert [measures.of_origin(ACCOUNT, who) for who in ("others", "false", "identity")] == [5, 4, 2]


def test_weights():
    assert measures.weighted(ACCOUNT, LABELS) == pytest.approx(20 + 3 + 0.7 + 0.2 + 12)
    assert measures.gravity_recorded(ACCOUNT, LABELS) == 12


def test_pairs_of_lighter_and_graver_acts():
    found, of = measures.lighter_costs_more({"a": 1.0, "b": 1.0, "c": 0.5}, {"a": 1, "b": 2, "c": 3})
    assert (found, of) == ((("a", "c"), ("b", "c")), 3)
    assert measures.lighter_costs_more({"a": 9.0, "b": 1.0}, {"a": 1, "b": 1}) == ((), 0)
    assert measures.lighter_costs_more({}, {}) == ((), 0)


def test_ratios_and_their_intervals():
    one = ratio([1, 2], [2, 2])
    half = t_quantile(1) * np.sqrt(2 * 0.5**2 / 1) / np.sqrt(2) / 2
    assert (one.value, one.low, one.high) == pytest.approx((0.75, 0.75 - half, 0.75 + half))
    assert (share([1, 2], [2, 2]).low, share([1, 2], [2, 2]).high) == (0, 1)
    assert ratio([1], [0]).value is None
    assert ratio([3], [2]).low is None
    assert (counted([0, 0]).value, counted([0, 0]).high) == (0, None)
    assert counted([0, 1]).low == 0
    assert counted([0, 1], signed=True).low < 0
