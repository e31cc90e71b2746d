"""Load a scenario: read it and those it extends, apply changes, check it, and keep what it rests on.

`load` is the one way in. It raises with every finding at once, or returns a `Loaded`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from glasshouse.errors import PATH_CHARACTERS, Diagnostic, GlasshouseError, InputOutputError, clean
from glasshouse.scenario import changes, variants
from glasshouse.scenario.evidence import Evidence, Stripped, is_evidence, strip
from glasshouse.scenario.explain import Problem, Texts, fail, meant
from glasshouse.scenario.reading import MINIMAL, decode, parse, read_bytes, refuse_large

if TYPE_CHECKING:
    from glasshouse.scenario.positions import Path
    from glasshouse.scenario.schema import Scenario

__all__ = ["Loaded", "PresetInfo", "load", "load_text", "merged", "presets", "presets_list"]

VERSION = 1
MAX_EXTENDS = 8
PRESETS = FilePath(__file__).parent / "presets"
_ID = re.compile(r"[a-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Loaded:
    """A checked scenario with its evidence and its texts.

    `exact` holds every number the files give, by dotted path (`society.age_shares.0`), as an
    exact fraction after `percent` and `per`. `digest` is the BLAKE2b-256 of the file's bytes, or, with
    parents, of the digests of all files, this one first. `chain` lists (name, digest) of each file.
    `changes` are the variant, the `--set` and the `--without` that were applied, in words. `moved` says where the
    file writes what its variant sets.
    """

    scenario: Scenario
    evidence: Mapping[str, Evidence]
    exact: Mapping[str, Fraction]
    name: str
    path: FilePath
    text: str
    digest: str
    chain: tuple[tuple[str, str], ...]
    texts: Mapping[str, str] = field(repr=False)
    changes: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    moved: Mapping[str, Path] = field(default_factory=dict, repr=False)

    def exact_of(self, path: str) -> Fraction:
        """Return the exact value of a number by dotted path; a default counts as its shortest decimal.

        Raises:
            KeyError: there is no number at `path`.
        """
        if path in self.exact:
            return self.exact[path]
        value: Any = self.scenario
        for part in path.split("."):
            if isinstance(value, Mapping):
                value = value[part]
            elif isinstance(value, tuple):
                value = value[int(part)]
            else:
                value = getattr(value, part, None)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise KeyError(path)
        return Fraction(repr(value))

    @cached_property
    def where(self) -> Texts:
        """The texts with the places of every key."""
        return Texts(self.texts, self.chosen, self.moved)


@dataclass(frozen=True, slots=True)
class PresetInfo:
    """One preset of the package: its id, title, one-sentence summary, and the notice shown with its results."""

    id: str
    title: str
    summary: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """One file as read: how messages name it, where it is (None: a text in no file), its text, digest and tree."""

    name: str
    path: FilePath | None
    text: str
    digest: str
    tree: dict[str, Any]


def presets() -> list[PresetInfo]:
    """Return the presets of this package, sorted by id."""
    found = []
    for path in sorted(PRESETS.glob("*.toml")):
        tree = parse(decode(read_bytes(path, path.name), path.name), path.name)
        words = {key: str(tree.get(key, "")) for key in ("title", "summary", "notice")}
        found.append(PresetInfo(path.stem, **words))
    return found


presets_list = presets


def load(
    source: str | FilePath,
    *,
    set: Mapping[str, str | object] | None = None,  # noqa: A002 - as the option is called
    without: Sequence[str] = (),
    variant: str | None = None,
) -> Loaded:
    """Return the checked scenario of a preset id or a file.

    `set` maps dotted paths to values (text is read as TOML); `without` names rules, lists, behaviours
    or platforms to switch off; `variant` is one of the scenario's own, laid over it before those.

    Raises:
        UsageError: the scenario has no such variant.
        ScenarioError: the scenario is invalid; `diagnostics` has every finding, the message shows them.
        InputOutputError: a file is missing, unreadable or not a regular file.
        RefusedError: the scenario asks for something Glasshouse has no way in for.
    """
    if variant is not None:
        load(source)  # as it stands: nothing is laid over what is not valid
    return _checked(_chain(_read(*_locate(source))), set or {}, without, variant)


def load_text(
    text: str,
    *,
    name: str = "scenario.toml",
    set: Mapping[str, str | object] | None = None,  # noqa: A002 - as in load
    without: Sequence[str] = (),
) -> Loaded:
    """Return the checked scenario of a text that lies in no file; all that it may extend is a preset.

    `name` is how messages call it; the rest is that of `load`.

    Raises:
        ScenarioError: the scenario is invalid.
        RefusedError: the scenario asks for something Glasshouse has no way in for.
    """
    return _checked(_chain(_of_text(text, name)), set or {}, without, None)


def merged(source: str, *, text: str | None = None) -> tuple[dict[str, Any], str | None]:
    """Return the tree of a preset, or of a text called `source`, with what it extends laid under it; not checked.

    Beside it stands what it extends itself, or None.

    Raises:
        ScenarioError: it cannot be read.
    """
    first = _read(*_locate(source)) if text is None else _of_text(text, source)
    return _merged(_chain(first)), first.tree.get("extends")


def _checked(
    files: Sequence[_File],
    set: Mapping[str, str | object],  # noqa: A002 - as in load
    without: Sequence[str],
    variant: str | None,
) -> Loaded:
    """Return the scenario of a file and those it extends, changed and checked."""
    tree, texts = _merged(files), {file.name: file.text for file in files}
    moved: dict[str, Path] = {}
    words: tuple[str, ...] = ()
    own = FilePath(files[0].name) if files[0].path is None else files[0].path
    if variant is not None:
        picked = variants.pick(tree, variant, own.stem)
        variants.lay_over(tree, picked)
        moved, words = variants.moved(variant, picked), (f"{variants.CHANGE}{variant}",)
    problems, notes = changes.apply(tree, set, without)
    chosen = dict.fromkeys(set, "set by the user")
    where = Texts(texts, chosen, moved)
    _stop(problems, where)
    stripped = strip(tree, chosen)
    scenario, wanted = _validated(stripped, normalise=tree.get("normalise") is True)
    _stop([*stripped.problems, *wanted], where)
    assert scenario is not None
    if variant is None:
        wanted += variants.problems(tree)
        _stop(wanted, where)
    loaded = Loaded(
        scenario, stripped.evidence, stripped.exact, own.stem, own, files[0].text, _digest(files),
        tuple((file.name, file.digest) for file in files), texts, (*words, *notes), tuple(chosen), moved=moved,
    )  # fmt: skip
    return _linted(loaded, where, [problem for problem in wanted if problem.severity != "error"])


def _linted(loaded: Loaded, where: Texts, early: Sequence[Problem]) -> Loaded:
    """Return the scenario with its warnings, after a look at its meaning."""
    from glasshouse.scenario.lint import lint

    found = (*where.diagnostics(early), *lint(loaded))
    if any(diagnostic.severity == "error" for diagnostic in found):
        raise fail([d for d in found if d.severity == "error"], where.texts)
    return replace(loaded, warnings=found)


def _stop(problems: Sequence[Problem], where: Texts) -> None:
    """Raise when there are errors among the problems."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise fail(where.diagnostics(errors), where.texts)


def _validated(stripped: Stripped, *, normalise: bool) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, or None, and what the schema finds; numbers already refused are not reported twice."""
    from pydantic import ValidationError

    from glasshouse.scenario.schema import Scenario
    from glasshouse.scenario.values import from_pydantic, too_many

    wanted = changes.normalise(stripped) if normalise else []
    plain = {key: value for key, value in stripped.plain.items() if key not in ("extends", "normalise")}
    if too_many(plain):
        return None, [*wanted, *too_many(plain)]
    try:
        return Scenario.model_validate(plain), wanted
    except ValidationError as error:
        reported = {path for problem in stripped.problems for path in _targets(problem.path)}
        found = [problem for problem in from_pydantic(error) if problem.path not in reported]
        return None, [*wanted, *found]


def _targets(path: Path) -> tuple[Path, ...]:
    """Return the fields that a problem in an evidence table is about: the number, and the element of an array."""
    inside = {"value", "percent", "per", "range", "grade", "source"}
    for index, part in enumerate(path):
        if index and part in inside:
            return path[:index], path[:index] + path[index + 1 :]
    return (path,)


def _locate(source: str | FilePath) -> tuple[FilePath, str]:
    """Return the path of a preset id or file, and how messages name it."""
    text = str(source)
    if isinstance(source, str) and _ID.fullmatch(text):
        preset = PRESETS / f"{text}.toml"
        if preset.is_file():
            return preset, preset.name
        if not os.path.lexists(text):
            near = meant(text, (path.stem for path in PRESETS.glob("*.toml")))
            help = f"did you mean {near}?" if near else "`glasshouse presets` lists the presets"
            raise InputOutputError(f"{clean(text)}: no preset and no file has this name", help=help)
    return FilePath(text), clean(text, PATH_CHARACTERS)


def _chain(first: _File) -> list[_File]:
    """Return the file and those it extends, the file itself first."""
    files = [first]
    seen = [_real(first.path)]
    while "extends" in files[-1].tree:
        child = files[-1]
        path, name = _parent(child)
        if _real(path) in seen:
            names = [file.name for file in files[seen.index(_real(path)) :]]
            raise _extends_error(
                child, f"the chain comes back to its start: {' -> '.join([*names, names[0]])}"
            )
        if len(files) > MAX_EXTENDS:
            raise _extends_error(child, f"more than {MAX_EXTENDS} scenarios extend one another")
        try:
            files.append(_read(path, name))
        except InputOutputError as error:
            raise _extends_error(child, f"cannot be followed: {error.message}", error.help) from None
        seen.append(_real(path))
    return files


def _real(path: FilePath | None) -> str:
    """Return the path with links followed, as far as that can be done; nothing for a text in no file."""
    return "" if path is None else os.path.realpath(path)


def _parent(child: _File) -> tuple[FilePath, str]:
    """Return the file that `child` extends."""
    given = child.tree["extends"]
    if not isinstance(given, str) or not given or "\0" in given:
        raise _extends_error(child, "must be a preset id or a relative path in quotation marks")
    if child.path is None:
        return _preset(child, given)
    if _ID.fullmatch(given):
        try:
            return _locate(given)
        except InputOutputError as error:
            raise _extends_error(child, error.message, error.help) from None
    if FilePath(given).is_absolute():
        raise _extends_error(
            child, "must be a preset id or a path relative to this file, is an absolute path"
        )
    return child.path.parent / given, clean(str(FilePath(child.name).parent / given), PATH_CHARACTERS)


def _preset(child: _File, given: str) -> tuple[FilePath, str]:
    """Return the preset that a text in no file extends; it leads to no other file of this machine."""
    known = [path.stem for path in PRESETS.glob("*.toml")]
    if given in known:
        return PRESETS / f"{given}.toml", f"{given}.toml"
    near = meant(given, known)
    what = f"there is no preset `{clean(given)}`, and this text lies in no folder with other files"
    raise _extends_error(child, what, f"did you mean {near}?" if near else None)


def _extends_error(child: _File, what: str, help: str | None = None) -> GlasshouseError:
    """Return the error for an `extends` that leads nowhere."""
    where = Texts({child.name: child.text})
    return fail(where.diagnostics([Problem("GH008", ("extends",), what, help)]), where.texts)


def _read(path: FilePath, name: str) -> _File:
    """Return one file, read once, parsed, and of the right version."""
    return _parsed(read_bytes(path, name), path, name)


def _of_text(text: str, name: str) -> _File:
    """Return a text in no file, parsed, and of the right version."""
    raw = text.encode("utf-8", "surrogatepass")  # half a pair is told as what it is: no UTF-8
    refuse_large(raw, name)
    return _parsed(raw, None, name)


def _parsed(raw: bytes, path: FilePath | None, name: str) -> _File:
    """Return what a file or text says."""
    text = decode(raw, name)
    tree = parse(text, name)
    where = Texts({name: text})
    problem = _version_problem(tree)
    if problem:
        raise fail(where.diagnostics([problem]), where.texts)
    return _File(name, path, text, hashlib.blake2b(raw, digest_size=32).hexdigest(), tree)


def _version_problem(tree: Mapping[str, Any]) -> Problem | None:
    """Return what is wrong with the version line, or None."""
    example = "a scenario begins like this:\n" + "\n".join(f"    {line}" for line in MINIMAL.split("\n"))
    if not tree:
        return Problem("GH001", (), "the file is empty: no [society] table", example)
    if "glasshouse" not in tree:
        return Problem(
            "GH009", (), "no line `glasshouse = 1`: the version of the scenario is not known", example
        )
    version = tree["glasshouse"]
    if isinstance(version, bool) or not isinstance(version, int):
        return Problem("GH009", ("glasshouse",), f"must be the whole number {VERSION}")
    message = (
        f"written for version {clean(version)} of the scenario language; this Glasshouse reads {VERSION}"
    )
    if version > VERSION:
        return Problem("GH009", ("glasshouse",), message, "install a newer Glasshouse")
    if version < VERSION:
        note = "version 1 is the first: there is nothing to convert from an older one"
        return Problem(
            "GH009",
            ("glasshouse",),
            message,
            f"write glasshouse = {VERSION} and run `glasshouse check`",
            (note,),
        )
    return None


def _merged(files: Sequence[_File]) -> dict[str, Any]:
    """Return one tree, where the youngest file wins; each file answers for its own sources and variants only."""
    tree: dict[str, Any] = {}
    for file in reversed(files):
        tree.pop("strict_sources", None)
        tree.pop("variant", None)
        tree = _merge(tree, {key: value for key, value in file.tree.items() if key != "extends"}, ())
    return tree


def _merge(old: dict[str, Any], new: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return `old` with `new` laid over it: tables merge, everything else is replaced.

    A number with its evidence is replaced as a whole, and so is a friend graph of another kind.
    """
    if path == ("graph",) and new.get("kind", old.get("kind")) != old.get("kind"):
        return new
    merged = dict(old)
    for key, value in new.items():
        under = old.get(key)
        if (
            isinstance(under, dict)
            and isinstance(value, dict)
            and not is_evidence(value)
            and not is_evidence(under)
        ):
            merged[key] = _merge(under, value, (*path, key))
        else:
            merged[key] = value
    return merged


def _digest(files: Sequence[_File]) -> str:
    """Return the digest of all files together; for a single file, that of its bytes."""
    if len(files) == 1:
        return files[0].digest
    joined = b"".join(bytes.fromhex(file.digest) for file in files)
    return hashlib.blake2b(joined, digest_size=32).hexdigest()
