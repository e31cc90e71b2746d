"""What one launch of the studio does at most: sizes, queues, sockets, seconds of patience."""

from __future__ import annotations

__all__ = [
    "CITIZENS",
    "CONNECTIONS",
    "DAYS",
    "DAYS_PER_SECOND",
    "IN_FLIGHT",
    "KEPT",
    "LIVING",
    "MAX_BODY",
    "PATIENCE_S",
    "QUEUED",
    "STEPS",
    "WATCHERS",
]

CITIZENS = 100_000  # of one world
DAYS = 3_650
LIVING = 2  # jobs that live at the same time, taking turns
QUEUED = 8  # jobs that wait for them
KEPT = 16  # jobs that are kept after their end; the oldest goes first
STEPS = 31  # days of one call for single steps
DAYS_PER_SECOND = 1_000

MAX_BODY = 256 * 1024  # bytes of a request: no scenario has more
CONNECTIONS = 64
WATCHERS = 16  # sockets that look on
IN_FLIGHT = 2  # pictures of one world that a page has not painted yet
PATIENCE_S = 10.0  # for the head or the body of a request, and for the first word on a socket
