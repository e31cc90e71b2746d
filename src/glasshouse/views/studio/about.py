"""What the studio has to offer: the presets, what one launch does at most, and the colours of grades."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from glasshouse import __version__
from glasshouse.views.figures_style import blend
from glasshouse.views.studio import caps
from glasshouse.views.studio.frames import MOST_GRADES
from glasshouse.views.studio.wish import Wish, is_press, known_presets, preset_of

__all__ = ["about", "preset_text"]

# From low to high, light in the middle: they stay apart for the common kinds of colour blindness.
RAMP = ("#8d2f25", "#d98752", "#e9c089", "#9fb8c6", "#2a6587")
UNGRADED = "#8f897c"


@lru_cache(maxsize=1)
def about() -> dict[str, Any]:
    """Return version, presets, caps and colours."""
    return {
        "version": __version__,
        "presets": [preset_line(name) for name in known_presets()],
        "limits": {
            "citizens": caps.CITIZENS,
            "days": caps.DAYS,
            "queued": caps.QUEUED,
            "living": caps.LIVING,
        },
        "grades": [
            {"name": str(code), "colour": blend(code / (MOST_GRADES - 1), RAMP)}
            for code in range(MOST_GRADES)
        ]
        + [{"name": "none", "colour": UNGRADED}],
    }


def preset_line(name: str) -> dict[str, Any]:
    """Return what stands in the list of presets."""
    info, loaded = known_presets()[name], preset_of(name)
    return {
        "id": name,
        "title": info.title,
        "notice": loaded.scenario.notice,
        "press": is_press(loaded),
        "citizens": loaded.scenario.society.citizens,
        "summary": info.summary,
    }


def preset_text(name: str) -> dict[str, Any]:
    """Return a preset as it is written, and as a text that extends it.

    Raises:
        UsageError: there is none of this name.
    """
    loaded = preset_of(name)
    return {
        "id": name,
        "text": loaded.text,
        "extending": Wish(name, None).written,
        "title": loaded.scenario.title,
        "notice": loaded.scenario.notice,
        "press": is_press(loaded),
    }
