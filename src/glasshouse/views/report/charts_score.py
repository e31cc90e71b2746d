"""The figures of the score: grades and distribution, at the start and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.views import figures_kinds as kinds
from glasshouse.views.figures import Figure, Panel
from glasshouse.views.figures_style import INK, blend, rounded
from glasshouse.views.report.worlds import Views, colours, notices, per

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.views.report.runview import RunView

LOW_TO_HIGH = ("#8d2f25", "#d98752", "#ead9bd", "#9dbccb", "#2a6587")


def grades(views: Views) -> Figure | None:
    """Return the share of members in each grade before day 0 and at the end."""
    rows, panels = [], []
    for view in views:
        bands = _bands(view)
        found = {when: _in_bands(counts, bands) for when, counts in _score_counts(view).items()}
        if not found or not all(map(sum, found.values())):
            continue
        mine = [
            {"world": view.name, "when": when, "grade": band[0], "members": count, "percent": 100 * count / sum(counts),
             "text": f"{band[0]} {rounded(100 * count / sum(counts))} %"}
            for when, counts in found.items()
            for band, count in zip(bands, counts, strict=True)
        ]  # fmt: skip
        shades = {band[0]: blend(i / max(1, len(bands) - 1), LOW_TO_HIGH) for i, band in enumerate(bands)}
        chart = kinds.stacked(mine, shades, row="when", value="percent", series="grade", text="text")
        panels.append(Panel(view.name, _grades_alt(view, mine), chart))
        rows += mine
    if not rows:
        return None
    columns = {
        "world": "World",
        "when": "When",
        "grade": "Grade",
        "members": "Members",
        "percent": "Percent of members",
    }
    note = "Grades from the lowest (left) to the highest (right). Shares under 12 percent are not labelled."
    return Figure(
        "grades", "Grades of the score, start and end", columns, rows, panels, note, notices(views), 2
    )


def _grades_alt(view: RunView, rows: Sequence[dict[str, Any]]) -> str:
    """Return the grades at the end in words."""
    told = ", ".join(
        f"{row['grade']} {rounded(row['percent'])} percent" for row in rows if row["when"] == "End"
    )
    return f"Share of scored citizens in each grade under {view.name}, at the end: {told}."


def _bands(view: RunView) -> list[tuple[str, int, int]]:
    """Return name, lowest and highest score of each grade, from low to high."""
    score = view.scheme.tree.get("score") or {}
    found = [(str(g["name"]), int(g["from_points"]), int(g["to_points"])) for g in score.get("grade") or ()]
    return sorted(found, key=lambda band: band[1])


def _score_counts(view: RunView) -> dict[str, dict[int, int]]:
    """Return score -> members at the start and at the end; empty for a world without scores."""
    if view.scores is None or not len(view.scores):
        return {}
    days = view.scores["day"].to_numpy()
    first, last = int(days.min()), int(days.max())
    end = _counted(view, last)
    start = _counted(view, first) if first <= 0 else _start_scores(view, sum(end.values()))
    return {"Start": start, "End": end} if start and end else {}


def _counted(view: RunView, day: int) -> dict[int, int]:
    """Return score -> members at the end of a day."""
    assert view.scores is not None
    found: dict[int, int] = {}
    kept = view.scores.take(np.flatnonzero(view.scores["day"].to_numpy() == day))
    for score, members in zip(kept["score"].to_pylist(), kept["citizens"].to_pylist(), strict=True):
        found[score] = found.get(score, 0) + members
    return found


def _start_scores(view: RunView, members: int) -> dict[int, int]:
    """Return score -> members before day 0, as the scenario sets it: the base, or shares of start classes."""
    start = (view.scheme.tree.get("initial") or {}).get("score")
    if not start:
        base = (view.scheme.tree.get("score") or {}).get("base_points")
        return {} if base is None else {int(base): members}
    found: dict[int, int] = {}
    spreads = start.get("spread_points") or [0] * len(start["points"])
    for points, spread, weight in zip(start["points"], spreads, _start_weights(view, start), strict=True):
        for score in range(int(points), int(points) + int(spread) + 1):
            found[score] = found.get(score, 0) + round(members * weight / (int(spread) + 1))
    return found


def _start_weights(view: RunView, start: Mapping[str, Any]) -> list[float]:
    """Return the shares of the start classes: their own, or those of a behaviour's activity classes."""
    if not start.get("class_of"):
        return [float(weight) for weight in start["weights"]]
    behaviour = view.scheme.tree["behaviour"][start["class_of"]]
    if behaviour.get("classes"):
        return [float(weight) for weight in behaviour["classes"]["weights"]]
    number = len(start["points"])  # one class, or sixteen of equal size
    return [1 / number] * number


def _in_bands(counts: Mapping[int, int], bands: Sequence[tuple[str, int, int]]) -> list[int]:
    """Return how many are in each grade."""
    return [sum(n for score, n in counts.items() if low <= score <= high) for _, low, high in bands]


def scores(views: Views) -> Figure | None:
    """Return the distribution of scores before day 0 and at the end, in at most 60 bins."""
    rows, panels = [], []
    shades = {"Start": INK, "End": ""}
    for view in views:
        counts = _score_counts(view)
        if not counts:
            continue
        mine = _binned_scores(view.name, counts)
        cuts = [{"at": low, "text": name} for name, low, _ in _bands(view)[1:]]
        mixed = shades | {"End": colours(views)[view.name]}
        drawn = kinds.steps(mine, mixed, low="from", high="to", value="per_100k", series="when", cuts=cuts)
        panels.append(
            Panel(view.name, f"Distribution of scores under {view.name} at the start and at the end.", drawn)
        )
        rows += mine
    if not rows:
        return None
    columns = {
        "world": "World",
        "when": "When",
        "from": "Score from",
        "to": "to below",
        "members": "Members",
        "per_100k": "Per 100\u202f000 members",
    }
    note = (
        "Members per 100\u202f000 in each bin of scores, on a logarithmic scale: "
        "each grid line is ten times the one below. Outline: end of the first day; filled: end."
    )
    return Figure(
        "scores", "How the scores are spread, start and end", columns, rows, panels, note, notices(views), 2
    )


def _binned_scores(world: str, counts: dict[str, dict[int, int]]) -> list[dict[str, Any]]:
    """Return rows of bins that all have the same whole width."""
    every = [score for found in counts.values() for score in found]
    low, high = min(every), max(every)
    width = next((w for w in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if (high - low) / w <= 60), 1000)
    low -= low % width
    rows = []
    for when, found in counts.items():
        bins: dict[int, int] = {}
        for score, n in found.items():
            start = low + (score - low) // width * width
            bins[start] = bins.get(start, 0) + n
        members = sum(found.values())
        rows += [
            {
                "world": world,
                "when": when,
                "from": start,
                "to": start + width,
                "members": n,
                "per_100k": per(n, members),
            }
            for start, n in sorted(bins.items())
        ]
    return rows
