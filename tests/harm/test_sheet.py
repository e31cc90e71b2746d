"""The impact sheet: every figure is what the counts of the seeds say, with what it does not show."""

from __future__ import annotations

import pytest
from judged_towns import town
from scenarios import EVERYTHING, plan_of

from glasshouse.harm.sheet import MISSING, sheet
from glasshouse.harm.study import live_both

KIND = {"kind": "speech", "per_day": 0.2, "restrained": True}
TALK = {
    "glasshouse": 1,
    "title": "two topics, one of them free",
    "society": {"citizens": 1_000, "days": 40},
    "behaviour": {
        "free": KIND,
        "barred": {**KIND, "seen_share": 0.05, "summons_share": 1.0},
    },
    "police": {"outcomes": {"pledge": 0, "reprimand": 0, "fine": 1, "detention": 0}},
    "learn": {"restraint": "proportional", "strength": 2.0, "own_weight": 0.4, "half_life_days": 30},
}


@pytest.fixture(scope="module")
def everything():
    plan = plan_of(EVERYTHING, citizens=900, days=45)
    return plan, live_both(plan, plan, threads=1)


def rows_of(plan, found):
    return {row.name: row for row in sheet(plan, found)}


def test_figures_are_the_counts(everything):
    plan, one = everything
    rows, flows = rows_of(plan, [one]), one.flows
    first = sum(flows[f"punished.{o}"] for o in ("own", "false", "association", "representation", "identity"))
    assert rows["sanctioned on false records"].figure.value == pytest.approx(flows["punished.false"] / first)
    assert rows["sanctioned over identity"].figure.value == pytest.approx(flows["punished.identity"] / first)
    assert 0 < flows["punished.false"] < first
    scale = 100_000 / 900
    assert rows["people refused a ticket"].figure.value == pytest.approx(scale * flows["first_refused"])
    assert rows["days in detention"].figure.value == pytest.approx(scale * flows["detention_days"])
    assert rows["debts performed"].figure.value == pytest.approx(scale * flows["debts_performed"])
    lost = sum(flows[f"points_lost_by.{o}"] for o in ("false", "association", "representation", "identity"))
    assert rows["points lost without own conduct"].figure.value == pytest.approx(
        lost / flows["points_lost.all"]
    )
    barred = sum(one.person_days[f"on.{each.id}"] for each in plan.lists if each.closes)
    assert rows["person-days barred from travel"].figure.value == pytest.approx(scale * barred)
    assert rows["longest term of a sanction list"].figure.value == 20


def test_every_row_says_what_it_is_and_what_it_does_not_show(everything):
    plan, one = everything
    for row in sheet(plan, [one, one]):
        told = row.as_dict()
        assert told["definition"]
        assert told["does_not_show"]
        assert told["value"] is None or told["low"] is None or told["low"] <= told["value"] <= told["high"]
    assert any("gravity" in line for line in MISSING)


def test_posts_on_free_topics_are_told_apart():
    plan = town(TALK)
    unafraid = town({**TALK, "learn": {**TALK["learn"], "restraint": "none"}})
    one = live_both(plan, unafraid, threads=1)
    row = rows_of(plan, [one])["of posts lost, on free topics"]
    lost = (one.chilled.twin[0] - one.chilled.written[0]).sum(axis=(1, 2)).tolist()
    assert one.chilled.topics == ("barred", "free")
    assert row.figure.value == pytest.approx(lost[1] / sum(lost))
    assert 0.3 < row.figure.value < 0.7


def test_a_scheme_without_anything_has_no_figures_to_invent():
    plan = town({"glasshouse": 1, "title": "nothing", "society": {"citizens": 1_000, "days": 3}})
    for row in sheet(plan, [live_both(plan, plan, threads=1)]):
        assert row.figure.value in {None, 0.0}
