"""The diary: both worlds beside each other, what each event rests on, what parted them and what that led to."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import pytest
from towns import CITIZENS

from glasshouse.errors import InputOutputError, InvariantError, RefusedError, UsageError
from glasshouse.life import live_again, recorded_world, telling
from glasshouse.life.basis import Bases, Basis
from glasshouse.life.parting import GRAVE
from glasshouse.model.oracle import Event
from glasshouse.records.crossings import NAME
from glasshouse.scenario.load import load
from glasshouse.society.crossings import FLAG_ON
from glasshouse.society.ties import Ties
from glasshouse.views.cli import cli
from glasshouse.views.cli_errors import guarded
from glasshouse.views.report.life import life_page


@pytest.fixture(scope="module")
def worlds(towns):
    return [recorded_world(towns / name) for name in ("base", "variant")]


@pytest.fixture(scope="module")
def lives(worlds):
    """Return the lives of some citizens."""
    return [live_again(worlds, i) for i in range(0, CITIZENS, 25)]


def glasshouse(capsys, *arguments):
    capsys.readouterr()
    code = guarded(cli, [str(one) for one in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_first_rule_that_parted_them_is_named(lives):
    own = [life for life in lives if life.parting and life.parting.kind == "own"]
    assert own
    by_rule = [life for life in own if life.parting.by == "rule.friends"]
    assert by_rule
    for life in by_rule:
        parting = life.parting
        assert parting.world == life.diaries[0].world
        line = next(x for x in life.diaries[0].lines if x.day == parting.day and x.key == "rule.friends")
        assert (line.text, line.alone) == (parting.text, True)
        assert not any(x.key == "rule.friends" for x in life.diaries[1].lines)


def test_no_two_days_differ_before_they_part(worlds, lives):
    for life in lives:
        day = life.parting.day if life.parting else worlds[0].plan.days
        scores = [diary.score[: max(day, 0)] for diary in life.diaries]
        assert scores[0] == scores[1]


def test_a_friend_who_parted_them_is_named_and_was_flagged_that_day(worlds, lives):
    seen = 0
    for life in lives:
        parting = life.parting
        if parting is None or parting.kind != "others":
            continue
        world = next(one for one in worlds if one.name == parting.world)
        friend = int(re.search(r"(?:friend|chat member) (\d+)", parting.text)[1])
        ties = Ties(world.plan.ties, world.plan.population)
        assert friend in {*ties.friends(life.citizen), *ties.chat_members(life.citizen)}
        if "is published" in parting.text:
            days, rows, _ = world.log.of([friend])
            assert (parting.day, FLAG_ON) in set(zip(days.tolist(), rows["kind"].tolist(), strict=True))
            seen += 1
    assert seen


def test_what_it_led_to_happened_afterwards_in_one_world_alone(lives):
    told = 0
    for life in lives:
        if life.parting is None:
            assert life.led_to == []
            continue
        assert life.led_to
        for words in life.led_to:
            found = re.match(r"(\d{4}-\d\d-\d\d), only in (.*?): (.*)", words)
            if found:
                date, world, text = found.groups()
                diary = next(one for one in life.diaries if one.world == world)
                line = next(x for x in diary.lines if (x.date, x.text) == (date, text) and x.what in GRAVE)
                assert line.alone
                assert line.day >= life.parting.day
                told += 1
    assert told


def test_alone_is_what_the_other_world_does_not_have(lives):
    for life in lives:
        days = [{(x.day, x.phase, x.text) for x in diary.lines} for diary in life.diaries]
        for diary, others in zip(life.diaries, reversed(days), strict=True):
            assert all(x.alone == ((x.day, x.phase, x.text) not in others) for x in diary.lines)


def test_the_same_world_twice_never_parts(worlds):
    life = live_again([worlds[0], worlds[0]], 25)
    assert life.parting is None
    assert not any(line.alone for diary in life.diaries for line in diary.lines)


# ---- where it is told from


def without_log(world):
    return replace(world, log=None)


def test_without_a_log_the_worlds_are_lived_again_and_the_life_is_the_same(worlds):
    logged, again = live_again(worlds, 25), live_again([without_log(one) for one in worlds], 25, threads=1)
    assert logged.told_from == telling.FROM_LOG
    assert again.told_from == telling.FROM_WORLDS
    assert again.diaries == logged.diaries
    assert (again.parting, again.led_to) == (logged.parting, logged.led_to)


def test_a_pick_tells_the_life_that_the_number_tells(worlds):
    life = live_again(worlds, pick="silent", group="a", threads=1)
    assert life.picked == "silent of group a"
    assert life.who["group"] == "a"
    assert life.diaries == live_again(worlds, life.citizen).diaries
    assert max(diary.counts.get("posts.withheld", 0) for diary in life.diaries) > 0
    assert not any(diary.counts.get("punished_days") for diary in life.diaries)


def test_an_engine_that_ends_elsewhere_is_a_fault(worlds, monkeypatch):
    from glasshouse.model.engine import Engine

    row = Engine.row
    monkeypatch.setattr(Engine, "row", lambda self, i: {**row(self, i), "risk": 1 + row(self, i)["risk"]})
    with pytest.raises(InvariantError, match="citizen 3, at the end: risk is"):
        live_again([without_log(worlds[0])], 3, threads=1)


# ---- refused


def test_small_societies_are_refused_before_anything_is_read(worlds):
    few = [replace(world, plan=small_plan(world.plan)) for world in worlds]
    with pytest.raises(RefusedError, match="at least 1,000, this one has 999"):
        live_again(few, 3)


def small_plan(plan):
    from dataclasses import fields

    values = {one.name: getattr(plan, one.name) for one in fields(plan)}
    return type(plan)(**{**values, "citizens": 999})


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"citizen": CITIZENS}, "has the citizens 0 to 999"),
        ({"citizen": -1}, "has the citizens 0 to 999"),
        ({}, "give a citizen or --pick"),
        ({"citizen": 3, "pick": "silent"}, "give a citizen or --pick"),
        ({"citizen": 3, "group": "a"}, "--group says whom to pick from"),
        ({"pick": "typical"}, "typical of which group"),
        ({"pick": "silent", "group": "q"}, "the groups a, b, c"),
    ],
)
def test_wishes_that_make_no_sense(worlds, asked, words):
    with pytest.raises(UsageError, match=words):
        live_again(worlds, **asked)


def test_a_branched_run_says_why_it_cannot_be_told(towns, tmp_path):
    from glasshouse.branch import branch
    from glasshouse.errors import Interrupted
    from glasshouse.run import simulate

    left = iter(range(3))
    with pytest.raises(Interrupted):
        simulate(
            towns / "base.toml", citizens=CITIZENS, days=6, seed=5, threads=1, folder=tmp_path / "run",
            should_stop=lambda: next(left) == 2,
        )  # fmt: skip
    variant = load(towns / "base.toml", set={"rule.games.points": "-20"})
    branch(tmp_path / "run", variant, into=tmp_path / "branch", threads=1)
    with pytest.raises(InputOutputError, match="its first days were lived under another scenario"):
        recorded_world(tmp_path / "branch")


# ---- what people see


@pytest.mark.parametrize("columns", [80, 120])
def test_it_fits_a_terminal(towns, lives, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    life = next(life for life in lives if life.parting and life.parting.kind == "own")
    code, out, _ = glasshouse(capsys, "life", towns, life.citizen)
    assert code == 0
    assert max(map(len, out.splitlines())) <= columns
    assert f"The two lives part on day {life.parting.day} ({life.parting.date})" in out
    parts = ["over the run", "What parted them:", "What that led to:", "> happened in this world alone"]
    assert [out.index(part) for part in parts] == sorted(out.index(part) for part in parts)
    assert "Told from the log" in out


def test_json_is_the_life(towns, lives, capsys):
    code, out, _ = glasshouse(capsys, "life", towns, lives[1].citizen, "--json")
    assert code == 0
    assert json.loads(out) == json.loads(json.dumps(lives[1].as_dict()))


def test_the_page_is_one_file_that_loads_nothing(towns, capsys, tmp_path):
    page = tmp_path / "life-25.html"
    code, out, _ = glasshouse(capsys, "life", towns, 25, "--html", page)
    assert code == 0
    assert f"page: {page}" in out
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"<script|\ssrc=|@import|url\(", text)
    assert re.findall(r'href="([^"]*)"', text)
    assert all(one.startswith("#") for one in re.findall(r'href="([^"]*)"', text))
    for part in ('id="diary"', 'id="parting"', "What that led to", "synthetic society"):
        assert part in text
    anchors = set(re.findall(r'href="#([^"]+)"', text))
    assert anchors <= set(re.findall(r'id="([^"]+)"', text))


def test_the_page_escapes_what_a_scenario_says(lives):
    life = replace(
        lives[1],
        diaries=[replace(one, world="<img src=x>", notice="</style><script>") for one in lives[1].diaries],
    )
    text = life_page(life)
    assert "<img" not in text
    assert "<script" not in text


def test_a_page_that_cannot_be_written_is_one_error(towns, capsys, tmp_path):
    code, _, err = glasshouse(capsys, "life", towns, 25, "--html", tmp_path / "none" / "life.html")
    assert code == 5
    assert err.startswith("error: cannot write ")


def test_a_run_without_a_log_says_so(towns, capsys, tmp_path):
    from glasshouse.run import simulate

    simulate(
        towns / "base.toml", citizens=CITIZENS, days=3, threads=1, folder=tmp_path / "run", crossings=False
    )
    code, out, err = glasshouse(capsys, "life", tmp_path / "run", 25, "--threads", 1)
    assert code == 0
    assert "no log of crossings was kept: the worlds are lived again" in err
    assert telling.FROM_WORLDS in out


def test_a_missing_log_is_one_error_with_its_exit_code(towns, capsys, tmp_path):
    folder = shutil.copytree(towns / "base", tmp_path / "run")
    (folder / NAME).unlink()
    code, out, err = glasshouse(capsys, "life", folder, 25)
    assert (code, out) == (5, "")
    assert err.startswith("error: cannot read ")
    assert NAME in err


# ---- what an event rests on


RESTS_ON = [
    ("points", "rule.games", "own", "-5 points by rule.games", "rule.games.points"),
    ("allowed", "rule.games", "own", "1 free", "rule.games.allowance"),
    ("points", "rule.friends", "association", "-4 points", "rule.friends.points"),
    ("points", "police.owner_points", "association", "-20 points", "police.owner_points"),
    ("listed", "list.score", "own", "on list score", "list.score.entry_score_below"),
    ("refused", "list.conduct", "", "refused a ticket", "list.conduct.term_days"),
    ("record", "behaviour.games", "own", "record of games", "behaviour.games.caught_share"),
    ("record", "behaviour.games", "false", "record of games", "behaviour.games.false_alarm_per_day"),
    ("withheld", "behaviour.games", "", "act games withheld", "learn.strength"),
    ("summoned", "behaviour.police_criticism", "own", "summoned", "behaviour.police_criticism.summons_share"),
    ("detention", "behaviour.false_news", "own", "detained", "police.outcomes.detention"),
    ("offline", "identity.login", "identity", "card refused", "identity.forged_share"),
    ("offline", "identity.login", "identity", "face refused", "identity.false_non_match_share.a"),
    ("friend punished", "learn.friend_weight", "", "friend 3 is punished", "learn.friend_weight"),
    ("cut", "ties.cut_share", "", "friend 3 cuts the tie", "ties.cut_share"),
    ("friend flagged", "ties.flag", "", "the flag of friend 3", "score.low_cutoff_points"),
    ("appeal", "behaviour.games", "", "appeals", "redress.filed_share"),
]


@pytest.mark.parametrize(("what", "key", "origin", "text", "place"), RESTS_ON)
def test_an_event_rests_on_the_number_behind_it(what, key, origin, text, place):
    loaded = load("as-reported")
    basis = Bases(loaded.scenario, loaded.evidence).of(Event(3, 1, 5, what, key, origin, 1, text))
    evidence = loaded.evidence[place]
    assert basis.grade == evidence.grade
    named = loaded.scenario.source[evidence.source].title if evidence.source else ""
    assert basis.source.startswith(named)
    assert bool(basis.source) == bool(named)


def test_what_a_scenario_does_not_say_stays_empty():
    loaded = load("as-reported")
    bases = Bases(loaded.scenario, loaded.evidence)
    assert bases.of(Event(3, 1, 1, "freed", "", "", 0, "freed")) == Basis()
    assert bases.of(Event(3, 1, 5, "points", "rule.games", "", 0, "x")).label == "too many video games"
