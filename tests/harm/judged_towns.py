"""A small scenario in which the truth is known in closed form, and its audit over seeds."""

from __future__ import annotations

from math import comb

from glasshouse.harm.audit import audit
from glasshouse.harm.records import Watch
from glasshouse.harm.replay import Replay
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.schema import Scenario

PI, SEEN, CAUGHT, FALSE = (
    0.02,
    0.75,
    0.8,
    0.004,
)  # acts a day, what is seen of them, caught of these, false alarms
SE = SEEN * CAUGHT
CITIZENS, DAYS = 2_000, 30

# A detector with given error rates and nothing that feeds back: no score, no list, no police, no fear.
DETECTOR = {
    "glasshouse": 1,
    "title": "a detector with known error rates",
    "society": {"citizens": CITIZENS, "days": DAYS, "group_shares": {"a": 0.7, "b": 0.3}},
    "behaviour": {
        "act": {
            "kind": "other",
            "per_day": PI,
            "seen_share": SEEN,
            "caught_share": CAUGHT,
            "false_alarm_per_day": FALSE,
        }
    },
    "rule": {"act": {"behaviour": "act", "points": -1}},
    "score": {
        "base_points": 30_000,
        "floor_points": 0,
        "ceiling_points": 30_000,
        "min_age": 0,
        "role": "input_only",
    },
}


def town(tree=DETECTOR, **sizes):
    """Return the plan of a scenario given as a tree."""
    return compile_plan(Scenario.model_validate(tree), **sizes)


def errors_of(plan):
    """Return what a world recorded rightly and wrongly."""
    engine, replay = Engine(plan, threads=1), Replay(plan)
    watch = Watch(plan, replay.people)
    watch.begin(engine)
    for _ in range(plan.days):
        watch.add(replay.live(engine)[0])
    return watch.end(engine)


def truths():
    """Return what each figure of the audit stands for, in closed form."""
    spared = 1 - PI * SE - (1 - PI) * FALSE  # on one day
    never, never_and_spared = (1 - PI) ** DAYS, ((1 - PI) * (1 - FALSE)) ** DAYS
    recorded_doers = 1 - (spared**DAYS - never_and_spared) / (1 - never)
    detector = {
        "precision": PI * SE / (PI * SE + (1 - PI) * FALSE),
        "sensitivity": SE,
        "missed": 1 - SE,
        "seen": SEEN,
        "caught": CAUGHT,
        "false_alarm_per_day": FALSE,
        "accused_innocent": 1 - (1 - FALSE) ** DAYS,
        "recorded_doers": recorded_doers,
    }
    fairness = {"hit_ratio": 1, "spared_ratio": 1, "tpr_gap": 0, "fpr_gap": 0, "ppv_gap": 0}
    rates = {"hit_rate": 1 - spared**DAYS, "tpr": recorded_doers, "fpr": 1 - (1 - FALSE) ** DAYS}
    return detector, {**fairness, **rates}


def figures(seed):
    """Yield each figure of the audit of one seed: its name, its interval and the truth."""
    found = audit(errors_of(town(seed=seed)))
    detector, fairness = truths()
    for one in found.detectors:
        yield from (
            (f"{name}, group {one.group}", getattr(one, name), truth) for name, truth in detector.items()
        )
    for one in found.fairness:
        if one.what == "act" and one.group != one.reference:
            yield from (
                (f"{name}, group {one.group}", getattr(one, name), truth) for name, truth in fairness.items()
            )


def band(n, p=0.95, outside=1e-4):
    """Return the lowest and highest count of n with chance p that leave at most half of `outside` beyond each."""
    chances = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    low = next(k for k in range(n + 1) if sum(chances[: k + 1]) > outside / 2)
    high = next(k for k in range(n, -1, -1) if sum(chances[k:]) > outside / 2)
    return low, high


def covered(seeds):
    """Return for each figure how many of the intervals of these seeds hold the truth."""
    held: dict[str, int] = {}
    for seed in seeds:
        for name, estimate, truth in figures(seed):
            inside = estimate.low <= truth and (estimate.high is None or truth <= estimate.high)
            held[name] = held.get(name, 0) + inside
    return held
