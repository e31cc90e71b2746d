"""The fixtures of the record tests; `paper_town` beside this file makes the counts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from glasshouse.model.flows import flow_names
from glasshouse.model.stocks import stock_names
from glasshouse.records import files
from glasshouse.records.layout import Layout

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib leaves it out

from paper_town import world


@pytest.fixture(scope="session")
def plan():
    return world()


@pytest.fixture(scope="session")
def layout(plan):
    return Layout.of(plan, flow_names(plan), stock_names(plan))


@pytest.fixture
def failpoints():
    """The list of hooks, empty before and after."""
    files.FAILPOINTS.clear()
    yield files.FAILPOINTS
    files.FAILPOINTS.clear()
