"""The scenarios and the comparison that tests of the model share lie beside them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out
