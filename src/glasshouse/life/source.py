"""A world as its manifest keeps it: the scenario's texts and changes, compiled into the very plan that was run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from glasshouse.errors import GlasshouseError, InputOutputError, clean
from glasshouse.model.plan import compile_plan
from glasshouse.records.crossings import NAME as CROSSINGS
from glasshouse.records.crossings import RecordedCrossings
from glasshouse.records.digest import plan_digest
from glasshouse.records.reader import open_run
from glasshouse.scenario.load import load
from glasshouse.scenario.variants import CHANGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.model.plan import Plan
    from glasshouse.records.crossings import CrossingsLog
    from glasshouse.scenario.evidence import Evidence
    from glasshouse.scenario.load import Loaded
    from glasshouse.scenario.schema import Scenario

__all__ = ["Recorded", "recorded_world"]

EXTENDS = re.compile(r"""^([ \t]*extends[ \t]*=[ \t]*)("[^"\n]*"|'[^'\n]*')""", re.MULTILINE)
WITHOUT = "without "
BRANCHED = "the first "  # days that another run lived; `branch.py` says so


@dataclass(frozen=True)
class Recorded:
    """A world that was run.

    Attributes:
        scenario: What was lived.
        evidence: What its numbers rest on, by dotted path.
        plan: The scenario compiled.
        name: What the world is called.
        notice: Line to show with its results.
        manifest: The run's manifest.
        log: What crossed between citizens, None where the run did not keep it.
    """

    scenario: Scenario
    evidence: Mapping[str, Evidence]
    plan: Plan
    name: str
    notice: str
    manifest: Mapping[str, Any]
    log: CrossingsLog | None


def recorded_world(folder: Path) -> Recorded:
    """Return the world in a run folder, compiled anew.

    Raises:
        InputOutputError: there is no run, or it cannot be made again from what the manifest keeps.
    """
    run = open_run(folder)
    manifest = run.manifest
    told = manifest["scenario"]
    try:
        loaded = scenario_again(told["chain"], told["changes"])
        plan = compile_plan(
            loaded.scenario, citizens=manifest["citizens"], days=manifest["days"], seed=int(manifest["seed"])
        )
    except (GlasshouseError, KeyError, TypeError) as error:
        raise not_again(folder, clean(str(error).partition("\n")[0])) from error
    if plan_digest(plan) != told["plan_digest"]:
        raise not_again(folder, "the scenario compiles into another plan than the one that was run")
    name = clean(" ".join([told["name"], *told["changes"]]), 80)
    log = RecordedCrossings(run, plan) if run.has(CROSSINGS) else None
    return Recorded(loaded.scenario, loaded.evidence, plan, name, told["notice"], manifest, log)


def not_again(folder: Path, why: str) -> InputOutputError:
    """Return the error for a run that cannot be lived again."""
    return InputOutputError(
        f"the run in {clean(folder, 200)} cannot be lived again: {why}",
        help="use the Glasshouse that wrote it",
    )


def scenario_again(chain: Sequence[Mapping[str, str]], changes: Sequence[str]) -> Loaded:
    """Return the scenario of a manifest: each text extends the next, whatever it was called then.

    Raises:
        InputOutputError: the first days were lived under another scenario.
    """
    if any(one.startswith(BRANCHED) for one in changes):
        raise InputOutputError("its first days were lived under another scenario")
    with TemporaryDirectory(prefix="glasshouse-") as place:
        folder = Path(place)
        for number, entry in enumerate(chain):
            text = EXTENDS.sub(rf'\g<1>"./{number + 1}.toml"', entry["text"], count=1)
            (folder / f"{number}.toml").write_text(text, encoding="utf-8", newline="\n")
        chosen = dict(one.split(" = ", 1) for one in changes if not one.startswith((WITHOUT, CHANGE)))
        without = [one.removeprefix(WITHOUT) for one in changes if one.startswith(WITHOUT)]
        variant = next((one.removeprefix(CHANGE) for one in changes if one.startswith(CHANGE)), None)
        return load(folder / "0.toml", set=chosen, without=without, variant=variant)
