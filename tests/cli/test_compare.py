"""`compare` on the command line: variants, breakdowns, folders, stopping and going on."""

from __future__ import annotations

import json

import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

from glasshouse.compare import worlds
from glasshouse.records.measures import TOTALS
from glasshouse.views import cli_report, compare_job

VARIANTS = """[variant.gentle]
label = "a third of the points"
set = { "rule.games.points" = -5 }
[variant.no-list]
without = ["low"]
"""
FEW = ("--citizens", 300, "--days", 12, "--replicates", 3, "--threads", 1)


@pytest.fixture
def listed(small):
    """Return the path of a scenario with variants of its own."""
    small.write_text(small.read_text(encoding="utf-8") + VARIANTS, encoding="utf-8")
    return small


def test_a_variant_of_the_scenarios_own(glasshouse, listed):
    tree = json.loads(glasshouse("compare", listed, "--variant", "gentle", *FEW, "--json").out)
    assert tree["variant"] == "small variant gentle"
    same = json.loads(glasshouse("compare", listed, "--set", "rule.games.points=-5", *FEW, "--json").out)
    assert tree["effects"] == same["effects"]
    assert tree["effects"]["points_lost.all"]["mean"] < 0


def test_a_scenario_alone_is_compared_with_each_of_its_variants(glasshouse, listed, tmp_path):
    done = glasshouse("compare", listed, *FEW, "--json", "-o", tmp_path / "all")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert [one["variant"] for one in found] == ["small variant gentle", "small variant no-list"]
    for name in ("gentle", "no-list"):
        assert (tmp_path / "all" / name / "report.html").is_file()
    told = glasshouse("life", tmp_path / "all" / "gentle", 7)
    assert told.code in {0, 4}  # so small a society may be refused, but the world is made again
    assert "cannot be lived again" not in told.err


def test_an_unknown_variant_is_told_what_there_is(glasshouse, listed):
    done = glasshouse("compare", listed, "--variant", "gentel")
    assert (done.code, done.err) == (2, "error: small has no variant `gentel`\nhelp: did you mean gentle?\n")
    both = glasshouse("compare", listed, "--variant", "gentle", "--without", "games")
    assert both.err.splitlines()[0] == "error: a change and a variant are both given"


def test_what_is_written_is_what_is_said(glasshouse, listed, tmp_path):
    folder = tmp_path / "two"
    done = glasshouse("compare", listed, "--variant", "gentle", *FEW, "-o", folder, "--json")
    tree = json.loads(done.out)
    assert json.loads((folder / "comparison.json").read_bytes()) == tree
    table = pq.read_table(folder / "effects.parquet")
    assert arrow_csv.read_csv(folder / "effects.csv").num_rows == table.num_rows
    rows = {row["measure"]: row for row in table.to_pylist() if row["place"] == "nation"}
    assert set(rows) == {*TOTALS, "affected", "outwardly_affected"}
    assert all(rows[key]["mean"] == one["mean"] for key, one in tree["effects"].items())


@pytest.mark.parametrize("by", ["group", "province"])
def test_effects_by_place(glasshouse, listed, by):
    asked = ("compare", listed, "--variant", "gentle", *FEW, "--by", by)
    done = glasshouse(*asked)
    assert f"Effects by {by}, per 100,000 of its citizens" in done.out
    assert ("Guangdong" in done.out) == (by == "province")
    tree = json.loads(glasshouse(*asked, "--json").out)[f"by_{by}"]
    assert len(tree) == (31 if by == "province" else 1)
    assert all(list(one) == list(TOTALS) for one in tree.values())


def test_the_terminal_says_what_was_found_and_what_it_does_not_mean(glasshouse, listed):
    done = glasshouse("compare", listed, "--variant", "gentle", *FEW)
    assert done.code == 0, done.err
    assert "In this synthetic society of 300 citizens, over 12 days, 3 seeds from 1" in done.out
    assert "95 % interval" in done.out
    assert (
        "Who meets it in one world alone holds in this model, where the second life has the same luck"
        in done.out
    )
    assert "Made up for a test." in done.out


def test_a_change_that_means_nothing_is_said_to_change_nothing(glasshouse, listed):
    done = glasshouse("compare", listed, "--set", "rule.games.label=other", *FEW)
    assert "exactly the same in both worlds: " in done.out
    assert "0 % of citizens lived another life" in done.out
    assert "the worlds part" not in done.out


def test_a_smaller_size_is_said_before_the_start(glasshouse, listed, monkeypatch):
    monkeypatch.setattr(worlds, "size_for_a_minute", lambda *_: 200)
    done = glasshouse("compare", listed, "--variant", "gentle", "--days", 5, "--replicates", 2)
    assert done.err.splitlines()[0] == (
        "small has 1,000 citizens; compared with 200, which takes about a minute on two processors"
        " (--citizens N chooses)"
    )
    assert "synthetic society of 200 citizens" in done.out


class StopAfter:
    """Stands for somebody who presses Ctrl-C after so many questions."""

    def __init__(self, questions):
        self.left = questions

    def __call__(self):
        self.left -= 1
        return self.left < 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@pytest.fixture
def pageless(monkeypatch):
    """Write no page, whose figures would take most of the time."""
    monkeypatch.setattr(cli_report, "write_page", lambda _, page: page)


@pytest.mark.parametrize("questions", [5, 15, 30])
def test_a_comparison_that_was_stopped_goes_on_to_the_identical_result(
    glasshouse, listed, tmp_path, monkeypatch, pageless, questions
):
    """While the base is recorded, while the variant is, and in a replicate."""
    asked = ("compare", listed, "--variant", "gentle", *FEW, "-o")
    assert glasshouse(*asked, tmp_path / "whole").code == 0
    with monkeypatch.context() as patched:
        patched.setattr(compare_job, "PoliteStop", lambda: StopAfter(questions))
        stopped = glasshouse(*asked, tmp_path / "two")
    assert stopped.code == 130
    assert "the same command with --resume goes on" in stopped.err
    assert not (tmp_path / "two" / "comparison.json").exists()
    again = glasshouse(*asked, tmp_path / "two")
    assert (again.code, "holds a comparison that was stopped" in again.err) == (5, True)
    done = glasshouse(*asked, tmp_path / "two", "--resume")
    assert done.code == 0, done.err
    for name in ("comparison.json", "effects.parquet", "effects.csv"):
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    for world in ("base", "variant"):
        digests = [
            json.loads((tmp_path / one / world / "manifest.json").read_bytes())["digest"]
            for one in ("two", "whole")
        ]
        assert digests[0] == digests[1]


def test_going_on_needs_a_folder_and_the_same_question(glasshouse, listed, tmp_path, pageless):
    asked = ("compare", listed, "--variant", "gentle", *FEW)
    assert glasshouse(*asked, "--resume").err.splitlines()[0] == (
        "error: --resume needs the folder of the comparison that was stopped"
    )
    both = glasshouse(*asked, "--resume", "--replace", "-o", tmp_path / "two")
    assert (both.code, both.err.splitlines()[0]) == (2, "error: --resume and --replace are both given")
    nothing = glasshouse(*asked, "--resume", "-o", tmp_path / "two", "--quiet")
    assert (nothing.code, "holds no comparison to go on with" in nothing.err) == (5, True)
    assert glasshouse(*asked, "-o", tmp_path / "two", "--quiet").code == 0
    other = glasshouse(*asked, "--seed", 5, "-o", tmp_path / "two", "--resume", "--quiet")
    assert (other.code, "it differs in the first seed (1 there, 5 here)" in other.err) == (5, True)
    assert glasshouse(*asked, "-o", tmp_path / "two", "--replace", "--quiet").code == 0


def test_somebody_who_is_not_there_is_missed_by_so_many(glasshouse, small):
    done = glasshouse("compare", small, "--absent", 3, "--replicates", 2, "--days", 12, "--citizens", 300)
    assert done.code == 0, done.err
    assert "without citizen 3 the lives of" in done.out
    assert "in this synthetic society" in done.out


def test_worlds_of_other_luck_are_not_kept(glasshouse, small, tmp_path):
    for option in (("--absent", 3), ("--coupling", "complement")):
        done = glasshouse("compare", small, *option, "-o", tmp_path / "out")
        assert done.code == 2
        assert "leave -o out" in done.err
        assert not (tmp_path / "out").exists()


def test_the_other_luck_is_named(glasshouse, small):
    done = glasshouse(
        "compare", small, "--without", "games", "--coupling", "complement", "--replicates", 2, "--days", 12,
        "--citizens", 300,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "where the second life has the other luck" in done.out
