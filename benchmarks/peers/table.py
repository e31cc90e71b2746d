"""One table of ratios from the reports of all programs, as text and as plain objects."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from agreement import ALLOWED, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OURS = "glasshouse"
BY_HAND = ("c-push", "c-pull")


@dataclass(frozen=True)
class Line:
    """One program on one number of threads.

    Attributes:
        program: Its name here.
        version: Its name and version in its own words.
        citizens: Citizens it lived.
        threads: Threads it was given.
        median: Citizen-days a second, the median of its runs.
        best: The same of its best run.
        busy: Citizen-days for each second of processor time, the median of its runs: other work moves it less.
        bytes: Bytes of memory for each citizen, in the worst run.
        errors: How far its daily counts are from the reference, in standard errors, at worst.
        where: The measure and day of that.
    """

    program: str
    version: str
    citizens: int
    threads: int
    median: float
    best: float
    busy: float
    bytes: float
    errors: float
    where: str

    @property
    def agrees(self) -> bool:
        """Whether it lives W."""
        return self.errors <= ALLOWED


def speed(run: Mapping[str, Any], seconds_of: str = "day_s") -> float:
    """Return citizen-days a second over all days but the first, which compiles and touches memory."""
    seconds = run[seconds_of][1:]
    return run["citizens"] * len(seconds) / sum(seconds)


def line(program: str, runs: Sequence[Mapping[str, Any]], reference: Mapping[str, Any]) -> Line:
    """Return the line of a program from its runs on one number of threads."""
    errors, where = worst(runs, reference)
    speeds, first = [speed(run) for run in runs], runs[0]
    return Line(
        program=program,
        version=first["version"],
        citizens=first["citizens"],
        threads=first["threads"],
        median=median(speeds),
        best=max(speeds),
        busy=median(speed(run, "processor_s") for run in runs),
        bytes=max(run["bytes"] for run in runs) / first["citizens"],
        errors=errors,
        where=where,
    )


def ratio(lines: Sequence[Line], other: Line) -> float | None:
    """Return how many times as fast Glasshouse is as another line, both by their medians on as many threads."""
    ours = [one.median for one in lines if one.program == OURS and one.threads == other.threads]
    return ours[0] / other.median if ours else None


def verdicts(lines: Sequence[Line]) -> list[str]:
    """Return in words how the best line of Glasshouse compares with the best of the others."""
    ours = [one for one in lines if one.program == OURS]
    if not ours:
        return []
    best, said = max(ours, key=lambda one: one.median), []
    python = [one for one in lines if one.program not in (OURS, *BY_HAND)]
    for words, others in (
        ("the fastest Python peer", python),
        *((f"the C program that {how}", [o for o in lines if o.program == name]) for how, name in
          (("pushes", "c-push"), ("pulls", "c-pull"))),
    ):  # fmt: skip
        if others:
            other = max(others, key=lambda one: one.median)
            name = f"{words} ({other.version}, {threads(other.threads)})"
            said.append(
                f"Glasshouse on {threads(best.threads)} is {best.median / other.median:.2g} times as fast as {name}."
            )
    return said


def threads(number: int) -> str:
    """Return `1 thread` or `2 threads`."""
    return f"{number} thread" + ("" if number == 1 else "s")


def markdown(
    lines: Sequence[Line],
    missing: Mapping[str, str],
    machine: Mapping[str, Any],
    reference: Mapping[str, Any],
) -> str:
    """Return the page: machine, table, verdicts, and how to read it."""
    head = (
        "program",
        "threads",
        "citizens",
        "M a second",
        "best",
        "M a processor-second",
        "Glasshouse is",
        "bytes each",
        "off by",
    )
    rows = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    rows += [row(lines, one) for one in sorted(lines, key=lambda one: -one.median)]
    rows += [f"| {name} |{' |' * (len(head) - 2)} {why} |" for name, why in sorted(missing.items())]
    text = [
        "# W, side by side",
        "<!-- Made by benchmarks/peers/run.py (`make bench-peers`). -->",
        "",
        " · ".join(f"{key}: {value}" for key, value in machine.items()),
        "",
        *rows,
        "",
        *(f"- {one}" for one in verdicts(lines)),
        "",
        *notes(machine["runs"], len(reference["mean"]), reference["citizens"]),
    ]
    return "\n".join(text) + "\n"


def notes(runs: int, worlds: int, citizens: int) -> list[str]:
    """Return how to read the table."""
    text = f"""
    Citizen-days, in millions: median and best of {runs} runs, the programs in turn, first days left out, and
    for each second of processor time, which other work on the machine moves less. Ratios hold elsewhere, times do not.
    "Glasshouse is": so many times as fast by the clock, on as many threads. "Off by": the largest distance of any daily
    count (listed, refused, mean score) from {worlds} worlds of {citizens:,} citizens, in standard errors of both
    (`benchmarks/peers/agreement.py`); at most {ALLOWED} is allowed."""
    return [line.strip() for line in text.strip().splitlines()]


def three(number: float) -> str:
    """Return a number in three digits, without an exponent."""
    return f"{float(f'{number:.3g}'):,g}"


def row(lines: Sequence[Line], one: Line) -> str:
    """Return one row of the table."""
    times = ratio(lines, one)
    cells = [
        f"{one.program} ({one.version})",
        str(one.threads),
        f"{one.citizens:,}",
        three(one.median / 1e6),
        three(one.best / 1e6),
        three(one.busy / 1e6),
        "" if times is None or one.program == OURS else f"{three(times)} ×",
        f"{one.bytes:.0f}",
        f"{one.errors:.1f}" + ("" if one.agrees else f" ({one.where}): **another model**"),
    ]
    return f"| {' | '.join(cells)} |"


def plain(lines: Sequence[Line], missing: Mapping[str, str], machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same as plain objects."""
    found = [asdict(one) | {"agrees": one.agrees, "glasshouse_is": ratio(lines, one)} for one in lines]
    return {
        "machine": dict(machine),
        "programs": found,
        "missing": dict(missing),
        "verdicts": verdicts(lines),
    }
