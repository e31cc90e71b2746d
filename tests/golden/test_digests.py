"""Golden digests: the oracle's run of each preset, small, to the bit.

`make golden` writes them anew. They change only together with a "Results change" line in CHANGELOG.md. That the
kernels come to the oracle's digest is shown elsewhere (`verify`), so the oracle alone is enough here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import PRESETS, load
from glasshouse.verify import oracle_digest

GOLDEN = Path(__file__).with_name("digests.json")
CITIZENS, DAYS, SEED = 256, 20, 1
IDS = sorted(path.stem for path in PRESETS.glob("*.toml"))


def digest_of(preset: str) -> str:
    return oracle_digest(compile_plan(load(preset).scenario, citizens=CITIZENS, days=DAYS, seed=SEED))


@pytest.mark.parametrize("preset", IDS)
def test_the_digest_of_a_preset_is_the_golden_one(preset):
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    found = digest_of(preset)
    if os.environ.get("GLASSHOUSE_UPDATE"):
        GOLDEN.write_text(json.dumps(dict(sorted({**golden, preset: found}.items())), indent=2) + "\n")
    else:
        assert found == golden.get(preset), "`make golden`, and a 'Results change' line in CHANGELOG.md"


def test_no_golden_digest_is_left_over():
    assert sorted(json.loads(GOLDEN.read_text())) == IDS
