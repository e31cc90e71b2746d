"""How cost grows: with citizens, threads, days, rules and friends. Citizen-days/s, and the ratio to the first line.

Run with `.venv/bin/python benchmarks/curves.py [LARGEST]`; LARGEST is the largest society of the first curve, by
default ten million (25 bytes of memory each). Rules and friends are those of made-up schemes on a million people.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from glasshouse.bench import measure
from glasshouse.scenario.load import load

DAYS, MILLION = 20, 1_000_000
BEHAVIOURS = 8

HEAD = """glasshouse = 1
title = "For a cost curve"
[society]
citizens = 1000000
days = 30
[score]
base_points = 1000
floor_points = 0
ceiling_points = 1300
recovery_points = 1
recovery_every_days = 1
low_cutoff_points = 900
[list.low]
entry_score_below = 900
exit_score_at_least = 950
closes = ["plane"]
[travel.plane]
requests_per_day = 0.005
"""
BEHAVIOUR = """[behaviour.act{number}]
kind = "purchase"
per_day = 0.005
seen_share = 1.0
"""
RULE = """[rule.rule{number}]
behaviour = "act{behaviour}"
points = -{points}
"""
RING = """[ring.ring{number}]
"""


def with_rules(count: int) -> str:
    """Return a scheme with `count` rules on eight behaviours."""
    acts = [BEHAVIOUR.format(number=k) for k in range(BEHAVIOURS)]
    rules = [RULE.format(number=k, behaviour=k % BEHAVIOURS, points=1 + k) for k in range(count)]
    return "".join([HEAD, *acts, *rules])


def with_friends(rings: int) -> str:
    """Return a scheme with eight rules where everybody has two friends on each ring."""
    return with_rules(BEHAVIOURS) + "".join(RING.format(number=k) for k in range(rings))


def curve(title: str, lines: list[tuple[str, str | Path, int, int, int]]) -> None:
    """Measure and print one curve; a line is (label, scenario, citizens, days, threads)."""
    first = 0.0
    print(f"\n{title:28} {'M citizen-days/s':>18} {'to the first':>14}")
    for label, scenario, citizens, days, threads in lines:
        speed = measure(load(scenario), citizens=citizens, days=days, threads=threads).citizen_days_per_s
        first = first or speed
        print(f"{label:28} {speed / 1e6:18.1f} {speed / first:14.2f}", flush=True)


def written(folder: str, name: str, text: str) -> Path:
    """Write a scenario and return its path."""
    path = Path(folder) / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def main(largest: int = 10 * MILLION) -> None:
    """Print all curves."""
    sizes = [n for n in (10**4, 10**5, 10**6, 10**7, 10**8, 1_400_000_000) if n <= largest]
    threads = os.cpu_count() or 1
    preset = "as-reported"
    curve("citizens", [(f"{n:,}", preset, n, DAYS, threads) for n in sizes])
    curve("threads", [(str(k), preset, MILLION, DAYS, k) for k in range(1, threads + 1)])
    curve("days", [(str(d), preset, MILLION, d, threads) for d in (30, 90, 365)])
    with tempfile.TemporaryDirectory() as folder:
        rules = [(k, written(folder, f"rules{k}", with_rules(k))) for k in (1, 8, 16, 32)]
        curve("rules", [(str(k), path, MILLION, DAYS, threads) for k, path in rules])
        friends = [(2 * k, written(folder, f"friends{k}", with_friends(k))) for k in (0, 1, 5, 10)]
        curve("friends", [(str(k), path, MILLION, DAYS, threads) for k, path in friends])


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
