"""All checks of this folder, run one after the other, and what came out as a tree for JSON."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verification.analytic.check import FALSE_ALARMS, LIMIT, Check, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HERE = Path(__file__).parent
FAMILIES = {
    "model": "Scenarios lived by the shipped engine",
    "library": "Shipped functions called directly",
    "metamorphic": "Relations between runs, exact to the bit",
}


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        check: The check.
        findings: What it compared.
        seconds: How long it took.
        broke: The error that ended it, or empty.
    """

    check: Check
    findings: Sequence[Finding]
    seconds: float
    broke: str = ""

    @property
    def passed(self) -> bool:
        """Whether it compared something and all of it agreed."""
        return bool(self.findings) and not self.broke and all(one.passed() for one in self.findings)

    @property
    def worst(self) -> Finding | None:
        """The finding furthest from what was expected; of several, the largest number."""
        return max(self.findings, key=lambda one: (abs(one.z), abs(one.expected)), default=None)


def all_checks() -> list[Check]:
    """Return the checks of every module here that has some, in the order of families, then of modules.

    Raises:
        ValueError: two checks have one name.
    """
    found: list[Check] = []
    for path in sorted(HERE.glob("*.py")):
        if not path.stem.startswith("__"):
            found += getattr(import_module(f"verification.analytic.{path.stem}"), "CHECKS", ())
    names = [check.name for check in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two checks are called {', '.join(twice)}")
    return sorted(found, key=lambda check: [*FAMILIES].index(check.family))


def named(names: Iterable[str]) -> list[Check]:
    """Return the checks of these names.

    Raises:
        KeyError: there is none of a name.
    """
    by_name = {check.name: check for check in all_checks()}
    return [by_name[name] for name in names]


def run(checks: Iterable[Check], seed: int, told: Callable[[Outcome], object] | None = None) -> list[Outcome]:
    """Run checks, and tell each outcome as it comes; one that breaks has failed."""
    outcomes = []
    for check in checks:
        clock = time.perf_counter()
        findings: Sequence[Finding] = ()
        broke = ""
        try:
            findings = tuple(check.run(seed))
        except Exception as error:  # noqa: BLE001 - whatever it is, the check did not hold
            broke = f"{type(error).__name__}: {error}"
        outcomes.append(Outcome(check, findings, time.perf_counter() - clock, broke))
        if told is not None:
            told(outcomes[-1])
    return outcomes


def as_tree(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    """Return what came out for JSON; it names no machine."""
    from glasshouse.model.kernels import source_digest
    from glasshouse.records.manifest import MODEL_VERSION, software
    from glasshouse.streams import RNG_SCHEME

    return {
        "format": "glasshouse-checks",
        "format_version": 1,
        "seed": str(seed),
        "limit": LIMIT,
        "false_alarms": FALSE_ALARMS,
        "model_version": MODEL_VERSION,
        "rng_scheme": RNG_SCHEME,
        "kernels": source_digest(),
        "software": software(),
        "passed": all(one.passed for one in outcomes),
        "checks": [of_outcome(one) for one in outcomes],
    }


def of_outcome(one: Outcome) -> dict[str, Any]:
    """Return one outcome for JSON."""
    check = one.check
    return {
        "name": check.name,
        "family": check.family,
        "formula": check.formula,
        "setting": check.setting,
        "source": check.source,
        "axis": check.axis,
        "passed": one.passed,
        "broke": one.broke,
        "seconds": round(one.seconds, 1),
        "findings": [of_finding(finding) for finding in one.findings],
    }


def of_finding(one: Finding) -> dict[str, Any]:
    """Return one finding for JSON; an infinite z is null."""
    return {
        "what": one.what,
        "expected": plain(one.expected),
        "observed": plain(one.observed),
        "error": plain(one.error),
        "z": round(float(one.z), 3) if math.isfinite(one.z) else None,
        "at": None if one.at is None else plain(one.at),
        "passed": one.passed(),
    }


def plain(value: float) -> float | int:
    """Return a number as JSON has it; whole ones stay whole."""
    return int(value) if float(value).is_integer() else float(value)
