"""One launch: an address of its own on this machine, a token, a server, and an open page."""

from __future__ import annotations

import errno
import ipaddress
import secrets
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING

from glasshouse.errors import InputOutputError, RefusedError, UsageError, clean
from glasshouse.views.studio import caps
from glasshouse.views.studio.guards import House

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn

__all__ = ["bound", "house_of", "new_token", "refuse_open", "serve", "server_of"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WORD = 64 * 1024  # bytes of one message of a page


def new_token() -> str:
    """Return a token for one launch, 32 random bytes."""
    return secrets.token_urlsafe(32)


def refuse_open(host: str, *, understood: bool) -> None:
    """Raise RefusedError for an address that others can reach, unless the owner says that this is meant."""
    if host in LOOPBACK or understood:
        return
    raise RefusedError(
        f"--host {clean(host)} would let everybody in the network reach the studio",
        help="leave --host out; over a network use an SSH tunnel. With --i-understand it is done all the same: then"
        " put it behind TLS, for the token travels in the open",
    )


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: the host is no address of this machine.
        InputOutputError: the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(caps.CONNECTIONS)  # who comes before the server is up waits
    except (OSError, UnicodeError) as failure:
        sock.close()
        if isinstance(failure, OSError) and failure.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise InputOutputError(
                f"port {port} is taken", help="--port 0 chooses a free one; or end the studio that has it"
            ) from None
        raise UsageError(f"--host {clean(host)}: no address of this machine") from None
    return sock


def house_of(host: str, port: int) -> House:
    """Return under which names a launch is reached."""
    if host in LOOPBACK:
        return House(port, frozenset({"127.0.0.1", "localhost", "[::1]"}))
    names = frozenset({"127.0.0.1", "localhost", host.lower(), socket.gethostname().lower()})
    return House(port, names, any_number=is_everywhere(host))


def is_everywhere(host: str) -> bool:
    """Say whether a host stands for every address of the machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def server_of(house: House, token: str, opened: Callable[[], object] | None = None) -> uvicorn.Server:
    """Return the server of one launch."""
    import uvicorn

    from glasshouse.views.studio.app import studio
    from glasshouse.views.studio.patience import PatientProtocol

    return uvicorn.Server(
        uvicorn.Config(
            studio(house, token, opened),
            http=PatientProtocol,
            ws="websockets-sansio",
            ws_max_size=WORD,
            ws_per_message_deflate=False,  # three times the work for pictures that are sent once
            lifespan="on",
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=64 * 1024,
            limit_concurrency=2 * caps.CONNECTIONS,
        )
    )


def serve(host: str, port: int, *, browser: bool, say: Callable[[str], object]) -> None:
    """Serve the studio until somebody ends it.

    Args:
        host: Address to listen at.
        port: Port; 0 chooses a free one.
        browser: Whether the page is opened in the browser.
        say: Called with the address, the token in its fragment, which browsers never send.
    """
    with bound(host, port) as sock:
        found = sock.getsockname()[1]
        token = new_token()
        shown = "127.0.0.1" if is_everywhere(host) else f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{found}/#token={token}"

        def opened() -> None:
            """Say where the studio is, and open it."""
            say(address)
            if browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        server_of(house_of(host, found), token, opened).run(sockets=[sock])
