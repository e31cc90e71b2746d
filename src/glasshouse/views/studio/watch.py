"""The socket of a page that looks on: every day's counts, and as many pictures as the page can paint.

Client: first `{"token": ...}`, then `{"ack": number}` after a picture is painted, and `{"pace": {...}}`.
Server: `hello`; a `day` for every day, none left out; pictures (`frames`), of which at most two of a world wait to be
painted: those that would be more are left out and counted; `done`. The socket looks at the job, and the job never waits
for it.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocketDisconnect

from glasshouse.errors import GlasshouseError
from glasshouse.views.studio import caps
from glasshouse.views.studio.answers import Refused, json_bytes
from glasshouse.views.studio.frames import head
from glasshouse.views.studio.guards import same_token
from glasshouse.views.studio.series import News

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from glasshouse.views.studio.job import Job
    from glasshouse.views.studio.line import Line

__all__ = ["watch"]

LOOK_S = 1 / 40  # between two looks at the job
LAST_WORD_S = 2.0  # that the last picture may wait to be painted before `done`
BATCH = 50  # days told before the pictures are looked at again
NO_TOKEN, NO_JOB, TOO_MANY, NO_SENSE = 4401, 4404, 4429, 4400


async def watch(socket: WebSocket) -> None:
    """Let a page look on until it leaves or the job is over."""
    line: Line = socket.app.state.line
    token: str = socket.app.state.token
    await socket.accept()
    if not await _has_token(socket, token):
        await socket.close(NO_TOKEN)
        return
    try:
        job = line.job(socket.path_params["id"])
    except Refused:
        await socket.close(NO_JOB)
        return
    watchers: set[WebSocket] = socket.app.state.watchers
    if len(watchers) >= caps.WATCHERS:
        await socket.close(TOO_MANY)
        return
    watchers.add(socket)
    try:
        await _Watcher(socket, job, line).run()
    finally:
        watchers.discard(socket)


async def _has_token(socket: WebSocket, token: str) -> bool:
    """Say whether the first word on a socket is the token of this launch; silence is none."""
    try:
        async with asyncio.timeout(caps.PATIENCE_S):
            first = json.loads(await socket.receive_text())
    except (TimeoutError, ValueError, KeyError, RecursionError, WebSocketDisconnect):
        return False
    given = first.get("token") if isinstance(first, dict) else None
    return isinstance(given, str) and same_token(given, token)


class _Watcher:
    """One socket and what it has been told."""

    def __init__(self, socket: WebSocket, job: Job, line: Line) -> None:
        self._socket, self._job, self._line = socket, job, line
        self._news = News(job)
        self._waiting: list[set[int]] = [set() for _ in job.counted]  # numbers of pictures not painted yet
        self._number = 0
        self._shown = max(0, job.day - 1)  # days whose pictures are behind; what was before is not missed
        self._dropped = 0

    async def run(self) -> None:
        """Tell and listen at the same time, until one of the two ends."""
        telling, listening = asyncio.create_task(self._tell()), asyncio.create_task(self._listen())
        try:
            await asyncio.wait({telling, listening}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, listening):
                task.cancel()
            for task in (telling, listening):
                with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await task
        with suppress(RuntimeError, WebSocketDisconnect):  # gone already
            await self._socket.close()

    async def _tell(self) -> None:
        """Tell every day, and pictures as they are painted, to the end."""
        await self._say(self._hello())
        while True:
            told_all = await self._tell_days()
            await self._show()
            job = self._job
            if job.forgotten or (job.over and told_all and self._news.told == job.day):
                break
            if told_all:
                await asyncio.sleep(LOOK_S)
        await self._show_last()
        await self._say({"type": "done", "state": job.state, "day": job.day, "dropped": self._dropped})

    async def _tell_days(self) -> bool:
        """Tell the days that were not told yet, some at once; return whether that was all."""
        for _ in range(BATCH):
            news = self._news.next_day()
            if news is None:
                return True
            await self._say(news)
        await asyncio.sleep(0)
        return False

    async def _show(self) -> bool:
        """Send the newest pictures if there is room for them; return whether the newest day was shown."""
        job = self._job
        day, pictures = job.shown
        if day <= self._shown or not pictures:
            return day <= self._shown
        if any(len(one) >= caps.IN_FLIGHT for one in self._waiting):
            return False
        self._dropped += day - self._shown - 1
        self._shown = day
        for world, picture in enumerate(pictures):
            self._number += 1
            self._waiting[world].add(self._number)
            top = head(world, day - 1, self._number, len(picture), self._dropped)
            await self._socket.send_bytes(top + picture.tobytes())
        return True

    async def _show_last(self) -> None:
        """Send the last evening's pictures, as soon as there is room for them."""
        for _ in range(round(LAST_WORD_S / LOOK_S)):
            if await self._show():
                return
            await asyncio.sleep(LOOK_S)

    async def _listen(self) -> None:
        """Take word of painted pictures and wishes for the pace, until the page leaves."""
        while True:
            try:
                word = json.loads(await self._socket.receive_text())
                self._heed(word if isinstance(word, dict) else {})
            except WebSocketDisconnect:
                return
            except (ValueError, KeyError, RecursionError, GlasshouseError):
                await self._socket.close(NO_SENSE)
                return

    def _heed(self, word: dict[str, Any]) -> None:
        """Do what a page says."""
        if isinstance(word.get("ack"), int):
            for waiting in self._waiting:
                waiting.discard(word["ack"])
        if "pace" in word:
            self._job.set_pace(word["pace"])
            self._line.woken()

    def _hello(self) -> dict[str, Any]:
        """Return the first message."""
        summary = self._job.summary
        keys = ("id", "state", "day", "days", "citizens", "start_date", "pace")
        return {"type": "hello", "worlds": len(self._job.counted), **{key: summary[key] for key in keys}}

    async def _say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        await self._socket.send_text(json_bytes(message).decode())
