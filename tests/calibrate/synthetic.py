"""Counts whose law is known, drawn by Philox, and how often intervals hold the truth."""

from __future__ import annotations

import math

import numpy as np

from glasshouse import streams
from glasshouse.calibrate.fit import Counts, fitted_to
from glasshouse.calibrate.surface import design, fit_surface

FREE = np.full(2, np.nan)
STATISTICS = ["listings"] * 4 + ["rail"] * 4
DECISION = streams.decision_id("test.calibrate.counts")
PLACE = streams.decision_id("test.calibrate.place")
SEEDS = 32


def rates(places):
    """Return the expected counts: how often people are listed, and how soon they stop asking for trains."""
    listed = 0.5 * 4 ** places[:, 0]
    asked = 1 / (0.5 + 0.5 * places[:, 1])
    return np.stack([200 * listed] * 4 + [60 * listed * asked] * 4, axis=1)


def made_surface(law, numbers=2, statistics=None):
    """Return the surface through the exact expectations of a law, as from one world of dispersion 1 at each place."""
    places = design(numbers)
    exact = law(places)
    return fit_surface(places, exact[:, None, :], statistics or ["a"] * exact.shape[1])


def uniform(who, again, decision, seed=1):
    return (streams.private(seed, decision, who, again) + 0.5) / 2**64


def poisson(mean, who, again):
    """Return a Poisson count by the inverse of its distribution."""
    u, k = uniform(who, again, DECISION), 0
    term = total = math.exp(-mean)
    while u > total and k < 10 * mean + 100:
        k += 1
        term *= mean / k
        total += term
    return k


def drawn(places, again):
    """Return counts at each place, (places, 8)."""
    return np.array(
        [[poisson(m, 100 * i + w, again) for w, m in enumerate(row)] for i, row in enumerate(rates(places))],
        float,
    )


def covered(fits):
    """Return how many of so many synthetic truths lie in the 90 % intervals of each number."""
    places = design(2)
    worlds = np.stack([drawn(places, seed) for seed in range(SEEDS)], axis=1)
    surface = fit_surface(places, worlds, STATISTICS)
    held = np.zeros(2, int)
    for k in range(fits):
        truth = np.array([[0.2 + 0.6 * uniform(k, i, PLACE) for i in range(2)]])
        found = fitted_to(surface, Counts(drawn(truth, SEEDS + k)[0], np.zeros(8), 1.0), FREE)
        held += (found.low <= truth[0]) & (truth[0] <= found.high)
    return held


def band(n, p, tail=0.0005):
    """Return the ends of the 99.9 % band of a binomial, by its own distribution."""
    weights = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    sums = np.cumsum(weights)
    return int(np.searchsorted(sums, tail)), int(np.searchsorted(sums, 1 - tail))
