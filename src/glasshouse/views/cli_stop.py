"""Ctrl-C and other requests to end: the first lets the day be finished, the second ends at once."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import click

from glasshouse.errors import Interrupted

if TYPE_CHECKING:
    from types import FrameType, TracebackType

__all__ = ["PoliteStop"]

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class PoliteStop:
    """Remembers that somebody asked the process to end; calling it says whether anybody did.

    As a context it gives the exit code 128 + the signal's number to the interruption that leaves it.

    Args:
        after: What is finished before the end.
    """

    def __init__(self, after: str = "this day") -> None:
        self.number = 0
        self._after = after
        self._before: dict[int, Any] = {}

    def __call__(self) -> bool:
        """Say whether anybody asked."""
        return self.number != 0

    def __enter__(self) -> Self:
        for name in SIGNALS:
            number = getattr(signal, name, None)
            with suppress(ValueError):  # another thread than the main one
                if number is not None:
                    self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()
        if isinstance(error, Interrupted):
            error.code = 128 + self.number

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        """Note the first signal, and let the next one do what it does."""
        self.number = number
        self._give_back()
        with suppress(OSError):  # the terminal may be gone
            click.echo(f"\nstopping after {self._after}; once more stops at once", err=True)

    def _give_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
