"""The sheet where its figures are known in closed form, and what every row must say."""

from __future__ import annotations

import pytest
from known_towns import ALARMS, CERTAIN, CITIZENS, DAYS, FRIENDS, REVERSED, rows_of, with_list

PER = 100_000


def value(rows, key):
    return rows[key].figure.value


@pytest.fixture(scope="module")
def certain():
    return rows_of(CERTAIN)


def test_a_list_whose_only_entry_is_from_an_unrelated_context(certain):
    assert value(certain, "unrelated.share") == 1
    assert value(certain, "unrelated.finance.travel") == pytest.approx(PER * DAYS)
    assert [key for key in certain if key.startswith("unrelated.")] == [
        "unrelated.share", "unrelated.not_known", "unrelated.finance.travel",
    ]  # fmt: skip


def test_the_same_list_in_its_own_context_or_as_a_penalty():
    assert value(rows_of(with_list(effect_context="finance"), 1), "unrelated.share") == 0
    assert value(rows_of(with_list(effect_context="penalty"), 1), "unrelated.share") == 0


def test_what_is_certain_has_exact_figures(certain):
    assert value(certain, "gravity.days") == pytest.approx(0.5 / 4)  # a day on the list for each day's record
    assert value(certain, "gravity.none") == 0
    assert value(certain, "movement.days") == pytest.approx(PER * DAYS)
    assert value(certain, "severity.people") == pytest.approx(PER)
    assert value(certain, "severity.heaviest") == pytest.approx(0.5 * DAYS)
    assert value(certain, "memory.run") == DAYS
    assert value(certain, "decision.without_review") == 1
    assert value(certain, "conduct.others") == value(certain, "conduct.false") == 0
    assert certain["unrelated.share"].figure.low == certain["unrelated.share"].figure.high == 1


def test_what_cannot_be_measured_says_why(certain):
    why = {key: row.not_measured for key, row in certain.items() if row.figure.value is None}
    assert why["memory.rules"] == "a list that records lead on to has no term"
    assert why["decision.days_to_remedy"] == "there is no way to appeal"
    assert why["speech.lawful_per_unlawful"] == "nobody is afraid in this scheme"
    assert why["gravity.reversed"].startswith("fewer than two behaviours")
    assert why["lever.appeal.days"] == "there is no way to appeal"
    assert "synthetic citizens cannot be asked" in why["rights.stakeholders"]
    assert all(why.values())
    assert not [key for key, row in certain.items() if row.figure.value is not None and row.not_measured]


def test_association_alone_is_no_own_conduct():
    rows = rows_of(FRIENDS, 1)
    assert value(rows, "conduct.others") == 1
    assert value(rows, "conduct.points") == 1
    assert value(rows, "unrelated.ties.travel") > 0
    assert value(rows, "lever.no-association.days") == pytest.approx(PER / CITIZENS * days_on(rows))


def days_on(rows):
    """Return the person-days that the sheet counts."""
    return value(rows, "movement.days") * CITIZENS / PER


def test_false_alarms_alone_are_false_records():
    rows = rows_of(ALARMS, 1)
    assert value(rows, "conduct.false") == 1
    assert value(rows, "lever.review.days") > 0


def test_a_light_act_with_the_heavier_sanction_is_named():
    row = rows_of(REVERSED, 1)["gravity.reversed"]
    assert row.figure.value == 1
    assert "late over theft" in row.definition


def test_every_row_says_what_it_is(certain):
    keys = ["yardstick", "key", "label", "unit", "value", "low", "high", "definition", "does_not_show"]
    for key, row in certain.items():
        told = row.as_dict()
        assert list(told) == [*keys, "not_measured", "source"]
        assert told["key"] == key
        assert told["source"]
        assert told["value"] is None or (told["definition"] and told["does_not_show"])
        assert told["low"] is None or told["low"] <= told["value"] <= told["high"]


def test_a_scheme_without_anything_invents_no_figure():
    rows = rows_of({"glasshouse": 1, "title": "nothing", "society": {"citizens": 1_000, "days": 3}})
    assert {row.figure.value for row in rows.values()} <= {None, 0.0}
