"""How every figure looks: colours, type and axes, and how numbers are written.

Colours stay apart for the common kinds of colour blindness, and in print; the two worlds also
differ in dash. The type family is metric-compatible on all systems (Arial, Helvetica and Liberation Sans
have the same widths), because the text is measured when the figure is drawn, not when it is read.
"""

from __future__ import annotations

import math
from typing import Any

INK = "#1d1c1a"
MUTED = "#6b665c"
PAPER = "#fcfaf5"
FAINT = "#d9d4c8"
PUBLISHED = "#1d1c1a"

WORLDS = ("#b8432b", "#2a6587")
DASHES = ((1, 0), (6, 3))
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
THIN = "\u202f"  # narrow no-break space, between groups of three digits
RAMP = ("#f6efe2", "#f3d9b1", "#e9b47c", "#d98752", "#bb5636", "#8d2f25", "#571a1c")
AXIS_LABEL = f"replace(datum.label, /,/g, '{THIN}')"


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that all figures share."""
    text = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 11, "titleFontSize": 11}
    axis = text | {
        "titleFontWeight": "normal", "domainColor": INK, "tickColor": INK, "gridColor": FAINT, "labelPadding": 5,
    }  # fmt: skip
    return {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": axis | {"gridOpacity": 0.8},
        "axisX": {"grid": False, "tickSize": 4},
        "axisY": {"domain": False, "ticks": False, "tickCount": 4},
        "legend": text | {"orient": "top", "title": None, "symbolStrokeWidth": 2.5},
        "title": {"anchor": "start", "color": INK, "fontSize": 13, "offset": 10}
        | {"subtitleColor": MUTED, "subtitleFontSize": 11},
        "header": text,
    }  # fmt: skip


def grouped(number: int) -> str:
    """Return a count with narrow spaces between groups of three digits.

    >>> grouped(1234567).split(THIN)
    ['1', '234', '567']
    """
    return f"{number:,}".replace(",", THIN).replace("-", "\N{MINUS SIGN}")


def rounded(value: float) -> str:
    r"""Return a number with at most three significant digits, grouped, never in powers of ten.

    >>> rounded(0.01234), rounded(999.6), rounded(0)
    ('0.0123', '1\u202f000', '0')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "not known"
    digits = 2 - math.floor(math.log10(abs(value)))
    value = round(value, digits)
    if value == 0 or abs(value) >= 100:
        return grouped(round(value))
    if abs(value) < 0.0001:
        return f"{'less than ' if value > 0 else 'more than -'}0.0001"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\N{MINUS SIGN}")


def signed(value: float) -> str:
    """Return a difference with its sign, in three digits.

    >>> signed(3), signed(0), signed(-0.5)
    ('+3', '0', '\u22120.5')
    """
    return f"{'+' if value > 0 else ''}{rounded(value)}"


def blend(position: float, stops: tuple[str, ...] = RAMP) -> str:
    """Return the colour at `position` (0 to 1) of a ramp."""
    place = min(max(position, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    ends = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops[low : low + 2]]
    mixed = (round(a + (b - a) * (place - low)) for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def on_colour(colour: str) -> str:
    """Return the ink, dark or white, that reads best on a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    bright = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if (bright + 0.05) / 0.0613 > 1.05 / (bright + 0.05) else "#ffffff"
