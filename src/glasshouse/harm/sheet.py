"""The impact sheet: what legal yardsticks ask, as measured quantities. Evidence, not legal advice.

Each row has a yardstick, a figure with its interval over seeds, its definition, and what it does not show. Contexts of
data and sanctions and the gravity of acts are not in the scenario language yet; what needs them is listed as missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.harm.chilling import mean, ratio_of_sums
from glasshouse.harm.intervals import Estimate
from glasshouse.harm.records import ruled
from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from glasshouse.harm.chilling import Chilled
    from glasshouse.harm.study import Lived
    from glasshouse.model.plan import Plan

__all__ = ["MISSING", "Row", "sheet"]

PER = 100_000
AI_ACT = "EU AI Act, Art. 5(1)(c)"
GDPR = "GDPR, Art. 22"
MOVEMENT, PRIVACY, SPEECH = "ICCPR, Art. 12", "ICCPR, Art. 17", "ICCPR, Art. 19"
SEVERITY = "UN Guiding Principles, 14"
CLAIMED = "claimed benefits"

MISSING = (
    f"{AI_ACT}: detriment in unrelated contexts; rules and sanctions carry no context yet",
    f"{AI_ACT}: light acts with heavy sanctions; behaviours carry no gravity yet",
    "cost per harm avoided of caps, sunsets, review and appeal: compare the scheme with itself after --set",
    "HUDERIA: stakeholder engagement and mitigation cannot be simulated",
)


@dataclass(frozen=True)
class Row:
    """One line of the sheet.

    Attributes:
        yardstick: Which text asks for it, or `claimed benefits`.
        name: What is measured.
        unit: Its unit; `share` lies in [0, 1].
        figure: The figure with its 95 % interval over seeds; none from one seed.
        definition: How it is counted.
        not_shown: What it does not show.
    """

    yardstick: str
    name: str
    unit: str
    figure: Estimate
    definition: str
    not_shown: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        return {
            "yardstick": self.yardstick,
            "name": self.name,
            "unit": self.unit,
            **self.figure.as_dict(),
            "definition": self.definition,
            "does_not_show": self.not_shown,
        }


def sheet(plan: Plan, found: Sequence[Lived]) -> tuple[Row, ...]:
    """Return the sheet of some seeds; `plan` is that of any of them."""
    told = _Sheet(plan, found)
    return (*told.own_conduct(), *told.decisions(), *told.freedoms(), *told.severity(), *told.claims())


class _Sheet:
    """Makes rows from what the seeds brought."""

    def __init__(self, plan: Plan, found: Sequence[Lived]) -> None:
        self.plan, self.found = plan, found

    def per(
        self, yardstick: str, name: str, counts: Callable[[Lived], int], definition: str, not_shown: str
    ) -> Row:
        """Return a count per 100,000 citizens."""
        figure = mean([PER / self.plan.citizens * counts(one) for one in self.found])
        return Row(yardstick, name, "per 100,000 citizens", figure, definition, not_shown)

    def part(
        self,
        yardstick: str,
        name: str,
        some: Sequence[str],
        of: Sequence[str],
        definition: str,
        not_shown: str,
    ) -> Row:
        """Return the share of some flows in others."""
        sums = [[total(one.flows, names) for one in self.found] for names in (some, of)]
        return Row(yardstick, name, "share", ratio_of_sums(*sums), definition, not_shown)

    def own_conduct(self) -> Iterator[Row]:
        """Yield how much follows from nothing that the person did, and for how long it is remembered."""
        first = [f"punished.{origin}" for origin in ORIGINS]
        yield self.part(
            AI_ACT, "sanctioned for what others did", ["punished.association", "punished.representation"], first,
            "first punishments through friends, chat members or a company, of all first punishments by origin",
            "whether the tie was chosen, or what it led to later",
        )  # fmt: skip
        yield self.part(
            AI_ACT, "sanctioned on false records", ["punished.false"], first,
            "first punishments through false alarms and mix-ups, of all first punishments by origin",
            "errors in rules that were applied as written",
        )  # fmt: skip
        yield self.part(
            AI_ACT, "sanctioned over identity", ["punished.identity"], first,
            "first punishments through failed checks and what others did with one's card, of all by origin",
            "which failed checks were right: accounts on borrowed cards fail too",
        )  # fmt: skip
        yield self.part(
            AI_ACT, "points lost without own conduct",
            [f"points_lost_by.{origin}" for origin in ORIGINS if origin != "own"], ["points_lost.all"],
            "points lost through others, companies and errors, of all points lost",
            "points that lead to nothing count like those that do",
        )  # fmt: skip
        yield Row(
            AI_ACT, "longest term of a sanction list", "days", longest_term(self.plan),
            "the longest term in the rules; no figure where a list has none",
            "that people are put on it again",
        )  # fmt: skip

    def decisions(self) -> Iterator[Row]:
        """Yield how much rests on the score, and what appeals change."""
        lists = [one for one in self.plan.lists if not one.perk]
        alone = [one for one in lists if not one.entry_behaviours and not one.company]
        yield self.part(
            GDPR, "listings on the score alone",
            [f"entered.{one.id}" for one in alone], [f"entered.{one.id}" for one in lists],
            "entries to lists whose only way in is a line of the score, of all entries to sanction lists",
            "human review, which the model does not have",
        )  # fmt: skip
        yield self.part(
            GDPR, "records appealed", ["appeals.filed"], ["records.true", "records.false"],
            "appeals filed, of all records that arrived",
            "an appeal covers a day's records; few of them cost anything",
        )  # fmt: skip
        yield self.part(
            GDPR, "appeals won", ["appeals.won"], ["appeals.filed"],
            "won appeals that took effect in the run, of those filed; the last ones are not decided when it ends",
            "whether the decision was right",
        )  # fmt: skip

    def freedoms(self) -> Iterator[Row]:
        """Yield what movement, privacy and speech lose."""
        yield self.per(
            MOVEMENT, "person-days barred from travel", lambda one: barred_days(self.plan, one),
            "person-days on a list that closes a way of travel, each list apart",
            "whether the person wanted to travel; somebody on two lists counts twice",
        )  # fmt: skip
        yield self.per(
            MOVEMENT, "people refused a ticket", lambda one: one.flows["first_refused"],
            "people refused at least once",
            "journeys that nobody asked for any longer",
        )  # fmt: skip
        yield self.per(
            PRIVACY, "acts passed on by platforms",
            lambda one: total(one.flows, ["passed_on.domestic", "passed_on.foreign"]),
            "acts that platforms reported to the authorities",
            "what platforms keep for themselves",
        )  # fmt: skip
        yield self.per(
            SPEECH, "posts lost by people never punished", lambda one: lost_posts(one.chilled, 1),
            "posts of the twin world less posts here, of people never punished",
            "what the posts would have said",
        )  # fmt: skip
        yield Row(
            SPEECH, "of posts lost, on free topics", "share", free_share(self.plan, self.found),
            "posts lost on topics without points, list or summons, of all posts lost",
            "whether a rule against the others would be lawful",
        )  # fmt: skip

    def severity(self) -> Iterator[Row]:
        """Yield scope, scale and irremediability."""
        people = [int(one.recovered.events.sum() + one.recovered.censored.sum()) for one in self.found]
        yield self.per(
            SEVERITY, "people sanctioned",
            lambda one: int(one.recovered.events.sum() + one.recovered.censored.sum()),
            "scope: people first punished in the run",
            "how hard each was hit",
        )  # fmt: skip
        yield self.per(
            SEVERITY, "days in detention", lambda one: one.flows["detention_days"],
            "scale: person-days in detention",
            "other harms of the same people",
        )  # fmt: skip
        still = [int(one.recovered.censored.sum()) for one in self.found]
        yield Row(
            SEVERITY, "not clean at the end", "share", ratio_of_sums(still, people),
            "irremediability: of those first punished in the run, those not clean when it ended",
            "how much longer it takes; see the curves",
        )  # fmt: skip

    def claims(self) -> Iterator[Row]:
        """Yield what such schemes say they are good for."""
        yield self.per(
            CLAIMED, "debts performed", lambda one: one.flows["debts_performed"],
            "exits from lists by performing the duty",
            "debts that would have been performed without the list",
        )  # fmt: skip
        yield self.per(
            CLAIMED, "offences deterred by fear", lambda one: deterred(self.plan, one.chilled),
            "offences and defaults of the twin world less those here, restrained behaviours alone",
            "whether the act should be an offence",
        )  # fmt: skip


def total(counts: Mapping[str, int], names: Sequence[str]) -> int:
    """Return the sum of some flows."""
    return sum(counts[name] for name in names)


def longest_term(plan: Plan) -> Estimate:
    """Return the longest term of a sanction list; no value where there is none, or one without a term."""
    terms = [one.term for one in plan.lists if not one.perk and not one.company]
    return Estimate(float(max(terms)) if terms and min(terms) >= 0 else None)


def barred_days(plan: Plan, one: Lived) -> int:
    """Return the person-days on lists that close a way of travel."""
    return sum(one.person_days[f"on.{each.id}"] for each in plan.lists if each.closes)


def lost_posts(chilled: Chilled, who: int) -> int:
    """Return the posts lost against the twin by all (0) or by people never punished (1)."""
    rows = [k for k, speech in enumerate(chilled.speech) if speech]
    return int((chilled.twin[who][rows] - chilled.written[who][rows]).sum())


def free_share(plan: Plan, found: Sequence[Lived]) -> Estimate:
    """Return the share of lost posts on topics that no rule, list or summons is about."""
    free, every = [], []
    for one in found:
        chilled = one.chilled
        lost = (chilled.twin[0] - chilled.written[0]).sum(axis=(1, 2)).tolist()
        posts = [k for k, speech in enumerate(chilled.speech) if speech]
        about = {b.id for k, b in enumerate(plan.behaviours) if ruled(plan, k, b)}
        free.append(sum(lost[k] for k in posts if chilled.topics[k] not in about))
        every.append(sum(lost[k] for k in posts))
    return ratio_of_sums(free, every, lost=True)


def deterred(plan: Plan, chilled: Chilled) -> int:
    """Return the acts of kinds offence and default that were done in the twin world and not here."""
    kinds = {b.id: b.kind for b in plan.behaviours}
    rows = [k for k, topic in enumerate(chilled.topics) if kinds[topic] in {"offence", "default"}]
    return int((chilled.twin[0][rows] - chilled.written[0][rows]).sum())
