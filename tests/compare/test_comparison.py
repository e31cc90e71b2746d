"""What a comparison says: keys for scripts, tables, notebooks; and nothing is an effect from one world."""

from __future__ import annotations

import json

import pytest
from small_town import TOWN

from glasshouse.compare.effects import mean_of
from glasshouse.compare.tables import SCHEMA
from glasshouse.compare.worlds import compare, size_of
from glasshouse.errors import UsageError
from glasshouse.records.measures import TOTALS
from glasshouse.scenario.load import load


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.toml"
    path.write_text(TOWN, encoding="utf-8")
    return compare(str(path), without=["friends"], replicates=5, threads=1)


def test_keys_that_scripts_rely_on(found):
    tree = json.loads(json.dumps(found.as_dict()))
    assert set(tree) == {
        "base", "variant", "citizens", "days", "seed", "replicates", "coupling", "absent", "interval", "affected_share",
        "affected", "outwardly_affected", "first_day", "first_citizen", "first_days", "effects", "individuals",
        "divergence", "uncertainty", "drawn",
    }  # fmt: skip
    assert tree["replicates"] == 5
    assert tree["coupling"] == "same"
    assert list(tree["effects"]) == list(TOTALS)
    for one in tree["effects"].values():
        assert {"mean", "low", "high", "base", "variant", "sd", "sd_unpaired", "pairing_helped"} == set(one)
        assert one["low"] <= one["mean"] <= one["high"]
    assert tree["affected"]["mean"] == pytest.approx(tree["affected_share"])
    assert tree["first_days"]["min"] <= tree["first_days"]["median"] <= tree["first_days"]["max"]
    assert set(tree["individuals"]["outcomes"]["listed"]) == {
        "base", "variant", "both", "base_only", "variant_only", "neither", "base_only_bounds", "variant_only_bounds",
    }  # fmt: skip
    assert {len(days) for days in tree["divergence"].values()} == {40}
    assert set(tree["divergence"]) == {a + b for a in ("differing", "parted") for b in ("", "_low", "_high")}


def test_days_are_means_over_replicates(found):
    day = 39
    expected = mean_of([one.parted[day] for one in found.partings])
    assert found.divergence["parted"][day] == expected
    assert found.as_dict()["divergence"]["parted_high"][day] == expected.high
    assert expected.mean == found.affected.mean


def test_effects_of_places_are_paired_too(found):
    for kind in ("province", "group"):
        places = [place for place in found.parting.places if place[0] == kind]
        for key in ("points_lost.all", "listed.persons"):
            means = [found.effects_in(place)[key].mean for place in places]
            assert sum(means) == pytest.approx(found.effects[key].mean)
        assert sum(found.people_in(place) for place in places) == found.citizens
        assert sum(found.affected_in(place).mean for place in places) == pytest.approx(found.affected.mean)
    assert found.effects_in(("group", "a"))["points_lost.all"].low is not None


def test_the_table_has_every_measure_in_every_place(found):
    table = found.table()
    assert table.schema == SCHEMA
    places = len(found.parting.places)
    assert table.num_rows == places * (len(TOTALS) + 2)
    rows = {(row["place"], row["name"], row["measure"]): row for row in table.to_pylist()}
    lost = rows["nation", "", "points_lost.all"]
    assert (lost["mean"], lost["low"], lost["unit"]) == (
        found.effects["points_lost.all"].mean, found.effects["points_lost.all"].low, "points",
    )  # fmt: skip
    assert rows["nation", "", "affected"]["mean"] == found.affected.mean
    assert rows["nation", "", "outwardly_affected"]["mean"] == found.outward.mean
    assert 0 < found.outward.mean <= found.affected.mean
    assert rows["group", "b", "affected"]["citizens"] == found.people_in(("group", "b"))


def test_a_notebook_shows_it(found):
    page = found._repr_html_()
    assert page.startswith("<table><caption>In this synthetic society of 700 citizens, over 40 days, 5 seeds")
    assert "<th>effect</th><th>95 % interval</th>" in page
    assert page.count("<tr>") == 1 + sum(bool(one.base or one.variant) for one in found.effects.values())


def test_nothing_is_an_effect_that_was_seen_once(town):
    once = compare(str(town), without=["friends"], replicates=1, threads=1)
    tree = once.as_dict()
    assert tree["interval"] is None
    assert all(one["low"] is one["high"] is one["sd"] is None for one in tree["effects"].values())
    assert tree["affected"]["low"] is None
    assert set(tree["divergence"]["parted_low"]) == {None}
    page = once._repr_html_()
    assert "<th>difference</th>" in page
    assert "interval" not in page
    assert "one pair of worlds shows no effect" in page
    assert set(once.table()["low"].to_pylist()) == {None}


def test_totals_that_the_same_luck_does_not_calm_are_named(found):
    worse = {key for key, one in found.effects.items() if one.sd and one.sd > one.sd_unpaired}
    assert set(found.unhelped) == worse


def test_the_size_is_the_scenarios_or_that_of_a_minute():
    big = load("as-reported")
    assert size_of(big, None, None, 30) == (100_000, 365)
    assert size_of(big, 20_000, 10, 30) == (20_000, 10)
    assert size_of(load("classroom"), None, None, 30)[0] == load("classroom").scenario.society.citizens


def test_a_base_that_is_changed_takes_no_further_change(town):
    """It would be laid over the file, and the base's own change would count as part of the effect."""
    base = load(town, set={"rule.games.points": -5})
    with pytest.raises(UsageError, match="is changed already"):
        compare(base, without=["friends"], replicates=2)
    variant = load(town, set={"rule.games.points": -5}, without=["friends"])
    assert compare(base, variant, replicates=2, threads=1).names[1].endswith("without friends")


def test_what_cannot_be_compared_is_refused(town):
    with pytest.raises(UsageError, match="twins need the same people with the same luck"):
        compare(str(town), "classroom", replicates=2)
    with pytest.raises(UsageError, match="nothing to compare with"):
        compare(str(town))
    with pytest.raises(UsageError, match="10001 replicates, expected 1 to 10,000"):
        compare(str(town), without=["games"], replicates=10_001)
