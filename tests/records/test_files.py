"""Crashes, full disks, damaged files, foreign folders, locks: the state afterwards is always a legal one."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from paper_town import counts, record, source, world

from glasshouse.errors import InputOutputError
from glasshouse.model.flows import flow_names
from glasshouse.model.stocks import stock_names
from glasshouse.records import claim as claims
from glasshouse.records import files
from glasshouse.records.claim import LOCK, claim_output
from glasshouse.records.digest import RunDigest
from glasshouse.records.layout import Layout
from glasshouse.records.manifest import own_hash, read_manifest, to_bytes
from glasshouse.records.reader import open_run
from glasshouse.records.recorder import Recorder


class Killed(BaseException):
    """The process is gone: no step after this one is made, not even one of tidying up."""


@pytest.fixture(scope="module")
def short():
    return world(days=2)


@pytest.fixture(scope="module")
def layout(short):
    return Layout.of(short, flow_names(short), stock_names(short))


@pytest.fixture
def folder(tmp_path, short, layout):
    record(tmp_path / "run", short, layout)
    return tmp_path / "run"


def steps(failpoints, work) -> list[str]:
    """Return the names of all steps of a piece of work."""
    seen: list[str] = []
    failpoints.append(seen.append)
    work()
    failpoints.clear()
    return seen


def dying(at: int):
    """Return a hook that ends everything from step number `at` on."""
    count = 0

    def hook(name: str) -> None:
        nonlocal count
        count += 1
        if count >= at:
            raise Killed(name)

    return hook


def failing(at: int, code: int):
    """Return a hook that fails once, at step number `at`."""
    count = 0

    def hook(name: str) -> None:
        nonlocal count
        count += 1
        if count == at:
            raise OSError(code, os.strerror(code))

    return hook


def is_legal(where: Path) -> bool:
    """Say whether a folder holds no run or a whole one; anything else fails."""
    if not (where / "manifest.json").exists():
        return False
    open_run(where).verify()
    return True


def test_a_hook_stops_its_own_thread_and_no_other(tmp_path, short, layout, failpoints):
    failpoints[:] = [dying(1)]
    with ThreadPoolExecutor(1) as pool:  # as a studio does that an earlier test left in this process
        pool.submit(record, tmp_path / "theirs", short, layout).result()
    with pytest.raises(Killed):
        record(tmp_path / "ours", short, layout)
    failpoints.clear()
    assert is_legal(tmp_path / "theirs")


def test_killed_at_any_step_a_folder_holds_no_run_or_a_whole_one(tmp_path, short, layout, failpoints):
    number = len(steps(failpoints, lambda: record(tmp_path / "first", short, layout)))
    assert number > 30
    whole = 0
    for at in range(1, number + 1):
        where = tmp_path / str(at)
        failpoints[:] = [dying(at)]
        with pytest.raises(Killed):
            record(where, short, layout)
        failpoints.clear()
        whole += is_legal(where)
    assert whole  # after the manifest got its name


def test_killed_while_an_older_run_is_replaced_no_mixture_is_left(
    tmp_path, short, layout, failpoints, monkeypatch
):
    where = tmp_path / "run"
    held: list[int] = []
    take = claims.take_lock
    monkeypatch.setattr(claims, "take_lock", lambda folder: held.append(take(folder)) or held[-1])
    record(where, short, layout)
    number = len(steps(failpoints, lambda: record(where, short, layout, replace=True)))
    held.clear()
    for at in range(1, number + 1):
        failpoints[:] = [dying(at)]
        with pytest.raises(Killed):
            record(where, short, layout, replace=True)
        failpoints.clear()
        is_legal(where)
        bury(where, held)
        record(where, short, layout, replace=True)  # and the next one goes through
        held.clear()
        assert is_legal(where)


def bury(where: Path, held: list[int]) -> None:
    """Make a process that was 'killed' look dead: the system has closed its files, its number is free."""
    for number in held:
        with suppress(OSError):
            os.close(number)
    held.clear()
    if (where / LOCK).exists():
        (where / LOCK).write_text(holder(pid=2**22 + 5))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_any_step_that_fails_ends_with_exit_code_5_and_an_empty_folder(
    tmp_path, short, layout, failpoints, code
):
    seen = steps(failpoints, lambda: record(tmp_path / "first", short, layout))
    for at, name in enumerate(seen, start=1):
        where = tmp_path / str(at)
        failpoints[:] = [failing(at, code)]
        if name.startswith("unlink"):  # tidying up may fail in silence
            record(where, short, layout)
            continue
        with pytest.raises(InputOutputError, match="cannot") as caught:
            record(where, short, layout)
        failpoints.clear()
        assert caught.value.exit_code == 5
        assert os.strerror(code) in str(caught.value)
        assert not where.exists() or list(where.iterdir()) == []
        assert (caught.value.help is not None) == (code == errno.ENOSPC)


def test_a_real_kill_leaves_a_lock_that_the_next_run_takes_over(tmp_path):
    where = tmp_path / "run"
    code = "import os, sys\nfrom glasshouse.records.claim import claim_output\nclaim_output(sys.argv[1])\nos._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(where)], check=False).returncode == 9
    assert (where / LOCK).exists()
    (where / "daily.parquet.part-77").write_bytes(b"left over")
    with claim_output(where):
        assert [path.name for path in where.iterdir()] == [LOCK]
    assert list(where.iterdir()) == []


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize(
    "name", ["daily.parquet", "bulletin.parquet", "scores.parquet", "bulletin.txt", "summary.json"]
)
def test_a_truncated_file_is_named(tmp_path, short, layout, name):
    tall = world(days=15)
    where = tmp_path / "run"
    record(where, tall, layout)
    content = (where / name).read_bytes()
    for size in (0, 3, len(content) // 2, len(content) - 1):
        (where / name).write_bytes(content[:size])
        with pytest.raises(InputOutputError, match=name.replace(".", r"\.")):
            open_run(where).verify()


@pytest.mark.parametrize(
    "name", ["daily.parquet", "bulletin.parquet", "bulletin.txt", "summary.json", "manifest.json"]
)
def test_one_flipped_bit_is_found(folder, name):
    content = bytearray((folder / name).read_bytes())
    for place in range(7, len(content), max(1, len(content) // 40)):
        content[place] ^= 4
        (folder / name).write_bytes(content)
        with pytest.raises(InputOutputError, match=name.replace(".", r"\.")):
            open_run(folder).verify()
        content[place] ^= 4
    (folder / name).write_bytes(content)
    open_run(folder).verify()


def test_pages_have_checksums_of_their_own(folder):
    import pyarrow.parquet as pq

    content = bytearray((folder / "daily.parquet").read_bytes())
    content[len(content) // 3] ^= 1
    (folder / "daily.parquet").write_bytes(content)
    with pytest.raises(OSError, match=r"(?i)crc"):
        pq.ParquetFile(folder / "daily.parquet", page_checksum_verification=True).read()


def test_a_missing_file_is_named(folder):
    (folder / "daily.parquet").unlink()
    with pytest.raises(InputOutputError, match=r"daily\.parquet"):
        open_run(folder).daily()


def test_a_file_that_the_manifest_does_not_name_is_never_read(folder):
    (folder / "extra.parquet").write_bytes(b"x")
    with pytest.raises(InputOutputError, match="has no extra"):
        open_run(folder).table("extra.parquet")
    open_run(folder).verify()


def change(folder: Path, *, rehash: bool = True, **fields) -> None:
    """Write other fields into a manifest."""
    tree = json.loads((folder / "manifest.json").read_bytes()) | fields
    if rehash:
        tree["blake2b"] = own_hash(tree)
    (folder / "manifest.json").write_bytes(to_bytes(tree))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"format": "something"}, "not the manifest of a Glasshouse run"),
        ({"format_version": 2}, "format version 2"),
        ({"digest": None}, "digest is of the wrong type"),
        ({"digest": "xyz"}, "64 hexadecimal"),
        ({"citizens": True}, "citizens is of the wrong type"),
        ({"scenario": {}}, r"scenario\.name is missing"),
        ({"day_digests": []}, "0 day digests for 2 days"),
        ({"files": [3]}, "no object"),
        (
            {"files": [{"name": "../../etc/passwd", "size_bytes": 1, "rows": 1, "blake2b": "0" * 64}]},
            "not the name",
        ),
        (
            {"files": [{"name": "manifest.json", "size_bytes": 1, "rows": 1, "blake2b": "0" * 64}]},
            "not the name",
        ),
        (
            {"files": [{"name": "a.txt", "size_bytes": 1, "rows": "x", "blake2b": "0" * 64}]},
            "no size or rows",
        ),
        ({"files": [{"name": "a.txt", "size_bytes": 1, "rows": 1, "blake2b": "0"}]}, "no hash"),
    ],
)
def test_a_foreign_or_broken_manifest_is_refused(folder, fields, words):
    change(folder, **fields)
    with pytest.raises(InputOutputError, match=words) as caught:
        read_manifest(folder)
    assert caught.value.exit_code == 5


def test_an_edited_manifest_is_refused(folder):
    change(folder, citizens=6_000, rehash=False)
    with pytest.raises(InputOutputError, match="does not match its own hash"):
        read_manifest(folder)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}'])
def test_what_is_no_manifest_is_refused(folder, text):
    (folder / "manifest.json").write_bytes(text)
    with pytest.raises(InputOutputError, match=r"manifest\.json"):
        read_manifest(folder)


def test_a_huge_manifest_is_not_read(folder, monkeypatch):
    monkeypatch.setattr("glasshouse.records.manifest.LARGEST", 100)
    with pytest.raises(InputOutputError, match="too large"):
        read_manifest(folder)


# ---------------------------------------------------------------- folders and locks


def test_a_folder_that_holds_something_is_refused_with_another_name(folder, short, layout):
    with pytest.raises(InputOutputError, match="holds a run already") as caught:
        Recorder(folder, short, layout)
    assert "run-2" in str(caught.value.help)
    open_run(folder).verify()


def test_a_run_may_be_replaced_and_other_files_stay(folder, short, layout):
    (folder / "notes.txt").write_text("mine")
    record(folder, short, layout, replace=True)
    open_run(folder).verify()
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json", "daily.parquet"])
def test_another_folder_is_never_replaced(tmp_path, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("{}")
    with pytest.raises(InputOutputError, match="is not empty"):
        claim_output(tmp_path / "mine", replace=True)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [name]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputOutputError, match="is a file"):
        claim_output(tmp_path / "file")


def test_folders_above_are_made(tmp_path):
    with claim_output(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / LOCK).is_file()


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path, failpoints, code):
    failpoints.append(failing(1, code))
    with pytest.raises(InputOutputError, match="cannot use the output folder") as caught:
        claim_output(tmp_path / "run")
    assert caught.value.help == "choose a folder that you may write to"


def test_a_second_run_sees_who_holds_the_folder(tmp_path):
    with (
        claim_output(tmp_path / "run"),
        pytest.raises(InputOutputError, match=f"pid {os.getpid()}") as caught,
    ):
        claim_output(tmp_path / "run", replace=True)
    assert "host" in str(caught.value)
    assert "since" in str(caught.value)
    assert LOCK in str(caught.value.help)


def holder(**fields) -> str:
    return json.dumps(claims.this_process() | fields)


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        (holder(pid=2**22 + 5), True),  # no such process
        (holder(started="1"), True),  # the number was given to another process since
        (holder(pid="x"), True),
        ("", True),
        ("not json", True),
        (holder(host="elsewhere"), False),
        (holder(), False),
    ],
    ids=["no-process", "number-used-again", "no-number", "empty", "no-json", "other-machine", "alive"],
)
def test_a_lock_without_its_process_is_stale(tmp_path, text, stale):
    (tmp_path / LOCK).write_text(text)
    if stale:
        claim_output(tmp_path).release()
        assert not (tmp_path / LOCK).exists()
    else:
        with pytest.raises(InputOutputError, match="in use by another run"):
            claim_output(tmp_path)


def test_a_lock_that_is_a_link_leads_nowhere(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / LOCK).symlink_to(tmp_path / "precious")
    with pytest.raises(InputOutputError, match="cannot use the output folder"):
        claim_output(tmp_path / "run")
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_locked_folder_with_a_run_says_so(folder):
    (folder / LOCK).write_text(holder(pid=2**22 + 5))
    with pytest.raises(InputOutputError, match="holds a run already"):
        claim_output(folder)
    assert not (folder / LOCK).exists()


# ---------------------------------------------------------------- one file


def test_a_file_is_whole_or_not_there(tmp_path):
    done = files.write_atomically(tmp_path / "a.txt", lambda part: part.write(b"whole"))
    assert (tmp_path / "a.txt").read_bytes() == b"whole"
    assert (done.size_bytes, done.blake2b) == files.hash_file(tmp_path / "a.txt")

    def half(part):
        part.write(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        files.write_atomically(tmp_path / "a.txt", half)
    assert (tmp_path / "a.txt").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_disk_that_lies_is_found_out(tmp_path, failpoints):
    def corrupt(name: str) -> None:
        if name.startswith("check"):
            part = next(tmp_path.glob("*.part-*"))
            part.write_bytes(b"other")

    failpoints.append(corrupt)
    with pytest.raises(InputOutputError, match="other bytes"):
        files.write_atomically(tmp_path / "a.txt", lambda part: part.write(b"whole"))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_words(tmp_path, short, layout):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    recorder = Recorder(tmp_path / "run", short, layout)
    assert recorder._daily._part._raw is not None
    recorder._daily._part._raw.close()
    recorder._daily._part._raw = full.open("wb", buffering=0)
    digest = RunDigest(short, layout)
    for t in range(2):
        recorder.day(t, *counts(layout, t))
        digest.day(t, *counts(layout, t))
    with pytest.raises(InputOutputError, match="No space left") as caught:
        recorder.close(source(), digest, "0" * 64)
    assert "make room" in str(caught.value.help)
    assert list((tmp_path / "run").iterdir()) == []
