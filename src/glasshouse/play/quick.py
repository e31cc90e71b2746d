"""A day whose screened draws are looked up for the whole small society at once; the draws are those of `Day`."""

from __future__ import annotations

from functools import lru_cache

from glasshouse import streams
from glasshouse.ladder import BLOCK, members, on_rung, reach
from glasshouse.model.oracle_day import Day

__all__ = ["QuickDay"]

NEVER_OR_ALWAYS = (0, streams.ALWAYS)


class QuickDay(Day):
    """One citizen's day; `docs/day.md` says what a screened draw is, and this only finds it sooner."""

    def screened(self, decision: int, threshold: int) -> bool:
        """Say whether today's screened draw hits a threshold."""
        if threshold in NEVER_OR_ALWAYS:
            return threshold != 0
        plan = self.plan
        rung = on_rungs(plan.luck, decision, self.t, rungs_below(threshold), plan.citizens).get(self.i)
        if rung is None:
            return False
        return on_rung(rung, streams.private(plan.luck, decision, self.i, self.t)) < threshold


@lru_cache(maxsize=4096)
def rungs_below(threshold: int) -> int:
    """Return `ladder.reach`, remembered: a society has few thresholds."""
    return reach(threshold)


@lru_cache(maxsize=1024)
def on_rungs(luck: int, decision: int, day: int, rungs: int, citizens: int) -> dict[int, int]:
    """Return who of a society stands on one of the first rungs -> the lowest such rung."""
    found: dict[int, int] = {}
    for block in range(-(-citizens // BLOCK)):
        for rung in reversed(range(rungs)):
            found |= {BLOCK * block + place: rung for place in members(luck, decision, block, day, rung)}
    return found
