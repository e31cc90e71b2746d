"""A surface through the worlds that were lived: the expected count in each window at any place of the ranges.

The logarithm of each expected count is a quadratic of the places, fitted by Poisson likelihood to the counts at the
corners, the middles of the faces, and the centre of the ranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["MOST", "Surface", "design", "fit_surface"]

MOST = 3  # numbers fitted together
ROUNDS = 60
ENOUGH = 1e-10
SMALLEST = 0.05  # eigenvalue of a correlation
LEAST = 0.05  # counts of a world: where nothing happened a logarithm would have no end


@dataclass(frozen=True, eq=False)
class Surface:
    """Expected counts of one world.

    Attributes:
        coefficients: Of the quadratic, (windows, terms).
        dispersion: Variance of a count between worlds over its mean, by window, (windows,).
        together: Correlation of the counts of one world, between windows, (windows, windows).
        seeds: Worlds lived at each place.
    """

    coefficients: Floats
    dispersion: Floats
    together: Floats
    seeds: int

    def expected(self, places: Floats) -> Floats:
        """Return the expected counts of one world at places (m, numbers), as (m, windows)."""
        out: Floats = np.exp(terms(places) @ self.coefficients.T)
        return out


def design(numbers: int) -> Floats:
    """Return the places to live at: corners, middles of faces, centre, (places, numbers).

    >>> len(design(1)), len(design(2)), len(design(3))
    (3, 9, 15)
    """
    corners = list(product((0.0, 1.0), repeat=numbers))
    faces = [
        tuple(end if j == i else 0.5 for j in range(numbers)) for i in range(numbers) for end in (0.0, 1.0)
    ]
    return np.array(list(dict.fromkeys([*corners, *faces, (0.5,) * numbers])))


def terms(places: Floats) -> Floats:
    """Return 1, the places, their squares and their products, (m, terms)."""
    columns = [np.ones(len(places)), *places.T, *(places.T**2)]
    columns += [places[:, i] * places[:, j] for i, j in combinations(range(places.shape[1]), 2)]
    return np.stack(columns, axis=1)


def fit_surface(
    places: Floats, counts: Floats, statistics: Sequence[str], spans: Sequence[tuple[int, int]] | None = None
) -> Surface:
    """Return the surface through counts (places, seeds, windows); every window has some count.

    Args:
        places: Where worlds were lived, (places, numbers).
        counts: What was counted in them, (places, seeds, windows).
        statistics: The statistic of each window: the dispersion is that of all windows of one statistic together.
        spans: First and last day of each window; without them windows are taken as independent.
    """
    x, seeds = terms(places), counts.shape[1]
    totals = counts.sum(axis=1)
    coefficients = np.stack([log_linear(x, totals[:, w] / seeds) for w in range(totals.shape[1])])
    return Surface(coefficients, dispersion(counts, statistics), together(counts, statistics, spans), seeds)


def log_linear(x: Floats, y: Floats) -> Floats:
    """Return the coefficients of log E(y) = x b with the greatest Poisson likelihood (iterated least squares)."""
    y = np.maximum(y, LEAST)
    eta = np.log(y)
    b = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        mean = np.exp(eta)
        root = np.sqrt(mean)
        new = np.linalg.lstsq(x * root[:, None], (eta + (y - mean) / mean) * root, rcond=None)[0]
        eta = np.clip(x @ new, -30.0, 30.0)
        if np.max(np.abs(new - b)) < ENOUGH:
            break
        b = new
    return new


def dispersion(counts: Floats, statistics: Sequence[str]) -> Floats:
    """Return the variance between worlds over the mean, pooled over places and the windows of a statistic.

    At least 1 where there is but one seed, and never below a tenth: a count of few events can look too even by chance.
    """
    out = np.ones(counts.shape[2])
    if counts.shape[1] < 2:
        return out
    variance, mean = counts.var(axis=1, ddof=1), counts.mean(axis=1)
    for name in dict.fromkeys(statistics):
        mine = [w for w, one in enumerate(statistics) if one == name]
        out[mine] = max(0.1, float(variance[:, mine].sum() / mean[:, mine].sum()))
    return out


def together(counts: Floats, statistics: Sequence[str], spans: Sequence[tuple[int, int]] | None) -> Floats:
    """Return the correlation between windows of one world, (windows, windows).

    Pairs of the same two statistics that share days have one correlation, pairs of which one follows the other
    directly another, and all others none: the worlds are too few to tell every pair by itself.
    """
    out: Floats = np.eye(counts.shape[2])
    if spans is None or counts.shape[1] < 2:
        return out
    apart = counts - counts.mean(axis=1, keepdims=True)
    products = np.einsum("psi,psj->ij", apart, apart)
    size = np.sqrt(np.maximum(np.diag(products), LEAST))
    each, alike = products / np.outer(size, size), pairs_alike(statistics, spans)
    for pairs in alike.values():
        i, j = np.array(pairs).T
        out[i, j] = out[j, i] = each[i, j].mean()
    least = float(np.linalg.eigvalsh(out)[0])
    if least < SMALLEST:  # drawn towards independence, so that it has an inverse
        out += (SMALLEST - least) / (1 - SMALLEST) * np.eye(len(out))
        out /= out[0, 0]
    return out


def pairs_alike(
    statistics: Sequence[str], spans: Sequence[tuple[int, int]]
) -> dict[tuple[str, str, bool], list[tuple[int, int]]]:
    """Return the pairs of windows that share days or follow each other, by their statistics and which of the two."""
    found: dict[tuple[str, str, bool], list[tuple[int, int]]] = {}
    for i, j in permutations(range(len(spans)), 2):
        (first, last), (begin, end) = spans[i], spans[j]
        shared = begin <= last and first <= end
        follows = last < begin <= 2 * last - first + 1  # j begins before another i would have ended
        if (shared and i < j) or follows:
            names = sorted((statistics[i], statistics[j])) if shared else (statistics[i], statistics[j])
            found.setdefault((names[0], names[1], shared), []).append((i, j))
    return found
