"""Who may ask at all: our own page on this machine, with the token of this launch.

A page of another site can make a visitor's browser send requests here, or rebind a name of its own to this machine.
So the Host must be ours (rebinding), Origin and Sec-Fetch-Site must be ours where a browser sends them (requests of
other pages, sockets included), and everything but the static page wants the token, which no other page knows. There
are no cookies, so that nothing is sent along unasked.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders

from glasshouse.views.studio import caps
from glasshouse.views.studio.answers import refusal, too_large

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["POLICY", "TOKEN_HEADER", "Guard", "House", "same_token"]

TOKEN_HEADER = "x-glasshouse-token"  # noqa: S105 - a name, no secret
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAID = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
OURS = ("same-origin", "none")  # what a browser says of our own page, and of an address typed in
OPEN = ("/assets/",)  # beside `/` itself: the built page, the same for everybody


@dataclass(frozen=True)
class House:
    """Under which names this launch is reached.

    Attributes:
        port: Its port.
        names: Host names, without the port.
        any_number: Whether any IP number will do too: a studio that was opened to the network on purpose.
    """

    port: int
    names: frozenset[str] = frozenset({"127.0.0.1", "localhost"})
    any_number: bool = False

    def is_host(self, given: str) -> bool:
        """Say whether a Host header names this launch; a name of somebody else's that leads here does not."""
        name, colon, port = given.strip().rpartition(":")
        if not colon or port != str(self.port):
            return False
        if name.lower() in self.names:
            return True
        return self.any_number and is_number(name.strip("[]"))

    def is_origin(self, given: str) -> bool:
        """Say whether an Origin header is that of our own page."""
        scheme, _, host = given.strip().partition("://")
        return scheme in ("http", "https") and self.is_host(host)


def is_number(name: str) -> bool:
    """Say whether a host is an IP number: no name that could be rebound."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def same_token(given: str, token: str) -> bool:
    """Compare two tokens in a time that does not tell how much of them is the same."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


class Guard:
    """Looks at every request and socket before the studio does.

    Args:
        app: What is guarded.
        house: The names of this launch.
        token: Its token.
    """

    def __init__(self, app: ASGIApp, house: House, token: str) -> None:
        self._app, self._house, self._token = app, house, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse: a request with an answer, a socket by not accepting it (403)."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        wrong = self.foreign(headers) or (self.unserved(scope, headers) if scope["type"] == "http" else None)
        if wrong is None:
            await self._app(scope, receive, with_policy(send) if scope["type"] == "http" else send)
        elif scope["type"] == "http":
            await refusal(*wrong)(scope, receive, with_policy(send))
        else:
            await send({"type": "websocket.close", "code": 4403})

    def foreign(self, headers: Headers) -> tuple[int, str] | None:
        """Return why a request comes from elsewhere, or None."""
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._house.is_host(hosts[0]):
            return 421, "this studio is not reached under that name"
        if len(origins) > 1 or not all(self._house.is_origin(one) for one in origins):
            return 403, "this studio serves its own page alone"
        if any(one not in OURS for one in headers.getlist("sec-fetch-site")):
            return 403, "this studio serves its own page alone"
        return None

    def unserved(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return why a request of our own is not served, or None: no token, packed, or too large."""
        path = scope["path"]
        if path != "/" and not path.startswith(OPEN):
            given = headers.getlist(TOKEN_HEADER)
            if len(given) != 1 or not same_token(given[0], self._token):
                return 401, "the token of this launch is missing; open the address that the terminal shows"
        if headers.get("content-encoding", "identity").lower() != "identity":
            return 415, "the studio unpacks nothing; send the text as it is"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > caps.MAX_BODY:
            return 413, too_large().message
        return None


def with_policy(send: Send) -> Send:
    """Return a way of answering that says on every answer what a browser may do with it."""

    async def say(message: Message) -> None:
        """Add the headers to the head of an answer."""
        if message["type"] == "http.response.start":
            headers: Any = MutableHeaders(scope=message)
            for name, value in SAID.items():
                headers.setdefault(name, value)
        await send(message)

    return say
