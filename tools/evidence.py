"""Write `docs/evidence.md`: what Glasshouse promises, what proves it, and what the last `make verify` found.

    python tools/evidence.py          write it
    python tools/evidence.py --check  say whether it is current, and end with 1 if not

It reads `verification/results/verify.json` and `verification/results/mutants.json`, which `make verify` and
`make verify-mutants` write; nothing is run here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evidence.md"
RESULTS = ROOT / "verification" / "results"
MADE = "<!-- Made by tools/evidence.py (`make evidence`) from the last results. Change the program, not this page. -->"
SIZE = (2_000, 40, 2)  # citizens, days and threads of `glasshouse verify`

INTRODUCTION = """
Three questions are kept apart: is the code the model (formulas, a second implementation), is it unchanged (golden
digests), is it repeatable (the certificate of invariance). Each has its own proofs, and all can be repeated here.
"""
NOT_SHOWN = """
- **No real scheme.** None has published what a validation would take, and no national score exists. Nothing here says
  that a society would do what this synthetic one does.
- **No other model.** There is no published agent-based model of such a scheme with figures to compare with.
- **The sizes of most numbers.** They are assumed and marked as such in each preset; the checks hold for any value.
- **Behaviour.** How people feel watched and what they then do follows one of three simple forms. That the program does
  exactly what the form says is checked; that people do is not.
- **The generator's whole sequence.** Draws are held to the published known answers of Random123 and to the laws below.
  The long batteries (BigCrush, PractRand) were run by others, not here.
- **Other machines than those of the tests**, and graphics cards: the CUDA kernels agree in numba's simulator, and
  no card has run them yet ([gpu.md](gpu.md)).
"""
OF_CHECKS = """
`make verify` with seed {seed} (model version {model_version}, kernels `{kernels}`): {held} of {count} checks hold,
{findings:,} findings in all. Of these {exact:,} must be equal to the last digit. The other {by_chance:,} rest on chance
and fail beyond {limit:g} exact standard errors, which happens to a true one once in a million times, so that a run in
which everything is true shows a failure in fewer than one of {runs:,} cases. `make verify-fresh` tries five fresh
seeds. A page with every finding and a figure for each check lies beside the results afterwards.

A row shows the finding that lies furthest from what was expected; z counts standard errors.
"""
OF_FAULTS = """
`make verify-mutants` changes a few words of the program while it is read and asks the checks: {noticed} of {count}
faults are noticed by every check that should. Without a fault {sound} of these checks fail. Faults of kernels are lived
uncompiled by small societies.
"""


def promises() -> list[tuple[str, str, str]]:
    """Return what is promised, what proves it and how much of that there is."""
    from glasshouse.verify import combinations

    presets = len(list((ROOT / "tests" / "golden").glob("*.json")))
    bad = len(list((ROOT / "tests" / "scenario" / "bad").glob("*.expected")))
    second = len(list((ROOT / "tests" / "presets" / "qc").glob("*.toml")))
    everywhere = [one for one in combinations(*SIZE) if one.elsewhere or one.backend == "cpu"]
    ways = len([one for one in everywhere if not one.python])
    return [
        (
            "The same scenario, seed and version give the same bits, however they are computed",
            "`glasshouse verify`; `verification/test_certificates.py` for every preset",
            f"{ways} ways, and one more for each other version of Python on the machine",
        ),
        (
            "A run that was stopped or killed and goes on is the unbroken run",
            "`tests/records/test_checkpoint.py`; `make verify-kills`",
            "520 kills, before each step on the disk and at random moments",
        ),
        (
            "What is switched off changes nothing, and what nothing follows from neither",
            "`disabled-is-absent` below; `tests/knobs/test_zeroes.py`",
            "every rule, list, circle and ring of one preset; every probability set to 0",
        ),
        (
            "Two worlds part only where the change first acts",
            "`tests/compare/test_null.py`, `tests/life/test_replay.py`",
            "day by day and citizen by citizen",
        ),
        (
            "The program is the model that `docs/day.md` tells",
            "`make verify`; `tests/model/test_equal.py`",
            "the checks below; oracle and kernels equal after every phase of generated scenarios",
        ),
        (
            "The checks would notice a fault",
            "`make verify-mutants`",
            "the planted faults below",
        ),
        (
            "Nothing is lost without a word",
            "`tests/records/test_files.py`; `model/checks.py` in every run",
            "failures of every write; balances of every stock, every day",
        ),
        (
            "Wrong input gets one clear message",
            "`tests/scenario/test_messages.py`",
            f"{bad} files with one fault each and their exact messages",
        ),
        (
            "A change of results is announced",
            "`tests/golden/test_digests.py`, `CHANGELOG.md`",
            f"digest of every day and totals of {presets} presets",
        ),
        (
            "The numbers of presets stand in their sources",
            "`tests/presets/test_qc.py`",
            f"a second transcription of {second} presets, made without looking at them",
        ),
        (
            "Intervals hold what they say as often as they say",
            "`make verify-audit`, `tests/harm/test_intervals.py`",
            "1,000 seeds of a detector whose truth is known",
        ),
    ]


def page() -> str:
    """Return the page."""
    parts = [
        f"# Promises and their proofs\n{MADE}",
        INTRODUCTION,
        rows(["what is promised", "what proves it", "how much of that"], promises()),
        "## What this does not show",
        NOT_SHOWN,
        "## Checks against formulas",
        *of_checks(results("verify")),
        "## Planted faults",
        *of_faults(results("mutants")),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def results(name: str) -> dict[str, Any]:
    """Return the last results of one kind."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def of_checks(tree: dict[str, Any]) -> list[str]:
    """Return how the checks are judged, and the worst finding of each."""
    checks = tree["checks"]
    findings = [one for check in checks for one in check["findings"]]
    by_chance = sum(one["error"] > 0 for one in findings)
    told = OF_CHECKS.format(
        **tree,
        held=sum(check["passed"] for check in checks),
        count=len(checks),
        findings=len(findings),
        exact=len(findings) - by_chance,
        by_chance=by_chance,
        runs=round(1 / tree["false_alarms"]),
    )
    head = ["check", "statement", "tried on", "expected", "observed", "z", ""]
    return [told, rows(head, [[c["name"], f"`{c['formula']}`", c["setting"], *worst(c)] for c in checks])]


def worst(check: dict[str, Any]) -> list[str]:
    """Return expected, observed, z and verdict of the finding furthest from what was expected."""
    one = max(check["findings"], key=lambda row: (z_of(row), abs(row["expected"])))
    z = ("equal" if one["passed"] else "differs") if one["error"] == 0 else f"{one['z']:.2f}"
    return [number(one["expected"]), number(one["observed"]), z, "holds" if check["passed"] else "**fails**"]


def z_of(row: dict[str, Any]) -> float:
    """Return by how many standard errors a finding is off; infinitely many where it had to be equal."""
    return float("inf") if row["z"] is None else abs(row["z"])


def of_faults(tree: dict[str, Any]) -> list[str]:
    """Return who noticed each of the planted faults."""
    faults = tree["faults"]
    noticed = sum(not one["missed_by"] for one in faults)
    told = OF_FAULTS.format(noticed=noticed, count=len(faults), sound=len(tree["unsound"]) or "none")
    head = ["fault", "what goes wrong", "noticed by", "for instance"]
    return [
        told,
        rows(
            head,
            [[f["name"], f["words"], ", ".join(f["noticed_by"]) or "**nobody**", f["told"]] for f in faults],
        ),
    ]


def rows(head: list[str], table: Any) -> str:
    """Return a table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in table]
    return "\n".join(lines)


def number(value: float) -> str:
    """Return a number with six digits, whole ones grouped."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def main() -> int:
    """Write the page, or say whether it is current; return the exit code."""
    text = page()
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print(f"docs/evidence.md is {'current' if current else 'not current: run `make evidence`'}")
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    print("written: docs/evidence.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
