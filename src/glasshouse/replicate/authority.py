"""The model of Daymude, Axelrod and Forrest (2025) itself: a population that weighs its acts, an authority that climbs.

Written anew from the paper and its published code (MIT licence, DaymudeLab/DissentSelfCensorship, version 1.0.0). Two
departures, both towards a larger population than the paper's 100,000: people are the midpoints of equally likely
shares of desire and boldness, and punishments are added up in their mean. Only the authority's proposals are drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.society.draws import philox_words, picks
from glasshouse.streams import decision_id

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Authority", "People", "climb", "optimal_acts", "suppressed_at"]

PROPOSAL = decision_id("replicate.daymude-2025:proposal")
SHARES = 96  # equally likely shares of desire, and of boldness; with a quarter as many kinds people fall silent later
STEP = 0.05
WINDOW = 500  # rounds
SUPPRESSED = 0.25  # of the dissent that people wish for
BOUNDS = ((0.0, 1.0), (1e-9, math.inf), (0.0, 1.0))  # tolerance, severity, surveillance


@dataclass(frozen=True)
class People:
    """A population: desire in [0, 1] and boldness above 0 of each of many equally common kinds, (kinds,) float64."""

    desire: Floats
    boldness: Floats

    @classmethod
    def of(cls, desire: float, boldness: float) -> People:
        """Return people of these means: desire truncated exponential on [0, 1], boldness exponential."""
        middle = (np.arange(SHARES) + 0.5) / SHARES
        scale = scale_of_truncated(desire)
        desires = -scale * np.log1p(-middle * -math.expm1(-1 / scale))
        boldnesses = -boldness * np.log1p(-middle)
        return cls(np.repeat(desires, SHARES), np.tile(boldnesses, SHARES))


@dataclass(frozen=True)
class Authority:
    """What an authority does: tolerance t, severity s, surveillance v, and how it punishes."""

    tolerance: float
    severity: float
    surveillance: float
    proportional: bool

    def cost(self, people: People) -> tuple[float, float]:
        """Return the mean act and the mean punishment of a person."""
        acts = optimal_acts(people, self)
        excess = acts - self.tolerance
        seen = self.surveillance + (1 - self.surveillance) * acts
        punished = np.where(excess > 0, seen * self.severity * (excess if self.proportional else 1.0), 0.0)
        return float(acts.mean()), float(punished.mean())


def scale_of_truncated(mean: float) -> float:
    """Return the scale of an exponential law that has this mean once it is cut off at 1; mean below 1/2."""
    low, high = 1e-3, 1e6
    for _ in range(200):
        middle = math.sqrt(low * high)
        if middle - 1 / math.expm1(1 / middle) < mean:
            low = middle
        else:
            high = middle
    return high


def optimal_acts(people: People, rule: Authority) -> Floats:
    """Return everybody's best act in floats; the exact one, for one person, is `model.plan_learn.optimal_act`."""
    d, b = people.desire, people.boldness
    t, s, v = rule.tolerance, rule.severity, rule.surveillance
    if not rule.proportional:
        room = b - (1 - v) * s
        line = np.divide(b * t + v * s, room, out=np.full_like(b, math.inf), where=room > 0)
        return np.where((d <= t) | (d >= line), d, t)
    if v == 1:
        return np.where((d <= t) | (b >= s), d, t)
    inner = (t + (b - v * s) / ((1 - v) * s)) / 2
    return np.where(d <= t, d, np.minimum(d, np.maximum(t, inner)))


def climb(
    people: People, start: Authority, rounds: int, seed: int, trial: int
) -> tuple[list[Authority], list[float]]:
    """Let an authority adapt by random hill climbing; return its rule and the mean act of each round.

    Each round one of three numbers is moved by at most STEP. The move is taken back when this round cost more than
    the one before, whether or not that one was kept: so the published code has it.
    """
    low, high = philox_words(np.arange(rounds), trial, 0, PROPOSAL, seed)
    which, where = picks(low, 3).tolist(), (high / 2.0**64).tolist()
    rule, rules, acts, last = start, [], [], math.inf
    for r in range(rounds):
        tried = rule if r == 0 else moved(rule, which[r], where[r])
        act, punishment = tried.cost(people)
        if act + punishment <= last:
            rule = tried
        last = act + punishment
        rules.append(rule)
        acts.append(act)
    return rules, acts


def moved(rule: Authority, which: int, where: float) -> Authority:
    """Return a rule with one number moved to a place in the window around it, 0 its lower end and 1 its upper."""
    numbers = [rule.tolerance, rule.severity, rule.surveillance]
    low = max(BOUNDS[which][0], numbers[which] - STEP)
    high = min(BOUNDS[which][1], numbers[which] + STEP)
    numbers[which] = low + where * (high - low)
    return Authority(*numbers, proportional=rule.proportional)


def suppressed_at(acts: list[float], people: People) -> int | None:
    """Return the first round by which the mean act of WINDOW rounds was below a quarter of what is wished, or None."""
    means = np.convolve(acts, np.full(WINDOW, 1 / WINDOW), "valid")
    found = np.flatnonzero(means < SUPPRESSED * people.desire.mean())
    return int(found[0]) + WINDOW if found.size else None
