"""Scenarios that the tests of the impact sheet share, and those of the model."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out
sys.path.insert(0, str(Path(__file__).parents[1] / "model"))
