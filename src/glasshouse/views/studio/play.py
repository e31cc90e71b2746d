"""The routes of a played year: a citizen of a preset's small society, month by month.

- `POST /api/play {preset, seed, citizen, twin}`, all but the preset may be left out; 201
  `{id, preset, title, notice, seed, citizens, twin, citizen, who, you, next}`. `twin` is "usual", "bold" or "careful".
- `POST /api/play/{id}/month {choices: {question: "usual" | "yes" | "no"}}`; 200
  `{month, answers, lines, score, you, next, ending}`. `lines` are those of a diary (`life`), each with rule, source and
  grade; `next` is `{month, number, of, friend, questions}`, null at the end; `ending` is null until then:
  `{worlds: [{world, you, counts, score, society}, ...], parting, citizens}`, the visitor's world first.

At most EIGHT years are kept; a new one takes the place of the one that was left alone longest. A year takes no scenario
text and no size: only presets are played. A month that is being lived answers 409 to another.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from glasshouse.errors import UsageError, clean
from glasshouse.play.game import Game
from glasshouse.views.studio.answers import Refused, body_of, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["ROUTES", "Plays"]

EIGHT = 8
LARGEST_SEED = 2**64 - 1
FIELDS = {"preset": str, "seed": int, "citizen": int, "twin": str}
WORDS: dict[type, str] = {str: "text", int: "a whole number", dict: "an object"}


class Played:
    """A year under way."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.busy = threading.Lock()


class Plays:
    """The years under way of one server, by id; the one left alone longest goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Played] = OrderedDict()
        self._ahead = ThreadPoolExecutor(1, "twins")  # twins live one after the other, while visitors think

    def add(self, game: Game) -> str:
        """Keep a year; return its id."""
        name = secrets.token_urlsafe(9)
        self._kept[name] = Played(game)
        while len(self._kept) > EIGHT:
            _, left = self._kept.popitem(last=False)
            left.game.give_up()
        self._ahead.submit(game.live_twin)
        return name

    def get(self, name: str) -> Played | None:
        """Return a year, or None where it is unknown or was given up."""
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)


def plays_of(request: Request) -> Plays:
    """Return the years of the server that was asked."""
    state = request.app.state
    if not hasattr(state, "plays"):
        state.plays = Plays()
    return state.plays


async def begin(request: Request) -> Response:
    """Begin a year."""
    wish = fields_of(await body_of(request), FIELDS)
    if "preset" not in wish:
        raise UsageError("a year is played in a preset", help='name one: {"preset": "as-documented"}')
    if not 0 <= wish.get("seed", 1) <= LARGEST_SEED:
        raise UsageError(f"seed: expected 0 to {LARGEST_SEED}")
    game = await run_in_threadpool(lambda: Game(wish.pop("preset"), **wish))
    return told({"id": plays_of(request).add(game), **game.opening()}, 201)


async def month(request: Request) -> Response:
    """Live a month."""
    wish = fields_of(await body_of(request), {"choices": dict})
    played = plays_of(request).get(request.path_params["id"])
    if played is None:
        raise Refused(404, "this year is not kept any more", help="begin another")
    if not played.busy.acquire(blocking=False):
        raise Refused(409, "the month is being lived")
    try:
        return told(await run_in_threadpool(played.game.month, wish.get("choices", {})))
    finally:
        played.busy.release()


def fields_of(body: Mapping[str, object], fields: Mapping[str, type]) -> dict[str, Any]:
    """Return the fields of a body; null counts as left out.

    Raises:
        UsageError: there is no such field, or it is of another kind.
    """
    for name, value in body.items():
        if name not in fields:
            raise UsageError(f"there is no field {clean(name)}", help=f"fields: {', '.join(fields)}")
        if value is not None and (isinstance(value, bool) or not isinstance(value, fields[name])):
            raise UsageError(f"{name}: expected {WORDS[fields[name]]}")
    return {name: value for name, value in body.items() if value is not None}


ROUTES = [
    Route("/play", begin, methods=["POST"]),
    Route("/play/{id}/month", month, methods=["POST"]),
]
