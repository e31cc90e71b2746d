"""How the command line ends: exit codes and exact messages (bad input, part I; D 36, 73, 78, 81; E 97, 98)."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from glasshouse.errors import (
    GlasshouseError,
    InputOutputError,
    Interrupted,
    InvariantError,
    RefusedError,
    ScenarioError,
    UsageError,
    WorkerLostError,
)
from glasshouse.views import cli_limits, cli_options
from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded, report_error

CALL = "from glasshouse.views.cli import main; main()"
COMMANDS = {
    "presets", "new", "check", "show", "schema", "run", "report", "export", "compare", "attribute", "assess", "harm",
    "calibrate", "sensitivity", "life", "verify", "replicate", "bench", "studio", "explain",
}  # fmt: skip


def test_the_commands_are_those_that_are_promised():
    assert set(cli.commands) == COMMANDS


@pytest.mark.parametrize("command", ["", *sorted(COMMANDS)])
def test_help_is_given(glasshouse, command):
    done = glasshouse(*command.split(), "--help")
    assert done.code == 0
    assert "Usage: glasshouse" in done.out
    assert done.err == ""


def test_an_unknown_option_is_answered_with_the_nearest(glasshouse):
    done = glasshouse("run", "classroom", "--citizen", 5)
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: no such option: --citizen\nhelp: did you mean --citizens?\n"


def test_an_unknown_command_is_answered_with_the_nearest(glasshouse):
    done = glasshouse("chek", "classroom")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: no such command: chek\nhelp: did you mean `check`?\n"


def test_an_unknown_command_like_no_other_is_answered_with_the_list(glasshouse):
    done = glasshouse("zzzzzz")
    assert done.code == 2
    assert done.err == "error: no such command: zzzzzz\nhelp: `glasshouse --help` lists the commands\n"


def test_a_mistyped_preset_is_answered_with_the_nearest(glasshouse):
    done = glasshouse("check", "as-reportet")
    assert done.code == 5
    assert (
        done.err
        == "error: as-reportet: no preset and no file has this name\nhelp: did you mean as-reported?\n"
    )


@pytest.mark.parametrize("threads", [0, -1, 10**6])
def test_threads_beyond_the_machine_are_refused(glasshouse, monkeypatch, threads):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    done = glasshouse("run", "classroom", "--threads", threads)
    assert done.code == 2
    help = "`glasshouse run --help` lists what is allowed"
    assert done.err == f"error: --threads {threads}: this machine allows 1 to 2\nhelp: {help}\n"


def test_without_a_wish_threads_are_counted_by_the_processors(monkeypatch):
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    assert 1 <= cli_options.threads_allowed() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("citizens", [0, -5])
def test_nobody_is_no_society(glasshouse, citizens):
    done = glasshouse("run", "classroom", "--citizens", citizens)
    assert done.code == 2
    assert done.err.startswith(f"error: --citizens {citizens}: at least 1 citizen lives in a society\n")


@pytest.mark.parametrize(
    "option", [("--days", "0"), ("--days", "3651"), ("--seed", "-1"), ("--seed", str(2**64))]
)
def test_days_and_seeds_have_their_range(glasshouse, option):
    done = glasshouse("run", "classroom", *option)
    assert done.code == 2
    assert f"invalid value for '{option[0]}'" in done.err


def test_a_change_without_an_equals_sign_is_usage(glasshouse):
    done = glasshouse("run", "classroom", "--set", "rule.games.points")
    assert done.code == 2
    assert "expected KEY=VALUE, for example rule.games.points=-10" in done.err


# ---- what a machine cannot hold


def test_ten_to_the_fifteen_citizens_are_refused_with_a_size_that_fits(glasshouse, monkeypatch):
    monkeypatch.setattr(cli_limits, "allowed_memory", lambda: 17_000_000_000)
    done = glasshouse("run", "no-scheme", "--citizens", 10**15)
    assert (done.code, done.out) == (4, "")
    first, second = done.err.splitlines()
    assert first.startswith("error: 1,000,000,000,000,000 citizens: needs about ")
    assert first.endswith(
        " bytes each); this machine allows at most 17 GB, and no society has more than 4,000,000,000 citizens"
    )
    assert " PB (" in first
    assert second.startswith("help: try --citizens ")
    fits = int(second.rpartition(" ")[2])
    assert 10**9 < fits <= 17_000_000_000 // 11


def test_more_parts_than_memory_holds_are_refused(glasshouse, monkeypatch):
    monkeypatch.setattr(cli_limits, "allowed_memory", lambda: 17_000_000_000)
    done = glasshouse("run", "classroom", "--partitions", 10_000)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("error: so many parts need about ")
    assert "help: try fewer --partitions" in done.err


def test_above_four_billion_is_refused_on_any_machine(glasshouse, monkeypatch):
    monkeypatch.setattr(cli_limits, "allowed_memory", lambda: 10**15)
    done = glasshouse("run", "no-scheme", "--citizens", 4_000_000_001)
    assert done.code == 4
    assert "no society has more than 4,000,000,000 citizens" in done.err
    assert done.err.endswith("help: try --citizens 4000000000\n")


def test_a_full_disk_is_refused_before_the_start(glasshouse, monkeypatch, tmp_path, small):
    monkeypatch.setattr(cli_limits.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    done = glasshouse("run", small, "-o", tmp_path / "deep" / "run")
    assert done.code == 4
    assert "has 1 kB free" in done.err
    assert not (tmp_path / "deep").exists()


def test_the_time_counts_on_the_vectors_of_the_processor(tmp_path):
    (tmp_path / "proc").mkdir()
    assert cli_limits.citizen_days_per_s(tmp_path) == 70e6  # a system that does not say
    for flags, expected in (("fpu sse2 avx2", 70e6), ("fpu avx2 avx512f avx512bw", 195e6)):
        (tmp_path / "proc" / "cpuinfo").write_text(
            f"processor\t: 0\nmodel name\t: any\nflags\t\t: {flags}\n\n"
        )
        assert cli_limits.citizen_days_per_s(tmp_path) == expected


def test_memory_is_limited_by_the_control_group_of_either_version(tmp_path):
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "meminfo").write_text("MemTotal: 64000000 kB\nMemAvailable: 32000000 kB\n")
    assert cli_limits.allowed_memory(tmp_path) == int(0.85 * 32_000_000 * 1024)
    group = tmp_path / "sys/fs/cgroup/user/me"
    group.mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("0::/user/me\n")
    (group / "memory.max").write_text("max\n")
    (group.parent / "memory.max").write_text("2000000000\n")
    (group.parent / "memory.current").write_text("900000000\n")
    (group.parent / "memory.stat").write_text("anon 400000000\ninactive_file 500000000\n")
    assert cli_limits.allowed_memory(tmp_path) == int(0.85 * 1_600_000_000)
    old = tmp_path / "sys/fs/cgroup/memory"
    old.mkdir()
    (tmp_path / "proc/self/cgroup").write_text("0::/\n4:memory:/elsewhere\n")
    (old / "memory.limit_in_bytes").write_text("1000000000\n")
    (old / "memory.usage_in_bytes").write_text("100000000\n")
    assert cli_limits.allowed_memory(tmp_path) == int(0.85 * 900_000_000)
    (old / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    assert cli_limits.allowed_memory(tmp_path) == int(0.85 * 32_000_000 * 1024)


def test_long_runs_ask_first_on_a_terminal(monkeypatch, small):
    from glasshouse.views import cli_run

    loaded = cli_options.load(str(small))
    monkeypatch.setattr(cli_run.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: False)
    monkeypatch.setattr(cli_run.click, "confirm", lambda *_, **__: False)
    monkeypatch.setattr(cli_limits, "allowed_memory", lambda: 10**12)
    size = {"citizens": 10**9, "days": 3650, "threads": 1, "folder": None, "quiet": True}
    with pytest.raises(RefusedError, match="not started"):
        cli_run.prepared(loaded, yes=False, **size)
    assert cli_run.prepared(loaded, yes=True, **size) == (10**9, 3650)


# ---- errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), 2),
        (ScenarioError((), "wrong"), 3),
        (RefusedError("no"), 4),
        (InputOutputError("no"), 5),
        (InvariantError("no"), 6),
        (WorkerLostError("no"), 7),
        (Interrupted("stopped"), 130),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (MemoryError(), 5),
        (PermissionError(13, "Permission denied", "runs/x"), 5),
    ],
)
def test_every_error_has_its_code_and_a_short_text(error, code, capsys):
    assert report_error(error) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert 1 <= len(told.err.splitlines()) <= 2
    assert "Traceback" not in told.err


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), GlasshouseError("lost its way")])
def test_a_bug_keeps_its_traceback_in_a_file(error, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    @click.command()
    def broken():
        raise error

    assert guarded(broken, []) == 1
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert f"error: a bug in Glasshouse ({type(error).__name__}), not in your input" in told.err
    assert "seed" in told.err
    assert "commit" in told.err
    (log,) = tmp_path.glob("glasshouse-bug-*.log")
    assert str(log) in told.err
    assert str(error) in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_term_signal_ends_with_143():
    @click.command()
    def waits():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    before = signal.getsignal(signal.SIGTERM)
    assert guarded(waits, []) == 143
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("arguments", [["schema"], ["presets", "--json"]])
def test_a_closed_stdout_is_quiet(arguments):
    reader = "import os; r, w = os.pipe(); os.close(r); os.dup2(w, 1); "
    done = subprocess.run(
        [sys.executable, "-c", reader + CALL, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stderr == ""


def test_help_needs_no_numba_and_little_time():
    blocked = "import sys; sys.modules.update(numba=None, numpy=None, pyarrow=None, pydantic=None); "
    done = subprocess.run(
        [sys.executable, "-c", blocked + CALL, "run", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "--citizens" in done.stdout


# ---- guards that are visible here


PEOPLE = (
    "person",
    "people",
    "name",
    "phone",
    "email",
    "address",
    "register",
    "resident",
    "face",
    "photo",
    "keyword",
)


def test_no_command_takes_records_of_people():
    allowed = {"scenario", "base", "variant", "folder", "file", "output", "citizen", "paper"}
    for command in cli.commands.values():
        for one in command.params:
            words = " ".join([*one.opts, one.name or ""]).lower()
            assert not [word for word in PEOPLE if word in words], f"{command.name} {one.opts}"
            if isinstance(one, click.Argument):
                assert one.name in allowed, f"{command.name} takes {one.name}"


@pytest.mark.parametrize(
    "given", [{"initial_state": [[0]]}, {"population": []}, {"citizens_table": "people.csv"}]
)
def test_simulate_takes_no_people(given):
    from glasshouse.run import simulate

    (name,) = given
    with pytest.raises(TypeError, match=name):
        simulate("classroom", **given)


def test_no_question_takes_people():
    from glasshouse.compare import compare
    from glasshouse.life import live_again
    from glasshouse.verify import verify

    for asked in (compare, live_again, verify):
        names = set(inspect.signature(asked).parameters)
        assert not names & {
            "initial",
            "initial_state",
            "state",
            "people",
            "records",
            "table",
            "columns",
            "edges",
        }


def test_nothing_here_reads_a_file_of_people():
    import glasshouse.views.cli as module

    sources = Path(module.__file__).parent.glob("cli*.py")
    assert not [p.name for p in sources if "read_csv" in p.read_text(encoding="utf-8")]


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_device_that_is_not_there_is_refused_at_once(glasshouse, monkeypatch, command):
    monkeypatch.setattr("numba.cuda.is_available", lambda: False)
    done = glasshouse(command, "classroom", "--backend", "cuda")
    assert (done.code, done.out) == (4, "")
    assert done.err.splitlines()[0] == "error: no CUDA device was found"
    assert "--backend cpu" in done.err
