"""The manifest: where a run comes from, and which files belong to it. Written last; readers trust only it.

It names no machine and no absolute path. `manifest.schema.json` beside this module is its JSON Schema.
"""

from __future__ import annotations

import datetime as dt
import json
import platform
import re
import sys
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from glasshouse import __version__
from glasshouse.errors import InputOutputError, clean
from glasshouse.records import files
from glasshouse.streams import RNG_SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from glasshouse.model.plan import Plan
    from glasshouse.scenario.load import Loaded

NAME = "manifest.json"
FORMAT = "glasshouse-run"
FORMAT_VERSION = 1
MODEL_VERSION = 1  # rises when the same scenario and seed give another digest
LARGEST = 64 * 2**20  # bytes of a manifest that is still read
SAFE = 2**53  # larger integers are written as strings, for readers that know only doubles
LINE = "Every figure in these files is of this synthetic society; nobody in it exists."
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}(\.[a-z0-9]{1,16}){1,2}")
HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a run: name, size, rows (None for text) and BLAKE2b-256."""

    name: str
    size_bytes: int
    rows: int | None
    blake2b: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a run was made from and what it took.

    Attributes:
        name: Name of the scenario: a preset id or a file name.
        title: Its title.
        notice: Line to show with its results, or empty.
        digest: BLAKE2b-256 of the scenario's files.
        chain: The files it was read from, itself first: name, BLAKE2b-256 and text of each.
        changes: What was changed on the command line, in words.
        command: The command line.
        started: When the run began.
        wall_s: Seconds it took, by a clock that is never set.
        peak_rss_bytes: Largest memory of the process.
        threads: Threads it was given.
    """

    name: str
    title: str
    notice: str
    digest: str
    chain: tuple[tuple[str, str, str], ...]
    changes: tuple[str, ...]
    command: tuple[str, ...]
    started: dt.datetime
    wall_s: float = 0.0
    peak_rss_bytes: int = 0
    threads: int = 1

    @classmethod
    def of(cls, loaded: Loaded, *, command: Sequence[str], started: dt.datetime) -> Provenance:
        """Return the provenance of a run of a loaded scenario that began at `started`."""
        texts = {loaded.name: loaded.text, **loaded.texts}
        return cls(
            name=loaded.name,
            title=loaded.scenario.title,
            notice=loaded.scenario.notice,
            digest=loaded.digest,
            chain=tuple((name, digest, texts.get(name, "")) for name, digest in loaded.chain),
            changes=tuple(loaded.changes),
            command=tuple(command),
            started=started,
        )


def build(
    plan: Plan,
    source: Provenance,
    *,
    plan_digest: str,
    digest: str,
    day_digests: Sequence[str],
    entries: Iterable[FileEntry],
) -> dict[str, Any]:
    """Return the manifest of a finished run."""
    tree: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "line": LINE,
        "model_version": MODEL_VERSION,
        "rng_scheme": RNG_SCHEME,
        "software": software(),
        "scenario": scenario_entry(source, plan_digest),
        "seed": plan.seed if plan.seed <= SAFE else str(plan.seed),
        "citizens": plan.citizens,
        "days": plan.days,
        "start_date": plan.start_date.isoformat(),
        "command": without_paths(source.command),
        "started": source.started.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "resources": {
            "wall_s": round(max(0.0, source.wall_s), 3),
            "peak_rss_bytes": source.peak_rss_bytes,
            "threads": source.threads,
        },
        "digest": digest,
        "day_digests": list(day_digests),
        "files": [asdict(entry) for entry in entries],
    }
    return {**tree, "blake2b": own_hash(tree)}


def scenario_entry(source: Provenance, plan_digest: str) -> dict[str, Any]:
    """Return what the manifest says about the scenario."""
    return {
        "name": last_part(source.name),
        "title": source.title,
        "notice": source.notice,
        "digest": source.digest,
        "plan_digest": plan_digest,
        "changes": list(source.changes),
        "chain": [{"name": last_part(n), "digest": d, "text": text} for n, d, text in source.chain],
    }


def software() -> dict[str, str]:
    """Return the versions of what took part; numba only if it was loaded."""
    names = ("numpy", "numba", "pyarrow")
    loaded = {name: str(sys.modules[name].__version__) for name in names if name in sys.modules}
    return {"glasshouse": __version__, "python": platform.python_version(), **loaded}


def without_paths(command: Sequence[str]) -> list[str]:
    """Return a command line in which absolute paths are cut to their last part."""
    return [
        re.sub(r"(?:^|(?<==))(?:[/\\~]|[A-Za-z]:[/\\]).*", lambda m: last_part(m[0]), word)
        for word in command
    ]


def last_part(path: str) -> str:
    """Return the last part of a path of either system; other text as it is."""
    name = PureWindowsPath(path).name if "\\" in path else PurePath(path).name
    return name or path.strip("/\\") or "."


def own_hash(tree: Mapping[str, Any]) -> str:
    """Return the BLAKE2b-256 of a manifest without its own hash."""
    rest = {key: value for key, value in tree.items() if key != "blake2b"}
    return blake2b(
        json.dumps(rest, sort_keys=True, separators=(",", ":")).encode(), digest_size=32
    ).hexdigest()


def to_bytes(tree: Mapping[str, Any]) -> bytes:
    """Return JSON for a file: indented, UTF-8, one line at the end.

    Raises:
        ValueError: a number is not finite.
    """
    return (json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


# ---------------------------------------------------------------- reading


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """Return the manifest of a run, checked.

    Raises:
        InputOutputError: there is none, or it is damaged, foreign or of another version.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        raise InputOutputError(
            f"{clean(folder, 200)} holds no run: {NAME} is missing",
            help="a run that was stopped leaves no manifest; run it again into another folder",
        )
    tree = parse(path)
    check_version(tree, path)
    problem = next(problems(tree), None)
    if problem:
        raise InputOutputError(f"{clean(path, 200)} is damaged: {problem}", help="run it again")
    return tree


def parse(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file."""
    with files.told("read", path):
        if path.stat().st_size > LARGEST:
            raise InputOutputError(
                f"{clean(path, 200)} is over {LARGEST // 2**20} MiB, too large for a manifest"
            )
        raw = path.read_bytes()
    try:
        tree = json.loads(raw, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as failure:
        raise InputOutputError(f"{clean(path, 200)} is damaged: not JSON ({clean(failure)})") from None
    if not isinstance(tree, dict):
        raise InputOutputError(f"{clean(path, 200)} is not the manifest of a run")
    return tree


def refuse_constant(word: str) -> None:
    """Refuse NaN and infinities, which are not JSON."""
    raise ValueError(f"{word} is no number")


def check_version(tree: Mapping[str, Any], path: Path) -> None:
    """Raise InputOutputError for what Glasshouse did not write, or wrote in a later format."""
    if tree.get("format") != FORMAT:
        raise InputOutputError(f"{clean(path, 200)} is not the manifest of a Glasshouse run")
    version = tree.get("format_version")
    if version != FORMAT_VERSION:
        raise InputOutputError(
            f"{clean(path, 200)} has format version {clean(version)}, this Glasshouse ({__version__}) reads"
            f" {FORMAT_VERSION}",
            help="use the Glasshouse that wrote it",
        )


SHAPE: dict[str, type | tuple[type, ...]] = {
    "line": str,
    "model_version": int,
    "rng_scheme": str,
    "software": dict,
    "scenario": dict,
    "seed": (int, str),
    "citizens": int,
    "days": int,
    "start_date": str,
    "command": list,
    "started": str,
    "resources": dict,
    "digest": str,
    "day_digests": list,
    "files": list,
    "blake2b": str,
}
SCENARIO_SHAPE: dict[str, type] = {
    "name": str,
    "title": str,
    "notice": str,
    "digest": str,
    "plan_digest": str,
    "changes": list,
    "chain": list,
}


def problems(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a manifest, in words."""
    yield from mismatches(tree, SHAPE, "")
    yield from mismatches(tree["scenario"], SCENARIO_SHAPE, "scenario.")
    if own_hash(tree) != tree["blake2b"]:
        yield "its content does not match its own hash"
    for key in ("digest", "blake2b"):
        if not HEX.fullmatch(tree[key]):
            yield f"{key} is not 64 hexadecimal digits"
    if len(tree["day_digests"]) != tree["days"]:
        yield f"{len(tree['day_digests'])} day digests for {tree['days']} days"
    for entry in tree["files"]:
        yield from entry_problems(entry)


def mismatches(tree: Mapping[str, Any], shape: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Yield the fields that are missing or of another type."""
    for key, kind in shape.items():
        if key not in tree:
            yield f"{prefix}{key} is missing"
        elif not isinstance(tree[key], kind) or isinstance(tree[key], bool):
            yield f"{prefix}{key} is of the wrong type"


def entry_problems(entry: object) -> Iterator[str]:
    """Yield what is wrong with the entry of a file; its name must be plain, so that it stays in the folder."""
    if not isinstance(entry, dict):
        yield "an entry of files is no object"
        return
    name, rows = entry.get("name"), entry.get("rows")
    if not isinstance(name, str) or not PLAIN_NAME.fullmatch(name) or name == NAME:
        yield f"{clean(name)} is not the name of a file of a run"
    if not isinstance(entry.get("size_bytes"), int) or not (rows is None or isinstance(rows, int)):
        yield f"{clean(name)} has no size or rows"
    if not isinstance(entry.get("blake2b"), str) or not HEX.fullmatch(entry["blake2b"]):
        yield f"{clean(name)} has no hash"


def require_same(tree: Mapping[str, Any], plan_digest: str) -> None:
    """Refuse to go on with a run of another scenario or model.

    Raises:
        InputOutputError: the manifest is of another scenario, model or way of drawing luck.
    """
    for what, theirs, ours in (
        ("model version", tree["model_version"], MODEL_VERSION),
        ("rng scheme", tree["rng_scheme"], RNG_SCHEME),
        ("scenario (compiled)", tree["scenario"]["plan_digest"], plan_digest),
    ):
        if theirs != ours:
            raise InputOutputError(
                f"the run is of another {what}: {clean(theirs)}, here {clean(ours)}",
                help="use the scenario, size, seed and Glasshouse it was made with",
            )
