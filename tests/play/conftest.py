"""Games small enough to be played in a test."""

from __future__ import annotations

import pytest

from glasshouse.play import Game

CITIZENS, DAYS = 100, 90


@pytest.fixture
def game():
    """Return a function that begins a short year."""

    def begin(preset="as-reported", **wishes):
        return Game(preset, **({"citizens": CITIZENS, "days": DAYS, "seed": 3} | wishes))

    return begin
