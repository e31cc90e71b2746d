"""One lock for whoever runs compiled code, for kernels share one pool of threads; and word that they are compiled."""

from __future__ import annotations

import threading

__all__ = ["READY", "TURN"]

TURN = threading.Lock()
READY = threading.Event()  # on a first visit compiling takes a minute or two
