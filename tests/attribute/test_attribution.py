"""Attributions of small societies: one rule gets everything, equals share equally, and sums are exact."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest
from schemes import LIST, RULE, SCORE_LIST

import glasshouse as gh
from glasshouse.attribute import attribute, question
from glasshouse.attribute.attribution import processes
from glasshouse.attribute.players import default_players, without_players
from glasshouse.attribute.worlds import MEASURES, measure
from glasshouse.errors import UsageError
from glasshouse.run import simulate
from glasshouse.scenario.load import load

SMALL = {"citizens": 300, "days": 40, "threads": 1}


def exact(one):
    return [mean.exact for mean in one.shapley]


def test_one_rule_alone_gets_everything():
    found = attribute("court-list", citizens=2_000, days=60, threads=1)
    assert found.players == ("court",)
    assert found.shares["refused.plane"].effect.exact > 0
    for one in found.shares.values():
        assert exact(one) == [one.effect.exact]
        assert one.leave_one_out == one.first_in == one.shapley


def test_two_rules_on_the_same_records_share_equally(scheme):
    scenario = scheme(RULE.format(name="one", points=-8), RULE.format(name="two", points=-8), SCORE_LIST)
    found = attribute(scenario, threads=1)
    assert found.players == ("one", "two", "low")
    for key in MEASURES:
        one, two, _ = exact(found.shares[key])
        assert one == two, key
    assert found.shares["points_lost.all"].shapley[0].exact > 0
    assert found.shares["person_days.listed"].shapley[0].exact > 0


def test_two_lists_of_the_same_records_share_equally(scheme):
    found = attribute(scheme(LIST.format(name="red"), LIST.format(name="blue")), threads=1)
    assert found.players == ("red", "blue")
    for key in MEASURES:
        red, blue = exact(found.shares[key])
        assert red == blue, key
    refused = found.shares["refused.plane"]
    assert refused.effect.exact > 0
    assert refused.leave_one_out[0].exact == 0  # the other one still refuses everything
    assert refused.first_in[0].exact == refused.effect.exact


def test_a_rule_without_points_gets_nothing(scheme):
    scenario = scheme(RULE.format(name="idle", points=0), RULE.format(name="one", points=-8), SCORE_LIST)
    found = attribute(scenario, over="idle,one,low", threads=1)
    assert all(one.shapley[0].exact == 0 for one in found.shares.values())


@pytest.mark.parametrize("permutations", [None, 6])
def test_the_values_add_up_to_the_last_unit(two_rules, permutations):
    found = attribute(two_rules, permutations=permutations, replicates=3, **SMALL)
    for one in found.shares.values():
        assert sum(exact(one), Fraction(0)) == one.effect.exact == one.full.exact - one.empty.exact
    table = found.table()
    rows = [row for row in table.to_pylist() if row["measure"] == "points_lost.all"]
    assert sum(Fraction(row["shapley_exact"]) for row in rows) == found.shares["points_lost.all"].effect.exact


def test_the_ends_are_the_runs_with_and_without_the_rules(two_rules):
    found = attribute(two_rules, **SMALL)
    size = {**SMALL, "seed": 1}
    full = simulate(two_rules, **size)
    empty = simulate(load(two_rules.path, without=found.players), **size)
    for key, total in full.totals.items():
        assert (found.shares[key].full.exact, found.shares[key].empty.exact) == (total, empty.totals[key])
    days = full.flows[:, full.flow_names.index("punished_days")].sum()
    assert found.shares["punished_days"].full.exact == days
    listed = full.stocks[:, full.stock_names.index("on.low")].sum()
    assert found.shares["person_days.listed"].full.exact == listed > 0


def test_leave_one_out_is_what_compare_finds(two_rules):
    found = attribute(two_rules, seed=5, **SMALL)
    compared = gh.compare(two_rules, without=["two"], seed=5, replicates=1, **SMALL)
    for key, effect in compared.effects.items():
        assert float(found.shares[key].leave_one_out[1]) == -effect.mean


def test_origins_share_out_what_the_rules_do(two_rules):
    shares = attribute(two_rules, **SMALL).shares
    origins = ("own", "false", "association", "representation", "identity")
    lost = [shares[f"points_lost_by.{key}"].full.exact for key in origins]
    assert sum(lost) == shares["points_lost.all"].full.exact > 0
    assert shares["punished.false"].full.exact > 0


def test_replicates_give_intervals_and_one_does_not(two_rules):
    one = attribute(two_rules, **SMALL).shares["points_lost.all"]
    assert (one.effect.low, one.shapley[0].high) == (None, None)
    few = attribute(two_rules, replicates=3, **SMALL).shares["points_lost.all"]
    assert few.shapley[0].low < float(few.shapley[0]) < few.shapley[0].high


def test_drawn_orders_come_near_the_exact_values(two_rules):
    exactly = attribute(two_rules, **SMALL).shares["points_lost.all"]
    drawn = attribute(two_rules, permutations=40, **SMALL).shares["points_lost.all"]
    assert exactly.standard_error is None
    for value, error, right in zip(drawn.shapley, drawn.standard_error, exactly.shapley, strict=True):
        assert abs(float(value.exact - right.exact)) <= 4 * error


def test_more_than_ten_players_are_sampled(scheme):
    rules = [RULE.format(name=f"r{i}", points=-1 - i) for i in range(11)]
    over = ",".join(f"r{i}" for i in range(11))
    asked = question(scheme(*rules), over=over)
    assert len(asked.orders) == 40
    assert asked.worlds < 40 * 10 + 2 + 2 * 11
    assert len(asked.coalitions) == len(set(asked.coalitions))
    assert not question(scheme(*rules)).orders  # by default they are put together


def test_the_table_has_a_row_for_each_measure_and_player(two_rules):
    found = attribute(two_rules, **SMALL)
    table = found.table()
    assert isinstance(table, pa.Table)
    assert table.num_rows == len(MEASURES) * 3
    assert table.column_names[:3] == ["measure", "unit", "player"]
    assert table.schema.field("shapley").type == pa.float64()
    assert table["standard_error"].null_count == table.num_rows
    assert all(all(measure(key)) for key in MEASURES)


def test_a_notebook_shows_players_and_place(two_rules):
    found = attribute(two_rules, **SMALL)
    page = found._repr_html_()
    assert "in this synthetic society" in page
    assert "<th>two</th>" in page
    assert "points_lost.all" in page
    assert "refused.rail" not in page
    assert "Attribution(scenario='scheme'" in repr(found)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"replicates": 0}, "0 replicates, expected 1 to 10,000"),
        ({"permutations": 5}, "5 permutations, expected an even number from 4 to 10,000"),
        ({"permutations": 2}, "2 permutations, expected"),
        ({"over": "nobody"}, "no rule of this scenario is called `nobody`"),
    ],
)
def test_what_is_not_allowed_is_said(two_rules, given, message):
    with pytest.raises(UsageError, match=message):
        attribute(two_rules, **given)


def test_a_second_process_is_started_only_for_long_work(two_rules):
    assert processes(question(two_rules), 2) == 1
    assert processes(question("as-reported", citizens=20_000), 2) == 2
    assert processes(question("as-reported", citizens=20_000), 1) == 1


def test_the_public_name_is_the_function():
    import glasshouse.attribute  # noqa: F401 - the module must not hide the function

    assert gh.attribute is attribute


def test_a_coalition_of_nobody_has_no_player_left():
    scenario = load("as-reported").scenario
    with pytest.raises(UsageError, match="no rule of this scenario"):
        default_players(without_players(scenario, default_players(scenario)))
