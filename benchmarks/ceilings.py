"""What this machine can do at most, and how near each phase of a day comes to it.

    .venv/bin/python benchmarks/ceilings.py [--scenario as-reported] [--citizens 4000000] [-o FOLDER]

Ceilings, on one thread and on all: bytes copied, triad, bytes fetched from anywhere (`ceilings.c`, needs a C compiler)
and Philox draws, by the kernels' own function in a loop without branches. The floor of a phase is what it would take
if nothing but its bytes had to move at the speed of copying, or nothing but its draws be made, whichever is longer. A
block of 64 citizens stays in the first cache through all phases, so a column counts once, where everybody's is first
looked at, and once more where it is written. What happens to the few (lists, refusals, messages) has no floor here,
so most phases have none.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from phases import costs

from glasshouse.ladder import reach
from glasshouse.model.kernels.draw import U, philox
from glasshouse.model.pack_slots import candidates_per_day, slots_of
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load
from glasshouse.society.columns import CORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from glasshouse.model.plan import Plan

HERE = Path(__file__).parent
MEGABYTES, DRAWS, TIMES = 160, 20_000_000, 7
LADDER = 256  # citizens for whom one Philox call tells who stands on a rung
GATHERS = ("gather_1_MB", "gather_10_MB", "gather_100_MB")
UNITS = {"copy": "GB/s", "triad": "GB/s", "read": "GB/s"} | dict.fromkeys((*GATHERS, "philox"), "M/s")


def main(words: Sequence[str]) -> None:
    """Measure and write both tables."""
    parser = argparse.ArgumentParser(
        description="Ceilings of this machine, and the floor of each phase of a day."
    )
    parser.add_argument("--scenario", default="as-reported", help="preset or file")
    parser.add_argument("--citizens", type=int, default=4_000_000, help="more than fit into the caches")
    parser.add_argument(
        "-o", "--output", type=Path, default=HERE / "results", help="folder of ceilings.md, .json"
    )
    asked = parser.parse_args(words)
    load_before = os.getloadavg()[0]
    processors = os.cpu_count() or 1
    found = {k: ceilings(k) for k in sorted({1, processors})}
    plan = compile_plan(load(asked.scenario).scenario, citizens=asked.citizens, days=60)
    rows = list(fractions(plan, costs(asked.scenario, asked.citizens), found[1]))
    machine = {
        "processors": processors,
        "Python": platform.python_version(),
        "load before": f"{load_before:.1f}",
        "scenario": Path(asked.scenario).stem,
        "citizens": f"{asked.citizens:,}",
    }
    page = markdown(machine, found, rows)
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / "ceilings.md").write_text(page, encoding="utf-8")
    kept = {"machine": machine, "ceilings": found, "phases": rows}
    (asked.output / "ceilings.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(page)


# ---- ceilings


def ceilings(threads: int, megabytes: int = MEGABYTES) -> dict[str, float]:
    """Return what can be done in a second on some threads: bytes, gathers, draws."""
    return copied(threads, megabytes) | {"philox": draws_per_s(threads)}


def copied(threads: int, megabytes: int = MEGABYTES) -> dict[str, float]:
    """Return the ceilings of memory as the C program finds them; NumPy's copy alone without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return {"copy": copied_by_numpy(megabytes)}
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/ceilings"
        subprocess.run(
            [compiler, "-O3", "-march=native", "-fopenmp", "-o", program, str(HERE / "ceilings.c")],
            check=True,
        )
        done = subprocess.run(
            [program, str(threads), str(megabytes)], check=True, capture_output=True, text=True
        )
    return {name: float(value) for name, value in map(str.split, done.stdout.splitlines())}


def copied_by_numpy(megabytes: int) -> float:
    """Return bytes read and written a second by a copy of an array on one thread."""
    source = np.ones(megabytes * 125_000)
    target = np.empty_like(source)
    return 2 * source.nbytes / best_s(np.copyto, target, source)


@numba.njit(parallel=True, cache=True)
def low_draws(n, day):
    """Count the draws below a line, in a loop that becomes vector instructions."""
    low = 0
    for i in numba.prange(n):
        first, _ = philox(U(i), U(4), U(day), U(7), U(1), U(0))
        low += first < U(1 << 58)
    return low


def draws_per_s(threads: int, draws: int = DRAWS) -> float:
    """Return Philox calls a second."""
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    return draws / best_s(low_draws, draws, 5)


def best_s(function: Callable[..., Any], *arguments: Any) -> float:
    """Return the best of several times in seconds, after one call to compile and to touch memory."""
    function(*arguments)
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - begun)
    return min(times)


# ---- floors


def bytes_by_phase(plan: Plan) -> dict[str, int]:
    """Return the bytes of one citizen that must move on a day that is no 1st, by the phase that moves them."""
    size = {column.name: column.bytes for column in CORE}
    score, learn = plan.score, plan.learn
    moves = score is not None and not score.weighted and bool(score.recovery or score.decay)
    friends = score is not None and score.association is not None and score.association.daily
    feared = bool(learn.own or learn.friend or learn.chat or learn.bulletin)
    return {
        "calendar": size["low_friends"] * friends,  # who has a friend to answer for
        "score": 2 * size["score"] * moves,  # who is not at the base, one point nearer to it
        "list": size["lists"] + (0 if moves or score is None else size["score"]),  # who crossed a line
        "learn": 2 * size["risk"] * feared,  # perceived risk fades
        "publish, evening": size["marks"],  # whose flag is another than published
    }


def draws_by_phase(plan: Plan) -> dict[str, float]:
    """Return the draws that must be made for one citizen: the words of the ladder, and one for each candidate."""
    slots = slots_of(plan)
    return {"the sieve": sum(reach(slot.top) for slot in slots) / LADDER + candidates_per_day(slots)}


def fractions(
    plan: Plan, measured: Iterator[tuple[str, float]], ceiling: Mapping[str, float]
) -> Iterator[dict[str, Any]]:
    """Yield for each phase what it takes, what must be done, its floor and the fraction of the floor it reaches."""
    moved, drawn = bytes_by_phase(plan), draws_by_phase(plan)
    rows = [(name, seconds / plan.citizens * 1e9) for name, seconds in measured]
    for name, ns in rows:
        yield fraction(name, ns, moved.get(name, 0), drawn.get(name, 0.0), ceiling)
    whole = sum(ns for _, ns in rows)
    yield fraction("the day", whole, sum(moved.values()), sum(drawn.values()), ceiling, together=sum)


def fraction(
    name: str,
    ns: float,
    moved: float,
    drawn: float,
    ceiling: Mapping[str, float],
    together: Callable[[tuple[float, float]], float] = max,
) -> dict[str, Any]:
    """Return one row; bytes and draws of one phase overlap, those of different phases follow each other."""
    floor = together((moved / ceiling["copy"] * 1e9, drawn / ceiling["philox"] * 1e9))
    reached = floor / ns if floor and ns > 0 else None
    return {"phase": name, "ns": ns, "bytes": moved, "draws": drawn, "floor_ns": floor, "reached": reached}


# ---- page


def markdown(
    machine: Mapping[str, Any], found: Mapping[int, Mapping[str, float]], rows: Sequence[Mapping[str, Any]]
) -> str:
    """Return both tables as a page."""
    text = ["# Ceilings and floors", "<!-- Made by benchmarks/ceilings.py (`make bench-ceilings`). -->", ""]
    text += [" · ".join(f"{key}: {value}" for key, value in machine.items()), ""]
    heads = [f"{k} thread" if k == 1 else f"{k} threads" for k in found]
    text += [f"| at most | {' | '.join(heads)} | |"]
    text += [f"|---|{'---|' * len(found)}---|"]
    for name in next(iter(found.values())):
        scale = 1e9 if UNITS[name] == "GB/s" else 1e6
        cells = " | ".join(f"{float(f'{one[name] / scale:.3g}'):,g}" for one in found.values())
        text.append(f"| {name.replace('_', ' ')} | {cells} | {UNITS[name]} |")
    text += [
        "",
        "| phase | ns for each citizen | bytes | draws | floor, ns | of the floor |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        reached = "" if row["reached"] is None else f"{row['reached']:.0%}"
        cells = f"{row['ns']:.2f} | {row['bytes']:g} | {row['draws']:.3g} | {row['floor_ns']:.2f} | {reached}"
        text.append(f"| {row['phase']} | {cells} |")
    text += [
        "",
        "One thread, processor time of the best of nine days, for each citizen. The floor is what the bytes that must",
        "move take at the speed of copying, or the draws that must be made at the speed of drawing, whichever is",
        "longer; that of the day is the sum of both. Nothing reaches it: what happens is decided and counted, too.",
    ]
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
