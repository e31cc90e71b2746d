"""How the studio answers: JSON in, JSON out, and errors in plain words that name no path of this machine."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from glasshouse.errors import GlasshouseError, clean
from glasshouse.scenario.explain import CODES, frame
from glasshouse.views.cli_options import as_plain
from glasshouse.views.studio import caps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from glasshouse.errors import Diagnostic

__all__ = [
    "HANDLERS",
    "Refused",
    "body_of",
    "findings",
    "json_bytes",
    "refusal",
    "told",
    "without_places",
]

JSON = "application/json"
MOST_WORDS = 2_000
# An absolute path of either system. What a scenario calls itself has no slash, and an address has `//`.
PLACE = re.compile(r"(?<![\w.:/<-])(?:/[\w.@+~-]+){2,}/?|\b[A-Za-z]:\\[\w.\\ ~-]+")


class Refused(GlasshouseError):  # noqa: N818 - an answer, no fault
    """A request that the studio does not serve; `status` is the answer's."""

    exit_code = 4

    def __init__(self, status: int, message: str, *, help: str | None = None) -> None:
        super().__init__(message, help=help)
        self.status = status


def json_bytes(value: object) -> bytes:
    """Return a value as JSON: integers above 2^53 as strings, numbers that are none as null."""
    return json.dumps(as_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )


def told(value: object, status: int = 200) -> Response:
    """Return an answer that says a value."""
    return Response(json_bytes(value), status, media_type=JSON)


def refusal(status: int, message: str, help: str | None = None, **more: object) -> Response:
    """Return an answer that says what is wrong and what can be done."""
    words = without_places(message), without_places(help or "")
    return told({"error": {"message": words[0], "help": words[1]}, **more}, status)


def without_places(text: str) -> str:
    """Return text with every absolute path cut to its last part; control characters are escaped, lines stay.

    >>> without_places("/tmp/one/town.toml: no such file")
    'town.toml: no such file'
    """
    plain = PLACE.sub(lambda found: re.split(r"[/\\]", found[0].rstrip("/\\"))[-1], text)
    return "\n".join(clean(line, MOST_WORDS) for line in plain.split("\n")[:200]) if plain else ""


def findings(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what was found in a scenario, each with the line it is about."""
    return [
        {
            "severity": one.severity,
            "code": one.code,
            "title": CODES.get(one.code, ""),
            "path": one.field,
            "message": without_places(one.message),
            "notes": [without_places(note) for note in one.notes],
            "file": without_places(one.file or ""),
            "line": one.line,
            "column": one.column,
            "end_column": one.end_column,
            "frame": "\n".join(frame(one, texts.get(one.file or "", ""))),
            "help": without_places(one.help or ""),
        }
        for one in diagnostics
    ]


async def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request brings.

    Raises:
        Refused: it is no JSON object, too large, packed, or too slow.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Refused(415, "the studio takes JSON and nothing else", help=f"send Content-Type: {JSON}")
    raw = bytearray()
    try:
        async with asyncio.timeout(caps.PATIENCE_S):
            async for piece in request.stream():
                raw += piece
                if len(raw) > caps.MAX_BODY:
                    raise too_large()
    except TimeoutError:
        raise Refused(408, "the request took too long to arrive") from None
    except ClientDisconnect:
        raise Refused(400, "the request broke off") from None
    try:
        tree = json.loads(raw or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(400, "the request is not JSON") from None
    if not isinstance(tree, dict):
        raise Refused(400, "the request is no JSON object")
    return tree


def too_large() -> Refused:
    """Return the error for a body beyond the limit."""
    return Refused(413, f"the request is larger than {caps.MAX_BODY // 1024} KiB, the limit for a scenario")


def _no_number(word: str) -> float:
    """Refuse NaN and infinities, which JSON does not know."""
    raise ValueError(word)


async def _refused(_request: Request, error: Exception) -> Response:
    """Answer a request that is not served."""
    assert isinstance(error, Refused)
    return refusal(error.status, error.message, error.help)


async def _wrong(_request: Request, error: Exception) -> Response:
    """Answer a request that Glasshouse itself refuses; a scenario's findings come one by one."""
    assert isinstance(error, GlasshouseError)
    found = getattr(error, "diagnostics", ())
    more = {"diagnostics": findings(found, {})} if found else {}
    message = "the scenario is not valid" if found else error.message
    return refusal(422, message, error.help, **more)


async def _no_such_way(_request: Request, error: Exception) -> Response:
    """Answer a request for what there is not, or with a verb that it does not take."""
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing here", 405: "this cannot be done here"}
    return refusal(error.status_code, words.get(error.status_code, "the request cannot be answered"))


async def _bug(_request: Request, _error: Exception) -> Response:
    """Answer after a fault of ours; what it was stands in the terminal alone."""
    return refusal(
        500, "a bug in Glasshouse, not in your input", "the terminal that runs the studio says more"
    )


HANDLERS = {Refused: _refused, GlasshouseError: _wrong, HTTPException: _no_such_way, Exception: _bug}
