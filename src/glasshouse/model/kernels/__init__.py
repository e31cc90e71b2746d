"""Compiled phases of the day: plain Python source, run by Numba or, with JIT off, as it stands.

Rules of the house: ids and counts are int64, draws and thresholds uint64 (the two never meet in one
expression: mixed they would become float64), columns are read through `int()`. The compile cache is a
pickle and must be as trusted as the code, so it lives in a private folder of the user.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """Return a folder only this user may read, made if needed; a temporary one if home is read-only."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(base) / "glasshouse" / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="glasshouse-kernels-"))


if "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
