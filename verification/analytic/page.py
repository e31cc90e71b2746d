"""The page of all checks: formula, setting, expected, observed, z and a small figure, in the style of the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from glasshouse import __version__
from glasshouse.views.report.markup import esc, table
from verification.analytic.collect import FAMILIES
from verification.analytic.drawing import figure

Tree = Mapping[str, Any]
COLOURS = ":root{--w0:#1f5f8b;--w1:#a8571b}"
INFINITE = float("inf")
SHOWN = 6  # findings of a check that stand open; more are folded away


def page(tree: Tree) -> str:
    """Return the page of a tree of `collect.as_tree`."""
    checks = tree["checks"]
    wrong = [one for one in checks if not one["passed"]]
    findings = sum(len(one["findings"]) for one in checks)
    style = files("glasshouse.views.report").joinpath("report.css").read_text(encoding="utf-8")
    parts = {
        "title": "Glasshouse: checks against formulas",
        "style": COLOURS + style,
        "dateline": f"seed {esc(tree['seed'])}",
        "headline": f"{len(wrong)} of {len(checks)} checks fail" if wrong else f"{len(checks)} checks hold",
        "verdict": verdict(tree, findings, wrong),
        "overview": overview(checks),
        "families": "".join(family(words, key, tree) for key, words in FAMILIES.items()),
        "software": software(tree),
        "version": esc(__version__),
    }
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8")).substitute(parts)


def verdict(tree: Tree, findings: int, wrong: Sequence[Tree]) -> str:
    """Return what was found in a sentence or two."""
    told = (
        f"{findings} numbers, each against a formula or against another run. One that rests on chance fails beyond "
        f"{tree['limit']:g} exact standard errors; if everything is true, fewer than one run in "
        f"{round(1 / tree['false_alarms']):,} shows any failure."
    )
    return f"{told} <b>Fails: {esc(', '.join(one['name'] for one in wrong))}.</b>" if wrong else told


def overview(checks: Sequence[Tree]) -> str:
    """Return the table of all checks with the worst finding of each."""
    return table(
        ["Check", "Formula", "Expected", "Observed", "z", ""],
        [
            [f'<a href="#{esc(one["name"])}">{esc(one["name"])}</a>', esc(one["formula"]), *worst(one)]
            for one in checks
        ],
        label="All checks",
    )


def worst(check: Tree) -> list[str]:
    """Return expected, observed, z and verdict of the finding furthest from what was expected."""
    rows = check["findings"]
    if not rows:
        return ["", "", "", badge(check)]
    one = max(rows, key=lambda row: (INFINITE if row["z"] is None else abs(row["z"]), abs(row["expected"])))
    return [shown(one["expected"]), shown(one["observed"]), z_of(one), badge(check)]


def family(words: str, key: str, tree: Tree) -> str:
    """Return the section of a family."""
    cards = "".join(card(one, tree["limit"]) for one in tree["checks"] if one["family"] == key)
    return (
        f'<section id="{key}"><h2>{esc(words)}</h2><div class="checks">{cards}</div></section>'
        if cards
        else ""
    )


def card(check: Tree, limit: float) -> str:
    """Return one check: what it says, on what, from where, its figure and its numbers."""
    rows = [
        [esc(one["what"]), shown(one["expected"]), shown(one["observed"]), z_of(one)]
        for one in check["findings"]
    ]
    numbers = (
        table(["", "Expected", "Observed", "z"], rows, kind="plain", label=check["name"]) if rows else ""
    )
    if len(rows) > SHOWN:
        numbers = f"<details><summary>{len(rows)} findings</summary>{numbers}</details>"
    broke = f'<p class="fails">{esc(check["broke"])}</p>' if check["broke"] else ""
    return (
        f'<div class="check" id="{esc(check["name"])}"><h3>{esc(check["name"])}{badge(check)}</h3>'
        f'<p class="formula">{esc(check["formula"])}</p><p>{esc(check["setting"])}.</p>'
        f'<p class="small">{esc(check["source"])}</p>{broke}{figure(check, limit)}{numbers}</div>'
    )


def badge(check: Tree) -> str:
    """Return the verdict of a check."""
    return (
        '<span class="badge documented">holds</span>'
        if check["passed"]
        else '<span class="badge assumed">fails</span>'
    )


def z_of(one: Tree) -> str:
    """Return z of a finding; of one that must be exact, whether it is."""
    if one["error"] == 0:
        return "equal" if one["passed"] else '<b class="fails">differs</b>'
    text = f"{one['z']:.2f}".replace("-", "\N{MINUS SIGN}")
    return text if one["passed"] else f'<b class="fails">{text}</b>'


def shown(value: float) -> str:
    """Return a number with six digits, whole ones grouped."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{value:.6g}"


def software(tree: Tree) -> str:
    """Return what took part."""
    rows = [[esc(name), esc(version)] for name, version in tree["software"].items()]
    rows += [["model version", esc(tree["model_version"])], ["draws", esc(tree["rng_scheme"])]]
    rows += [["kernels", f"<code>{esc(tree['kernels'])}</code>"], ["seed", esc(tree["seed"])]]
    return table(["Part", "Version"], rows, label="Software")
