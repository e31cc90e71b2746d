"""One compilation for the whole session: tests that give a process an empty home must not compile anew."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

# The kernels' folder below it is named after their source, so an old one is never used.
os.environ.setdefault("XDG_CACHE_HOME", str(Path("~/.cache").expanduser()))

# CUDA kernels run in numba's simulator, where there is no device; numba reads this once, when it is imported.
os.environ.setdefault("NUMBA_ENABLE_CUDASIM", "1")

# `make verify-long` asks for `long`; the suite keeps Hypothesis' own numbers, without its clock.
settings.register_profile("suite", deadline=None)
settings.register_profile(
    "long", deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
