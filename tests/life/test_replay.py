"""One life from the log is the kernels' own row of that citizen, on every day."""

from __future__ import annotations

import pytest
from scenarios import EVERYTHING, GRAPHS, WEIGHTED, WEIGHTED_LISTS, everything, plan_of
from towns import watched

from glasshouse.errors import InvariantError
from glasshouse.life.again import KeptCrossings
from glasshouse.life.replay import NIGHT, first_row, replay
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load
from glasshouse.society.crossings import FLAG_OFF, FLAG_ON, PUNISHED

RULES_OF_WEIGHTED = {"friends": None}
TOWNS = {
    "everything": EVERYTHING,
    "listed": everything(ties={"flag": "listed"}),
    "weighted": everything(score=None, rule=RULES_OF_WEIGHTED) | {"score": WEIGHTED, "list": WEIGHTED_LISTS},
    "strategic": everything(learn={"restraint": "strategic"}),
    "years": everything(society={"days": 430, "citizens": 90}, ties={"cut_share": 0.5}),
    **{
        f"graph {kind}": everything(graph={"kind": kind, **graph}, society={"citizens": 150})
        for kind, graph in GRAPHS.items()
    },
}
PRESETS = ("as-reported", "classroom", "suining-2010", "rongcheng", "sesame-2015", "as-documented")


def same_as_rows(world):
    """Hold the replay of every watched citizen against the rows that the engine found."""
    for i, rows in world.rows.items():
        assert first_row(world.plan, i).columns() == rows[0], (i, "before day 0")
        days = 0
        for day in replay(world.plan, i, world.log):
            assert day.state.columns() == rows[day.t + 1], (i, day.t)
            days += 1
        assert days == world.plan.days


def slow(name, quick):
    """Return a name as a parameter that is slow, but for a few."""
    return pytest.param(name, marks=() if name in quick else pytest.mark.slow)


@pytest.mark.parametrize("town", [slow(town, ("everything", "weighted", "years")) for town in TOWNS])
def test_a_life_is_that_of_the_kernels_where_everything_happens(town):
    plan = plan_of(TOWNS[town])
    same_as_rows(watched(plan, range(0, plan.citizens, 11)))


@pytest.mark.parametrize("preset", [slow(preset, PRESETS[:3]) for preset in PRESETS])
def test_a_life_is_that_of_the_kernels_in_a_preset(preset):
    plan = compile_plan(load(preset).scenario, citizens=2_000, days=70, seed=3)
    same_as_rows(watched(plan, range(0, 2_000, 125)))


def test_what_others_do_is_told():
    world = watched(plan_of(TOWNS["years"]), range(0, 90, 15))
    told = {event.what for i in world.rows for day in replay(world.plan, i, world.log) for event in day.story}
    assert told >= {"cut", "mended", "friend flagged", "friend unflagged", "friend punished", "chat punished"}
    assert told >= {"bulletin", "record", "liable"}


def test_the_night_comes_last_and_the_bulletin_before_what_is_learned():
    world = watched(plan_of(EVERYTHING), [7])
    for day in replay(world.plan, 7, world.log):
        phases = [event.phase for event in day.story]
        assert phases == sorted(phases)
        assert all(event.phase == NIGHT for event in day.story if event.what.startswith("friend "))


class Forged(KeptCrossings):
    """A log that leaves out, or turns, what it says of one citizen."""

    def __init__(self, log, citizen, kinds):
        super().__init__()
        for rows in log._days:
            kept = ~((rows["citizen"] == citizen) & (rows["kind"] == kinds[0]))
            self.add(rows[kept])


@pytest.mark.parametrize(("kind", "what"), [(FLAG_ON, "flag"), (FLAG_OFF, "flag"), (PUNISHED, "punishment")])
def test_a_log_of_another_life_is_refused(kind, what):
    plan = plan_of(EVERYTHING)
    world = watched(plan, [])
    rows = [row for day in world.log._days for row in day if row["kind"] == kind]
    citizen = int(rows[0]["citizen"])
    with pytest.raises(InvariantError, match=f"citizen {citizen}, day .* differ in the {what}"):
        list(replay(plan, citizen, Forged(world.log, citizen, [kind])))
