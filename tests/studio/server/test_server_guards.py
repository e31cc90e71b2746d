"""Nobody but our own page, with the token of this launch, gets anything: `bad-input` G, case by case."""

from __future__ import annotations

import json
import resource
import socket
import time
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from glasshouse.views.studio import caps
from glasshouse.views.studio.guards import POLICY, House

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATHS = (
    "/",
    "/assets/studio.js",
    "/api/about",
    "/api/worlds",
    "/api/worlds/1",
    "/api/check",
    "/api/play",
    "/nothing",
)


# ---- 110: another Host (DNS rebinding)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}"]
)
def test_another_host_gets_nothing_on_any_verb(studio, verb, path, host):
    answer = studio.ask(verb, path, headers={"Host": host.format(port=studio.port)})
    assert answer.status == 421
    assert b"glasshouse" not in answer.content.lower()


def test_a_request_without_a_host_gets_nothing(studio):
    assert studio.ask("GET", "/api/about", headers={"Host": None}).status in (400, 421)


def test_localhost_is_this_machine(studio):
    assert studio.ask("GET", "/api/about", headers={"Host": f"localhost:{studio.port}"}).status == 200


# ---- 111: requests of another site


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
        {"Origin": None, "Sec-Fetch-Site": "cross-site"},
        {"Origin": None, "Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_another_site_gets_nothing_on_any_verb_even_with_the_token(studio, verb, path, said):
    assert studio.ask(verb, path, headers=said).status == 403


def test_a_form_of_another_site_changes_nothing(studio):
    before = studio.get("/api/worlds")
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example"}
    assert studio.ask("POST", "/api/worlds", raw=b"preset=as-reported", headers=kind).status == 403
    assert (
        studio.ask(
            "POST", "/api/worlds", raw=b"preset=as-reported", headers={"Content-Type": kind["Content-Type"]}
        ).status
        == 415
    )
    assert studio.get("/api/worlds") == before


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_socket_of_another_site_is_not_accepted(studio, pair, origin):
    with pytest.raises(InvalidStatus) as refused, studio.socket(pair, origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_a_socket_under_another_name_is_not_accepted(studio, pair):
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as raw:
        raw.sendall(
            f"GET /api/worlds/{pair}/watch HTTP/1.1\r\nHost: evil.example:{studio.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert raw.recv(1000).startswith(b"HTTP/1.1 403")


# ---- 113: the token


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("token", [None, "", "x", "é".encode().decode("latin-1")])
@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith(("/api", "/n"))])
def test_without_the_token_nobody_gets_anything(studio, verb, token, path):
    answer = studio.ask(verb, path, headers={"X-Glasshouse-Token": token})
    assert answer.status == 401
    assert studio.token.encode() not in answer.content


def test_part_of_the_token_is_no_token(studio):
    for token in (studio.token[:-1], studio.token + "x", studio.token.swapcase()):
        assert studio.ask("GET", "/api/about", headers={"X-Glasshouse-Token": token}).status == 401


def test_a_token_in_a_cookie_or_in_the_address_is_none(studio):
    headers = {
        "X-Glasshouse-Token": None,
        "Cookie": f"token={studio.token}",
        "Authorization": f"Bearer {studio.token}",
    }
    assert studio.ask("GET", f"/api/about?token={studio.token}", headers=headers).status == 401


def test_no_cookie_is_ever_set_and_no_page_learns_where_we_came_from(studio):
    for path in ("/", "/api/about", "/nothing"):
        headers = studio.ask("GET", path).headers
        assert "set-cookie" not in headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


@pytest.mark.parametrize(
    "first", [{"token": "x"}, {"token": ""}, {"token": None}, {}, ["token"], "token", {"ack": 1}]
)
def test_a_socket_whose_first_word_is_not_the_token_is_closed(studio, pair, first):
    with studio.socket(pair, first=first) as opened, pytest.raises(ConnectionClosed) as closed:
        opened.recv(timeout=10)
    assert closed.value.rcvd.code == 4401


def test_a_silent_socket_is_closed(studio, pair, monkeypatch):
    monkeypatch.setattr(caps, "PATIENCE_S", 0.3)
    with studio.socket(pair, first="") as opened, pytest.raises(ConnectionClosed) as closed:
        opened.recv(timeout=10)
    assert closed.value.rcvd.code == 4401


def test_tokens_are_long_and_new_with_each_launch():
    from glasshouse.views.studio.serving import new_token

    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43  # 256 bits


def test_the_token_is_compared_in_constant_time():
    import ast
    import inspect

    from glasshouse.views.studio import guards, watch

    for module in (guards, watch):
        source = inspect.getsource(module)
        assert "same_token(" in source
        compared = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare)]
        assert not [
            node
            for node in compared
            if "token" in ast.unparse(node).lower() and "len(" not in ast.unparse(node)
        ]
    assert "compare_digest" in inspect.getsource(guards.same_token)


# ---- 114: an address that others can reach


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "studio.example"])
def test_an_open_address_is_refused_without_the_word(capsys, host):
    from glasshouse.views.cli import cli
    from glasshouse.views.cli_errors import guarded

    assert guarded(cli, ["studio", "--host", host, "--no-browser"]) == 4
    told = capsys.readouterr().err
    assert "--i-understand" in told
    assert "TLS" in told
    assert "token" in told


def test_an_open_studio_knows_numbers_and_its_own_name_and_no_other():
    house = House(8765, frozenset({"desk"}), any_number=True)
    assert house.is_host("192.0.2.7:8765")
    assert house.is_host("[2001:db8::1]:8765")
    assert house.is_host("desk:8765")
    assert not house.is_host("evil.example:8765")
    assert not house.is_host("192.0.2.7:80")
    assert not House(8765).is_host("192.0.2.7:8765")


# ---- 117, 118: too large, packed


@pytest.mark.parametrize("path", ["/api/check", "/api/worlds", "/api/about", "/api/play"])
def test_a_gigabyte_is_refused_before_it_is_sent(studio, path):
    began = time.monotonic()
    answer = studio.ask(
        "POST", path, headers={"Content-Length": str(10**9), "Content-Type": "application/json"}
    )
    assert answer.status == 413
    assert time.monotonic() - began < 5


def test_a_body_without_a_length_ends_at_the_limit(studio):
    headers = {**studio.own, "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as raw:
        raw.sendall(f"POST /api/check HTTP/1.1\r\n{head}\r\n".encode())
        for _ in range(caps.MAX_BODY // 65536 + 1):
            raw.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_a_scenario_beyond_its_limit_is_refused(studio):
    answer = studio.ask("POST", "/api/check", {"text": "#" * (caps.MAX_BODY + 1)})
    assert answer.status == 413
    assert "256 KiB" in answer.message


@pytest.mark.parametrize("packed", ["gzip", "br", "deflate", "gzip, identity", "zstd"])
def test_nothing_packed_is_taken(studio, packed):
    answer = studio.ask("POST", "/api/check", raw=b"\x1f\x8b\x08", headers={"Content-Encoding": packed})
    assert answer.status == 415


@pytest.mark.parametrize(
    "kind", ["application/zip", "application/gzip", "multipart/form-data; boundary=x", "text/plain", ""]
)
def test_no_archive_and_no_form_is_taken(studio, kind):
    assert studio.ask("POST", "/api/worlds", raw=b"PK\x03\x04", headers={"Content-Type": kind}).status == 415


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b'{"a": NaN}', b"\xff", b"[" * 5000, b'"text"'])
def test_what_is_no_json_object_is_refused(studio, raw):
    assert studio.ask("POST", "/api/check", raw=raw).status == 400


# ---- 121: slow and idle connections


def test_a_connection_that_says_nothing_is_let_go(studio, monkeypatch):
    monkeypatch.setattr(caps, "PATIENCE_S", 0.3)
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as raw:
        assert raw_end(raw) < 5


def test_a_request_one_letter_at_a_time_is_let_go(studio, monkeypatch):
    monkeypatch.setattr(caps, "PATIENCE_S", 0.5)
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as raw:
        began = time.monotonic()
        with suppress(OSError):  # it hangs up
            while time.monotonic() - began < 8:
                raw.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - began < 5


def test_a_second_request_is_not_waited_for_without_end_either(studio, monkeypatch):
    monkeypatch.setattr(caps, "PATIENCE_S", 0.4)
    with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1")
        raw.sendall(b"GET / HT")
        assert raw_end(raw) < 5


def test_a_body_that_does_not_come_is_not_waited_for(studio, monkeypatch):
    monkeypatch.setattr(caps, "PATIENCE_S", 0.3)
    answer = studio.ask("POST", "/api/check", raw=b"{", headers={"Content-Length": "100"})
    assert answer.status == 408


def test_five_thousand_idle_connections_are_closed_but_for_some_and_the_page_still_answers(studio):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = 12_000 if hard == resource.RLIM_INFINITY else min(hard, 12_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, room), hard))
    held = []
    try:
        many = range(min(5_000, room // 2 - 200))  # both ends of each are files of this process
        held.extend(socket.create_connection(("127.0.0.1", studio.port), timeout=10) for _ in many)
        assert len(held) > 10 * caps.CONNECTIONS
        assert open_after(held, patience=60) <= caps.CONNECTIONS
    finally:
        for raw in held:
            raw.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    time.sleep(0.3)
    assert studio.ask("GET", "/api/about").status == 200


def test_no_more_sockets_look_on_than_the_limit(studio, pair, monkeypatch):
    monkeypatch.setattr(caps, "WATCHERS", 0)
    with studio.socket(pair) as opened, pytest.raises(ConnectionClosed) as closed:
        opened.recv(timeout=10)
    assert closed.value.rcvd.code == 4429


def raw_end(raw):
    """Return after how many seconds the other side hangs up."""
    began = time.monotonic()
    try:
        while raw.recv(65536):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - began


def open_after(held, *, patience):
    """Return how many connections the other side keeps: thousands wait in the system's queue until it takes them."""
    end = time.monotonic() + patience
    while len(held_open := [raw for raw in held if not is_closed(raw)]) > caps.CONNECTIONS:
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    return len(held_open)


def is_closed(raw):
    """Say whether the other side has hung up."""
    raw.setblocking(False)
    try:
        return raw.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


# ---- 128: no paths


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("GET", "/api/nothing", None),
        ("GET", "/assets/..%2F..%2Fapp.py", None),
        ("GET", "/assets/app.py", None),
        ("GET", "/assets/", None),
        ("GET", "/api/presets/..%2Fstarter", None),
        ("GET", "/api/worlds/..", None),
        ("GET", "/api/worlds/999", None),
        ("PUT", "/api/about", None),
        ("POST", "/api/worlds", {"preset": "/etc/passwd"}),
        ("POST", "/api/worlds", {"preset": "../starter"}),
        ("POST", "/api/worlds", {"preset": ["as-reported"]}),
        ("POST", "/api/worlds", {}),
        ("POST", "/api/worlds", {"text": "x", "preset": "as-reported"}),
    ],
    ids=str,
)
def test_errors_carry_no_path_and_no_traceback(studio, verb, path, body):
    answer = studio.ask(verb, path, body)
    assert 400 <= answer.status < 500
    told = answer.tree["error"]
    assert set(told) == {"message", "help"}
    text = json.dumps(answer.tree)
    for word in ("site-packages", "Traceback", "/tmp", "src/glasshouse", ".py"):
        assert word not in text


@pytest.mark.parametrize(
    "parent", ["../../etc/passwd", "/etc/passwd", "./other.toml", "starter", "pyproject"]
)
def test_a_text_leads_to_no_file_of_this_machine(studio, parent):
    answer = studio.post("/api/check", {"text": f'glasshouse = 1\nextends = "{parent}"\n'})
    assert not answer["ok"]
    assert [one["code"] for one in answer["diagnostics"]] == ["GH008"]
    assert "root:" not in json.dumps(answer)


def test_a_bug_is_told_without_its_place(studio, monkeypatch):
    from glasshouse.views.studio import routes

    def broken():
        raise RuntimeError("/tmp/secret/place.py")

    monkeypatch.setattr(routes, "form", broken)
    answer = studio.ask("GET", "/api/schema")
    assert answer.status == 500
    assert "secret" not in answer.content.decode()
    assert answer.headers["content-security-policy"] == POLICY
