"""Small schemes for attributions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from schemes import HEAD, RULE, SCORE_LIST

from glasshouse.scenario.load import load


@pytest.fixture
def scheme(tmp_path):
    """Return a function that loads a scheme made of the pieces given."""

    def made(*pieces):
        path = tmp_path / "scheme.toml"
        path.write_text(HEAD + "".join(pieces), encoding="utf-8")
        return load(path)

    return made


@pytest.fixture
def two_rules(scheme):
    """Two rules and a list: eight coalitions, in all of which something happens."""
    return scheme(RULE.format(name="one", points=-5), RULE.format(name="two", points=-8), SCORE_LIST)
