"""A society as the scenario language describes it, with few words."""

from __future__ import annotations

from typing import Any

import pytest

from glasshouse.scenario.schema import Scenario


@pytest.fixture(scope="session")
def make():
    """Return a function from tables to a scenario."""

    def build(*, society: dict[str, Any] | None = None, **tables: Any) -> Scenario:
        return Scenario.model_validate({"glasshouse": 1, "title": "t", "society": society or {}, **tables})

    return build
