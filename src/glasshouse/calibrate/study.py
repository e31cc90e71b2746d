"""A calibration: what is asked, the worlds that it takes, the fit, and the counts that it did not see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.calibrate.fit import Counts, fitted_to
from glasshouse.calibrate.numbers import DEFAULT, named
from glasshouse.calibrate.result import Calibration, Fitted, Held, Regime, Seen
from glasshouse.calibrate.series import read_series
from glasshouse.calibrate.statistics import STATISTICS
from glasshouse.calibrate.surface import MOST, Surface, design, fit_surface
from glasshouse.calibrate.windows import windows
from glasshouse.calibrate.worldlist import Job, Task, earlier, lived, spans_of
from glasshouse.errors import Interrupted, RefusedError, ScenarioError, UsageError, clean
from glasshouse.model.flows import flow_names
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.explain import meant
from glasshouse.scenario.load import Loaded, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.calibrate.fit import Fit
    from glasshouse.calibrate.windows import Window
    from glasshouse.scenario.assumptions import Assumption
    from glasshouse.scenario.schema import Scenario

    Floats = NDArray[np.float64]

__all__ = ["CITIZENS", "NATION", "REPLICATES", "WARM_UP", "Question", "calibrate", "question"]

NATION = 1_411_780_000  # people counted in 2020, servicemen included (society/data/README.md)
CITIZENS = 500_000
REPLICATES = 6
WARM_UP = 365  # days lived before the first day of the scenario
SETTLED = 5 / 6  # of them must lie before a window: who has just been listed still asks for tickets
LONGEST_WARM_UP = 3650
BEYOND = 1.25  # how far published counts may lie outside what the ranges reach before nothing is fitted
SIDES = 1.6449  # standard deviations of a 90 % interval
NOT_COUNTED = "nothing in this scenario counts it"
NEVER = "it does not happen in the worlds lived"
WORK_PER_S = 30e6  # citizen-days of one process, where few of many citizens are active


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        loaded: The scenario as written.
        scenario: The same begun earlier.
        numbers: The numbers to fit, with their ranges.
        windows: The published counts that can be lived, fitted or held out.
        passed: Why each other row of the table is passed over, by line.
        on: Ids of the statistics that are fitted.
        citizens: Citizens of each world.
        days: Days of each world, the earlier ones included.
        seeds: Seed of each world at one place.
        warm_up: Days before the first day of the scenario.
        people: People of the nation.
    """

    loaded: Loaded
    scenario: Scenario = field(repr=False)
    numbers: tuple[Assumption, ...]
    windows: tuple[Window, ...]
    passed: Mapping[int, str] = field(repr=False)
    on: tuple[str, ...]
    citizens: int
    days: int
    seeds: tuple[int, ...]
    warm_up: int
    people: int

    @property
    def worlds(self) -> int:
        """How many worlds are to be lived in all: the design, and the fitted values once more."""
        return (len(design(len(self.numbers))) + 1) * len(self.seeds)

    @property
    def job(self) -> Job:
        """What the worlds have in common."""
        spans = spans_of(self.windows, self.scenario.society.start_date)
        return Job(self.scenario, self.numbers, spans, self.citizens, self.days)

    @property
    def days_lived(self) -> int:
        """Up to which day a world is lived: the last that is counted."""
        return max(one.last for one in self.job.spans) + 1


def question(
    scenario: str | Path | Loaded,
    to: str | Path,
    *,
    fit: Sequence[str] = (),
    on: Sequence[str] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - the word of the command line
    without: Sequence[str] = (),
    citizens: int | None = None,
    seed: int | None = None,
    replicates: int = REPLICATES,
    warm_up: int = WARM_UP,
    people: int = NATION,
) -> Question:
    """Return what is asked: the numbers with their ranges, and the published counts within the days that are lived.

    Args:
        scenario: Preset id, path, or loaded scenario.
        to: A table of published aggregates.
        fit: Dotted paths of the numbers to fit, each with `=LOW:HIGH` behind it for a range of its own.
        on: Ids of the statistics to fit; listings and rail refusals by default. Others of the table are held out.
        set: Numbers to change first.
        without: Rules to switch off first.
        citizens: Citizens of each world.
        seed: Seed of the first world at each place.
        replicates: Worlds at each place; the same seeds at all of them.
        warm_up: Days lived before the first day of the scenario.
        people: People of the nation that the counts are of.

    Raises:
        UsageError: an argument is not allowed.
        RefusedError: the table is not one of published aggregates, or holds nothing that can be fitted.
        InputOutputError: the table cannot be read.
    """
    whole = isinstance(scenario, Loaded) and not (set or without)
    source = scenario.path if isinstance(scenario, Loaded) else scenario
    loaded = scenario if whole and isinstance(scenario, Loaded) else load(source, set=set, without=without)
    if not 0 <= warm_up <= LONGEST_WARM_UP:
        raise UsageError(f"--warm-up {warm_up}: expected 0 to {LONGEST_WARM_UP} days")
    numbers = named(loaded, fit or DEFAULT)
    if len(numbers) > MOST:
        raise UsageError(f"{len(numbers)} numbers to fit, expected at most {MOST}")
    series = read_series(to)
    society, before = loaded.scenario.society, earlier(loaded.scenario, warm_up)
    last = society.start_date + dt.timedelta(days=society.days - 1)
    settled = before.society.start_date + dt.timedelta(days=round(SETTLED * warm_up))
    found, passed = windows(series, settled, last)
    found, passed = of_the_scenario(found, passed, before)
    wanted = fitted_statistics(on, found)
    seed = society.seed if seed is None else seed
    return Question(
        loaded, before, tuple(numbers), tuple(found), passed, wanted, citizens or CITIZENS, society.days + warm_up,
        tuple((seed + k) % 2**64 for k in range(replicates)), warm_up, people,
    )  # fmt: skip


def of_the_scenario(
    found: Sequence[Window], passed: Mapping[int, str], scenario: Scenario
) -> tuple[list[Window], dict[int, str]]:
    """Return the windows whose counts a scenario makes; the others are passed over."""
    names = {*flow_names(compile_plan(scenario, citizens=1_000, days=1))}
    kept = [one for one in found if all(flow in names for _, flow in STATISTICS[one.statistic].flows)]
    return kept, {**passed, **{one.lines[-1]: NOT_COUNTED for one in found if one not in kept}}


def fitted_statistics(on: Sequence[str], found: Sequence[Window]) -> tuple[str, ...]:
    """Return which statistics are fitted, in the order of the list.

    Raises:
        UsageError: there is no such statistic.
        RefusedError: the table has no counts of one within the days that are lived.
    """
    for name in on:
        if name not in STATISTICS:
            near = meant(name, STATISTICS)
            help = f"did you mean {near}?" if near else f"there are {', '.join(STATISTICS)}"
            raise UsageError(f"--on {clean(name)}: no such statistic", help=help)
    there = {one.statistic for one in found}
    for name in on:
        if name not in there:
            raise RefusedError(
                f"the table has no count of {STATISTICS[name].label} within the days that are lived",
                help="`held out` and `passed over` say what it has; --warm-up begins the days earlier",
            )
    wanted = on or [one.id for one in STATISTICS.values() if one.fitted and one.id in there]
    if not wanted:
        raise RefusedError(
            "the table has no count within the days that are lived that could be fitted",
            help="--on names other statistics",
        )
    return tuple(name for name in STATISTICS if name in wanted)


def calibrate(
    asked: Question,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Calibration:
    """Live the worlds of a question, fit its numbers, and hold the fit against the counts that it did not see.

    Args:
        asked: What is asked.
        threads: Worlds lived at the same time; they change no result.
        progress: Called after each world with (worlds, worlds in all).
        should_stop: Asked before each world whether to stop there.

    Raises:
        ScenarioError: the published counts lie far outside what the scenario can make in the ranges.
        RefusedError: there are not more counts than numbers.
        Interrupted: `should_stop` said so; nothing is kept.
    """
    from glasshouse.run import default_threads

    at_once = max(1, min(default_threads(threads), asked.worlds))
    places, done = design(len(asked.numbers)), 0

    def live(places: Floats) -> Floats:
        """Return the counts of the worlds at some places, (places, seeds, windows)."""
        nonlocal done
        tasks = [Task(seed, tuple(place.tolist())) for place in places for seed in asked.seeds]
        out = np.zeros((len(tasks), len(asked.windows)))
        try:
            for at, counts in lived(asked.job, tasks, processes=at_once, should_stop=should_stop):
                out[at], done = counts, done + 1
                if progress is not None:
                    progress(done, asked.worlds)
        except Interrupted as error:
            raise Interrupted(
                f"stopped after {done:,} of {asked.worlds:,} worlds; nothing is kept"
            ) from error
        return out.reshape(len(places), len(asked.seeds), -1)

    counts = live(places)
    happens = np.flatnonzero(counts.sum(axis=(0, 1)) > 0)
    kept = [asked.windows[w] for w in happens]
    spans = [(one.first.toordinal(), one.last.toordinal()) for one in kept]
    surface = fit_surface(places, counts[:, :, happens], [one.statistic for one in kept], spans)
    published = Counts(
        np.array([one.value for one in kept], float),
        np.array([one.rounding for one in kept], float),
        asked.people / asked.citizens,
    )
    mine = np.array([one.statistic in asked.on for one in kept], bool)
    refuse_unreachable(asked, kept, published, places, surface)
    found, held = identified(asked.numbers, part_of(surface, mine), part_of_counts(published, mine))
    again = live(found.best[None])[0][:, happens] * published.scale
    never = {one.lines[-1]: NEVER for one in asked.windows if one not in kept}
    seen = told(kept, asked.on, surface, published, found, again.mean(axis=0))
    return Calibration(
        scenario=asked.loaded.name,
        changes=asked.loaded.changes,
        notice=asked.loaded.scenario.notice,
        citizens=asked.citizens,
        days=asked.days_lived,
        warm_up=asked.warm_up,
        seeds=asked.seeds,
        people=asked.people,
        worlds=asked.worlds,
        fitted=tuple(numbers_of(asked.numbers, found, held)),
        held=held,
        seen=seen,
        regimes=tuple(regimes(seen)),
        factor=found.factor,
        degrees=found.degrees,
        passed={**asked.passed, **never},
    )


def part_of(surface: Surface, chosen: NDArray[np.bool_]) -> Surface:
    """Return the surface of some windows."""
    together = surface.together[np.ix_(chosen, chosen)]
    return Surface(surface.coefficients[chosen], surface.dispersion[chosen], together, surface.seeds)


def part_of_counts(published: Counts, chosen: NDArray[np.bool_]) -> Counts:
    """Return the counts of some windows."""
    return Counts(published.values[chosen], published.rounding[chosen], published.scale)


def refuse_unreachable(
    asked: Question, kept: Sequence[Window], published: Counts, places: Floats, surface: Surface
) -> None:
    """Raise ScenarioError when a statistic that is fitted lies far outside what the ranges reach."""
    made = published.scale * surface.expected(places)
    for name in asked.on:
        mine = [w for w, one in enumerate(kept) if one.statistic == name]
        if not mine:
            raise RefusedError(f"{STATISTICS[name].label}: {NEVER}", help="try more --citizens")
        total, reach = published.values[mine].sum(), made[:, mine].sum(axis=1)
        if not reach.min() / BEYOND <= total <= reach.max() * BEYOND:
            keys = ", ".join(one.path for one in asked.numbers)
            raise ScenarioError(
                (),
                f"{STATISTICS[name].label}: {total:,.0f} are published, and the scenario makes "
                f"{reach.min():,.0f} to {reach.max():,.0f} of them in the ranges of {clean(keys, 200)}",
                help="give a number another range (--fit KEY=LOW:HIGH), or fit another number",
            )


def identified(
    numbers: Sequence[Assumption], surface: Surface, published: Counts
) -> tuple[Fit, tuple[Held, ...]]:
    """Return the fit of the numbers that the counts identify, and why the others are held as written.

    A number whose interval reaches both ends of its range is not identified: the counts do not say anything about
    it, or another number moves them alike.

    Raises:
        RefusedError: no number is identified, or there are not more counts than numbers.
    """
    fixed = np.full(len(numbers), np.nan)
    held: list[Held] = []
    while True:
        found = fitted_to(surface, published, fixed)
        loose = [i for i in np.flatnonzero(np.isnan(fixed)).tolist() if all(found.open_ends(i))]
        if not loose:
            return found, tuple(held)
        for i in loose:
            others = [
                numbers[j].path
                for j in np.flatnonzero(np.isnan(fixed)).tolist()
                if j != i and found.alike(i, j)
            ]
            why = (
                f"cannot be told apart from {' and '.join(others)}"
                if others
                else "the counts do not hang on it"
            )
            held.append(Held(numbers[i], why))
        fixed[loose] = [numbers[i].place(numbers[i].value) for i in loose]
        if not np.isnan(fixed).any():
            reasons = "; ".join(f"{one.number.path} {one.why}" for one in held)
            raise RefusedError(
                f"these counts identify none of the numbers: {clean(reasons, 400)}",
                help="fit fewer or other numbers (--fit), or other statistics (--on)",
            )


def numbers_of(numbers: Sequence[Assumption], found: Fit, held: Sequence[Held]) -> Iterator[Fitted]:
    """Yield the numbers that were fitted, with their intervals."""
    for i, one in enumerate(numbers):
        if any(each.number is one for each in held):
            continue
        at_low, at_high = found.open_ends(i)
        yield Fitted(
            one,
            one.at(float(found.best[i])),
            one.at(float(found.low[i])),
            one.at(float(found.high[i])),
            at_low,
            at_high,
        )


def told(
    kept: Sequence[Window], on: Sequence[str], surface: Surface, published: Counts, found: Fit, again: Floats
) -> tuple[Seen, ...]:
    """Return every window with what the model makes of it at the fitted values.

    Its interval holds the values that the counts do not rule out, and the chance of the worlds lived; it is one of
    the expected count, not of what another month would bring.
    """
    best = published.scale * surface.expected(found.best[None])[0]
    reach = published.scale * surface.expected(found.region)
    chance = SIDES * np.sqrt(surface.dispersion * published.scale / surface.seeds / best)
    low, high = reach.min(axis=0) * np.exp(-chance), reach.max(axis=0) * np.exp(chance)
    return tuple(
        Seen(one, one.statistic in on, float(best[w]), float(low[w]), float(high[w]), float(again[w]))
        for w, one in enumerate(kept)
    )


def regimes(seen: Sequence[Seen]) -> Iterator[Regime]:
    """Yield for each way of counting a statistic how many are published for one that the model makes."""
    for statistic in STATISTICS.values():
        if not statistic.breaks:
            continue
        for number in range(len(statistic.breaks) + 1):
            mine = [
                one for one in seen if one.window.statistic == statistic.id and one.window.regime == number
            ]
            if not mine:
                continue
            total = sum(one.window.value for one in mine)
            model, low, high = (sum(getattr(one, name) for one in mine) for name in ("model", "low", "high"))
            begin = statistic.breaks[number - 1] if number else None
            end = statistic.breaks[number] if number < len(statistic.breaks) else None
            yield Regime(statistic.id, begin, end, total / model, total / high, total / low)
