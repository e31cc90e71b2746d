"""Small scenarios in which every quantity of the sheet is known in closed form."""

from __future__ import annotations

from glasshouse.assess import assess
from glasshouse.assess.ledger import Ledger
from glasshouse.harm.study import Scheme, live_both
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.labels import labels_of
from glasshouse.scenario.schema import Scenario

CITIZENS, DAYS = 1_000, 12

# Everybody does it every day, every act is seen, and the first puts them on a list that nobody leaves.
CERTAIN = {
    "glasshouse": 1,
    "title": "everybody on a list from the first evening on",
    "society": {"citizens": CITIZENS, "days": DAYS},
    "behaviour": {
        "arrears": {
            "kind": "default",
            "per_day": 1.0,
            "seen_share": 1.0,
            "data_context": "finance",
            "gravity": 4.0,
        }
    },
    "list": {
        "debtors": {
            "entry_records_of": ["arrears"],
            "closes": ["plane"],
            "effect_context": "travel",
            "weight": 0.5,
        }
    },
}


def with_list(**labels):
    """Return `CERTAIN` with other labels of the list."""
    return CERTAIN | {"list": {"debtors": CERTAIN["list"]["debtors"] | labels}}


# Nobody ever does it; false alarms alone lead on to the list.
ALARMS = CERTAIN | {
    "behaviour": {"arrears": CERTAIN["behaviour"]["arrears"] | {"per_day": 0.0, "false_alarm_per_day": 0.2}}
}

# A fifth starts with a low score that bars nothing; whoever has such a friend loses points every day, and is listed.
FRIENDS = {
    "glasshouse": 1,
    "title": "points for friends alone",
    "society": {"citizens": CITIZENS, "days": DAYS},
    "initial": {"score": {"weights": [0.8, 0.2], "points": [100, 85]}},
    "ring": {"old": {}},
    "score": {
        "base_points": 100,
        "floor_points": 0,
        "ceiling_points": 100,
        "min_age": 0,
        "low_cutoff_points": 90,
    },
    "rule": {"friends": {"on": "association", "points": -30, "min_friends": 1, "every": "day"}},
    "list": {"low": {"entry_score_below": 80, "closes": ["plane"], "weight": 0.1}},
}

# The light act leads to the heavy list, the grave one to the light list.
REVERSED = CERTAIN | {
    "behaviour": {
        "late": CERTAIN["behaviour"]["arrears"] | {"gravity": 1.0},
        "theft": CERTAIN["behaviour"]["arrears"] | {"kind": "offence", "gravity": 5.0},
    },
    "list": {
        "heavy": {"entry_records_of": ["late"], "closes": ["plane"], "weight": 0.9},
        "light": {"entry_records_of": ["theft"], "closes": ["plane"], "weight": 0.1},
    },
}


def account_of(tree, seed=1):
    """Return plan, counts and ledger of a scenario given as a tree."""
    scenario = Scenario.model_validate(tree)
    plan = compile_plan(scenario, seed=seed)
    kept = []

    def beside(people):
        kept.append(Ledger(plan, people, labels_of(scenario).weights))
        return kept[0]

    lived = live_both(plan, plan, threads=1, beside=beside)
    return plan, lived, kept[0].end()


def rows_of(tree, replicates=2):
    """Return the rows of the sheet by key."""
    study = assess(Scheme(Scenario.model_validate(tree), "town"), replicates=replicates, threads=1)
    return {one.key: one for one in study.rows}
