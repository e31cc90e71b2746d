"""The table of knobs and the way to live its worlds lie beside the tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out
