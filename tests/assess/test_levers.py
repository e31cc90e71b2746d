"""Levers: what each changes in a scheme, and what it costs for what it avoids."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.assess.levers import LEVERS, Lever, changed, levers_of
from glasshouse.assess.variants import Counts, counts_of, lever_rows, lived
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load

PRESETS = sorted(one.stem for one in (Path(load.__code__.co_filename).parent / "presets").glob("*.toml"))


@pytest.mark.parametrize("preset", PRESETS)
def test_no_change_is_the_same_plan(preset):
    scenario = load(preset).scenario
    assert compile_plan(changed(scenario, {}), citizens=500) == compile_plan(scenario, citizens=500)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_lever_changes_the_plan_or_says_why_not(preset):
    scenario = load(preset).scenario
    levers = levers_of(scenario)
    assert [one.key for one in levers] == list(LEVERS)
    for one in levers:
        if one.scenario is None:
            assert one.as_dict()["not_measured"] == one.why_not != ""
        else:
            assert one.as_dict()["not_measured"] == ""
            assert compile_plan(one.scenario, citizens=500) != compile_plan(scenario, citizens=500)


def test_what_each_lever_sets_in_as_reported():
    levers = {one.key: one for one in levers_of(load("as-reported").scenario)}
    assert levers["cap"].set == {"rule.false_news.points": -25, "rule.police_criticism.points": -25}
    assert levers["sunset"].set == {
        "list.court.term_days": 365, "list.score.term_days": 182, "list.conduct.term_days": 90,
        "company.term_days": 365,
    }  # fmt: skip
    assert levers["appeal"].set == {"redress.filed_share": 0.5}
    assert levers["no-association"].without == ("rule.friends", "list.representatives", "owners")
    assert levers["review"].set["behaviour.false_news.misattributed_share"] == pytest.approx(0.004)
    assert levers["review"].set["behaviour.false_news.caught_share"] == pytest.approx(0.475)


def test_a_change_that_does_not_fit_is_an_error():
    with pytest.raises(ValueError, match="no such key"):
        changed(load("classroom").scenario, {"rule.nothing.points": 1})


def counts(**given):
    return Counts(**(dict.fromkeys(Counts.__slots__, 0) | given))


def test_cost_per_harm_avoided_on_small_tables():
    lever = Lever("sunset", "shorter", {}, scenario=load("classroom").scenario)
    base = [counts(days=100, debts=10, deeds=1), counts(days=120, debts=12, deeds=1)]
    other = [counts(days=40, debts=4), counts(days=60, debts=6, offences=1)]
    rows = {one.key: one for one in lever_rows(lever, base, other, 1_000)}
    assert rows["lever.sunset.days"].figure.value == 6_000
    assert rows["lever.sunset.days"].figure.low == 6_000  # the same in both seeds
    assert rows["lever.sunset.debts"].figure.value == 600
    assert rows["lever.sunset.days_per_debts"].figure.value == 10
    assert "over the 12 lost in all seeds" in rows["lever.sunset.days_per_debts"].definition
    assert rows["lever.sunset.days_per_offences"].figure.value is None  # one offence more in one seed of two
    assert "holds 0" in rows["lever.sunset.days_per_offences"].not_measured
    assert rows["lever.sunset.days_per_deeds"].figure.value is None
    assert rows["lever.sunset.days_per_deeds"].not_measured == "fewer than 10 were lost in all seeds"


def test_the_counts_of_a_lever_are_those_of_its_world():
    scenario = load("classroom").scenario
    plan = compile_plan(scenario, citizens=500, days=20, seed=3)
    one = lived(scenario, citizens=500, days=20, seed=3, threads=1)
    zero = counts_of(plan, dict.fromkeys(_names(plan)[0], 0), dict.fromkeys(_names(plan)[1], 1))
    assert one.days > 0
    assert one.deeds > 0
    assert zero.days == 1 + 1 + 1  # one list, detained, suspended


def _names(plan):
    """Return the names of flows and stocks."""
    from glasshouse.model.flows import flow_names
    from glasshouse.model.stocks import stock_names

    return flow_names(plan), stock_names(plan)
