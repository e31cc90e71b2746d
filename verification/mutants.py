"""Faults planted on purpose: for each, the checks that must notice it.

Each fault is a few words of a source changed while it is read, in a process of its own; no file is touched. Faults of
kernels are lived uncompiled by small societies, those of other modules by the compiled kernels as they are. First the
same checks are run without a fault and must hold: a check that always fails notices nothing.

Run with `.venv/bin/python -m verification.mutants [NAME ...]`, or `make verify-mutants`; exit 6 when one is missed.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "mutants.json"
FAILED = 6
SEED = 1
SLIPS = ("AttributeError", "ImportError", "NameError", "SyntaxError", "TypeError", "TypingError")

Asked = tuple[str, float]  # a check, and the share of its citizens that live
ORACLE: Asked = ("kernels-equal-oracle", 0.2)


@dataclass(frozen=True)
class Mutant:
    """A fault.

    Attributes:
        name: Stable name in kebab-case.
        words: What goes wrong.
        module: Where.
        changes: (as it stands, as it is read); the first must occur exactly once.
        noticed_by: Checks that must fail, each with the share of its citizens.
        compiled: Whether the kernels are compiled: only where the fault is in none of them.
    """

    name: str
    words: str
    module: str
    changes: Sequence[tuple[str, str]]
    noticed_by: Sequence[Asked]
    compiled: bool = False


KERNELS = "glasshouse.model.kernels"
FADING = "    fade(state.risk, bulletin, tables.scalars[P_LEARN_DECAY])\n"
LOOK_AHEAD = """    _ahead = None

    def _look_ahead(self):
        before = [part.state.core['low_friends'].copy() for part in self.parts]
        if self._ahead is self:
            return before
        if self._ahead is None:
            self._ahead = Engine(self.plan, self.threads)
            self._ahead._ahead = self._ahead
        self._ahead.step()
        for part in self.parts:
            part.state.core['low_friends'] = self._ahead.parts[0].state.core['low_friends']
        return before

    def crossings(self)"""
MUTANTS = (
    Mutant(
        "phases-swapped",
        "lists are gone through before the score of the day",
        "glasshouse.model.day",
        [
            ("        score(tables, state, s, base, first_of_month)\n", "        pass\n"),
            (
                "        lists(tables, state, s, base, day)\n",
                "        lists(tables, state, s, base, day)\n        score(tables, state, s, base, first_of_month)\n",
            ),
        ],
        [ORACLE, ("fixed-stays", 0.002)],
    ),
    Mutant(
        "spell-too-short",
        "detention lasts a day less",
        f"{KERNELS}.police",
        [("max(I64(s.rare[j, V_DETAINED]), days)", "max(I64(s.rare[j, V_DETAINED]), days - 1)")],
        [ORACLE, ("detention-spells", 0.004)],
    ),
    Mutant(
        "clamp-after-each",
        "the score is held between its borders after each rule, not once",
        f"{KERNELS}.score",
        [
            (
                "        if points > 0:\n            gain =",
                (
                    "        s.w[j, W_POINTS] = max(tables.scalars[P_FLOOR], min(tables.scalars[P_CEILING],"
                    " I64(state.score[j]) + s.w[j, W_POINTS])) - I64(state.score[j])\n"
                    "        if points > 0:\n            gain ="
                ),
            ),
        ],
        [("rules-swapped", 0.03)],
    ),
    Mutant(
        "threshold-of-16-bits",
        "probabilities are rounded to 2^-16",
        "glasshouse.streams",
        [("min(round(p * 2**64), ALWAYS - 1)", "min(round(p * 2**16) << 48, ALWAYS - 1)")],
        [("every-rung", 1.0), ("false-flags", 1.0), ("thresholds", 1.0)],
        compiled=True,
    ),
    Mutant(
        "friends-of-today",
        "points for friends follow the flags of this evening, seen a day ahead in a world beside, not of yesterday's",
        "glasshouse.model.engine",
        [
            (
                "        outs = [part.live(t, inbox, news, last_phase) for part in self.parts]\n",
                (
                    "        before = self._look_ahead()\n"
                    "        outs = [part.live(t, inbox, news, last_phase) for part in self.parts]\n"
                    "        for part, low in zip(self.parts, before): part.state.core['low_friends'] = low\n"
                ),
            ),
            ("    def crossings(self)", LOOK_AHEAD),
        ],
        [("friends-of-yesterday", 0.1)],
        compiled=True,
    ),
    Mutant(
        "term-too-short",
        "a term is a day shorter than it says",
        f"{KERNELS}.lists",
        [
            (
                "min(NO_TERM - 1, day + tables.lists[k, L_TERM])",
                "min(NO_TERM - 1, day + tables.lists[k, L_TERM] - 1)",
            )
        ],
        [ORACLE, ("fixed-stays", 0.002)],
    ),
    Mutant(
        "months-never-end",
        "counts do not start anew on the 1st",
        f"{KERNELS}.calendar",
        [("            state.month_counts[j] = 0\n", "            pass\n")],
        [("monthly-allowance", 0.003)],
    ),
    Mutant(
        "one-friend-more",
        "the rule on friends asks for one low friend more than it says",
        f"{KERNELS}.score",
        [("if low >= tables.scalars[P_MIN_FRIENDS]:", "if low > tables.scalars[P_MIN_FRIENDS]:")],
        [("friends-of-yesterday", 0.003)],
    ),
    Mutant(
        "renewal-adds-up",
        "a new record adds its term to what is left of the old one",
        f"{KERNELS}.lists",
        [("max(until, day + tables.lists[k, L_TERM])", "until + tables.lists[k, L_TERM]")],
        [ORACLE],
    ),
    Mutant(
        "banned-at-once",
        "a list closes doors on the day of the entry",
        f"{KERNELS}.travel",
        [("closed_modes(tables, s.w[j, W_LISTS])", "closed_modes(tables, I64(state.lists[j]))")],
        [ORACLE],
    ),
    Mutant(
        "one-retry-less",
        "the last try for a ticket is left out",
        f"{KERNELS}.travel",
        [("tables.modes[m, M_RETRIES] + 1)", "tables.modes[m, M_RETRIES])")],
        [ORACLE],
    ),
    Mutant(
        "decided-a-day-early",
        "appeals are decided a day early",
        f"{KERNELS}.redress",
        [("tables.scalars[P_DECISION_DAYS] + 1", "tables.scalars[P_DECISION_DAYS]")],
        [("appeals", 0.004)],
    ),
    Mutant(
        "true-for-false",
        "appeals against true records are won as often as against false ones, and the other way round",
        f"{KERNELS}.redress",
        [
            ("T_WON_TRUE] if s.records", "T_WON_FALSE] if s.records"),
            ("else tables.thresholds[T_WON_FALSE]", "else tables.thresholds[T_WON_TRUE]"),
        ],
        [("appeals", 0.004)],
    ),
    Mutant(
        "fades-before-it-rises",
        "perceived risk fades before the punishment of the day raises it",
        f"{KERNELS}.learn",
        [
            (FADING, "    return\n"),
            ("    struck = s.masks[M_PUNISHED]\n", f"{FADING}    struck = s.masks[M_PUNISHED]\n"),
        ],
        [ORACLE, ("restraint-follows-risk", 0.001)],
    ),
    Mutant(
        "on-ones-own-record",
        "a record that was to fall on somebody else may fall on its writer",
        f"{KERNELS}.observe",
        [("if position >= forward(", "if position > forward(")],
        [ORACLE],
    ),
    Mutant(
        "any-face-will-do",
        "a borrowed account is checked with the face of its owner",
        f"{KERNELS}.access",
        [
            (
                "        return tables.thresholds[T_FACE_BORROWED]\n",
                "        return tables.faces[s.group[j]]\n",
            )
        ],
        [("borrowed-accounts", 0.005)],
    ),
    Mutant(
        "companies-stay-a-day",
        "companies stay listed a day longer",
        f"{KERNELS}.companies",
        [("day >= listed or", "day > listed or")],
        [("company-listings", 0.0005)],
    ),
    Mutant(
        "late-by-a-day",
        "delayed records arrive a day late",
        f"{KERNELS}.observe",
        [("post_record(s, day + delay, i, b, OWN)", "post_record(s, day + delay + 1, i, b, OWN)")],
        [ORACLE],
    ),
    Mutant(
        "rungs-too-low",
        "screened draws that need a second word are taken without their rung",
        f"{KERNELS}.ladder",
        [("    return tables.step_starts[step] + above\n", "    return above\n")],
        [("every-rung", 0.0005)],
    ),
    Mutant(
        "low-a-point-early",
        "a score at the line counts as below it",
        f"{KERNELS}.publish",
        [("scalars[P_LOW_CUTOFF]) & member", "scalars[P_LOW_CUTOFF] + 1) & member")],
        [("friends-of-yesterday", 0.001)],
    ),
)


# ---- in the process of a fault


class Faulty(importlib.machinery.SourceFileLoader):
    """Reads a module with a fault in it."""

    def __init__(self, mutant: Mutant, path: str) -> None:
        super().__init__(mutant.module, path)
        self.mutant = mutant

    def get_code(self, fullname: str) -> Any:
        """Return the code of the changed source."""
        path = self.get_filename(fullname)
        source = with_fault(self.mutant, Path(path).read_text(encoding="utf-8"))
        return compile(source, path, "exec", dont_inherit=True)


def with_fault(mutant: Mutant, source: str) -> str:
    """Return a source with a fault in it.

    Raises:
        ValueError: the source has moved on, so that the fault has no place any more.
    """
    for before, after in mutant.changes:
        places = source.count(before)
        if places != 1:
            raise ValueError(f"{mutant.name}: {places} places in {mutant.module}, not one")
        source = source.replace(before, after)
    return source


class Planter(importlib.abc.MetaPathFinder):
    """Finds the module of a fault before anybody else does."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:  # noqa: ARG002 - the form of the hook
        """Return where the module is, to be read with its fault."""
        if fullname != self.mutant.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert found is not None
        assert found.origin is not None
        return importlib.util.spec_from_loader(
            fullname, Faulty(self.mutant, found.origin), origin=found.origin
        )


def child() -> None:
    """Read a fault, or none, and checks from stdin; write the names of those that fail to stdout."""
    asked = json.load(sys.stdin)
    mutant = next((one for one in MUTANTS if one.name == asked["mutant"]), None)
    if mutant is not None:
        sys.meta_path.insert(0, Planter(mutant))
    from verification.analytic.collect import named, run

    failing = []
    for name, share in asked["checks"]:
        os.environ["GLASSHOUSE_SHARE"] = str(share)
        (outcome,) = run(named([name]), SEED)
        if outcome.broke and is_slip(outcome.broke):
            sys.exit(f"{name} broke on the text of the fault itself: {outcome.broke}")
        if not outcome.passed:
            worst = outcome.worst
            told = outcome.broke or f"{worst.what}: expected {worst.expected:g}, observed {worst.observed:g}"
            failing.append([name, told])
    json.dump(failing, sys.stdout)


def is_slip(told: str) -> bool:
    """Say whether a check broke on a slip in the text of the fault, such as a name that is gone: nothing is noticed."""
    return told.partition(":")[0] in SLIPS


# ---- outside


def failing(mutant: Mutant | None, checks: Sequence[Asked], *, compiled: bool) -> dict[str, str]:
    """Return the checks that fail under a fault, or without one: name -> what differs.

    Raises:
        RuntimeError: the process ended by itself.
    """
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", "from verification.mutants import child; child()"],
        input=json.dumps({"mutant": mutant.name if mutant else "", "checks": checks}),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{mutant.name if mutant else 'no fault'}: {done.stderr[-1500:]}")
    return dict(json.loads(done.stdout))


def noticed(mutant: Mutant) -> dict[str, str]:
    """Return the checks that notice a fault: name -> what differs."""
    return failing(mutant, mutant.noticed_by, compiled=mutant.compiled)


def sound(mutants: Sequence[Mutant]) -> dict[str, str]:
    """Return the checks that fail although there is no fault: name -> what differs."""
    wrong = {}
    for compiled in (False, True):
        checks = sorted({asked for one in mutants if one.compiled is compiled for asked in one.noticed_by})
        wrong |= failing(None, checks, compiled=compiled) if checks else {}
    return wrong


def main() -> int:
    """Plant the faults that were asked for, or all, and return the exit code; of all the outcome is kept."""
    chosen = [one for one in MUTANTS if len(sys.argv) == 1 or one.name in sys.argv[1:]]
    wrong = sound(chosen)
    for name, told in wrong.items():
        print(f"without a fault {name} fails: {told}")
    outcomes = [outcome(one) for one in chosen]
    missed = [one for one in outcomes if one["missed_by"]]
    for one in missed:
        print(f"UNNOTICED: {one['name']} by {', '.join(one['missed_by'])}")
    print(
        f"{len(chosen) - len(missed)} of {len(chosen)} planted faults are noticed by every check that should"
    )
    if len(sys.argv) == 1:
        RESULTS.parent.mkdir(exist_ok=True)
        tree = {
            "format": "glasshouse-mutants",
            "format_version": 1,
            "seed": str(SEED),
            "unsound": wrong,
            "faults": outcomes,
        }
        RESULTS.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    return FAILED if wrong or missed or not chosen else 0


def outcome(mutant: Mutant) -> dict[str, Any]:
    """Plant a fault, print who notices it, and return that for JSON."""
    found = noticed(mutant)
    for name, told in found.items():
        print(f"  {mutant.name:<24} {name:<24} {told[:90]}", flush=True)
    return {
        "name": mutant.name,
        "words": mutant.words,
        "module": mutant.module,
        "noticed_by": list(found),
        "missed_by": [name for name, _ in mutant.noticed_by if name not in found],
        "told": next(iter(found.values()), ""),
    }


if __name__ == "__main__":
    sys.exit(main())
