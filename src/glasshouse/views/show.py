"""A scheme in words: who lives there, what people do, the rules, and what each number rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.errors import clean
from glasshouse.scenario.variants import settings
from glasshouse.views.report.scheme import Row, Scheme, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console

    from glasshouse.scenario.evidence import Evidence
    from glasshouse.scenario.load import Loaded

__all__ = ["Section", "print_scheme", "sections"]

KINDS = {
    "speech": "speech",
    "purchase": "a purchase",
    "site": "a visit to a site",
    "offence": "an offence",
    "prosocial": "a prosocial act",
    "default": "an unpaid judgment debt",
    "other": "another act",
}
RESTRAINT = {
    "none": "nobody holds back",
    "proportional": "people hold back in proportion to perceived risk",
    "strategic": "people weigh desire, boldness and what they expect to be feared",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines: (what, in words, what it rests on)."""

    heading: str
    lines: tuple[tuple[str, str, str], ...]


def sections(loaded: Loaded) -> list[Section]:
    """Return the scheme in words, section by section; empty ones are left out."""
    scheme = Scheme.from_loaded(loaded)
    found = [
        Section("Who lives there", tuple(_society(loaded))),
        Section("Who knows whom", tuple(_ties(loaded))),
        Section("What people do", tuple(_behaviours(loaded))),
        Section("The scheme", tuple(_line(scheme, row) for row in scheme.rows())),
        Section("Travel", tuple(_travel(loaded))),
        Section("What people learn", tuple(_learning(loaded))),
        Section("Variants", tuple(_variants(loaded))),
        Section("Sources", tuple(_sources(loaded))),
        Section("Known limits", tuple(("", limit, "") for limit in scheme.limits)),
    ]
    return [section for section in found if section.lines]


def print_scheme(loaded: Loaded, console: Console) -> None:
    """Print the scheme to a console of rich."""
    from rich.table import Table
    from rich.text import Text

    scenario = loaded.scenario
    console.print(Text(clean(scenario.title, 120), style="bold"))
    for text, style in ((scenario.summary, ""), (scenario.notice, "yellow")):
        if text:
            console.print(Text(clean(text, 2000), style=style))
    for section in sections(loaded):
        console.print()
        console.print(Text(section.heading, style="bold cyan"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 2), pad_edge=True)
        table.add_column(ratio=2, overflow="fold")
        table.add_column(ratio=5, overflow="fold")
        table.add_column(ratio=3, overflow="fold", style="dim")
        for what, words, basis in section.lines:
            table.add_row(Text(what), Text(words), Text(basis))
        console.print(table)


def _line(scheme: Scheme, row: Row) -> tuple[str, str, str]:
    """Return a rule as a line."""
    return f"{row.part}: {row.rule}", row.effect, basis(row.evidence, scheme)


def basis(evidence: Evidence | None, scheme: Scheme | None = None) -> str:
    """Return what a number rests on: grade, range or source, note."""
    if evidence is None:
        return ""
    parts = [evidence.grade or ""]
    if evidence.range is not None:
        parts.append(span(evidence))
    source = scheme.source(evidence) if scheme else None
    if source:
        parts.append(clean(source.get("title", ""), 120))
    elif evidence.source:
        parts.append(clean(evidence.source))
    return ", ".join(part for part in parts if part)


def _of(loaded: Loaded, *paths: str) -> str:
    """Return what the first of some numbers that has evidence rests on."""
    found = next((loaded.evidence[path] for path in paths if path in loaded.evidence), None)
    return basis(found, Scheme.from_loaded(loaded)) if found else ""


def _society(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield citizens, days, place, groups."""
    s = loaded.scenario.society
    yield (
        "Citizens",
        f"{s.citizens:,} synthetic citizens of all ages, {s.days} days from {s.start_date}, seed {s.seed}",
        "",
    )
    towns = f"{_percent(s.female_share)} women and girls; {_percent(s.urban_share)} live in towns"
    yield "People", towns, _of(loaded, "society.female_share", "society.urban_share")
    online = ", ".join(
        f"{_percent(share)} from age {age}"
        for age, share in zip(s.online_from, s.online_shares, strict=False)
    )
    yield "Online", online, _of(loaded, "society.online_shares")
    if len(s.group_shares) > 1:
        groups = ", ".join(f"{name} {_percent(share)}" for name, share in sorted(s.group_shares.items()))
        yield "Groups", groups, _of(loaded, *(f"society.group_shares.{name}" for name in s.group_shares))
    for name, share in sorted(loaded.scenario.initial.listed_share.items()):
        yield (
            "Day 0",
            f"{_percent(share)} are on the list {_words(name)} already",
            _of(loaded, f"initial.listed_share.{name}"),
        )
    for name, points in sorted(loaded.scenario.initial.listed_below_points.items()):
        words = f"who starts below {points} points is on the list {_words(name)} already"
        yield "Day 0", words, _of(loaded, f"initial.listed_below_points.{name}")
    company = loaded.scenario.company
    if company:
        words = f"{company.companies_per_citizen:g} a citizen, one representative each; listed at"
        words += f" {company.default_per_day:.3g} a day"
        yield "Companies", words, _of(loaded, "company.default_per_day", "company.companies_per_citizen")


def _ties(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield circles, rings and the graph."""
    s = loaded.scenario
    for name, circle in sorted(s.circle.items()):
        if not circle.disabled:
            sizes = ", ".join(map(str, circle.sizes))
            where = "inside a province" if circle.scope == "province" else "across the nation"
            what = "chat groups" if circle.chat else "groups"
            words = f"{what} of {sizes} {where}; {_percent(circle.friend_share)} of pairs are friends"
            yield (
                _words(name).capitalize(),
                words,
                _of(loaded, f"circle.{name}.friend_share", f"circle.{name}.sizes"),
            )
    rings = sum(not ring.disabled for ring in s.ring.values())
    if rings:
        yield "Rings", f"{2 * rings} more friends for everybody", ""
    if s.graph:
        yield (
            "Friend graph",
            s.graph.kind,
            _of(loaded, "graph.mean_friends", "graph.degree_shares", "graph.k", "graph.m"),
        )
    if s.ties.cut_share:
        words = f"{_percent(s.ties.cut_share)} of ties to flagged friends are cut on the 1st of a month"
        yield "Cutting ties", words, _of(loaded, "ties.cut_share")


def _behaviours(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield each behaviour: how often, who sees it, what goes wrong."""
    for name, b in sorted(loaded.scenario.behaviour.items()):
        if b.disabled:
            continue
        parts = [f"{KINDS[b.kind]}; {_rate(loaded, name, b.per_day)} by {_percent(b.doer_share)} of citizens"]
        parts += [f"seen on {_words(p)} {_percent(share)}" for p, share in sorted(b.seen_on.items())]
        if b.seen_share:
            parts.append(f"seen by an office {_percent(b.seen_share)}")
        if b.caught_share < 1:
            parts.append(f"caught {_percent(b.caught_share)}")
        if b.false_alarm_per_day:
            parts.append(f"false alarm {b.false_alarm_per_day:.3g} a day")
        if b.misattributed_share:
            parts.append(f"put on another member {_percent(b.misattributed_share)}")
        if b.restrained:
            parts.append("held back by those who feel watched")
        yield (
            clean(b.label or _words(name).capitalize(), 80),
            "; ".join(parts),
            _of(loaded, f"behaviour.{name}.per_day"),
        )


def _rate(loaded: Loaded, name: str, per_day: float) -> str:
    """Return a rate as the file writes it, else a day."""
    evidence = loaded.evidence.get(f"behaviour.{name}.per_day")
    return evidence.written if evidence and " per " in evidence.written else f"{per_day:.3g} a day"


def _travel(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield the ways of travel."""
    for name in ("plane", "high_speed_rail", "rail"):
        mode: Any = getattr(loaded.scenario.travel, name)
        if mode is None:
            continue
        parts = [
            f"asked for {mode.requests_per_day * 365:.3g} times a year by {_percent(mode.traveller_share)} of citizens"
        ]
        if mode.retries_max and mode.retry_share:
            parts.append(
                f"after a refusal {_percent(mode.retry_share)} try again, at most {mode.retries_max} times"
            )
        if mode.stop_share:
            parts.append(f"{_percent(mode.stop_share)} stop asking")
        if mode.substitute_share:
            parts.append(f"{_percent(mode.substitute_share)} take an ordinary train")
        yield _words(name).capitalize(), "; ".join(parts), _of(loaded, f"travel.{name}.requests_per_day")


def _learning(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield how people come to feel watched."""
    learn = loaded.scenario.learn
    if learn.restraint != "none":
        words = f"{RESTRAINT[learn.restraint]}; it fades by half in {learn.half_life_days:g} days"
        yield "Restraint", words, _of(loaded, "learn.strength", "learn.severity", "learn.half_life_days")


def _variants(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield the forms of the scheme that it is meant to be compared with."""
    for name, one in loaded.scenario.variant.items():
        parts = [f"without {', '.join(one.without)}"] if one.without else []
        parts += [f"{key} = {_setting(value)}" for key, value, _ in settings(one.set)]
        yield clean(name), clean(one.label or "; ".join(parts), 400), clean("; ".join(parts), 400)


def _setting(value: Any) -> str:
    """Return a value that a variant sets, without its evidence."""
    if isinstance(value, dict):
        percent = " %" if "percent" in value else ""
        per = f" per {value['per']}" if "per" in value else ""
        return f"{value.get('value', value.get('percent'))}{percent}{per}"
    return str(value)


def _sources(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield the sources."""
    for key, source in sorted(loaded.scenario.source.items()):
        words = [source.author, source.title, source.date, source.locator]
        yield clean(key), clean(", ".join(word for word in words if word), 400), clean(source.url, 200)


def as_tree(loaded: Loaded) -> dict[str, Any]:
    """Return the scheme in words as plain objects."""
    names = ("what", "words", "basis")
    out: dict[str, Any] = {
        "scenario": loaded.name,
        "title": loaded.scenario.title,
        "notice": loaded.scenario.notice,
    }
    found: list[Mapping[str, Any]] = [
        {"heading": one.heading, "lines": [dict(zip(names, line, strict=True)) for line in one.lines]}
        for one in sections(loaded)
    ]
    return {**out, "sections": found}


def _words(name: str) -> str:
    """Return an id in words."""
    return name.replace("_", " ").replace("-", " ")


def _percent(share: float) -> str:
    """Return a share in percent, three digits."""
    return f"{100 * share:.3g} %"
