"""The part of a report about sensitivity: which assumptions the headline figures hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views import figures_ranges as kinds
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_style import grouped, rounded
from glasshouse.views.report.markup import esc, paragraphs, table
from glasshouse.views.report.parts import PER, Part, interval, section, span
from glasshouse.views.report.sections import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tree = Mapping[str, Any]

__all__ = ["assumptions_part"]

LUCK = "luck"
DRAWN = 10  # inputs of a panel; the data has all
NAMED = 3  # assumptions named beside a figure
RANKED = 12
REACH_COLUMNS = {
    "measure": "Figure",
    "key": "Key",
    "input": "Assumption",
    "reach": "Moves it by",
    "low": "Lower end",
    "high": "Upper end",
    "slope": "With its sign",
    "spread": "Spread",
}
RANK_COLUMNS = {
    "assumption": "Assumption",
    "value": "Stands at",
    "from": "Range from",
    "to": "Range to",
    "percent": "Percent of all movement",
    "low": "Lower end",
    "high": "Upper end",
}
INDEX_COLUMNS = {
    "measure": "Figure",
    "key": "Key",
    "input": "Assumption",
    "total": "Share of the variance, alone or with others",
    "low": "Lower end",
    "high": "Upper end",
    "first": "Alone",
    "first_low": "Alone, lower end",
    "first_high": "Alone, upper end",
}


def assumptions_part(tree: Tree, *, command: str) -> Part:
    """Return the part of a study of sensitivity; `tree` is `sensitivity.json`."""
    made = (ranking(tree), reaches(tree), shared(tree))
    return Part(
        name=clean(" ".join([str(tree["scenario"]), *map(str, tree["changes"])]), 80),
        notice=clean(tree["notice"], 400),
        headline="Which assumptions the figures hang on",
        sentence=sentence(tree),
        size=size(tree),
        figures=tuple(one for one in made if one is not None),
        told=lambda known, first: sections_of(tree, known, first),
        command=command,
    )


def size(tree: Tree) -> str:
    """Return citizens, days, seed and worlds in words."""
    return (
        f"{grouped(int(tree['citizens']))} citizens, {span(int(tree['days']))}, "
        f"{grouped(int(tree['worlds']))} worlds, seeds from {clean(tree['seed'], 30)}"
    )


def moved(tree: Tree) -> dict[str, Tree]:
    """Return the figures of a screening that any assumption moves, by key."""
    measures = tree["screening"]["measures"] if tree["screening"] else {}
    return {str(key): one for key, one in measures.items() if any(each["reach"] for each in assumed(one))}


def assumed(one: Tree) -> list[Tree]:
    """Return the inputs of a figure that are assumptions, the strongest first."""
    return [each for each in one["inputs"] if each["path"] != LUCK]


def sentence(tree: Tree) -> str:
    """Return the assumptions that the figures hang on most, as a sentence that can be printed."""
    if not moved(tree):
        return "In this synthetic society none of the assumptions looked at moves a headline figure alone."
    first, *others = [rank for rank in tree["screening"]["ranking"] if rank["share"]][:NAMED]
    rest = f", before {' and '.join(clean(one['path'], 60) for one in others)}" if others else ""
    return (
        f"In this synthetic society the headline figures hang most on the assumption "
        f"{clean(first['path'], 60)}: of all "
        f"that the assumptions move when each goes through its range, it moves {rounded(100 * first['share'])} % "
        f"(95 % interval {interval(100 * first['share_low'], 100 * first['share_high'], sign=False)}){rest}."
    )


def sections_of(tree: Tree, known: Mapping[str, Figure], first: str) -> str:
    """Return the section of a study of sensitivity as HTML."""
    drawn = "".join(figure(known[name]) for name in known)
    return section(
        "sensitivity",
        "Which assumptions the figures hang on",
        how(tree),
        first + hang_on(tree) + drawn + paragraphs(esc(held(tree))),
    )


def how(tree: Tree) -> str:
    """Return how it was found, and what the ranges carry."""
    one = tree["screening"]
    if one is None:
        return esc(f"In this synthetic society of {size(tree)}: {tree['shared']['method']}.")
    return esc(
        f"In this synthetic society of {size(tree)}: {one['walks']} walks through the ranges of "
        f"{len(one['ranking'])} assumptions, one moved at a time, with the same people and the same "
        f"luck within a walk. "
        "Ranges of figures carry the assumed numbers and chance; a range is no forecast and has no probability."
    )


def hang_on(tree: Tree) -> str:
    """Return a table of figures: as written, in the ranges, and the assumptions that move each most."""
    factor, rows = PER / int(tree["citizens"]), []
    for one in moved(tree).values():
        reach = one["in_the_ranges"]
        names = ", ".join(
            f"{clean(each['path'], 60)}\u00a0({rounded(100 * each['share'])}\u00a0%)"
            for each in assumed(one)[:NAMED]
        )
        rows.append(
            [
                esc(one["words"]),
                rounded(one["as_written"]["mean"] * factor),
                f"{rounded(reach['low'] * factor)} to {rounded(reach['high'] * factor)}",
                esc(names),
            ]
        )
    if not rows:
        return ""
    head = ["Per 100\u202f000 citizens", "As written", "In the ranges, 5 to 95 %", "Hangs on"]
    return table(head, rows, kind="amounts worded", label="Figures and the assumptions that they hang on")


def held(tree: Tree) -> str:
    """Return how many assumed numbers were not moved, and why."""
    reasons: dict[str, int] = {}
    for why in tree["held"].values():
        reasons[str(why)] = reasons.get(str(why), 0) + 1
    if not reasons:
        return ""
    told = "; ".join(f"{count} because {clean(why, 120)}" for why, count in sorted(reasons.items()))
    return f"Assumed numbers that were not moved: {told}."


def ranking(tree: Tree) -> Figure | None:
    """Return the figure of the most influential assumptions."""
    if not moved(tree):
        return None
    rows: list[dict[str, Any]] = [
        {
            "assumption": clean(one["path"], 60),
            "value": f"{one['value']:.4g}",
            "from": f"{one['low']:.4g}",
            "to": f"{one['high']:.4g}",
            "percent": 100 * one["share"],
            "low": 100 * one["share_low"],
            "high": 100 * one["share_high"],
        }
        for one in tree["screening"]["ranking"]
    ]
    drawn = [row for row in rows if row["percent"]][:RANKED]
    told = "; ".join(f"{row['assumption']} {rounded(row['percent'])} %" for row in drawn)
    chart = kinds.dots(drawn, label="assumption", value="percent", low="low", high="high", label_px=230)
    panel = Panel("Percent of all movement", f"Percent of all movement by assumption: {told}.", chart)
    note = (
        "How far an assumption moves a figure when it goes through its range, as a share of what all assumptions move, "
        "the mean over the headline figures. Lines: 95 % intervals over walks."
    )
    return Figure("assumptions", "The most influential assumptions", RANK_COLUMNS, rows, [panel], note)


def reaches(tree: Tree) -> Figure | None:
    """Return the figure with a panel for each headline figure: how far each assumption, and luck, moves it."""
    factor = PER / int(tree["citizens"])
    rows: list[dict[str, Any]] = []
    panels = []
    for key, one in moved(tree).items():
        mine: list[dict[str, Any]] = [
            {
                "measure": one["words"],
                "key": key,
                "input": clean(each["path"], 60),
                **{name: each[name] * factor for name in ("reach", "low", "high", "slope", "spread")},
            }
            for each in one["inputs"]
        ]
        rows += mine
        drawn = [row for row in mine if row["reach"]][:DRAWN]
        head = one["words"][:1].upper() + one["words"][1:]
        told = "; ".join(f"{row['input']} {rounded(row['reach'])}" for row in drawn)
        chart = kinds.dots(drawn, label="input", value="reach", low="low", high="high", label_px=230)
        panels.append(Panel(head, f"{head}, per 100\u202f000 citizens, moved by: {told}.", chart))
    if not panels:
        return None
    note = (
        "Per 100\u202f000 citizens: the mean distance that each input moves the figure on the way "
        "through its whole range; "
        f"luck is another seed. Lines: 95 % intervals over walks. The {DRAWN} largest are drawn, the data has all."
    )
    return Figure("assumptions-reach", "What moves each figure", REACH_COLUMNS, rows, panels, note, across=1)


def shared(tree: Tree) -> Figure | None:
    """Return the figure of the shares of the variance, where indices were asked for."""
    if not tree["shared"]:
        return None
    rows: list[dict[str, Any]] = []
    panels = []
    for key, one in tree["shared"]["measures"].items():
        if not one["variance"]:
            continue
        mine: list[dict[str, Any]] = [
            {
                "measure": one["words"],
                "key": key,
                "input": clean(each["path"], 60),
                "total": each["total"],
                "low": each["total_low"],
                "high": each["total_high"],
                "first": each["first"],
                "first_low": each["first_low"],
                "first_high": each["first_high"],
            }
            for each in one["inputs"]
        ]
        rows += mine
        head = one["words"][:1].upper() + one["words"][1:]
        told = "; ".join(f"{row['input']} {rounded(row['total'])}" for row in mine)
        chart = kinds.dots(mine, label="input", value="total", low="low", high="high", label_px=230)
        panels.append(Panel(head, f"{head}, share of the variance: {told}.", chart))
    if not panels:
        return None
    note = (
        "Share of the variance of a figure in which an input has any part, alone or with others; all "
        "other numbers stand "
        "as written. Lines: 95 % intervals of a bootstrap. The data also has what each explains alone."
    )
    return Figure("assumptions-shares", "Shares of the variance", INDEX_COLUMNS, rows, panels, note, across=1)
