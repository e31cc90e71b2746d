"""Put the report together and write it, with every figure beside it.

A report is of one or two worlds, of what was asked of them (a comparison, an attribution, harms), or of both.
"""

from __future__ import annotations

import re
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.errors import InputOutputError, UsageError
from glasshouse.views.figures import SUFFIXES, Figure, save
from glasshouse.views.figures_style import grouped, rounded
from glasshouse.views.report import charts, findings, sections
from glasshouse.views.report.markup import esc
from glasshouse.views.report.parts import Part, dressed
from glasshouse.views.report.runview import RunView, labelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["page", "studies_page", "write_report"]


def write_report(
    out_html: Path,
    views: Sequence[RunView],
    *,
    comparison: Mapping[str, Any] | None = None,
    compared: Part | None = None,
    studies: Sequence[Part] = (),
    command: str = "",
    formats: Sequence[str] = SUFFIXES,
) -> Path:
    """Write the report of one or two worlds, of studies, or of both; and its figures into `figures/` beside it.

    Args:
        out_html: The page.
        views: The worlds; none where there are studies alone.
        comparison: `effects` (total -> mean, low, high) over `replicates`; without it the report says that chance is
            not shown.
        compared: The part about the comparison of the two worlds.
        studies: Further parts: an attribution, harms.
        command: What makes the worlds anew.
        formats: The files that are written of each figure.

    Returns:
        The page's path.

    Raises:
        UsageError: there are more than two worlds, nothing to report, or the worlds differ in the number of citizens.
        InputOutputError: a file cannot be written.
    """
    if len(views) > 2 or not (views or studies):
        raise UsageError(f"a report shows one or two worlds, not {len(views)}")
    if len({view.citizens for view in views}) > 1:
        raise UsageError("the two worlds differ in their number of citizens")
    views = labelled(views)
    figures = dressed(charts.all_figures(views) if views else [], command=command, notice="", formats=formats)
    top = _told([compared] if compared else [], formats)
    more = _told(studies, formats, told=bool(views))
    if views:
        text = page(views, figures, comparison, compared=compared, effects=top.html, studies=more.html)
    else:
        text = studies_page(studies, more.html)
    for one in (*top.figures, *figures, *more.figures):
        save(one, out_html.parent / "figures")
    part = out_html.with_name(f"{out_html.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(out_html)
    except OSError as error:
        raise InputOutputError(
            f"{out_html}: cannot be written ({(error.strerror or 'error').lower()})"
        ) from None
    return out_html


class _Told(NamedTuple):
    """Parts of a report as HTML, and the figures to be written."""

    html: str
    figures: tuple[Figure, ...]


def _told(parts: Sequence[Part], formats: Sequence[str], *, told: bool = False) -> _Told:
    """Return parts as HTML with their figures in the wanted formats; with their sentence, unless it is told above."""
    html, every = "", ()
    for part in parts:
        figures = dressed(part.figures, command=part.command, notice=part.notice, formats=formats)
        first = f'<p class="lead"><b>{esc(part.sentence)}</b></p>' if told else ""
        html += part.told({one.name: one for one in figures}, first)
        every += figures
    return _Told(html, every)


def page(
    views: Sequence[RunView],
    figures: Sequence[Figure],
    comparison: Mapping[str, Any] | None = None,
    *,
    compared: Part | None = None,
    effects: str = "",
    studies: str = "",
) -> str:
    """Return the report of one or two worlds as one HTML text; `effects` and `studies` are ready sections."""
    from glasshouse import __version__

    first = views[0]
    headline = _headline(views)
    parts = {
        "title": f"{headline} \N{EN DASH} Glasshouse",
        "style": sections.colours_css() + _resource("report.css"),
        "dateline": _dateline(first),
        "notices": _notices(views),
        "headline": headline,
        "verdict": esc(compared.sentence) if compared else findings.verdict(views),
        "levels": f'<p class="lead">{findings.verdict(views)}</p>' if compared else "",
        "effects": effects,
        "studies": studies,
        "citizens": grouped(first.citizens),
        "count": len(views),
        "worlds": "".join(_world(view, place) for place, view in enumerate(views)),
        "uncertainty": esc(findings.uncertainty(comparison)),
        "cards": findings.cards(views, comparison),
        "sentences": "".join(f"<li>{told}</li>" for told in findings.sentences(views)),
        "figures": _figures(views, {one.name: one for one in figures}),
        "groups": sections.groups(views),
        "grade_key": sections.grade_key(views),
        "rules": "".join(f"<h3>{esc(view.name)}</h3>{_notice(view)}{sections.rules(view)}" for view in views),
        "record": _resource("record.html"),
        "limits": _resource("limits.html") + sections.scenario_limits(views),
        "provenance": sections.provenance(views),
        "quotes": "".join(sections.quote(view) for view in views),
        "version": esc(__version__),
    }
    return Template(_resource("page.html")).substitute(parts)


def studies_page(parts: Sequence[Part], told: str) -> str:
    """Return the report of studies without a world of their own as one HTML text; `told` are their sections."""
    from glasshouse import __version__

    first = parts[0]
    notices = {part.name: part.notice for part in parts if part.notice}
    ids = re.findall(r'<section id="([\w-]+)">', told)
    parts_of_page = {
        "title": f"{esc(first.headline)} \N{EN DASH} Glasshouse",
        "style": sections.colours_css() + _resource("report.css"),
        "dateline": esc(first.size),
        "notices": _band(notices),
        "headline": esc(first.headline),
        "verdict": esc(" ".join(part.sentence for part in parts)),
        "names": esc("; ".join(dict.fromkeys(part.name for part in parts))),
        "first": ids[0] if ids else "limits",
        "studies": told,
        "limits": _resource("limits.html"),
        "made": "".join(f"<li><code>{esc(part.command)}</code></li>" for part in parts if part.command)
        or "<li>Called from Python: no command line is kept.</li>",
        "version": esc(__version__),
    }
    return Template(_resource("studies.html")).substitute(parts_of_page)


def _resource(name: str) -> str:
    """Return a template, style sheet or fragment of this package."""
    return files("glasshouse.views.report").joinpath(name).read_text(encoding="utf-8")


def _headline(views: Sequence[RunView]) -> str:
    """Return the headline."""
    people = f"{grouped(views[0].citizens)} synthetic citizens"
    if len(views) == 2:
        return f"The same {people}, two sets of rules"
    return f"{people}, one set of rules"


def _dateline(view: RunView) -> str:
    """Return the dates that the simulation covers."""
    last = view.start.fromordinal(view.start.toordinal() + view.days - 1)
    return f"Simulation of {view.start.day} {view.start:%B %Y} to {last.day} {last:%B %Y}"


def _notice(view: RunView) -> str:
    """Return the notice of a world, if it has one."""
    return f'<p class="chip"><b>{esc(view.name)}</b>: {esc(view.notice)}</p>' if view.notice else ""


def _notices(views: Sequence[RunView]) -> str:
    """Return the band above the headline with every notice."""
    return _band({view.name: view.notice for view in views if view.notice})


def _band(notices: Mapping[str, str]) -> str:
    """Return notices by the name of their world as a band."""
    told = [f"<p><b>{esc(name)}</b> {esc(notice)}</p>" for name, notice in notices.items()]
    return f'<div class="band" role="note">{"".join(told)}</div>' if told else ""


def _world(view: RunView, place: int) -> str:
    """Return the card that introduces a world."""
    facts = f"{grouped(view.citizens)} citizens, {grouped(view.days)} days, seed {esc(view.manifest.get('seed', ''))}"
    return (
        f'<article class="world w{place}"><p class="name">{esc(view.name)}</p><h2>{esc(view.title)}</h2>'
        f'<p>{esc(view.scheme.summary)}</p><p class="small">{facts}</p></article>'
    )


def _figures(views: Sequence[RunView], known: Mapping[str, Figure]) -> str:
    """Return the sections with figures, those that the worlds have something for."""
    worlds, dashed = sections.legend(views), sections.legend(views, dashed=True)
    parts = []
    if "grades" in known or "scores" in known:
        inner = (
            sections.figure(known["grades"], sections.end_grades(known["grades"]))
            if "grades" in known
            else ""
        )
        inner += (
            sections.figure(known["scores"], sections.start_end_legend(views)) if "scores" in known else ""
        )
        parts.append(_section("score", "The score", _unscored(views), f'<div class="pair">{inner}</div>'))
    lists = [sections.figure(known["over-time"], dashed)] if "over-time" in known else []
    lists += (
        [sections.figure(known["july-2019"], side=_ratio(known["july-2019"]))] if "july-2019" in known else []
    )
    parts.append(_section("lists", "Lists and closed counters", "", "".join(lists)))
    if "speech" in known:
        parts.append(
            _section("speech", "What people stopped saying", "", sections.figure(known["speech"], dashed))
        )
    if "origins" in known:
        parts.append(
            _section(
                "origins",
                "Who was punished, and for what",
                "",
                sections.figure(known["origins"], worlds, sections.reasons()),
            )
        )
    if "provinces" in known:
        key = sections.ramp_legend(known["provinces"])
        parts.append(
            _section(
                "provinces",
                "Where they live",
                "",
                sections.figure(known["provinces"], key, sections.extremes(known["provinces"], views)),
            )
        )
    return "".join(part for part in parts if part)


def _section(id: str, title: str, lead: str, inner: str) -> str:
    """Return a section, or nothing when it is empty."""
    told = f'<p class="lead">{lead}</p>' if lead else ""
    return f'<section id="{id}"><h2>{esc(title)}</h2>{told}{inner}</section>' if inner else ""


def _unscored(views: Sequence[RunView]) -> str:
    """Return which worlds have no score."""
    return " ".join(f"{esc(view.name)} has no score." for view in views if not view.scheme.tree.get("score"))


def _ratio(one: Figure) -> str:
    """Return the simulated July figures as multiples of the published ones."""
    told = [
        f"<li>{esc(row['world'])}, {esc(row['tickets'])}: <b>{rounded(row['ratio'])}</b></li>"
        for row in one.rows
        if row["simulated"] is not None
    ]
    return (
        f"<p>Simulated over published, once scaled to 1.41 billion people:</p><ul>{''.join(told)}</ul>"
        "<p>The published figures count refused purchases in one month. One person can be refused many times. "
        f'<a href="{charts.PUBLISHED_WHERE}" rel="noreferrer">Planning commission, 16 August 2019</a>.</p>'
    )
