"""Worlds whose output is a formula, to send through the whole of a study."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
