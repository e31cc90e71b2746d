"""Every way a scenario can be wrong has a file here and its exact message beside it.

`GLASSHOUSE_UPDATE=1 pytest tests/scenario/test_messages.py` writes the messages anew; read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from glasshouse.errors import GlasshouseError, InputOutputError, RefusedError, ScenarioError
from glasshouse.scenario.explain import CODES, as_json, render
from glasshouse.scenario.load import load

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.toml"))
WARNED = sorted((HERE / "warned").glob("*.toml"))


def golden(path: Path, text: str) -> None:
    """Compare with the stored text, or store it when asked to."""
    expected = path.with_suffix(".expected")
    if os.environ.get("GLASSHOUSE_UPDATE"):
        expected.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == expected.read_text(encoding="utf-8")


def test_there_are_examples() -> None:
    """The folders of examples are not empty, and no message is left without its file."""
    assert len(BAD) > 80
    assert len(WARNED) > 20
    for folder in ("bad", "warned"):
        texts = {path.stem for path in (HERE / folder).glob("*.expected")}
        assert texts == {path.stem for path in (HERE / folder).glob("*.toml")}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_scenario(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad scenario ends in its exact message, with an exit code that fits."""
    monkeypatch.chdir(path.parent)
    with pytest.raises(GlasshouseError) as caught:
        load(path.name)
    error = caught.value
    assert isinstance(error, (ScenarioError, RefusedError, InputOutputError))
    golden(path, f"exit {error.exit_code}\n{error}")
    if isinstance(error, ScenarioError):
        assert {d.code for d in error.diagnostics} <= set(CODES)
        assert all(d["title"] for d in as_json(error.diagnostics))


@pytest.mark.parametrize("path", WARNED, ids=lambda path: path.stem)
def test_doubtful_scenario(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A doubtful scenario loads, with its exact warning."""
    monkeypatch.chdir(path.parent)
    loaded = load(path.name)
    assert loaded.warnings
    assert {d.severity for d in loaded.warnings} <= {"warning", "note"}
    golden(path, render(loaded.warnings, loaded.texts))


def test_every_code_is_shown() -> None:
    """Every code of the table appears in an example, but for those that need a file made in code."""
    texts = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*/*.expected"))
    made_in_code = {"GH003", "GH211", "GH212", "GH213"}
    assert {code for code in CODES if f"[{code}]" not in texts} <= made_in_code


def test_no_message_is_too_long() -> None:
    """What is echoed of the input stays short: no line of a message is over 300 characters."""
    for path in HERE.glob("*/*.expected"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert len(line) <= 300, path
