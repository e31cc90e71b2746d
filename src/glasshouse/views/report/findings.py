"""What the worlds come to, in numbers with their denominator and in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glasshouse.views.figures_style import grouped, rounded
from glasshouse.views.report.markup import esc, number
from glasshouse.views.report.runview import PER, RunView

Views = Sequence[RunView]
UNIT = "per 100\u202f000 citizens"
ONE_RUN = "One run for each world: chance and parameter uncertainty are not shown."


@dataclass(frozen=True, slots=True)
class Finding:
    """One headline number: a total, the words above it, what is counted, and a sentence about it."""

    key: str
    heading: str
    counted: str
    sentence: str


FINDINGS = (
    Finding(
        "refused_persons", "Refused a ticket", "people", "were refused a plane or train ticket at least once"
    ),
    Finding("listed.persons", "Put on a list", "people", "were on a sanction list at least once"),
    Finding("punished.own", "Punished for own acts", "people", "were punished for something they did"),
    Finding("punished.false", "Punished by error", "people", "were punished on a false record"),
    Finding(
        "punished.association",
        "Punished for whom they know",
        "people",
        "were punished for the acts of others",
    ),
    Finding("posts.withheld", "Posts never written", "posts", "were not written because people felt watched"),
    Finding("detentions", "Detained", "detentions", "were ordered"),
    Finding(
        "offline",
        "Cut off the internet",
        "days",
        "were spent offline after a failed check, a suspension or in detention",
    ),
)
OFFLINE = ("offline_days.face", "offline_days.id", "offline_days.suspension", "offline_days.detention")


def count(view: RunView, key: str) -> int:
    """Return the total behind a finding."""
    if key == "offline":
        return sum(view.total(part) for part in OFFLINE)
    return view.total(key)


def verdict(views: Views) -> str:
    """Return the one line under the headline: how many were listed, and why people were punished without an act."""
    first = views[0]
    told = [f"{_rate(view, 'listed.persons')} of every 100\u202f000 under {esc(view.name)}" for view in views]
    line = f"On a sanction list within {_span(first)}: {' and '.join(told)}."
    other = sum(
        first.total(f"punished.{origin}") for origin in ("false", "association", "representation", "identity")
    )
    own = first.total("punished.own")
    if other and own:
        share = number(
            100 * other / own,
            measure="punished.other/own",
            world=first.name,
            unit="per 100 punished for own acts",
        )
        line += f" For every 100 people punished for what they did under {esc(first.name)}, {share} were punished for "
        line += "something else: an error, whom they know, a company they represent, a failed check."
    return line


def _span(view: RunView) -> str:
    """Return the length of the run in words."""
    return "one year" if view.days in (365, 366) else f"{grouped(view.days)} days"


def _rate(view: RunView, key: str) -> str:
    """Return a total per 100,000 citizens, marked up."""
    value = count(view, key) * PER / view.citizens
    return number(value, measure=key, world=view.name, unit=UNIT)


def cards(views: Views, comparison: Mapping[str, Any] | None) -> str:
    """Return the headline numbers, one card each."""
    shown = [finding for finding in FINDINGS if any(count(view, finding.key) for view in views)]
    return "".join(_card(finding, views, comparison) for finding in shown)


def _card(finding: Finding, views: Views, comparison: Mapping[str, Any] | None) -> str:
    """Return one card: heading, one number for each world, a sentence with the counts."""
    numbers = "".join(
        f'<p class="big w{place}">{_rate(view, finding.key)} <span>{esc(view.name)}</span></p>'
        for place, view in enumerate(views)
    )
    counts = [
        f"{_counted(view, finding)} {'' if place else esc(finding.counted)} under {esc(view.name)}"
        for place, view in enumerate(views)
    ]
    told = " and ".join(re.sub("  +", " ", text) for text in counts)
    known = effect(comparison, finding.key, views[0].citizens)
    difference = f'<p class="effect">{known}</p>' if known else ""
    return (
        f'<article class="card"><h3>{esc(finding.heading)}</h3>{numbers}'
        f'<p class="per">{esc(finding.counted)} per 100\u202f000 citizens</p>'
        f"<p>{told} {esc(finding.sentence)}.</p>{difference}</article>"
    )


def _counted(view: RunView, finding: Finding) -> str:
    """Return the count of a finding, marked up."""
    return number(count(view, finding.key), measure=finding.key, world=view.name, unit=finding.counted)


def effect(comparison: Mapping[str, Any] | None, key: str, citizens: int) -> str:
    """Return the difference between the worlds with its interval, per 100,000; nothing when it is not known."""
    known = ((comparison or {}).get("effects") or {}).get(key)
    if not known:
        return ""
    mean, low, high = (rounded(float(known[part]) * PER / citizens) for part in ("mean", "low", "high"))
    return f"Difference {mean} per 100\u202f000; interval {low} to {high}"


def uncertainty(comparison: Mapping[str, Any] | None) -> str:
    """Return the sentence about chance that stands above the numbers."""
    if not comparison or not comparison.get("effects"):
        return ONE_RUN
    replicates = int(comparison.get("replicates") or 0)
    return (
        "Large numbers are of the worlds of the first seed. Differences are means over "
        f"{grouped(replicates)} replicates with other seeds, with their interval; "
        "the interval covers chance, not the uncertainty of assumed numbers."
    )


def sentences(views: Views) -> list[str]:
    """Return further findings, one sentence each, for the worlds together."""
    makers = (_refusals, _withheld, _ties, _redress)
    return [told for maker in makers for view in views if (told := maker(view))]


def _refusals(view: RunView) -> str:
    """Return how many purchases were refused, and how many times each person refused met a closed counter."""
    plane, train, people = (
        count(view, k) for k in ("refused.plane", "refused.high_speed_rail", "refused_persons")
    )
    if not people:
        return ""
    each = number(
        (plane + train) / people,
        measure="refused/refused_persons",
        world=view.name,
        unit="per person refused",
    )
    return (
        f"Under {esc(view.name)}, {_number(view, 'refused.plane')} plane "
        f"and {_number(view, 'refused.high_speed_rail')} high-speed "
        f"rail purchases were refused: {each} for each of the {_number(view, 'refused_persons')} people refused."
    )


def _withheld(view: RunView) -> str:
    """Return the share of posts that were never written."""
    written, withheld = view.total("posts.written"), view.total("posts.withheld")
    if not withheld:
        return ""
    share = number(
        100 * withheld / (written + withheld),
        measure="posts.withheld/(written+withheld)",
        world=view.name,
        unit="percent",
    )
    return (
        f"Under {esc(view.name)}, {share} percent of the posts that people would have written were withheld: "
        f"{_number(view, 'posts.withheld')} of "
        f"{number(written + withheld, measure='posts.written+withheld', world=view.name, unit='posts')}."
    )


def _ties(view: RunView) -> str:
    """Return how many ties were cut."""
    if not view.total("ties_cut"):
        return ""
    return (
        f"Under {esc(view.name)}, {_number(view, 'ties_cut')} ties between friends were cut: "
        f"{_rate(view, 'ties_cut')} per 100\u202f000 citizens."
    )


def _redress(view: RunView) -> str:
    """Return how many appeals were filed and won beside the false records."""
    false, filed = view.total("records.false"), view.total("appeals.filed")
    if not false:
        return ""
    kept = f"False records under {esc(view.name)}: {_number(view, 'records.false')}."
    if not filed:
        return f"{kept} Nobody appealed."
    return f"{kept} Appeals filed: {_number(view, 'appeals.filed')}, won: {_number(view, 'appeals.won')}."


def _number(view: RunView, key: str) -> str:
    """Return a whole total, marked up."""
    return number(count(view, key), measure=key, world=view.name, unit="count")
