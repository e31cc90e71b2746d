"""What the page shows of a scheme is what Glasshouse reads: the same findings, bounds, sources; and texts are inert."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glasshouse.scenario.json_schema import field_at
from glasshouse.scenario.load import PRESETS, load
from glasshouse.views.studio import caps
from glasshouse.views.studio.guards import POLICY

IDS = sorted(path.stem for path in PRESETS.glob("*.toml"))
EVIL = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "\u2028<b>x</b>",
]


def test_what_there_is(studio):
    told = studio.get("/api/about")
    assert [one["id"] for one in told["presets"]] == IDS
    assert [one["id"] for one in told["presets"] if one["press"]] == ["as-reported"]
    assert told["limits"] == {
        "citizens": caps.CITIZENS,
        "days": caps.DAYS,
        "queued": caps.QUEUED,
        "living": caps.LIVING,
    }
    assert len({one["colour"] for one in told["grades"]}) == 8
    notice = next(one["notice"] for one in told["presets"] if one["press"])
    assert notice == "Press version: no such national score exists."


@pytest.mark.parametrize("preset", IDS)
def test_every_preset_can_be_read_and_checked(studio, preset):
    text = studio.get(f"/api/presets/{preset}")
    assert text["text"] == (PRESETS / f"{preset}.toml").read_text("utf-8")
    told = studio.post("/api/check", {"preset": preset})
    assert told["ok"]
    assert told["text"] == f'glasshouse = 1\nextends = "{preset}"\n'
    assert told["changes"] == []
    assert told["press"] is (preset == "as-reported")
    assert all(one["value"] == one["default_of_preset"] for one in told["values"])
    paths = [one["path"] for one in told["values"]]
    assert len(paths) == len(set(paths)) > 20


def test_every_assumed_value_has_its_range_and_every_documented_one_its_source(studio):
    values = studio.post("/api/check", {"preset": "as-documented"})["values"]
    graded = [one for one in values if one["grade"]]
    assert len(graded) > 50
    assert all(one["range"] for one in graded if one["grade"] == "assumed")
    assert all(one["source"] for one in graded if one["grade"] != "assumed")
    assert all(one["source_url"].startswith(("https://", "http://")) for one in graded if one["source_url"])


@pytest.mark.parametrize(
    ("wish", "changes"),
    [
        ({"set": {"rule.games.points": -33}}, {"rule.games.points": -33}),
        ({"set": {"rule.games.points": "-33"}}, {"rule.games.points": -33}),
        ({"set": {"society.start_date": "2018-06-01"}}, {"society.start_date": "2018-06-01"}),
        ({"set": {"behaviour.games.caught_share": 0.5}}, {"behaviour.games.caught_share": 0.5}),
        ({"set": {"identity.new_line.check": "none"}}, {"identity.new_line.check": "none"}),
        ({"without": ["rule.games"]}, {"rule.games.disabled": True}),
        ({"without": ["friends"]}, {"rule.friends.disabled": True}),
        ({"without": ["owners"]}, {"police.owner_liable_share": 0.0}),
    ],
    ids=str,
)
def test_a_change_is_written_as_a_text_that_loads_by_itself(studio, wish, changes):
    told = studio.post("/api/check", {"preset": "as-reported", **wish})
    assert told["ok"], told["diagnostics"]
    assert {one["path"]: one["to"] for one in told["changes"]} == changes
    assert told["text"].startswith('glasshouse = 1\nextends = "as-reported"\n')
    again = studio.post("/api/check", {"text": told["text"]})
    assert again["ok"]
    assert again["text"] == told["text"]
    assert again["changes"] == told["changes"]
    assert again["preset"] == "as-reported"


def test_the_form_has_every_field_that_the_language_has(studio):
    told = studio.get("/api/schema")
    fields = {field["path"]: field for section in told["sections"] for field in section["fields"]}
    assert fields["rule.*.points"]["type"] == "integer"
    assert (fields["rule.*.points"]["minimum"], fields["rule.*.points"]["maximum"]) == (-10_000, 10_000)
    assert fields["learn.restraint"]["choices"] == ["none", "proportional", "strategic"]
    assert fields["society.start_date"]["type"] == "date"
    assert fields["society.age_shares"]["type"] == "numbers"
    assert fields["behaviour.*.caught_share"]["unit"] == "share, 0 to 1"
    assert fields["score.grade.*.from_points"]["type"] == "integer"
    for path, field in fields.items():
        schema = field_at(
            tuple(
                0 if part == "*" and path.startswith(("score.grade", "society.age_from.")) else part
                for part in path.split(".")
            )
        )
        assert field["description"] == schema.get("description", "")


@pytest.mark.parametrize("preset", IDS)
def test_every_value_of_a_preset_is_a_field_of_the_form(studio, preset):
    shown = {
        field["path"] for section in studio.get("/api/schema")["sections"] for field in section["fields"]
    }
    for one in studio.post("/api/check", {"preset": preset})["values"]:
        parts = one["path"].split(".")
        forms = {""}
        for part in parts:
            forms = {f"{form}.{word}" if form else word for form in forms for word in (part, "*")}
        assert forms & shown, one["path"]


def test_every_switch_works(studio):
    rules = studio.post("/api/check", {"preset": "as-reported"})["rules"]
    assert {one["kind"] for one in rules} >= {"rule", "list", "behaviour", "platform", "circle", "mechanism"}
    for one in rules:
        told = studio.post("/api/check", {"preset": "as-reported", "without": [one["id"]]})
        if not told["ok"]:  # something else of the scheme needs it, and that is said
            assert told["diagnostics"][0]["severity"] == "error"
            continue
        assert next(rule["on"] for rule in told["rules"] if rule["id"] == one["id"]) is False


# ---- findings are those of `glasshouse check`


@pytest.mark.parametrize(
    "path",
    sorted((Path(__file__).parents[2] / "scenario" / "bad").glob("*.toml")),
    ids=lambda path: path.stem,
)
def test_findings_are_those_of_check(studio, path):
    from glasshouse.errors import GlasshouseError

    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        pytest.skip("no text: a page cannot send it")
    try:
        load(path)
        wanted = None
    except GlasshouseError as error:
        wanted = [(one.code, one.line, one.column) for one in getattr(error, "diagnostics", ())]
    answer = studio.ask("POST", "/api/check", {"text": text})
    if answer.status == 413:
        assert len(text) > caps.MAX_BODY // 2
        return
    told = answer.tree
    found = [(one["code"], one["line"], one["column"]) for one in told["diagnostics"]]
    assert told["ok"] is (wanted is None)
    if wanted is not None and any(code == "GH008" for code, _, _ in wanted):
        assert [code for code, _, _ in found] == [
            "GH008"
        ]  # it extends a file, and a page's text lies beside none
    else:
        assert wanted is None or found == wanted


def test_a_finding_points_at_its_place_in_the_text(studio):
    text = 'glasshouse = 1\nextends = "as-reported"\n\n[rule.games]\npoints = 1.5\n'
    told = studio.post("/api/check", {"text": text})
    (found,) = told["diagnostics"]
    assert (found["code"], found["line"], found["column"]) == ("GH101", 5, 10)
    assert "points = 1.5" in found["frame"]
    assert "^^^" in found["frame"]
    assert told["text"] == text


@pytest.mark.parametrize(
    "text", ["", "\ud800", "a" * 20_000, "[" * 500, "\0", "x = 1\r", "\ufeffglasshouse = 1"]
)
def test_any_text_gets_an_answer(studio, text):
    answer = studio.ask("POST", "/api/check", {"text": text})
    assert answer.status == 200
    assert not answer.tree["ok"]
    assert answer.tree["diagnostics"]


# ---- 115, 126: texts are inert


@pytest.mark.parametrize("evil", EVIL)
def test_a_hostile_title_is_text_and_nothing_else(studio, evil):
    quoted = json.dumps(evil)
    text = f"glasshouse = 1\ntitle = {quoted}\nnotice = {quoted}\nsummary = {quoted}\n[society]\ncitizens = 1000\n"
    text += f'[behaviour.posts]\nlabel = {quoted}\nkind = "speech"\nper_day = 0.1\n'
    answer = studio.ask("POST", "/api/check", {"text": text})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.tree["title"] == evil
    id = studio.order(text=text, citizens=1_000, days=3)
    assert studio.lived(id)["title"] == evil
    report = studio.ask("GET", f"/api/worlds/{id}/export/report.html")
    page = report.content.decode()
    assert report.headers["content-security-policy"] == POLICY
    assert report.headers["content-disposition"].startswith("attachment")
    for piece in ("<img src=x", "<script>alert", 'href="javascript:', "<b>x</b>"):
        assert piece not in page


def test_an_address_that_is_none_of_the_web_is_not_handed_to_the_page(studio):
    text = (
        'glasshouse = 1\ntitle = "t"\n[society]\ncitizens = 1000\n[behaviour.posts]\nkind = "speech"\n'
        'per_day = { value = 0.1, grade = "documented", source = "s" }\n'
        '[source.s]\ntitle = "<b>t</b>"\nurl = "javascript:alert(1)"\n'
    )
    told = studio.post("/api/check", {"text": text})
    (value,) = [one for one in told["values"] if one["path"] == "behaviour.posts.per_day"]
    assert value["source"] == "<b>t</b>"  # text, for a page that shows it as text
    assert value["source_url"] == ""


@pytest.mark.parametrize("line", ['keywords = ["x"]', 'regex = ".*"', 'phone = "x"', 'face_images = ["x"]'])
def test_there_is_no_way_in_for_real_people_here_either(studio, line):
    text = (
        f'glasshouse = 1\ntitle = "t"\n[society]\n[behaviour.posts]\nkind = "speech"\nper_day = 0.1\n{line}\n'
    )
    told = studio.post("/api/check", {"text": text})
    assert not told["ok"]
    assert told["diagnostics"][0]["code"].startswith("GH50")
    assert studio.ask("POST", "/api/worlds", {"text": text}).status == 422


def test_a_world_takes_no_state_and_no_people(studio):
    """A body's further keys are nothing: no way in but a scenario."""
    body = {"preset": "classroom", "citizens": 1_000, "days": 5, "seed": 4}
    more = {**body, "state": {"score": [1]}, "people": [{"name": "x"}], "ties": [[0, 1]]}
    digests = {studio.lived(studio.order(**one))["worlds"][0]["digest"] for one in (body, more)}
    assert len(digests) == 1
