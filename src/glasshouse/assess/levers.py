"""Levers: five ways to make a scheme milder, each as changes that `--set` and `--without` could make.

They are compared with the scheme itself over the same seeds. The sizes of the changes are assumptions, said with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from glasshouse.scenario import changes, schema
from glasshouse.scenario.evidence import strip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.scenario.schema import Scenario

__all__ = ["LEVERS", "Lever", "changed", "levers_of"]

LEVERS = ("cap", "sunset", "review", "appeal", "no-association")
CAP_SHARE = 2  # half of the greatest loss of points
TERM_SHARE = 2  # half of each term
LEFT_WRONG = 0.2  # of the wrong records, what a human review leaves
LEFT_RIGHT = 0.95  # of the right ones
FILED = 0.5  # of costly records
NEW_TERM_DAYS = 365


@dataclass(frozen=True)
class Lever:
    """One way to make a scheme milder.

    Attributes:
        key: One of `LEVERS`.
        label: What it does, in words.
        set: What is set, by dotted key.
        without: What is switched off.
        why_not: Why the scheme has nothing that it could change.
        scenario: The scheme so changed; None where it has nothing.
    """

    key: str
    label: str
    set: Mapping[str, Any]
    without: tuple[str, ...] = ()
    why_not: str = ""
    scenario: Scenario | None = field(default=None, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "key": self.key,
            "label": self.label,
            "set": dict(self.set),
            "without": list(self.without),
            "not_measured": self.why_not if self.scenario is None else "",
        }


def levers_of(s: Scenario) -> tuple[Lever, ...]:
    """Return every lever, with the scheme that it makes where it has something to change."""
    out = []
    for make in (cap, sunset, review, appeal, no_association):
        lever = make(s)
        if lever.set or lever.without:
            scenario = changed(s, lever.set, lever.without)
            lever = Lever(lever.key, lever.label, lever.set, lever.without, scenario=scenario)
        out.append(lever)
    return tuple(out)


def changed(s: Scenario, chosen: Mapping[str, Any], without: tuple[str, ...] = ()) -> Scenario:
    """Return a scenario after changes.

    Raises:
        ValueError: a change does not fit the scenario.
    """
    tree = s.model_dump(exclude_unset=True)
    tree["strict_sources"] = False  # the changes are assumptions, said with their results
    problems, _ = changes.apply(tree, chosen, without)
    if problems:
        raise ValueError(problems[0].message)
    return schema.Scenario.model_validate(strip(tree).plain)


def cap(s: Scenario) -> Lever:
    """No rule takes more than half of what the costliest takes now."""
    losses = {name: -r.points for name, r in s.rule.items() if not r.disabled and r.points < 0}
    points = s.score is not None and s.score.kind == "points" and losses
    most = max(1, max(losses.values()) // CAP_SHARE) if points else 0
    found = {f"rule.{name}.points": -most for name, loss in losses.items() if points and loss > most}
    label = f"no rule takes more than {most} points" if found else "losses of points are capped"
    return Lever("cap", label, found, why_not="no rule takes more than one point")


def sunset(s: Scenario) -> Lever:
    """Terms of sanction lists are halved; a list without a term gets one, if there is room for it."""
    lists = {name: one for name, one in s.list.items() if one.kind == "sanction" and not one.disabled}
    found: dict[str, Any] = {
        f"list.{name}.term_days": max(1, one.term_days // TERM_SHARE)
        for name, one in lists.items()
        if one.term_days is not None
    }
    if s.company is not None and any(one.entry_companies for one in lists.values()):
        found["company.term_days"] = max(1, s.company.term_days // TERM_SHARE)
    room = schema.MAX_TERMED_LISTS - sum(
        1 for one in s.list.values() if one.term_days is not None and not one.disabled
    )
    endless = [name for name, one in lists.items() if one.term_days is None and not one.entry_companies]
    found |= {f"list.{name}.term_days": NEW_TERM_DAYS for name in endless[: max(0, room)]}
    return Lever(
        "sunset",
        f"terms of sanction lists are halved; a list without a term gets one of {NEW_TERM_DAYS} days",
        found,
        why_not="there is no sanction list",
    )


def review(s: Scenario) -> Lever:
    """A person looks at every record before it counts."""
    found: dict[str, Any] = {}
    for name, b in s.behaviour.items():
        wrong = {
            key: value * LEFT_WRONG
            for key in ("false_alarm_per_day", "misattributed_share")
            if (value := getattr(b, key))
        }
        if wrong and not b.disabled:
            wrong["caught_share"] = b.caught_share * LEFT_RIGHT
            found |= {f"behaviour.{name}.{key}": value for key, value in wrong.items()}
    left = f"{100 * LEFT_WRONG:.0f} % of wrong and {100 * LEFT_RIGHT:.0f} % of right ones are left"
    label = f"a person looks at every record: {left}"
    return Lever("review", label, found, why_not="no record is ever wrong but by borrowed cards")


def appeal(s: Scenario) -> Lever:
    """Half of all costly records are appealed, or all, where half are already."""
    if s.redress is None:
        return Lever("appeal", "more appeals", {}, why_not="there is no way to appeal")
    filed = FILED if s.redress.filed_share < FILED else 1.0
    found = {"redress.filed_share": filed} if s.redress.filed_share < 1 else {}
    return Lever(
        "appeal",
        f"{100 * filed:.0f} % of costly records are appealed",
        found,
        why_not="all are appealed already",
    )


def no_association(s: Scenario) -> Lever:
    """Nobody pays for friends, for members of a chat group, or for a company."""
    off = [f"rule.{name}" for name, r in s.rule.items() if r.on == "association" and not r.disabled]
    off += [f"list.{name}" for name, one in s.list.items() if one.entry_companies and not one.disabled]
    if s.police is not None and s.police.owner_liable_share:
        off.append("owners")
    return Lever(
        "no-association",
        "nobody pays for friends, for members of a chat group, or for a company",
        {},
        tuple(off),
        why_not="nobody pays for what others do",
    )
