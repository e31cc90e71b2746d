"""The studio put together: the built page, what it may ask, the guard before both, and the line of jobs behind."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Mount, Route

from glasshouse.views.studio import play
from glasshouse.views.studio.about import about
from glasshouse.views.studio.answers import HANDLERS, Refused
from glasshouse.views.studio.guards import Guard
from glasshouse.views.studio.line import Line
from glasshouse.views.studio.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from glasshouse.views.studio.guards import House

__all__ = ["studio"]

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def studio(house: House, token: str, opened: Callable[[], object] | None = None) -> ASGIApp:
    """Return the studio of one launch, guarded.

    Args:
        house: Under which names it is reached.
        token: The token that every request but those for the page must bring.
        opened: Called when it is ready.
    """

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncGenerator[None]:
        """Have a line of jobs from the start to the end."""
        app.state.line, app.state.token, app.state.watchers = Line(), token, set()
        await run_in_threadpool(about)  # the presets are read before the page asks
        app.state.line.start()
        if opened is not None:
            opened()
        try:
            yield
        finally:
            await run_in_threadpool(app.state.line.close)

    inside = Starlette(
        routes=[
            Route("/", page),
            Route("/assets/{name}", asset),
            Mount("/api", routes=[*ROUTES, *play.ROUTES]),
        ],
        exception_handlers=HANDLERS,
        lifespan=life,
    )
    return Guard(inside, house, token)  # outermost: answers about our own faults carry the policy, too


def page(_request: Request) -> Response:
    """Give the page."""
    return built("index.html")


def asset(request: Request) -> Response:
    """Give a file of the built page."""
    return built(request.path_params["name"])


def built(name: str) -> Response:
    """Return a file of the built page; only names that lie there are known, so that none leads elsewhere.

    Raises:
        Refused: there is no such file.
    """
    folder = files("glasshouse.views.studio").joinpath("assets")
    lying = {one.name: one for one in folder.iterdir()} if folder.is_dir() else {}
    kind = TYPES.get(f".{name.rpartition('.')[2]}")
    if name not in lying or kind is None:
        raise Refused(404, "there is nothing here")
    return Response(lying[name].read_bytes(), media_type=kind, headers={"Cache-Control": "no-cache"})
