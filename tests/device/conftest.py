"""The scenarios and the comparison that tests of the model share lie in their folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "model"))  # import mode importlib leaves it out
