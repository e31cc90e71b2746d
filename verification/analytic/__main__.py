"""Run the checks: a row for each, a page and a file of results; exit 6 when one fails.

Run with `.venv/bin/python -m verification.analytic`, or `make verify`. `--fresh` takes a seed from the clock and
prints it, so that it can be repeated with `--seed`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from glasshouse.model.warm import warm_up
from verification.analytic.check import LIMIT
from verification.analytic.collect import Outcome, all_checks, as_tree, run
from verification.analytic.page import page, shown

RESULTS = Path(__file__).parents[1] / "results"
USAGE, FAILED = 2, 6  # as of `glasshouse verify`
ROW = "{:<28} {:>12} {:>12} {:>7} {:>4}  {:<6} {}"


def main() -> int:
    """Run what was asked for and return the exit code."""
    asked, checks = arguments(), all_checks()
    unknown = sorted({*asked.only} - {one.name for one in checks})
    if unknown:
        print(f"no check is called {', '.join(unknown)}; --list names them", file=sys.stderr)
        return USAGE
    checks = [
        one for one in checks if one.name in (asked.only or (one.name,)) and (one.smoke or not asked.smoke)
    ]
    if asked.list:
        for one in checks:
            print(f"{one.name:<28} {one.family:<12} {one.formula}")
        return 0
    seed = time.time_ns() % 2**32 if asked.fresh else asked.seed
    print(f"{len(checks)} checks, seed {seed}; a finding fails beyond {LIMIT:g} standard errors")
    print(ROW.format("check", "expected", "observed", "z", "of", "", "formula"))
    warm_up()
    outcomes = run(checks, seed, told=tell)
    wrong = [one for one in outcomes if not one.passed]
    print(f"{len(outcomes) - len(wrong)} of {len(outcomes)} checks hold, seed {seed}")
    whole = not (asked.only or asked.smoke or asked.fresh)
    if asked.output or whole:
        keep(outcomes, seed, asked.output or RESULTS)
    return FAILED if wrong or not outcomes else 0


def arguments() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m verification.analytic", description="Checks against formulas."
    )
    parser.add_argument("--seed", type=int, default=1, help="world seed (1)")
    parser.add_argument("--fresh", action="store_true", help="take the seed from the clock")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="this check alone; may be repeated"
    )
    parser.add_argument("--smoke", action="store_true", help="the quick ones alone")
    parser.add_argument("--list", action="store_true", help="name the checks and run none")
    parser.add_argument(
        "-o", "--output", type=Path, help="folder of the results; those of a full run are kept anyhow"
    )
    return parser.parse_args()


def tell(one: Outcome) -> None:
    """Print the row of a check, and every finding that fails."""
    worst, verdict = one.worst, "holds" if one.passed else "FAILS"
    if worst is None:
        print(ROW.format(one.check.name, "", "", "", 0, verdict, one.broke or "compared nothing"), flush=True)
        return
    z = f"{worst.z:.2f}" if worst.error else "equal" if worst.passed() else "differs"
    numbers = shown(worst.expected), shown(worst.observed)
    print(ROW.format(one.check.name, *numbers, z, len(one.findings), verdict, one.check.formula), flush=True)
    for finding in one.findings:
        if not finding.passed():
            numbers = f"expected {finding.expected:.8g}, observed {finding.observed:.8g}, z {finding.z:.2f}"
            print(f"    {finding.what}: {numbers}")


def keep(outcomes: list[Outcome], seed: int, folder: Path) -> None:
    """Write the results as JSON and as a page."""
    tree = as_tree(outcomes, seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "verify.json").write_text(as_lines(tree), encoding="utf-8")
    (folder / "verify.html").write_text(page(tree), encoding="utf-8")
    print(f"written: {folder / 'verify.json'}, {folder / 'verify.html'}")


def as_lines(tree: dict[str, Any]) -> str:
    """Return the tree as JSON with one line for each check."""
    checks = ",\n".join(json.dumps(one, allow_nan=False) for one in tree["checks"])
    head = json.dumps({key: value for key, value in tree.items() if key != "checks"}, allow_nan=False)
    return f'{head[:-1]},\n"checks": [\n{checks}\n]}}\n'


if __name__ == "__main__":
    sys.exit(main())
