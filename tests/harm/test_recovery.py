"""The recovery clock against a plain reading of the rows, a closed form, and traps found and confirmed."""

from __future__ import annotations

from math import comb, sqrt

import numpy as np
import pytest
from judged_towns import town
from scenarios import EVERYTHING, plan_of

from glasshouse.harm.people import People
from glasshouse.harm.recovery import Clock, line_of, recovery
from glasshouse.harm.replay import Replay
from glasshouse.harm.study import live_both
from glasshouse.harm.traps import confirmed, costing, daily_drift, sinking, traps_of
from glasshouse.model.engine import Engine
from glasshouse.model.plan import RulePlan, compile_plan
from glasshouse.scenario.load import load
from glasshouse.society.columns import MARK_PUNISHED

LISTED = {
    "glasshouse": 1,
    "title": "a list that is left by performing",
    "society": {"citizens": 4_000, "days": 200, "group_shares": {"a": 0.5, "b": 0.5}},
    "behaviour": {"debt": {"kind": "default", "per_day": 0.005, "seen_share": 1.0}},
    "list": {"court": {"entry_records_of": ["debt"], "performed_per_day": 0.03}},
}
SCORED = {
    "glasshouse": 1,
    "title": "a score",
    "society": {"citizens": 1_000, "days": 60},
    "behaviour": {"act": {"kind": "other", "per_day": 0.05, "seen_share": 1.0}},
    "score": {
        "base_points": 1_000,
        "floor_points": 0,
        "ceiling_points": 1_100,
        "min_age": 0,
        "recovery_points": 1,
        "low_cutoff_points": 960,
    },
    "rule": {"act": {"behaviour": "act", "points": -30}},
    "list": {"low": {"entry_score_below": 950, "exit_score_at_least": 990}},
}


def changed(tree, path, value):
    """Return a copy of a tree with one value set."""
    head, _, rest = path.partition(".")
    return {**tree, head: changed(tree.get(head, {}), rest, value) if rest else value}


def timed(plan, sinks=None):
    engine, people = Engine(plan, threads=1), People(plan)
    clock = Clock(plan, people)
    clock.begin(engine)
    for t in range(plan.days):
        engine.step()
        clock.evening(engine, t)
    return clock.end(np.zeros(plan.citizens, bool) if sinks is None else sinks)


def test_the_clock_reads_rows_as_one_would_by_hand():
    plan = plan_of(EVERYTHING, citizens=600, days=45)
    engine, people = Engine(plan, threads=1), People(plan)
    line, sanctions = line_of(plan), [k for k, one in enumerate(plan.lists) if not one.perk]
    assert line == 960

    def clean(i):
        row = engine.row(i)
        free = not any(row["lists"] >> k & 1 for k in sanctions) and not (
            row["detained"] or row["suspended"] or row["offline"]
        )
        return free and not (people.member[i] and row["score"] < line)

    def punished(i):
        return bool(engine.row(i)["marks"] & MARK_PUNISHED)

    before = {i for i in range(600) if punished(i)}
    first, done, ends = {}, {}, {}
    for t in range(plan.days):
        engine.step()
        for i in range(600):
            if i not in before and i not in first and punished(i):
                first[i] = t
            if (i in before or i in first) and i not in done and clean(i):
                done[i] = t
            ends[i] = clean(i)
    found = timed(plan)
    assert found.before.sum() == len(before) > 20
    assert found.before_still.sum() == len(before - set(done))
    for g in range(len(found.groups)):
        mine = [i for i in first if people.group[i] == g]
        lengths = [done[i] - first[i] for i in mine if i in done]
        assert found.events[g].tolist() == np.bincount(lengths, minlength=46).tolist()
        open_ = [44 - first[i] for i in mine if i not in done]
        assert found.censored[g].tolist() == np.bincount(open_, minlength=46).tolist()
        assert found.again[g] == sum(i in done and not ends[i] for i in mine)
    on = found.on_list["court"]
    assert on[0] > on[1] > 0
    assert "good" not in found.on_list


def test_a_constant_chance_to_leave_gives_its_curve():
    """Check against the closed form: (1 - h)^d are left after d days; 4.9 standard errors by Greenwood."""
    one = recovery(timed(town(LISTED)))[0]
    assert one.people > 1_500
    for d in (1, 5, 20, 60):
        truth = 0.97**d
        steps = zip(one.curve.events[: d + 1], one.curve.at_risk, strict=False)
        spread = sqrt(sum(e / (n * (n - e)) for e, n in steps))
        assert one.curve.waiting[d] == pytest.approx(truth, abs=4.9 * truth * spread)
    assert one.median_days.low <= 23 <= one.median_days.high  # 0.97^23 = 0.496
    assert one.curve.waiting[0] == 1.0


def test_groups_add_up_to_all():
    counts = timed(town(LISTED))
    whole, *groups = recovery(counts)
    assert [one.group for one in groups] == ["a", "b"]
    assert sum(one.people for one in groups) == whole.people
    twice = recovery(counts + counts)[0]
    assert twice.people == 2 * whole.people
    assert twice.median_days.value == whole.median_days.value


def kinds(tree, **sizes):
    return {(trap.kind, trap.key) for trap in traps_of(town(tree, **sizes))}


def test_a_list_without_exit_is_found_and_confirmed():
    trap = changed(LISTED, "list.court", {"entry_records_of": ["debt"]})
    assert kinds(trap) == {("no-exit", "list.court")}
    assert kinds(LISTED) == set()
    plan = town(trap, citizens=1_000, days=60)
    lived = live_both(plan, plan, threads=1)
    (one,) = confirmed(traps_of(plan), lived.flows, lived.stocks, 1_000, lived.recovered)
    assert one.holds is True
    assert one.left == 0
    assert one.entered == one.in_state.count > 100
    assert recovery(lived.recovered)[0].never.value == 1.0
    empty = town(changed(trap, "behaviour.debt.per_day", 0.0), citizens=1_000, days=3)
    lived = live_both(empty, empty, threads=1)
    (one,) = confirmed(traps_of(empty), lived.flows, lived.stocks, 1_000, lived.recovered)
    assert one.holds is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("term_days", 5), ("performed_per_day", 0.1), ("repaired_per_day", 0.1), ("exit_score_below", 5)],
)
def test_any_exit_opens_a_list(field, value):
    trap = changed(LISTED, "list.court", {"entry_records_of": ["debt"], field: value})
    assert kinds(trap) == set()


def test_an_appeal_is_a_way_out():
    tree = changed(LISTED, "list.court", {"entry_records_of": ["debt"]})
    redress = {"filed_share": 0.1, "decision_days": 5, "won_if_false_share": 0.5, "won_if_true_share": 0.1}
    assert kinds(changed(tree, "redress", redress)) == set()
    assert kinds(changed(tree, "redress", {**redress, "filed_share": 0.0})) == {("no-exit", "list.court")}


def test_scores_that_cannot_rise_far_enough():
    assert kinds(SCORED) == set()
    high = changed(SCORED, "list.low", {"entry_score_below": 950, "exit_score_at_least": 1_010})
    assert kinds(high) == {("exit-out-of-reach", "list.low")}
    termed = changed(SCORED, "list.low", {"entry_score_below": 950, "term_days": 10})
    assert kinds(termed) == set()
    stuck = changed(termed, "score.recovery_points", 0)  # the term ends, and the list takes them back at once
    assert kinds(stuck) == {("exit-out-of-reach", "list.low"), ("no-recovery", "score.recovery_points")}
    plan = town(stuck)
    lived = live_both(plan, plan, threads=1)
    for one in confirmed(traps_of(plan), lived.flows, lived.stocks, 1_000, lived.recovered):
        assert one.holds is True
        assert one.entered > 100
    helped = changed(stuck, "rule.help", {"behaviour": "act", "points": 5})
    assert kinds(helped) == set()


def test_friends_who_take_what_recovery_gives():
    def tree(points, every=7):
        one = changed(SCORED, "rule.friends", {"on": "association", "points": points, "min_friends": 1})
        return changed(one, "score.recovery_every_days", every)

    assert ("friends-outweigh-recovery", "rule.friends") in kinds(tree(-4))
    assert ("friends-outweigh-recovery", "rule.friends") not in kinds(tree(-3))
    assert ("friends-outweigh-recovery", "rule.friends") not in kinds(tree(-4, every=5))
    daily = changed(tree(-1), "rule.friends.every", "day")
    assert ("friends-outweigh-recovery", "rule.friends") in kinds(daily)


@pytest.mark.parametrize(("p", "sinks"), [(0.05, True), (0.034, True), (0.033, False), (0.02, False)])
def test_debt_grows_without_end_when_losses_outrun_recovery(p, sinks):
    """pD >= 1: a penalty of 30 against one point a day."""
    plan = town(changed(SCORED, "behaviour.act.per_day", p))
    people, replay = People(plan), Replay(plan)
    drift = daily_drift(plan, people, replay.thresholds)
    assert drift == pytest.approx(np.full(1_000, -30 * p))
    assert sinking(plan, drift).all() == sinking(plan, drift).any() == sinks
    share = float(sinking(plan, drift).mean())
    assert bool([t for t in traps_of(plan, share) if t.kind == "sinking"]) == sinks


def test_what_goes_beyond_an_allowance():
    for a, p in ((1, 0.05), (3, 0.2), (2, 0.0)):
        over = sum(max(0, k - a) * comb(30, k) * p**k * (1 - p) ** (30 - k) for k in range(31)) / 30
        rule = RulePlan("r", 0, -1, a, 0)
        assert costing(rule, np.array([p]))[0] == pytest.approx(over, abs=1e-12)


def test_who_sinks_recovers_less():
    tree = changed(SCORED, "behaviour.act.classes", {"weights": [0.5, 0.5], "multipliers": [0.2, 1.6]})
    plan = town(tree, days=120)
    lived = live_both(plan, plan, threads=1)
    assert 0 < lived.sinking < lived.members == 1_000
    traps = traps_of(plan, lived.sinking / lived.members)
    one = confirmed(traps, lived.flows, lived.stocks, 1_000, lived.recovered)[-1]
    assert one.trap.kind == "sinking"
    assert one.holds is True
    assert "were clean again" in one.text


@pytest.mark.parametrize("preset", ["no-scheme", "court-list", "rewards-only", "as-documented", "rongcheng"])
def test_presets_have_no_list_that_nobody_leaves(preset):
    plan = compile_plan(load(preset).scenario, citizens=1_000)
    assert not [trap for trap in traps_of(plan) if trap.kind == "no-exit"]
