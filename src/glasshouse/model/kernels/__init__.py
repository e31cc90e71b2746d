"""Compiled phases of the day: plain Python source, run by Numba or, with JIT off, as it stands.

Rules of the house: ids and counts are int64, draws and thresholds uint64 (the two never meet in one
expression: mixed they would become float64), columns are read through `I64()`. The compile cache is a
pickle and must be as trusted as the code, so it lives in a private folder of the user.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numba

PACKAGE = Path(__file__).parents[2]
SOURCES = (
    "model/kernels/*.py",
    "model/day.py",
    "model/layout.py",
    "model/flows.py",
    "model/stocks.py",
    "society/columns.py",
    "ladder.py",
    "streams.py",
)


def source_digest() -> str:
    """Return a digest of everything that is compiled in.

    Numba notices a change in the file of a function but not in those of the functions it calls.
    """
    digest = hashlib.blake2b(digest_size=8)
    for pattern in SOURCES:
        for path in sorted(PACKAGE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return a folder only this user may read, made if needed; a temporary one if home is read-only."""
    base = os.environ.get("XDG_CACHE_HOME") or Path("~").expanduser() / ".cache"
    folder = Path(base) / "glasshouse" / f"kernels-{source_digest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="glasshouse-kernels-"))


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder())

from glasshouse.model.kernels import lanes_llvm  # noqa: E402, F401 - tells Numba what lanes.py and claims.py compile to
