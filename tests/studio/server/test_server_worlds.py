"""Worlds of the studio are those of the command line: the same totals, digests, rows, lives; and nobody slows them."""

from __future__ import annotations

import json
import struct
import time
from contextlib import ExitStack, suppress
from itertools import pairwise

import numpy as np
import pytest
from launch import CITIZENS, DAYS, HARSH, PATIENCE_S, SEED, WITHOUT, schemes
from websockets.exceptions import ConnectionClosed

from glasshouse.compare.pair import pair_of_plans
from glasshouse.compare.twins import Twins
from glasshouse.model.engine import Engine
from glasshouse.model.plan import compile_plan
from glasshouse.run import simulate
from glasshouse.scenario.load import load
from glasshouse.society.columns import MARK_PUNISHED_ASSOCIATION, MARK_REFUSED
from glasshouse.society.permutation import Permutation
from glasshouse.views.cli_options import as_plain
from glasshouse.views.studio import caps
from glasshouse.views.studio.frames import ASSOCIATION, DIFFERS, HELD_BACK, LISTED, NO_GRADE, SHUT_OUT
from glasshouse.views.studio.series import COUNTERS

HEAD = struct.Struct("<HBBIIII")


def picture(studio, id, t, world=0):
    answer = studio.ask("GET", f"/api/worlds/{id}/days/{t}?world={world}")
    assert answer.status == 200
    version, number, _, day, frame, citizens, dropped = HEAD.unpack(answer.content[: HEAD.size])
    assert (version, number, day, frame, citizens, dropped) == (1, world, t, 0, CITIZENS, 0)
    return np.frombuffer(answer.content[HEAD.size :], np.uint8)


# ---- the same worlds as those of the command line


@pytest.mark.parametrize("world", [0, 1])
def test_totals_and_digest_are_those_of_a_run(studio, pair, world):
    told = studio.get(f"/api/worlds/{pair}")
    result = simulate(schemes()[world], citizens=CITIZENS, days=DAYS, seed=SEED)
    assert told["totals"][world] == as_plain(result.totals)
    assert told["worlds"][world]["digest"] == result.digest
    assert sum(result.totals.values()) > 0


def test_totals_are_those_that_run_json_prints(studio, capsys):
    from glasshouse.views.cli import cli
    from glasshouse.views.cli_errors import guarded

    wish = {"citizens": 1_500, "days": 40, "seed": 3}
    told = studio.lived(studio.order(preset="as-documented", **wish))
    options = [word for key, value in wish.items() for word in (f"--{key}", str(value))]
    assert guarded(cli, ["run", "as-documented", *options, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert told["totals"] == [printed["totals"]]
    assert told["worlds"][0]["digest"] == printed["digest"]


def test_a_text_lives_as_the_preset_it_was_written_from(studio, pair):
    text = studio.post("/api/check", {"preset": "as-reported", "set": HARSH, **WITHOUT})["text"]
    told = studio.lived(studio.order(text=text, citizens=CITIZENS, days=DAYS, seed=SEED))
    assert told["worlds"][0]["digest"] == studio.get(f"/api/worlds/{pair}")["worlds"][1]["digest"]


def test_a_seed_beyond_what_a_page_can_count_may_come_as_text(studio):
    told = studio.lived(studio.order(preset="classroom", citizens=1_000, days=2, seed=str(2**64 - 1)))
    assert told["seed"] == str(2**64 - 1)


def test_the_counters_end_where_the_totals_do(studio, pair):
    told = studio.get(f"/api/worlds/{pair}")
    for world, totals in enumerate(told["totals"]):
        last = {name: told["series"][name][world][-1] for name in COUNTERS}
        assert last["refused"] == totals["refused.plane"] + totals["refused.high_speed_rail"]
        assert last["listed"] == totals["listed.persons"]
        assert last["summoned"] == totals["summonses"]
        assert last["by_association"] == totals["punished.association"]
        assert last["by_error"] == totals["punished.false"]
        assert last["posts_withheld"] == totals["posts.withheld"]
        assert sum(told["series"]["points_lost.all.daily"][world]) == totals["points_lost.all"]
    assert all(
        len(values) == DAYS for worlds in told["series"].values() for values in worlds if values is not None
    )


# ---- pictures


@pytest.fixture(scope="module")
def rows():
    """Columns of both worlds on some evenings, from engines of their own, and who differs from the twin."""
    scenarios = [one.scenario for one in schemes()]
    plans = pair_of_plans(*scenarios, citizens=CITIZENS, days=DAYS, seed=SEED)
    engines, twins, found = [Engine(plan) for plan in plans], Twins(*plans), {}
    before = [np.zeros(CITIZENS, bool) for _ in plans]
    for t in range(DAYS):
        for engine in engines:
            engine.step()
        columns = [
            {name: np.array(engine.columns[name][:CITIZENS]) for name in engine.columns} for engine in engines
        ]
        refused = [(one["marks"] & MARK_REFUSED) != 0 for one in columns]
        new = [now & ~then for now, then in zip(refused, before, strict=True)]
        before = refused
        found[t] = columns, new, twins.differing(*columns)
    return plans, found


@pytest.mark.parametrize("t", [0, 1, 15, 16, 17, 31, 40, DAYS - 1])
@pytest.mark.parametrize("world", [0, 1])
def test_a_picture_says_of_everybody_what_the_row_says(studio, pair, rows, t, world):
    plans, found = rows
    (columns, new, differing), plan = found[t], plans[world]
    one, shown = columns[world], picture(studio, pair, t, world)
    sanctions = sum(1 << k for k, item in enumerate(plan.lists) if not item.perk)
    assert np.array_equal((shown & LISTED) != 0, (one["lists"] & sanctions) != 0)
    spell = (one["detained"] != 0) | (one["suspended"] != 0) | (one["offline"] != 0)
    assert np.array_equal((shown & SHUT_OUT) != 0, spell | new[world])
    assert np.array_equal((shown & ASSOCIATION) != 0, (one["marks"] & MARK_PUNISHED_ASSOCIATION) != 0)
    assert np.array_equal((shown & DIFFERS) != 0, differing)
    factors = np.array(plan.learn.factors)[:, one["risk"] >> 8]
    assert np.array_equal((shown & HELD_BACK) != 0, factors.min(axis=0) < 65536)
    member = np.array([plan.population.member(i) for i in range(CITIZENS)])
    grade = np.searchsorted(plan.score.grade_from, one["score"], side="right") - 1
    assert np.array_equal(shown & 7, np.where(member, grade, NO_GRADE))


def test_pictures_show_something_of_everything(studio, pair):
    shown = [picture(studio, pair, t) for t in range(0, DAYS, 3)]
    for bit in (LISTED, SHUT_OUT, HELD_BACK, ASSOCIATION, DIFFERS):
        assert any((one & bit).any() for one in shown)


def test_the_count_of_grades_in_the_picture_is_that_of_the_series(studio, pair):
    told, shown = studio.get(f"/api/worlds/{pair}"), picture(studio, pair, DAYS - 1)
    for code, name in enumerate(told["names"]["grades"]):
        assert np.count_nonzero(shown & 7 == code) == told["series"][f"grade.{name}"][0][-1]


@pytest.mark.parametrize(
    "asked", [f"days/{DAYS}", "days/3?world=2", "days/3?world=-1", "days/3?world=x", "days/99999999999"]
)
def test_a_day_or_world_that_is_not_there_is_told(studio, pair, asked):
    assert studio.ask("GET", f"/api/worlds/{pair}/{asked}").status == 404


def test_a_scheme_without_a_score_has_no_grades(studio):
    id = studio.order(preset="as-documented", citizens=1_000, days=3)
    told = studio.lived(id)
    assert told["names"]["grades"] == []
    answer = studio.ask("GET", f"/api/worlds/{id}/days/2")
    assert set(np.frombuffer(answer.content[20:], np.uint8) & 7) == {NO_GRADE}


def test_places_in_a_circle_are_those_of_the_permutation(studio, pair):
    plan = compile_plan(schemes()[0].scenario, citizens=CITIZENS, days=DAYS, seed=SEED)
    told = studio.get(f"/api/worlds/{pair}")
    assert told["names"]["circles"] == [circle.id for circle in plan.ties.circles]
    for circle in plan.ties.circles:
        answer = studio.ask("GET", f"/api/worlds/{pair}/order/{circle.id}")
        places = np.frombuffer(answer.content, "<u4")
        assert sorted(places.tolist()) == list(range(CITIZENS))
        starts = plan.population.province_start if circle.provincial else (0, CITIZENS)
        for p, (low, high) in enumerate(pairwise(starts)):
            if low < high:
                order = Permutation(high - low, plan.seed, circle.permutation_decision, p)
                assert places[low:high].tolist() == [low + order.forward(x) for x in range(high - low)]
    assert studio.ask("GET", f"/api/worlds/{pair}/order/nothing").status == 404


# ---- lives


def test_the_picks_are_those_of_the_command_line(studio, pair):
    from glasshouse.life.again import live_worlds
    from glasshouse.life.pick import Tally, fitting

    scenarios = [one.scenario for one in schemes()]
    plans = pair_of_plans(*scenarios, citizens=CITIZENS, days=DAYS, seed=SEED)
    tally = Tally(plans, posts=True)
    live_worlds(plans, "", None, None, tally)
    found = studio.get(f"/api/worlds/{pair}/picks")
    assert found["most_affected"] == fitting(tally, "most-affected")
    assert found["association"] == fitting(tally, "punished-by-association")
    assert found["silent"] == fitting(tally, "silent")
    assert found["lost_most"] == int(
        np.argmax(np.where(tally.sanctioned_before, 0.5, 1) * tally.days_sanctioned[0])
    )


def test_a_life_is_that_of_the_command_line(studio, pair, tmp_path):
    from glasshouse.life import live_again, recorded_world

    for name, loaded in zip(("base", "variant"), schemes(), strict=True):
        simulate(loaded, citizens=CITIZENS, days=DAYS, seed=SEED, folder=tmp_path / name)
    citizen = studio.get(f"/api/worlds/{pair}/picks")["most_affected"]
    told = studio.get(f"/api/worlds/{pair}/citizens/{citizen}")
    wanted = live_again([recorded_world(tmp_path / name) for name in ("base", "variant")], citizen)
    assert told["life"] == as_plain(wanted.as_dict())
    assert told["life"]["parting"] is not None
    assert any("the two lives part" in one for one in told["plain"])
    assert "synthetic society" in told["plain"][0]


def test_ties_are_those_of_the_society(studio, pair):
    from glasshouse.society.ties import Ties

    plan = compile_plan(schemes()[0].scenario, citizens=CITIZENS, days=DAYS, seed=SEED)
    ties, told = Ties(plan.ties, plan.population), studio.get(f"/api/worlds/{pair}/citizens/5")["ties"]
    assert {one["citizen"] for one in told if one["friend"]} == set(ties.friends(5)) - {5}
    for number, circle in enumerate(plan.ties.circles):
        assert {one["citizen"] for one in told if one["kind"] == circle.id} == set(
            ties.members(number, 5)
        ) - {5}


@pytest.mark.parametrize(("citizen", "status"), [(CITIZENS, 422), (10**20, 422), ("-1", 404), ("x", 404)])
def test_a_citizen_who_is_not_there_is_told(studio, pair, citizen, status):
    assert studio.ask("GET", f"/api/worlds/{pair}/citizens/{citizen}").status == status


def test_nothing_is_told_of_a_single_citizen_of_a_small_society(studio):
    id = studio.order(preset="classroom", citizens=999, days=30)
    told = studio.lived(id)
    answer = studio.ask("GET", f"/api/worlds/{id}/citizens/3")
    assert answer.status == 422
    assert "1,000" in answer.message
    assert set(studio.get(f"/api/worlds/{id}/picks").values()) == {None}
    assert not [one for one in told["highlights"] if "citizen" in one]


def test_the_five_figures_stand_beside_each_world(studio, pair):
    told = studio.get(f"/api/worlds/{pair}")
    wanted = ("lost_most", "refused", "withheld", "association", "recovery")
    assert [(one["world"], one["id"]) for one in told["highlights"]] == [
        (w, id) for w in (0, 1) for id in wanted
    ]
    for one in told["highlights"]:
        totals = told["totals"][one["world"]]
        assert "in this synthetic society" in one["sentence"]
        if one["id"] == "refused":
            assert one["value"] == totals["refused.plane"] + totals["refused.high_speed_rail"] > 0
        if one["id"] == "withheld":
            assert one["value"] == totals["posts.withheld"] > 0
        if one["id"] == "association":
            assert one["value"] == totals["punished.association"]
    assert told["totals"][0]["punished.association"] > 0
    assert told["totals"][1]["punished.association"] == 0


def test_days_to_recover_are_those_of_harm(studio, pair):
    from glasshouse.harm.people import People
    from glasshouse.harm.recovery import Clock, recovery

    plan = compile_plan(schemes()[0].scenario, citizens=CITIZENS, days=DAYS, seed=SEED)
    engine = Engine(plan)
    clock = Clock(plan, People(plan))
    clock.begin(engine)
    for t in range(DAYS):
        engine.step()
        clock.evening(engine, t)
    found = recovery(clock.end(np.zeros(CITIZENS, bool)))[0]
    told = next(one for one in studio.get(f"/api/worlds/{pair}")["highlights"] if one["id"] == "recovery")
    assert told["value"] == (None if found.median_days.value is None else round(found.median_days.value))
    assert f"{found.people:,} people first punished" in told["sentence"]


# ---- what is refused


@pytest.mark.parametrize(
    ("wish", "part"),
    [
        ({"citizens": caps.CITIZENS + 1}, "100,000"),
        ({"citizens": 0}, "citizens"),
        ({"citizens": True}, "citizens"),
        ({"citizens": "many"}, "citizens"),
        ({"citizens": 1e3}, "citizens"),
        ({"days": caps.DAYS + 1}, "3,650"),
        ({"days": -1}, "days"),
        ({"seed": 2**64}, "seed"),
        ({"pace": {"days_per_second": 0}}, "days_per_second"),
        ({"pace": {"paused": 1}}, "paused"),
        ({"pace": []}, None),
        ({"pace": "fast"}, "pace"),
        ({"twin": []}, "twin"),
        ({"twin": {"preset": "nothing"}}, "preset"),
        ({"set": {"rule.games.points": None}}, "set"),
        ({"set": ["x"]}, "set"),
        ({"set": {"rule.games.points": {"value": 1}}}, "set"),
        ({"without": "games"}, "without"),
        ({"without": [1]}, "without"),
        ({"without": [f"x{k}" for k in range(501)]}, "500"),
    ],
    ids=str,
)
def test_an_order_beyond_the_caps_or_of_another_form_is_refused(studio, wish, part):
    before = len(studio.get("/api/worlds"))
    answer = studio.ask("POST", "/api/worlds", {"preset": "classroom", "citizens": 1_000, "days": 2, **wish})
    if part is None:
        assert answer.status == 202  # an empty pace is none
        return
    assert answer.status == 422
    assert part in answer.message
    assert len(studio.get("/api/worlds")) == before


def test_a_scenario_that_is_not_valid_comes_back_with_its_findings(studio):
    answer = studio.ask(
        "POST", "/api/worlds", {"preset": "as-reported", "set": {"rule.games.points": 99_999}}
    )
    assert answer.status == 422
    assert answer.tree["diagnostics"][0]["code"] == "GH102"


def test_memory_is_looked_at_before_the_start(studio, monkeypatch):
    from glasshouse.views import cli_limits

    monkeypatch.setattr(cli_limits, "allowed_memory", lambda: 100_000_000)
    answer = studio.ask("POST", "/api/worlds", {"preset": "as-reported", "citizens": 100_000})
    assert answer.status == 422
    assert "memory" in answer.message or "allows" in answer.message


def test_worlds_of_other_people_are_not_laid_side_by_side(studio):
    body = {"preset": "as-reported", "citizens": 1_000, "days": 2, "twin": {"preset": "classroom"}}
    answer = studio.ask("POST", "/api/worlds", body)
    assert answer.status == 422
    assert "differ" in answer.message


# ---- 120: many orders; 123: a page that leaves


def test_of_a_thousand_orders_eight_wait_and_the_rest_is_told_so(studio):
    slow = {"preset": "classroom", "citizens": 1_000, "days": 3_000, "pace": {"days_per_second": 1}}
    taken, refused = [], 0
    for _ in range(1_000):
        answer = studio.ask("POST", "/api/worlds", slow)
        if answer.status == 202:
            taken.append(answer.tree["id"])
        else:
            assert answer.status == 429
            assert "wait" in answer.message
            refused += 1
    try:
        states = states_once_living(studio, taken)
        assert states.count("living") == caps.LIVING
        assert states.count("waiting") <= caps.QUEUED
        assert len(taken) <= caps.LIVING + caps.QUEUED
        assert refused == 1_000 - len(taken)
    finally:
        for id in taken:
            assert studio.ask("DELETE", f"/api/worlds/{id}").status == 204
    assert not [job for job in studio.get("/api/worlds") if job["id"] in taken]


def states_once_living(studio, taken):
    """Return the states of jobs as soon as as many live as may."""
    end = time.monotonic() + PATIENCE_S
    while True:
        states = [job["state"] for job in studio.get("/api/worlds") if job["id"] in taken]
        if states.count("living") >= caps.LIVING or time.monotonic() > end:
            return states
        time.sleep(0.02)


def test_a_world_goes_on_when_the_page_leaves_and_can_be_looked_at_again(studio):
    id = studio.order(preset="classroom", citizens=1_000, days=120, pace={"days_per_second": 100})
    with studio.socket(id) as opened:
        assert json.loads(opened.recv(timeout=10))["type"] == "hello"
    with studio.socket(id) as opened:
        days, done = listen(opened)
    assert [one["t"] for one in days] == list(range(120))  # from the first day on
    assert done["state"] == "done"
    assert studio.get(f"/api/worlds/{id}")["state"] == "done"


def test_a_world_that_nobody_looks_at_comes_to_its_end(studio):
    assert studio.lived(studio.order(preset="classroom", citizens=1_000, days=40))["day"] == 40


def test_what_is_forgotten_is_gone(studio):
    id = studio.order(preset="classroom", citizens=1_000, days=3_000, pace={"days_per_second": 5})
    assert studio.ask("DELETE", f"/api/worlds/{id}").status == 204
    for asked in ("", "/days/0", "/picks", "/export/command.txt", "/citizens/1"):
        assert studio.ask("GET", f"/api/worlds/{id}{asked}").status == 404
    assert studio.ask("DELETE", f"/api/worlds/{id}").status == 404


def test_a_world_that_fails_says_why_and_the_others_go_on(studio, monkeypatch):
    from glasshouse.errors import InvariantError
    from glasshouse.views.studio.living import Living

    broken = Living.live_day

    def fails(self):
        if self._engines[0].plan.seed == 666:
            raise InvariantError("a balance did not close in /tmp/one/two.py", help="report it")
        return broken(self)

    monkeypatch.setattr(Living, "live_day", fails)
    wish = {"preset": "classroom", "citizens": 1_000, "days": 20}
    bad, good = studio.order(**wish, seed=666), studio.order(**wish, seed=1)
    told = studio.lived(bad)
    assert told["state"] == "failed"
    assert told["error"] == {"message": "a balance did not close in two.py", "help": "report it"}
    assert studio.lived(good)["state"] == "done"
    assert studio.ask("GET", f"/api/worlds/{bad}/export/report.html").status == 409
    with studio.socket(bad) as opened:
        assert listen(opened)[1]["state"] == "failed"
    assert studio.ask("DELETE", f"/api/worlds/{bad}").status == 204


def test_a_pause_a_step_and_a_pace(studio):
    id = studio.order(preset="classroom", citizens=1_000, days=3_000, pace={"paused": True})
    assert wait_for(studio, id, "paused")["day"] == 0
    studio.post(f"/api/worlds/{id}/pace", {"step": 3})
    assert wait_for(studio, id, "paused", day=3)["day"] == 3
    time.sleep(0.2)
    assert studio.get(f"/api/worlds/{id}")["day"] == 3
    studio.post(f"/api/worlds/{id}/pace", {"paused": False, "days_per_second": 20})
    began = time.monotonic()
    lived = wait_for(studio, id, "living", day=23)["day"] - 3  # twenty days take a second
    assert lived <= 20 * (time.monotonic() - began) + 3
    assert studio.ask("POST", f"/api/worlds/{id}/pace", {"step": 1000}).status == 422
    studio.ask("DELETE", f"/api/worlds/{id}")


def wait_for(studio, id, state, day=0):
    """Return a job as soon as it is in some state."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        told = studio.get(f"/api/worlds/{id}")
        if told["state"] == state and told["day"] >= day:
            return told
        time.sleep(0.02)
    raise AssertionError(told["state"])


# ---- the socket


def listen(opened, *, acks=True, frames=None):
    """Take everything that a socket says until `done`; return the days and the last word."""
    days = []
    while True:
        word = opened.recv(timeout=30)
        if isinstance(word, bytes):
            head = HEAD.unpack(word[: HEAD.size])
            if frames is not None:
                frames.append((head, word[HEAD.size :]))
            if acks:
                with suppress(ConnectionClosed):  # all may be said and the socket closed by now
                    opened.send(json.dumps({"ack": head[4]}))
            continue
        said = json.loads(word)
        if said["type"] == "done":
            return days, said
        if said["type"] == "day":
            days.append(said)


def test_a_socket_tells_every_day_and_paints_what_is_acknowledged(studio):
    id = studio.order(
        preset="as-reported", citizens=1_000, days=30, seed=2, twin=WITHOUT, pace={"days_per_second": 20}
    )
    frames = []
    with studio.socket(id) as opened:
        days, done = listen(opened, frames=frames)
    told = studio.get(f"/api/worlds/{id}")
    assert [one["t"] for one in days] == list(range(30))
    assert [one["date"] for one in days][:2] == ["2019-01-01", "2019-01-02"]
    for one in days:
        for world in (0, 1):
            assert one["counters"][world] == {
                name: told["series"][name][world][one["t"]] for name in COUNTERS
            }
            assert one["stocks"][world]["flagged"] == told["series"]["flagged"][world][one["t"]]
    assert len({head[4] for head, _ in frames}) == len(frames)  # each has a number of its own
    for world in (0, 1):
        mine = [head[3] for head, _ in frames if head[1] == world]
        assert mine == sorted(mine)
        assert mine[-1] == 29
    head, people = frames[-1]
    shown = studio.ask("GET", f"/api/worlds/{id}/days/{head[3]}?world={head[1]}").content[HEAD.size :]
    assert people == shown
    assert done["dropped"] + len(frames) // 2 == 30


def test_a_page_that_paints_nothing_gets_two_pictures_and_every_day(studio):
    id = studio.order(preset="as-reported", citizens=1_000, days=60, pace={"days_per_second": 60})
    frames = []
    with studio.socket(id) as opened:
        days, done = listen(opened, acks=False, frames=frames)
    assert len(days) == 60
    assert len(frames) == caps.IN_FLIGHT
    assert done["dropped"] >= 0


def test_pictures_left_out_are_counted(studio):
    id = studio.order(preset="as-reported", citizens=1_000, days=60, pace={"days_per_second": 60})
    frames = []
    with studio.socket(id) as opened:
        while True:
            word = opened.recv(timeout=30)
            if isinstance(word, bytes):
                frames.append(HEAD.unpack(word[: HEAD.size]))
                time.sleep(0.1)
                with suppress(ConnectionClosed):  # it waits for the last picture to be sent, not painted
                    opened.send(json.dumps({"ack": frames[-1][4]}))
            elif json.loads(word)["type"] == "done":
                done = json.loads(word)
                break
    days = [head[3] for head in frames]
    left_out = [b - a - 1 for a, b in zip([-1, *days], days, strict=False)]
    assert [head[6] for head in frames] == list(np.cumsum(left_out))
    assert done["dropped"] == sum(left_out) > 0
    assert days[-1] == 59


def test_the_socket_changes_the_pace(studio):
    id = studio.order(preset="classroom", citizens=1_000, days=50, pace={"paused": True})
    with studio.socket(id) as opened:
        assert json.loads(opened.recv(timeout=10))["type"] == "hello"
        opened.send(json.dumps({"pace": {"paused": False, "days_per_second": None}}))
        days, done = listen(opened)
    assert len(days) == 50
    assert done["state"] == "done"


@pytest.mark.parametrize(
    "word", ["{", "[1]", '{"pace": 7}', '{"pace": {"days_per_second": -1}}', "x" * 70_000]
)
def test_nonsense_ends_the_socket_and_nothing_else(studio, word):
    id = studio.order(preset="classroom", citizens=1_000, days=200, pace={"days_per_second": 100})
    with studio.socket(id) as opened:
        opened.send(word)
        if word == "[1]":
            return
        with pytest.raises(ConnectionClosed):
            listen(opened)
    assert studio.lived(id)["state"] == "done"


def test_the_engine_is_not_slowed_by_a_page_that_reads_nothing(studio):
    wish = {"preset": "as-reported", "citizens": 20_000, "days": 120}
    for _ in range(3):  # other work may slow one measurement of two; pages that slow the engine slow all
        alone, watched = timed(studio, wish), timed_with_pages(studio, wish)
        if watched < 2 * alone + 1.0:
            return
    raise AssertionError(f"{watched:.1f} s with pages that read nothing, {alone:.1f} s without")


def timed(studio, wish):
    """Return how long a job takes that nobody looks at."""
    began = time.monotonic()
    studio.lived(studio.order(**wish))
    return time.monotonic() - began


def timed_with_pages(studio, wish):
    """Return how long a job takes at which four pages look that never read: their sockets fill up."""
    id = studio.order(**wish, pace={"paused": True})
    with ExitStack() as pages:
        for _ in range(4):
            pages.enter_context(studio.socket(id))
        began = time.monotonic()
        studio.post(f"/api/worlds/{id}/pace", {"paused": False})
        studio.lived(id)
        return time.monotonic() - began


# ---- what can be taken home


def test_exports_are_files_that_say_the_same(studio, pair, tmp_path):
    told = studio.get(f"/api/worlds/{pair}")
    report = studio.ask("GET", f"/api/worlds/{pair}/export/report.html")
    assert report.status == 200
    assert report.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert b"Press version" in report.content
    assert b"<script" not in report.content
    for world in (0, 1):
        rows = (
            studio.ask("GET", f"/api/worlds/{pair}/export/daily.csv?world={world}")
            .content.decode()
            .splitlines()
        )
        assert rows[0] == '"day","date","measure","kind","province","group","value"'
        lost = sum(int(row.rpartition(",")[2]) for row in rows if '"points_lost.all","flow"' in row)
        assert lost == told["totals"][world]["points_lost.all"]
        path = tmp_path / f"{world}.toml"
        path.write_bytes(studio.ask("GET", f"/api/worlds/{pair}/export/scenario.toml?world={world}").content)
        result = simulate(load(path), citizens=CITIZENS, days=DAYS, seed=SEED)
        assert result.digest == told["worlds"][world]["digest"]


def test_the_command_lives_the_same_again(studio, pair, capsys):
    import shlex

    from glasshouse.views.cli import cli
    from glasshouse.views.cli_errors import guarded

    text = studio.ask("GET", f"/api/worlds/{pair}/export/command.txt").content.decode()
    note, *lines = text.splitlines()
    assert note.startswith("#")
    told = studio.get(f"/api/worlds/{pair}")
    size = f"--citizens={CITIZENS} --days={DAYS} --seed={SEED}"
    assert lines[2] == f"glasshouse compare scenario.toml twin.toml {size} --replicates=1 -o DIR"
    for line, world in zip(lines[:2], told["worlds"], strict=True):
        program, *words = shlex.split(line)
        assert program == "glasshouse"
        assert guarded(cli, [*words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["digest"] == world["digest"]


def test_a_preset_beside_itself_needs_no_file(studio):
    id = studio.order(preset="as-documented", citizens=1_000, days=2, seed=3, twin={"without": ["police"]})
    text = studio.ask("GET", f"/api/worlds/{id}/export/command.txt").content.decode()
    size = "--citizens=1000 --days=2 --seed=3"
    assert text.splitlines() == [
        f"glasshouse run as-documented {size}",
        f"glasshouse run as-documented --without=police {size}",
        f"glasshouse compare as-documented --without=police {size} --replicates=1 -o DIR",
    ]


def test_there_is_no_other_export(studio, pair):
    for what in ("..%2F..%2Fbase%2Fmanifest.json", "manifest.json", "report.htm"):
        assert studio.ask("GET", f"/api/worlds/{pair}/export/{what}").status == 404


def test_what_needs_the_end_is_not_given_before(studio):
    id = studio.order(preset="classroom", citizens=1_000, days=100, pace={"paused": True})
    for asked in ("export/report.html", "export/daily.csv", "picks", "citizens/1"):
        assert studio.ask("GET", f"/api/worlds/{id}/{asked}").status == 409
    assert studio.ask("GET", f"/api/worlds/{id}/export/command.txt").status == 200
    studio.ask("DELETE", f"/api/worlds/{id}")
