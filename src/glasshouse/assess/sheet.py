"""The impact sheet: what legal yardsticks ask, as measured quantities, both sides of the ledger.

Evidence, not legal advice. Each row has a yardstick with its text, a figure with its interval over seeds, its
definition, what it does not show, and, where nothing can be measured, why.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from glasshouse.assess import measures
from glasshouse.assess.figures import Row, at_least_0, ratio, share
from glasshouse.assess.making import NOBODY, Maker
from glasshouse.assess.yardsticks import (
    CLAIMED,
    DECISIONS,
    HUDERIA,
    MOVEMENT,
    PRIVACY,
    SEVERITY,
    SPEECH,
    UNJUSTIFIED,
    UNRELATED,
)
from glasshouse.harm.chilling import mean
from glasshouse.harm.intervals import Estimate
from glasshouse.harm.recovery import recovery
from glasshouse.scenario.labels import unrelated, watched
from glasshouse.society.columns import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.assess.measures import Seen
    from glasshouse.model.plan import ListPlan, Plan
    from glasshouse.scenario.labels import Labels
    from glasshouse.scenario.schema import Scenario

__all__ = ["rule_memory", "sheet"]


def sheet(scenario: Scenario, plan: Plan, labels: Labels, found: Sequence[Seen]) -> tuple[Row, ...]:
    """Return the sheet of some seeds; `plan` is that of any of them."""
    told = _Sheet(scenario, plan, labels, found)
    parts = (
        told.unrelated(), told.proportion(), told.own_conduct(), told.memory(), told.decisions(), told.movement(),
        told.privacy(), told.speech(), told.severity(), told.rights(), told.claims(),
    )  # fmt: skip
    return tuple(row for part in parts for row in part)


class _Sheet(Maker):
    """Makes the rows, yardstick by yardstick."""

    # ---- EU AI Act

    def unrelated(self) -> Iterator[Row]:
        """Yield how much detriment rests on data from another part of life, at all and by pair."""
        labels = self.labels
        yield self.of_days(
            UNRELATED, "unrelated.share", "detriment in unrelated contexts",
            lambda one: measures.in_unrelated(one.account, labels),
            "person-days under a sanction whose data_context and effect_context differ; penalties for the act aside",
            "whether a tie between the two contexts would be accepted in law; each pair stands below",
        )  # fmt: skip
        yield self.of_days(
            UNRELATED, "unrelated.not_known", "detriment whose data are not known",
            lambda one: measures.not_known(one.account, labels),
            "person-days under a sanction that began before day 0 by a score, or rests on a score without lost points",
            "which side they belong to; they count as related above",
        )  # fmt: skip
        found = sorted({pair for one in self.found for pair in measures.pairs(one.account, labels)})
        for data, effect in (pair for pair in found if unrelated(*pair)):
            yield self.per(
                UNRELATED, f"unrelated.{data}.{effect}", f"data of {data}, detriment in {effect}",
                lambda one, pair=(data, effect): measures.pairs(one.account, labels).get(pair, 0.0),
                "person-days of this pair of contexts",
                "how heavy each day is",
            )  # fmt: skip

    def proportion(self) -> Iterator[Row]:
        """Yield how detriment follows gravity."""
        labels, plan = self.labels, self.plan
        days = [measures.on_acts(one.account, labels, plan) for one in self.found]
        grave = [measures.gravity_recorded(one.account, labels) for one in self.found]
        figure = at_least_0(ratio(days, grave))
        yield Row(
            UNJUSTIFIED, "gravity.days", "detriment per unit of gravity", "weighted days", figure,
            "person-days times weight (a day of detention is 1) that rest on records, over the gravity of all records",
            "gravity and weights are assumptions; sanctions that outlast the run count as far as they were lived",
            "nothing of any gravity was recorded" if figure.value is None else "",
        )  # fmt: skip
        yield self.part(
            UNJUSTIFIED, "gravity.none", "detriment over acts of no gravity",
            (lambda one: measures.on_acts(one.account, labels, plan, harmless=True),
             lambda one: measures.on_acts(one.account, labels, plan)),
            ("weighted person-days that rest on records of acts of gravity 0, of those that rest on records of acts",
             "whether the scheme had another aim with them", "no sanction rests on a record"),
        )  # fmt: skip
        yield self.lighter()

    def lighter(self) -> Row:
        """Return how often a lighter act costs more than a graver one."""
        seen = watched(self.scenario)
        told = [
            measures.lighter_costs_more(
                measures.per_record(one.account, self.labels, self.plan, seen), self.labels.gravity
            )
            for one in self.found
        ]
        figure = share([len(pairs) for pairs, _ in told], [of for _, of in told])
        worst = sorted({pair for pairs, _ in told for pair in pairs})
        named = "; ".join(f"{light} over {grave}" for light, grave in worst[:5])
        return Row(
            UNJUSTIFIED, "gravity.reversed", "lighter acts with heavier sanctions", "share", figure,
            "pairs of behaviours of which the one of less gravity cost more weighted days a record, of all pairs of"
            f" unlike gravity with records{f' (here: {named})' if named else ''}",
            "rare behaviours have few records; use more citizens",
            "fewer than two behaviours of unlike gravity have records" if figure.value is None else "",
        )  # fmt: skip

    def own_conduct(self) -> Iterator[Row]:
        """Yield how much rests on nothing that the person did."""
        told = {
            "others": ("no own conduct", "person-days that rest on friends, chat members or a company",
                       "whether the tie was chosen, or what it led to later"),
            "false": ("false records", "person-days that rest on false alarms and mix-ups",
                      "errors in rules that were applied as written"),
            "identity": ("identity checks and cards",
                         "person-days that rest on failed checks and on others with one's card",
                         "which failed checks were right: accounts on borrowed cards fail too"),
        }  # fmt: skip
        for who, (label, words, no) in told.items():
            yield self.of_days(
                UNJUSTIFIED, f"conduct.{who}", f"detriment on {label}",
                lambda one, who=who: measures.of_origin(one.account, who), words, no,
            )  # fmt: skip
        yield self.part(
            UNJUSTIFIED, "conduct.points", "points lost without own conduct",
            (lambda one: sum(one.lived.flows[f"points_lost_by.{o}"] for o in ORIGINS if o != "own"),
             lambda one: one.lived.flows["points_lost.all"]),
            ("points lost through others, companies and errors, of all points lost",
             "points that lead to nothing count like those that do", "no points were lost"),
        )  # fmt: skip

    def memory(self) -> Iterator[Row]:
        """Yield for how long something is held against people."""
        longest = max(one.account.longest for one in self.found)
        yield Row(
            UNJUSTIFIED, "memory.run", "longest stay under one sanction", "days",
            Estimate(float(longest)) if longest else Estimate(None),
            f"the longest anybody was under one sanction without a break, in runs of {self.plan.days} days",
            "stays that began before day 0 or outlast the run are longer; it is a greatest value and has no interval",
            "" if longest else NOBODY,
        )  # fmt: skip
        days, why = rule_memory(self.plan)
        yield Row(
            UNJUSTIFIED, "memory.rules", "longest time that one record can cost", "days", Estimate(days),
            "by the rules: the longest term of a list, or the days in which recovery gives back the costliest record",
            "that people are put on a list again, and that several records add up", why,
        )  # fmt: skip

    # ---- GDPR

    def decisions(self) -> Iterator[Row]:
        """Yield how much rests on the score alone, and what appeals change."""
        lists = [one for one in self.plan.lists if not one.perk]
        alone = [one for one in lists if not one.entry_behaviours and not one.company]
        yield self.part(
            DECISIONS, "decision.score_alone", "listings on the score alone",
            (lambda one: entries(one, alone), lambda one: entries(one, lists)),
            ("entries to lists whose only way in is a line of the score, of all entries to sanction lists",
             "what somebody who reads the score does with it", "nobody was put on a sanction list"),
        )  # fmt: skip
        yield self.part(
            DECISIONS, "decision.without_review", "sanctions without any review",
            (lambda one: one.account.sanctions - one.account.reviewed, lambda one: one.account.sanctions),
            ("sanctions without an appeal against the records that they rest on, of all sanctions imposed in the run",
             "reviews that nobody asked for: the model has none before a sanction", NOBODY),
        )  # fmt: skip
        yield self.part(
            DECISIONS, "decision.changed", "appeals that change the outcome",
            (lambda one: one.lived.flows["appeals.won"], lambda one: one.lived.flows["appeals.filed"]),
            ("won appeals that took effect in the run, of those filed; the last ones are not decided when it ends",
             "whether the decision was right", "no appeal was filed"),
        )  # fmt: skip
        redress = self.plan.redress
        why = "" if redress else "there is no way to appeal"
        yield Row(
            DECISIONS, "decision.days_to_remedy", "days to remedy", "days",
            Estimate(float(redress.decision_days + 1) if redress else None),
            "by the rules: days from an appeal to the morning on which a won one takes effect",
            "those who never appeal, or lose", why,
        )  # fmt: skip
        yield self.cannot(
            DECISIONS, "decision.human", "human intervention before a sanction", "share",
            "the model puts nobody between a rule and a sanction; the lever `review` assumes one",
        )  # fmt: skip

    # ---- the Covenant

    def movement(self) -> Iterator[Row]:
        """Yield what movement loses."""
        yield self.per(
            MOVEMENT, "movement.days", "person-days without fast travel", lambda one: one.account.without_fast_travel,
            "person-days on a list that closes planes or high-speed trains, each person once a day",
            "whether the person wanted to travel",
        )  # fmt: skip
        yield self.per(
            MOVEMENT, "movement.refused", "people refused a ticket", lambda one: one.lived.flows["first_refused"],
            "people refused at least once", "journeys that nobody asked for any longer",
        )  # fmt: skip
        yield self.cannot(
            MOVEMENT, "movement.lawful", "provided by law, for a legitimate aim, necessary", "",
            "questions of law that no simulation answers",
        )  # fmt: skip

    def privacy(self) -> Iterator[Row]:
        """Yield what leaves the place where it was said or done."""
        yield self.per(
            PRIVACY, "privacy.passed_on", "acts passed on by platforms",
            lambda one: one.lived.flows["passed_on.domestic"] + one.lived.flows["passed_on.foreign"],
            "acts that platforms reported to the authorities", "what platforms keep for themselves",
        )  # fmt: skip

    def speech(self) -> Iterator[Row]:
        """Yield what is not said, and how much of it is lawful."""
        fear = self.scenario.learn.restraint != "none"
        yield self.per(
            SPEECH, "speech.lost", "posts lost by people never punished", lambda one: self.lost(one, 1),
            "posts of the same people in the twin world, where nobody is afraid, less posts here",
            "what the posts would have said", signed=True,
        )  # fmt: skip
        lawful = [self.lost(one, 0, grave=False) for one in self.found]
        unlawful = [self.lost(one, 0, grave=True) for one in self.found]
        yield self.per(
            SPEECH, "speech.lawful_lost", "lawful posts lost", lambda one: self.lost(one, 0, grave=False),
            "posts of gravity 0 in the twin world less here, of all people", "whether the label of gravity is right",
            signed=True,
        )  # fmt: skip
        few = mean(unlawful)
        none = "nobody is afraid in this scheme" if not fear else "no unlawful post was seen to be stopped"
        clear = few.value is not None and (few.value if few.low is None else few.low) > 0
        yield Row(
            SPEECH, "speech.lawful_per_unlawful", "lawful posts suppressed per unlawful post stopped", "posts",
            ratio(lawful, unlawful) if clear else Estimate(None),
            "posts of gravity 0 lost against the twin, over posts of more gravity lost",
            "posts removed after they were written", "" if clear else none,
        )  # fmt: skip

    def lost(self, one: Seen, who: int, *, grave: bool | None = None) -> int:
        """Return the posts lost by all (0) or by the never punished (1): those of some gravity, of none, or all."""
        told = one.lived.chilled
        rows = [
            k
            for k, (topic, speech) in enumerate(zip(told.topics, told.speech, strict=True))
            if speech and (grave is None or (self.labels.gravity[topic] > 0) == grave)
        ]
        return int((told.twin[who][rows] - told.written[who][rows]).sum())

    # ---- severity

    def severity(self) -> Iterator[Row]:
        """Yield scope, scale and irremediability."""
        labels = self.labels
        yield self.per(
            SEVERITY, "severity.people", "scope: people under a sanction", lambda one: one.account.hit,
            "people with any day under a sanction, those listed before day 0 among them", "how hard each was hit",
        )  # fmt: skip
        yield self.per(
            SEVERITY, "severity.weighted", "scale: weighted days of all",
            lambda one: measures.weighted(one.account, labels),
            "person-days times weight; a day of detention is 1, fines and the like count once",
            "weights are assumptions",
        )  # fmt: skip
        heaviest = mean([one.account.heaviest for one in self.found])
        yield Row(
            SEVERITY, "severity.heaviest", "scale: the hardest hit", "weighted days", heaviest,
            "the greatest sum of weighted days of one person in a seed",
            "who it is: nobody; it grows with citizens and days",
        )  # fmt: skip
        yield self.per(
            SEVERITY, "severity.detention", "scale: days in detention", lambda one: one.lived.flows["detention_days"],
            "person-days in detention", "other harms of the same people",
        )  # fmt: skip
        yield from self.irremediable()

    def irremediable(self) -> Iterator[Row]:
        """Yield how long people take to be clean again."""
        all_, *_ = recovery(reduce(add, (one.lived.recovered for one in self.found)))
        why = "" if all_.people else "nobody was first punished in the run"
        for key, label, figure, unit in (
            ("median_days", "days until half are clean again", all_.median_days, "days"),
            ("p95_days", "days until 95 % are clean again", all_.p95_days, "days"),
            ("never", "never clean again, within the run", all_.never, "share"),
        ):
            late = "it was not reached within the run" if not why and figure.value is None else why
            yield Row(
                SEVERITY, f"irremediable.{key}", f"irremediability: {label}", unit, figure,
                "Kaplan-Meier curve of all seeds together, from the first punishment to a clean evening; its interval",
                "people under a sanction before day 0", late,
            )  # fmt: skip

    def rights(self) -> Iterator[Row]:
        """Yield person-days per 1,000 people of each group, by the part of life that they bite in."""
        groups = self.found[0].account.groups
        effects = sorted({self.labels.effects[name] for name in self.found[0].account.days})
        for effect in effects:
            for g, group in enumerate(groups if len(groups) > 1 else ()):
                days = [self.in_group(one, effect, g) for one in self.found]
                if not any(days):
                    continue
                people = [one.account.people[g] for one in self.found]
                figure = at_least_0(ratio([1000 * number for number in days], people))
                yield Row(
                    HUDERIA, f"rights.{effect}.{group}", f"{effect}, group {group}", "per 1,000 of the group", figure,
                    "person-days (fines and the like: how many) of sanctions in this part of life, by group",
                    "why groups differ; groups are abstract",
                )  # fmt: skip
        yield self.cannot(
            HUDERIA, "rights.stakeholders", "stakeholder engagement", "", "synthetic citizens cannot be asked"
        )

    def in_group(self, one: Seen, effect: str, group: int) -> int:
        """Return the person-days of a group under sanctions that bite in one part of life."""
        return sum(
            int(days[group])
            for name, days in one.account.by_group.items()
            if self.labels.effects[name] == effect
        )

    # ---- the other side

    def claims(self) -> Iterator[Row]:
        """Yield what such schemes say they are good for."""
        yield self.per(
            CLAIMED, "claims.debts", "debts performed", lambda one: one.lived.flows["debts_performed"],
            "exits from lists by performing the duty", "debts that would have been performed without the list",
        )  # fmt: skip
        yield self.per(
            CLAIMED, "claims.deterred", "offences deterred by fear", self.deterred,
            "offences and defaults of the twin world less those here; restrained behaviours alone",
            "whether the act should be an offence", signed=True,
        )  # fmt: skip
        yield self.per(
            CLAIMED, "claims.withheld", "offences withheld",
            lambda one: sum(one.lived.flows[f"withheld.{b}"] for b in self.of_kinds("offence", "default")),
            "offences and defaults that the day's draw would have been without fear",
            "what follows from a withheld act",
        )  # fmt: skip
        yield self.per(
            CLAIMED, "claims.deeds", "good deeds",
            lambda one: sum(one.lived.flows[f"acts.{b}"] for b in self.of_kinds("prosocial")),
            "acts of kind prosocial", "deeds done for the points: the model gives nobody a motive for them",
        )  # fmt: skip

    def of_kinds(self, *kinds: str) -> list[str]:
        """Return the behaviours of some kinds."""
        return [b.id for b in self.plan.behaviours if b.kind in kinds]

    def deterred(self, one: Seen) -> int:
        """Return the offences and defaults that were done in the twin world and not here."""
        told, wanted = one.lived.chilled, self.of_kinds("offence", "default")
        rows = [k for k, topic in enumerate(told.topics) if topic in wanted]
        return int((told.twin[0][rows] - told.written[0][rows]).sum())


def entries(one: Seen, lists: Sequence[ListPlan]) -> int:
    """Return the entries to some lists."""
    return sum(one.lived.flows[f"entered.{each.id}"] for each in lists)


def rule_memory(plan: Plan) -> tuple[float | None, str]:
    """Return the most days that one record can cost by the rules, or why there is no such number."""
    lists = [one for one in plan.lists if not one.perk and not one.company]
    terms = [one.term for one in lists if one.entry_behaviours]
    if any(term < 0 for term in terms):
        return None, "a list that records lead on to has no term"
    score = plan.score
    losses = [-rule.points for rule in score.rules if rule.points < 0] if score and not score.weighted else []
    if score and losses:
        if not score.recovery:
            return None, "lost points never come back by themselves"
        terms.append(-(-max(losses) // score.recovery) * score.recovery_every)
    return (float(max(terms)), "") if terms else (None, "no record costs anything")
