"""Live W in Glasshouse, in six peers and in C, side by side, and write one table of ratios.

    make bench-peers            the same as
    .venv/bin/python benchmarks/peers/run.py [--runs 3] [--python PYTHON] [--only a,b] [--share 1] [-o FOLDER]

Each peer gets an environment of its own under .envs/, with the versions of requirements/. One that does not install on
the Python at hand is named in the table with the reason; `--python` gives the environments another Python. Ends with 1
when the daily counts of a program are not those of W.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from environments import MissingError, compiled, python_of, said
from table import line, markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
DAYS = 32  # the last is a 1st, with a month's work
TRIAL = ("1000", "2", "1", "1")  # citizens, days, threads, seed
REFERENCE_CITIZENS, REFERENCE_WORLDS = 100_000, 64


@dataclass(frozen=True)
class Program:
    """A program of this folder.

    Attributes:
        name: Its name, and that of its pins.
        citizens: The largest size that is sensible for it.
        days: Days it lives.
        parallel: Whether it can use several threads.
    """

    name: str
    citizens: int
    days: int = DAYS
    parallel: bool = False

    def command(self, interpreter: str) -> list[str]:
        """Return how it is called, without size; its environment is made if need be."""
        if self.name == "glasshouse":
            return [sys.executable, str(HERE / "with_glasshouse.py")]
        if self.name.startswith("c-"):
            return [compiled(), self.name.removeprefix("c-")]
        return [python_of(self.name, interpreter), str(HERE / f"with_{self.name}.py")]


PROGRAMS = (
    Program("glasshouse", 10_000_000, parallel=True),
    Program("c-push", 10_000_000, parallel=True),
    Program("c-pull", 10_000_000, parallel=True),
    Program("laser", 2_000_000, parallel=True),
    Program("polars", 1_000_000, parallel=True),
    Program("numpy", 1_000_000),
    Program("starsim", 1_000_000),
    Program("mesa_frames", 1_000_000, parallel=True),
    Program("mesa", 100_000, days=12),
)


def main(words: Sequence[str]) -> int:
    """Run everything and write the table."""
    asked = arguments(words)
    wanted = [one for one in PROGRAMS if not asked.only or one.name in asked.only.split(",")]
    commands, missing = ready(wanted, asked.python)
    tell("the reference: what W does on average")
    reference = json.loads(said(reference_command(asked.python, asked.share)))
    runs, loads = side_by_side(asked, wanted, commands, missing)
    lines = [line(name, several, reference) for (name, _), several in runs.items()]
    told = machine(asked, loads)
    page = markdown(lines, missing, told, reference)
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / "peers.md").write_text(page, encoding="utf-8")
    (asked.output / "peers.json").write_text(
        json.dumps(plain(lines, missing, told), indent=2) + "\n", encoding="utf-8"
    )
    print(page)
    return 0 if lines and all(one.agrees for one in lines) else 1


def side_by_side(
    asked: argparse.Namespace,
    programs: Sequence[Program],
    commands: Mapping[str, list[str]],
    missing: dict[str, str],
) -> tuple[dict[tuple[str, int], list[dict[str, Any]]], list[float]]:
    """Return the reports of all runs by program and threads, and the load before each; the programs take turns.

    One that fails on the way is left out from then on, and `missing` says why.
    """
    runs: dict[tuple[str, int], list[dict[str, Any]]] = {}
    loads = []
    for turn in range(asked.runs):
        for program, threads in turns(programs):
            if program.name in missing:
                continue
            loads.append(os.getloadavg()[0])
            tell(f"run {turn + 1} of {asked.runs}: {program.name}, threads: {threads}")
            citizens = max(1000, round(program.citizens * asked.share))
            size = [str(x) for x in (citizens, program.days, threads, turn + 1)]
            try:
                report = lived([*commands[program.name], *size], threads)
            except MissingError as error:
                missing[program.name] = str(error)
            else:
                runs.setdefault((program.name, threads), []).append(report)
    return {key: found for key, found in runs.items() if key[0] not in missing}, loads


def turns(programs: Sequence[Program]) -> Iterator[tuple[Program, int]]:
    """Yield each program with each number of threads it is run on."""
    for program in programs:
        for threads in (1, 2) if program.parallel and (os.cpu_count() or 1) > 1 else (1,):
            yield program, threads


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description="Live W in Glasshouse, in six peers and in C, side by side.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program")
    parser.add_argument("--python", default=sys.executable, help="Python of the peers' environments")
    parser.add_argument("--only", default="", help=f"some of {','.join(one.name for one in PROGRAMS)}")
    parser.add_argument("--share", type=float, default=1.0, help="share of the usual sizes, to try it out")
    parser.add_argument(
        "-o", "--output", type=Path, default=RESULTS, help="folder of peers.md and peers.json"
    )
    return parser.parse_args(words)


def ready(wanted: Sequence[Program], interpreter: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the command of each program that can be had and lives two days, and of the others the reason why not."""
    commands, missing = {}, {}
    for program in wanted:
        tell(f"environment of {program.name}, and a trial")
        try:
            command = program.command(interpreter)
            lived([*command, *TRIAL], 1)
            commands[program.name] = command
        except MissingError as error:
            missing[program.name] = str(error)
    return commands, missing


def reference_command(interpreter: str, share: float) -> list[str]:
    """Return the command of the reference, in the environment of the NumPy program."""
    citizens = max(1000, round(REFERENCE_CITIZENS * share))
    size = [str(x) for x in (citizens, DAYS, REFERENCE_WORLDS)]
    return [python_of("numpy", interpreter), str(HERE / "reference.py"), *size]


def lived(command: list[str], threads: int) -> dict[str, Any]:
    """Run one program on some threads and return its report, the last line it prints.

    Raises:
        MissingError: it failed.
    """
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS")
    given = os.environ | dict.fromkeys(names, str(threads)) | {"STARSIM_INSTALL_FONTS": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=given)
    if done.returncode:
        raise MissingError(f"fails: {(done.stderr.strip().splitlines() or ['no message'])[-1][:160]}")
    return json.loads(done.stdout.splitlines()[-1])


def machine(asked: argparse.Namespace, loads: Sequence[float]) -> dict[str, Any]:
    """Return what has to be known of the machine."""
    model = platform.processor() or platform.machine()
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in told if line.startswith("model name"))
        wide = any("avx512f" in line.split() for line in told if line.startswith("flags"))
        model += " with AVX-512" if wide else ""
    except (OSError, StopIteration):
        pass
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "Python": platform.python_version(),
        "peers' Python": said(
            [asked.python, "-c", "import platform; print(platform.python_version())"]
        ).strip(),
        "load before each run": f"{fmean(loads):.1f} ({min(loads):.1f} to {max(loads):.1f})" if loads else "",
        "runs": asked.runs,
        "share of the usual sizes": asked.share,
    }


def tell(words: str) -> None:
    """Tell on the error stream what is going on."""
    print(f"bench-peers: {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
