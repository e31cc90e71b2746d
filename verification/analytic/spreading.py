"""Checks of what friends do to friends: the rule on friends as a contagion on graphs that formulas know.

Everybody starts with score 0; who has enough low-scoring friends falls to -1 and stays there. Friends count every day
as of the evening before, so what is spread after a day is known exactly, and so is the end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from glasshouse.replicate.cascades import needed_of_share, poisson, reached, trigger, window
from glasshouse.replicate.lives import settled, stock, world
from glasshouse.replicate.watts import single_starts
from verification.analytic.check import Check, Finding, exact
from verification.analytic.samples import of_few, of_mean
from verification.analytic.worlds import ADULTS, loaded, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.scenario.schema import Scenario

FALLING = (
    ADULTS
    + """
[score]
base_points = 0
floor_points = -1
ceiling_points = 0
low_cutoff_points = 0
[initial.score]
weights = [1.0, 0.0]
points = [0, -1]
[rule.friends]
on = "association"
points = -1
every = "day"
"""
)
RANDOM = '[graph]\nkind = "erdos-renyi"\nmean_friends = 1.0\n'
DAYS = 400  # at most; a world ends when nothing changes
WORLDS = 12
PHI = 0.18
ONE = 1  # friend needed


def begun(seeds: float) -> list[float]:
    """Return the weights of the start scores when this share begins low."""
    return [round(1 - seeds, 12), round(seeds, 12)]


def scheme(ties: str, seeds: float, **friends: Any) -> Scenario:
    """Return the scheme on some ties, with a share of seeds and how many friends are needed."""
    changes = {"initial.score.weights": begun(seeds)} | {
        f"rule.friends.{key}": value for key, value in friends.items()
    }
    return loaded(FALLING + ties, changes).scenario


def shares(one: Scenario, citizens: int, seed: int, worlds: int = WORLDS) -> list[float]:
    """Return the share that has fallen in the end, in some worlds."""
    n = size_of(citizens)
    return [settled(world(one, worlds * seed + k, citizens=n, days=DAYS))[-1] / n for k in range(worlds)]


def random_ties(mean: float) -> str:
    """Return a random graph of this mean number of friends."""
    return RANDOM.replace("1.0", str(float(mean)))


# ---------------------------------------------------------------- thresholds (Watts; Gleeson and Cahalane)


def watts_window(seed: int) -> list[Finding]:
    """One citizen starts a global cascade with the chance to have a friend in the vulnerable cluster; none outside."""
    n, worlds, found = size_of(10_000), 60, []
    for mean in (1.5, 3.0, 4.0, 0.5, 8.0):
        one = scheme(random_ties(mean), 1 / n, min_share=PHI)
        starts = single_starts(one, n, 1_000 * seed)
        sizes = [settled(world(one, next(starts), citizens=n, days=DAYS))[-1] / n for _ in range(worlds)]
        large = sum(size > 0.05 for size in sizes)
        chance = trigger(mean, PHI)
        what = f"share of {worlds} cascades that are global at z = {mean:g}"
        found.append(
            of_few(what, chance, large, worlds, mean)
            if 1 < mean < 6
            else exact(what, 0, large / worlds, mean)
        )
    return found


def cascade_sizes(seed: int) -> list[Finding]:
    """The share that falls in the end is the fixed point of Gleeson and Cahalane."""
    found = []
    for mean, share, seeds in ((4.0, 0.18, 0.01), (6.0, 0.18, 0.01), (3.0, 0.25, 0.05), (3.0, 0.18, 0.001)):
        due = reached(poisson(mean), needed_of_share(share), seeds)
        values = shares(scheme(random_ties(mean), seeds, min_share=share), 20_000, seed)
        found.append(of_mean(f"share fallen, z = {mean:g}, threshold {share}, seeds {seeds}", due, values))
    return found


def window_ends(seed: int) -> list[Finding]:  # noqa: ARG001 - nothing is drawn
    """The shipped window and sizes are the published ones, to as many digits as are printed."""
    found = []
    for share, low, high in ((0.18, 1.0207, 5.7647), (0.1, 1.0, 13.6593), (0.25, 1.1141, 3.8631)):
        ends = window(share) or (math.nan, math.nan)
        found += [
            exact(f"lower end at {share}", low, round(ends[0], 4)),
            exact(f"upper end at {share}", high, round(ends[1], 4)),
        ]
    found.append(exact("windows at 0.26", 0, float(window(0.26) is not None)))
    for mean, share, seeds, due in (
        (4, 0.18, 0.01, 0.98039),
        (6, 0.18, 0.01, 0.99751),
        (3, 0.25, 0.05, 0.94403),
        (3, 0.18, 0.001, 0.94055),
    ):
        size = reached(poisson(mean), needed_of_share(share), seeds)
        found.append(exact(f"size at z = {mean}, threshold {share}, seeds {seeds}", due, round(size, 5)))
    return found


# ---------------------------------------------------------------- contagion by one friend


def final_size(seed: int) -> list[Finding]:
    """x = 1 - (1 - s) exp(-R x): who is ever reached by a contagion that each contact passes on."""
    found, seeds = [], 0.01
    for contacts in (1.2, 1.5, 2.0, 3.0):
        due = fixed_point(lambda x, r=contacts: 1 - (1 - seeds) * math.exp(-r * x))
        values = shares(scheme(random_ties(contacts), seeds, min_friends=ONE), 20_000, seed)
        found.append(of_mean(f"share reached, R = {contacts}", due, values, contacts))
    return found


def giant(seed: int) -> list[Finding]:
    """S = 1 - exp(-z S): one citizen reaches the giant component with chance S, and then S of all."""
    n, worlds, found = size_of(10_000), 60, []
    for mean in (1.5, 2.0):
        due = fixed_point(lambda x, z=mean: 1 - math.exp(-z * x))
        one = scheme(random_ties(mean), 1 / n, min_friends=ONE)
        starts = single_starts(one, n, 1_000 * seed)
        sizes = [settled(world(one, next(starts), citizens=n, days=DAYS))[-1] / n for _ in range(worlds)]
        large = [size for size in sizes if size > 0.1]
        found.append(
            of_few(f"share of citizens in the giant component, z = {mean:g}", due, len(large), worlds, mean)
        )
        found.append(of_mean(f"its size, z = {mean:g}", due, large, mean))
    return found


def fixed_point(function: Callable[[float], float]) -> float:
    """Return the largest fixed point of a rising function on [0, 1]."""
    x = 1.0
    for _ in range(10_000):
        x = function(x)
    return x


def pairs(circles: int, kept: float) -> str:
    """Return circles of two: a random graph in which everybody has so many ties, each kept with a chance."""
    return "".join(
        f'[circle.c{k:02}]\nscope = "nation"\nsizes = [2]\nfriend_share = {kept}\n' for k in range(circles)
    )


def percolation(seed: int) -> list[Finding]:
    """Ties of a random regular graph kept with chance T carry a contagion beyond its seeds where T (d - 1) > 1."""
    found, seeds = [], 0.01
    for degree, kept in ((8, 0.25), (3, 0.8), (3, 0.45), (5, 0.3)):
        due = reached([0.0] * degree + [1.0], lambda _: ONE, seeds, kept=kept)
        values = shares(scheme(pairs(degree, kept), seeds, min_friends=ONE), 20_000, seed)
        found.append(
            of_mean(
                f"share reached, {degree} ties each kept with chance {kept}", due, values, kept * (degree - 1)
            )
        )
    return found


# ---------------------------------------------------------------- rings


def rings(number: int) -> str:
    """Return so many rings; two or more are a random graph in which everybody has twice as many friends."""
    return "".join(f"[ring.r{k}]\n" for k in range(number))


def bootstrap(seed: int) -> list[Finding]:
    """Bootstrap percolation on random regular graphs: whoever has two fallen friends falls (Balogh and Pittel 2007)."""
    found = []
    for number, needed, seeds in ((2, 2, 0.05), (3, 2, 0.05), (3, 3, 0.05), (3, 3, 0.2)):
        due = reached([0.0] * (2 * number) + [1.0], lambda _, k=needed: k, seeds)
        values = shares(scheme(rings(number), seeds, min_friends=needed), 20_000, seed)
        found.append(
            of_mean(f"share fallen, {2 * number} friends, {needed} needed, seeds {seeds}", due, values, seeds)
        )
    return found


def one_ring(seed: int) -> list[Finding]:
    """After day t everybody within t + 1 places of a seed has fallen: 1 - (1 - s)^(2t + 3), with its exact error."""
    seeds, n, found = 0.02, size_of(40_000), []
    engine = world(scheme(rings(1), seeds, min_friends=ONE), seed, citizens=n, days=12)
    for t in range(engine.plan.days):
        engine.step()
        span = 2 * t + 3
        share = stock(engine, "flagged") / n
        error = math.sqrt(variance_on_ring(1 - seeds, span) / n)
        found.append(Finding(f"share fallen after day {t}", 1 - (1 - seeds) ** span, share, error, t))
    return found


def variance_on_ring(q: float, span: int) -> float:
    """Return n times the variance of the share of citizens with a seed within a stretch of `span` on the ring.

    Two stretches whose middles are d apart hold no seed with chance q^(span + d), until they part at d = span.
    """
    apart = q ** (2 * span)
    return q**span - apart + 2 * math.fsum(q ** (span + d) - apart for d in range(1, span))


CHECKS: Sequence[Check] = (
    Check(
        "watts-window",
        "model",
        "P(global) = 1 - exp(-z (1 - u)), u = 1 - sum_{k <= K} k p_k (1 - u^(k-1)) / z, K = floor(1 / threshold)",
        "threshold 0.18 on random graphs of 10,000, one seed, 60 worlds for each z",
        "Watts, PNAS 99 (2002) 5766",
        watts_window,
        axis="mean number of friends",
    ),
    Check(
        "cascade-size",
        "model",
        "q = s + (1 - s) sum_k (k / z) p_k P(Bin(k - 1, q) >= threshold k), size likewise with k",
        "thresholds 0.18 and 0.25 on random graphs of 20,000, 12 worlds each",
        "Gleeson and Cahalane, Phys. Rev. E 75 (2007) 056103",
        cascade_sizes,
    ),
    Check(
        "cascade-formulas",
        "library",
        "z P(Poisson(z) <= K - 2) = 1 and the fixed points, as printed",
        "replicate.cascades, four thresholds and four sizes",
        "Watts 2002; Gleeson and Cahalane 2007",
        window_ends,
        smoke=True,
    ),
    Check(
        "final-size",
        "model",
        "x = 1 - (1 - s) exp(-R x)",
        "one low friend is enough, random graphs of 20,000 with R = 1.2 to 3 contacts, seeds 1 %, 12 worlds each",
        "Kermack and McKendrick, Proc. R. Soc. A 115 (1927) 700, in the form of Reed and Frost",
        final_size,
        axis="contacts R",
    ),
    Check(
        "giant-component",
        "model",
        "S = 1 - exp(-z S): chance of one citizen to be in it, and its size",
        "one low friend is enough, one seed, random graphs of 10,000, 60 worlds each",
        "Erdos and Renyi, Publ. Math. Inst. Hung. Acad. Sci. 5 (1960) 17",
        giant,
    ),
    Check(
        "tie-percolation",
        "model",
        "h = (1 - s)(1 - T + T h)^(d - 1), reached = 1 - (1 - s)(1 - T + T h)^d; threshold T (d - 1) = 1",
        "circles of two, friends with chance T, 20,000 citizens, seeds 1 %, 12 worlds each",
        "Newman, Phys. Rev. E 66 (2002) 016128",
        percolation,
        axis="T (d - 1)",
    ),
    Check(
        "bootstrap-percolation",
        "model",
        "q = s + (1 - s) P(Bin(d - 1, q) >= k), fallen = s + (1 - s) P(Bin(d, q) >= k)",
        "two and three rings of 20,000, two or three low friends needed, 12 worlds each",
        "Balogh and Pittel, Random Struct. Alg. 30 (2007) 257",
        bootstrap,
    ),
    Check(
        "spread-on-a-ring",
        "model",
        "share after day t = 1 - (1 - s)^(2t + 3); covariances of overlapping stretches summed exactly",
        "one ring of 40,000, one low friend is enough, seeds 2 %, twelve days",
        "independent seeds; one step a day in either direction, as of the evening before",
        one_ring,
        smoke=True,
        axis="day",
    ),
)
