# SPDX-License-Identifier: GPL-3.0-or-later
"""The application answers HTTP and WebSocket requests with what the desk knows.

``resources/protocol.md`` describes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import HTMLResponse
from starlette.websockets import WebSocketDisconnect

from engine.errors import UserError
from engine.generators.wire import VERSION, VERSION_HEADER
from engine.generators.wire.sounds import FLAC, WAV, sound_bytes
from engine.serving.answers import Answer, Refusal, as_json
from engine.serving.api_page import api_page
from engine.serving.completing import Completing
from engine.serving.desk import Desk, DeskFull, NameTaken
from engine.serving.door import Door, parsed
from engine.serving.job import Job
from engine.serving.limits import ServingLimits
from engine.serving.predict import Predict
from engine.serving.predictions import Companion, Predictions

_NAME = re.compile(r"[0-9a-f]{32}")
WEB_SOCKETS: dict[str, Any] = {
    path: {"get": {"description": words, "responses": {"101": {"description": "A WebSocket"}}}}
    for path, words in (
        ("/clips/{name}/events", "Tell, by WebSocket, how far a clip is, with its parts as they are made."),
        (
            "/ws/complete-audio",
            "Hear music block by block, by WebSocket, and answer with what comes next, as GigMate’s server does.",
        ),
    )
}
"""Descriptions of what is answered by WebSocket."""
_HEADERS = {VERSION_HEADER: str(VERSION)}


class Application:
    """An application is what the server answers, by its ``app``; its desk lives as long as the event loop serves.

    Parameters
    ----------
    make_desk, make_companion
        Called once, in the event loop.
    version
        The program's own version, which it tells.
    """

    def __init__(
        self,
        make_desk: Callable[[], Desk],
        make_companion: Callable[[], Companion],
        door: Door,
        limits: ServingLimits,
        *,
        version: str,
    ) -> None:
        self._make_desk, self._make_companion = make_desk, make_companion
        self._door, self._limits, self._version = door, limits, version
        # It describes itself to no stranger: the door stands before its page, too.
        self.app = FastAPI(
            title="Infiniloop Studio",
            description="A generator of this machine, offered to other machines, and a companion that plays along.",
            version=version,
            lifespan=self._lifespan,
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
        )
        self.app.add_exception_handler(Refusal, _on_refusal)
        for path, method, answer in (
            ("/capabilities", "GET", self._capabilities),
            ("/clips/{name}", "PUT", self._submit),
            ("/clips/{name}", "GET", self._state),
            ("/clips/{name}", "DELETE", self._cancel),
            ("/clips/{name}/result", "GET", self._result),
            ("/clips/{name}/sounds/{sound}", "GET", self._sound),
        ):
            self.app.add_api_route(path, answer, methods=[method])
        for path, page in (("/api", self._page), ("/openapi.json", self._description)):
            self.app.add_api_route(path, page, methods=["GET"], include_in_schema=False)
        self.app.add_api_websocket_route("/clips/{name}/events", self._events)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        self._desk = self._make_desk()
        self._desk.open()
        predictions = Predictions(self._make_companion(), self._limits.most_waiting)
        Predict(self._door, predictions).add_to(self.app)
        Completing(self._door, predictions, self._limits).add_to(self.app)
        try:
            yield
        finally:
            await predictions.close()
            await self._desk.close()

    def _described(self) -> dict[str, Any]:
        """Return the description in OpenAPI, which itself knows no WebSockets."""
        described = self.app.openapi()
        return {**described, "paths": {**described["paths"], **WEB_SOCKETS}}

    async def _page(self, request: Request) -> Response:
        self._door.admit(request)
        return HTMLResponse(api_page(self._described()), headers=_HEADERS)

    async def _description(self, request: Request) -> Response:
        self._door.admit(request)
        return Answer(self._described(), headers=_HEADERS)

    def _job_of(self, name: str) -> Job:
        job = self._desk.job(name) if _NAME.fullmatch(name) else None
        if job is None:
            raise Refusal(404, "unknown", "There is no such clip: it was fetched, given up, or never asked for.")
        return job

    async def _capabilities(self, request: Request) -> Response:
        """Tell what the generator takes and gives."""
        self._door.admit(request)
        said = {"protocol": VERSION, "program": "infiniloop-studio", "version": self._version, **self._desk.offer()}
        return Answer(said, headers=_HEADERS)

    async def _submit(self, name: str, request: Request) -> Response:
        """Ask for a clip, by a name of 32 digits and letters from a to f."""
        self._door.admit(request)
        if not _NAME.fullmatch(name):
            raise Refusal(400, "malformed", "A clip’s name has 32 digits and letters from a to f.")
        body = await self._door.body(request)
        digest = await asyncio.to_thread(lambda: hashlib.sha256(body).hexdigest())
        desk = self._desk
        if desk.job(name) is None:
            self._door.count(request)
        try:
            asked = await asyncio.to_thread(lambda: desk.read(parsed(body)))
            job, is_new = await desk.submit(name, digest, asked)
        except UserError as error:
            raise Refusal.of(error) from error
        except ValueError as error:
            raise Refusal(400, "malformed", f"The request cannot be read: {str(error)[:200]}.") from error
        except NameTaken:
            raise Refusal(409, "taken", "Another request has that name.") from None
        except DeskFull:
            sentence = f"{desk.limits.most_waiting} clips wait already."
            raise Refusal(503, "busy", sentence, retry_s=5.0) from None
        return Answer(job.as_dict(desk.n_before(job)), 201 if is_new else 200, headers=_HEADERS)

    async def _state(self, name: str, request: Request) -> Response:
        """Tell what has become of a clip."""
        self._door.admit(request)
        job = self._job_of(name)
        return Answer(job.as_dict(self._desk.n_before(job)), headers=_HEADERS)

    async def _result(self, name: str, request: Request) -> Response:
        """Tell all that is known of a clip that was made."""
        self._door.admit(request)
        job = self._job_of(name)
        if job.result is None:
            raise Refusal(409, "not_done", f"The clip is not there: it is {job.state}.")
        return Answer(job.result, headers=_HEADERS)

    async def _sound(self, name: str, sound: str, request: Request) -> Response:
        """Fetch a sound of a clip, as WAV or FLAC."""
        self._door.admit(request)
        clip = self._job_of(name).sounds.get(sound)
        if clip is None:
            raise Refusal(404, "unknown", "The clip has no such sound.")
        media_type = FLAC if request.headers.get("accept", WAV) == FLAC else WAV
        content = await asyncio.to_thread(sound_bytes, clip, media_type)
        return Response(content, media_type=media_type, headers=_HEADERS)

    async def _cancel(self, name: str, request: Request) -> Response:
        """Give a clip up, and forget it."""
        self._door.admit(request)
        self._desk.drop(self._job_of(name))
        return Response(status_code=204, headers=_HEADERS)

    async def _events(self, socket: WebSocket, name: str) -> None:
        try:
            self._door.admit(socket)
            job = self._job_of(name)
            after = _number(socket.query_params.get("after", "0"))
        except Refusal as refusal:
            await socket.send_denial_response(refusal.response())
            return
        await socket.accept(headers=[(VERSION_HEADER.lower().encode(), str(VERSION).encode())])
        job.n_listeners += 1
        try:
            await _tell_all(socket, job, after)
        finally:
            job.n_listeners -= 1
            job.heard_s = time.monotonic()


async def _on_refusal(_request: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    return refusal.response()


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Refusal(400, "malformed", "“after” is the number of an event.")
    return int(text)


async def _tell_all(socket: WebSocket, job: Job, after: int) -> None:
    """Tell a client everything until the job's end; until it goes, or says something, which none is to do."""
    telling = asyncio.ensure_future(_tell(socket, job, after))
    hearing = asyncio.ensure_future(socket.receive())
    both: tuple[asyncio.Future[Any], ...] = (telling, hearing)
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in both:
            one.cancel()
        told, heard = await asyncio.gather(*both, return_exceptions=True)
    if isinstance(told, Exception) and not isinstance(told, WebSocketDisconnect | OSError):
        raise told
    if isinstance(heard, dict) and heard["type"] == "websocket.disconnect":
        return
    with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
        await socket.close(1000 if told is None else 1008)


async def _tell(socket: WebSocket, job: Job, after: int) -> None:
    async for event in job.events(after):
        if event is None:
            await socket.send_text(as_json({"event": "alive"}))
            continue
        await socket.send_text(as_json(event.said))
        if event.chunk is not None:
            await socket.send_bytes(await asyncio.to_thread(sound_bytes, event.chunk))
