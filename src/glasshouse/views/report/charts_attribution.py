"""The figures of an attribution: for each harm what every rule has of it, alone, on the mean, and last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views import figures_ranges as kinds
from glasshouse.views.cli_shares import BY_ORIGIN, HARMS
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_style import signed
from glasshouse.views.report.parts import PER, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tree = Mapping[str, Any]

__all__ = ["figures_of", "told_measures"]

DRAWN = 12  # rules of a panel; the data has all
PUNISHED = {f"punished.{key}": f"people punished for {words}" for key, words in BY_ORIGIN.items()}
POINTS = {f"points_lost_by.{key}": f"points lost for {words}" for key, words in BY_ORIGIN.items()}
FAMILIES = (
    ("attribution", "Which rule did it, harm by harm", HARMS),
    ("attribution-punished", "People punished, by origin: which rule did it", PUNISHED),
    ("attribution-points", "Points lost, by origin: which rule did it", POINTS),
)
COLUMNS = {
    "measure": "Harm",
    "key": "Key",
    "rule": "Rule",
    "shapley": "Shapley value",
    "low": "Lower end",
    "high": "Upper end",
    "standard_error": "Standard error",
    "alone": "Alone",
    "without": "Falls away without it",
    "effect": "All rules together",
}


def told_measures(tree: Tree) -> dict[str, str]:
    """Return the harms that are counted with some rules on or off, key -> words."""
    words = {**HARMS, **PUNISHED, **POINTS}
    return {
        key: text for key, text in words.items() if key in tree["measures"] and counted(tree["measures"][key])
    }


def counted(one: Tree) -> bool:
    """Say whether a measure is other than 0 somewhere."""
    return bool(one["full"] or one["empty"] or any(each["shapley"]["mean"] for each in one["players"]))


def figures_of(tree: Tree) -> list[Figure]:
    """Return the figures of an attribution, those there is something for."""
    told = told_measures(tree)
    found = (
        family(tree, name, title, [k for k in words if k in told], told) for name, title, words in FAMILIES
    )
    return [one for one in found if one is not None]


def family(tree: Tree, name: str, title: str, keys: list[str], told: Mapping[str, str]) -> Figure | None:
    """Return one figure: a panel for each of some harms."""
    rows: list[dict[str, Any]] = []
    panels = []
    for key in keys:
        mine = player_rows(tree, key, told[key])
        rows += mine
        if drawn := [row for row in mine if row["shapley"] or row["alone"] or row["without"]][:DRAWN]:
            panels.append(_panel(told[key], drawn))
    if not panels:
        return None
    note = (
        "Per 100\u202f000 citizens; each panel has its own scale. Bar: Shapley value, the mean over "
        "all orders in which the "
        "rules can come in. Circle: the rule alone. Diamond: what falls away when it alone is switched off. "
    )
    note += "Lines: 95 % intervals over seeds." if int(tree["replicates"]) > 1 else "One seed: no interval."
    if any(len(player_rows(tree, key, "")) > DRAWN for key in keys):
        note += f" The {DRAWN} largest are drawn, the data has all."
    return Figure(name, title, COLUMNS, rows, panels, note)


def player_rows(tree: Tree, key: str, words: str) -> list[dict[str, Any]]:
    """Return what every rule has of a measure, per 100,000 citizens, the largest first."""
    one, factor = tree["measures"][key], PER / int(tree["citizens"])
    rows = [
        {
            "measure": words,
            "key": key,
            "rule": clean(each["player"], 60),
            "shapley": each["shapley"]["mean"] * factor,
            "low": scaled(each["shapley"]["low"], factor),
            "high": scaled(each["shapley"]["high"], factor),
            "standard_error": scaled(each["standard_error"], factor),
            "alone": each["first_in"]["mean"] * factor,
            "without": each["leave_one_out"]["mean"] * factor,
            "effect": one["effect"]["mean"] * factor,
        }
        for each in one["players"]
    ]
    return sorted(rows, key=lambda row: -abs(row["shapley"]))


def _panel(words: str, rows: list[dict[str, Any]]) -> Panel:
    """Return the panel of one harm."""
    drawn = kinds.shares(
        rows, label="rule", value="shapley", low="low", high="high", alone="alone", without="without"
    )
    told = "; ".join(
        f"{row['rule']} {signed(row['shapley'])}, alone {signed(row['alone'])}, without it {signed(row['without'])}"
        for row in rows
    )
    head = words[:1].upper() + words[1:]
    return Panel(head, f"{head}, per 100\u202f000 citizens, Shapley values by rule: {told}.", drawn)
