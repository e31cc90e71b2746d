"""The fixtures of the record tests; `paper_town` beside this file makes the counts."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from glasshouse.model.flows import flow_names
from glasshouse.model.stocks import stock_names
from glasshouse.records import files
from glasshouse.records.layout import Layout

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out

from paper_town import world

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def plan():
    return world()


@pytest.fixture(scope="session")
def layout(plan):
    return Layout.of(plan, flow_names(plan), stock_names(plan))


@pytest.fixture
def failpoints():
    """The list of hooks, empty at first; other threads, of a studio that lives on in this process, pass by them."""
    hooks: list[Callable[[str], None]] = []
    own = threading.get_ident()

    def call(name: str) -> None:
        for hook in hooks if threading.get_ident() == own else ():
            hook(name)

    files.FAILPOINTS[:] = [call]
    yield hooks
    files.FAILPOINTS.clear()
