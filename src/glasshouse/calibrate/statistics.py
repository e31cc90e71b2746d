"""The closed list of published statistics, and what the model counts of each.

`docs/calibrate.md` says where the series come from. A quantity without a counterpart is known, so that a table may hold
it, and is passed over with its reason.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BY_QUANTITY", "KINDS", "NO_COUNTERPART", "QUANTITIES", "STATISTICS", "UNITS", "Statistic"]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A published count with a counterpart in the model.

    Attributes:
        id: What it is called here.
        label: Its words.
        quantities: What it is called in tables.
        flows: What the model counts: sign and flow, summed.
        fitted: Whether it is fitted unless others are named; otherwise it is held out and shown.
        breaks: Days from which it was counted in another way.
    """

    id: str
    label: str
    quantities: tuple[str, ...]
    flows: tuple[tuple[int, str], ...]
    fitted: bool = False
    breaks: tuple[dt.date, ...] = ()


# Air refusals rose eightfold in two years while the list grew evenly, and doubled in the second quarter of 2019: more
# was counted, or more counters asked. No source says which, so that no one rate can be fitted to the whole series.
_COUNTED = (
    Statistic(
        "listings",
        "listings on the court list",
        ("jspe_list_cumulative", "jspe_added"),
        ((1, "entered.court"),),
        fitted=True,
    ),
    Statistic(
        "rail",
        "high-speed rail tickets refused",
        ("hsr_blocked",),
        ((1, "refused.high_speed_rail"),),
        fitted=True,
    ),
    Statistic(
        "plane",
        "plane tickets refused",
        ("air_blocked",),
        ((1, "refused.plane"),),
        breaks=(dt.date(2019, 4, 1),),
    ),
    Statistic("performed", "debts performed", ("complied",), ((1, "debts_performed"),)),
    Statistic("delistings", "exits from the court list", ("jspe_removed",), ((1, "left.court"),)),
    Statistic(
        "flights", "plane journeys", ("air_passengers",), ((1, "requested.plane"), (-1, "refused.plane"))
    ),
)
STATISTICS: Mapping[str, Statistic] = {one.id: one for one in _COUNTED}
BY_QUANTITY: Mapping[str, Statistic] = {
    quantity: one for one in STATISTICS.values() for quantity in one.quantities
}
NO_COUNTERPART: Mapping[str, str] = {
    "jspe_list": "a stock; only what happens within a time is fitted",
    "jspe_list_current": "a stock; only what happens within a time is fitted",
    "records_added_all_lists": "all lists together, people and firms; the model has the court list",
    "people_added_all_lists": "all lists together; the model has the court list",
    "subjects_added_all_lists": "all lists together, people and firms; the model has the court list",
    "subjects_removed_all_lists": "all lists together, people and firms; the model has the court list",
    "train_ban_named_list": "a list that this fit does not follow",
    "air_ban_named_list": "a list that this fit does not follow",
    "blacklist_records_added_all": "all lists together; the model has the court list",
    "firms_added_all_lists": "all lists together; the model has the court list",
    "platform_records": "the model keeps no such platform",
    "creditchina_records": "the model keeps no such platform",
    "emu_passengers": "wider than the trains that a debtor may not take",
    "rail_passengers": "all trains together; the model has three kinds",
    "ever_flown": "a stock; only what happens within a time is fitted",
}
QUANTITIES = (*BY_QUANTITY, *NO_COUNTERPART)
UNITS = (
    "firms", "listings", "passengers", "person-times", "persons", "persons-or-entities", "persons-or-listings",
    "persons-or-times", "records", "subjects",
)  # fmt: skip
KINDS = ("annual", "cumulative", "monthly", "nine months", "stock")
