"""Promises of the repository itself: names, pins, imports, luck, links, and nothing of any one machine."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import grimp
import pytest
from packaging.markers import Marker

import glasshouse

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "glasshouse"
PINS = ("requirements/core.txt", "requirements/studio.txt", "requirements/dev.txt")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
HEAVY = {"altair", "llvmlite", "numba", "numpy", "pyarrow", "pydantic", "rich", "starlette"}


@cache
def _kept_files() -> tuple[Path, ...]:
    """Return every file of the project that is or could be committed."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = os.fsdecode(listed.stdout).split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ---- what importing the package loads


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, json, glasshouse; print(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(json.loads(done.stdout))


def test_the_public_names_are_few_and_listed() -> None:
    assert len(glasshouse.__all__) <= 15
    assert set(glasshouse.__all__) <= set(dir(glasshouse))
    with pytest.raises(AttributeError, match="no attribute 'resident_register'"):
        _ = glasshouse.resident_register


@pytest.mark.parametrize("name", glasshouse.__all__)
def test_every_public_name_loads(name: str) -> None:
    assert getattr(glasshouse, name) is not None


def test_the_function_compare_is_not_hidden_by_the_module_compare() -> None:
    code = "import glasshouse.compare as _, glasshouse as gh; print(callable(gh.compare))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_the_version_is_written_twice_and_agrees() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == glasshouse.__version__
    assert f"version: {glasshouse.__version__}\n" in (ROOT / "CITATION.cff").read_text()


# ---- names, licence, nothing of one machine


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
    named = [path for path in _kept_files() if empty & {path.stem, *path.relative_to(ROOT).parent.parts}]
    assert not named


def test_the_licence_is_apache() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


# Absolute paths of one machine, and places packages come from. In parts, so that this file passes too.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.~:/-])/(?:home|root|Users|work|opt|mnt|srv)/\w"
    r"|\bfile:/{2}|[A-Z]:\\Users\\"
    r"|pythonhosted\.org|pypi\.org/simple|registry\.npmjs|--(?:extra-)?index-url|--find-links"
)


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in _kept_files():
        if path == Path(__file__).resolve():
            continue
        lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
        found += [
            f"{_name(path)}:{n}: {m[0]}"
            for n, line in enumerate(lines, 1)
            if (m := OF_ONE_MACHINE.search(line))
        ]
    assert not found


LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_every_relative_link_in_the_pages_leads_somewhere() -> None:
    lost = [
        f"{_name(page)}: {target}"
        for page in _kept_files()
        if page.suffix == ".md"
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not lost


def test_ci_can_run_its_script() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


# ---- hashed requirements


def _pins(name: str) -> Iterator[tuple[str, str, str | None, int]]:
    """Yield package, version, marker and number of hashes of each requirement."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        head, *hashes = line.split("--hash=sha256:")
        found = re.fullmatch(r"([a-z0-9-]+)==([^\s;]+)\s*(?:;\s*(.+?))?\s*", head)
        assert found, f"{name}: not a pin: {line[:60]}"
        yield found[1], found[2], found[3], sum(bool(re.fullmatch(r"[0-9a-f]{64}\s*", h)) for h in hashes)


@pytest.mark.parametrize("name", [*PINS, "requirements/cuda.txt"])
def test_every_requirement_has_hashes(name: str) -> None:
    pins = list(_pins(name))
    assert len(pins) > 20
    assert not [package for package, _, _, hashes in pins if not hashes]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", PINS)
def test_each_python_gets_one_version_of_each_package(name: str, python: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    chosen = [p for p, _, marker, _ in _pins(name) if marker is None or Marker(marker).evaluate(here)]
    assert len(chosen) == len(set(chosen))
    assert {"numpy", "numba", "pyarrow", "pydantic", "altair", "hatchling"} <= set(chosen)


def test_the_tests_run_on_the_versions_the_demo_and_the_studio_run_on() -> None:
    core, studio, dev = ({pin[:3] for pin in _pins(name)} for name in PINS)
    assert core <= studio <= dev


# ---- who may import whom, where import-linter's wildcards do not reach


@cache
def _imports() -> grimp.ImportGraph:
    return grimp.build_graph(
        "glasshouse", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def _matching(pattern: str) -> list[str]:
    return sorted(module for module in _imports().modules if fnmatch(module, pattern))


def _sees(module: str, packages: set[str], *, far: bool) -> set[str]:
    """Return which packages a module imports, directly or (`far`) through others."""
    graph = _imports()
    seen = graph.find_upstream_modules(module) if far else graph.find_modules_directly_imported_by(module)
    return {
        s for s in seen for p in packages if s == p or fnmatch(s, f"{p}.*") or ("*" in p and fnmatch(s, p))
    }


def test_in_the_model_only_the_plan_sees_the_scenario() -> None:
    others = [m for m in _matching("glasshouse.model.*") if not fnmatch(m, "glasshouse.model.plan*")]
    assert not {m: seen for m in others if (seen := _sees(m, {"glasshouse.scenario"}, far=False))}


def test_kernels_see_no_schema_table_or_terminal_package() -> None:
    banned = {"pydantic", "pyarrow", "rich", "rich_click", "click", "starlette"}
    kernels = _matching("glasshouse.model.kernels*")
    assert not {m: seen for m in kernels if (seen := _sees(m, banned, far=True))}


def test_the_oracle_sees_neither_numba_nor_kernels() -> None:
    oracle = _matching("glasshouse.model.oracle*")
    assert not {m: seen for m in oracle if (seen := _sees(m, {"numba"}, far=False))}
    assert not {m: seen for m in oracle if (seen := _sees(m, {"glasshouse.model.kernels*"}, far=True))}


# ---- luck comes from the counter-based generator alone

BANNED_MODULES = {"random", "secrets", "time", "uuid"}
BANNED_CALLS = {"hash", "os.urandom", "os.getpid", "id"}
BANNED_PREFIXES = ("np.random", "numpy.random", "datetime.now", "datetime.datetime.now", "date.today")


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _dotted(node.func) in {"set", "frozenset"}
    return isinstance(node, ast.Set | ast.SetComp)


def _faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and reason of everything whose outcome a second run might not repeat."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] in BANNED_MODULES)
            yield from ((node.lineno, a.name) for a in node.names if a.name.startswith("numpy.random"))
        elif isinstance(node, ast.ImportFrom):
            names = {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
            banned = names & (BANNED_MODULES | {"numpy.random", "os.urandom"})
            yield from ((node.lineno, str(name)) for name in banned)
        elif isinstance(node, ast.Call) and _dotted(node.func) in BANNED_CALLS:
            yield node.lineno, f"{_dotted(node.func)}()"
        elif isinstance(node, ast.Attribute) and _dotted(node).startswith(BANNED_PREFIXES):
            yield node.lineno, _dotted(node)
        elif isinstance(node, ast.For | ast.comprehension) and _is_set(node.iter):
            yield node.iter.lineno, "iterates over a set, whose order is not fixed"


def _model_sources() -> list[Path]:
    folders = (SOURCE / "model", SOURCE / "society")
    return sorted({SOURCE / "streams.py", *(path for folder in folders for path in folder.rglob("*.py"))})


def test_nothing_in_the_model_depends_on_time_process_or_order_of_sets() -> None:
    found = [
        f"{_name(path)}:{line}: {reason}"
        for path in _model_sources()
        for line, reason in _faults(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "import random",
        "import numpy.random",
        "import time as t",
        "from numpy import random",
        "from numpy.random import default_rng",
        "from os import urandom",
        "from uuid import uuid4",
        "import secrets",
        "x = np.random.default_rng(1)",
        "x = hash('a')",
        "for i in {1, 2}: pass",
        "x = [i for i in set(y)]",
        "x = os.urandom(8)",
        "day = datetime.now()",
    ],
)
def test_the_check_on_luck_finds_what_it_should(code: str) -> None:
    assert list(_faults(ast.parse(code)))


@pytest.mark.parametrize("code", ["x = sorted({1, 2})", "from glasshouse import streams", "y = a.hash(b)"])
def test_the_check_on_luck_lets_the_rest_pass(code: str) -> None:
    assert not list(_faults(ast.parse(code)))
