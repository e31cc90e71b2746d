"""Drive the command line in process: exit code, stdout and stderr of one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def glasshouse(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Return a function that runs `glasshouse` with its arguments, in a terminal that is 160 columns wide."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        code = guarded(cli, [str(one) for one in arguments])
        told = capsys.readouterr()
        return Ended(code, told.out, told.err)

    return run


SMALL = """glasshouse = 1
title = "A small scheme"
notice = "Made up for a test."
[society]
citizens = 1000
days = 40
[platform.messenger]
kind = "domestic"
passed_on_share = 1.0
[behaviour.games]
kind = "purchase"
per_day = 0.05
online = true
seen_on = { messenger = 1.0 }
false_alarm_per_day = 0.001
[score]
base_points = 100
floor_points = 0
ceiling_points = 200
min_age = 18
recovery_points = 1
recovery_every_days = 30
low_cutoff_points = 80
[rule.games]
behaviour = "games"
points = -15
[list.low]
entry_score_below = 80
exit_score_at_least = 95
closes = ["plane"]
[travel.plane]
requests_per_day = 0.05
[learn]
restraint = "proportional"
own_weight = 0.2
half_life_days = 60
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the path of a small scenario in which something happens soon."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path
