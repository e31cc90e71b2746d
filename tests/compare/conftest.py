"""The scenarios of the model's tests serve here too; `small_town` lies beside this file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from glasshouse.scenario.load import load

sys.path.insert(0, str(Path(__file__).parents[1] / "model"))  # import mode importlib leaves these out
sys.path.insert(0, str(Path(__file__).parent))

from small_town import TOWN


@pytest.fixture
def town(tmp_path):
    """Return the path of a small scenario in which something happens soon."""
    path = tmp_path / "town.toml"
    path.write_text(TOWN, encoding="utf-8")
    return path


@pytest.fixture
def loaded(town):
    return load(town)
