"""The invariance certificate on paper: `certificate.json` and a page that opens offline."""

from __future__ import annotations

from importlib.resources import files as resources
from string import Template
from typing import TYPE_CHECKING, Any

from glasshouse import __version__
from glasshouse.records import files
from glasshouse.records.manifest import to_bytes
from glasshouse.views.report.markup import esc, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["page", "write_certificate"]

COLOURS = ":root{--w0:#1f5f8b;--w1:#a8571b}"


def write_certificate(folder: Path, tree: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write a certificate as JSON and as a page into a folder, made if needed; return both paths.

    Args:
        folder: Where they go; an older certificate there is replaced.
        tree: From `verify.certificate`.

    Raises:
        InputOutputError: the folder cannot be written.
    """
    with files.told("write", folder):
        folder.mkdir(parents=True, exist_ok=True)
    text, paper = folder / "certificate.json", folder / "certificate.html"
    files.write_atomically(text, lambda part: part.write(to_bytes(tree)))
    files.write_atomically(paper, lambda part: part.write(page(tree).encode()))
    return text, paper


def page(tree: Mapping[str, Any]) -> str:
    """Return the certificate as one HTML text."""
    listed = tree["combinations"]
    wrong = [one for one in listed if not one["equal"]]
    name, seed = tree["scenario"], tree["seed"]
    parts = {
        "title": esc(f"{name}: invariance certificate"),
        "style": COLOURS
        + resources("glasshouse.views.report").joinpath("report.css").read_text(encoding="utf-8"),
        "dateline": esc(f"{name}, seed {seed}, {tree['date']}"),
        "notice": f'<div class="band"><p>{esc(tree["notice"])}</p></div>' if tree["notice"] else "",
        "headline": f"{len(wrong)} of {len(listed)} ways differ"
        if wrong
        else f"{len(listed)} ways, the same bits",
        "verdict": verdict(name, len(listed), wrong),
        "line": esc(tree["line"]),
        "digests": "".join(f"<p>{esc(size)}<br><code>{esc(d)}</code></p>" for size, d in in_words(tree)),
        "combinations": combinations(listed),
        "software": software(tree),
        "repeat": f"Repeat it with <code>glasshouse verify {esc(name)} --seed {esc(seed)}</code>.",
        "version": esc(__version__),
    }
    template = resources("glasshouse.views").joinpath("certificate.html").read_text(encoding="utf-8")
    return Template(template).substitute(parts)


def verdict(name: str, count: int, wrong: list[Mapping[str, Any]]) -> str:
    """Return the outcome in a sentence."""
    if wrong:
        return esc(
            f"{name} does not come to one digest: {wrong[0]['combination']} is the first that differs."
        )
    return esc(f"{name} was computed in {count} ways. For each size all of them came to one digest.")


def in_words(tree: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each size in words, with its digest."""
    found = {(one["citizens"], one["days"]): one["digest"] for one in reversed(tree["combinations"])}
    return [
        (f"{citizens:,} citizens, {days} days", digest) for (citizens, days), digest in sorted(found.items())
    ]


def combinations(listed: list[Mapping[str, Any]]) -> str:
    """Return the table of all combinations."""
    rows = [
        [
            esc(one["combination"]),
            f"{one['citizens']:,}",
            str(one["days"]),
            f"<code>{esc(one['digest'][:16])}</code>",
            "equal" if one["equal"] else "<strong>DIFFERS</strong>",
        ]
        for one in listed
    ]
    return table(["How", "Citizens", "Days", "Digest", ""], rows, label="Combinations")


def software(tree: Mapping[str, Any]) -> str:
    """Return what took part."""
    rows = [[esc(name), esc(version)] for name, version in tree["software"].items()]
    rows += [["model version", esc(tree["model_version"])], ["draws", esc(tree["rng_scheme"])]]
    rows += [["processor", esc(tree["processor"])], ["system", esc(tree["system"])]]
    return table(["Part", "Version"], rows, label="Software")
