"""A studio launched in this process for a test: its address, its token, and ways to ask it anything."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

from glasshouse.scenario.load import load
from glasshouse.views.studio.serving import bound, house_of, new_token, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.scenario.load import Loaded

__all__ = ["CITIZENS", "DAYS", "HARSH", "SEED", "WITHOUT", "Answer", "Launch", "launched", "schemes"]

CITIZENS, DAYS, SEED = 2_000, 60, 7  # of the pair of worlds that tests look at
HARSH = {"rule.friends.points": -100}  # so that some are punished for their friends alone, soon
WITHOUT = {"without": ["rule.friends"]}
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in lower case, and bytes."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    @property
    def tree(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.content)

    @property
    def message(self) -> str:
        """The words of an error."""
        return self.tree["error"]["message"]


@dataclass(frozen=True)
class Launch:
    """A running studio."""

    port: int
    token: str

    @property
    def address(self) -> str:
        """The address as the terminal shows it."""
        return f"http://127.0.0.1:{self.port}/#token={self.token}"

    @property
    def own(self) -> dict[str, str]:
        """The headers of our own page."""
        return {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Sec-Fetch-Site": "same-origin",
            "X-Glasshouse-Token": self.token,
        }

    def ask(
        self,
        verb: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str | None] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        """Send a request as our own page does, with other headers where they are given (None leaves one out)."""
        content = raw if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if content is not None else {}
        wanted = {**self.own, **kind, **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.putrequest(verb, path, skip_host=True, skip_accept_encoding=True)
            for name, value in wanted.items():
                if value is not None:
                    connection.putheader(name, value)
            if content is not None and "Content-Length" not in wanted:
                connection.putheader("Content-Length", str(len(content)))
            connection.endheaders(content)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """Return the JSON of a request that must succeed."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.content[:500]
        return answer.tree

    def post(self, path: str, body: object) -> Any:
        """Return the JSON of a POST that must succeed."""
        answer = self.ask("POST", path, body)
        assert 200 <= answer.status < 300, answer.content[:500]
        return answer.tree

    def order(self, **body: object) -> str:
        """Order worlds; return the number of the job."""
        return self.post("/api/worlds", body)["id"]

    def lived(self, id: str) -> Any:
        """Wait until a job is over; return everything that is told of it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if next(job for job in self.get("/api/worlds") if job["id"] == id)["state"] in ("done", "failed"):
                return self.get(f"/api/worlds/{id}")
            time.sleep(0.02)
        raise AssertionError("the job did not end")

    @contextmanager
    def socket(self, id: str, *, origin: str | None = None, first: object = None) -> Iterator[Any]:
        """Open a socket that looks on at a job; its first word is the token, or `first`; "" for silence."""
        with connect(
            f"ws://127.0.0.1:{self.port}/api/worlds/{id}/watch",
            origin=origin or self.own["Origin"],
            compression=None,
            max_size=None,
            proxy=None,
            close_timeout=0.2,
        ) as opened:
            if first != "":
                opened.send(json.dumps({"token": self.token} if first is None else first))
            yield opened


def launched() -> Iterator[Launch]:
    """Launch a studio on a free port, and end it."""
    with bound("127.0.0.1", 0) as sock:
        port, token, ready = sock.getsockname()[1], new_token(), threading.Event()
        server = server_of(house_of("127.0.0.1", port), token, ready.set)
        thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
        thread.start()
        assert ready.wait(PATIENCE_S)
        wait_for_answer(port)
        yield Launch(port, token)
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def wait_for_answer(port: int) -> None:
    """Wait until somebody listens."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nobody listens")


def schemes() -> list[Loaded]:
    """Return the schemes of the pair, as the command line loads them."""
    return [load("as-reported", set=HARSH), load("as-reported", set=HARSH, without=WITHOUT["without"])]
