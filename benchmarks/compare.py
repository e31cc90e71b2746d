"""What a comparison costs: one process of two threads against two of one, and what watching the twins takes.

Run with `.venv/bin/python benchmarks/compare.py [CITIZENS] [REPLICATES]`. Processor time tells most on a machine that
does other things as well; wall time is what one waits.
"""

from __future__ import annotations

import sys
import time

from glasshouse.compare.pair import pair_of_plans
from glasshouse.compare.replicates import Task, lived
from glasshouse.compare.twins import Twins
from glasshouse.compare.watch import Watch
from glasshouse.model.engine import Engine
from glasshouse.model.warm import warm_up
from glasshouse.scenario.load import load

DAYS = 365
WAYS = ((1, 1), (2, 1), (2, 2))  # threads in all, processes


def ways(task: Task, replicates: int) -> None:
    """Print the wall time of each way to live the replicates."""
    seeds = [(k, k + 1) for k in range(replicates)]
    for threads, workers in WAYS:
        clock = time.perf_counter()
        if workers == 1:  # not through `lived`, which gives a small society one thread
            for _, seed in seeds:
                task.live(seed, threads=threads)
        else:
            list(lived(task, seeds, threads=threads, workers=workers))
        took = time.perf_counter() - clock
        print(
            f"{workers} process(es), {threads} thread(s) in all: {took:.1f} s, {took / replicates:.2f} s each"
        )


def watching(task: Task) -> None:
    """Print the processor time of living, of the readable watch and of the quick one."""
    plans = pair_of_plans(task.base, task.variant, seed=1, citizens=task.citizens, days=task.days)
    base, variant = (Engine(plan, threads=1) for plan in plans)
    twins, watch = Twins(*plans), Watch(*plans)
    spent = dict.fromkeys(("living two worlds", "Twins.differing", "Watch.differing"), 0.0)
    for _ in range(task.days):
        marks = [time.process_time()]
        base.step()
        variant.step()
        marks.append(time.process_time())
        twins.differing(base.columns, variant.columns)
        marks.append(time.process_time())
        watch.differing(base, variant)
        marks.append(time.process_time())
        for name, begin, end in zip(spent, marks, marks[1:], strict=False):
            spent[name] += end - begin
    for name, seconds in spent.items():
        print(f"{name}: {seconds:.2f} s")


def main() -> None:
    """Measure."""
    citizens = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    replicates = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    task = Task(load("as-reported").scenario, load("as-documented").scenario, citizens, DAYS)
    print(f"as-reported and as-documented, {citizens:,} citizens x {DAYS} days, {replicates} replicates")
    warm_up()
    watching(task)
    ways(task, replicates)


if __name__ == "__main__":
    main()
