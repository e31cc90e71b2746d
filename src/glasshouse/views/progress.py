"""Progress of a run: a bar on a terminal, a plain line for every tenth or minute elsewhere, always on stderr."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

__all__ = ["DayProgress", "spelled_rate", "spelled_time"]

TENTHS = 10
MINUTE = 60.0  # seconds


class DayProgress:
    """Call it after each day with (day, days); use it as a context.

    Args:
        citizens: Citizens that live each day.
        label: Words before the bar.
        shown: Whether anything is shown at all.
        terminal: Whether stderr is a terminal; asked of the system by default.
        unit: What is counted, if not days; `citizens` are then the citizen-days of one.
    """

    def __init__(
        self,
        citizens: int,
        label: str = "",
        *,
        shown: bool = True,
        terminal: bool | None = None,
        unit: str = "day",
    ) -> None:
        self._citizens = citizens
        self._label = label
        self._shown = shown
        self._unit = unit
        self._terminal = sys.stderr.isatty() if terminal is None else terminal
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._began = 0.0
        self._first = 0
        self._tenth = 0
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        self.start(self._label)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def start(self, label: str, *, citizens: int | None = None) -> None:
        """Begin a world; each has a bar, or lines, of its own. `citizens` live each of its days, if they are others."""
        self._label = label
        self._citizens = self._citizens if citizens is None else citizens
        self._first = self._tenth = 0
        self._task = None

    def __call__(self, day: int, days: int, citizens: float = 0) -> None:
        """Show that `day` of `days` days have been lived; the speed is taken by a clock that never runs back."""
        if not self._shown:
            return
        self._citizens = self._citizens or int(citizens)
        now = time.monotonic()
        if self._first == 0:  # the first day holds the compilation: the rate counts from its end
            self._first, self._began = day, now
        lived = (day - self._first) * self._citizens
        rate = lived / (now - self._began) if lived and now > self._began else 0.0
        if self._terminal:
            self._draw(day, days, rate)
        else:
            self._print(day, days, rate, now)

    def _draw(self, day: int, days: int, rate: float) -> None:
        """Move the bar."""
        if self._bar is None:
            self._bar = new_bar(self._unit)
            self._bar.start()
        speed = f"{spelled_rate(rate)} citizen-days/s" if rate else ""
        if self._task is None:
            self._task = self._bar.add_task(self._label, total=days, speed=speed)
        self._bar.update(self._task, completed=day, speed=speed)

    def _print(self, day: int, days: int, rate: float, now: float) -> None:
        """Print a line when another tenth of the days is over, or a minute since the last line."""
        tenth = day * TENTHS // days
        if tenth == self._tenth and day < days and now - self._told < MINUTE:
            return
        if day == days and self._tenth == TENTHS:
            return
        self._tenth, self._told = tenth, now
        parts = [f"{self._unit} {day:,} of {days:,} ({day * 100 // days} %)"]
        if rate:
            parts.append(f"{spelled_rate(rate)} citizen-days/s")
            if day < days:
                parts.append(f"about {spelled_time((days - day) * self._citizens / rate)} left")
        name = f"{self._label}: " if self._label else ""
        click.echo(f"{name}{', '.join(parts)}", err=True)


def new_bar(unit: str) -> Progress:
    """Return the bar: label, bar, days (or another unit), citizen-days per second, time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None, complete_style="cyan", finished_style="green"),
        MofNCompleteColumn(),
        TextColumn(f"{unit}s"),
        TextColumn("[dim]{task.fields[speed]}[/dim]"),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        expand=False,
        get_time=time.monotonic,
    )


def spelled_rate(rate: float) -> str:
    """Return a number of citizen-days per second in three digits.

    >>> spelled_rate(51_234_567), spelled_rate(8_400)
    ('51.2 M', '8.4 k')
    """
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if rate >= size:
            return f"{rate / size:.3g}{unit}"
    return f"{rate:.3g}"


def spelled_time(seconds: float) -> str:
    """Return a length of time in words of one or two units, never negative.

    >>> spelled_time(4.2), spelled_time(95), spelled_time(7_300)
    ('5 s', '1 min 35 s', '2 h 1 min')
    """
    whole = max(0, -int(-seconds // 1))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 200 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} days"
