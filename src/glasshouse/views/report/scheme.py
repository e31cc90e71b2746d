"""The rules of a scenario in words, each with what its number rests on.

Read from the text that the manifest keeps, so a report can be made years after the presets have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from glasshouse.errors import GlasshouseError, clean
from glasshouse.scenario import changes, variants
from glasshouse.scenario.evidence import Evidence, is_evidence, strip
from glasshouse.scenario.reading import parse
from glasshouse.views.figures_style import grouped, rounded

if TYPE_CHECKING:
    from glasshouse.scenario.load import Loaded

MODES = {"plane": "planes", "high_speed_rail": "high-speed trains", "rail": "ordinary trains"}
CHECKS = {"new_line": "When a line is opened", "renewal": "When a line is renewed", "login": "At every login"}
COMPARED = {
    "none": "nothing is checked",
    "id": "the card is checked",
    "id_and_face": "card and face are checked",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of rules: part of the scheme, rule, effect, the evidence of its main number, its unit."""

    part: str
    rule: str
    effect: str
    evidence: Evidence | None
    unit: str = ""


@dataclass(frozen=True)
class Scheme:
    """The plain tree of a scenario and the evidence of its numbers by dotted path."""

    tree: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    @classmethod
    def from_loaded(cls, loaded: Loaded) -> Scheme:
        """Return the scheme of a loaded scenario."""
        return cls(loaded.scenario.model_dump(), loaded.evidence)

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> Scheme:
        """Return the scheme of a manifest's scenario; empty when it cannot be read, for a report is still due."""
        chain = entry.get("chain") or [{"text": entry.get("text") or ""}]
        tree: dict[str, Any] = {}
        try:
            for file in reversed(chain):  # the oldest parent first
                tree = _merged(tree, parse(str(file.get("text") or ""), "scenario.toml"), ())
            _change(tree, [str(change) for change in entry.get("changes") or ()])
            stripped = strip({key: value for key, value in tree.items() if key != "extends"})
        except GlasshouseError:
            return cls()
        return cls(stripped.plain, stripped.evidence)

    @property
    def limits(self) -> tuple[str, ...]:
        """The known limits that the scenario states."""
        return tuple(clean(limit, 2000) for limit in self.tree.get("limits") or ())

    @property
    def summary(self) -> str:
        """The scenario's own sentence about itself."""
        return clean(self.tree.get("summary") or "", 2000)

    @property
    def lists(self) -> dict[str, str]:
        """The sanction lists in force, id -> words."""
        tables = self._live("list").items()
        return {id: _named(id, one) for id, one in tables if one.get("kind", "sanction") == "sanction"}

    def source(self, evidence: Evidence | None) -> Mapping[str, str] | None:
        """Return the source that evidence names, or None."""
        found = (self.tree.get("source") or {}).get(evidence.source) if evidence and evidence.source else None
        return found if isinstance(found, Mapping) else None

    def rows(self) -> list[Row]:
        """Return the rules in words, in the order in which they act."""
        parts = (
            self._score(),
            self._rules(),
            self._lists(),
            self._police(),
            self._checks(),
            self._platforms(),
            self._redress(),
        )
        return [row for part in parts for row in part]

    def numbers(self) -> list[tuple[str, Evidence]]:
        """Return every number that carries evidence, by dotted path."""
        return sorted(self.evidence.items())

    def _live(self, table: str) -> dict[str, Mapping[str, Any]]:
        """Return the entries of a table that are not switched off, by id."""
        entries = self.tree.get(table) or {}
        return {
            id: one
            for id, one in sorted(entries.items())
            if isinstance(one, Mapping) and not one.get("disabled")
        }

    def _of(self, *paths: str) -> Evidence | None:
        """Return the evidence of the first of some numbers that has any."""
        return next((self.evidence[path] for path in paths if path in self.evidence), None)

    def _score(self) -> Iterator[Row]:
        score = self.tree.get("score")
        if not score:
            return
        low, high, base = (_points(score[f"{end}_points"]) for end in ("floor", "ceiling", "base"))
        span = f"{low} to {high}, start {base}"
        if score.get("role") == "input_only":
            span += "; nothing follows from it"
        yield Row(
            "Score",
            "Points for each citizen" if score.get("kind") != "weighted" else "Weighted score",
            span,
            self._of("score.base_points"),
        )
        if score.get("recovery_points"):
            every = score.get("recovery_every_days", 1)
            yield Row(
                "Score",
                "Recovery",
                f"+{score['recovery_points']} every {every} days up to the start score",
                self._of("score.recovery_points"),
            )
        for id, factor in sorted((score.get("factor") or {}).items()):
            path = f"score.factor.{id}.weight"
            yield Row(
                "Score", f"Factor: {_words(id)}", f"weight {_percent(factor['weight'])}", self._of(path), "%"
            )

    def _rules(self) -> Iterator[Row]:
        for id, rule in self._live("rule").items():
            points = f"{rule['points']:+d}".replace("-", "\N{MINUS SIGN}") + " points"
            if rule.get("on") == "association":
                least = rule.get("min_friends")
                who = (
                    f"{least} or more low-scoring friends"
                    if least
                    else f"{_percent(rule.get('min_share') or 0)} of friends low-scoring"
                )
                effect = f"{points} for {who}, every {rule.get('every', 'month')}"
            else:
                free = rule.get("allowance") or 0
                effect = f"{points} a record" + (f" after {free} free a month" if free else "")
            yield Row("Points", _named(id, rule), effect, self._of(f"rule.{id}.points"))

    def _lists(self) -> Iterator[Row]:
        for id, one in self._live("list").items():
            closed = [MODES[mode] for mode in one.get("closes") or () if mode in MODES]
            does = (
                f"closes {_and(closed)}"
                if closed
                else ("opens doors" if one.get("kind") == "perk" else "closes no transport")
            )
            term = f"; up to {one['term_days']} days" if one.get("term_days") else ""
            paths = [
                f"list.{id}.{key}"
                for key in ("entry_score_below", "entry_score_at_least", "entry_share", "term_days")
            ]
            part = "Perk" if one.get("kind") == "perk" else "List"
            yield Row(part, _named(id, one), f"{_entry(one)}: {does}{term}", self._of(*paths))

    def _police(self) -> Iterator[Row]:
        police = self.tree.get("police")
        for id, one in self._live("behaviour").items():
            if police and one.get("summons_share"):
                effect = f"{_percent(one['summons_share'])} of days with a record lead to a summons"
                yield Row("Police", _named(id, one), effect, self._of(f"behaviour.{id}.summons_share"), "%")
        if police:
            shares = police.get("outcomes") or {}
            told = ", ".join(f"{name} {_percent(share)}" for name, share in shares.items() if share)
            yield Row(
                "Police",
                "Outcome of an interrogation",
                told,
                self._of("police.outcomes.detention"),
                "% detained",
            )
            if police.get("owner_liable_share"):
                effect = f"reached in {_percent(police['owner_liable_share'])} of summonses over a chat post"
                yield Row(
                    "Police", "Owner of the chat group", effect, self._of("police.owner_liable_share"), "%"
                )

    def _checks(self) -> Iterator[Row]:
        identity = self.tree.get("identity") or {}
        for key, words in CHECKS.items():
            check = identity.get(key) or {}
            if check.get("check", "none") == "none":
                continue
            since = f" from {check['from_date']}" if check.get("from_date") else ""
            often = f", {rounded(365 * check['per_day'])} times a year" if check.get("per_day") else ""
            effect = f"{COMPARED[check['check']]}{often}{since}"
            yield Row("Identity", words, effect, self._of(f"identity.{key}.per_day"), "a year")

    def _platforms(self) -> Iterator[Row]:
        for id, one in self._live("platform").items():
            if one.get("passed_on_share"):
                effect = f"passes on {_percent(one['passed_on_share'])} of what it sees"
                yield Row(
                    "Company data",
                    f"{one['kind'].capitalize()} companies",
                    effect,
                    self._of(f"platform.{id}.passed_on_share"),
                    "%",
                )

    def _redress(self) -> Iterator[Row]:
        redress = self.tree.get("redress")
        if redress:
            false, true = (_percent(redress[f"won_if_{kind}_share"]) for kind in ("false", "true"))
            won = f"won in {false} of cases if the record was false, {true} if true"
            effect = f"{_percent(redress['filed_share'])} appeal, decided after {redress['decision_days']} days, {won}"
            yield Row("Redress", "Appeal", effect, self._of("redress.filed_share"), "% appeal")


def _merged(old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return `old` with `new` laid over it, as `extends` does: tables merge, numbers with evidence are replaced."""
    if path == ("graph",) and new.get("kind", old.get("kind")) != old.get("kind"):
        return dict(new)
    merged = dict(old)
    for key, value in new.items():
        under = old.get(key)
        tables = isinstance(under, dict) and isinstance(value, dict)
        whole = not tables or is_evidence(value) or is_evidence(under)
        merged[key] = value if whole else _merged(under or {}, value, (*path, key))
    return merged


def _change(tree: dict[str, Any], notes: list[str]) -> None:
    """Apply the changes of the command line, as the manifest words them."""
    own = tree.get("variant") or {}
    for name in [note.removeprefix(variants.CHANGE) for note in notes if note.startswith(variants.CHANGE)]:
        variants.lay_over(tree, own.get(name) or {})
    chosen = dict(note.split(" = ", 1) for note in notes if " = " in note)
    changes.apply(
        tree, chosen, [note.removeprefix("without ") for note in notes if note.startswith("without ")]
    )


def _entry(one: Mapping[str, Any]) -> str:
    """Return in words how people come on a list."""
    if one.get("entry_companies"):
        return "representatives of listed companies"
    ways = (
        [f"records of {_and([_words(b) for b in one.get('entry_records_of') or ()])}"]
        if one.get("entry_records_of")
        else []
    )
    if one.get("entry_score_below") is not None:
        ways.append(f"score below {_points(one['entry_score_below'])}")
    if one.get("entry_score_at_least") is not None:
        ways.append(f"score of {_points(one['entry_score_at_least'])} or more")
    return " or ".join(ways) or "no entry"


def _named(id: str, table: Mapping[str, Any]) -> str:
    """Return the label of a table, else its id in words."""
    words = clean(table.get("label") or _words(id), 200)
    return words[:1].upper() + words[1:]


def _words(id: str) -> str:
    """Return an id in words."""
    return clean(id.replace("_", " ").replace("-", " "), 64)


def _points(number: int) -> str:
    return grouped(int(number))


def _percent(share: float) -> str:
    """Return a share in percent."""
    return f"{rounded(100 * float(share))}\u00a0%"


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def span(evidence: Evidence, unit: str = "") -> str:
    """Return the range of evidence in words, or nothing; `unit` says how the number beside it is written."""
    if evidence.range is None:
        return ""
    factor = {"%": 100, "% appeal": 100, "% detained": 100, "a year": 365}.get(unit, 1)
    low, high = (rounded(float(Fraction(end)) * factor) for end in evidence.range)
    return f"{low} to {high} {unit}".rstrip()
