"""Golden files: the oracle's run of each preset, small: its digest, that of each day, and its totals.

`make golden` writes them anew. They change only together with a "Results change" line in CHANGELOG.md; the first day
and the totals that differ tell where to look. That the kernels come to the oracle's digest is shown elsewhere
(`verify`), so the oracle alone is enough here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from glasshouse.model.plan import compile_plan
from glasshouse.records.measures import TOTALS
from glasshouse.scenario.load import PRESETS, load
from glasshouse.verify import oracle_run

GOLDEN = Path(__file__).parent
CITIZENS, DAYS, SEED = 256, 20, 1
IDS = sorted(path.stem for path in PRESETS.glob("*.toml"))
UPDATE = bool(os.environ.get("GLASSHOUSE_UPDATE"))


def lived(preset):
    plan = compile_plan(load(preset).scenario, citizens=CITIZENS, days=DAYS, seed=SEED)
    digest, days, totals = oracle_run(plan)
    return {"totals": totals, "days": days, "digest": digest}


@pytest.mark.parametrize("preset", IDS)
def test_a_preset_lives_as_its_golden_file_says(preset):
    path, found = GOLDEN / f"{preset}.json", lived(preset)
    if UPDATE:
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    rule = "`make golden`, and a 'Results change' line in CHANGELOG.md"
    assert found["totals"] == golden["totals"], rule
    parted = [t for t, (a, b) in enumerate(zip(found["days"], golden["days"], strict=True)) if a != b]
    assert not parted, f"from day {parted[0]} on; {rule}"
    assert found["digest"] == golden["digest"], f"the plan, the end state or what is under way; {rule}"


def test_every_golden_file_is_of_a_preset_and_has_twenty_measures():
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == IDS
    assert len(TOTALS) >= 20
