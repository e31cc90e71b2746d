"""The figures of a study of harms: what records are worth, how long people take to be clean, what was not said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views import figures_ranges as kinds
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_style import WORLDS, rounded
from glasshouse.views.report.parts import scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Tree = Mapping[str, Any]
    Rows = list[dict[str, Any]]

__all__ = ["ALL", "figures_of", "judged"]

ALL, SPEECH, SANCTIONED = "all", "speech", "sanctioned"
DETECTED = {
    "precision": "Right: records of an own act",
    "missed": "Missed: acts not recorded on the doer",
    "accused_innocent": "Innocent, yet recorded",
}
JUDGED = {
    "hit_rate": "Sanctioned, of all",
    "tpr": "Sanctioned, of doers",
    "fpr": "Sanctioned, of others",
    "ppv": "Doers, of those sanctioned",
}
SILENT = {"withheld_share": "Withheld out of fear", "lost_share": "Lost against the twin world"}
ENDS = {"percent": "Percent", "low": "Lower end", "high": "Upper end"}
COUNTS = {"count": "Count", "of": "Of"}
WILSON = "Percent, with Wilson's 95 % interval."


def figures_of(tree: Tree) -> list[Figure]:
    """Return the figures of a study of harms, those there is something for."""
    makers: tuple[Callable[[Tree], Figure | None], ...] = (
        detectors,
        detectors_by_group,
        fairness,
        recovery,
        topics,
        whose,
        fading,
    )
    return [one for maker in makers if (one := maker(tree)) is not None]


def in_percent(one: Tree) -> dict[str, Any]:
    """Return a share as columns of a figure: percent, its interval, and the counts where there are any."""
    found = {
        "percent": scaled(one["value"], 100),
        "low": scaled(one["low"], 100),
        "high": scaled(one["high"], 100),
    }
    return found | {"count": one.get("count"), "of": one.get("of")}


def drawn_shares(
    rows: Rows, words: Mapping[str, str], *, label: str, what: str, step: int = 22
) -> list[Panel]:
    """Return a panel of dots with intervals for each kind of share that has any; `what` is the key of the kind."""
    panels = []
    for head in words.values():
        mine = [row for row in rows if row[what] == head and row["percent"] is not None]
        if not mine:
            continue
        drawn = kinds.dots(mine, label=label, value="percent", low="low", high="high", step=step)
        panels.append(Panel(head, f"{head}, percent: {_said(mine, label)}.", drawn))
    return panels


def _said(rows: Rows, label: str) -> str:
    """Return names and values in words."""
    return "; ".join(f"{row[label]} {rounded(row['percent'])}" for row in rows)


# ---- the audit


def recorded(tree: Tree, group: str | None = None) -> list[Tree]:
    """Return the detectors that brought any record, of one group or of all of them."""
    every = tree["audit"]["detectors"]
    alive = {one["behaviour"] for one in every if one["group"] == ALL and one["precision"]["of"]}
    return [one for one in every if one["behaviour"] in alive and group in (None, one["group"])]


def detectors(tree: Tree) -> Figure | None:
    """Return how often a record is right, what is missed, and who is recorded though innocent, by behaviour."""
    rows = [
        {"behaviour": clean(one["behaviour"], 60), "what": words, **in_percent(one[key])}
        for key, words in DETECTED.items()
        for one in recorded(tree, ALL)
    ]
    if not rows:
        return None
    columns = {"behaviour": "Behaviour", "what": "Share", **ENDS, **COUNTS}
    panels = drawn_shares(rows, DETECTED, label="behaviour", what="what")
    note = (
        f"{WILSON} Right: of the records. Missed: of the acts. Innocent, yet recorded: of the people "
        "who never did it. Each panel has its own scale."
    )
    return Figure("detectors", "Right, missed, and innocent yet recorded", columns, rows, panels, note)


def detectors_by_group(tree: Tree) -> Figure | None:
    """Return how often a record is right in each group, a panel for each behaviour."""
    found = [one for one in recorded(tree) if one["group"] != ALL]
    rows = [
        {"behaviour": clean(one["behaviour"], 60), "group": f"group {clean(one['group'], 20)}", "what": words,
         **in_percent(one[key])}
        for key, words in DETECTED.items()
        for one in found
    ]  # fmt: skip
    right = [row for row in rows if row["what"] == DETECTED["precision"] and row["percent"] is not None]
    if not right:
        return None
    panels = []
    for behaviour in dict.fromkeys(row["behaviour"] for row in right):
        mine = [row for row in right if row["behaviour"] == behaviour]
        drawn = kinds.dots(
            mine, label="group", value="percent", low="low", high="high", across=(0, 100), step=20
        )
        panels.append(
            Panel(
                behaviour, f"Records of {behaviour} that are right, percent: {_said(mine, 'group')}.", drawn
            )
        )
    columns = {"behaviour": "Behaviour", "group": "Group", "what": "Share", **ENDS, **COUNTS}
    note = (
        f"Records that are right, of the records of each group. {WILSON} The data also has what is "
        "missed, and the innocent who are recorded, by group."
    )
    return Figure("detectors-group", "Records that are right, by group", columns, rows, panels, note)


def judged(tree: Tree) -> list[Tree]:
    """Return how each group fares in sanctions; empty with one group, or where nobody was sanctioned."""
    groups = [one for one in tree["audit"]["fairness"] if one["what"] == SANCTIONED]
    return groups if any(one["hit_rate"].get("count") for one in groups) else []


def fairness(tree: Tree) -> Figure | None:
    """Return how often people of each group are sanctioned, and how rightly."""
    groups = judged(tree)
    rows = [
        {"group": f"group {clean(one['group'], 20)}", "what": words, **in_percent(one[key])}
        for key, words in JUDGED.items()
        for one in groups
    ]
    if not rows:
        return None
    columns = {"group": "Group", "what": "Share", **ENDS, **COUNTS}
    note = (
        f"{WILSON} Doers did at least one thing that can cost something; sanctioned: listed, refused, detained, fined, "
        "suspended or offline. People under a sanction before day 0 are left out. Groups are abstract "
        "and stand for no people in particular."
    )
    panels = drawn_shares(rows, JUDGED, label="group", what="what")
    return Figure("fairness", "How groups fare", columns, rows, panels, note, across=2)


# ---- recovery


def recovery(tree: Tree) -> Figure | None:
    """Return the share of people not yet clean again, by days since their first sanction, a panel for each group."""
    people = [one for one in tree["recovery"]["people"] if one["people"]]
    if not people:
        return None
    rows: Rows = []
    panels = []
    longest = max(len(one["curve"]["waiting"]) for one in people)
    for one in people:
        name = "All" if one["group"] == ALL else f"Group {clean(one['group'], 20)}"
        mine = curve_rows(name, one["curve"])
        rows += mine
        if not mine:
            continue
        colours = {name: WORLDS[0] if one["group"] == ALL else WORLDS[1]}
        drawn = kinds.bands(
            [*mine, {**mine[-1], "days": longest - 1}], colours, x="days", y="percent", low="low", high="high",
            series="group", steps=True, top=100, height=150,
        )  # fmt: skip
        said = (
            f"{name}: {rounded(mine[0]['percent'])} percent on day 0, {rounded(mine[-1]['percent'])} "
            f"on day {mine[-1]['days']}"
        )
        panels.append(
            Panel(
                f"{name}, {one['people']} people", f"Not yet clean again, of those sanctioned. {said}.", drawn
            )
        )
    columns = {"group": "Group", "days": "Days", "percent": "Percent not yet clean", "low": "Lower end",
               "high": "Upper end", "at_risk": "Still watched", "events": "Clean again that day",
               "censored": "Watching ended"}  # fmt: skip
    note = (
        "Percent not yet clean again, by days since the first sanction: Kaplan-Meier curves, the end "
        "of the run is the end of "
        "watching. Bands: 95 % intervals (Greenwood, on the log(\N{MINUS SIGN}log) scale). Drawn on "
        "after the last person is watched, as a level line."
    )
    return Figure("recovery", "How long until clean again", columns, rows, panels, note) if panels else None


def curve_rows(name: str, curve: Tree) -> Rows:
    """Return the steps of a curve."""
    keys = ("waiting", "low", "high", "at_risk", "events", "censored")
    return [
        {"group": name, "days": day, "percent": 100 * waiting, "low": 100 * low, "high": 100 * high,
         "at_risk": at_risk, "events": events, "censored": censored}
        for day, (waiting, low, high, at_risk, events, censored) in enumerate(
            zip(*(curve[key] for key in keys), strict=True)
        )
    ]  # fmt: skip


# ---- silence


def topics(tree: Tree) -> Figure | None:
    """Return what people never punished did not say, by topic."""
    lines = [one for one in tree["chilling"]["never_punished"] if one["group"] == one["distance"] == ALL]
    named = [("all posts" if one["topic"] == SPEECH else clean(one["topic"], 60), one) for one in lines]
    return _silence("chilling-topic", "Not said or done, by topic", "topic", "Topic", named)


def whose(tree: Tree) -> Figure | None:
    """Return what people never punished did not post, by group and by distance to somebody punished."""
    lines = [one for one in tree["chilling"]["never_punished"] if one["topic"] == SPEECH]
    named = [
        (clean(one["distance"], 60) if one["group"] == ALL else f"group {clean(one['group'], 20)}", one)
        for one in lines
        if (one["group"] == ALL) != (one["distance"] == ALL)
    ]
    return _silence(
        "chilling-whose",
        "Posts not written, by group and by who was punished nearby",
        "whose",
        "Whose",
        named,
    )


def _silence(name: str, title: str, key: str, head: str, lines: Iterable[tuple[str, Tree]]) -> Figure | None:
    """Return a figure of shares withheld and lost."""
    rows = [
        {key: words, "what": told, "acts": one["written"], "withheld": one["withheld"], "lost": one["lost"]["value"],
         **in_percent(one[share])}
        for share, told in SILENT.items()
        for words, one in lines_of(lines)
    ]  # fmt: skip
    if not any(row["percent"] for row in rows):
        return None
    columns = {
        key: head,
        "what": "Share",
        **ENDS,
        "acts": "Done, per seed",
        "withheld": "Withheld, per seed",
        "lost": "Lost, per seed",
    }
    note = (
        "Of people never punished in the run. Withheld: of what they would have said or done without "
        "fear, what they did not. "
        "Lost: of what the same people did in the twin world, what they did less here. 95 % intervals over seeds; "
        "a share lost may lie below 0."
    )
    return Figure(
        name, title, columns, rows, drawn_shares(rows, SILENT, label=key, what="what"), note, across=2
    )


def lines_of(lines: Iterable[tuple[str, Tree]]) -> Sequence[tuple[str, Tree]]:
    """Return named rows of the table in which anything was said here or there."""
    return [(words, one) for words, one in lines if one["withheld_share"]["value"] is not None]


def fading(tree: Tree) -> Figure | None:
    """Return what is left of fear by days since the last punishment that somebody saw."""
    found = tree["chilling"]["fading"]
    if not found["watched"]:
        return None
    names = {"risk_left": "Risk perceived", "withholding_left": "Withholding"}
    rows: Rows = [
        {"which": words, "days": day, "percent": 100 * value, "low": None, "high": None, "watched": watched}
        for key, words in names.items()
        for day, (value, watched) in enumerate(zip(found[key], found["watched"], strict=True))
    ]
    colours = dict(zip(names.values(), WORLDS, strict=True))
    drawn = kinds.bands(rows, colours, x="days", y="percent", low="low", high="high", series="which")
    last = {words: [row for row in rows if row["which"] == words][-1] for words in names.values()}
    told = "; ".join(
        f"{words} {rounded(row['percent'])} percent after {row['days']} days" for words, row in last.items()
    )
    columns = {
        "which": "What is left",
        "days": "Days",
        "percent": "Percent left",
        "watched": "People watched",
    }
    note = (
        "Percent left of what the last punishment seen added, by days since then; everybody who was "
        "watched for so long. Late days rest on few people."
    )
    return Figure(
        "fading",
        "How fast fear fades",
        columns,
        rows,
        [Panel("", f"What is left: {told}.", drawn)],
        note,
        legend=colours,
    )
