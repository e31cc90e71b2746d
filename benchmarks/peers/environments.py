"""An environment for each peer, so that no package of one decides what another gets."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE / ".envs"
C_FLAGS = ("-O3", "-march=native", "-fopenmp")


class MissingError(Exception):
    """A peer cannot be had here; the message says why."""


def python_of(peer: str, interpreter: str) -> str:
    """Return the Python of a peer's environment, made on first use and whenever its pins change.

    Raises:
        MissingError: its packages do not install on this Python.
    """
    pins = HERE / "requirements" / f"{peer}.txt"
    version = said([interpreter, "-c", "import platform; print(platform.python_version())"]).strip()
    wanted = hashlib.blake2b(pins.read_bytes() + version.encode(), digest_size=8).hexdigest()
    folder = PLACE / f"{peer}-{wanted}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return str(python)
    shutil.rmtree(folder, ignore_errors=True)
    said([interpreter, "-m", "venv", str(folder)])
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "-r", str(pins)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise MissingError(f"does not install on Python {version}: {reason(done.stderr)}")
    (folder / "ready").touch()
    return str(python)


def reason(errors: str) -> str:
    """Return the last error of pip in one short line, without addresses and lists of versions."""
    lines = [line for line in errors.splitlines() if line.startswith("ERROR:")] or ["pip ended with an error"]
    line = re.sub(r"\(from versions: .*?\)", "", re.sub(r"\S+://\S+", "", lines[-1].removeprefix("ERROR:")))
    return " ".join(line.split())[:160]


def compiled() -> str:
    """Return the path of the C program, compiled for this processor.

    Raises:
        MissingError: there is no C compiler, or it has no OpenMP.
    """
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise MissingError("there is no C compiler")
    PLACE.mkdir(exist_ok=True)
    program = PLACE / "w"
    done = subprocess.run(
        [compiler, *C_FLAGS, "-o", str(program), str(HERE / "w.c")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.splitlines() or ["no message"]
        raise MissingError(f"does not compile: {lines[-1][:160]}")
    return str(program)


def said(command: list[str]) -> str:
    """Return what a command printed.

    Raises:
        MissingError: it failed.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.splitlines() or [f"ended with {done.returncode}"]
        raise MissingError(lines[-1][:160])
    return done.stdout
