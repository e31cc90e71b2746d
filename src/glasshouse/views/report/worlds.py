"""What all sections share about the worlds: their colours, their notices, and rates per 100,000."""

from __future__ import annotations

from collections.abc import Sequence

from glasshouse.views.figures_style import WORLDS
from glasshouse.views.report.runview import PER, RunView

Views = Sequence[RunView]


def colours(views: Views) -> dict[str, str]:
    """Return the colour of each world."""
    return {view.name: colour for view, colour in zip(views, WORLDS, strict=False)}


def notices(views: Views) -> str:
    """Return the notices of the worlds as one line."""
    return " ".join(f"{view.name}: {view.notice}" for view in views if view.notice)


def per(count: float, people: float) -> float:
    """Return a count per 100,000 of some people."""
    return count * PER / people if people else 0.0
