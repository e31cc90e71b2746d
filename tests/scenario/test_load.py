"""Loading: evidence and exact numbers, extends, --set and --without, digests, and that nothing else gets out."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.errors import InputOutputError, RefusedError, ScenarioError
from glasshouse.scenario import evidence
from glasshouse.scenario import load as module
from glasshouse.scenario.explain import as_json
from glasshouse.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

TOWN = """\
glasshouse = 1
title = "Town"

[society]
citizens = 1000
female_share = { percent = 48.77, grade = "documented", source = "census" }
age_shares = { percent = [17.95, 63.35, 5.20, 13.50], grade = "derived", source = "census" }

[behaviour.games]
kind = "other"
per_day = { value = 3, per = "month", grade = "assumed", range = [1, 5], note = "a guess" }
seen_share = 0.3

[score]
base_points = 1000
floor_points = 0
ceiling_points = 1500

[rule.games]
behaviour = "games"
points = { value = -5, grade = "assumed", range = [-10, 0] }

[source.census]
title = "Census"
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A good scenario file."""
    path = tmp_path / "town.toml"
    path.write_text(TOWN)
    return path


def test_numbers_stay_exact(town: Path) -> None:
    """Percent and units of time are exact fractions, and floats are those fractions rounded once."""
    loaded = load(town)
    assert loaded.exact["society.female_share"] == Fraction(4877, 10_000)
    assert loaded.exact["society.age_shares.1"] == Fraction(6335, 10_000)
    assert loaded.exact["behaviour.games.per_day"] == Fraction(36, 365)
    assert loaded.scenario.behaviour["games"].per_day == float(Fraction(36, 365))
    assert loaded.exact_of("society.urban_share") == Fraction(6389, 10_000)
    assert loaded.scenario.rule["games"].points == -5
    with pytest.raises(KeyError):
        loaded.exact_of("title")


def test_evidence_is_kept(town: Path) -> None:
    """Grade, source, range and note travel beside the number."""
    found = load(town).evidence
    assert found["society.female_share"] == evidence.Evidence(
        "documented", "census", None, "", "48.77 percent"
    )
    games = found["behaviour.games.per_day"]
    assert games.range == (Fraction(12, 365), Fraction(12, 73))
    assert (games.note, games.written) == ("a guess", "3 per month")


@pytest.mark.parametrize(
    ("unit", "share"), [("day", 1), ("week", 7), ("year", 365), ("month", Fraction(365, 12))]
)
def test_units(town: Path, unit: str, share: Fraction) -> None:
    """A rate per week, month or year is divided by its days."""
    town.write_text(TOWN.replace('value = 3, per = "month"', f'value = 1, per = "{unit}"'))
    assert load(town).exact["behaviour.games.per_day"] == 1 / Fraction(share)


def test_set_replaces_value_and_evidence(town: Path) -> None:
    """A value from outside is the user's: grade assumed, no citation asked for."""
    loaded = load(
        town,
        set={
            "rule.games.points": "-7",
            "society.days": 30,
            "learn.strength": 0.5,
            "society.age_shares.3": "0.135",
        },
    )
    assert loaded.scenario.rule["games"].points == -7
    assert loaded.scenario.society.days == 30
    assert loaded.scenario.learn.strength == 0.5
    assert loaded.evidence["rule.games.points"] == evidence.Evidence(
        "assumed", note="set by the user", written="-7"
    )
    assert loaded.changes[0] == "rule.games.points = -7"


def test_set_in_a_list_with_evidence(town: Path) -> None:
    """An element of a list is set, with the list's evidence given up."""
    with pytest.raises(ScenarioError, match=r"shares sum to 0\.965") as caught:
        load(town, set={"society.age_shares": "[0.1, 0.6, 0.2, 0.065]"})
    assert caught.value.diagnostics[0].file == "--set"


def test_set_unknown_path(town: Path) -> None:
    """A mistyped path is answered with the one that was meant."""
    with pytest.raises(ScenarioError) as caught:
        load(town, set={"rule.gmes.points": "-7"})
    assert str(caught.value).splitlines()[1] == "help: did you mean `rule.games.points`?"
    for path in ("", "rule", "rule.games.points.more", "society.age_from.9", "a." * 50):
        with pytest.raises(ScenarioError):
            load(town, set={path: "7"})


def test_set_out_of_bounds_shows_no_wrong_line(town: Path) -> None:
    """A bad value from outside is not shown against a line of the file."""
    with pytest.raises(ScenarioError) as caught:
        load(town, set={"society.days": "0"})
    assert str(caught.value) == "--set: error[GH102] society.days: must be between 1 and 3,650, is 0"


def test_without(town: Path) -> None:
    """A rule is switched off by its id; a list, behaviour or platform too."""
    assert load(town, without=["games"]).scenario.rule["games"].disabled
    with pytest.raises(ScenarioError) as caught:
        load(town, without=["gmes"])
    assert str(caught.value).endswith(
        "error[GH212] the counterfactual removes a rule that does not exist: `gmes`\nhelp: did you mean `games`?"
    )


def test_digest_is_that_of_the_bytes(town: Path) -> None:
    """The digest is the BLAKE2b-256 of the bytes that were parsed."""
    assert load(town).digest == hashlib.blake2b(TOWN.encode(), digest_size=32).hexdigest()


def test_extends(town: Path) -> None:
    """A variant changes what it names: tables merge, numbers and lists are replaced with their evidence."""
    child = town.with_name("variant.toml")
    child.write_text(
        'glasshouse = 1\nextends = "town.toml"\ntitle = "Variant"\n'
        "[society]\nfemale_share = 0.5\n[rule.games]\ndisabled = true\n"
    )
    loaded = load(child)
    assert loaded.scenario.title == "Variant"
    assert loaded.scenario.society.citizens == 1000
    assert loaded.scenario.rule["games"].disabled
    assert "society.female_share" not in loaded.evidence
    assert [name.rpartition("/")[2] for name, _ in loaded.chain] == ["variant.toml", "town.toml"]
    assert loaded.digest != load(town).digest


def test_a_fault_in_a_parent_is_shown_there(town: Path) -> None:
    """A finding names the file its value comes from."""
    town.write_text(TOWN.replace("seen_share = 0.3", "seen_share = 3.5"))
    child = town.with_name("variant.toml")
    child.write_text('glasshouse = 1\nextends = "town.toml"\n')
    with pytest.raises(ScenarioError) as caught:
        load(child)
    assert caught.value.diagnostics[0].place.endswith("town.toml:12:14")
    assert as_json(caught.value.diagnostics)[0]["line"] == 12


def test_sources_of_a_parent_are_its_own_affair(town: Path) -> None:
    """A variant of a strict scenario need not cite; the strict file itself must."""
    town.write_text("strict_sources = true\n" + TOWN)
    with pytest.raises(ScenarioError, match="GH408"):
        load(town)
    child = town.with_name("variant.toml")
    child.write_text('glasshouse = 1\nextends = "town.toml"\n')
    assert not load(child).scenario.strict_sources


def test_extends_too_deep(tmp_path: Path) -> None:
    """Nine parents are one too many; eight are not."""
    for number in range(10):
        text = TOWN if number == 9 else f'glasshouse = 1\nextends = "s{number + 1}.toml"\n'
        (tmp_path / f"s{number}.toml").write_text(text)
    assert load(tmp_path / "s1.toml").scenario.title == "Town"
    with pytest.raises(ScenarioError, match="more than 8 scenarios extend one another"):
        load(tmp_path / "s0.toml")


def test_extends_in_a_circle(tmp_path: Path) -> None:
    """A circle is named link by link."""
    for one, other in (("a", "b"), ("b", "c"), ("c", "b")):
        (tmp_path / f"{one}.toml").write_text(f'glasshouse = 1\nextends = "{other}.toml"\n')
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.toml")
    message = caught.value.diagnostics[0].message.replace(f"{tmp_path}/", "")
    assert message == "the chain comes back to its start: b.toml -> c.toml -> b.toml"


def test_presets_can_be_read() -> None:
    """Every preset has an id, a title and a summary, and loads without an error."""
    for info in module.presets():
        assert info.title
        assert info.summary
        assert load(info.id).scenario.title == info.title


@given(
    st.lists(
        st.tuples(st.integers(0, len(TOWN) - 1), st.integers(0, 255), st.sampled_from("rid")),
        min_size=1,
        max_size=6,
    )
)
def test_damaged_files_end_in_a_message(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, str]]
) -> None:
    """Whatever bytes change, a scenario loads or is refused in our own words."""
    data = bytearray(TOWN.encode())
    for place, byte, kind in edits:
        at = place % len(data)
        if kind == "d":
            del data[at : at + 1 + byte % 20]
        else:
            data[at : at + (kind == "r")] = bytes([byte])
    path = tmp_path_factory.mktemp("fuzz") / "town.toml"
    path.write_bytes(data)
    try:
        load(path)
    except (ScenarioError, InputOutputError, RefusedError):
        return  # anything else is a fault here and fails the test


def test_what_a_scenario_may_hold_is_what_the_tables_of_a_day_have_room_for():
    from glasshouse.model import layout
    from glasshouse.scenario import schema

    assert (schema.MAX_CIRCLES, schema.MAX_FACTORS, schema.MAX_PLATFORMS) == (
        layout.CIRCLES,
        layout.FACTORS,
        layout.PLATFORMS,
    )
    assert (schema.MAX_BEHAVIOURS, schema.MAX_RULES, schema.MAX_LISTS) == (
        layout.BEHAVIOURS,
        layout.RULES,
        layout.LISTS,
    )
    assert schema.MAX_RINGS == layout.ORDERS - layout.CIRCLES * layout.PROVINCES - 1
