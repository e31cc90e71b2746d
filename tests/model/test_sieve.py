"""The sieve lets through exactly those whose screened draw is below their own threshold, whoever they are."""

from __future__ import annotations

import pytest
from scenarios import everything, plan_of

from glasshouse import ladder, streams
from glasshouse.model.engine import Engine
from glasshouse.model.kernels import sieve
from glasshouse.model.kernels.ladder import screened
from glasshouse.model.kernels.scratch import make_scratch
from glasshouse.model.layout import ACT, ALARM, REQUEST
from glasshouse.model.oracle_traits import activeness
from glasshouse.model.pack_slots import Slot, candidates_per_day, class_test, first_test, slots_of
from glasshouse.model.plan_parts import Activity

QUAD = 256


def expected_hits(plan, quad, day):
    """Every hit of a quad, citizen by citizen from the plain draws: {(slot, citizen): (u, threshold)}."""
    known, found = plan.population, {}
    for number, slot in enumerate(slots_of(plan)):
        for i in range(QUAD * quad, min(QUAD * (quad + 1), plan.citizens)):
            limit = slot.top
            if slot.kind in (ACT, REQUEST):
                limit = activeness(plan.seed, slot.ages, i, known.male(i), known.rural(i)).threshold
            if slot.ages and not slot.ages.min_age <= known.age(i) <= slot.ages.max_age:
                continue
            u = ladder.screened(plan.seed, slot.decision, i, day)
            if streams.event(u, limit):
                found[number, i] = (u, limit)
    return found


def sifted_hits(engine, quad, day):
    """The same from the sieve."""
    s, tables, found = make_scratch(1)[0], engine.tables[0], {}
    sieve.sift(tables, s, quad, quad + 1, day)
    sieve.hand_out(tables, s, 0)
    for b in range(4):
        for h in range(s.n_hits[b]):
            i = QUAD * quad + 64 * b + int(s.hit_place[b, h])
            key = (int(s.hit_slot[b, h]), i)
            assert key not in found
            found[key] = (int(s.hit_u[b, h]), int(s.hit_rate[b, h]))
    return found


def same_hits(citizens, quads, days, **changes):
    plan = plan_of(everything(**changes), citizens=citizens)
    engine, seen = Engine(plan, threads=1), 0
    for quad in quads:
        for day in days:
            found = sifted_hits(engine, quad, day)
            assert found == expected_hits(plan, quad, day)
            seen += len(found)
    assert seen > 50


def test_hits_are_those_of_the_plain_draws():
    same_hits(1_000, (0, 1, 3), (0, 8, 40))


@pytest.mark.jit_off
def test_hits_are_those_of_the_plain_draws_in_a_short_last_quad():
    same_hits(300, (0, 1), (3,))


@pytest.mark.parametrize("male", [0.0, 0.5, 1.0, 2.0, 1000.0])
@pytest.mark.parametrize("rural", [0.0, 0.5, 1.0, 2.0])
def test_what_people_do_differs_by_class_sex_and_place(male, rural):
    """Also where a rate that differs would be above 1 and is cut to certainty."""
    who = {"male_multiplier": male, "rural_multiplier": rural}
    same_hits(256, (0,), (2,), behaviour={"games": {"per_day": 0.7, "activity_cv": "3", **who}})


@pytest.mark.parametrize("doers", [0.02, 0.5, 1.0])
@pytest.mark.parametrize("multipliers", [[0, 1, 8], [8, 1, 0], [1, 0, 8], [0, 8, 1], [1, 1, 1]])
def test_whichever_trait_is_asked_for_first(doers, multipliers):
    """Classes in any order, a few or all of whom do such a thing: the hits are those of the plain draws."""
    classes = {"weights": [0.5, 0.4, 0.1], "multipliers": multipliers}
    who = {"activity_cv": None, "classes": classes, "doer_share": doers}
    same_hits(256, (0,), (2, 3), behaviour={"games": {"per_day": 0.05, **who}})


def activity(doers, shares, rates):
    """An activity whose classes have the given shares and thresholds, the same for every sex and place."""
    return Activity(
        11, streams.threshold(doers), 12, streams.cumulative(shares), tuple((r,) * 4 for r in rates), 0, 100
    )


CLASSES = activity(0.5, [0.6, 0.3, 0.1], [2**52, 0, 2**60])  # on rungs 0, none, and 0 to 4


@pytest.mark.jit_off
def test_the_class_is_asked_for_first_where_it_turns_away_more():
    low, high = CLASSES.class_cumulative[:2]
    assert class_test(CLASSES, 0) == (12, 0, streams.ALWAYS)  # between the first class and the last
    # a draw of 2^52 is none of the first class's
    assert class_test(CLASSES, 2**52) == (12, high, streams.ALWAYS)
    assert class_test(activity(1, [0.6, 0.3, 0.1], [5, 0, 0]), 0) == (12, 0, low)
    assert class_test(activity(1, [0.6, 0.3, 0.1], [0, 5, 5]), 4) == (12, low, streams.ALWAYS)
    assert first_test(CLASSES, 0) == (11, 0, CLASSES.doer_threshold)
    assert [first_test(CLASSES, rung).decision for rung in range(1, 5)] == [12] * 4
    assert first_test(None, 3) == (0, 0, streams.ALWAYS)


@pytest.mark.jit_off
def test_single_screened_draws():
    engine = Engine(plan_of(everything(), citizens=100), threads=1)
    tables = engine.tables[0]
    for i, day, decision in (
        (0, 0, 7),
        (63, 5, 1025),
        (64, 400, 9),
        (200, 3, 7),
        (4_000_000_000, 9, 2**32 - 1),
    ):
        u = int(screened(tables.key, tables.ladder, decision, i, day))
        assert u == ladder.screened(engine.plan.seed, decision, i, day)


@pytest.mark.jit_off
def test_candidates_are_counted_over_the_rungs_that_matter():
    slots = [Slot(ALARM, 0, 5, streams.threshold(p)) for p in (2**-12, 0.001, 0.005)]
    sums = [1 / 4096, 1 / 4096 + 1 / 273, 1 / 4096 + 1 / 273 + 1 / 255]
    assert candidates_per_day(slots[:1]) == sums[0]
    assert candidates_per_day(slots) == pytest.approx(sum(sums))


def test_the_candidates_of_a_day_are_as_many_as_foretold():
    plan = plan_of(everything(), citizens=64_000)
    engine, found = Engine(plan, threads=1), 0
    s = make_scratch(1)[0]
    for quad in range(250):
        s.counters[sieve.N_CANDIDATES] = s.counters[sieve.N_MORE] = 0
        sieve.climb(engine.tables[0], s, quad, 4)
        sieve.climb_together(engine.tables[0], s, 4)
        found += int(s.counters[sieve.N_CANDIDATES])
    expected = 64_000 * candidates_per_day(slots_of(plan))
    assert abs(found - expected) < 4.9 * expected**0.5
