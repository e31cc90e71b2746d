"""An order: one world, or two of the same people, checked and compiled before it is taken."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.compare.pair import pair_of_plans
from glasshouse.errors import UsageError
from glasshouse.model.plan import compile_plan
from glasshouse.views.cli_limits import estimate, refuse_if_too_large
from glasshouse.views.studio import caps
from glasshouse.views.studio.wish import NAME, Wish, wish_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.model.plan import Plan
    from glasshouse.scenario.load import Loaded

__all__ = ["TWIN_NAME", "Order", "order_of"]

LARGEST_SEED = 2**64 - 1
TWIN_NAME = "twin.toml"


@dataclass(frozen=True)
class Order:
    """What is to be lived.

    Attributes:
        wishes: The scenario of each world, as asked for.
        loaded: The same, checked.
        plans: The same, compiled.
        texts: The same, as texts that load by themselves.
    """

    wishes: tuple[Wish, ...]
    loaded: tuple[Loaded, ...]
    plans: tuple[Plan, ...]
    texts: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """The first world's: people and days are the same in both."""
        return self.plans[0]

    @property
    def files(self) -> tuple[str, ...]:
        """What a shell calls each scenario: a preset's id, or the file that its text is saved in."""
        return tuple(
            wish.preset if wish.preset is not None and self._told(wish) else name
            for wish, name in zip(self.wishes, (NAME, TWIN_NAME), strict=False)
        )

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines for a shell that live the same again: each world for itself, and both beside each other."""
        size = [f"--{name}={getattr(self.plan, name)}" for name in ("citizens", "days", "seed")]
        pairs = list(zip(self.wishes, self.files, strict=True))
        lines = [["glasshouse", "run", file, *options(wish, file), *size] for wish, file in pairs]
        if len(pairs) == 2:
            lines.append(["glasshouse", "compare", *self._beside(), *size, "--replicates=1", "-o", "DIR"])
        return tuple(map(shlex.join, lines))

    def _told(self, wish: Wish) -> bool:
        """Say whether a shell can be told all changes of a wish: `--set` takes no line breaks."""
        return not any("\n" in toml_word(value) for value in wish.set.values())

    def _beside(self) -> list[str]:
        """Return the words by which `compare` knows the two scenarios."""
        first, second = self.wishes
        if first.preset is not None and not first.set and not first.without and second.preset == first.preset:
            return [first.preset, *options(second, self.files[1])]
        changed = [wish.set or wish.without for wish in self.wishes]
        return [
            name if more else file
            for file, more, name in zip(self.files, changed, (NAME, TWIN_NAME), strict=True)
        ]


def options(wish: Wish, file: str) -> list[str]:
    """Return the changes of a preset as options; those of a text are written into it."""
    if wish.preset != file:
        return []
    chosen = [f"--set={key}={toml_word(value)}" for key, value in wish.set.items()]
    return [*chosen, *(f"--without={one}" for one in wish.without)]


def toml_word(value: Any) -> str:
    """Return a value as `--set` takes it."""
    from glasshouse.scenario.writing import spelled

    return value if isinstance(value, str) else spelled(value)


def order_of(body: Mapping[str, Any]) -> Order:
    """Return the order that a request's body holds.

    Raises:
        ScenarioError: a scenario is not valid.
        UsageError: the wish is none, beyond the caps, or the worlds have not the same people.
        RefusedError: memory does not hold it.
    """
    first = wish_of(body)
    twin = body.get("twin")
    if twin is not None and not isinstance(twin, dict):
        raise UsageError("`twin` must be an object or null")
    wishes = (first,) if twin is None else (first, wish_of(twin, bare=True).over(first))
    loaded = tuple(wish.loaded for wish in wishes)
    society = loaded[0].scenario.society
    citizens = whole(body, "citizens", min(society.citizens, caps.CITIZENS), 1, caps.CITIZENS)
    days = whole(body, "days", min(society.days, caps.DAYS), 1, caps.DAYS)
    seed = whole(body, "seed", society.seed, 0, LARGEST_SEED)
    for one in loaded:
        needed = estimate(one.scenario, citizens=citizens, days=days, worlds=len(loaded), written=False)
        refuse_if_too_large(one.scenario, needed, citizens, worlds=len(loaded))
    scenarios = [one.scenario for one in loaded]
    if len(scenarios) == 1:
        plans: tuple[Plan, ...] = (compile_plan(scenarios[0], citizens=citizens, days=days, seed=seed),)
    else:
        plans = pair_of_plans(*scenarios, citizens=citizens, days=days, seed=seed)
    return Order(wishes, loaded, plans, tuple(wish.written for wish in wishes))


def whole(body: Mapping[str, Any], key: str, usual: int, low: int, high: int) -> int:
    """Return a whole number of the body; large ones may come as text, for JSON of pages knows 2^53 at most.

    Raises:
        UsageError: it is no whole number within its bounds.
    """
    given = body.get(key)
    if given is None:
        return usual
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) <= 20:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        raise UsageError(f"`{key}` must be a whole number from {low:,} to {high:,}")
    return given
