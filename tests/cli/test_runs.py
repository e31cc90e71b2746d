"""run, report, export, compare, life, verify, bench, and the demo, on small societies."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

from glasshouse.compare.effects import effect, t_quantile
from glasshouse.errors import UsageError
from glasshouse.views.cli_errors import guarded
from glasshouse.views.cli_options import as_json_text
from glasshouse.views.cli_summary import per_100k
from glasshouse.views.progress import DayProgress, spelled_rate, spelled_time

KEYS = {
    "scenario", "seed", "citizens", "days", "digest", "wall_s", "citizen_days_per_s", "peak_rss_bytes",
    "state_bytes_per_citizen", "totals",
}  # fmt: skip


# ---- run


def test_run_prints_one_json_object_and_nothing_else(glasshouse, small, tmp_path):
    done = glasshouse("run", small, "--seed", 3, "--days", 20, "--json", "-o", tmp_path / "run")
    assert done.code == 0
    tree = json.loads(done.out)
    assert set(tree) >= KEYS
    assert (tree["scenario"], tree["seed"], tree["citizens"], tree["days"]) == ("small", 3, 1000, 20)
    assert tree["totals"]["points_lost.games"] > 0
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["digest"] == tree["digest"]
    again = glasshouse("run", small, "--seed", 3, "--days", 20, "--json")
    assert json.loads(again.out)["digest"] == tree["digest"]


def test_run_without_a_terminal_tells_every_tenth(glasshouse, small):
    done = glasshouse("run", small, "--days", 40)
    lines = [line for line in done.err.splitlines() if "day " in line]
    assert len(lines) == 10
    assert lines[-1].startswith("small: day 40 of 40 (100 %)")
    assert "\x1b" not in done.err


def test_the_summary_names_its_denominator_and_the_notice(glasshouse, small, tmp_path):
    done = glasshouse("run", small, "--days", 20, "-o", tmp_path / "run")
    assert done.code == 0
    assert "In this synthetic society of 1,000 citizens, over 20 days, seed 1" in done.out
    assert "per 100,000 citizens" in done.out
    assert "Made up for a test." in done.out
    assert f"`glasshouse report {tmp_path}" in done.out.replace("\n", " ")


def test_quiet_says_nothing(glasshouse, small):
    done = glasshouse("run", small, "--days", 3, "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_an_output_that_exists_is_refused_and_stays(glasshouse, small, tmp_path):
    assert glasshouse("run", small, "--days", 3, "-o", tmp_path / "run", "--quiet").code == 0
    before = (tmp_path / "run" / "manifest.json").read_bytes()
    done = glasshouse("run", small, "--days", 3, "-o", tmp_path / "run")
    assert done.code == 5
    assert "holds a run already" in done.err
    assert (tmp_path / "run" / "manifest.json").read_bytes() == before
    assert (
        glasshouse(
            "run", small, "--days", 3, "--seed", 9, "-o", tmp_path / "run", "--replace", "--quiet"
        ).code
        == 0
    )
    assert (tmp_path / "run" / "manifest.json").read_bytes() != before


def test_a_change_and_a_switch_reach_the_run(glasshouse, small):
    plain = json.loads(glasshouse("run", small, "--days", 20, "--json").out)
    without = json.loads(glasshouse("run", small, "--days", 20, "--json", "--without", "games").out)
    assert plain["totals"]["points_lost.all"] > 0
    assert without["totals"]["points_lost.all"] == 0
    unknown = glasshouse("run", small, "--without", "gamez")
    assert unknown.code == 3
    assert "did you mean `games`?" in unknown.err


def test_an_interrupted_run_ends_with_130_and_leaves_nothing_whole(glasshouse, small, tmp_path, monkeypatch):
    def stop(self, day, days, rate=0.0):
        if day == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(DayProgress, "__call__", stop)
    done = glasshouse("run", small, "-o", tmp_path / "run")
    assert done.code == 130
    assert "Traceback" not in done.err
    assert not (tmp_path / "run" / "manifest.json").exists()


# ---- report, export


@pytest.fixture
def run_folder(glasshouse, small, tmp_path):
    folder = tmp_path / "run"
    assert glasshouse("run", small, "-o", folder, "--quiet").code == 0
    return folder


def test_report_makes_a_page(glasshouse, run_folder):
    done = glasshouse("report", run_folder)
    assert (done.code, done.out) == (0, f"report: {run_folder / 'report.html'}\n")
    assert (run_folder / "report.html").read_text(encoding="utf-8").startswith("<!")


def test_report_of_a_folder_without_a_run(glasshouse, tmp_path):
    done = glasshouse("report", tmp_path)
    assert done.code == 5
    assert "holds no run and no comparison" in done.err


def test_export_writes_what_is_asked_for(glasshouse, run_folder, tmp_path):
    csv, parquet = tmp_path / "out.csv", tmp_path / "out.parquet"
    asked = ["--measure", "acts.games", "--from-day", 5, "--to-day", 7]
    assert glasshouse("export", run_folder, *asked, "-o", csv).code == 0
    assert glasshouse("export", run_folder, *asked, "-o", parquet).code == 0
    one, other = arrow_csv.read_csv(csv), pq.read_table(parquet)
    assert one.num_rows == other.num_rows > 0
    assert set(one["measure"].to_pylist()) == {"acts.games"}
    assert set(one["day"].to_pylist()) == {5, 6, 7}
    assert glasshouse("export", run_folder, "-o", csv).code == 5


def test_export_answers_unknown_names(glasshouse, run_folder, tmp_path):
    done = glasshouse("export", run_folder, "--measure", "act.games", "-o", tmp_path / "x.csv")
    assert done.code == 2
    assert (
        done.err
        == "error: --measure act.games: the run has no record of it\nhelp: did you mean acts.games?\n"
    )
    late = glasshouse("export", run_folder, "--from-day", 9, "--to-day", 3, "-o", tmp_path / "x.csv")
    assert (late.code, late.err) == (2, "error: --from-day 9 is after --to-day 3\n")
    assert not (tmp_path / "x.csv").exists()


# ---- compare


def test_compare_finds_the_effect_of_a_rule(glasshouse, small):
    done = glasshouse("compare", small, "--without", "games", "--replicates", 3, "--days", 30, "--json")
    assert done.code == 0
    tree = json.loads(done.out)
    lost = tree["effects"]["points_lost.all"]
    assert tree["replicates"] == 3
    assert lost["mean"] < 0
    assert lost["low"] <= lost["mean"] <= lost["high"] < 0
    assert 0 < tree["affected_share"] <= 1
    assert tree["first_day"] is not None
    parted = tree["divergence"]["parted"]
    assert parted == sorted(parted)
    assert len(parted) == 30


def test_the_same_world_twice_never_parts(glasshouse, small):
    tree = json.loads(glasshouse("compare", small, small, "--replicates", 2, "--days", 10, "--json").out)
    assert tree["affected_share"] == 0
    assert tree["first_day"] is None
    assert all(one["mean"] == 0 for one in tree["effects"].values())


def test_switching_off_a_list_changes_only_those_it_met(glasshouse, small):
    """Lists are numbered anew without it; people on another list must not count as changed."""
    text = small.read_text() + '[list.zero]\nentry_records_of = ["games"]\nentry_share = 0.5\n'
    small.write_text(text)
    tree = json.loads(
        glasshouse("compare", small, "--without", "low", "--replicates", 1, "--days", 5, "--json").out
    )
    assert tree["affected_share"] < 0.02
    assert tree["effects"]["listed.persons"]["low"] is None


def test_one_replicate_gives_no_interval_and_says_so(glasshouse, small):
    done = glasshouse("compare", small, "--without", "games", "--replicates", 1, "--days", 5)
    assert "one seed is one pair of worlds: a difference, no effect" in done.out
    assert "interval" not in done.out.replace("gives an interval", "")
    assert "effect" not in done.out.replace("no effect", "")


def test_compare_writes_both_worlds(glasshouse, small, tmp_path):
    folder = tmp_path / "two"
    done = glasshouse("compare", small, "--without", "games", "--replicates", 2, "--days", 10, "-o", folder)
    assert done.code == 0, done.err
    assert (folder / "base" / "manifest.json").is_file()
    assert (folder / "variant" / "manifest.json").is_file()
    assert json.loads((folder / "comparison.json").read_text())["replicates"] == 2
    assert (folder / "report.html").is_file()


def test_compare_needs_something_to_compare(glasshouse, small):
    done = glasshouse("compare", small)
    assert done.code == 2
    assert done.err == (
        "error: nothing to compare with\n"
        "help: give a second scenario, or change this one with --without, --set or --variant\n"
    )
    both = glasshouse("compare", small, small, "--without", "games")
    assert (both.code, both.err.splitlines()[0]) == (
        2,
        "error: a second scenario and a change are both given",
    )


def test_other_societies_have_no_twins(glasshouse, small):
    done = glasshouse("compare", small, "--set", "society.urban_share=0.1", "--replicates", 1)
    assert done.code == 2
    assert (
        "the two scenarios differ in their society; twins need the same people with the same luck" in done.err
    )


def test_the_interval_is_students():
    base, variant = [10, 12, 9, 11], [13, 16, 11, 15]
    found = effect(base, variant)
    differences = [3, 4, 2, 4]
    mean = sum(differences) / 4
    spread = math.sqrt(sum((d - mean) ** 2 for d in differences) / 3)
    assert found.mean == mean
    assert found.high - found.mean == pytest.approx(3.182446 * spread / 2, rel=1e-6)
    assert found.pairing_helped is True


@pytest.mark.parametrize(
    ("df", "t"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (7, 2.3646), (30, 2.0423), (100, 1.9840), (9999, 1.9602)],
)
def test_quantiles_are_those_of_the_tables(df, t):
    assert t_quantile(df) == pytest.approx(t, abs=5e-5)


# ---- life


@pytest.fixture
def two_worlds(glasshouse, small, tmp_path):
    folder = tmp_path / "two"
    asked = ["--without", "low", "--replicates", 1, "--days", 40, "-o", folder, "--quiet"]
    assert glasshouse("compare", small, *asked).code == 0
    return folder


def test_life_tells_both_worlds_and_what_parted_them(glasshouse, two_worlds):
    done = glasshouse("life", two_worlds, "--pick", "most-affected", "--json", "--quiet")
    assert done.code == 0, done.err
    life = json.loads(done.out)
    assert life["picked"] == "most-affected"
    parting = life["parting"]
    assert (parting["by"], parting["kind"], parting["world"]) == ("list.low", "own", "small")
    assert parting["day"] > 0
    assert [diary["world"] for diary in life["diaries"]] == ["small", "small without low"]
    assert any(line["what"] == "listed" for line in life["diaries"][0]["lines"])
    told = glasshouse("life", two_worlds, life["citizen"])
    assert f"The two lives part on day {parting['day']}" in told.out
    assert "Made up for a test." in told.out


def test_life_of_one_world(glasshouse, run_folder):
    done = glasshouse("life", run_folder, 7)
    assert done.code == 0, done.err
    assert done.out.startswith("Citizen 7: ")
    silent = glasshouse("life", run_folder, "--pick", "punished-by-association")
    assert silent.code == 2
    assert "nobody in this run fits" in silent.err


def test_life_is_refused_in_a_small_society(glasshouse, small, tmp_path):
    folder = tmp_path / "few"
    assert glasshouse("run", small, "--citizens", 999, "--days", 2, "-o", folder, "--quiet").code == 0
    done = glasshouse("life", folder, 5)
    assert done.code == 4
    assert "could stand for a household or an office" in done.err


def test_life_of_nobody(glasshouse, run_folder):
    done = glasshouse("life", run_folder, 1000)
    assert (done.code, done.err) == (2, "error: citizen 1000: this society has the citizens 0 to 999\n")
    assert glasshouse("life", run_folder).code == 2
    assert glasshouse("life", run_folder, 3, "--pick", "silent").code == 2
    mistyped = glasshouse("life", run_folder, "--pick", "silentt")
    assert mistyped.err.endswith("help: did you mean silent?\n")


def test_a_run_can_be_lived_again_from_its_manifest_alone(glasshouse, small, tmp_path):
    folder = tmp_path / "run"
    (tmp_path / "child.toml").write_text('glasshouse = 1\nextends = "./small.toml"\ntitle = "A child"\n')
    child = tmp_path / "child.toml"
    asked = ["--days", 5, "--set", "rule.games.points=-25", "--without", "low", "-o", folder, "--quiet"]
    assert glasshouse("run", child, *asked).code == 0
    child.unlink()
    small.unlink()
    assert glasshouse("life", folder, 3, "--quiet").code == 0


# ---- verify, bench, demo


def test_verify_certifies_one_digest(glasshouse, small):
    done = glasshouse("verify", small, "--citizens", 300, "--days", 5, "--json")
    listed = json.loads(done.out)
    assert done.code == 0, done.err
    assert all(one["equal"] for one in listed)
    assert {one["combination"].split(",")[0] for one in listed} == {"oracle", "kernels"}
    assert len({one["digest"] for one in listed}) == 2  # the small uncompiled ones are of another size
    assert len(listed) >= 30


def test_verify_ends_with_6_when_a_digest_differs(glasshouse, small, monkeypatch, tmp_path):
    from glasshouse import verify

    digests = iter("aaab" + 60 * "a")
    monkeypatch.setattr(verify, "digest_here", lambda *_: next(digests))
    monkeypatch.setattr(verify, "in_child", lambda *_: next(digests))
    done = glasshouse("verify", small, "-o", tmp_path / "paper")
    assert done.code == 6
    tree = json.loads((tmp_path / "paper" / "certificate.json").read_text())
    assert tree["agree"] is False
    assert sum(not one["equal"] for one in tree["combinations"]) == 1
    page = (tmp_path / "paper" / "certificate.html").read_text()
    assert page.count("DIFFERS") == 1
    assert "1 of " in page
    assert "1 of " in done.out
    assert "DIFFERS" in done.out


def test_bench_measures_against_the_yardstick(glasshouse, small):
    done = glasshouse("bench", small, "--citizens", 5000, "--days", 2, "--json")
    assert done.code == 0
    rule, one = json.loads(done.out)
    assert rule["name"] == "NumPy yardstick"
    assert one["name"] == "small"
    assert one["citizen_days_per_s"] > 0
    assert one["state_bytes_per_citizen"] < 60
    assert one["ratio"] == pytest.approx(one["citizen_days_per_s"] / rule["citizen_days_per_s"])


def test_the_demo_replaces_only_its_own_output(tmp_path, capsys):
    from glasshouse.views.demo import demo

    folder = tmp_path / "demo"
    asked = ["-o", str(folder), "--citizens", "1000", "--days", "5"]
    assert guarded(demo, asked) == 0
    told = capsys.readouterr()
    assert "as-reported" in told.out
    assert "as-documented" in told.out
    assert "no such national score exists" in told.out
    assert (folder / "report.html").is_file()
    assert guarded(demo, asked) == 0
    (folder / "notes.txt").write_text("mine")
    assert guarded(demo, asked) == 5
    assert "notes.txt, which is not of an earlier demo" in capsys.readouterr().err
    assert (folder / "notes.txt").read_text() == "mine"


# ---- small parts


def test_large_integers_become_strings_in_json():
    assert json.loads(as_json_text({"a": 2**53, "b": 2**53 + 1, "c": float("nan"), "d": True})) == {
        "a": 2**53,
        "b": str(2**53 + 1),
        "c": None,
        "d": True,
    }


def test_rates_and_times_in_words():
    assert per_100k(35, 20_000) == "175"
    assert spelled_rate(51_234_567) == "51.2 M"
    assert spelled_time(95) == "1 min 35 s"
    assert spelled_time(-3) == "0 s"


def test_a_bar_is_drawn_on_a_terminal(capsys):
    with DayProgress(1000, "world", terminal=True) as progress:
        for day in range(1, 4):
            progress(day, 3)
    assert "world" in capsys.readouterr().err


def test_compare_refuses_odd_replicates(small):
    from glasshouse.compare import compare

    with pytest.raises(UsageError, match="0 replicates, expected 1 to 10,000"):
        compare(str(small), without=["games"], replicates=0)


def test_on_a_pipe_progress_is_a_line_for_every_tenth_and_every_minute(capsys, monkeypatch):
    from glasshouse.views import progress as module

    clock = iter(range(0, 100_000, 25))
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with module.DayProgress(1000, "slow", terminal=False) as progress:
        for day in range(1, 21):
            progress(day, 200)
    told = [line.split(" of ")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == [f"slow: day {day}" for day in (3, 6, 9, 12, 15, 18, 20)]
