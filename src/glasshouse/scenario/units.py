"""The unit of a number of the scenario language, read from the name of its key."""

from __future__ import annotations

__all__ = ["unit_of"]

# The first that fits.
UNITS = (
    ("per_day", "probability per day"),
    ("_share", "share, 0 to 1"),
    ("_shares", "shares, 0 to 1"),
    ("_days", "days"),
    ("_points", "points"),
    ("points", "points"),
    ("score_below", "points"),
    ("score_at_least", "points"),
    ("_age", "years"),
    ("age_from", "years"),
    ("multiplier", "factor"),
    ("multipliers", "factors"),
    ("citizens", "people"),
    ("days", "days"),
    ("sizes", "people"),
)


def unit_of(name: str) -> str:
    """Return the unit that a key's name carries; nothing where it carries none.

    >>> unit_of("removed_share"), unit_of("base_points"), unit_of("kind")
    ('share, 0 to 1', 'points', '')
    """
    return next((unit for ending, unit in UNITS if name.endswith(ending)), "")
