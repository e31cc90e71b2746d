"""The routes of a played year: they play presets and nothing else, and say in JSON what is wrong."""

from __future__ import annotations

import asyncio
import json

import pytest

pytest.importorskip("starlette")

from starlette.applications import Starlette
from starlette.routing import Mount

from glasshouse.views.studio import play
from glasshouse.views.studio.answers import HANDLERS


@pytest.fixture
def server(monkeypatch):
    """Return a function that posts to a server with short years of small societies."""
    real = play.Game
    monkeypatch.setattr(play, "Game", lambda preset, **wish: real(preset, citizens=100, days=45, **wish))
    app = Starlette(routes=[Mount("/api", routes=play.ROUTES)], exception_handlers=HANDLERS)

    def post(path, body):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asyncio.run(_asked(app, path, raw))

    post.app = app
    return post


async def _asked(app, path, raw):
    """Return status and JSON of a POST, through the server's own interface."""
    sent, scope = [], {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json")], "app": app,
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body)


def test_a_year_is_begun_and_lived_to_its_end(server):
    status, opening = server("/api/play", {"preset": "as-reported", "seed": 3, "twin": "careful"})
    assert status == 201
    assert opening["next"]["questions"][0] == "post"
    assert opening["notice"] == "Press version: no such national score exists."
    status, month = server(f"/api/play/{opening['id']}/month", {"choices": {"games": "yes"}})
    assert (status, month["month"], month["ending"]) == (200, "2019-01", None)
    status, month = server(f"/api/play/{opening['id']}/month", {})
    assert status == 200
    assert month["next"] is None
    assert [world["world"] for world in month["ending"]["worlds"]] == ["your year", "your twin's year"]
    status, told = server(f"/api/play/{opening['id']}/month", {})
    assert (status, told["error"]["message"]) == (422, "the year is over")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "not JSON"),
        (b"[]", 400, "no JSON object"),
        (b"\xff", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        ({}, 422, "in a preset"),
        ({"preset": 7}, 422, "preset: expected text"),
        ({"preset": "/etc/passwd"}, 422, "is no preset"),
        ({"preset": "../starter"}, 422, "is no preset"),
        ({"preset": "as-documented", "seed": True}, 422, "seed: expected a whole number"),
        ({"preset": "as-documented", "seed": 1.5}, 422, "seed: expected a whole number"),
        ({"preset": "as-documented", "seed": -1}, 422, "seed: expected 0 to"),
        ({"preset": "as-documented", "seed": 2**64}, 422, "seed: expected 0 to"),
        ({"preset": "as-documented", "citizen": 10**9}, 422, "citizens 0 to 99"),
        ({"preset": "as-documented", "twin": "evil"}, 422, "no twin"),
        ({"preset": "as-documented", "citizens": 5}, 422, "no field citizens"),
        ({"preset": "as-documented", "text": "glasshouse = 1"}, 422, "no field text"),
        ({"preset": "as-documented", "people": [{"name": "A"}]}, 422, "no field people"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(server, body, status, words):
    found, told = server("/api/play", body)
    assert found == status
    assert words in told["error"]["message"]
    assert "/src/" not in json.dumps(told)


def test_a_month_with_strange_choices_is_refused_and_nothing_is_lived(server):
    _, opening = server("/api/play", {"preset": "as-documented"})
    path = f"/api/play/{opening['id']}/month"
    for choices, words in (
        ({"steal": "yes"}, "not asked"),
        ({"post": 1}, "no answer"),
        ([], "expected an object"),
    ):
        status, told = server(path, {"choices": choices})
        assert status == 422
        assert words in told["error"]["message"]
    assert server(path, {})[1]["month"] == "2019-01"


def test_an_unknown_year_is_not_found(server):
    status, told = server("/api/play/nothing/month", {})
    assert (status, told["error"]["help"]) == (404, "begin another")


def test_eight_years_are_kept_and_the_oldest_left_alone_goes(server):
    ids = [server("/api/play", {"preset": "no-scheme", "seed": k})[1]["id"] for k in range(8)]
    assert server(f"/api/play/{ids[0]}/month", {})[0] == 200
    server("/api/play", {"preset": "no-scheme"})
    assert server(f"/api/play/{ids[0]}/month", {})[0] == 200, "it was played just now"
    assert server(f"/api/play/{ids[1]}/month", {})[0] == 404


def test_a_month_under_way_keeps_another_out(server):
    _, opening = server("/api/play", {"preset": "no-scheme"})
    server.app.state.plays.get(opening["id"]).busy.acquire()
    status, told = server(f"/api/play/{opening['id']}/month", {})
    assert (status, told["error"]["message"]) == (409, "the month is being lived")
