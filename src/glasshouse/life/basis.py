"""What an event rests on: the label of its table, and grade and source of the number behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.errors import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.model.oracle import Event
    from glasshouse.scenario.evidence import Evidence
    from glasshouse.scenario.schema import Scenario

__all__ = ["Bases", "Basis"]

# Where the number behind an event stands, by what happened; {0} is the table of the event's key.
BY_WHAT = {
    "points": ("{0}.points",),
    "allowed": ("{0}.allowance",),
    "did": ("{0}.per_day",),
    "travelled": ("{0}.requests_per_day",),
    "stopped": ("{0}.stop_share",),
    "substituted": ("{0}.substitute_share",),
    "withheld": ("learn.strength", "learn.tolerance"),
    "record": ("{0}.caught_share", "{0}.seen_share"),
    "seen": ("{0}.delay_days",),
    "blamed on another": ("{0}.misattributed_share",),
    "passed on": ("{0}.passed_on_share",),
    "summoned": ("{0}.summons_share",),
    "pledge": ("police.outcomes.pledge",),
    "reprimand": ("police.outcomes.reprimand",),
    "fine": ("police.outcomes.fine",),
    "detention": ("police.outcomes.detention", "police.detention_days"),
    "owner liable": ("police.owner_liable_share",),
    "appeal": ("redress.filed_share",),
    "appeal won": ("redress.won_if_true_share",),
    "learned": ("learn.own_weight",),
    "flagged": ("score.low_cutoff_points",),
    "unflagged": ("score.low_cutoff_points",),
    "friend flagged": ("score.low_cutoff_points",),
    "friend unflagged": ("score.low_cutoff_points",),
    "offline": ("identity.forged_share", "{0}.per_day"),
}
FALSE_RECORD = ("{0}.false_alarm_per_day", "{0}.misattributed_share")
FACE = ("identity.false_non_match_share", "identity.tries")
OF_LIST = ("{0}.entry_score_below", "{0}.entry_score_at_least", "{0}.entry_share", "{0}.term_days")


@dataclass(frozen=True, slots=True)
class Basis:
    """What an event rests on; empty where a scenario does not say.

    Attributes:
        label: The words that the scenario has for the rule, list or behaviour.
        grade: `documented`, `reported`, `derived` or `assumed`.
        source: Title, author and date of the source, for people.
    """

    label: str = ""
    grade: str = ""
    source: str = ""


class Bases:
    """Looks up what events of one scenario rest on.

    Args:
        scenario: The scenario.
        evidence: Evidence of its numbers by dotted path.
    """

    def __init__(self, scenario: Scenario, evidence: Mapping[str, Evidence]) -> None:
        self._scenario = scenario
        self._evidence = evidence
        self._known: dict[tuple[str, str, str, bool], Basis] = {}

    def of(self, event: Event) -> Basis:
        """Return what an event rests on."""
        asked = (event.what, event.key, event.origin, event.text.startswith("face"))
        if asked not in self._known:
            self._known[asked] = self._found(*asked)
        return self._known[asked]

    def _found(self, what: str, key: str, origin: str, by_face: bool) -> Basis:  # noqa: FBT001
        """Return what an event rests on, looked up."""
        if what == "record" and origin == "false":
            places = FALSE_RECORD
        elif by_face:
            places = FACE
        elif key.startswith("list."):
            places = OF_LIST
        else:
            places = BY_WHAT.get(what, ())
        evidence = next((found for place in (*places, "{0}") if (found := self._at(place.format(key)))), None)
        if evidence is None:
            return Basis(self._label(key))
        return Basis(self._label(key), evidence.grade or "", self._source(evidence.source))

    def _at(self, place: str) -> Evidence | None:
        """Return the evidence of a number, or of the first number of a table of numbers."""
        if place in self._evidence:
            return self._evidence[place]
        inside = (path for path in sorted(self._evidence) if path.startswith(f"{place}."))
        first = next(inside, None)
        return self._evidence[first] if first and place.startswith("identity.false") else None

    def _label(self, key: str) -> str:
        """Return the label of the table of a key, or nothing."""
        table, _, name = key.partition(".")
        entry = getattr(self._scenario, table, None)
        one = entry.get(name) if isinstance(entry, dict) else None
        return clean(getattr(one, "label", "") or "", 80)

    def _source(self, name: str | None) -> str:
        """Return a source in words."""
        one = self._scenario.source.get(name) if name else None
        if one is None:
            return ""
        return clean(", ".join(part for part in (one.title, one.author, one.date) if part), 300)
