"""One lock for whoever runs compiled code: kernels share one pool of threads, and two callers would fight over it."""

from __future__ import annotations

import threading

__all__ = ["TURN"]

TURN = threading.Lock()
