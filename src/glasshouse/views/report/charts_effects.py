"""The figures of a comparison: effects, by place, day by day, and what can be said of individuals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.compare.individuals import LUCK
from glasshouse.errors import clean
from glasshouse.views import figures_ranges as kinds
from glasshouse.views.cli_effects import BREAKDOWN
from glasshouse.views.cli_effects import SHOWN as OUTCOMES
from glasshouse.views.cli_summary import HEADLINES
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_style import WORLDS, rounded, signed
from glasshouse.views.report.parts import PER, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Tree = Mapping[str, Any]
    Rows = list[dict[str, Any]]

__all__ = ["effect_row", "effect_rows", "figures_of", "luck_of", "moved", "moved_rows", "names_of"]

PARTED = {"parted": "On some day so far", "differing": "On that day"}
MEETS = {**OUTCOMES, "punished.own": "punished for own acts", "punished.false": "punished by error",
         "punished.association": "punished for others", "punished.representation": "punished for a company",
         "punished.identity": "punished over identity"}  # fmt: skip


def names_of(tree: Tree) -> tuple[str, str]:
    """Return what the two worlds are called, which one scheme may be on both sides."""
    base, variant = clean(tree["base"], 80), clean(tree["variant"], 80)
    return (base, variant) if base != variant else (f"{base} (baseline)", f"{variant} (variant)")


def luck_of(tree: Tree) -> str:
    """Return which luck the second life has."""
    return LUCK.get(str(tree.get("coupling")), LUCK["same"])


def figures_of(tree: Tree, places: Sequence[Tree]) -> list[Figure]:
    """Return the figures of a comparison, those there is something for; `places` are the rows of effects.parquet."""
    found = (
        effects(tree),
        by_place(tree, places, "province"),
        by_place(tree, places, "group"),
        divergence(tree),
        individuals(tree),
    )
    return [one for one in found if one is not None]


def effect_rows(tree: Tree) -> Rows:
    """Return the headline totals that are counted in either world, per 100,000 citizens."""
    factor = PER / int(tree["citizens"])
    found = [(key, tree["effects"][key]) for key in HEADLINES if key in tree["effects"]]
    return [effect_row(key, one, factor) for key, one in found if one["base"] or one["variant"]]


def moved_rows(tree: Tree) -> Rows:
    """Return those of the headline totals that differ between the worlds of any seed."""
    return [row for row in effect_rows(tree) if moved(tree["effects"][row["key"]])]


def moved(one: Tree) -> bool:
    """Say whether a total differs between the worlds of any seed."""
    return bool(one["mean"] or one["low"] or one["high"])


def effect_row(key: str, one: Tree, factor: float) -> dict[str, Any]:
    """Return one total: both worlds, the difference, and the difference in percent of the larger of the two."""
    larger = max(float(one["base"]), float(one["variant"]))
    row = {
        "measure": HEADLINES.get(key, key),
        "key": key,
        "base": one["base"] * factor,
        "variant": one["variant"] * factor,
    }
    for name in ("mean", "low", "high"):
        row[name] = scaled(one[name], factor)
        row[f"{name}_percent"] = scaled(one[name], 100 / larger)
    return row | {"pairing_helped": one["pairing_helped"]}


def effects(tree: Tree) -> Figure | None:
    """Return the differences on one scale, from what is in the base alone to what is in the variant alone."""
    rows = moved_rows(tree)
    if not rows:
        return None
    base, variant = names_of(tree)
    drawn = kinds.dots(
        rows,
        label="measure",
        value="mean_percent",
        low="low_percent",
        high="high_percent",
        across=(-100, 100),
        label_px=210,
    )
    told = "; ".join(f"{row['measure']} {signed(row['mean_percent'])}" for row in rows)
    alt = f"Difference in percent of the larger of the two worlds: {told}."
    columns = {
        "measure": "Measure", "key": "Key", "base": base, "variant": variant, "mean": "Difference", "low": "Lower end",
        "high": "Upper end", "mean_percent": "Percent of the larger", "low_percent": "Lower end, percent",
        "high_percent": "Upper end, percent", "pairing_helped": "Pairing made it less noisy",
    }  # fmt: skip
    note = (
        f"Difference, {variant} less {base}, in percent of the larger of the two worlds: at \N{MINUS SIGN}100 it is in "
        f"{base} alone, at +100 in {variant} alone. {_lines(tree)} Intervals are cut off at the frame."
    )
    return Figure("effects", "What changes, on one scale", columns, rows, [Panel("", alt, drawn)], note)


def _lines(tree: Tree, drawn: str = "Lines", mark: str = "dot") -> str:
    """Return what is drawn of the intervals."""
    if int(tree["replicates"]) > 1:
        return f"{drawn}: 95 % intervals over seeds; where none is seen it is narrower than the {mark}."
    return "One seed: no interval."


def by_place(tree: Tree, places: Sequence[Tree], kind: str) -> Figure | None:
    """Return the difference in each province or group, per 100,000 of its citizens, one panel per measure."""
    rows: Rows = []
    for place in places:
        if place["place"] == kind and place["measure"] in BREAKDOWN and place["citizens"]:
            factor = PER / float(place["citizens"])
            row = {
                "name": place["name"],
                "citizens": place["citizens"],
                "measure": BREAKDOWN[place["measure"]],
            }
            row |= {name: scaled(place[name], factor) for name in ("base", "variant", "mean", "low", "high")}
            rows.append(row)
    told = {row["measure"] for row in rows if moved(row)}
    rows = [row for row in rows if row["measure"] in told]
    if len({row["name"] for row in rows}) < 2:
        return None
    panels = [_place_panel(tree, key, [row for row in rows if row["measure"] == words], kind)
              for key, words in BREAKDOWN.items() if words in told]  # fmt: skip
    base, variant = names_of(tree)
    columns = {"name": kind.capitalize(), "citizens": "Citizens", "measure": "Measure", "base": base,
               "variant": variant, "mean": "Difference", "low": "Lower end", "high": "Upper end"}  # fmt: skip
    note = (
        f"Per 100\u202f000 citizens of the {kind}, {variant} less {base}. Dashed: the whole society. {_lines(tree)} "
        "With this many places some intervals miss the truth by chance alone."
    )
    return Figure(f"effects-{kind}", f"The difference by {kind}", columns, rows, panels, note)


def _place_panel(tree: Tree, key: str, rows: Rows, kind: str) -> Panel:
    """Return the panel of one measure."""
    whole = tree["effects"][key]["mean"] * PER / int(tree["citizens"])
    drawn = kinds.dots(
        rows, label="name", value="mean", low="low", high="high", rule=whole, step=15 if len(rows) > 8 else 22
    )
    ends = sorted(rows, key=lambda row: row["mean"])
    told = ", ".join(f"{row['name']} {signed(row['mean'])}" for row in (ends[0], ends[-1]))
    words = BREAKDOWN[key]
    alt = (
        f"Difference in {words} per 100\u202f000 citizens of each {kind}, lowest and highest: {told}; "
        f"all {signed(whole)}."
    )
    return Panel(words.capitalize(), alt, drawn)


def divergence(tree: Tree) -> Figure | None:
    """Return how many citizens live another life, day by day."""
    found, factor = tree["divergence"], 100 / int(tree["citizens"])
    rows: Rows = [
        {
            "which": words,
            "day": day,
            "percent": mean * factor,
            "low": scaled(low, factor),
            "high": scaled(high, factor),
        }
        for name, words in PARTED.items()
        for day, (mean, low, high) in enumerate(
            zip(found[name], found[f"{name}_low"], found[f"{name}_high"], strict=True)
        )
    ]
    if not any(row["percent"] for row in rows):
        return None
    for row in rows:  # a share does not leave 0 to 100, where Student's t may
        row["low"] = None if row["low"] is None else max(0.0, row["low"])
        row["high"] = None if row["high"] is None else min(100.0, row["high"])
    colours = dict(zip(PARTED.values(), WORLDS, strict=True))
    drawn = kinds.bands(rows, colours, x="day", y="percent", low="low", high="high", series="which")
    ends = "; ".join(
        f"{words.lower()}: {rounded([row for row in rows if row['which'] == words][-1]['percent'])} percent"
        for words in PARTED.values()
    )
    alt = f"Share of citizens whose two lives differ, by day. On the last day, {ends}."
    columns = {
        "which": "Lives differ",
        "day": "Day",
        "percent": "Percent of citizens",
        "low": "Lower end",
        "high": "Upper end",
    }
    note = (
        "Percent of citizens whose rows differ between the worlds, by day of the run. "
        f"{_lines(tree, 'Bands', 'line')}"
    )
    return Figure(
        "divergence", "How the two worlds part", columns, rows, [Panel("", alt, drawn)], note, legend=colours
    )


def individuals(tree: Tree) -> Figure | None:
    """Return who met an outcome in one world alone, beside the Fréchet bounds."""
    base, variant = names_of(tree)
    rows: Rows = []
    for key, one in tree["individuals"]["outcomes"].items():
        for name, world in (("base_only", base), ("variant_only", variant)):
            low, high = one[f"{name}_bounds"]
            rows.append({"outcome": MEETS.get(key, clean(key, 60)), "only_in": world, "same_luck": one[name] * PER,
                         "low": low * PER, "high": high * PER, "both": one["both"] * PER})  # fmt: skip
    if not rows:
        return None
    top = max(row["high"] for row in rows) or 1.0
    panels = []
    for world in (base, variant):
        mine = [row for row in rows if row["only_in"] == world]
        drawn = kinds.dots(
            mine, label="outcome", value="same_luck", low="low", high="high", across=(0, top), step=22
        )
        told = "; ".join(
            f"{r['outcome']} {rounded(r['same_luck'])} ({rounded(r['low'])} to {rounded(r['high'])})"
            for r in mine
        )
        panels.append(
            Panel(
                f"Only in {world}", f"Citizens per 100\u202f000 only in {world}, with bounds: {told}.", drawn
            )
        )
    columns = {"outcome": "Outcome", "only_in": "Only in", "same_luck": f"With {luck_of(tree)}", "low": "Lower bound",
               "high": "Upper bound", "both": "In both worlds"}  # fmt: skip
    note = (
        f"Citizens per 100\u202f000. Dot: where the second life has {luck_of(tree)}. Line: Fréchet bounds, "
        "which hold for any pairing of lives; no interval of chance."
    )
    return Figure("individuals", "Who meets it in one world alone", columns, rows, panels, note, across=2)
