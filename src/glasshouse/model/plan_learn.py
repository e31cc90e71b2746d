"""Perceived risk and restraint as integers: weights in 2^-16 and one table of factors.

The strategic table is the optimum of Daymude, Axelrod and Forrest, "Strategic Analysis of Dissent and
Self-Censorship" (arXiv 2509.03731, PNAS 2025): a citizen of desire d and boldness b, under surveillance v,
tolerance t and severity s, acts at a* and posts at the rate a*/d.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from glasshouse import streams
from glasshouse.society.activity import exponential_sixteenths, truncated_exponential_sixteenths

if TYPE_CHECKING:
    from glasshouse.scenario import schema

LEVELS = 256
WHOLE = 65536


@dataclass(frozen=True)
class LearnPlan:
    """Weights and decay in 2^-16; factors[16 * desire + boldness][risk >> 8], one row if not strategic."""

    strategic: bool
    own: int
    friend: int
    chat: int
    bulletin: int
    decay: int
    factors: tuple[tuple[int, ...], ...]


@cache
def compile_learn(learn: schema.Learn) -> LearnPlan:
    """Compile what is learned and what it does."""
    strategic = learn.restraint == "strategic"
    return LearnPlan(
        strategic=strategic,
        own=weight(learn.own_weight),
        friend=weight(learn.friend_weight),
        chat=weight(learn.chat_weight),
        bulletin=weight(learn.bulletin_weight),
        decay=streams.half_life_factor(float(learn.half_life_days)),
        factors=strategic_factors(learn) if strategic else (plain_factors(learn),),
    )


def weight(value: float) -> int:
    """Return a weight in 2^-16."""
    return round(streams.exact(value) * WHOLE)


def plain_factors(learn: schema.Learn) -> tuple[int, ...]:
    """Return what is left of a rate at each level of risk: 1 - min(1, strength x risk)."""
    strength = streams.exact(learn.strength) if learn.restraint == "proportional" else Fraction(0)
    return tuple(
        round((1 - min(Fraction(1), strength * Fraction(level, LEVELS))) * WHOLE) for level in range(LEVELS)
    )


def strategic_factors(learn: schema.Learn) -> tuple[tuple[int, ...], ...]:
    """Return a*/d for 16 desires x 16 boldnesses at each level of risk taken as surveillance."""
    tolerance = streams.exact(learn.tolerance)
    severity = streams.exact(learn.severity)
    proportional = learn.punishment == "proportional"
    return tuple(
        tuple(
            factor(desire, boldness, Fraction(level, LEVELS), tolerance, severity, proportional=proportional)
            for level in range(LEVELS)
        )
        for desire in truncated_exponential_sixteenths(streams.exact(learn.desire_mean))
        for boldness in exponential_sixteenths(streams.exact(learn.boldness_mean))
    )


def factor(d: Fraction, b: Fraction, v: Fraction, t: Fraction, s: Fraction, *, proportional: bool) -> int:
    """Return a*/d in 2^-16 for one citizen and one level of surveillance."""
    act = optimal_act(d, b, v, t, s, proportional=proportional)
    return round(act / d * WHOLE)


def optimal_act(
    d: Fraction, b: Fraction, v: Fraction, t: Fraction, s: Fraction, *, proportional: bool = False
) -> Fraction:
    """Return the optimal act in [0, d]: desire d, boldness b, surveillance v, tolerance t, severity s.

    Up to the tolerance nobody is punished. Above it a uniform punishment makes the act all or nothing; a
    proportional one has an inner optimum.
    """
    if d <= t or s == 0:
        return d
    if not proportional:
        defies = b > (1 - v) * s and d >= (b * t + v * s) / (b - (1 - v) * s)
        return d if defies else t
    if v == 1:
        return d if b >= s else t
    return min(d, max(t, (t + (b - v * s) / ((1 - v) * s)) / 2))
