"""The plan laid out flat for the kernels: a few integer tables with named columns.

`int64` tables hold numbers, `uint64` tables hold thresholds and keys; a new scenario has other contents and
lengths but the same types, so nothing is compiled anew.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse import streams
from glasshouse.model.layout import (
    B_CHAT,
    B_DECISION,
    B_DELAYS,
    B_FLOW,
    B_ONLINE,
    B_RESTRAINED,
    B_SEEN,
    B_SPEECH,
    B_SUSPENSION,
    BT_ALARM,
    BT_CAUGHT,
    BT_DELAY,
    BT_MISATTRIBUTED,
    BT_OFFICE,
    BT_REMOVED,
    BT_SEEN,
    BT_SUMMONS,
    BT_SUSPENDED,
    CLASSES,
    DECISIONS,
    FACTOR_KINDS,
    FLOW_BEHAVIOUR,
    NEAR,
    NO_LINE_AT_LEAST,
    NO_LINE_BELOW,
    P_NEAR_SHIFT,
    P_REPRESENTATIVES,
    P_SLOTS,
    P_STEPS,
    P_VACANT,
    PER_BEHAVIOUR,
    TABLES,
)
from glasshouse.model.pack_scalars import pack_scalars, pack_thresholds
from glasshouse.model.pack_slots import pack_slots, slots_of
from glasshouse.society.columns import ORIGINS
from glasshouse.society.permutation import Permutation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from glasshouse.model.plan import BehaviourPlan, ListPlan, Plan

Rows = list[list[int]]


def pack(plan: Plan) -> np.recarray:
    """Lay out a plan for the kernels: an array of one record of type layout.TABLES.

    Raises:
        ValueError: more behaviours, rules, lists, circles or flows than there is room for.
    """
    slots = slots_of(plan)
    behaviours, behaviour_thresholds, delays = pack_behaviours(plan)
    activities = [b.activity for b in plan.behaviours] + [m.activity for m in plan.modes]
    modes, mode_thresholds = pack_modes(plan)
    lists, list_thresholds = pack_lists(plan)
    factors, factor_classes = pack_factors(plan)
    circles, circle_friends, orders = pack_ties(plan)
    scalars = pack_scalars(plan)
    slot_tables = pack_slots(plan, slots)
    scalars[P_SLOTS], scalars[P_STEPS] = len(slots), len(slot_tables["step_slots"])
    scalars[P_REPRESENTATIVES] = len(orders) - 1
    scalars[P_NEAR_SHIFT], near = provinces_near(plan)
    scalars[P_VACANT] = len(plan.vacant)
    seed = plan.seed & streams.MASK32, plan.seed >> 32
    score, people = plan.score, plan.population
    return record(
        key=[*seed, 0],
        luck=[*seed, streams.ALWAYS if plan.mirrored else 0],
        scalars=scalars,
        thresholds=pack_thresholds(plan),
        behaviours=behaviours,
        behaviour_thresholds=behaviour_thresholds,
        delays=delays,
        activities=[
            [a.doer_decision, a.class_decision, len(a.rates), a.min_age, a.max_age] for a in activities
        ],
        doers=[a.doer_threshold for a in activities],
        classes=[padded(a.class_cumulative, CLASSES, streams.ALWAYS) for a in activities],
        rates=[list(a.rates) + [(0, 0, 0, 0)] * (CLASSES - len(a.rates)) for a in activities],
        rules=pack_rules(plan),
        lists=lists,
        list_thresholds=list_thresholds,
        modes=modes,
        mode_thresholds=mode_thresholds,
        factors=factors,
        factor_classes=factor_classes,
        checks=pack_checks(plan),
        faces=plan.identity.face_by_group,
        platforms=plan.platform_passed_on,
        foreign=[int(f) for f in plan.platform_foreign],
        **slot_tables,
        restraint=plan.learn.factors,
        traits=pack_traits(plan),
        start_points=score.start_points if score else (),
        start_spread=score.start_spread if score else (),
        lengths=plan.police.detention_days if plan.police else (),
        grade_from=score.grade_from if score else (),
        province_start=people.province_start,
        province_near=near,
        vacant=plan.vacant,
        circles=circles,
        circle_friends=circle_friends,
        permutations=orders,
    )


def record(**tables: Sequence[Any] | np.ndarray) -> np.recarray:
    """Return one record with every table in the first rows of its place.

    Raises:
        ValueError: a table has more rows than its place.
    """
    out = np.zeros(1, TABLES).view(np.recarray)
    for name, rows in tables.items():
        place = out[name][0]
        if len(rows) > len(place):
            raise ValueError(f"{len(rows)} {name}, at most {len(place)}")
        if len(rows):
            place[: len(rows)] = np.array(rows, dtype=place.dtype)
    return out


def pack_graph(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Return the stored graph as (indptr int64, indices uint32); one empty row without a graph."""
    if plan.ties.indptr is None or plan.ties.indices is None:
        return np.zeros(1, np.int64), np.zeros(1, np.uint32)
    return np.ascontiguousarray(plan.ties.indptr, np.int64), np.ascontiguousarray(
        plan.ties.indices, np.uint32
    )


def padded(values: Iterable[int], size: int, rest: int = 0) -> list[int]:
    """Return the values with `rest` up to `size`; ValueError when there are more."""
    values = list(values)
    if len(values) > size:
        raise ValueError(f"{len(values)} entries, at most {size}")
    return values + [rest] * (size - len(values))


def provinces_near(plan: Plan) -> tuple[int, list[int]]:
    """Return a shift, and for every k in 0..NEAR-1 the province of citizen k << shift, the last one beyond the end."""
    shift = max(0, (plan.citizens - 1).bit_length() - (NEAR - 1).bit_length())
    starts = plan.population.province_start[:-1]
    return shift, [bisect_right(starts, min(k << shift, plan.citizens - 1)) - 1 for k in range(NEAR)]


def pack_behaviours(plan: Plan) -> tuple[Rows, Rows, Rows]:
    """Return the behaviours, their thresholds and their delays."""
    rows, thresholds, delays = [], [], []
    for k, b in enumerate(plan.behaviours):
        numbers = {
            B_SPEECH: int(b.speech),
            B_ONLINE: int(b.online),
            B_CHAT: int(b.chat),
            B_RESTRAINED: int(b.restrained),
            B_SUSPENSION: b.suspension_days,
            B_DELAYS: len(b.delay_days),
            B_SEEN: len(b.seen_cumulative),
            B_FLOW: FLOW_BEHAVIOUR + PER_BEHAVIOUR * k,
        }
        rows.append(
            [numbers[column] for column in range(B_DECISION)] + [b.decisions[name] for name in DECISIONS]
        )
        thresholds.append(behaviour_thresholds(b, police=plan.police is not None))
        delays.append(padded(b.delay_days, 8))
    return rows, thresholds, delays


def behaviour_thresholds(b: BehaviourPlan, *, police: bool) -> list[int]:
    """Return the thresholds of one behaviour, in the order of the BT_ columns; nobody is summoned without police."""
    single = {
        BT_CAUGHT: b.caught,
        BT_ALARM: b.false_alarm,
        BT_MISATTRIBUTED: b.misattributed,
        BT_REMOVED: b.removed,
        BT_SUSPENDED: b.suspended,
        BT_SUMMONS: b.summons if police else 0,
        BT_OFFICE: b.office_threshold,
    }
    seen = padded(b.seen_cumulative, BT_DELAY - BT_SEEN)
    return [single[column] for column in range(BT_SEEN)] + seen + padded(b.delay_cumulative, 8)


def pack_rules(plan: Plan) -> Rows:
    """Return the rules on records."""
    if plan.score is None:
        return []
    start = FLOW_BEHAVIOUR + PER_BEHAVIOUR * len(plan.behaviours) + 2 * len(plan.lists)
    return [
        [r.behaviour, r.points, r.allowance, r.slot, start + len(ORIGINS) * k - 1]
        for k, r in enumerate(plan.score.rules)
    ]


def pack_lists(plan: Plan) -> tuple[Rows, Rows]:
    """Return the lists and their thresholds."""
    start = FLOW_BEHAVIOUR + PER_BEHAVIOUR * len(plan.behaviours)
    rows = []
    for k, one in enumerate(plan.lists):
        mask = sum(1 << b for b in one.entry_behaviours)
        below, at_least = entry_lines(plan, one)
        row = [one.perk, one.company, below, at_least, mask, one.term, one.slot]
        row += [one.exit_at_least, one.exit_below, one.closes, start + 2 * k]
        row += [one.decisions[a] for a in ("entry", "initial", "initial_term")]
        lines = {below, one.exit_below} != {NO_LINE_BELOW} or {at_least, one.exit_at_least} != {
            NO_LINE_AT_LEAST
        }
        row += [plan.score is not None and not one.company and lines, one.start_below]
        rows.append([int(x) for x in row])
    thresholds = [[one.entry_threshold, one.initial] for one in plan.lists]
    return rows, thresholds


def entry_lines(plan: Plan, one: ListPlan) -> tuple[int, int]:
    """Return the scores below and from which a list is entered; none where no sanction follows from a score."""
    if plan.score is None or not (one.perk or plan.score.sanctions_follow):
        return NO_LINE_BELOW, NO_LINE_AT_LEAST
    return one.entry_below, one.entry_at_least


def pack_modes(plan: Plan) -> tuple[Rows, Rows]:
    """Return the ways of travel and their thresholds."""
    rows = [
        [m.mode, m.retries_max] + [m.decisions[a] for a in ("retry", "stop", "substitute")]
        for m in plan.modes
    ]
    return rows, [[m.retry, m.stop, m.substitute] for m in plan.modes]


def pack_checks(plan: Plan) -> Rows:
    """Return the checks at new lines and renewals; login is among the scalars."""
    rows = []
    for check in plan.identity.checks[:2]:
        name = f"identity.{check.name}"
        decisions = [streams.BUILTIN[f"{name}.id"], streams.BUILTIN[f"{name}.face"]]
        rows.append([check.from_day, int(check.face), *decisions])
    return rows


def pack_factors(plan: Plan) -> tuple[Rows, Rows]:
    """Return the factors of a weighted score and the cumulative thresholds of their classes."""
    factors = plan.score.factors if plan.score else ()
    rows = [
        [
            FACTOR_KINDS.index(f.kind),
            f.weight,
            f.decision,
            len(f.cumulative),
            f.slot,
            f.full_at,
            *padded(f.levels, 16),
        ]
        for f in factors
    ]
    return rows, [padded(f.cumulative, CLASSES) for f in factors]


def pack_ties(plan: Plan) -> tuple[Rows, list[int], list[tuple[int, ...]]]:
    """Return circles, their friendship thresholds and the round keys of every order.

    Orders: rings first, then one per circle (31 for a provincial one), then the representatives.
    """
    starts = plan.population.province_start
    n = plan.citizens
    orders = [Permutation(max(n, 1), plan.seed, ring, 0).keys for ring in plan.ties.rings]
    rows = []
    for c in plan.ties.circles:
        rows.append(
            [
                int(c.provincial),
                len(c.sizes),
                c.period,
                c.friends_decision,
                int(c.chat),
                len(orders),
                *padded(c.starts[: len(c.sizes)], 16),
            ]
        )
        sizes = [b - a for a, b in itertools.pairwise(starts)] if c.provincial else [n]
        orders += [
            Permutation(max(m, 1), plan.seed, c.permutation_decision, s).keys for s, m in enumerate(sizes)
        ]
    orders.append(Permutation(n, plan.seed, streams.BUILTIN["company.representative"], 0).keys)
    return rows, [c.friends_threshold for c in plan.ties.circles], orders


def pack_traits(plan: Plan) -> Rows:
    """Return the threshold rows of traits, start classes, outcomes and lengths."""
    people = plan.population
    rows = [people.age_cumulative, people.online_thresholds, people.group_cumulative]
    rows.append(plan.score.start_cumulative if plan.score else ())
    rows.append(plan.police.outcome_cumulative if plan.police else ())
    rows.append(plan.police.detention_cumulative if plan.police else ())
    return [padded(row, 100) for row in rows]
