"""Put the report together and write it, with every figure beside it."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputOutputError, UsageError
from glasshouse.views.figures import Figure, save
from glasshouse.views.figures_style import grouped, rounded
from glasshouse.views.report import charts, findings, sections
from glasshouse.views.report.markup import esc
from glasshouse.views.report.runview import RunView, labelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["page", "write_report"]


def write_report(
    out_html: Path, views: Sequence[RunView], *, comparison: Mapping[str, Any] | None = None
) -> Path:
    """Write the report of one or two worlds, and its figures into `figures/` beside it; return its path.

    `comparison` holds `effects` (total -> mean, low, high) over `replicates`; without it the report says that
    chance is not shown.

    Raises:
        UsageError: there are not one or two worlds, or they differ in the number of citizens.
        InputOutputError: a file cannot be written.
    """
    if not 1 <= len(views) <= 2:
        raise UsageError(f"a report shows one or two worlds, not {len(views)}")
    if len({view.citizens for view in views}) > 1:
        raise UsageError("the two worlds differ in their number of citizens")
    views = labelled(views)
    figures = charts.all_figures(views)
    text = page(views, figures, comparison)
    for one in figures:
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


def page(
    views: Sequence[RunView], figures: Sequence[Figure], comparison: Mapping[str, Any] | None = None
) -> str:
    """Return the report as one HTML text."""
    from glasshouse import __version__

    first = views[0]
    headline = _headline(views)
    parts = {
        "title": f"{headline} \N{EN DASH} Glasshouse",
        "style": sections.colours_css() + _resource("report.css"),
        "dateline": _dateline(first),
        "notices": _notices(views),
        "headline": headline,
        "verdict": findings.verdict(views),
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
    told = [f"<p><b>{esc(view.name)}</b> {esc(view.notice)}</p>" for view in views if view.notice]
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
