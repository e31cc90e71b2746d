"""One studio in this process for all tests of a session, and one pair of worlds lived in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out

from launch import CITIZENS, DAYS, HARSH, SEED, WITHOUT, launched

from glasshouse.views.studio import caps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from launch import Launch


@pytest.fixture(scope="session")
def studio() -> Iterator[Launch]:
    """A running studio, which forgets nothing while tests look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(caps, "KEPT", 10_000)
        yield from launched()


@pytest.fixture(scope="session")
def pair(studio: Launch) -> str:
    """The number of a job that is done: a harsh as-reported beside itself without the rule about friends."""
    size = {"citizens": CITIZENS, "days": DAYS, "seed": SEED}
    id = studio.order(preset="as-reported", set=HARSH, twin=WITHOUT, **size)
    assert studio.lived(id)["state"] == "done"
    return id
