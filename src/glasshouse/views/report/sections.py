"""The sections of a report below the headline: figures, groups, rules, limits, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.views.figures import Figure, panel_svg
from glasshouse.views.figures_style import RAMP, WORLDS, grouped, rounded
from glasshouse.views.report.charts import WHY
from glasshouse.views.report.markup import data_table, esc, link, number, table
from glasshouse.views.report.runview import PER, RunView
from glasshouse.views.report.scheme import Row, span

if TYPE_CHECKING:
    from glasshouse.scenario.evidence import Evidence

Views = Sequence[RunView]
UNIT = "per 100\u202f000 citizens"
GROUP_UNIT = "per 100\u202f000 of the group"
MEANT = {
    "own": "A true record of something they did, or a debt they did not pay.",
    "false": "Every record it rests on was false: they had not done it.",
    "association": "A friend with a low score, or a member of a chat group they own.",
    "representation": "A company they speak for was listed.",
    "identity": "A card or face check failed, or someone acted on their card.",
}
FORMATS = {"parquet": "Parquet", "vl.json": "Vega-Lite"}
GRADES = {
    "documented": "in a published rule or official figure",
    "reported": "in the press",
    "derived": "computed from published figures",
    "assumed": "our assumption, with a range",
}
BY_GROUP = {
    "ever_listed": ("Ever listed", "stock"),
    "ever_refused": ("Refused a ticket", "stock"),
    "punished_ever.false": ("Punished by error", "stock"),
    "punished_ever.association": ("Punished for whom they know", "stock"),
    "offline_days.face": ("Days offline after a failed face check", "flow"),
}


def figure(one: Figure, key: str = "", side: str = "") -> str:
    """Return a figure: title, legend, panels with words beside them, note, notice, files and its numbers."""
    panels = "".join(_panel(one, place) for place in range(len(one.panels)))
    notice = f'<p class="chip">{esc(one.notice)}</p>' if one.notice else ""
    across = min(one.across, len(one.panels))
    body = f'<div class="panels n{across}">{panels}</div>'
    if side:
        body = f'<div class="sided n{across}">{body}<div class="side">{side}</div></div>'
    return (
        f'<figure id="figure-{one.name}"><h3>{esc(one.title)}</h3>{key}{body}'
        f"<figcaption><p>{esc(one.note)}</p>{notice}{files_of(one)}{made_by(one)}</figcaption>"
        f"{data_table(one.columns, one.rows, one.title)}</figure>"
    )


def files_of(one: Figure | None) -> str:
    """Return links to the files of a figure, or nothing where none are written."""
    if one is None or not one.written:
        return ""
    links = (f'<a href="figures/{one.name}.{end}">{FORMATS.get(end, end.upper())}</a>' for end in one.written)
    return f'<p class="files">{esc(one.title)}, files beside this page: {", ".join(links)}</p>'


def made_by(one: Figure) -> str:
    """Return the command that makes a figure anew, where it is known."""
    return f'<p class="made">Made by <code>{esc(one.command)}</code></p>' if one.command else ""


def _panel(one: Figure, place: int) -> str:
    """Return one panel with its heading."""
    panel = one.panels[place]
    head = f"<h4>{esc(panel.title)}</h4>" if panel.title else ""
    return f'<div class="panel">{head}{panel_svg(panel, f"{one.name}-{place}")}</div>'


def legend(views: Views, *, dashed: bool = False) -> str:
    """Return the names of the worlds beside their colour."""
    mark = "line" if dashed else "box"
    return f'<p class="key">{"".join(_key(f"{mark} w{n}", view.name) for n, view in enumerate(views))}</p>'


def start_end_legend(views: Views) -> str:
    """Return the legend of the score figure."""
    ends = "".join(
        _key(f"box w{n}", f"end, {view.name}")
        for n, view in enumerate(views)
        if view.scheme.tree.get("score")
    )
    return f'<p class="key">{_key("box outline", "start")}{ends}</p>'


def end_grades(one: Figure) -> str:
    """Return the share of each grade at the end, the small ones too."""
    told = []
    for world in dict.fromkeys(row["world"] for row in one.rows):
        rows = [row for row in one.rows if row["world"] == world and row["when"] == "End"]
        shares = ", ".join(f"{esc(row['grade'])} {rounded(row['percent'])}\u00a0%" for row in rows)
        told.append(f'<p class="small">End, {esc(world)}: {shares}</p>')
    return "".join(told)


def ramp_legend(one: Figure) -> str:
    """Return the colour scale of the map."""
    highest = max(row["per_100k"] for row in one.rows)
    steps = "".join(f'<i class="r{n}"></i>' for n in range(len(RAMP)))
    return f'<p class="key ramp"><span>0</span>{steps}<span>{rounded(highest)} per 100\u202f000</span></p>'


def _key(kind: str, words: str) -> str:
    return f'<span><i class="{kind}"></i>{esc(words)}</span>'


def colours_css() -> str:
    """Return the style rules that carry the colours of the figures into the page."""
    ramp = "".join(f".r{n}{{background:{colour}}}" for n, colour in enumerate(RAMP))
    return f":root{{--w0:{WORLDS[0]};--w1:{WORLDS[1]}}}{ramp}"


def reasons() -> str:
    """Return what the reasons for a punishment mean."""
    told = "".join(f"<dt>{esc(WHY[origin])}</dt><dd>{esc(words)}</dd>" for origin, words in MEANT.items())
    return f"<dl>{told}</dl>"


def extremes(one: Figure, views: Views) -> str:
    """Return the lowest and the highest province of each world, and what a difference between tiles means."""
    told = []
    for view in views:
        rows = sorted((row for row in one.rows if row["world"] == view.name), key=lambda row: row["per_100k"])
        ends = [f"{rounded(row['per_100k'])} ({esc(row['province'])})" for row in (rows[0], rows[-1])]
        told.append(f"<p><b>{esc(view.name)}</b>: from {ends[0]} to {ends[1]}.</p>")
    return "".join(told) + (
        "<p>In the model provinces differ in size and in who knows whom. Where one scheme holds everywhere, "
        "differences between tiles are mostly chance, largest where few people live.</p>"
    )


# ---- by group


def groups(views: Views) -> str:
    """Return what befell the groups, per 100,000 citizens of each."""
    shares = views[0].group_shares
    if len(shares) < 2:
        return "<p>The scenario knows one group only, so there is nothing to set side by side.</p>"
    head = ["Group", "Share of citizens"]
    head += [
        f"{esc(words)}<br><small>{esc(view.name)}</small>" for words, _ in BY_GROUP.values() for view in views
    ]
    rows = [_group_row(name, share, views) for name, share in shares.items()]
    return table(head, rows, kind="numeric", label="By group") + (
        '<p class="small">Per 100\u202f000 citizens of the group, whose size is taken as its share of all citizens. '
        "Groups are abstract and stand for no people in particular.</p>"
    )


def _group_row(name: str, share: float, views: Views) -> list[str]:
    """Return one group's row."""
    cells = [f"{esc(name)}", f"{rounded(100 * share)} %"]
    place = "abcdefgh".index(name)
    for measure, (_, kind) in BY_GROUP.items():
        for view in views:
            value = view.by_group(measure, stock=kind == "stock")[place] * PER / (share * view.citizens)
            cells.append(number(value, measure=f"{measure}@{name}", world=view.name, unit=GROUP_UNIT))
    return cells


# ---- the rules


def rules(view: RunView) -> str:
    """Return the rules of one world with what they rest on."""
    rows = view.scheme.rows()
    if not rows:
        return "<p>No scheme: nothing is scored, listed or checked.</p>"
    cells = [
        [
            f'<small class="part">{esc(row.part)}</small> {esc(row.rule)}',
            esc(row.effect),
            _rests_on(view, row),
        ]
        for row in rows
    ]
    return table(
        ["Rule", "Points or effect", "Rests on"], cells, kind="rules", label=f"Rules of {view.name}"
    ) + _numbers(view)


def _rests_on(view: RunView, row: Row) -> str:
    """Return grade, range and source of a rule."""
    if row.evidence is None:
        return '<span class="small">no number of its own</span>'
    return badge(row.evidence, row.unit) + _cited(view, row.evidence)


def badge(evidence: Evidence, unit: str = "") -> str:
    """Return the grade as a small label, with the range of an assumption."""
    grade = evidence.grade if evidence.grade in GRADES else "none"
    reach = f' <span class="range">{esc(words)}</span>' if (words := span(evidence, unit)) else ""
    return f'<span class="badge {grade}">{esc(evidence.grade or "no grade")}</span>{reach}'


def _cited(view: RunView, evidence: Evidence) -> str:
    """Return a link to the source of a number."""
    source = view.scheme.source(evidence)
    if source is None:
        return ""
    title, where = (clean(source.get(key) or "", 160) for key in ("title", "locator"))
    return f' <span class="cite">{link(str(source.get("url") or ""), title)}{", " + esc(where) if where else ""}</span>'


def _numbers(view: RunView) -> str:
    """Return every graded number of a world as a closed table."""
    numbers = view.scheme.numbers()
    cells = [
        [esc(clean(path, 120)), esc(clean(one.written, 120)), badge(one) + _cited(view, one)]
        for path, one in numbers
    ]
    inner = table(
        ["Number", "As the scenario writes it", "Rests on"],
        cells,
        kind="plain",
        label=f"Numbers of {view.name}",
    )
    head = f"All {grouped(len(numbers))} graded numbers of {esc(view.name)}"
    return f"<details><summary>{head}</summary>{inner}</details>"


def grade_key(views: Views) -> str:
    """Return what the grades mean and how many numbers have each."""
    told = []
    for grade, words in GRADES.items():
        counts = [sum(one.grade == grade for _, one in view.scheme.numbers()) for view in views]
        numbers = " / ".join(grouped(n) for n in counts)
        told.append(
            f'<li><span class="badge {grade}">{grade}</span> {esc(words)} <small>({numbers} numbers)</small></li>'
        )
    return f'<ul class="grades">{"".join(told)}</ul>'


# ---- limits and provenance


def scenario_limits(views: Views) -> str:
    """Return the limits that the scenarios state themselves."""
    told = [
        f"<li><b>{esc(view.name)}</b>: {esc(limit)}</li>" for view in views for limit in view.scheme.limits
    ]
    return f"<h3>Stated by the scenarios</h3><ul>{''.join(told)}</ul>" if told else ""


def provenance(views: Views) -> str:
    """Return where the numbers came from, one column for each world."""
    facts = [(words, [_fact(view, path) for view in views]) for words, path in _FACTS]
    rows = [[esc(words), *cells] for words, cells in facts if any(cells)]
    return table(["Fact", *(esc(view.name) for view in views)], rows, kind="facts", label="Provenance")


_FACTS = (
    ("Scenario", "scenario.title"),
    ("Scenario digest", "scenario.digest"),
    ("Changes", "scenario.changes"),
    ("Run digest", "digest"),
    ("Citizens", "citizens"),
    ("First day", "start_date"),
    ("Days", "days"),
    ("Seed", "seed"),
    ("Software", "software"),
    ("Command", "command"),
    ("Started", "started"),
    ("Resources", "resources"),
)


def _fact(view: RunView, path: str) -> str:
    """Return one entry of a manifest as HTML."""
    value: Any = view.manifest
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, Mapping):
        return esc(clean(", ".join(f"{key} {item}" for key, item in value.items()), 600))
    if isinstance(value, (list, tuple)):
        return esc(clean(" ".join(map(str, value)), 600))
    if path in ("citizens", "days"):
        return grouped(int(value))
    kind = ' class="hash"' if path.endswith("digest") else ""
    return (
        f"<code{kind}>{esc(clean(value, 600))}</code>"
        if path in ("command", "digest", "scenario.digest", "seed")
        else esc(clean(value, 600))
    )


def quote(view: RunView) -> str:
    """Return how a figure of one world may be quoted."""
    from glasshouse import __version__

    software = view.manifest.get("software")
    version = software.get("glasshouse", __version__) if isinstance(software, Mapping) else __version__
    notice = f" {esc(view.notice)}" if view.notice else ""
    rate = number(view.rate("listed.persons"), measure="listed.persons", world=view.name, unit=UNIT)
    return (
        f"<blockquote>In a simulation of {grouped(view.citizens)} synthetic citizens "
        f"(Glasshouse {esc(clean(version, 40))}, scenario "
        f"{esc(view.name)}, seed {esc(view.manifest.get('seed', ''))}), {rate} "
        f"of every 100\u202f000 were ever on a sanction list in {grouped(view.days)} days.{notice}</blockquote>"
    )
