"""Find the numbers of the guided tour anew, and write the teacher's page from them.

    python tools/explain.py --live     live the worlds and write views/explain/numbers.json; some minutes
    python tools/explain.py            write anew what follows from the presets alone, and docs/lesson.md from the file
    python tools/explain.py --check    say whether the page is current, and end with 1 if not

The first command is `make explain-numbers`. `tests/studio/test_explain.py` holds file and page to the presets.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Flows = Mapping[str, int]

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ROOT / "src" / "glasshouse" / "views" / "explain" / "numbers.json"
PAGE = ROOT / "docs" / "lesson.md"
PRESS, RECORD, NO_FRIENDS = "as-reported", "as-documented", "as-reported without friends"
CITIZENS, DAYS, SEEDS = 100_000, 365, (1, 2, 3, 4, 5)
HARM_CITIZENS, HARM_SEEDS = 20_000, 4
PER = 100_000


# ---------------------------------------------------------------- what is found


def shut_out(flows: Flows) -> float:
    """Return how many of 100,000 citizens were refused a ticket at least once."""
    return flows["first_refused"] * PER / CITIZENS


def listed(flows: Flows) -> float:
    """Return how many of 100,000 citizens came on a sanction list for the first time."""
    return flows["first_listed"] * PER / CITIZENS


def points_lost(flows: Flows) -> float:
    """Return the points lost by 100,000 citizens."""
    return flows["points_lost.all"] * PER / CITIZENS


def by_association(flows: Flows) -> float:
    """Return how many per cent of the points lost were lost for somebody else's score."""
    return 100 * flows["points_lost.association"] / flows["points_lost.all"]


def false_news_wrong(flows: Flows) -> float:
    """Return how many per cent of the records of false news are about somebody who posted none."""
    wrong, right = flows["records_false.false_news"], flows["records_true.false_news"]
    return 100 * wrong / (wrong + right)


def ties_cut(flows: Flows) -> float:
    """Return how many ties 100,000 citizens cut."""
    return flows["ties_cut"] * PER / CITIZENS


OF_A_WORLD: dict[str, tuple[str, Callable[[Flows], float]]] = {
    "record.documented": (RECORD, shut_out),
    "record.reported": (PRESS, shut_out),
    "base.wrong": (PRESS, false_news_wrong),
    "association.share": (PRESS, by_association),
    "rule.lost": (PRESS, points_lost),
    "rule.lost_without": (NO_FRIENDS, points_lost),
    "rule.listed": (PRESS, listed),
    "rule.listed_without": (NO_FRIENDS, listed),
    "rule.cut": (PRESS, ties_cut),
    "rule.cut_without": (NO_FRIENDS, ties_cut),
}
UNITS = {"base.wrong": "percent", "association.share": "percent"}


def spread(values: Sequence[float], unit: str) -> dict[str, Any]:
    """Return the mean over seeds, the least and the most, to four digits."""
    digits = [float(f"{value:.4g}") for value in (sum(values) / len(values), min(values), max(values))]
    return {"unit": unit, **dict(zip(("value", "low", "high"), digits, strict=True))}


def exact(value: float, unit: str) -> dict[str, Any]:
    """Return a number that is worked out from a preset alone."""
    return {"unit": unit, "value": float(f"{value:.4g}")}


# ---------------------------------------------------------------- finding it


def live() -> dict[str, Any]:
    """Return every number of the tour, from worlds lived now."""
    import glasshouse
    from glasshouse.records.manifest import MODEL_VERSION

    worlds = {
        PRESS: lived(PRESS),
        RECORD: lived(RECORD),
        NO_FRIENDS: lived(PRESS, ("friends",)),
    }
    values = {
        name: spread([how(flows) for flows in worlds[world]["flows"]], UNITS.get(name, f"per {PER}"))
        for name, (world, how) in OF_A_WORLD.items()
    }
    fewer = [
        100 * (1 - listed(without) / listed(with_))
        for with_, without in zip(worlds[PRESS]["flows"], worlds[NO_FRIENDS]["flows"], strict=True)
    ]
    values["rule.fewer_listed"] = spread(fewer, "percent")
    values |= arithmetic() | evidence() | harms()
    return {
        "made_by": "python tools/explain.py --live",
        "version": glasshouse.__version__,
        "model_version": MODEL_VERSION,
        "citizens": CITIZENS,
        "days": DAYS,
        "seeds": list(SEEDS),
        "harm": {"citizens": HARM_CITIZENS, "replicates": HARM_SEEDS, "seed": SEEDS[0]},
        "worlds": {
            name: {key: one[key] for key in ("plan_digest", "digests")} for name, one in worlds.items()
        },
        "values": dict(sorted(values.items())),
    }


def lived(preset: str, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return the flows, digests and plan of a scheme over all seeds."""
    from glasshouse.records.digest import plan_digest
    from glasshouse.run import simulate
    from glasshouse.scenario.load import load

    loaded, flows, digests = load(preset, without=without), [], []
    for seed in SEEDS:
        print("glasshouse: living", preset, *(f"without {one}" for one in without), "seed", seed, flush=True)
        run = simulate(loaded, citizens=CITIZENS, days=DAYS, seed=seed)
        flows.append(dict(zip(run.flow_names, run.flows.sum(axis=0).tolist(), strict=True)))
        digests.append(run.digest)
    return {"flows": flows, "digests": digests, "plan_digest": plan_digest(run.plan)}  # of the last seed


def arithmetic() -> dict[str, Any]:
    """Return what follows from the numbers of the press version alone."""
    from glasshouse.scenario.load import load

    loaded = load(PRESS)
    scenario = loaded.scenario
    assert scenario.score is not None
    tries = scenario.identity.tries
    one = {g: Fraction(str(p)) for g, p in scenario.identity.false_non_match_share.items()}
    low, high = min(one, key=lambda g: one[g]), max(one, key=lambda g: one[g])
    alarm = Fraction(str(scenario.behaviour["false_news"].false_alarm_per_day))
    cost = -scenario.rule["police_criticism"].points
    weeks = -(-cost // scenario.score.recovery_points)
    return {
        "base.one_in": exact(float(1 / alarm), "citizen-days for one false alarm"),
        "faces.one_try": exact(float(one[high] / one[low]), "times"),
        "faces.all_tries": exact(float((one[high] / one[low]) ** tries), "times"),
        "faces.tries": exact(tries, "tries"),
        "faces.low": exact(float(100 * one[low]), "percent"),
        "faces.high": exact(float(100 * one[high]), "percent"),
        "faces.year_low": exact(float(one[low] ** tries * DAYS * PER), f"a year per {PER}, one login a day"),
        "faces.year_high": exact(
            float(one[high] ** tries * DAYS * PER), f"a year per {PER}, one login a day"
        ),
        "association.points": exact(-scenario.rule["friends"].points, "points"),
        "recovery.cost": exact(cost, "points"),
        "recovery.points": exact(scenario.score.recovery_points, "points"),
        "recovery.every": exact(scenario.score.recovery_every_days, "days"),
        "recovery.days": exact(weeks * scenario.score.recovery_every_days, "days"),
    }


def evidence() -> dict[str, Any]:
    """Return how many numbers of the two presets are assumed."""
    from glasshouse.scenario.load import load

    found = {}
    for name, preset in (("press", PRESS), ("record", RECORD)):
        grades = [one.grade for one in load(preset).evidence.values() if one.grade]
        assumed = sum(grade == "assumed" for grade in grades)
        found[f"evidence.{name}_assumed"] = exact(100 * assumed / len(grades), "percent")
        found[f"evidence.{name}_numbers"] = exact(len(grades), "numbers")
    return found


def harms() -> dict[str, Any]:
    """Return what fear holds back, and how long sanctions last, from the study of harms of the press version."""
    from glasshouse.harm import harm

    def told(replicate: int, of: int, day: int, days: int) -> None:
        """Say that a seed is lived."""
        if day == days:
            print(f"glasshouse: harms, seed {replicate + 1} of {of}", flush=True)

    study = harm(PRESS, citizens=HARM_CITIZENS, seed=SEEDS[0], replicates=HARM_SEEDS, progress=told).as_dict()
    speech = next(
        one
        for one in study["chilling"]["never_punished"]
        if (one["topic"], one["group"], one["distance"]) == ("speech", "all", "all")
    )
    people = study["recovery"]["people"][0]
    return {
        "chilling.withheld": interval(speech["withheld_share"], 100, "percent"),
        "recovery.within_30": interval(people["clean_within_30"], 100, "percent"),
        "recovery.not_at_end": interval(people["not_clean_at_end"], 100, "percent"),
    }


def interval(estimate: Mapping[str, Any], times: float, unit: str) -> dict[str, Any]:
    """Return an estimate of the study of harms."""
    found = exact(times * estimate["value"], unit)
    ends = {key: estimate.get(key) for key in ("low", "high")}
    return found | {key: float(f"{times * end:.4g}") for key, end in ends.items() if end is not None}


# ---------------------------------------------------------------- writing it


def page() -> str:
    """Return docs/lesson.md."""
    from glasshouse.views.explain.lesson import as_markdown

    return as_markdown("en")


def main(arguments: list[str]) -> int:
    """Find the numbers, write the page, or only compare it; return the exit code."""
    if "--check" not in arguments:
        found = live() if "--live" in arguments else json.loads(NUMBERS.read_text(encoding="utf-8"))
        found["values"] = dict(sorted((found["values"] | arithmetic() | evidence()).items()))
        NUMBERS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = page()
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    if not current and "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    print(
        "glasshouse: docs/lesson.md is", "current" if current or "--check" not in arguments else "not current"
    )
    return 1 if not current and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
