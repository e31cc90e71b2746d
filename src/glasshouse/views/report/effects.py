"""The part of a report about a comparison: a sentence, the table of effects, and how far each can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views.cli_shares import HARMS
from glasshouse.views.cli_summary import HEADLINES
from glasshouse.views.figures_style import grouped, rounded, signed
from glasshouse.views.report.charts_effects import (
    effect_row,
    effect_rows,
    figures_of,
    luck_of,
    moved,
    moved_rows,
    names_of,
)
from glasshouse.views.report.markup import esc, paragraphs, table
from glasshouse.views.report.parts import PER, Part, interval, section, size_in_words, span
from glasshouse.views.report.sections import figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.views.figures import Figure

    Tree = Mapping[str, Any]

__all__ = ["effects_part", "sentence"]

UNITS = "per 100\u202f000 citizens"
# What the first sentence is about: the first of these that is counted in either world.
FIRST = (
    "listed.persons",
    "refused_persons",
    "punished.own",
    "detention_days",
    "posts.withheld",
    "points_lost.all",
)


def effects_part(tree: Tree, places: Sequence[Tree], *, command: str, notice: str) -> Part:
    """Return the part of a comparison; `places` are the rows of `effects.parquet`, `tree` is `comparison.json`."""
    base, variant = names_of(tree)
    return Part(
        name=f"{base} and {variant}",
        notice=notice,
        headline="Two sets of rules, the same people",
        sentence=sentence(tree),
        size=size_in_words(tree),
        figures=tuple(figures_of(tree, places)),
        told=lambda known, first: sections_of(tree, known, first),
        command=command,
    )


def sections_of(tree: Tree, known: Mapping[str, Figure], first: str) -> str:
    """Return the sections of a comparison as HTML."""
    place = [figure(known[name]) for name in ("effects-province", "effects-group") if name in known]
    alone = (
        [figure(known["individuals"]), f"<p>{esc(clean(tree['individuals']['note'], 400))}</p>"]
        if "individuals" in known
        else []
    )
    parting = figure(known["divergence"], _key()) if "divergence" in known else ""
    parts = [
        section(
            "effects",
            "What the difference does",
            _lead(tree),
            first
            + effect_table(tree)
            + (figure(known["effects"]) if "effects" in known else "")
            + pairing(tree),
        ),
        section("places", "Where, and to whom", "", "".join(place)) if place else "",
        section("parting", "When the worlds part", esc(first_day(tree)), parting),
        section("individuals", "What can be said of individuals", "", "".join(alone)) if alone else "",
    ]
    return "".join(parts)


def _key() -> str:
    """Return the legend of the figure of days."""
    lines = zip(("w0", "w1"), ("differs on some day so far", "differs on that day"), strict=True)
    return (
        "<p "
        f'class="key">{"".join(f"""<span><i class="line {kind}"></i>{words}</span>""" for kind, words in lines)}</p>'
    )


# ---- the sentence


def sentence(tree: Tree) -> str:
    """Return what the comparison found, as a sentence that can be printed."""
    rows = {row["key"]: row for row in effect_rows(tree)}
    first = next((rows[key] for key in FIRST if key in rows), None) or next(iter(rows.values()), None)
    if first is None:
        return "In this synthetic society nothing that is counted here happened in either world."
    told = f"In this synthetic society, {_found(tree, first)}"
    clear = _clearest([row for row in rows.values() if row is not first and row["key"] in HARMS])
    return f"{told} {_also(clear)}" if clear else told


def _found(tree: Tree, row: Tree) -> str:
    """Return one difference with its interval."""
    base, variant = names_of(tree)
    within = f"of every 100\u202f000 citizens within {span(int(tree['days']))}".replace(
        "of every", "for every"
    )
    mean, low, high = row["mean"], row["low"], row["high"]
    if mean == 0 and not low and not high:
        return f"there were exactly as many {row['measure']} under {variant} as under {base}."
    more = "more" if mean > 0 else "fewer"
    amount = f"{rounded(abs(mean))} {more} {row['measure']} {within} under {variant} than under {base}"
    if low is None or high is None:
        return f"there were {amount} (one seed: a difference, not an effect; no interval)."
    seeds = f"{int(tree['replicates'])} seeds"
    if low <= 0 <= high:
        return (
            f"no difference in {row['measure']} between {variant} and {base} can be told from chance: {signed(mean)} "
            f"{within} (95 % interval {interval(low, high)}, {seeds})."
        )
    ends = sorted((abs(low), abs(high)))
    return f"there were {amount} (95 % interval {rounded(ends[0])} to {rounded(ends[1])} {more}, {seeds})."


def _clearest(rows: Sequence[Tree]) -> Tree | None:
    """Return the difference that is largest beside its interval, if any is other than 0."""
    sure = [
        r for r in rows if r["low"] is not None and r["high"] > r["low"] and not r["low"] <= 0 <= r["high"]
    ]
    return max(sure, key=lambda r: abs(r["mean"]) / (r["high"] - r["low"]), default=None)


def _also(row: Tree) -> str:
    """Return the clearest difference as a sentence."""
    ends = sorted((abs(row["low"]), abs(row["high"])))
    more = "more" if row["mean"] > 0 else "fewer"
    return (
        f"Clearest beside chance among the harms: {rounded(abs(row['mean']))} {more} {row['measure']} "
        f"(95 % interval {rounded(ends[0])} to {rounded(ends[1])} {more})."
    )


# ---- the tables


def _lead(tree: Tree) -> str:
    """Return how the table was found."""
    if int(tree["replicates"]) == 1:
        return (
            "One seed is one pair of worlds: it shows a difference, which is no effect, and has no interval."
        )
    return (
        f"Means over {grouped(int(tree['replicates']))} seeds, each a pair of worlds with the same "
        f"people and {luck_of(tree)}. "
        "The interval is the 95 % interval of Student's t of the paired differences: it covers chance, not the "
        "uncertainty of assumed numbers."
    )


def effect_table(tree: Tree) -> str:
    """Return the table of effects, and every other total that differs in a closed one."""
    shown = moved_rows(tree)
    if not effect_rows(tree):
        return "<p>Nothing that is counted here happened in either world.</p>"
    factor = PER / int(tree["citizens"])
    others = [
        effect_row(clean(key, 80), one, factor)
        for key, one in tree["effects"].items()
        if key not in HEADLINES and moved(one)
    ]
    more = (
        "<details><summary>Other totals that differ "
        f"({len(others)})</summary>{_rows_table(tree, others, 'Other totals that differ')}</details>"
        if others
        else ""
    )
    told = _rows_table(tree, shown, "Effects") if shown else "<p>No headline total differs.</p>"
    return told + more


def _rows_table(tree: Tree, rows: Sequence[Tree], label: str) -> str:
    """Return rows of effects as a table."""
    base, variant = names_of(tree)
    word = "Effect" if int(tree["replicates"]) > 1 else "Difference"
    head = ["Per 100\u202f000 citizens", word, "95 % interval", esc(base), esc(variant)]
    cells = [
        [
            esc(row["measure"]),
            f"<b>{signed(row['mean'])}</b>",
            interval(row["low"], row["high"]),
            rounded(row["base"]),
            rounded(row["variant"]),
        ]
        for row in rows
    ]
    return table(head, cells, kind="amounts", label=label)


def pairing(tree: Tree) -> str:
    """Return which differences the pairing made no less noisy, and which are exactly 0."""
    effects = tree["effects"]
    noisy = [
        f"{esc(words)} ({rounded(effects[key]['sd'] / effects[key]['sd_unpaired'])} times)"
        for key, words in HEADLINES.items()
        if key in effects and effects[key]["pairing_helped"] is False and effects[key]["sd_unpaired"]
    ]
    same = [
        esc(words) for key, words in HEADLINES.items()
        if key in effects and effects[key]["base"] and not moved(effects[key])
    ]  # fmt: skip
    told = (
        f"Where pairing with {luck_of(tree)} did not help: with separate luck these differences would "
        "have been no noisier: "
    )
    return paragraphs(
        f"{told}{', '.join(noisy)}." if noisy else "",
        f"Exactly the same in both worlds: {', '.join(same)}." if same else "",
    )


def percent_of(share: Mapping[str, float | None]) -> str:
    """Return a share in percent with its interval."""
    told = f"{rounded(100 * (share['mean'] or 0.0))} %"
    low, high = share["low"], share["high"]
    if low is None or high is None:
        return told
    return f"{told} (95 % interval {rounded(100 * max(0.0, low))} to {rounded(100 * min(1.0, high))})"


def first_day(tree: Tree) -> str:
    """Return whom the difference reached, and since when."""
    share, days = tree["affected"], tree["first_days"]
    if not days["parted"]:
        return "No citizen's life differs between the two worlds on any day."
    told = f"{percent_of(share)} of citizens lived another life on some day because of the difference, "
    told += f"{percent_of(tree['outwardly_affected'])} in more than what they fear. "
    if days["min"] == days["max"]:
        since = f"day {days['min']}"
    else:
        since = f"day {days['min']} to {days['max']}, median {days['median']:g}"
    some = (
        "" if days["parted"] == tree["replicates"] else f", in {days['parted']} of {tree['replicates']} seeds"
    )
    return f"{told}The first citizen's two lives part on {since}{some}; days count from 0."
