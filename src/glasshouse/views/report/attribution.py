"""The part of a report about an attribution: which rule did it, and that the shares add up."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views.figures_style import grouped, rounded, signed
from glasshouse.views.report.charts_attribution import FAMILIES, figures_of, player_rows, told_measures
from glasshouse.views.report.markup import esc, paragraphs, table
from glasshouse.views.report.parts import PER, Part, interval, scaled, section, size_in_words, span
from glasshouse.views.report.sections import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.views.figures import Figure

    Tree = Mapping[str, Any]

__all__ = ["attribution_part", "sums_that_fail"]

NAMED = 3  # rules named for each harm


def attribution_part(tree: Tree, *, command: str) -> Part:
    """Return the part of an attribution; `tree` is `attribution.json`."""
    name = " ".join([str(tree["scenario"]), *map(str, tree["changes"])])
    return Part(
        name=clean(name, 80),
        notice=clean(tree["notice"], 400),
        headline="Which rule did it",
        sentence=sentence(tree),
        size=size_in_words(tree),
        figures=tuple(figures_of(tree)),
        told=lambda known, first: sections_of(tree, known, first),
        command=command,
    )


def sections_of(tree: Tree, known: Mapping[str, Figure], first: str) -> str:
    """Return the section of an attribution as HTML."""
    key = (
        '<p class="key"><span><i class="box w1 soft"></i>Shapley value</span><span><i class="ring"></i>alone</span>'
        '<span><i class="lozenge"></i>falls away without it</span></p>'
    )
    drawn = "".join(figure(known[name], key) for name, _, _ in FAMILIES if name in known)
    return section(
        "attribution",
        "Which rule did it",
        how(tree),
        first + paragraphs(adds_up(tree)) + summary(tree) + drawn,
    )


def how(tree: Tree) -> str:
    """Return how the values were found."""
    players = len(tree["players"])
    if tree["permutations"]:
        method = (
            f"{grouped(int(tree['permutations']))} orders of {players} rules, drawn at random and gone "
            "through with their reverses"
        )
    else:
        method = f"all {grouped(2**players)} combinations of {players} rules"
    rest = "" if int(tree["replicates"]) > 1 else " One seed gives no interval."
    return (
        f"In this synthetic society of {esc(size_in_words(tree))}: Shapley values over {method}, "
        f"{grouped(int(tree['worlds']))} worlds of the same people with the same luck.{rest}"
    )


def sentence(tree: Tree) -> str:
    """Return the rule that did most of the first harm that any rule did, as a sentence that can be printed."""
    for key, words in told_measures(tree).items():
        rows = player_rows(tree, key, words)
        if not rows or not rows[0]["shapley"] or not rows[0]["effect"]:
            continue
        first = rows[0]
        rule, effect = first["rule"], first["effect"]
        sure = "" if first["low"] is None else f" (95 % interval {interval(first['low'], first['high'])})"
        who = f"the rules {rule} account" if "+" in rule else f"the rule {rule} accounts"
        return (
            f"In this synthetic society, {who} for {signed(first['shapley'])} of the {signed(effect)} {words} "
            f"for every 100\u202f000 citizens within {span(int(tree['days']))} that all rules together "
            f"make{sure}, more than any other."
        )
    return "In this synthetic society none of the rules moves any of the harms told here."


def sums_that_fail(tree: Tree) -> list[str]:
    """Return the measures whose Shapley values do not sum to the effect, in exact fractions."""
    return [
        str(key)
        for key, one in tree["measures"].items()
        if sum(Fraction(each["shapley"]["exact"]) for each in one["players"])
        != Fraction(one["effect"]["exact"])
    ]


def adds_up(tree: Tree) -> str:
    """Return whether the shares add up, added up again for this page."""
    wrong = sums_that_fail(tree)
    if wrong:
        return (
            f"<b>The Shapley values do not add up</b> for {esc(clean(', '.join(wrong), 300))}: do not "
            "use these figures."
        )
    return (
        f"<b>They add up.</b> For each of {grouped(len(tree['measures']))} measures the Shapley values "
        "of the rules sum to what "
        "all rules together do, to the last unit; added up again in exact fractions for this page."
    )


def summary(tree: Tree) -> str:
    """Return a table of harms with the rules that did most of each."""
    factor = PER / int(tree["citizens"])
    rows = []
    for key, words in told_measures(tree).items():
        one, players = tree["measures"][key], player_rows(tree, key, words)
        did = ", ".join(
            f"{row['rule']}\u00a0{signed(row['shapley'])}" for row in players[:NAMED] if row["shapley"]
        )
        total = sum(Fraction(each["shapley"]["exact"]) for each in one["players"])
        rows.append(
            [
                esc(words),
                rounded(one["full"] * factor),
                rounded(one["empty"] * factor),
                f"<b>{signed(one['effect']['mean'] * factor)}</b>",
                interval(scaled(one["effect"]["low"], factor), scaled(one["effect"]["high"], factor)),
                signed(float(total) * factor),
                esc(did) or "none",
            ]
        )
    if not rows:
        return "<p>Nothing that is told here happened.</p>"
    head = [
        "Per 100\u202f000 citizens",
        "All rules on",
        "All off",
        "All rules together",
        "95 % interval",
        "Sum of Shapley values",
        "Mostly",
    ]
    return table(head, rows, kind="amounts worded", label="Harms and the rules that did most of each")
