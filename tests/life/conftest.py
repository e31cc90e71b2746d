"""Two worlds in which everything happens, recorded once for all tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "model")]  # towns.py, scenarios.py

from scenarios import EVERYTHING, changed, toml_of  # noqa: E402
from towns import CITIZENS, DAYS  # noqa: E402

from glasshouse.run import simulate  # noqa: E402


@pytest.fixture(scope="session")
def towns(tmp_path_factory):
    """Return a folder with two worlds of the same people, the second without the rule about friends."""
    folder = tmp_path_factory.mktemp("towns")
    for name, tables in (("base", EVERYTHING), ("variant", changed(EVERYTHING, {"rule": {"friends": None}}))):
        path = folder / f"{name}.toml"
        path.write_text(toml_of(tables), encoding="utf-8")
        simulate(path, citizens=CITIZENS, days=DAYS, seed=5, threads=1, folder=folder / name)
    return folder
