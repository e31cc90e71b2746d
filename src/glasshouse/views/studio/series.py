"""What a job has counted, day by day: the seven counters of the page, every stock, and some daily counts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from glasshouse.views.studio.job import Job
    from glasshouse.views.studio.living import Counted

    Days = NDArray[np.int64]

__all__ = ["COUNTERS", "News", "counters", "series", "stocks"]

# Counter -> flows that are added up since day 0, or the stock that already is such a sum.
ADDED: Mapping[str, tuple[str, ...]] = {
    "refused": ("refused.plane", "refused.high_speed_rail"),
    "summoned": ("summonses",),
    "posts_withheld": ("posts.withheld",),
}
STANDING: Mapping[str, str] = {
    "listed": "ever_listed",
    "by_association": "punished_ever.association",
    "by_error": "punished_ever.false",
}
COUNTERS = ("refused", "listed", "summoned", "by_association", "by_error", "posts_withheld", "affected")
DAILY = (
    "posts.written",
    "posts.withheld",
    "posts.removed",
    "refused.plane",
    "refused.high_speed_rail",
    "summonses",
    "records.true",
    "records.false",
    "points_lost.all",
    "points_lost.association",
    "ties_cut",
)


@lru_cache(maxsize=64)
def place(names: tuple[str, ...], name: str) -> int:
    """Return where a measure stands among others, -1 where there is none."""
    return names.index(name) if name in names else -1


def column(one: Counted, kind: str, name: str, days: slice) -> Days:
    """Return the nation's counts of a flow or stock on some days; 0 where the scheme has no such thing."""
    layout = one.run.layout
    names, table = (
        (layout.flows, one.memory.daily_flows) if kind == "flow" else (layout.stocks, one.memory.daily_stocks)
    )
    number = place(names, name)
    rows = table[days]
    return rows[:, number] if number >= 0 else np.zeros(len(rows), np.int64)


def counters(job: Job, world: int, days: int) -> dict[str, list[int]]:
    """Return the counters of one world at the end of each of the first days, all since day 0."""
    one, until = job.counted[world], slice(0, days)
    out: dict[str, Any] = {}
    for name, flows in ADDED.items():
        out[name] = np.sum([column(one, "flow", flow, until) for flow in flows], axis=0).cumsum()
    for name, stock in STANDING.items():
        out[name] = column(one, "stock", stock, until)
    out["affected"] = np.array(job.affected[:days], np.int64)
    return {name: out[name].tolist() for name in COUNTERS}


def stocks(job: Job, world: int, t: int) -> dict[str, int]:
    """Return every stock of one world at the end of a day."""
    one = job.counted[world]
    return dict(zip(one.run.layout.stocks, one.memory.daily_stocks[t].tolist(), strict=True))


def series(job: Job) -> dict[str, list[list[int] | None]]:
    """Return every series of a job: name -> for each world a count per day, or None where it has no such thing."""
    days, worlds = job.day, range(len(job.counted))
    until = slice(0, days)
    out: dict[str, list[list[int] | None]] = {name: [] for name in COUNTERS}
    for world in worlds:
        for name, values in counters(job, world, days).items():
            out[name].append(values)
    names = dict.fromkeys(name for one in job.counted for name in one.run.layout.stocks)
    for name in names:
        out[name] = [
            column(one, "stock", name, until).tolist() if name in one.run.layout.stocks else None
            for one in job.counted
        ]
    for name in DAILY:
        out[f"{name}.daily"] = [column(one, "flow", name, until).tolist() for one in job.counted]
    return out


class News:
    """Tells the days of a job one after another, as messages for a socket.

    Args:
        job: The job.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._told = 0
        self._sums = [dict.fromkeys(ADDED, 0) for _ in job.counted]

    @property
    def told(self) -> int:
        """Days told so far."""
        return self._told

    def next_day(self) -> dict[str, Any] | None:
        """Return the next day, or None where it is not lived yet."""
        t, job = self._told, self._job
        if t >= job.day:
            return None
        self._told += 1
        worlds = range(len(job.counted))
        return {
            "type": "day",
            "t": t,
            "date": job.date(t),
            "counters": [self._counters(world, t) for world in worlds],
            "stocks": [stocks(job, world, t) for world in worlds],
        }

    def _counters(self, world: int, t: int) -> dict[str, int]:
        """Return the counters of one world at the end of a day."""
        one, sums, now = self._job.counted[world], self._sums[world], slice(t, t + 1)
        for name, flows in ADDED.items():
            sums[name] += sum(int(column(one, "flow", flow, now)[0]) for flow in flows)
        standing = {name: int(column(one, "stock", stock, now)[0]) for name, stock in STANDING.items()}
        found = {**sums, **standing, "affected": self._job.affected[t]}
        return {name: found[name] for name in COUNTERS}
