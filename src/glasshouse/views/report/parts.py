"""A part of a report: one study (a comparison, an attribution, harms) as sections of a page, with its figures."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputOutputError, clean
from glasshouse.views.figures_style import grouped, rounded, signed
from glasshouse.views.report.markup import esc

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from glasshouse.views.figures import Figure

__all__ = ["PER", "Part", "dressed", "interval", "percent", "read_as", "section", "span"]

PER = 100_000
NONE = "\N{EN DASH}"


@dataclass(frozen=True)
class Part:
    """One study of a report.

    Attributes:
        name: What its worlds are called, for the line at the top.
        notice: The line that has to be shown wherever the scenario is.
        headline: A short title, where the part stands alone.
        sentence: The main finding, with its interval.
        size: Citizens, days and seeds in words.
        figures: Its figures and tables.
        told: Makes its sections as HTML, from the figures by name and a first paragraph, ready HTML or empty.
        command: What makes the study anew, if it is known.
    """

    name: str
    notice: str
    headline: str
    sentence: str
    size: str
    figures: tuple[Figure, ...]
    told: Callable[[Mapping[str, Figure], str], str]
    command: str = ""


def dressed(
    figures: Sequence[Figure], *, command: str, notice: str, formats: Sequence[str]
) -> tuple[Figure, ...]:
    """Return figures with what makes them anew, the notice they must carry, and the formats they are written in."""
    return tuple(
        replace(one, command=one.command or command, notice=one.notice or notice, formats=tuple(formats))
        for one in figures
    )


@contextmanager
def read_as(path: Path) -> Generator[None]:
    """Turn what a file lacks, or holds in another form, into one error that names it.

    Raises:
        InputOutputError: the file is damaged, or of another version.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError):
        raise InputOutputError(
            f"{clean(path, 200)} is damaged or of another version",
            help="make it anew with the command that wrote it",
        ) from None


def section(id: str, title: str, lead: str, inner: str) -> str:
    """Return a section; `lead` and `inner` are ready HTML."""
    told = f'<p class="lead">{lead}</p>' if lead else ""
    return f'<section id="{id}"><h2>{esc(title)}</h2>{told}{inner}</section>'


def span(days: int) -> str:
    """Return a number of days in words."""
    return "one year" if days in (365, 366) else f"{days} day{'s' * (days != 1)}"


def size_in_words(tree: Mapping[str, Any]) -> str:
    """Return citizens, days and seeds of a study."""
    replicates, seed = int(tree["replicates"]), clean(tree["seed"], 30)
    seeds = f"seed {seed}" if replicates == 1 else f"{replicates} seeds from {seed}"
    return f"{grouped(int(tree['citizens']))} citizens, {span(int(tree['days']))}, {seeds}"


def interval(low: float | None, high: float | None, *, sign: bool = True) -> str:
    """Return both ends of an interval, or a dash."""
    if low is None or high is None:
        return NONE
    words = signed if sign else rounded
    return f"{words(low)} to {words(high)}"


def percent(one: Mapping[str, Any]) -> str:
    """Return a share in percent with its interval, as words."""
    if one["value"] is None:
        return NONE
    told = f"{rounded(100 * one['value'])}\u00a0%"
    if one["low"] is None or one["high"] is None:
        return told
    return f"{told} ({rounded(100 * one['low'])} to {rounded(100 * one['high'])})"


def scaled(value: float | None, by: float) -> float | None:
    """Return a figure times a factor, or None."""
    return None if value is None else value * by
