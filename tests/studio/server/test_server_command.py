"""The command: an address with a token on stdout, one studio for each port, Ctrl-C the way to end it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded

SOURCE = Path(__file__).resolve().parents[3] / "src"


def begun(*options):
    """Return a studio in a process of its own, and its address."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from glasshouse.views.cli import main; main()",
            "studio",
            "--no-browser",
            "--port",
            "0",
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    return process, process.stdout.readline()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_answers_and_ends(number, tmp_path):
    process, line = begun()
    try:
        found = re.fullmatch(r"studio: http://127\.0\.0\.1:(\d+)/#token=([\w-]{43,})\n", line)
        assert found, line
        from launch import Launch

        launch = Launch(int(found[1]), found[2])
        assert launch.get("/api/about")["limits"]["citizens"] == 100_000
        assert launch.ask("GET", "/api/about", headers={"X-Glasshouse-Token": "x"}).status == 401
    finally:
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode in (0, 143)
    assert out == ""
    assert "Traceback" not in err
    assert "the studio is closed" in err or process.returncode == 143


def test_a_port_that_is_taken_is_told(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert guarded(cli, ["studio", "--no-browser", "--port", str(port)]) == 5
    told = capsys.readouterr().err
    assert f"port {port} is taken" in told
    assert "--port 0" in told


def test_missing_packages_are_told(capsys, monkeypatch):
    from importlib import util

    find = util.find_spec
    monkeypatch.setattr(
        util, "find_spec", lambda name, *more: None if name == "uvicorn" else find(name, *more)
    )
    assert guarded(cli, ["studio", "--no-browser"]) == 4
    assert "glasshouse[studio]" in capsys.readouterr().err


def test_help_needs_no_package_of_the_studio():
    code = (
        "import sys\nfor name in ('starlette', 'uvicorn', 'websockets'): sys.modules[name] = None\n"
        "from glasshouse.views.cli_errors import guarded\nfrom glasshouse.views.cli import cli\n"
        "sys.exit(guarded(cli, ['studio', '--help']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 0, done.stderr
    assert "--no-browser" in done.stdout
