"""The teacher's page: a lesson of 30 minutes with the questions, the findings and what pupils say, in two forms.

As Markdown it is `docs/lesson.md`, as HTML it lies in the folder that `glasshouse explain` writes; both are written
from `lesson.*.json`, the texts of the tour and the numbers, so that no number of theirs is typed by hand.
"""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING, Any

from glasshouse.views.explain.words import LANGUAGES, filled, made, resource, steps, texts, tree
from glasshouse.views.report.markup import esc

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["as_html", "as_markdown"]

INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


def as_markdown(language: str) -> str:
    """Return the lesson as Markdown."""
    one = tree(f"lesson.{language}.json")
    plan = one["plan"]
    lines = [f"# {one['title']}", f"<!-- {filled(one['made'], made()).replace('`', '')} -->", ""]
    lines += [line for text in one["lead"] for line in (text, "")]
    lines += _bullets(one["prepare"])
    lines += [f"## {plan['title']}", ""]
    for part in plan["parts"]:
        lines += [f"### {plan['minutes']} {part['minutes']}: {part['title']}", ""]
        for step in part["steps"]:
            lines += [f"> {_question(step, language)}", ""]
        for key in ("do", "ask", "expect"):
            lines += [f"- **{plan[key]}.** {filled(text)}" for text in part[key]]
        lines += [""]
    lines += [f"## {one['findings']['title']}", "", _in_row(_findings_head(one)), "|---|---|---|"]
    lines += [*map(_in_row, findings(language)), ""]
    lines += [*_bullets(one["more"]), *_bullets(one["limits"])]
    return "\n".join(lines).rstrip() + "\n"


def as_html(language: str, csp: str, style: str) -> str:
    """Return the lesson as one HTML page without scripts."""
    one = tree(f"lesson.{language}.json")
    plan = one["plan"]
    parts = "".join(_part(part, plan, language) for part in plan["parts"])
    head = "".join(f'<th scope="col">{esc(cell)}</th>' for cell in _findings_head(one))
    rows = "".join(
        f'<tr><th scope="row">{inline(asked)}</th><td>{inline(found)}</td><td>{inline(rests)}</td></tr>'
        for asked, found, rests in findings(language)
    )
    return Template(resource("lesson.html")).substitute(
        language=LANGUAGES[language],
        csp=csp,
        style=style,
        title=esc(one["title"]),
        plate=esc(one["plate"]),
        notice=esc(texts(language)["notice"]),
        lead="".join(f"<p>{inline(text)}</p>" for text in one["lead"]),
        prepare=_list(one["prepare"]),
        plan=esc(plan["title"]),
        parts=parts,
        findings=esc(one["findings"]["title"]),
        head=head,
        rows=rows,
        more=_list(one["more"]),
        limits=_list(one["limits"]),
        back=esc(texts(language)["title"]),
        hash="" if language == "en" else f"#{language}",
        foot=esc(filled(texts(language)["page"]["foot"], made())),
    )


def findings(language: str) -> list[tuple[str, str, str]]:
    """Return question, finding, and what it rests on, for each step."""
    told = (texts(language)["steps"][step["id"]] for step in steps())
    return [(filled(one["ask"]), filled(one["found"]), filled(one["limit"])) for one in told]


def inline(text: str) -> str:
    """Return a text as HTML: code in backticks, bold in double stars, and nothing else."""
    out, at = [], 0
    for found in INLINE.finditer(text):
        out.append(esc(text[at : found.start()]))
        out.append(f"<code>{esc(found[1])}</code>" if found[1] else f"<b>{esc(found[2])}</b>")
        at = found.end()
    return "".join([*out, esc(text[at:])])


def _question(step: str, language: str) -> str:
    """Return the question of a step."""
    return filled(texts(language)["steps"][step]["ask"])


def _findings_head(one: dict[str, Any]) -> tuple[str, str, str]:
    """Return the heading of the table of findings."""
    return one["findings"]["question"], one["findings"]["finding"], one["findings"]["rests"]


def _in_row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _bullets(one: dict[str, Any]) -> list[str]:
    """Return a section of bullets as Markdown."""
    return [f"## {one['title']}", "", *(f"- {filled(text)}" for text in one["items"]), ""]


def _list(one: dict[str, Any]) -> str:
    """Return a section of bullets as HTML."""
    items = "".join(f"<li>{inline(filled(text))}</li>" for text in one["items"])
    return f"<section><h2>{esc(one['title'])}</h2><ul>{items}</ul></section>"


def _part(part: dict[str, Any], plan: dict[str, Any], language: str) -> str:
    """Return one part of the lesson."""
    asked = "".join(f"<blockquote>{inline(_question(step, language))}</blockquote>" for step in part["steps"])
    rows = "".join(
        f"<dt>{esc(plan[key])}</dt>" + "".join(f"<dd>{inline(filled(text))}</dd>" for text in part[key])
        for key in ("do", "ask", "expect")
    )
    when = f'<span class="when">{esc(plan["minutes"])} {esc(part["minutes"])}</span>'
    return f'<article class="part-of"><h3>{when} {esc(part["title"])}</h3>{asked}<dl>{rows}</dl></article>'
