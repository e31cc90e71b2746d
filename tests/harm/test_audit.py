"""The error audit: closed forms, Bayes' rule, groups, and Fairlearn's own figures."""

from __future__ import annotations

import importlib.util
import os
from fractions import Fraction

import numpy as np
import pytest
from judged_towns import DETECTOR, FALSE, PI, SE, band, covered, errors_of, town, truths
from scenarios import EVERYTHING, plan_of

from glasshouse.harm.audit import audit, base_rate, fairlearn_rows, four_fifths
from glasshouse.harm.records import SANCTIONED, DayCounts, ErrorsMade

CI = bool(os.environ.get("CI"))


def made_of(*cells, days=None):
    """Paper counts: people by group, [did][hit], the same for the behaviour and for sanctions."""
    people = np.array(cells, np.int64)
    none = DayCounts.none(len(cells))
    return ErrorsMade(
        names=("act",),
        groups=tuple("abcdefgh"[: len(cells)]),
        answers=("act",),
        citizens=people.sum(axis=(1, 2)),
        days=[days or none],
        people=np.stack([people, people]),
    )


@pytest.fixture(scope="module")
def everything():
    return errors_of(plan_of(EVERYTHING, citizens=900, days=45))


def test_a_known_detector_is_found_as_it_is():
    """A small part of what `make verify-audit` does: 40 seeds instead of a thousand."""
    held, (low, high) = covered(range(40)), band(40)
    assert (low, high) == (31, 40)
    assert len(held) == 3 * 8 + 8
    assert not {name: count for name, count in held.items() if not low <= count <= high}


def test_bayes_rule_gives_the_precision_to_the_last_digit(everything):
    seen = 0
    for one in audit(everything).detectors:
        if one.base_rate is not None:
            seen += 1
            assert one.base_rate.ppv == Fraction(one.precision.count, one.precision.of)
            assert f"{float(one.base_rate.ppv):.4g} = " in one.base_rate.line()
    assert seen >= 12


@pytest.mark.parametrize(
    ("pi", "se", "sp", "ppv"),
    [(1e-3, 0.9, 0.99, 0.082645), (1e-4, 0.99, 0.999, 0.090090), (0.01, 0.8, 0.95, 0.139130)],
)
def test_the_base_rate_fallacy_in_round_numbers(pi, se, sp, ppv):
    days = 10**8
    acts = round(pi * days)
    found = base_rate(round(se * acts), acts, round((1 - sp) * (days - acts)), days)
    assert float(found.ppv) == pytest.approx(ppv, abs=5e-7)
    assert (float(found.se), float(found.sp), float(found.pi)) == pytest.approx((se, sp, pi), abs=1e-9)


def test_no_rule_where_there_is_nothing_to_divide_by():
    assert base_rate(0, 5, 0, 10) is None
    assert base_rate(0, 0, 3, 10) is None
    assert base_rate(5, 10, 0, 10) is None
    assert base_rate(5, 9, 0, 10).line().endswith("no false record")


def test_equal_detectors_and_other_prevalence_mean_other_precision():
    """Chouldechova (2017): with equal error rates the precision of two groups differs with their prevalence."""
    found = [
        float(base_rate(round(SE * acts), acts, round(FALSE * (10**6 - acts)), 10**6).ppv)
        for acts in (10**4, 10**5)
    ]
    assert found[0] == pytest.approx(0.01 * SE / (0.01 * SE + 0.99 * FALSE), rel=1e-4)
    assert found[0] < found[1]


def test_what_is_counted_adds_up(everything):
    for number, days in enumerate(everything.days):
        assert (days.caught == days.own + days.misattributed + days.borrowed).all()
        assert (days.caught <= days.passed).all()
        assert (days.passed <= days.seen).all()
        assert (days.acts <= days.open).all()
        assert days.misattributed.sum() == days.blamed.sum()
        assert days.borrowed.sum() == days.carded.sum()
        assert everything.people[number].sum() <= everything.citizens.sum()
    assert everything.citizens.sum() == 900
    twice = everything + everything
    assert (twice.people == 2 * everything.people).all()
    assert (twice.days[0].acts == 2 * everything.days[0].acts).all()


def test_only_what_can_cost_something_is_judged(everything):
    assert set(everything.answers) == {"court_default", "games", "police_criticism", "prosocial"}
    helping = {**DETECTOR, "rule": {"act": {"behaviour": "act", "points": 5}}}
    assert errors_of(town(helping, citizens=100, days=2)).answers == ()


def test_rare_harms_hide_behind_the_four_fifths_rule():
    """Sanctions ten times as frequent in one group: the rule sees nothing, the ratio of sanctions does."""
    cells = np.array([[[9_990, 10], [0, 0]], [[9_900, 100], [0, 0]]])
    found = four_fifths(cells)
    assert found["spared_lowest_to_highest"] == pytest.approx(9_900 / 9_990)
    assert found["hit_lowest_to_highest"] == pytest.approx(0.1)
    assert found["below_four_fifths"] is False
    assert four_fifths(np.array([[[10, 10], [0, 0]], [[5, 15], [0, 0]]]))["below_four_fifths"] is True
    assert four_fifths(np.zeros((2, 2, 2), np.int64))["spared_lowest_to_highest"] is None


def test_one_group_is_not_compared_with_itself():
    found = audit(made_of([[90, 1], [5, 4]]))
    assert found.fairness == ()
    assert [one.group for one in found.detectors] == ["all"]


def test_the_long_table_holds_everybody_once(everything):
    rows = fairlearn_rows(everything)
    for number, what in enumerate(everything.rows):
        people = [row for row in rows if row["what"] == what and row["unit"] == "people"]
        assert sum(row["count"] for row in people) == everything.people[number].sum()
    for number, what in enumerate(everything.names):
        days = [row for row in rows if row["what"] == what and row["unit"] == "citizen-days"]
        assert sum(row["count"] for row in days) == everything.days[number].open.sum()
        assert all(row["count"] >= 0 for row in days)
    assert not [row for row in rows if row["what"] == SANCTIONED and row["unit"] == "citizen-days"]


def test_figures_are_fairlearns():
    """Fairlearn and SciPy are pinned in requirements/dev.txt: missing under CI is a failure."""
    if not CI and importlib.util.find_spec("fairlearn") is None:
        pytest.skip("fairlearn is not installed here; `make test` installs it")
    from fairlearn import metrics

    made = errors_of(town(seed=11))
    found = {one.what: one for one in audit(made).fairness}["act"]
    rows = [row for row in fairlearn_rows(made) if row["unit"] == "people" and row["what"] == "act"]
    true, pred, group, weight = (
        np.array([row[k] for row in rows]) for k in ("y_true", "y_pred", "group", "count")
    )
    frame = metrics.MetricFrame(
        metrics={
            "tpr": metrics.true_positive_rate,
            "fpr": metrics.false_positive_rate,
            "hit": metrics.selection_rate,
        },
        y_true=true,
        y_pred=pred,
        sensitive_features=group,
        sample_params={name: {"sample_weight": weight} for name in ("tpr", "fpr", "hit")},
    )
    theirs = frame.by_group
    assert (found.group, found.reference) == ("b", "a")
    assert found.tpr.value == pytest.approx(theirs["tpr"]["b"], abs=1e-12)
    assert found.fpr.value == pytest.approx(theirs["fpr"]["b"], abs=1e-12)
    assert found.hit_rate.value == pytest.approx(theirs["hit"]["b"], abs=1e-12)
    assert found.tpr_gap.value == pytest.approx(theirs["tpr"]["b"] - theirs["tpr"]["a"], abs=1e-12)
    gap = metrics.equalized_odds_difference(true, pred, sensitive_features=group, sample_weight=weight)
    assert max(abs(found.tpr_gap.value), abs(found.fpr_gap.value)) == pytest.approx(gap, abs=1e-12)
    parity = metrics.demographic_parity_ratio(true, pred, sensitive_features=group, sample_weight=weight)
    assert audit(made).four_fifths["act"]["hit_lowest_to_highest"] == pytest.approx(parity, abs=1e-12)


def test_the_truths_are_those_of_the_town():
    detector, fairness = truths()
    assert detector["precision"] == pytest.approx(PI * SE / (PI * SE + (1 - PI) * FALSE))
    assert fairness["fpr"] == pytest.approx(1 - (1 - FALSE) ** 30)
