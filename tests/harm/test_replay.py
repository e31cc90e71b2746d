"""What is worked out again is what the engine counted, in every cell, every day: the replay itself refuses less."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import EVERYTHING, plan_of

from glasshouse.errors import InvariantError
from glasshouse.harm.people import People
from glasshouse.harm.replay import Replay
from glasshouse.model.engine import Engine
from glasshouse.model.oracle import traits_of
from glasshouse.model.plan import compile_plan
from glasshouse.scenario.load import load


def test_traits_of_all_are_those_of_each():
    plan = plan_of(EVERYTHING, citizens=200)
    people, limits = People(plan), [People(plan).thresholds(b.activity) for b in plan.behaviours]
    for i in range(plan.citizens):
        one = traits_of(plan, i)
        assert (people.province[i], people.group[i], people.age[i]) == (one.province, one.group, one.age)
        assert (people.online[i], people.member[i]) == (one.online, one.member)
        assert people.place[i] == 2 * one.male + one.rural
        assert people.temper[i] == 16 * one.desire + one.boldness
        assert [int(limit[i]) for limit in limits] == [b.threshold for b in one.behaviours]


def lived(plan):
    engine, replay = Engine(plan, threads=1), Replay(plan)
    return [replay.live(engine)[0] for _ in range(plan.days)]


def test_everything_at_once_adds_up_to_the_engine():
    days = lived(plan_of(EVERYTHING, citizens=900, days=45))
    deeds = [one for day in days for one in day.deeds]
    for name in ("did", "withheld", "seen", "passed", "caught", "own", "alarms", "arrived"):
        assert sum(getattr(one, name).size for one in deeds) > 100, name
    for name in ("misattributed", "borrowed", "blamed", "carded"):
        assert sum(getattr(one, name).size for one in deeds) > 5, name


@pytest.mark.parametrize("preset", ["as-reported", "as-documented", "suining-2010", "classroom"])
def test_presets_add_up_to_the_engine(preset):
    assert lived(compile_plan(load(preset).scenario, citizens=2_000, days=40))


def test_what_does_not_add_up_is_refused():
    plan = plan_of(EVERYTHING, citizens=300, days=3)
    engine, replay = Engine(plan, threads=1), Replay(plan)
    replay.thresholds[0] = np.zeros_like(replay.thresholds[0])
    with pytest.raises(InvariantError, match=r"acts\.court_default is 0 worked out again"):
        replay.live(engine)
