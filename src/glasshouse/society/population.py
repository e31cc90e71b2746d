"""Citizens: province, group, age, sex, town or country, online, membership, each a pure function of the id.

Nothing is stored per citizen. Ids lie in province order, in blocks whose sizes follow the census; every other
trait is one private draw with day 0 (`docs/day.md` sections 1 and 2).
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING

from glasshouse.errors import ScenarioError
from glasshouse.streams import ALWAYS, BUILTIN, category, cumulative, event, exact, private, threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.scenario.schema import Scenario, Society

AGES = 100  # years of age 0 to 99
MAX_IDS = 4_000_000_000  # an id is one 32-bit word of a counter


@dataclass(frozen=True, slots=True)
class Population:
    """The synthetic citizens 0..citizens-1; all thresholds are 64-bit ints as in `streams.threshold`.

    Attributes:
        citizens: Number of citizens.
        seed: World seed.
        province_names: The 31 provinces in census order.
        province_start: 32 offsets; province p has the ids province_start[p] .. province_start[p + 1] - 1.
        group_names: Groups with a share above 0, sorted.
        group_cumulative: Cumulative thresholds of the groups; the last is ALWAYS.
        age_cumulative: 100 cumulative thresholds of the years of age; the last is ALWAYS.
        male_threshold: Share of men and boys.
        rural_threshold: Share living in the country.
        online_thresholds: Share online, for each of 100 years of age.
        member_threshold: Share of those old enough who are scored; 0 without a score.
        member_min_age: Age of the youngest member, in years; 0 without a score.
    """

    citizens: int
    seed: int
    province_names: tuple[str, ...]
    province_start: tuple[int, ...]
    group_names: tuple[str, ...]
    group_cumulative: tuple[int, ...]
    age_cumulative: tuple[int, ...]
    male_threshold: int
    rural_threshold: int
    online_thresholds: tuple[int, ...]
    member_threshold: int
    member_min_age: int

    def province(self, i: int) -> int:
        """Return the province number of citizen `i`, 0 to 30."""
        if not 0 <= i < self.citizens:
            raise IndexError(f"citizen {i} is outside 0..{self.citizens - 1}")
        return bisect_right(self.province_start, i) - 1  # the last of equal starts: it skips empty provinces

    def province_size(self, p: int) -> int:
        """Return the number of citizens of province `p`."""
        return self.province_start[p + 1] - self.province_start[p]

    def group(self, i: int) -> int:
        """Return the number of the citizen's group, an index into `group_names`."""
        return category(self._trait("people.group", i), self.group_cumulative)

    def age(self, i: int) -> int:
        """Return the age of citizen `i` in years, 0 to 99."""
        return category(self._trait("people.age", i), self.age_cumulative)

    def male(self, i: int) -> bool:
        """Say whether citizen `i` is a man or boy."""
        return event(self._trait("people.male", i), self.male_threshold)

    def rural(self, i: int) -> bool:
        """Say whether citizen `i` lives in the country."""
        return event(self._trait("people.rural", i), self.rural_threshold)

    def online(self, i: int) -> bool:
        """Say whether citizen `i` uses the internet at all."""
        return event(self._trait("people.online", i), self.online_thresholds[self.age(i)])

    def member(self, i: int) -> bool:
        """Say whether citizen `i` is scored; nobody is without a score."""
        old_enough = self.age(i) >= self.member_min_age
        return old_enough and event(self._trait("people.member", i), self.member_threshold)

    def _trait(self, name: str, i: int) -> int:
        return private(self.seed, BUILTIN[name], i, 0)


def compile_population(scenario: Scenario, citizens: int, seed: int) -> Population:
    """Return the population of a scenario for a number of citizens and a world seed.

    Raises:
        ValueError: `citizens` is outside 1 to 4 billion, or `seed` is no 64-bit number.
        ScenarioError: the age bands or the groups leave nobody.
    """
    if not 1 <= citizens <= MAX_IDS:
        raise ValueError(f"{citizens} citizens, expected 1 to {MAX_IDS}")
    if not 0 <= seed < 2**64:
        raise ValueError(f"the seed is {seed}, expected 0 to 2^64 - 1")
    society, score = scenario.society, scenario.score
    names, census = _census()
    shares = {name: share for name, share in sorted(society.group_shares.items()) if share > 0}
    return Population(
        citizens=citizens,
        seed=seed,
        province_names=names,
        province_start=(0, *accumulate(largest_remainder(citizens, census))),
        group_names=tuple(shares),
        group_cumulative=_closed(list(shares.values()), "society.group_shares"),
        age_cumulative=_closed(_age_shares(society), "society.age_shares"),
        male_threshold=threshold(1 - exact(society.female_share)),
        rural_threshold=threshold(1 - exact(society.urban_share)),
        online_thresholds=_online_thresholds(society),
        member_threshold=threshold(score.member_share) if score else 0,
        member_min_age=score.min_age if score else 0,
    )


def largest_remainder(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return whole numbers that sum to `total` in proportion to `weights`, by largest remainder.

    Equal remainders go to the earlier one.
    """
    whole = sum(weights)
    sizes = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda k: (-(total * weights[k] % whole), k))
    for k in by_remainder[: total - sum(sizes)]:
        sizes[k] += 1
    return tuple(sizes)


@cache
def _census() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the names and populations of the 31 provinces, census of 2020."""
    source = files("glasshouse.society") / "data" / "census2020_provinces.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    return tuple(row["province"] for row in rows), tuple(int(row["population"]) for row in rows)


def _closed(shares: Sequence[Fraction | float], field: str) -> tuple[int, ...]:
    """Return cumulative thresholds whose last is ALWAYS, so that everybody falls somewhere."""
    if not any(share > 0 for share in shares):
        raise ScenarioError((), f"{field}: no share is above 0", help="give shares that sum to 1")
    return *cumulative(shares)[:-1], ALWAYS


def _age_shares(society: Society) -> list[Fraction]:
    """Return the share of each year of age, uniform inside a band."""
    shares = [Fraction(0)] * AGES
    ends = (*society.age_from[1:], AGES)
    for first, end, share in zip(society.age_from, ends, society.age_shares, strict=True):
        for year in range(first, end):
            shares[year] = exact(share) / (end - first)
    return shares


def _online_thresholds(society: Society) -> tuple[int, ...]:
    """Return the threshold of being online for each year of age."""
    out = [0] * AGES
    for first, share in zip(society.online_from, society.online_shares, strict=True):
        out[first:] = [threshold(share)] * len(out[first:])
    return tuple(out)
