"""What never changes about a citizen, drawn once from the id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.model.oracle_luck import private_event, private_share

if TYPE_CHECKING:
    from glasshouse.model.plan import Activity, Plan


@dataclass(frozen=True, slots=True)
class Activeness:
    """How much one citizen does of one behaviour, or asks for one kind of ticket.

    Attributes:
        doer: Whether the citizen ever does it.
        class_number: Activity class.
        threshold: 64-bit threshold of doing it on one day without restraint; 0 for those who never do.
    """

    doer: bool
    class_number: int
    threshold: int


NEVER = Activeness(doer=False, class_number=0, threshold=0)


@dataclass(frozen=True, slots=True)
class Traits:
    """The constant traits of one citizen.

    Attributes:
        province: Province number.
        group: Group number.
        age: Years.
        male: Man or boy.
        rural: Lives in the countryside.
        online: Uses the internet at all.
        member: Is scored.
        behaviours: One entry per behaviour of the plan.
        modes: One entry per way of travel of the plan.
        desire: Class of the desire to dissent, 0 to 15.
        boldness: Class of boldness, 0 to 15.
        here: Whether anybody lives at the place; nobody else does, is sent or sees anything.
    """

    province: int
    group: int
    age: int
    male: bool
    rural: bool
    online: bool
    member: bool
    behaviours: tuple[Activeness, ...]
    modes: tuple[Activeness, ...]
    desire: int
    boldness: int
    here: bool = True


def traits_of(plan: Plan, i: int) -> Traits:
    """Return the traits of citizen `i`."""
    people = plan.population
    male, rural, here = people.male(i), people.rural(i), i not in plan.vacant
    return Traits(
        province=people.province(i),
        group=people.group(i),
        age=people.age(i),
        male=male,
        rural=rural,
        online=here and people.online(i),
        member=here and people.member(i),
        behaviours=tuple(
            activeness(plan.seed, b.activity, i, male, rural) if here else NEVER for b in plan.behaviours
        ),
        modes=tuple(activeness(plan.seed, m.activity, i, male, rural) if here else NEVER for m in plan.modes),
        desire=sixteenth(plan, "learn.desire", i),
        boldness=sixteenth(plan, "learn.boldness", i),
        here=here,
    )


def activeness(seed: int, activity: Activity, i: int, male: bool, rural: bool) -> Activeness:  # noqa: FBT001
    """Return how much citizen `i` does of something."""
    doer = private_event(seed, activity.doer_decision, i, 0, activity.doer_threshold)
    number = private_share(seed, activity.class_decision, i, 0, activity.class_cumulative)
    rate = activity.rates[number][2 * male + rural]
    return Activeness(doer, number, rate if doer else 0)


def sixteenth(plan: Plan, name: str, i: int) -> int:
    """Return one of sixteen equal classes; only strategic restraint needs them."""
    return streams.private(plan.seed, streams.BUILTIN[name], i, 0) >> 60 if plan.learn.strategic else 0


def card_owner(plan: Plan, i: int) -> int:
    """Return on whose card a borrowed account of citizen `i` is registered; never `i`."""
    u = streams.private(plan.seed, streams.BUILTIN["identity.card"], i, 0)
    return (i + 1 + streams.pick(u, plan.citizens - 1)) % plan.citizens
