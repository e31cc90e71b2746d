"""The error audit: how often a record is right, who is recorded wrongly, and whether groups fare alike.

The truth is known here, because every act is. Definitions: `docs/harm.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.harm.intervals import Estimate, difference, ratio, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.harm.records import DayCounts, ErrorsMade

__all__ = ["Audit", "BaseRate", "Detector", "Fairness", "audit", "fairlearn_rows"]

EVERYBODY = "all"
FOUR_FIFTHS = 0.8  # 29 CFR 1607.4(D)


@dataclass(frozen=True)
class BaseRate:
    """Precision by Bayes' rule, PPV = se pi / (se pi + (1 - sp)(1 - pi)), in exact fractions.

    Attributes:
        se: Sensitivity: records on the doer per act.
        sp: One less false records per citizen-day without the act.
        pi: Acts per citizen-day on which it could be done.
        ppv: What the rule makes of these three; the precision, to the last digit.
    """

    se: Fraction
    sp: Fraction
    pi: Fraction
    ppv: Fraction

    def line(self) -> str:
        """Return the rule with its numbers."""
        se, sp, pi, ppv = (float(x) for x in (self.se, self.sp, self.pi, self.ppv))
        return (
            f"{ppv:.4g} = {se:.4g} × {pi:.4g} / ({se:.4g} × {pi:.4g} + {1 - sp:.4g} × {1 - pi:.4g})"
            if ppv < 1 or sp < 1
            else f"1 = {se:.4g} × {pi:.4g} / ({se:.4g} × {pi:.4g}): no false record"
        )


@dataclass(frozen=True)
class Detector:
    """How well one behaviour is recorded, in one group or in all.

    Attributes:
        behaviour: Id.
        group: Name of the group, or `all`.
        precision: Of the records, the share that stand for an own act.
        sensitivity: Of the acts, the share recorded on the doer.
        missed: Of the acts, the share not recorded on the doer.
        seen: Of the acts, the share seen by anybody who could pass it on.
        passed_on: Of the acts seen, the share that reached the authorities.
        caught: Of the acts that reached them, the share recorded on whomever.
        put_on_others: Of the acts recorded, the share recorded on somebody else.
        false_alarm_per_day: False alarms per citizen-day on which it could be done and was not.
        false_records: Records of what the person did not do: alarms, mix-ups, borrowed cards.
        accused_innocent: Of the people who never did it, the share with a record of it.
        recorded_doers: Of the people who did it, the share with a record of it.
        base_rate: The precision by Bayes' rule; None without a record or an act.
    """

    behaviour: str
    group: str
    precision: Estimate
    sensitivity: Estimate
    missed: Estimate
    seen: Estimate
    passed_on: Estimate
    caught: Estimate
    put_on_others: Estimate
    false_alarm_per_day: Estimate
    false_records: int
    accused_innocent: Estimate
    recorded_doers: Estimate
    base_rate: BaseRate | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        out: dict[str, Any] = {"behaviour": self.behaviour, "group": self.group}
        for name in (
            "precision", "sensitivity", "missed", "seen", "passed_on", "caught", "put_on_others",
            "false_alarm_per_day", "accused_innocent", "recorded_doers",
        ):  # fmt: skip
            out[name] = getattr(self, name).as_dict()
        out["false_records"] = self.false_records
        out["base_rate"] = None if self.base_rate is None else self.base_rate.line()
        return out


@dataclass(frozen=True)
class Fairness:
    """How one group fares beside the reference group, on people.

    Attributes:
        what: Id of a behaviour (recorded for it), or `sanctioned`.
        group: Name of the group.
        reference: The largest group; ratios and differences are to it.
        hit_rate: Share of the group that is recorded or sanctioned.
        hit_ratio: That, divided by the reference's.
        spared_rate: Share that is not.
        spared_ratio: That, divided by the reference's (the four-fifths rule asks this).
        tpr: Share hit, of those who did it.
        tpr_gap: That, less the reference's (equalised odds).
        fpr: Share hit, of those who did not.
        fpr_gap: That, less the reference's (equalised odds).
        ppv: Of those hit, the share that did it.
        ppv_gap: That, less the reference's (predictive parity).
    """

    what: str
    group: str
    reference: str
    hit_rate: Estimate
    hit_ratio: Estimate
    spared_rate: Estimate
    spared_ratio: Estimate
    tpr: Estimate
    tpr_gap: Estimate
    fpr: Estimate
    fpr_gap: Estimate
    ppv: Estimate
    ppv_gap: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects."""
        out: dict[str, Any] = {"what": self.what, "group": self.group, "reference": self.reference}
        for name in (
            "hit_rate", "hit_ratio", "spared_rate", "spared_ratio",
            "tpr", "tpr_gap", "fpr", "fpr_gap", "ppv", "ppv_gap",
        ):  # fmt: skip
            out[name] = getattr(self, name).as_dict()
        return out


@dataclass(frozen=True)
class Audit:
    """The whole error audit.

    Attributes:
        detectors: For each behaviour: all, then each group if there are several.
        fairness: For each behaviour that leads to anything, and for sanctions: each group; empty with one group.
        four_fifths: What -> the lowest group's rate divided by the highest's, of those spared and of those hit.
        rows: Long table of people and of citizen-days: unit, what, group, y_true, y_pred, count.
    """

    detectors: tuple[Detector, ...]
    fairness: tuple[Fairness, ...]
    four_fifths: dict[str, dict[str, float | bool | None]]
    rows: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain objects, without the long table."""
        return {
            "detectors": [one.as_dict() for one in self.detectors],
            "fairness": [one.as_dict() for one in self.fairness],
            "four_fifths": self.four_fifths,
        }


def audit(made: ErrorsMade) -> Audit:
    """Return the error audit of what was recorded."""
    names = [EVERYBODY, *(made.groups if len(made.groups) > 1 else ())]
    detectors = tuple(detector(made, number, group) for number in range(len(made.names)) for group in names)
    judged = [k for k, name in enumerate(made.rows) if name in made.answers or k == len(made.names)]
    fair = len(made.groups) > 1
    return Audit(
        detectors=detectors,
        fairness=tuple(one for k in judged for one in fairness(made, k)) if fair else (),
        four_fifths={made.rows[k]: four_fifths(made.people[k]) for k in judged} if fair else {},
        rows=fairlearn_rows(made),
    )


def detector(made: ErrorsMade, number: int, group: str) -> Detector:
    """Return how well a behaviour is recorded in a group, or in all."""
    which = slice(None) if group == EVERYBODY else [made.groups.index(group)]
    c = {name: int(np.sum(value[which])) for name, value in vars(made.days[number]).items()}
    people = made.people[number][which].sum(axis=0)
    false = c["alarms"] + c["blamed"] + c["carded"]
    return Detector(
        behaviour=made.names[number],
        group=group,
        precision=share(c["own"], c["own"] + false),
        sensitivity=share(c["own"], c["acts"]),
        missed=share(c["acts"] - c["own"], c["acts"]),
        seen=share(c["seen"], c["acts"]),
        passed_on=share(c["passed"], c["seen"]),
        caught=share(c["caught"], c["passed"]),
        put_on_others=share(c["misattributed"] + c["borrowed"], c["caught"]),
        false_alarm_per_day=share(c["alarms"], c["open"] - c["acts"]),
        false_records=false,
        accused_innocent=share(int(people[0, 1]), int(people[0].sum())),
        recorded_doers=share(int(people[1, 1]), int(people[1].sum())),
        base_rate=base_rate(c["own"], c["acts"], false, c["open"]),
    )


def base_rate(own: int, acts: int, false: int, open_days: int) -> BaseRate | None:
    """Return the precision by Bayes' rule; None where there is no record, no act, or no day without one."""
    if not own + false or not acts or acts == open_days:
        return None
    se, pi = Fraction(own, acts), Fraction(acts, open_days)
    wrong = Fraction(false, open_days - acts)
    return BaseRate(se, 1 - wrong, pi, se * pi / (se * pi + wrong * (1 - pi)))


def fairness(made: ErrorsMade, row: int) -> list[Fairness]:
    """Return how each group fares in one row of people, beside the largest group; that one has rates alone."""
    largest = int(np.argmax(made.citizens))
    rates = [group_rates(cells) for cells in made.people[row]]
    base, none = rates[largest], Estimate(None)
    out = []
    for number, (name, one) in enumerate(zip(made.groups, rates, strict=True)):
        same = number == largest
        out.append(
            Fairness(
                what=made.rows[row],
                group=name,
                reference=made.groups[largest],
                hit_rate=one["hit"],
                hit_ratio=none if same else ratio(one["hit"], base["hit"]),
                spared_rate=one["spared"],
                spared_ratio=none if same else ratio(one["spared"], base["spared"]),
                tpr=one["tpr"],
                tpr_gap=none if same else difference(one["tpr"], base["tpr"]),
                fpr=one["fpr"],
                fpr_gap=none if same else difference(one["fpr"], base["fpr"]),
                ppv=one["ppv"],
                ppv_gap=none if same else difference(one["ppv"], base["ppv"]),
            )
        )
    return out


def group_rates(cells: NDArray[np.int64]) -> dict[str, Estimate]:
    """Return the rates of one group from its people by [did it][hit]."""
    (tn, fp), (fn, tp) = cells.tolist()
    n = tn + fp + fn + tp
    return {
        "hit": share(fp + tp, n),
        "spared": share(tn + fn, n),
        "tpr": share(tp, tp + fn),
        "fpr": share(fp, fp + tn),
        "ppv": share(tp, tp + fp),
    }


def four_fifths(cells: NDArray[np.int64]) -> dict[str, float | bool | None]:
    """Return the lowest rate of a group divided by the highest, of those spared and of those hit.

    The rule looks at those spared. Where few are hit that ratio is near 1 whatever happens, so the other stands
    beside it.
    """
    rates = [group_rates(one) for one in cells if one.sum()]
    spared = lowest_to_highest([one["spared"].value for one in rates])
    hit = lowest_to_highest([one["hit"].value for one in rates])
    return {
        "spared_lowest_to_highest": spared,
        "hit_lowest_to_highest": hit,
        "below_four_fifths": spared is not None and spared < FOUR_FIFTHS,
    }


def lowest_to_highest(rates: list[float | None]) -> float | None:
    """Return the smallest rate divided by the largest; None where all are 0."""
    known = [rate for rate in rates if rate is not None]
    return min(known) / max(known) if known and max(known) > 0 else None


def fairlearn_rows(made: ErrorsMade) -> tuple[dict[str, Any], ...]:
    """Return the long table: unit, what, group, y_true, y_pred, count. `count` is a sample weight.

    On people: did it, and has a record of it (or was punished). On citizen-days: did it, and a record arose.
    """
    out = []
    for number, what in enumerate(made.rows):
        for g, group in enumerate(made.groups):
            for true in (0, 1):
                for pred in (0, 1):
                    count = int(made.people[number][g, true, pred])
                    out.append(row("people", what, group, true, pred, count))
            if what in made.names:
                out += day_rows(made.days[number], what, group, g)
    return tuple(out)


def day_rows(days: DayCounts, what: str, group: str, g: int) -> list[dict[str, Any]]:
    """Return the rows of citizen-days of one behaviour and group; records of others' acts have no day of their own."""
    acts, own, alarms, open_days = (int(x[g]) for x in (days.acts, days.own, days.alarms, days.open))
    cells = {(0, 0): open_days - acts - alarms, (0, 1): alarms, (1, 0): acts - own, (1, 1): own}
    return [row("citizen-days", what, group, true, pred, count) for (true, pred), count in cells.items()]


def row(unit: str, what: str, group: str, true: int, pred: int, count: int) -> dict[str, Any]:
    """Return one row of the long table."""
    return {"unit": unit, "what": what, "group": group, "y_true": true, "y_pred": pred, "count": count}
