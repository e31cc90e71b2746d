"""A comparison that was stopped goes on to the identical result; what is not of it is refused."""

from __future__ import annotations

import json

import pytest

from glasshouse.compare.kept import Kept, asked_tree
from glasshouse.compare.replicates import Task
from glasshouse.compare.worlds import compare
from glasshouse.errors import InputOutputError, Interrupted
from glasshouse.records import files, manifest

DAYS = 20


@pytest.fixture
def asked(loaded, town):
    from glasshouse.scenario.load import load

    def of(seed=1, replicates=4, citizens=300, **changes):
        variant = load(town, **(changes or {"without": ["friends"]}))
        task = Task(loaded.scenario, variant.scenario, citizens, DAYS)
        return asked_tree(task, seed, replicates, ("town", "town without friends"))

    return of


def lived(loaded, kept=None, replicates=4, **more):
    return compare(
        loaded,
        without=["friends"],
        citizens=300,
        days=DAYS,
        replicates=replicates,
        threads=1,
        kept=kept,
        **more,
    )


def stopped_after(n):
    """Return a question that is answered with yes once so many replicates are kept."""
    seen = []

    def progress(replicate, replicates, day, days):
        seen.append((replicate, day))

    return {"progress": progress, "should_stop": lambda: bool(seen) and seen[-1][0] == n}


def test_it_goes_on_to_the_identical_result(loaded, asked, tmp_path):
    folder = tmp_path / "two"
    whole = lived(loaded).as_dict()
    with Kept(folder, asked()) as kept, pytest.raises(Interrupted) as caught:
        lived(loaded, kept, **stopped_after(2))
    assert caught.value.message == (
        f"stopped after 2 of 4 replicates, which are kept in {folder}; the same command with --resume goes on"
    )
    assert caught.value.exit_code == 130
    assert sorted(one.name for one in (folder / "replicates").iterdir()) == [
        "asked.json",
        "replicate-00001.json",
        "replicate-00002.json",
    ]
    with Kept(folder, asked(), resume=True) as kept:
        assert sorted(kept.found) == [0, 1]
        days = []
        again = lived(loaded, kept, progress=lambda k, _r, day, _d: days.append((k, day)))
        assert {k for k, _ in days} == {2, 3}
    assert again.as_dict() == whole
    with Kept(folder, asked(), resume=True) as kept:
        assert lived(loaded, kept, should_stop=lambda: True).as_dict() == whole  # nothing is left to live


def test_more_seeds_may_be_asked_for_later(loaded, asked, tmp_path):
    with Kept(tmp_path / "two", asked()) as kept:
        lived(loaded, kept)
    with Kept(tmp_path / "two", asked(replicates=6), resume=True) as kept:
        assert sorted(kept.found) == [0, 1, 2, 3]
        assert lived(loaded, kept, replicates=6).as_dict() == lived(loaded, replicates=6).as_dict()
        assert lived(loaded, kept, replicates=2).as_dict() == lived(loaded, replicates=2).as_dict()


def test_what_is_damaged_is_lived_again(loaded, asked, tmp_path):
    folder = tmp_path / "two"
    with Kept(folder, asked()) as kept:
        whole = lived(loaded, kept).as_dict()
    second = folder / "replicates" / "replicate-00002.json"
    second.write_text(second.read_text().replace('"counts":[[[', '"counts":[[[9'), encoding="utf-8")
    (folder / "replicates" / "replicate-00003.json").write_bytes(b"{")
    third = folder / "replicates" / "replicate-00004.json"
    (folder / "replicates" / "replicate-00001.json").write_bytes(third.read_bytes())  # of another seed
    with Kept(folder, asked(), resume=True) as kept:
        assert sorted(kept.found) == [3]
        assert lived(loaded, kept).as_dict() == whole


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"seed": 2}, "the first seed (1 there, 2 here)"),
        ({"citizens": 301}, "citizens (300 there, 301 here)"),
        ({"without": ["games"]}, "the variant"),
    ],
)
def test_another_comparison_is_refused(asked, tmp_path, other, words):
    Kept(tmp_path / "two", asked()).release()
    with pytest.raises(InputOutputError) as caught:
        Kept(tmp_path / "two", asked(**other), resume=True)
    assert caught.value.message == (
        f"the comparison in {tmp_path / 'two'} is another one; it differs in {words}"
    )
    assert caught.value.help == "it compares town with town without friends: give the command that began it"


def test_another_version_is_refused(asked, tmp_path, monkeypatch):
    Kept(tmp_path / "two", asked()).release()
    monkeypatch.setattr("glasshouse.run.MODEL_VERSION", 99)
    with pytest.raises(InputOutputError, match=rf"model_version \({manifest.MODEL_VERSION} there, 99 here\)"):
        Kept(tmp_path / "two", asked(), resume=True)


def test_what_was_asked_must_be_as_it_was_written(asked, tmp_path):
    Kept(tmp_path / "two", asked()).release()
    path = tmp_path / "two" / "replicates" / "asked.json"
    tree = json.loads(path.read_bytes())
    path.write_text(json.dumps({**tree, "days": 21}), encoding="utf-8")
    with pytest.raises(InputOutputError, match=r"asked\.json is damaged"):
        Kept(tmp_path / "two", asked(), resume=True)


def test_a_folder_that_holds_something_is_left_alone(asked, tmp_path):
    with pytest.raises(InputOutputError, match="holds no comparison to go on with"):
        Kept(tmp_path / "none", asked(), resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    for replace in (False, True):
        with pytest.raises(InputOutputError, match="is not empty"):
            Kept(tmp_path / "mine", asked(), replace=replace)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputOutputError, match="is a file, expected a folder"):
        Kept(tmp_path / "file", asked())


def test_a_comparison_is_replaced_only_when_asked_and_other_files_stay(loaded, asked, tmp_path):
    folder = tmp_path / "two"
    with Kept(folder, asked()) as kept:
        lived(loaded, kept)
    (folder / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputOutputError, match="holds a comparison that was stopped") as caught:
        Kept(folder, asked())
    assert caught.value.help.startswith(
        "the same command with --resume goes on with it; or choose another name"
    )
    (folder / "comparison.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputOutputError, match="holds a comparison already"):
        Kept(folder, asked())
    Kept(folder, asked(seed=9), replace=True).release()
    assert sorted(one.name for one in folder.iterdir()) == ["letter.txt", "replicates"]
    assert [one.name for one in (folder / "replicates").iterdir()] == ["asked.json"]


def test_one_process_at_a_time(asked, tmp_path):
    with Kept(tmp_path / "two", asked()), pytest.raises(InputOutputError, match="is in use by another run"):
        Kept(tmp_path / "two", asked(), resume=True)


def test_a_full_disk_loses_no_replicate_that_was_kept(loaded, asked, tmp_path, monkeypatch):
    import errno

    def full(step):
        if step == "write replicate-00003.json":
            raise OSError(errno.ENOSPC, "No space left on device")

    with Kept(tmp_path / "two", asked()) as kept:
        monkeypatch.setattr(files, "FAILPOINTS", [full])
        with pytest.raises(InputOutputError, match="No space left on device"):
            lived(loaded, kept)
    monkeypatch.undo()
    with Kept(tmp_path / "two", asked(), resume=True) as kept:
        assert sorted(kept.found) == [0, 1]
        assert lived(loaded, kept).as_dict() == lived(loaded).as_dict()
