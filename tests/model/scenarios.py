"""Scenarios for the tests of the model, and the comparison of oracle and kernels that they all go through."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from copy import deepcopy

import numpy as np
from hypothesis import strategies as st

from glasshouse.model.engine import Engine
from glasshouse.model.oracle import PHASES, World
from glasshouse.model.oracle_day import Day
from glasshouse.model.oracle_end import bulletin
from glasshouse.model.plan import compile_plan
from glasshouse.model.state import RARE_PLACES, ROW
from glasshouse.scenario.schema import Scenario
from glasshouse.society.columns import COLUMNS, RARE
from glasshouse.verify import census

START = dt.date(2019, 1, 20)  # 1sts on days 12 and 40

# Every mechanism at a rate that makes it fire often among few people.
EVERYTHING = {
    "glasshouse": 1,
    "title": "everything at once",
    "society": {
        "citizens": 300,
        "days": 45,
        "start_date": START,
        "age_from": [0, 14, 18],
        "age_shares": [0.1, 0.1, 0.8],
        "online_from": [0, 10],
        "online_shares": [0.2, 0.9],
        "group_shares": {"a": 0.6, "b": 0.3, "c": 0.1},
    },
    "initial": {
        "listed_share": {"court": 0.1, "late": 0.1, "score": 0.05, "vip": 0.1},
        "score": {"weights": [0.5, 0.3, 0.2], "points": [1000, 955, 1010]},
    },
    "circle": {
        "chat": {"scope": "nation", "sizes": [12, 5], "friend_share": 0.2, "chat": True},
        "household": {"scope": "province", "sizes": [1, 2, 3, 4], "friend_share": 1.0},
        "talk": {"scope": "province", "sizes": [4], "chat": True},
    },
    "ring": {"r1": {}, "r2": {}},
    "platform": {
        "domestic": {"kind": "domestic", "passed_on_share": 0.9},
        "foreign": {"kind": "foreign", "passed_on_share": 0.4},
        "other": {"kind": "domestic", "passed_on_share": 1.0},
    },
    "behaviour": {
        "court_default": {
            "kind": "default",
            "per_day": 0.08,
            "online": True,
            "seen_share": 1.0,
            "false_alarm_per_day": 0.02,
            "min_age": 18,
            "restrained": True,
            "summons_share": 0.2,
        },
        "games": {
            "kind": "purchase",
            "per_day": 0.12,
            "activity_cv": "1",
            "online": True,
            "seen_on": {"domestic": 0.7, "foreign": 0.3},
            "false_alarm_per_day": 0.01,
            "min_age": 6,
            "male_multiplier": 1.5,
            "rural_multiplier": 0.6,
            "restrained": True,
            "summons_share": 0.1,
        },
        "police_criticism": {
            "kind": "speech",
            "per_day": 0.15,
            "classes": {"weights": [0.5, 0.3, 0.2], "multipliers": [0.2, 1.0, 3.0]},
            "online": True,
            "chat": True,
            "restrained": True,
            "seen_on": {"domestic": 0.6, "foreign": 0.2, "other": 0.1},
            "caught_share": 0.9,
            "removed_share": 0.6,
            "suspended_share": 0.4,
            "suspension_days": 3,
            "summons_share": 0.5,
            "misattributed_share": 0.3,
            "false_alarm_per_day": 0.02,
            "delay_days": [0, 2],
            "delay_shares": [0.7, 0.3],
            "min_age": 14,
            "max_age": 90,
        },
        "prosocial": {
            "kind": "prosocial",
            "per_day": 0.2,
            "doer_share": 0.7,
            "online": True,
            "seen_share": 0.6,
            "false_alarm_per_day": 0.02,
            "delay_days": [0, 3],
            "delay_shares": [0.5, 0.5],
            "restrained": True,
        },
    },
    "score": {
        "base_points": 1000,
        "floor_points": 850,
        "ceiling_points": 1015,
        "member_share": 0.95,
        "min_age": 14,
        "recovery_points": 4,
        "recovery_every_days": 2,
        "decay_points": 1,
        "low_cutoff_points": 960,
        "grade": [
            {"name": "D", "from_points": 850, "to_points": 899},
            {"name": "C", "from_points": 900, "to_points": 959},
            {"name": "A", "from_points": 960, "to_points": 1015},
        ],
    },
    "rule": {
        "court": {"behaviour": "court_default", "points": -30},
        "court_comfort": {"behaviour": "court_default", "points": 1},
        "friends": {"on": "association", "points": -9, "min_friends": 4, "min_share": 0.3},
        "games": {"behaviour": "games", "points": -8, "allowance": 1},
        "games_comfort": {"behaviour": "games", "points": 1},
        "police_criticism": {"behaviour": "police_criticism", "points": -25},
        "police_comfort": {"behaviour": "police_criticism", "points": 1},
        "police_extra": {"behaviour": "police_criticism", "points": -5, "allowance": 1},
        "prosocial": {"behaviour": "prosocial", "points": 6},
        "prosocial_tax": {"behaviour": "prosocial", "points": -1, "allowance": 1},
    },
    "list": {
        "court": {
            "entry_records_of": ["court_default", "police_criticism"],
            "entry_share": 0.5,
            "term_days": 20,
            "performed_per_day": 0.03,
            "closes": ["plane", "high_speed_rail", "rail"],
        },
        "good": {"kind": "perk", "entry_score_at_least": 1004, "exit_score_below": 1001},
        "late": {"entry_records_of": ["games"], "entry_share": 0.2, "term_days": 0, "closes": ["plane"]},
        "reps": {"entry_companies": True, "closes": ["plane"]},
        "score": {
            "entry_score_below": 930,
            "exit_score_at_least": 950,
            "term_days": 12,
            "repaired_per_day": 0.06,
            "closes": ["plane", "high_speed_rail"],
        },
        "vip": {
            "kind": "perk",
            "entry_records_of": ["prosocial"],
            "entry_share": 0.2,
            "exit_score_below": 960,
        },
    },
    "travel": {
        "plane": {
            "requests_per_day": 0.2,
            "retry_share": 0.5,
            "retries_max": 3,
            "stop_share": 0.1,
            "substitute_share": 0.5,
            "activity_cv": "1",
            "traveller_share": 0.9,
        },
        "high_speed_rail": {"requests_per_day": 0.25, "substitute_share": 0.3, "rural_multiplier": 0.7},
        "rail": {"requests_per_day": 0.3, "stop_share": 0.2, "min_age": 10},
    },
    "police": {
        "interrogated_share": 0.9,
        "outcomes": {"pledge": 0.25, "reprimand": 0.25, "fine": 0.25, "detention": 0.25},
        "detention_days": [2, 5, 0],
        "detention_shares": [0.5, 0.4, 0.1],
        "owner_liable_share": 0.6,
        "owner_suspension_days": 2,
        "owner_points": -10,
    },
    "redress": {
        "filed_share": 0.5,
        "decision_days": 2,
        "won_if_false_share": 0.7,
        "won_if_true_share": 0.3,
    },
    "learn": {
        "restraint": "proportional",
        "own_weight": 0.2,
        "friend_weight": 0.03,
        "chat_weight": 0.01,
        "bulletin_weight": 0.2,
        "half_life_days": 10.0,
    },
    "ties": {"cut_share": 0.3},
    "identity": {
        "borrowed_share": 0.2,
        "forged_share": 0.01,
        "false_non_match_share": {"a": 0.1, "b": 0.2},
        "false_match_share": 0.9,
        "tries": 2,
        "offline_days": 3,
        "new_line": {"per_day": 0.05, "check": "id_and_face"},
        "renewal": {"per_day": 0.05, "check": "id", "from_date": dt.date(2019, 1, 25)},
        "login": {"check": "id_and_face", "from_date": dt.date(2019, 1, 22)},
    },
    "company": {
        "companies_per_citizen": 0.2,
        "default_per_day": 0.05,
        "performed_per_day": 0.05,
        "term_days": 12,
    },
}

WEIGHTED = {
    "kind": "weighted",
    "base_points": 700,
    "floor_points": 350,
    "ceiling_points": 950,
    "low_cutoff_points": 800,
    "factor": {
        "friends": {"weight": 0.25, "of": "friends"},
        "means": {"weight": 0.25, "of": "trait", "weights": [0.5, 0.5], "levels": [0.2, 0.9]},
        "none": {"weight": 0.125, "of": "records", "rule": "gone", "full_at": 3},
        "record": {"weight": 0.25, "of": "records", "rule": "games", "full_at": 4},
        "same": {"weight": 0.125, "of": "trait", "levels": [0.5]},
    },
}
WEIGHTED_LISTS = {
    "low": {"entry_score_below": 740, "exit_score_at_least": 800, "closes": ["plane"]},
    "high": {"kind": "perk", "entry_score_at_least": 800, "exit_score_below": 790},
}
GRAPHS = {
    "erdos-renyi": {"mean_friends": 5.0},
    "watts-strogatz": {"k": 4, "rewired_share": 0.2},
    "barabasi-albert": {"m": 2},
    "block": {"mean_friends": 2.0, "within_share": 0.8},
    "configuration": {"degrees": [1, 3, 8], "degree_shares": [0.5, 0.3, 0.2]},
    "complete": {},
}


# ---- making plans


def changed(tables, changes):
    """Return the tables with others laid over them; None takes a key away."""
    out = dict(tables)
    for key, value in changes.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = changed(out[key], value)
        else:
            out[key] = deepcopy(value)
    return out


def everything(**changes):
    """Return the tables of the everything scenario with changes."""
    return changed(EVERYTHING, changes)


def plan_of(tables, citizens=None, days=None, seed=None):
    """Return the plan of tables."""
    return compile_plan(Scenario.model_validate(tables), citizens=citizens, days=days, seed=seed)


def toml_of(tables):
    """Return tables as the text of a scenario file."""
    lines = []

    def value(x):
        if isinstance(x, bool):
            return str(x).lower()
        if isinstance(x, str):
            return json.dumps(x)
        if isinstance(x, dt.date):
            return x.isoformat()
        if isinstance(x, list):
            return f"[{', '.join(value(one) for one in x)}]"
        if isinstance(x, dict):
            return f"{{ {', '.join(f'{k} = {value(one)}' for k, one in x.items())} }}"
        return repr(x)

    def table(name, rows):
        lines.append(f"[{name}]" if name else "")
        lines.extend(f"{k} = {value(one)}" for k, one in rows.items() if not is_table(one))
        for k, one in rows.items():
            if is_table(one):
                table(f"{name}.{k}" if name else k, one)

    def is_table(x):
        return isinstance(x, dict)

    table("", tables)
    return "\n".join(lines) + "\n"


# ---- oracle against kernels


def snapshots(world):
    """Return for each phase of the world's next day (rows, flows by (name, province, group)); nothing changes."""
    rows = [[] for _ in PHASES]
    flows = [Counter() for _ in PHASES]
    letters = world.inbox_of_today()
    for i, state in enumerate(world.states):
        traits = world.traits[i]
        day = Day(
            world.plan,
            traits,
            i,
            world.t,
            state.copy(),
            letters.get(i, ()),
            bulletin(world, world.t),
            lambda i=i: len(world.uncut(i)),
            world.ties,
        )
        for number, phase in enumerate(PHASES):
            day.phase = number + 1
            phase(day)
            rows[number].append(day.state.columns())
            for name, amount in day.flows.items():
                flows[number][name, traits.province, traits.group] += amount
    return list(zip(rows, flows, strict=True))


def same_columns(engine, rows, where):
    """Hold the engine's columns against rows of the oracle."""
    n, columns = engine.plan.citizens, engine.columns
    for column in COLUMNS:
        found = columns[column.name][:n].astype(np.int64)
        expected = np.array([row[column.name] for row in rows], np.int64)
        if not (found == expected).all():
            i = int(np.flatnonzero(found != expected)[0])
            raise AssertionError(
                f"{where}: {column.name} of citizen {i}: oracle {expected[i]}, kernels {found[i]}"
            )


class Saved:
    """What a world is between two days, given back as a checkpoint would."""

    def __init__(self, engine):
        self.engine, self.numbers = engine, engine.numbers
        self.arrays = {
            name: np.concatenate([one.copy() for one in several]) for name, several in engine.pieces()
        }

    def world(self):
        """Return a world that is the same again."""
        one = self.engine
        return Engine.restored(one.plan, self.numbers, self, one.threads, one.parts[0].chunk, len(one.parts))

    def into(self, name, *arrays):
        ends = np.cumsum([len(one) for one in arrays])
        for one, end in zip(arrays, ends, strict=True):
            one[...] = self.arrays[name][end - len(one) : end]

    def pieces(self, name, dtype, rows):
        for start in range(0, len(self.arrays[name]), rows):
            yield self.arrays[name][start : start + rows].astype(dtype)


def with_rare(engine, name, column):
    """Return the world with a rare column of the first citizens set."""
    values = np.stack([engine.columns[c.name] for c in RARE], axis=1).astype(np.uint16)
    values[: len(column), RARE_PLACES[name]] = column
    citizens = np.flatnonzero(values.any(axis=1))
    saved = Saved(engine)
    saved.arrays["rows"] = np.zeros(citizens.size, ROW)
    saved.arrays["rows"]["citizen"], saved.arrays["rows"]["values"] = citizens, values[citizens]
    return saved.world()


def same_cells(names, cells, expected, where):
    """Hold an array (provinces, groups, names) against counts by (name, province, group)."""
    found = {(names[k], int(p), int(g)): int(cells[p, g, k]) for p, g, k in np.argwhere(cells)}
    expected = {key: amount for key, amount in expected.items() if amount}
    if found != expected:
        key = min(k for k in found.keys() | expected.keys() if found.get(k) != expected.get(k))
        raise AssertionError(f"{where}: {key}: oracle {expected.get(key, 0)}, kernels {found.get(key, 0)}")


def same_world(engine, world, where):
    """Hold the state, the messages under way and the companies against the oracle's."""
    same_columns(engine, [state.columns() for state in world.states], where)
    assert [tuple(row) for row in engine.pending().tolist()] == world.pending(), where
    assert engine.company["company_until"].tolist() == world.company_until, where
    assert engine.company["company_ever"].tolist() == world.company_ever, where
    same_cells(engine.stock_names, engine.stocks, census(world), where)


def compare(plan, *, days=None, phases=None, threads=1, chunk_quads=1, parts=1, backend="cpu"):
    """Live a plan in the oracle and in the kernels, equal bit by bit; return the sum of each flow.

    The rows and flows are compared after every phase, too, on the days in `phases`; None means on all days.
    """
    engine, world = Engine(plan, threads, chunk_quads, parts, backend), World(plan)
    fired = Counter()
    same_world(engine, world, "before day 0")
    for t in range(plan.days if days is None else days):
        if phases is None or t in phases:
            saved = Saved(engine)
            for number, (rows, flows) in enumerate(snapshots(world)[:-1], start=1):
                where = f"day {t} after phase {number}"
                counts = engine.step(number)
                same_columns(engine, rows, where)
                same_cells(engine.flow_names, counts.flows, flows, where)
                engine = saved.world()
        world.step()
        counts = engine.step()
        where = f"end of day {t}"
        same_cells(engine.flow_names, counts.flows, world.flows, where)
        same_world(engine, world, where)
        for name, amount in zip(engine.flow_names, counts.flows.sum(axis=(0, 1)).tolist(), strict=True):
            fired[name] += abs(amount)
    return fired


# ---- generated scenarios


def rates(high=1.0):
    """Probabilities, mostly high, with 0 and 1 among them."""
    some = st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.9, 1.0])
    return some.map(lambda p: round(min(p, high), 3))


def whole(draw, low, high):
    return draw(st.integers(low, high))


def maybe(draw, tables, key, strategy):
    """Draw an entry or leave it out."""
    if draw(st.booleans()):
        tables[key] = draw(strategy)


SHARES = {1: [[1.0]], 2: [[0.5, 0.5], [0.9, 0.1], [1.0, 0.0]], 3: [[0.5, 0.3, 0.2], [0.0, 0.5, 0.5]]}


@st.composite
def societies(draw):
    start = dt.date(2019, 1, 1) + dt.timedelta(whole(draw, 0, 40))
    return {
        "citizens": whole(draw, 1, 150),
        "days": whole(draw, 3, 35),
        "start_date": start,
        "seed": draw(st.sampled_from([0, 1, 2**64 - 1, 12345678901234567890])),
        "age_from": [0, 14, 18],
        "age_shares": draw(st.sampled_from([[0.2, 0.1, 0.7], [0.0, 0.0, 1.0]])),
        "online_from": [0, 15],
        "online_shares": [draw(rates()), draw(st.sampled_from([0.9, 1.0]))],
        "group_shares": draw(st.sampled_from([{"a": 1.0}, {"a": 0.5, "b": 0.25, "h": 0.25}])),
    }


@st.composite
def behaviours(draw, platforms):
    one = {
        "kind": draw(st.sampled_from(["speech", "purchase", "default", "prosocial"])),
        "per_day": draw(rates()),
        "doer_share": draw(st.sampled_from([1.0, 0.6])),
        "male_multiplier": draw(st.sampled_from([1.0, 0.0, 0.5, 2.0, 1000.0])),
        "rural_multiplier": draw(st.sampled_from([1.0, 0.0, 0.5, 2.0, 1000.0])),
        "min_age": draw(st.sampled_from([0, 16])),
        "max_age": draw(st.sampled_from([100, 60])),
        "online": draw(st.booleans()),
        "chat": draw(st.booleans()),
        "restrained": draw(st.booleans()),
        "caught_share": draw(st.sampled_from([1.0, 0.7])),
        "false_alarm_per_day": draw(rates(0.2)),
        "misattributed_share": draw(rates()),
        "summons_share": draw(rates()),
    }
    how = draw(st.sampled_from(["same", "cv", "classes"]))
    if how == "cv":
        one["activity_cv"] = draw(st.sampled_from(["0.25", "1", "3"]))
    elif how == "classes":
        one["classes"] = {
            "weights": [0.5, 0.3, 0.2],
            "multipliers": draw(st.sampled_from([[0.0, 1.0, 9.0], [1.0, 2.0, 0.5]])),
        }
    if platforms and draw(st.booleans()):
        share = draw(st.sampled_from([0.3, 0.5, 1.0])) / len(platforms)
        one["seen_on"] = dict.fromkeys(platforms, round(share, 2))
        one |= {
            "removed_share": draw(rates()),
            "suspended_share": draw(rates()),
            "suspension_days": draw(st.sampled_from([0, 1, 4])),
        }
    else:
        one["seen_share"] = draw(rates())
    days = draw(st.sampled_from([[0], [2], [0, 1], [1, 3, 0]]))
    one |= {"delay_days": days, "delay_shares": draw(st.sampled_from(SHARES[len(days)]))}
    return one


@st.composite
def scores(draw, rules):
    score = {
        "base_points": 100,
        "floor_points": draw(st.sampled_from([0, 80])),
        "ceiling_points": draw(st.sampled_from([105, 200])),
    }
    score |= {
        "role": draw(st.sampled_from(["output", "input_only"])),
        "min_age": draw(st.sampled_from([0, 18])),
        "member_share": draw(st.sampled_from([1.0, 0.8, 0.0])),
        "recovery_points": draw(st.sampled_from([0, 1, 5])),
        "recovery_every_days": draw(st.sampled_from([1, 3])),
        "decay_points": draw(st.sampled_from([0, 1, 5])),
        "decay_every_days": draw(st.sampled_from([1, 3])),
    }
    maybe(draw, score, "low_cutoff_points", st.sampled_from([85, 95, 101]))
    if draw(st.booleans()):
        score["grade"] = [
            {"name": "B", "from_points": score["floor_points"], "to_points": 94},
            {"name": "A", "from_points": 95, "to_points": score["ceiling_points"]},
        ]
    if draw(st.integers(0, 3)) == 0:
        score["kind"] = "weighted"
        score["factor"] = {
            "f": {"weight": 0.4, "of": "friends"},
            "r": {
                "weight": 0.3,
                "of": "records",
                "rule": draw(st.sampled_from([*rules, "none"])),
                "full_at": 3,
            },
            "t": {"weight": 0.3, "of": "trait", "weights": [0.5, 0.5], "levels": [0.1, 1.0]},
        }
    return score


@st.composite
def list_rules(draw, acts, *, company):
    kind = draw(st.sampled_from(["sanction", "sanction", "perk"]))
    one = {
        "kind": kind,
        "closes": draw(st.sampled_from([[], ["plane"], ["plane", "high_speed_rail", "rail"]])),
    }
    if company:
        return {"closes": one["closes"], "entry_companies": True}
    if draw(st.booleans()):
        one["entry_records_of"] = draw(st.lists(st.sampled_from(acts), min_size=1, max_size=2, unique=True))
        one["entry_share"] = draw(rates())
    if draw(st.booleans()):
        one["entry_score_below"] = draw(st.sampled_from([85, 98, 101]))
        maybe(draw, one, "exit_score_at_least", st.just(101))
    elif draw(st.booleans()):
        one["entry_score_at_least"] = draw(st.sampled_from([100, 102]))
        maybe(draw, one, "exit_score_below", st.just(100))
    maybe(draw, one, "term_days", st.sampled_from([0, 1, 6]))
    maybe(draw, one, "performed_per_day", rates(0.3))
    maybe(draw, one, "repaired_per_day", rates(0.3))
    return one


@st.composite
def travel_modes(draw):
    return {
        "requests_per_day": draw(rates()),
        "traveller_share": draw(st.sampled_from([1.0, 0.5])),
        "activity_cv": draw(st.sampled_from([None, "1"])),
        "rural_multiplier": draw(st.sampled_from([1.0, 0.5, 3.0])),
        "retry_share": draw(rates()),
        "retries_max": draw(st.sampled_from([0, 1, 3])),
        "stop_share": draw(rates()),
        "substitute_share": draw(rates()),
    }


@st.composite
def people_around(draw):
    """Circles, rings, a graph."""
    tables = {}
    circles = {}
    for name in ("c1", "c2", "c3"):
        if draw(st.booleans()):
            circles[name] = {
                "scope": draw(st.sampled_from(["province", "nation"])),
                "sizes": draw(st.sampled_from([[1], [2], [3, 1, 5], [40]])),
                "friend_share": draw(rates()),
                "chat": draw(st.booleans()),
            }
    tables["circle"] = circles
    tables["ring"] = draw(st.sampled_from([{}, {"x": {}}, {"x": {}, "y": {}}]))
    return tables


@st.composite
def identities(draw):
    check = st.sampled_from(["none", "id", "id_and_face"])
    late = st.sampled_from([None, dt.date(2019, 2, 3), dt.date(2030, 1, 1)])
    out = {
        "borrowed_share": draw(rates(0.5)),
        "forged_share": draw(rates(0.3)),
        "false_non_match_share": {"a": draw(rates(0.5))},
        "false_match_share": draw(rates()),
        "tries": draw(st.sampled_from([1, 2])),
        "offline_days": draw(st.sampled_from([0, 1, 3])),
        "login": {"check": draw(check), "from_date": draw(late)},
    }
    for name in ("new_line", "renewal"):
        out[name] = {"per_day": draw(rates(0.5)), "check": draw(check), "from_date": draw(late)}
    return out


@st.composite
def schemes(draw):
    """Scenarios as tables: a small society under a random subset of the mechanisms, at high rates."""
    tables = {"glasshouse": 1, "title": "generated", "society": draw(societies())} | draw(people_around())
    platforms = draw(st.sampled_from([[], ["here"], ["abroad", "here"]]))
    tables["platform"] = {
        p: {"kind": "foreign" if p == "abroad" else "domestic", "passed_on_share": draw(rates())}
        for p in platforms
    }
    acts = ["b1", "b2", "b3"][: whole(draw, 1, 3)]
    tables["behaviour"] = {name: draw(behaviours(platforms)) for name in acts}
    rules = {}
    for name in ("r1", "r2", "r3"):
        if draw(st.booleans()):
            points = st.sampled_from([-30, -7, -1, 0, 4])
            rules[name] = {
                "behaviour": draw(st.sampled_from(acts)),
                "points": draw(points),
                "allowance": draw(st.sampled_from([0, 1, 3])),
            }
    if draw(st.booleans()):
        tables["score"] = draw(scores(list(rules)))
        if draw(st.booleans()):
            every = draw(st.sampled_from(["day", "month"]))
            rules["ties"] = {"on": "association", "points": draw(st.sampled_from([-9, 3])), "every": every}
            rules["ties"] |= draw(
                st.sampled_from(
                    [{"min_friends": 1}, {"min_share": 0.2}, {"min_friends": 3, "min_share": 0.6}]
                )
            )
        tables["rule"] = rules
    lists = ["l1", "l2", "l3"][: whole(draw, 0, 3)]
    tables["list"] = {name: draw(list_rules(acts, company=False)) for name in lists}
    if draw(st.booleans()):
        tables["list"]["zz"] = draw(list_rules(acts, company=True))
    if draw(st.booleans()):
        initial = {"listed_share": {name: draw(rates(0.5)) for name in lists}}
        if "score" in tables and draw(st.booleans()):
            initial["score"] = {"weights": [0.5, 0.5], "points": [100, 90]}
        tables["initial"] = initial
    tables["travel"] = {
        m: draw(travel_modes()) for m in ("plane", "high_speed_rail", "rail") if draw(st.booleans())
    }
    if draw(st.booleans()):
        tables["police"] = {
            "interrogated_share": draw(rates()),
            "outcomes": draw(
                st.sampled_from(
                    [
                        {"pledge": 0.25, "reprimand": 0.25, "fine": 0.25, "detention": 0.25},
                        {"pledge": 0.0, "reprimand": 0.0, "fine": 0.5, "detention": 0.5},
                    ]
                )
            ),
            "detention_days": [1, 4],
            "detention_shares": draw(st.sampled_from(SHARES[2])),
            "owner_liable_share": draw(rates()),
            "owner_suspension_days": draw(st.sampled_from([0, 2])),
            "owner_points": draw(st.sampled_from([0, -8, 5])),
        }
    if draw(st.booleans()):
        tables["redress"] = {
            "filed_share": draw(rates()),
            "decision_days": draw(st.sampled_from([0, 1, 3])),
            "won_if_false_share": draw(rates()),
            "won_if_true_share": draw(rates()),
        }
    tables["learn"] = {
        "restraint": draw(st.sampled_from(["none", "proportional", "strategic"])),
        "punishment": draw(st.sampled_from(["uniform", "proportional"])),
        "strength": draw(st.sampled_from([1.0, 5.0])),
        "own_weight": draw(rates()),
        "friend_weight": draw(rates()),
        "chat_weight": draw(rates()),
        "bulletin_weight": draw(st.sampled_from([0.0, 1.0])),
        "half_life_days": draw(st.sampled_from([1.0, 30.0])),
    }
    tables["ties"] = {"flag": draw(st.sampled_from(["low_score", "listed"])), "cut_share": draw(rates())}
    if draw(st.booleans()):
        tables["identity"] = draw(identities())
    if draw(st.booleans()):
        tables["company"] = {
            "companies_per_citizen": draw(rates()),
            "default_per_day": draw(rates(0.5)),
            "performed_per_day": draw(rates(0.5)),
            "term_days": draw(st.sampled_from([0, 1, 9])),
        }
    return tables
