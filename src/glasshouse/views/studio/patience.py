"""An HTTP connection that is not waited for without end: too many at once, or none that says anything, are let go.

uvicorn itself lets an idle connection go only after its first answer, so that thousands that never ask, or that ask one
letter at a time, would stay for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from glasshouse.views.studio import caps

if TYPE_CHECKING:
    import asyncio

__all__ = ["PatientProtocol"]


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to patience."""

    _timer: asyncio.TimerHandle | None = None
    _seen: object = None  # the request that was in hand when the timer was set

    def connection_made(self, transport: Any) -> None:
        """Take a connection, if there is room for it."""
        super().connection_made(transport)
        if len(self.connections) > caps.CONNECTIONS:
            transport.abort()
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Stop waiting: sockets have a patience of their own."""
        self._stop()
        super().handle_websocket_upgrade(event)

    def _wait(self) -> None:
        """Look again after a while whether a request has come."""
        self._seen = self.cycle
        self._timer = self.loop.call_later(caps.PATIENCE_S, self._look)

    def _look(self) -> None:
        """Let the connection go if no further request is whole, and none is being answered."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self.cycle is self._seen:
            self.transport.abort()
        else:
            self._wait()

    def _stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
